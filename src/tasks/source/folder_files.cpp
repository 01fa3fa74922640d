// One kind of file after the other is looked for.
#include "tasks/source/folder_files.hpp"

#include "orch/base/natural_order.hpp"
#include "orch/base/text.hpp"
#include "tasks/conventions/data_list.hpp"
#include "tasks/source/folder.hpp"
#include "tasks/source/source.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>

namespace orch::tasks {

namespace {

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_nested(std::string_view name) {
  return name.find('/') != std::string_view::npos;
}

/// One task a file, as lists of tasks are kept; not what every project has.
bool is_json_task(std::string_view name) {
  const std::string file = lower(name);
  return file.ends_with(".json") && file != "package.json" && file != "config.json" &&
         file != "settings.json" && file != "index.json" && file != "task.json";
}

bool is_markdown(std::string_view name) {
  return lower(name).ends_with(".md");
}

template <class Test>
std::vector<std::string> those(const std::vector<std::string>& names, Test test) {
  std::vector<std::string> kept;
  std::ranges::copy_if(names, std::back_inserter(kept), test);
  return kept;
}

std::string_view folder_of_name(std::string_view name) {
  return name.substr(0, name.rfind('/') + 1);
}

/// Folders with a task.json; the archive is none.
std::vector<std::string> nested_tasks(const std::vector<std::string>& names) {
  std::unordered_set<std::string_view> folders;
  for (const std::string& name : names) {
    if (is_nested(name) && is_task_record(name)) folders.insert(folder_of_name(name));
  }
  return those(names, [&folders](const std::string& name) {
    return is_nested(name) && folders.contains(folder_of_name(name));
  });
}

}  // namespace

bool is_task_record(std::string_view name) {
  return last_part(name) == "task.json";
}

bool is_text_beside(std::string_view name) {
  return last_part(name) == "prd.md";
}

bool may_be_task_file(std::string_view name) {
  const std::string_view file = last_part(name);
  const auto is_hidden = [](std::string_view part) {
    return part.empty() || part.front() == '.' || part.front() == '_';
  };
  if (is_hidden(name) || is_hidden(file)) return false;
  if (is_nested(name)) {
    const bool deeper = std::ranges::count(name, '/') > 1 || name.starts_with("archive/");
    return !deeper && (is_task_record(name) || is_text_beside(name));
  }
  return is_markdown(file) || is_yaml_name(file) || is_task_record(file) || is_json_task(file);
}

std::vector<std::string> task_files_of(std::vector<std::string> names) {
  std::erase_if(names, [](const std::string& name) { return !may_be_task_file(name); });
  std::ranges::sort(names, natural_less);
  const auto here = those(names, [](const std::string& name) { return !is_nested(name); });
  if (std::ranges::find(here, "task.json") != here.end())
    return those(here,
                 [](const auto& name) { return is_task_record(name) || is_text_beside(name); });
  const auto markdown = those(here, is_markdown);
  const bool any_task = !std::ranges::all_of(markdown, is_no_task_file);
  if (any_task) return markdown;
  const auto yaml = those(here, is_yaml_name);
  if (!yaml.empty()) return yaml;
  const auto json = those(here, is_json_task);
  if (!json.empty()) return json;
  const auto nested = nested_tasks(names);
  return nested.empty() ? markdown : nested;
}

}  // namespace orch::tasks
