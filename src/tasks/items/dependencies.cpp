// Reads fields, prose, statements and arrows for ids, once all items have theirs.
#include "tasks/items/dependencies.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/items/group_dependencies.hpp"
#include "tasks/items/references.hpp"
#include "tasks/items/tables.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

namespace orch::tasks {

namespace {

class Dependencies {
 public:
  Dependencies(const Document& document, const std::vector<Draft>& drafts,
               const std::vector<Stated>& stated, const DraftRules& rules, Reading& reading)
      : document_(document),
        drafts_(drafts),
        stated_(stated),
        rules_(rules),
        reading_(reading),
        references_(reading.items),
        group_says_(reading.groups.size()) {
    if (reading.groups.empty()) return;
    for (int i = 0; i < static_cast<int>(reading.items.size()); ++i)
      for (int group = reading.items[at(i)].group; group >= 0;
           group = reading.groups[at(group)].parent)
        of_group_[group].push_back(i);
    for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i)
      if (const std::optional<Stage> stage = stage_of(reading.groups[at(i)].title))
        groups_[stage->name()].push_back(i);
  }

  void resolve();

  /// Have half of the items or more, or their sections, a field for what they wait for?
  bool are_stated() const {
    std::ptrdiff_t say = 0;
    for (std::size_t i = 0; i < stated_.size(); ++i) {
      const std::vector<FieldValue>& fields = stated_[i].fields;
      const int group = reading_.items[i].group;
      const bool says =
          std::ranges::find(fields, FieldKind::Depends, &FieldValue::kind) != fields.end();
      if (says || (group >= 0 && group_says_[at(group)])) ++say;
    }
    return say > 0 && 2 * say >= std::ssize(reading_.items);
  }

 private:
  void add_listed(const FieldValue& field, int index);
  void add_depends(int index);
  std::vector<std::string> ids_of_stages(std::string_view value, int self);
  void add_blocks(int index);
  void add_tables();
  void add_graph();

  const Document& document_;
  const std::vector<Draft>& drafts_;
  const std::vector<Stated>& stated_;
  const DraftRules& rules_;
  Reading& reading_;
  const References references_;
  std::unordered_map<int, std::vector<int>> of_group_;        // items
  std::unordered_map<std::string, std::vector<int>> groups_;  // by the names of stages
  std::vector<bool> group_says_;                              // what it waits for
  int stage_edges_left_ = 20'000;  // each task may name each stage, and a stage has many
};

/// In our own form each entry of the list is an id; what no task is called is left for the plan to
/// tell. "T1-T3" and "Task T1" are no ids, but may name some.
void Dependencies::add_listed(const FieldValue& field, int index) {
  Item& item = reading_.items[at(index)];
  for (const std::string& wanted : listed_ids(field.value)) {
    const int known = references_.find(wanted);
    std::vector<std::string> ids{known < 0 ? wanted : reading_.items[at(known)].id};
    if (known < 0) {
      std::vector<std::string> found = references_.of_field(wanted, index);
      const bool all = !found.empty() && std::ranges::all_of(found, [&](const std::string& id) {
        return references_.find(id) >= 0;
      });
      if (!all) found = ids_of_stages(wanted, index);
      if (!found.empty()) ids = std::move(found);
    }
    for (const std::string& id : ids) {
      if (field.kind == FieldKind::Depends) add_id(item.depends, id);
      if (field.kind == FieldKind::OrderedAfter) item.after.push_back({id, "the file says so"});
    }
  }
}

void Dependencies::add_depends(int index) {
  Item& item = reading_.items[at(index)];
  for (const FieldValue& field : stated_[at(index)].fields) {
    // It says what it needs, and nothing else comes first.
    if (field.kind == FieldKind::Consumes) item.parallel = true;
    if (field.kind == FieldKind::Parallel)
      for (const std::string& id : references_.of_prose(field.value, index))
        add_id(item.depends, id);
    if (field.kind == FieldKind::Consumes && !says_nothing(field.value)) {
      for (const std::string& id : references_.after_task(field.value, index))
        add_id(item.depends, id);
    }
    if (rules_.fields == FieldUse::TakeOut) {
      add_listed(field, index);
      if (field.kind != FieldKind::Conflicts) continue;
    }
    const bool depends = field.kind == FieldKind::Depends;
    if (!depends && field.kind != FieldKind::Conflicts) continue;
    std::vector<std::string>& ids = depends ? item.depends : item.conflicts;
    std::vector<std::string> found = references_.of_field(field.value, index);
    if (found.empty()) found = ids_of_stages(field.value, index);
    for (const std::string& id : found)
      add_id(ids, id);
    if (found.empty() && depends && !says_nothing(field.value)) {
      reading_.problems.push_back(
          {Severity::Note,
           field.line > 0 ? field.line : item.line,
           0,
           fmt::format("'{}' names no task of this file", one_line(field.value, 60)),
           {}});
    }
  }
  for (const std::string& line : stated_[at(index)].prose) {
    for (const std::string& id : references_.of_prose(line, index))
      add_id(item.depends, id);
    for (const std::string_view sentence : split(line, '.')) {
      const std::string_view rest = References::after_phrase(sentence);
      for (const std::string& id : ids_of_stages(rest, index))
        add_id(item.depends, id);
    }
  }
  for (const std::string& id : references_.of_prose(drafts_[at(index)].words.from_title, index))
    add_id(item.depends, id);
}

/// "Milestone B", "Phase 1": the task of that name, or all tasks of the section.
std::vector<std::string> Dependencies::ids_of_stages(std::string_view value, int self) {
  std::vector<std::string> ids;
  if (value.empty()) return ids;
  for (const std::string& name : stages_in(value)) {
    const int item = references_.find(name);
    if (item >= 0 && item != self) add_id(ids, reading_.items[at(item)].id);
    if (item >= 0) continue;
    const auto named = groups_.find(name);
    if (named == groups_.end()) continue;
    for (const int group : named->second) {
      if (group == reading_.items[at(self)].group) continue;
      for (const int one : of_group_[group])
        if (stage_edges_left_-- > 0) add_id(ids, reading_.items[at(one)].id);
    }
  }
  return ids;
}

void Dependencies::add_blocks(int index) {
  for (const FieldValue& field : stated_[at(index)].fields) {
    if (field.kind != FieldKind::Blocks) continue;
    for (const std::string& id : references_.of_field(field.value, index)) {
      const int blocked = references_.find(id);
      if (blocked < 0 || blocked == index) continue;
      add_id(reading_.items[at(blocked)].depends, reading_.items[at(index)].id);
    }
  }
}

/// A table beside the tasks with a column for what they wait for. Where the rows are the tasks,
/// their reader knows.
void Dependencies::add_tables() {
  for (const Table& table : tables_of(document_)) {
    if (table.column(FieldKind::Depends) < 0) continue;
    for (const Row& row : table.rows) {
      const Cell* name = table.cell(row, FieldKind::Id);
      if (name == nullptr) name = table.cell(row, FieldKind::Title);
      const Cell* depends = table.cell(row, FieldKind::Depends);
      if (name == nullptr || depends == nullptr) continue;
      for (const std::string& id : references_.at_start(name->text)) {
        const int index = references_.find(id);
        if (index < 0 || drafts_[at(index)].line == row.line) continue;
        for (const std::string& needed : references_.of_field(depends->text, index))
          if (references_.find(needed) >= 0) add_id(reading_.items[at(index)].depends, needed);
      }
    }
  }
}

/// Chains of arrows in a section about dependencies, if nothing else says what depends on what.
void Dependencies::add_graph() {
  constexpr std::size_t kLongest = 1000;
  if (document_.sections.empty() ||
      std::ranges::any_of(reading_.items, [](const Item& item) { return !item.depends.empty(); }))
    return;
  for (const Section& section : document_.sections) {
    const std::string title = folded(without_signs(section.title));
    const bool about =
        title.find("dependenc") != std::string::npos ||
        title.find("dependên") != std::string::npos ||
        title.find("abhängig") != std::string::npos || title.find("зависим") != std::string::npos ||
        title.find("依赖") != std::string::npos || title.find("依存") != std::string::npos;
    if (!about) continue;
    for (int line = section.text_line + 1; line <= section.last_line; ++line) {
      const std::string_view text = trim(document_.line(line));
      if (text.size() < kLongest && text.find_first_of("->\xE2") != std::string_view::npos)
        references_.add_arrows(text, reading_.items);
    }
  }
}

void Dependencies::resolve() {
  for (int i = 0; i < static_cast<int>(drafts_.size()); ++i)
    add_depends(i);
  for (int i = 0; i < static_cast<int>(drafts_.size()); ++i)
    add_blocks(i);
  add_tables();
  // In our own form a field is of the task that it stands in, and else of nobody.
  if (rules_.fields != FieldUse::TakeOut)
    group_says_ = add_group_dependencies(document_, drafts_, references_, reading_);
  if (stage_edges_left_ < 0) {
    reading_.problems.push_back(
        {Severity::Warning, 0, 0,
         "too many tasks wait for all tasks of a phase: not all of that is kept",
         "phases that follow each other need no field for it"});
  }
  if (!rules_.statements) return;
  auto draft = drafts_.begin();
  for (int line = 1; line <= document_.line_count(); ++line) {
    while (draft != drafts_.end() && draft->line < line)
      ++draft;
    const bool own = draft != drafts_.end() && draft->line == line;
    if (!own) references_.add_statements(document_.line(line), reading_.items);
  }
  add_graph();
}

}  // namespace

void add_dependencies(const Document& document, const std::vector<Draft>& drafts,
                      const std::vector<Stated>& stated, const DraftRules& rules,
                      Reading& reading) {
  Dependencies dependencies(document, drafts, stated, rules, reading);
  dependencies.resolve();
  reading.says_waits = dependencies.are_stated();
}

}  // namespace orch::tasks
