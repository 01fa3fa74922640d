// Makes specs of titles and a prompt.
#include "tools/made.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace orch::tools {
namespace {

constexpr std::size_t kMostTasks = 50;  // of one call
constexpr std::size_t kLongestId = 40;
constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestPrompt = std::size_t{64} << 10;
constexpr std::string_view kPlace = "{{task}}";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The prompt for one of them; without one, its title is all there is.
std::string filled(std::string prompt, const std::string& title) {
  for (std::size_t at = prompt.find(kPlace); at != std::string::npos;
       at = prompt.find(kPlace, at + title.size()))
    prompt.replace(at, kPlace.size(), title);
  return prompt;
}

/// What a shell agent runs: the fenced `sh` blocks, or all of it where there are none.
std::string script_in(const std::string& prompt) {
  std::string script;
  bool any = false;
  bool inside = false;
  for (const std::string_view line : split_lines(prompt)) {
    const std::string_view mark = trim(line);
    if (mark.starts_with("```")) {
      inside = !inside && mark == "```sh";
      any = any || inside;
    } else if (inside) {
      script += std::string(line) + "\n";
    }
  }
  return any ? script : prompt;
}

std::string unused(const std::set<std::string>& used, const std::string& id) {
  std::string name = id;
  for (int number = 2; used.contains(name); ++number)
    name = fmt::format("{}-{}", id, number);
  return name;
}

std::vector<TaskId> ids_of(const std::vector<std::string>& names) {
  std::vector<TaskId> ids;
  for (const std::string& name : names)
    ids.push_back(TaskId{name});
  return ids;
}

}  // namespace

std::string id_of(std::string_view title) {
  std::string id;
  for (const char c : lower(title)) {
    if (is_letter_or_digit(c))
      id += c;
    else if (c == '_' || c == '.')
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
    if (id.size() == kLongestId) break;
  }
  while (!id.empty() && !is_letter_or_digit(id.back()))
    id.pop_back();
  return id;
}

Result<std::vector<TaskSpec>> made_specs(const Making& making, const std::vector<Wanted>& wanted) {
  if (wanted.empty()) return fail(Fault::BadInput, "there is no task to make");
  if (wanted.size() > kMostTasks)
    return fail(Fault::BadInput, "{} tasks are too many for one call: {} at most", wanted.size(),
                kMostTasks);
  if (making.prompt.size() > kLongestPrompt)
    return fail(Fault::BadInput, "the prompt is too long: 64 KB at most");
  std::vector<TaskSpec> specs;
  std::set<std::string> used;
  for (const Wanted& each : wanted) {
    TaskSpec spec;
    spec.title = one_line(trim(each.title), kLongestTitle);
    const std::string id = id_of(making.prefix + spec.title);
    if (id.empty())
      return hinted(fail(Fault::BadInput, "'{}' gives no id", one_line(each.title, 40)),
                    "a task needs a title with letters or digits");
    spec.id = TaskId{unused(used, id)};
    used.insert(spec.id.value);
    spec.body = filled(making.prompt, spec.title);
    spec.script = script_in(spec.body);
    if (!making.history.empty()) spec.body += "\n\n" + making.history;
    spec.agent = each.agent;
    spec.depends = ids_of(making.needs);
    spec.files = making.files;
    spec.made_by = "user";
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace orch::tools
