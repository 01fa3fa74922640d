// The reader "headed": a heading for each task, with fields and a text below it.
//
//   ### T-12 - title           also `### Task 1: title`, `### 1. **Title**`, `### Step 0.1 [x] -
//   t`,
//   **Depends on:** T-11       `# T-047: title` alone in its file
//   - Status: done             also in other languages; a status is where the task is ticked
//   - [ ] step                 boxes below such a heading are steps of it
//
// A heading counts as a task if it has an id or fields of its own; phases and headings over other
// tasks are groups. Numbers alone (`### 1. Title`) count if such headings have fields.
#include "tasks/conventions/headed.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/items/heading_status.hpp"
#include "tasks/items/tables.hpp"
#include "tasks/text/syntax.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

struct Heading {
  Draft draft;
  int fields = 0;          ///< kinds of fields directly below it
  bool only_files = true;  ///< and these are lists of files, which records have too
  bool strong = false;     ///< one of them that only tasks have
  bool foreign = false;    ///< one that the native form has not, or writes otherwise
  bool phase = false;
  bool is_task = false;
};

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

/// A tick, a picture or a stroke in front of the id.
bool is_decorated(const Document& document, const Draft& draft) {
  std::string_view title = document.sections[at(draft.section)].title;
  const std::optional<BoxMark> box = box_mark_at(title);
  if (box) title = trim(title.substr(box->length));
  return draft.words.style == IdStyle::Strong && split_id(title).form == IdForm::None;
}

/// `Step 3: title`.
bool is_step(const Heading& heading) {
  constexpr std::array<std::string_view, 4> kNames{"step", "schritt", "шаг", "步骤"};
  const std::string title = folded(without_signs(heading.draft.words.whole));
  return heading.draft.words.style == IdStyle::Word &&
         std::ranges::any_of(kNames,
                             [&title](std::string_view one) { return title.starts_with(one); });
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

/// Chooses the headings that are tasks.
class Headings {
 public:
  explicit Headings(const Document& document) : document_(document) {
    std::vector<Draft> drafts;
    for (int i = 0; i < static_cast<int>(document.sections.size()); ++i)
      drafts.push_back(draft_of(document, i));
    settle_ticks(document, drafts);
    for (int i = 0; i < static_cast<int>(document.sections.size()); ++i) {
      Heading heading{.draft = std::move(drafts[at(i)])};
      heading.phase = is_phase(document.sections[at(i)].title);
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

  std::vector<Heading>& all() { return all_; }

  int count() const { return static_cast<int>(std::ranges::count_if(all_, &Heading::is_task)); }

 private:
  const Section& section(const Heading& heading) const {
    return document_.sections[at(heading.draft.section)];
  }

  void choose_by_ids();
  void choose_by_numbers();
  void choose_by_fields();
  bool is_guide() const;
  void drop_groups();
  void drop_title();
  bool inside_task(const Heading& heading) const;

  const Document& document_;
  std::vector<Heading> all_;
};

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
  const bool fields = std::ranges::any_of(all_, [](const Heading& heading) {
    const bool told = heading.strong || heading.draft.box.has_value();
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

struct Choice {
  std::vector<Draft> drafts;
  int fields = 0;
  bool foreign = false;
  bool only_steps = true;
  std::size_t boxes = 0;  ///< with ids, outside of the headings
  std::unordered_map<std::string, const Entry*> restated;
};

bool is_impediment(const Document& document, const Draft& draft) {
  const int parent = document.sections[at(draft.section)].parent;
  return any_section(document, parent, [](const Section& section) {
    const std::string title = folded(without_signs(section.title));
    return title.find("blocker") != std::string::npos;
  });
}

/// Boxes with ids of their own outside of the headings are tasks too, but not a list of the same.
void add_boxes(const Document& document, Choice& choice, Skipped& skipped) {
  std::vector<std::pair<int, int>> ranges;
  std::unordered_map<std::string, bool> ids;
  for (const Draft& draft : choice.drafts) {
    ranges.emplace_back(draft.line, draft.last_line);
    if (draft.has_id()) ids.emplace(lower(draft.words.id), true);
  }
  std::vector<Draft> boxes = box_drafts(document, skipped);
  settle_ids(boxes);
  auto range = ranges.begin();
  auto entry = document.entries.begin();
  int end = 0;
  std::vector<Draft> outside;
  for (Draft& box : boxes) {
    while (range != ranges.end() && range->first <= box.line)
      end = std::max(end, (range++)->second);
    while (entry != document.entries.end() && entry->line < box.line)
      ++entry;
    const bool known = box.has_id() && ids.contains(lower(box.words.id));
    if (box.line <= end) {
      skipped.add(box.line, "a step of the task around it");
    } else if (known && entry != document.entries.end()) {
      choice.restated.emplace(lower(box.words.id), &*entry);
      skipped.add(box.line, "the task of that heading once more");
    } else if (is_phase(box.words.whole)) {
      skipped.add(box.line, "a milestone");
    } else if (!box.has_id()) {
      skipped.add(box.line, "outside the headed tasks and without an id");
    } else {
      outside.push_back(std::move(box));
    }
  }
  choice.boxes = outside.size();
  choice.drafts.insert(choice.drafts.end(), outside.begin(), outside.end());
  std::ranges::stable_sort(choice.drafts, {}, &Draft::line);
}

Choice chosen(const Document& document, Skipped& skipped, std::vector<Problem>& notes) {
  Choice choice;
  Headings headings(document);
  for (Heading& heading : headings.all()) {
    if (!heading.is_task) continue;
    if (is_impediment(document, heading.draft)) {
      notes.push_back({Severity::Note,
                       heading.draft.line,
                       0,
                       "this heading names a blocker and is no task",
                       {}});
      continue;
    }
    choice.fields += heading.fields;
    choice.only_steps = choice.only_steps && is_step(heading);
    choice.foreign = choice.foreign || heading.foreign ||
                     heading.draft.words.style != IdStyle::Strong ||
                     is_decorated(document, heading.draft);
    choice.drafts.push_back(std::move(heading.draft));
  }
  if (!choice.drafts.empty()) add_boxes(document, choice, skipped);
  return choice;
}

std::string id_of_row(const Table& table, const Row& row) {
  const Cell* name = table.cell(row, FieldKind::Id);
  if (name == nullptr) name = table.cell(row, FieldKind::Title);
  return name == nullptr ? std::string() : lower(task_words(name->text).id);
}

/// A table that says how the headed tasks are.
bool has_states(const Document& document, const Choice& choice) {
  std::unordered_set<std::string> ids;
  for (const Draft& draft : choice.drafts) {
    if (draft.is_heading && draft.has_id()) ids.insert(lower(draft.words.id));
  }
  return std::ranges::any_of(tables_of(document), [&ids](const Table& table) {
    return lists_tasks(table) && table.column(FieldKind::Status) >= 0 &&
           std::ranges::any_of(table.rows,
                               [&](const Row& row) { return ids.contains(id_of_row(table, row)); });
  });
}

/// A table or a list that names the same tasks may say that they are done.
void take_states(const Document& document, const Choice& choice, Reading& reading) {
  std::unordered_map<std::string, Item*> items;
  for (Item& item : reading.items) {
    if (item.has_id) items.emplace(lower(item.id), &item);
  }
  for (const auto& [id, entry] : choice.restated) {
    const auto found = items.find(id);
    if (found == items.end() || !entry->box || !found->second->status.empty()) continue;
    Item& item = *found->second;
    const bool has_own = item.done() || (item.mark && item.mark->length > 0);
    if (has_own) continue;
    item.mark = mark_of_box(*entry->box, entry->offset);
    if (item.standing == Standing::Open) item.standing = entry->box->standing;
    item.mark->done = item.done();
  }
  for (const Table& table : tables_of(document)) {
    if (!lists_tasks(table) || table.column(FieldKind::Status) < 0) continue;
    for (const Row& row : table.rows) {
      const Cell* status = table.cell(row, FieldKind::Status);
      if (status == nullptr || status->text.empty()) continue;
      const auto found = items.find(id_of_row(table, row));
      if (found == items.end() || !found->second->status.empty()) continue;
      const std::optional<Standing> standing = standing_of(status->text);
      if (!standing) continue;
      Item& item = *found->second;
      item.status = std::string(status->text);
      item.standing = *standing;
      const bool done = item.done();
      item.mark = Mark{done, status->offset, status->text.size(), done ? item.status : "Done",
                       done ? "Todo" : item.status};
    }
  }
}

}  // namespace

HeadedLook look_for_headings(const Document& document) {
  std::vector<Problem> ignored;
  Skipped skipped(ignored);
  const Choice choice = chosen(document, skipped, ignored);
  const std::size_t headings = choice.drafts.size() - choice.boxes;
  if (headings == 0) return {};
  return {.headings = headings,
          .boxes = choice.boxes,
          .foreign = choice.foreign,
          .fields = choice.fields > 0,
          .steps = choice.only_steps,
          .states = has_states(document, choice)};
}

Reading read_headed(const Source& source) {
  const DocumentOf whole(source, source.text);
  const Document& document = *whole;
  std::vector<Problem> notes;
  Choice choice;
  {
    Skipped skipped(notes);
    choice = chosen(document, skipped, notes);
    note_hidden(document, choice.drafts, skipped);
  }
  const DraftRules rules{.parents_by_number = true, .statements = true};
  Reading reading = reading_of(document, std::move(choice.drafts), rules);
  take_states(document, choice, reading);
  order_stages(reading);
  reading.problems.insert(reading.problems.end(), notes.begin(), notes.end());
  return reading;
}

}  // namespace orch::tasks
