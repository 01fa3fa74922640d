// A plan as text.
#include "ui/plan_text.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "ui/plan_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace orch::ui {

std::map<int, std::vector<const PlannedTask*>> groups_of(const Plan& plan) {
  std::map<int, std::vector<const PlannedTask*>> groups;
  for (const PlannedTask& task : plan.tasks) {
    if (!task.spec.done) groups[task.group].push_back(&task);
  }
  return groups;
}

namespace {

std::string id_column(const TaskId& id) {
  constexpr std::size_t kColumns = 8;
  return padded(one_line(id.value, 40), kColumns);
}

std::string reasons_of(const PlannedTask& task) {
  std::vector<std::string> parts;
  std::vector<std::string> ids;
  for (const TaskId& id : task.spec.depends)
    ids.push_back(one_line(id.value, 40));
  if (!ids.empty()) parts.push_back("after " + join(ids, ", "));
  for (const auto& [id, why] : task.implicit_depends) {
    parts.push_back(fmt::format("after {} ({})", one_line(id.value, 40), one_line(why, 100)));
  }
  if (task.effective_priority != task.spec.priority) {
    parts.push_back(fmt::format("{} as a P0 task needs it", to_text(task.effective_priority)));
  } else if (task.spec.priority != Priority::P2) {
    parts.emplace_back(to_text(task.spec.priority));
  }
  if (!task.spec.agent.empty()) parts.push_back("agent " + one_line(task.spec.agent, 40));
  return parts.empty() ? std::string() : "  [" + join(parts, "; ") + "]";
}

}  // namespace

std::string problem_text(const std::string& file, const Problem& problem) {
  std::string text = one_line(file);
  if (problem.line > 0) text += fmt::format(":{}", problem.line);
  if (problem.line > 0 && problem.column > 0) text += fmt::format(":{}", problem.column);
  text += fmt::format(": {}: {}", to_text(problem.severity), one_line(problem.message));
  if (!problem.hint.empty()) text += "\n  " + one_line(problem.hint);
  return text;
}

namespace {

/// "3 items: T001, T002, T003" where the unit is more than one item called like it.
std::string members_of(const TaskSpec& spec) {
  constexpr std::size_t kShown = 8;
  const bool is_plain = spec.items.size() <= 1;
  if (is_plain) return "";
  std::vector<std::string> ids;
  for (const std::string& item : spec.items) {
    if (ids.size() == kShown) break;
    ids.push_back(one_line(item, 40));
  }
  return fmt::format("           {} items: {}{}\n", spec.items.size(), join(ids, ", "),
                     spec.items.size() > kShown ? ", ..." : "");
}

std::string withheld_text(const Plan& plan) {
  std::string text;
  for (const PlannedTask& task : plan.tasks) {
    if (task.spec.withheld.empty() || task.spec.done) continue;
    text += fmt::format("  {} {}  [{}]\n", id_column(task.spec.id), one_line(task.spec.title, 80),
                        one_line(task.spec.withheld, 60));
  }
  return text.empty() ? text : "not started unless asked for with --only:\n" + text;
}

std::string overlaps_text(const Plan& plan) {
  std::string text;
  for (const Overlap& overlap : plan.overlaps) {
    text += fmt::format("overlap: {} and {} both touch {}: they run one after the other\n",
                        one_line(overlap.first.value, 40), one_line(overlap.second.value, 40),
                        one_line(join(overlap.files, ", "), 100));
  }
  return text;
}

}  // namespace

std::string plan_text(const Plan& plan, const PlanView& view, const tasks::TaskFile& file) {
  std::string text = fmt::format("{}: {} ({})\n", one_line(view.file), file.read.format,
                                 one_line(file.read.reason));
  const std::size_t items = file.read.reading.items.size();
  if (plan.tasks.size() != items) {
    text += fmt::format("{} items make {} units{}{}\n", items, plan.tasks.size(),
                        file.units.why.empty() ? "" : ": ", file.units.why);
  }
  std::size_t most = 0;
  std::ptrdiff_t to_do = 0;
  for (auto& [number, all] : groups_of(plan)) {
    std::vector<const PlannedTask*> tasks;
    for (const PlannedTask* task : all)
      if (task->spec.withheld.empty()) tasks.push_back(task);
    if (tasks.empty()) continue;
    most = std::max(most, tasks.size());
    to_do += static_cast<std::ptrdiff_t>(tasks.size());
    text += fmt::format("group {}: {} task{}, {} worker{}\n", number, tasks.size(),
                        tasks.size() == 1 ? "" : "s",
                        std::min<std::size_t>(tasks.size(), static_cast<std::size_t>(view.workers)),
                        tasks.size() == 1 ? "" : "s");
    for (const PlannedTask* task : tasks) {
      text += fmt::format("  {} {}{}\n", id_column(task->spec.id), one_line(task->spec.title, 80),
                          reasons_of(*task));
      text += members_of(task->spec);
    }
  }
  const auto done =
      std::ranges::count_if(plan.tasks, [](const PlannedTask& task) { return task.spec.done; });
  text += withheld_text(plan);
  text += fmt::format("{} to do, {} done; at most {} at once; time and cost: unknown\n", to_do,
                      done, most);
  return text + overlaps_text(plan);
}

}  // namespace orch::ui
