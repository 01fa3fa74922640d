// Chooses tests and gates by what a landing is.
#include "app/checks.hpp"

#include "config/path_patterns.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace orch::app {
namespace {

bool has(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

bool is_by_file(const TestCommand& check) {
  return !check.when.files.empty();
}

}  // namespace

Work work_of(const State& state, const TaskId& id, const std::vector<std::string>& changed) {
  const TaskRecord* task = state.find(id);
  return {task, task == nullptr ? std::string() : state.agent_of(*task).kind, changed};
}

bool applies(const WorkFilter& when, const Work& work) {
  if (!when.files.empty() && PathPatterns(when.files).among(work.changed).empty()) return false;
  if (!when.agents.empty() && !has(when.agents, work.agent)) return false;
  if (when.tags.empty()) return true;
  return work.task != nullptr &&
         std::ranges::any_of(work.task->plan.spec.tags,
                             [&when](const std::string& tag) { return has(when.tags, tag); });
}

Checks all_tests(const Config& config) {
  return {.commands = config.merge.tests};
}

Checks checks_for(const Config& config, const State& state, const TestLanding& landing,
                  const std::vector<std::string>& changed) {
  // What takes a task back passes what the task had to.
  const TaskId& id = landing.undo.value.empty() ? landing.task : landing.undo;
  const Work work = work_of(state, id, changed);
  Checks checks;
  const auto is_for_work = [&work](const TestCommand& check) { return applies(check.when, work); };
  std::ranges::copy_if(config.merge.tests, std::back_inserter(checks.commands), is_for_work);
  if (work.task == nullptr) return checks;
  const std::size_t tests = checks.commands.size();
  std::ranges::copy_if(config.gates, std::back_inserter(checks.commands), is_for_work);
  if (checks.commands.size() == tests) return checks;
  checks.env = {fmt::format("{}={}", kTaskVariable, one_line(id.value)),
                fmt::format("{}={}", kOntoVariable, landing.onto.value)};
  return checks;
}

bool checks_by_file(const Config& config) {
  return std::ranges::any_of(config.merge.tests, is_by_file) ||
         std::ranges::any_of(config.gates, is_by_file);
}

Checks without_gates(Checks checks) {
  std::erase_if(checks.commands, [](const TestCommand& check) { return !check.name.empty(); });
  checks.env.clear();
  return checks;
}

}  // namespace orch::app
