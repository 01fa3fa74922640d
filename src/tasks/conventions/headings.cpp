// Chooses headings by their ids, their numbers and their fields.
#include "tasks/conventions/headings.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/file_changes.hpp"
#include "tasks/items/heading_status.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/syntax.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

namespace orch::tasks {

namespace {

bool is_told(FieldKind kind) {
  return kind == FieldKind::Depends || kind == FieldKind::Blocks || kind == FieldKind::Priority ||
         kind == FieldKind::Status || kind == FieldKind::Owner || kind == FieldKind::Files ||
         kind == FieldKind::Creates || kind == FieldKind::Effort || kind == FieldKind::Parallel ||
         kind == FieldKind::Agent;
}

/// A task by its name, not only by a box, which may have come when it was ticked.
bool has_real_id(const Heading& heading) {
  return heading.is_task && heading.draft.words.style != IdStyle::None &&
         heading.draft.words.style != IdStyle::Label;
}

/// `# Task: title`.
bool is_named(const Heading& heading) {
  const std::string title = folded(heading.draft.words.whole);
  return title.starts_with("task:") || title.starts_with("task -") || title.starts_with("task —");
}

/// The fields between the heading and the next heading, box or code.
void count_fields(const Document& document, Heading& heading) {
  constexpr int kFar = 60;
  const Section& section = document.sections[at(heading.draft.section)];
  const int next = heading.draft.section + 1 < static_cast<int>(document.sections.size())
                       ? document.sections[at(heading.draft.section + 1)].line
                       : document.line_count() + 1;
  std::vector<FieldKind> kinds;
  const int end = std::min(next, section.text_line + kFar);
  for (int line = section.text_line + 1; line < end; ++line) {
    const std::string_view text = document.line(line);
    if (document.is_literal(line) || text.starts_with("    ") || looks_like_box(text)) continue;
    const FieldText field = field_text(text);
    if (!is_told(field.kind)) continue;
    const bool native = field.kind == FieldKind::Depends || field.kind == FieldKind::Priority ||
                        field.kind == FieldKind::Files || field.kind == FieldKind::Creates ||
                        field.kind == FieldKind::Agent;
    const std::size_t word = text.find_first_not_of(" -*+\t");
    const bool bold = word != std::string_view::npos && text.substr(0, word).ends_with("**") &&
                      (field.kind == FieldKind::Depends || field.kind == FieldKind::Priority);
    heading.strong =
        heading.strong || (field.kind != FieldKind::Effort && field.kind != FieldKind::Owner &&
                           field.kind != FieldKind::Agent);
    const bool files = field.kind == FieldKind::Files || field.kind == FieldKind::Creates;
    heading.only_files = heading.only_files && files;
    heading.foreign = heading.foreign || !native || bold || text.starts_with('|');
    if (std::ranges::find(kinds, field.kind) == kinds.end()) kinds.push_back(field.kind);
  }
  heading.fields = static_cast<int>(kinds.size());
}

/// `**Task**: T-E04-001 - title` right below a heading that only says where it belongs.
void take_title_field(const Document& document, Heading& heading) {
  constexpr int kFar = 4;
  const Section& section = document.sections[at(heading.draft.section)];
  const int last = std::min(section.last_line, section.text_line + kFar);
  for (int line = section.text_line + 1; line <= last; ++line) {
    const FieldText field = field_text(document.line(line));
    if (field.kind != FieldKind::Title) continue;
    const std::size_t end = field.value.find_first_of(" :");
    const std::string_view id = field.value.substr(0, end);
    if (end == field.value.npos || id.find_first_of("0123456789") == id.npos) return;
    std::string_view title = field.value.substr(end);
    title.remove_prefix(std::min(title.find_first_not_of(" :-"), title.size()));
    heading.draft.words = task_words(title);
    heading.draft.words.style = IdStyle::Strong;
    heading.draft.words.id = id;
    heading.phase = false;
    heading.foreign = true;
    return;
  }
}

}  // namespace

/// `Step 3: title`.
bool is_step(const Heading& heading) {
  constexpr std::array<std::string_view, 4> kNames{"step", "schritt", "шаг", "步骤"};
  const std::string title = folded(without_signs(heading.draft.words.whole));
  return heading.draft.words.style == IdStyle::Word &&
         std::ranges::any_of(kNames,
                             [&title](std::string_view one) { return title.starts_with(one); });
}

Headings::Headings(const Document& document) : document_(document) {
  std::vector<Draft> drafts;
  for (int i = 0; i < static_cast<int>(document.sections.size()); ++i)
    drafts.push_back(draft_of(document, i));
  settle_ticks(document, drafts);
  const std::vector<int> changes = file_changes(document);  // with a box or without: stages
  for (int i = 0; i < static_cast<int>(document.sections.size()); ++i) {
    Heading heading{.draft = std::move(drafts[at(i)])};
    heading.phase = is_phase(without_box(document.sections[at(i)].title)) ||
                    (changes.size() > 1 && std::ranges::binary_search(changes, i));
    count_fields(document, heading);
    take_title_field(document, heading);
    all_.push_back(std::move(heading));
  }
  choose_by_ids();
  choose_by_numbers();
  choose_by_fields();
  drop_groups();
  drop_title();
}

/// "Step 1: tag it" in a manual: there are no boxes, and no such heading has fields.
bool Headings::is_guide() const {
  const bool boxes = std::ranges::any_of(document_.entries,
                                         [](const Entry& entry) { return entry.box.has_value(); });
  return !boxes && std::ranges::none_of(all_, [](const Heading& heading) {
    return is_step(heading) && (heading.fields > 0 || heading.draft.box.has_value());
  });
}

void Headings::choose_by_ids() {
  std::map<std::string, int> alike;
  for (const Heading& heading : all_) {
    if (heading.draft.words.style == IdStyle::Bare || heading.draft.words.style == IdStyle::Strong)
      ++alike[std::string(letters_of(heading.draft.words.id))];
  }
  const bool guide = is_guide();
  for (Heading& heading : all_) {
    const TaskWords& words = heading.draft.words;
    if (heading.phase || words.title.empty() || (guide && is_step(heading))) continue;
    const bool box = heading.draft.box.has_value() && words.style != IdStyle::Number;
    const int same = alike[std::string(letters_of(words.id))];
    const bool bare = words.style == IdStyle::Bare && (same > 1 || heading.fields > 0);
    heading.is_task = box || words.style == IdStyle::Word || words.style == IdStyle::Strong || bare;
  }
}

/// `### 1. Title` if some of them have fields, and none lies inside another task.
void Headings::choose_by_numbers() {
  const bool others = std::ranges::any_of(all_, has_real_id);
  // Ticks alone on some of them came with the work: before that there were no boxes.
  const auto is_number = [](const Heading& heading) {
    return heading.draft.words.style == IdStyle::Number;
  };
  const bool boxes = std::ranges::any_of(all_,
                                         [&](const Heading& heading) {
                                           return is_number(heading) && heading.draft.box &&
                                                  heading.draft.box->standing != Standing::Done;
                                         }) ||
                     std::ranges::all_of(all_, [&](const Heading& heading) {
                       return !is_number(heading) || heading.draft.box.has_value();
                     });
  const bool fields = std::ranges::any_of(all_, [boxes](const Heading& heading) {
    const bool told = heading.strong || (boxes && heading.draft.box.has_value());
    return heading.draft.words.style == IdStyle::Number && told;
  });
  if (others || !fields) return;
  std::map<std::string, int> seen;
  for (const Heading& heading : all_) {
    if (heading.draft.words.style == IdStyle::Number) ++seen[heading.draft.words.id];
  }
  std::map<int, std::pair<int, int>> beside;  // by level: all with numbers, those with fields
  for (const Heading& heading : all_) {
    if (heading.draft.words.style != IdStyle::Number) continue;
    auto& [all, with_fields] = beside[section(heading).level];
    ++all;
    if (heading.fields > 0 || heading.draft.box || heading.draft.words.standing) ++with_fields;
  }
  for (Heading& heading : all_) {
    if (heading.draft.words.style != IdStyle::Number || heading.phase) continue;
    const bool alone = seen[heading.draft.words.id] == 1 && section(heading).level > 1;
    const bool told = heading.fields > 0 || heading.draft.box.has_value();
    const auto& [all, with_fields] = beside[section(heading).level];
    heading.is_task = told || (alone && (section(heading).level > 2 || 2 * with_fields >= all));
    if (heading.is_task && !told && inside_task(heading)) heading.is_task = false;
  }
}

/// Headings without ids, if several of one level have fields, or `# Task: title` alone has.
void Headings::choose_by_fields() {
  if (std::ranges::any_of(all_, has_real_id)) return;
  std::map<int, int> levels;
  const auto fits = [this](const Heading& heading) {
    return heading.fields >= 2 && !heading.only_files && section(heading).level > 1 &&
           !heading.phase;
  };
  if (std::ranges::none_of(all_, &Heading::strong)) return;
  for (const Heading& heading : all_) {
    if (fits(heading)) ++levels[section(heading).level];
  }
  if (levels.empty() && !all_.empty() && all_.front().fields >= 2 && is_named(all_.front())) {
    all_.front().is_task = true;
    if (all_.front().draft.words.style == IdStyle::Label) drop_id(all_.front().draft.words);
    return;
  }
  for (Heading& heading : all_) {
    if (!fits(heading) || levels[section(heading).level] < 2) continue;
    heading.is_task = true;
    if (heading.draft.words.style == IdStyle::Label) drop_id(heading.draft.words);
  }
}

bool Headings::inside_task(const Heading& heading) const {
  for (int i = section(heading).parent; i >= 0; i = document_.sections[at(i)].parent) {
    if (all_[at(i)].is_task) return true;
  }
  return false;
}

/// A heading without fields over other tasks only holds them together.
void Headings::drop_groups() {
  std::vector<int> below(all_.size(), 0);
  for (const Heading& heading : all_) {
    if (!heading.is_task) continue;
    for (int i = section(heading).parent; i >= 0; i = document_.sections[at(i)].parent)
      ++below[at(i)];
  }
  for (std::size_t i = 0; i < all_.size(); ++i) {
    Heading& heading = all_[i];
    const bool title = section(heading).level == 1 && below[i] > 1;
    if (below[i] > 0 && !heading.draft.box && (heading.fields == 0 || title))
      heading.is_task = false;
  }
}

/// The only heading of the first level is the name of the file, whatever it begins with.
void Headings::drop_title() {
  if (all_.empty() || count() < 2 || section(all_.front()).level > 1) return;
  const auto titles = std::ranges::count(document_.sections, 1, &Section::level);
  Heading& title = all_.front();
  if (titles == 1 && title.fields == 0 && !title.draft.box) title.is_task = false;
}

}  // namespace orch::tasks
