// Walks the lines of one task and takes the fields out of them; the body keeps every line.
#include "tasks/items/item_text.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/items/script.hpp"
#include "tasks/text/paths.hpp"
#include "tasks/text/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::tasks {

namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

bool is_rule(std::string_view line) {
  line = trim(line);
  return line.size() >= 3 && (line.find_first_not_of("- ") == std::string_view::npos ||
                              line.find_first_not_of("* ") == std::string_view::npos);
}

bool is_list(FieldKind kind) {
  return kind == FieldKind::Depends || kind == FieldKind::Blocks || kind == FieldKind::Files ||
         kind == FieldKind::Creates || kind == FieldKind::Modifies || kind == FieldKind::Conflicts;
}

/// Fields of our own form.
bool is_own(FieldKind kind) {
  return is_list(kind) || kind == FieldKind::OrderedAfter || kind == FieldKind::Priority ||
         kind == FieldKind::Agent || kind == FieldKind::Tags || kind == FieldKind::Timeout;
}

/// Worth a closer look for "depends on T1".
bool says_depends(std::string_view line) {
  constexpr std::size_t kLongest = 2000;
  const std::string small = lower(line.substr(0, kLongest));
  return small.find("depend") != std::string::npos ||
         small.find("blocked by") != std::string::npos ||
         small.find("needs ") != std::string::npos ||
         small.find("requires ") != std::string::npos ||
         small.find("hängt ab") != std::string::npos ||
         small.find("dépend de") != std::string::npos ||
         small.find("dipende da") != std::string::npos ||
         small.find("зависит от") != std::string::npos || small.find("依赖") != std::string::npos;
}

std::string_view without_bullet(std::string_view line, bool* is_bullet) {
  line = trim(line);
  *is_bullet = line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') &&
               (line[1] == ' ' || line[1] == '\t');
  return *is_bullet ? trim(line.substr(1)) : line;
}

/// Collects lines and fields of one draft.
class Walk {
 public:
  Walk(const Document& document, ItemText& text, FieldUse use)
      : document_(document), text_(text), use_(use) {}

  void take(int number);
  void finish();

 private:
  bool read(std::string_view line, int number);
  void warn_of_slip(std::string_view line, int number);
  bool opens_list(std::string_view line);
  bool continues_list(std::string_view line, int number);
  void add_fields(std::string_view line, int number);
  void add(const FieldText& field, int number);
  bool opens_heading(int number);
  void find_scripts();

  const Document& document_;
  ItemText& text_;
  const FieldUse use_;
  std::vector<int> lines_;
  std::size_t margin_ = std::string_view::npos;  // of the first line with words
  std::size_t box_indent_ = std::string_view::npos;
  int section_ = -2;  // of the line; not looked up yet
  FieldKind open_ = FieldKind::None;
  bool open_by_heading_ = false;
  bool open_has_entries_ = false;
};

void Walk::take(int number) {
  const bool is_field = use_ != FieldUse::Ignore && read(document_.line(number), number);
  if (!is_field || use_ != FieldUse::TakeOut) lines_.push_back(number);
}

/// "Depend: T1" is text, and probably was not meant to be.
void Walk::warn_of_slip(std::string_view line, int number) {
  const FieldText field = field_text(line);
  const std::string_view meant = field_meant_by(folded(field.name));
  if (meant.empty()) return;
  text_.problems.push_back(
      {Severity::Warning, number, 0,
       fmt::format("'{}:' is not a field and is read as text", one_line(folded(field.name))),
       fmt::format("did you mean '{}:'?", meant)});
}

/// `#### Dependencies` inside a task opens a list as `Dependencies:` does.
bool Walk::opens_heading(int number) {
  const std::vector<Section>& sections = document_.sections;
  const auto last = static_cast<int>(sections.size()) - 1;
  if (section_ < -1) section_ = document_.section_at(number);
  while (section_ < last && sections[static_cast<std::size_t>(section_ + 1)].line <= number)
    ++section_;
  if (section_ < 0) return false;
  const Section& section = sections[static_cast<std::size_t>(section_)];
  if (section.line != number) return number <= section.text_line;
  const FieldKind kind = field_kind(section.title);
  open_ = is_list(kind) ? kind : FieldKind::None;
  open_by_heading_ = open_ != FieldKind::None;
  open_has_entries_ = false;
  return true;
}

/// Is it a field, or an entry of one?
bool Walk::read(std::string_view line, int number) {
  if (document_.is_literal(number) || opens_heading(number)) return false;
  if (trim(line).empty()) {
    if (open_has_entries_ && !open_by_heading_) open_ = FieldKind::None;
    return false;
  }
  const std::size_t indent = indent_of(line);
  if (margin_ == std::string_view::npos) margin_ = indent;
  if (looks_like_box(line)) {
    box_indent_ = std::min(box_indent_, indent);
    if (!open_by_heading_) open_ = FieldKind::None;
    return false;
  }
  if (box_indent_ != std::string_view::npos && indent > box_indent_) return false;
  box_indent_ = std::string_view::npos;
  if (indent < margin_ + 4) {
    const FieldText field = field_text(line);
    if (field.kind != FieldKind::None) {
      add_fields(line, number);
      return is_own(field.kind);
    }
    if (opens_list(line)) return is_own(open_);
    if (use_ == FieldUse::TakeOut) warn_of_slip(line, number);
    if (says_depends(line)) text_.stated.prose.emplace_back(line);
  }
  return continues_list(line, number);
}

/// `**Files**` alone in its line.
bool Walk::opens_list(std::string_view line) {
  bool bullet = false;
  const std::string_view words = without_bullet(line, &bullet);
  const bool bold = words.size() > 4 && words.starts_with("**") && words.ends_with("**");
  if (!bold || !is_list(field_kind(words))) return false;
  open_ = field_kind(words);
  open_by_heading_ = false;
  open_has_entries_ = false;
  return true;
}

bool Walk::continues_list(std::string_view line, int number) {
  if (open_ == FieldKind::None) return false;
  bool bullet = false;
  const std::string_view entry = without_bullet(line, &bullet);
  if (!bullet && !open_by_heading_) {
    open_ = FieldKind::None;
    return false;
  }
  open_has_entries_ = true;
  text_.stated.fields.push_back({open_, std::string(entry), 0, 0, number});
  return true;
}

/// One field, or several with bars or dots between them.
void Walk::add_fields(std::string_view line, int number) {
  bool bullet = false;
  std::string_view rest = without_bullet(line, &bullet);
  if (open_ == FieldKind::Files || open_ == FieldKind::Depends) {
    const FieldKind kind = field_text(rest).kind;
    if (bullet && open_ == FieldKind::Files &&
        (kind == FieldKind::Creates || kind == FieldKind::Modifies)) {
      open_has_entries_ = true;
      return add(field_text(rest), number);
    }
  }
  open_by_heading_ = false;
  constexpr int kMost = 12;  // each looks at the rest of the line
  for (int parts = 1;; ++parts) {
    std::size_t cut = std::string_view::npos;
    std::size_t length = 0;
    if (parts == kMost) return add(field_text(rest), number);
    for (const std::string_view sign : {" | ", " · ", " • ", "; ", ", "}) {
      for (std::size_t at = rest.find(sign); at != std::string_view::npos;
           at = rest.find(sign, at + 1)) {
        if (at >= cut) break;
        if (field_text(rest.substr(at + sign.size())).kind == FieldKind::None) continue;
        cut = at;
        length = sign.size();
        break;
      }
    }
    add(field_text(rest.substr(0, cut)), number);
    if (cut == std::string_view::npos) return;
    rest = rest.substr(cut + length);
  }
}

void Walk::add(const FieldText& field, int number) {
  if (field.value.empty()) {
    open_ = is_list(field.kind) ? field.kind : FieldKind::None;
    open_has_entries_ = false;
    text_.stated.fields.push_back({field.kind, {}, 0, 0, number});
    return;
  }
  if (open_ != FieldKind::Files || field.kind == FieldKind::Depends) open_ = FieldKind::None;
  const std::size_t offset = document_.outline().offset_of(field.value);
  text_.stated.fields.push_back(
      {field.kind, std::string(field.value), offset, field.value.size(), number});
}

void Walk::find_scripts() {
  if (lines_.empty()) return;
  const std::vector<Block>& blocks = document_.outline().blocks;
  auto block = std::ranges::lower_bound(blocks, lines_.front(), {}, &Block::first_line);
  for (; block != blocks.end() && block->first_line <= lines_.back(); ++block) {
    if (block->kind == Block::Kind::Fence && std::ranges::binary_search(lines_, block->first_line))
      add_script(document_.outline(), *block, text_.script);
  }
}

/// Takes the common indentation off, blank lines and rules at the ends.
void Walk::finish() {
  find_scripts();
  const auto is_empty = [this](int number) {
    return trim(document_.line(number)).empty() || is_rule(document_.line(number));
  };
  while (!lines_.empty() && is_empty(lines_.back()) && !document_.is_literal(lines_.back()))
    lines_.pop_back();
  std::string_view common;
  bool any = false;
  for (const int number : lines_) {
    const std::string_view line = document_.line(number);
    const std::string_view blanks = line.substr(0, indent_of(line));
    if (blanks.size() == line.size()) continue;
    if (!any) common = blanks;
    any = true;
    const auto [end, other] = std::ranges::mismatch(common, blanks);
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  for (const int number : lines_) {
    const std::string_view line = document_.line(number);
    if (text_.body.empty() && trim(line).empty()) continue;
    text_.body += line.substr(std::min(common.size(), indent_of(line)));
    text_.body += '\n';
  }
  while (text_.body.ends_with('\n'))
    text_.body.pop_back();
}

}  // namespace

std::string_view without_blank_ends(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  const std::size_t start = text.rfind('\n', first);
  text = text.substr(0, text.find_last_not_of(" \t\n") + 1);
  return start == std::string_view::npos ? text : text.substr(start + 1);
}

ItemText text_of(const Document& document, const std::vector<Draft>& drafts, std::size_t index,
                 FieldUse use) {
  ItemText text;
  Walk walk(document, text, use);
  const Draft& own = drafts[index];
  auto inner = drafts.begin() + static_cast<std::ptrdiff_t>(index) + 1;
  for (int line = own.text_line + 1; line <= own.last_line; ++line) {
    if (inner != drafts.end() && inner->line < line) {
      inner = std::ranges::lower_bound(inner, drafts.end(), line, {}, &Draft::line);
    }
    if (inner != drafts.end() && inner->line == line) {
      line = std::max(line, inner->last_line);
      continue;
    }
    walk.take(line);
  }
  walk.finish();
  return text;
}

std::vector<std::string> paths_of_title(std::string_view title) {
  return paths_in(title);
}

std::optional<Priority> priority_in_title(std::string_view title) {
  if (title.find(')') == title.npos) return {};
  const std::string small = lower(title);
  const std::size_t at = small.find(" priority)");
  if (at == std::string::npos) return {};
  const std::size_t open = small.rfind('(', at);
  if (open == std::string::npos) return {};
  return priority_of(std::string_view(small).substr(open + 1, at - open - 1));
}

Mark mark_of_heading(const Document& document, const Draft& draft) {
  const Section& section = document.sections[static_cast<std::size_t>(draft.section)];
  const std::string_view rest = without_signs(section.title);
  const std::string_view signs = section.title.substr(0, section.title.size() - rest.size());
  const std::size_t end = signs.find_last_not_of("*_");
  if (draft.words.standing == Standing::Done && end != std::string_view::npos) {
    const std::string tick(signs.substr(0, end + 1));
    return {true, section.offset, tick.size(), tick, ""};
  }
  return {false, section.offset, 0, "[x] ", ""};
}

std::string done_word_for(std::string_view value) {
  const std::string_view word = without_signs(value);
  const bool capital = !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
  const bool shouts = capital && word.size() > 1 && word[1] >= 'A' && word[1] <= 'Z';
  if (shouts) return "DONE";
  return capital ? "Done" : "done";
}

}  // namespace orch::tasks
