// The records of the front matter, each with the part of the plan that is about it.
#include "tasks/conventions/cursor.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/record_list.hpp"
#include "tasks/markdown/document.hpp"
#include "tasks/text/words.hpp"
#include "tasks/text/yaml_front.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

namespace {

constexpr std::size_t kMostText = 4'000'000;  // of all tasks together

/// A list of todos, and the phase it is of; nullptr: of the whole plan.
struct Todos {
  const DataValue* phase = nullptr;
  const DataValue* list = nullptr;
};

bool are_todos(const DataValue* value) {
  return value != nullptr && value->is(DataValue::Kind::List) && !value->items.empty() &&
         std::ranges::all_of(value->items, [](const DataValue& todo) {
           return todo.find("content") != nullptr || todo.find("id") != nullptr;
         });
}

/// In the order of the text.
std::vector<Todos> todos_of(const FrontMatter& front) {
  std::vector<Todos> found;
  for (const DataField& field : front.fields) {
    if (field.key == "todos" && are_todos(&field.value)) found.push_back({.list = &field.value});
    if (field.key != "phases") continue;
    for (const DataValue& phase : field.value.items) {
      const DataValue* todos = phase.find("todos");
      if (are_todos(todos)) found.push_back({&phase, todos});
    }
  }
  return found;
}

/// A phase begins when the one before it is done.
void add_todos(RecordList& records, const std::vector<Todos>& all) {
  int last = -1;
  for (const Todos& todos : all) {
    int group = -1;
    if (todos.phase != nullptr) {
      const DataValue* name = todos.phase->find("name");
      group = static_cast<int>(records.groups.size());
      records.groups.push_back(
          {.title = name == nullptr ? "" : one_line(name->text, 200), .line = todos.phase->line});
      if (last >= 0) {
        records.groups.back().after = {last};
        records.groups.back().why = "phase order";
      }
      last = group;
    }
    for (const DataValue& todo : todos.list->items)
      records.add(todo, group);
  }
}

/// Does the heading name the task: by its words or by its id as a word?
bool is_about(std::string_view heading, const Item& item) {
  const std::string words = folded(heading);
  const std::string title = folded(item.title);
  if (!title.empty() && words.find(title) != std::string::npos) return true;
  const std::string id = folded(item.id);
  const std::size_t at = id.size() < 3 ? std::string::npos : words.find(id);
  if (at == std::string::npos) return false;
  const auto ends = [&words](std::size_t place) {
    return place >= words.size() ||
           std::string_view(" :.,()[]`").find(words[place]) != std::string::npos;
  };
  return (at == 0 || ends(at - 1)) && ends(at + id.size());
}

/// The section under a heading of its own; empty: there is none.
std::string section_about(const Document& plan, const Item& item) {
  for (const Section& section : plan.sections) {
    if (section.level < 2 || !is_about(section.title, item)) continue;
    std::string text;
    for (int line = section.line; line <= section.last_line; ++line) {
      text += plan.line(line);
      text += '\n';
    }
    return std::string(trim(text));
  }
  return {};
}

void add_plan(Reading& reading, std::string_view text) {
  const std::string_view whole = trim(text);
  if (whole.empty()) return;
  const Document plan(text);
  const bool fits = whole.size() * reading.items.size() <= kMostText;
  for (Item& item : reading.items) {
    std::string part = section_about(plan, item);
    if (part.empty() && fits) part = fmt::format("The plan that this is a part of:\n\n{}", whole);
    if (part.empty()) continue;
    item.body += fmt::format("{}{}", item.body.empty() ? "" : "\n\n", part);
  }
}

}  // namespace

bool has_cursor_todos(const FrontMatter& front) {
  return !todos_of(front).empty();
}

Reading read_cursor(const Source& source) {
  const FrontMatter front = front_matter_of(source.text);
  RecordList records(source.text, {.words = {"completed", "pending"}});
  for (const Problem& problem : front.problems)
    records.problems.add(problem);
  const std::vector<Todos> todos = todos_of(front);
  if (todos.empty())
    records.problems.add(Severity::Error, 1, "there are no todos in the front matter");
  add_todos(records, todos);
  Reading reading = records.take(RankRule::Levels);
  add_plan(reading, source.text.substr(front.body_offset));
  return reading;
}

}  // namespace orch::tasks
