#pragma once
// Short ways for tests: the items of a text as tasks, and one item ticked or not by its mark.
#include "orch/base/text.hpp"
#include "tasks/conventions/detect.hpp"
#include "tasks/conventions/reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace orch::tasks {

inline TaskSpec spec_of(Item item) {
  TaskSpec spec{.id = {std::move(item.id)},
                .title = std::move(item.title),
                .body = std::move(item.body),
                .script = std::move(item.script),
                .done = item.standing == Standing::Done || item.standing == Standing::Cancelled,
                .priority = item.priority.value_or(item.section_priority.value_or(Priority::P2)),
                .creates = std::move(item.creates),
                .files = std::move(item.files),
                .tags = std::move(item.tags),
                .agent = std::move(item.agent),
                .timeout = item.timeout,
                .line = item.line};
  for (std::string& id : item.depends)
    spec.depends.push_back({std::move(id)});
  if (!item.parent.empty()) spec.parent = TaskId{std::move(item.parent)};
  return spec;
}

/// One task for each item.
inline TaskList read_tasks(std::string_view text, std::string_view path = {},
                           std::string_view format = {}) {
  ReadFile file = read_items({text, path}, format);
  TaskList list{.format = std::move(file.format), .reason = std::move(file.reason)};
  list.problems = std::move(file.reading.problems);
  list.tasks.reserve(file.reading.items.size());
  for (Item& item : file.reading.items)
    list.tasks.push_back(spec_of(std::move(item)));
  return list;
}

/// NotFound: no such item; BadInput: two of that name, one without a mark, or no text.
inline Result<std::string> set_mark(std::string_view text, const TaskId& id, bool done,
                                    std::string_view path = {}, std::string_view format = {}) {
  if (const std::vector<Problem> problems = check_text(text); !problems.empty()) {
    return hinted(fail(Fault::BadInput, "{}", problems.front().message), problems.front().hint);
  }
  const Source source{text, path};
  const Reader* reader = find_reader(format.empty() ? convention_of(source).name : format);
  if (reader == nullptr) return fail(Fault::BadInput, "there is no task format '{}'", format);
  const std::vector<Item> items = reader->read(source).items;
  const auto found = std::ranges::find(items, id.value, &Item::id);
  const std::string shown = one_line(id.value, 60);
  if (found == items.end())
    return fail(Fault::NotFound, "there is no task '{}' in the file", shown);
  if (std::ranges::count(items, id.value, &Item::id) > 1) {
    return hinted(fail(Fault::BadInput, "two tasks are called '{}'", shown),
                  "give one of them another id");
  }
  if (!found->mark)
    return fail(Fault::BadInput, "the file has no place to say that '{}' is done", shown);
  const Mark& mark = *found->mark;
  std::string changed(text);
  if (mark.done != done)
    changed.replace(mark.offset, mark.length, done ? mark.ticked : mark.unticked);
  return changed;
}

}  // namespace orch::tasks
