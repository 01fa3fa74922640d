// Prints what the readers make of a file, in the shape that the scorer compares with labels.
#include "tasks/reader.hpp"

#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

json priority_of(const orch::tasks::Item& item) {
  const auto priority = item.priority ? item.priority : item.section_priority;
  if (!priority) return nullptr;
  return "P" + std::to_string(static_cast<int>(*priority));
}

json json_of(const orch::tasks::Item& item, const std::set<std::string>& named) {
  const bool id = item.has_id || named.contains(item.id);
  return {{"id", id ? json(item.id) : json(nullptr)},
          {"title", item.title},
          {"done", item.done()},
          {"depends", item.depends},
          {"priority", priority_of(item)},
          {"files", item.files},
          {"parent", item.parent.empty() ? json(nullptr) : json(item.parent)},
          {"line", item.line}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: print_items FILE [FORMAT]\n";
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  const std::string text = content.str();
  const orch::tasks::ReadFile read =
      orch::tasks::read_items({text, argv[1]}, argc > 2 ? argv[2] : "");
  std::set<std::string> named;
  for (const orch::tasks::Item& item : read.reading.items) {
    if (!item.parent.empty()) named.insert(item.parent);
    named.insert(item.depends.begin(), item.depends.end());
  }
  json tasks = json::array();
  for (const orch::tasks::Item& item : read.reading.items)
    tasks.push_back(json_of(item, named));
  json problems = json::array();
  for (const orch::Problem& problem : read.reading.problems)
    problems.push_back({{"line", problem.line}, {"message", problem.message}});
  std::cout << json{{"format", read.format},
                    {"reason", read.reason},
                    {"tasks", tasks},
                    {"problems", problems}}
                   .dump(1)
            << '\n';
}
