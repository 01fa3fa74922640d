// Sections and entries from the blocks; boxes that cmark takes for text are found again.
#include "tasks/markdown/document.hpp"

#include "orch/base/text.hpp"
#include "tasks/markdown/bold_titles.hpp"
#include "tasks/text/syntax.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace orch::tasks {

namespace {

constexpr std::uint8_t kLiteral = 1;
constexpr std::uint8_t kFenced = 2;

struct Sign {
  std::string_view inner;
  Standing standing;
  bool doubtful;
};

constexpr std::array kSigns{
    Sign{" ", Standing::Open, false},      Sign{"", Standing::Open, false},
    Sign{"x", Standing::Done, false},      Sign{"X", Standing::Done, false},
    Sign{"v", Standing::Done, false},      Sign{"V", Standing::Done, false},
    Sign{"✓", Standing::Done, false},      Sign{"✔", Standing::Done, false},
    Sign{"✅", Standing::Done, false},      Sign{"-", Standing::Deferred, true},
    Sign{"~", Standing::Deferred, true},   Sign{">", Standing::Deferred, true},
    Sign{"/", Standing::InProgress, true}, Sign{"!", Standing::Open, true},
    Sign{"?", Standing::Open, true},
};

int indent_of(std::string_view line) {
  int columns = 0;
  for (const char c : line) {
    if (c != ' ' && c != '\t') break;
    columns += c == '\t' ? 4 - columns % 4 : 1;
  }
  return columns;
}

/// `title ##` without the signs at its end.
std::string_view without_closing_signs(std::string_view words) {
  const std::size_t end = words.find_last_not_of('#');
  const bool closes = end != std::string_view::npos && end + 1 < words.size() &&
                      (words[end] == ' ' || words[end] == '\t');
  return closes ? trim(words.substr(0, end)) : words;
}

}  // namespace

std::optional<BoxMark> box_mark_at(std::string_view text) {
  constexpr std::size_t kLongest = 3;
  if (!text.starts_with('[')) return {};
  const std::size_t end = text.substr(0, kLongest + 2).find(']');
  if (end == std::string_view::npos) return {};
  const std::string_view inner = text.substr(1, end - 1);
  const auto sign = std::ranges::find(kSigns, inner, &Sign::inner);
  if (sign == kSigns.end()) return {};
  BoxMark box{.standing = sign->standing,
              .doubtful = sign->doubtful,
              .inner = static_cast<std::uint8_t>(inner.size())};
  std::string_view rest = text.substr(end + 1);
  if (rest.starts_with("\\*")) rest.remove_prefix(1);
  if (rest.starts_with("*") && !rest.starts_with("**")) {
    box.optional = true;
    rest.remove_prefix(1);
  }
  box.length = static_cast<std::uint8_t>(text.size() - rest.size());
  const bool blank = rest.empty() || rest[0] == ' ' || rest[0] == '\t';
  const bool plain = inner == " " || inner == "x" || inner == "X";
  const bool unspaced = plain && !blank && rest[0] != '(' && rest[0] != '[' && rest[0] != ':';
  if (!blank && !unspaced) return {};
  return box;
}

std::string_view without_box(std::string_view text) {
  const std::optional<BoxMark> box = box_mark_at(text);
  return box ? trim(text.substr(box->length)) : text;
}

Mark mark_of_box(const BoxMark& box, std::size_t offset) {
  const bool done = box.standing == Standing::Done;
  Mark mark{done, offset + 1, box.inner, "x", box.inner == 0 ? "" : " "};
  if (box.failure != 0) mark.failed = box.failure;
  mark.is_failed = box.is_failed;
  return mark;
}

std::string_view sample_of(std::string_view text) {
  constexpr std::size_t kSample = 256u << 10;
  if (text.size() <= kSample) return text;
  const std::size_t end = text.rfind('\n', kSample);
  return text.substr(0, end == std::string_view::npos ? kSample : end + 1);
}

Document::Document(std::string_view text) : outline_(outline_of(text)) {
  problems = outline_.problems;
  mark_literals();
  const auto headings = static_cast<std::size_t>(
      std::ranges::count(outline_.blocks, Block::Kind::Heading, &Block::kind));
  sections.reserve(headings);
  entries.reserve(outline_.blocks.size() - headings);
  for (const Block& block : outline_.blocks) {
    if (block.kind == Block::Kind::Heading) add_section(block);
    if (block.kind == Block::Kind::Box || block.kind == Block::Kind::Bullet) add_entry(block);
  }
  close_sections();
  add_bold_titles();
  add_lost_boxes();
  nest_entries();
  find_leads();
}

void Document::mark_literals() {
  literal_.assign(index(line_count()) + 2, 0);
  int item_end = 0;
  for (const Block& block : outline_.blocks) {
    const bool item = block.kind == Block::Kind::Box || block.kind == Block::Kind::Bullet;
    if (item) item_end = std::max(item_end, block.last_line);
    if (item || block.kind == Block::Kind::Heading) continue;
    // Deeply indented text in a list is more often a sloppy list than code.
    if (block.kind == Block::Kind::Indented && block.first_line <= item_end) continue;
    const std::uint8_t kind = block.kind == Block::Kind::Fence ? kFenced : kLiteral;
    for (int line = block.first_line; line <= block.last_line; ++line)
      literal_[index(line)] = kind;
  }
}

void Document::add_section(const Block& block) {
  const std::string_view line = outline_.line(block.first_line);
  const std::size_t at = block.offset - outline_.line_start(block.first_line);
  sections.push_back(
      {.line = block.first_line,
       .text_line = block.last_line,
       .level = block.level,
       .offset = block.offset,
       .title = without_closing_signs(trim(line.substr(std::min(at, line.size()))))});
}

void Document::close_sections() {
  std::vector<int> open;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    Section& section = sections[i];
    while (!open.empty() && sections[index(open.back())].level >= section.level) {
      sections[index(open.back())].last_line = section.line - 1;
      open.pop_back();
    }
    section.parent = open.empty() ? -1 : open.back();
    open.push_back(static_cast<int>(i));
  }
  for (const int section : open)
    sections[index(section)].last_line = line_count();
}

void Document::add_bold_titles() {
  const std::vector<Section> titles = bold_titles(*this);
  if (titles.empty()) return;
  sections.insert(sections.end(), titles.begin(), titles.end());
  std::ranges::sort(sections, {}, &Section::line);
  close_sections();
}

int Document::section_at(int line) const {
  const auto after = std::ranges::upper_bound(sections, line, {}, &Section::line);
  return static_cast<int>(after - sections.begin()) - 1;
}

void Document::add_entry(const Block& block) {
  const int text_line = outline_.line_of(block.offset);
  const std::string_view line = outline_.line(text_line);
  const std::size_t at = block.offset - outline_.line_start(text_line);
  const std::string_view text = line.substr(std::min(at, line.size()));
  const std::string_view first = trim(outline_.line(block.first_line));
  Entry entry{.line = block.first_line,
              .text_line = text_line,
              .last_line = block.last_line,
              .indent = indent_of(outline_.line(block.first_line)),
              .ordered = !first.empty() && first[0] >= '0' && first[0] <= '9',
              .quoted = block.quoted,
              .box = box_mark_at(text),
              .offset = block.offset};
  entry.words = trim(text.substr(entry.box ? entry.box->length : 0));
  entries.push_back(entry);
}

/// A box that is indented by four columns or more is code or the end of a paragraph to cmark.
void Document::add_lost_boxes() {
  std::vector<Entry> lost;
  auto known = entries.begin();
  for (int number = 1; number <= line_count(); ++number) {
    while (known != entries.end() && known->line < number)
      ++known;
    if ((known != entries.end() && known->line == number) || is_literal(number)) continue;
    const std::string_view line = outline_.line(number);
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos || start < 2 || line.size() < start + 5) continue;
    if (line[start] != '-' && line[start] != '*' && line[start] != '+') continue;
    const std::size_t at = line.find_first_not_of(" \t", start + 1);
    if (at == start + 1 || at == std::string_view::npos) continue;
    const std::optional<BoxMark> box = box_mark_at(line.substr(at));
    if (!box) continue;
    lost.push_back({.line = number,
                    .text_line = number,
                    .last_line = 0,  // set while nesting
                    .indent = indent_of(line),
                    .box = box,
                    .offset = outline_.line_start(number) + at,
                    .words = trim(line.substr(at + box->length))});
  }
  if (lost.empty()) return;
  const auto middle = static_cast<std::ptrdiff_t>(entries.size());
  entries.insert(entries.end(), lost.begin(), lost.end());
  std::inplace_merge(entries.begin(), entries.begin() + middle, entries.end(),
                     [](const Entry& a, const Entry& b) { return a.line < b.line; });
}

void Document::nest_entries() {
  std::vector<int> open;
  std::vector<bool> lost(entries.size(), false);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Entry& entry = entries[i];
    entry.section = section_at(entry.line);
    lost[i] = entry.last_line == 0;
    while (!open.empty()) {
      const auto top = index(open.back());
      const bool over = entries[top].last_line < entry.line;
      const bool beside = (lost[i] || lost[top]) && entries[top].indent >= entry.indent;
      if (!over && !beside) break;
      if (lost[top] && !over) entries[top].last_line = entry.line - 1;
      open.pop_back();
    }
    entry.parent = open.empty() ? -1 : open.back();
    if (lost[i]) {
      int end = entry.line;
      if (entry.parent >= 0) {
        end = entries[index(entry.parent)].last_line;
      } else {
        const int next = i + 1 < entries.size() ? entries[i + 1].line - 1 : line_count();
        while (end < next && !trim(outline_.line(end + 1)).empty())
          ++end;
      }
      entry.last_line = std::max(end, entry.line);
    }
    open.push_back(static_cast<int>(i));
  }
}

void Document::find_leads() {
  auto entry = entries.begin();
  auto section = sections.begin();
  int lead = -1;  // the innermost one that is open
  const auto close = [&](int indent) {
    while (lead >= 0 && leads[index(lead)].indent > indent)
      lead = leads[index(lead)].above;
  };
  for (int number = 1; number <= line_count(); ++number) {
    while (section != sections.end() && section->text_line < number)
      ++section;
    const bool heading = section != sections.end() && section->line <= number;
    if (heading) lead = -1;
    bool item = false;
    for (; entry != entries.end() && entry->line <= number; ++entry) {
      item = true;
      close(entry->indent);
      entry->lead = lead;
    }
    const std::string_view line = outline_.line(number);
    if (heading || item || is_literal(number) || trim(line).empty()) continue;
    const int indent = indent_of(line);
    close(indent - 1);
    leads.push_back({number, indent, lead});
    lead = static_cast<int>(leads.size()) - 1;
  }
}

}  // namespace orch::tasks
