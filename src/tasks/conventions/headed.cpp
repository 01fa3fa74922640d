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
#include "tasks/conventions/headings.hpp"
#include "tasks/items/tables.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/syntax.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

/// A tick, a picture or a stroke in front of the id.
bool is_decorated(const Document& document, const Draft& draft) {
  std::string_view title = document.sections[at(draft.section)].title;
  const std::optional<BoxMark> box = box_mark_at(title);
  if (box) title = trim(title.substr(box->length));
  return draft.words.style == IdStyle::Strong && split_id(title).form == IdForm::None;
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
