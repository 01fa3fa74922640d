// A plan as text.
#include "ui/plan_text.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "ui/plan_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace orch::ui {

namespace {

std::string id_column(const TaskId& id) {
  constexpr std::size_t kColumns = 8;
  return padded(one_line(id.value, 40), kColumns);
}

std::string reasons_of(const PlanPicture& picture, std::size_t place) {
  const PlannedTask& task = picture.plan().tasks[place];
  std::vector<std::string> parts;
  std::vector<std::string> ids;
  for (const std::string& id : picture.depends(place))
    ids.push_back(one_line(id, 40));
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

/// One line for each task that has this prospect, below `heading`; nothing where there is none.
template <class Why>
std::string tasks_text(const PlanPicture& picture, Prospect prospect, std::string_view heading,
                       Why why) {
  std::string text;
  for (const std::size_t place : picture.shown()) {
    if (picture.prospect(place) != prospect) continue;
    const TaskSpec& spec = picture.plan().tasks[place].spec;
    text += fmt::format("  {} {}  [{}]\n", id_column(spec.id), one_line(spec.title, 80),
                        one_line(why(place), 100));
  }
  return text.empty() ? text : fmt::format("{}\n{}", heading, text);
}

std::string not_started_text(const PlanPicture& picture) {
  return tasks_text(picture, Prospect::Withheld, "not started unless asked for with --only:",
                    [&](std::size_t place) { return picture.plan().tasks[place].spec.withheld; }) +
         tasks_text(picture, Prospect::Stuck, "not started, as they wait for others that are not:",
                    [&](std::size_t place) { return picture.stuck_because(place); });
}

std::string group_text(const PlanPicture& picture, int number,
                       const std::vector<std::size_t>& places, int workers) {
  const bool one = places.size() == 1;
  std::string text =
      fmt::format("group {}: {} task{}, {} worker{}\n", number, places.size(), one ? "" : "s",
                  std::min(places.size(), static_cast<std::size_t>(workers)), one ? "" : "s");
  for (const std::size_t place : places) {
    const TaskSpec& spec = picture.plan().tasks[place].spec;
    text += fmt::format("  {} {}{}\n", id_column(spec.id), one_line(spec.title, 80),
                        reasons_of(picture, place));
    text += members_of(spec);
  }
  return text;
}

std::string overlaps_text(const PlanPicture& picture) {
  std::string text;
  for (const Overlap& overlap : picture.plan().overlaps) {
    if (!picture.is_shown(overlap.first) || !picture.is_shown(overlap.second)) continue;
    text += fmt::format("overlap: {} and {} both touch {}: they run one after the other\n",
                        one_line(overlap.first.value, 40), one_line(overlap.second.value, 40),
                        one_line(join(overlap.files, ", "), 100));
  }
  return text;
}

}  // namespace

std::string plan_text(const Plan& plan, const PlanView& view, const tasks::TaskFile& file) {
  const PlanPicture picture(plan, view);
  std::string text = fmt::format("{}: {} ({})\n", one_line(view.file), file.read.format,
                                 one_line(file.read.reason));
  const std::size_t items = file.read.reading.items.size();
  if (plan.tasks.size() != items) {
    text += fmt::format("{} items make {} units{}{}\n", items, plan.tasks.size(),
                        file.units.why.empty() ? "" : ": ", file.units.why);
  }
  std::size_t most = 0;
  std::size_t to_do = 0;
  for (const auto& [number, places] : picture.groups()) {
    most = std::max(most, places.size());
    to_do += places.size();
    text += group_text(picture, number, places, view.workers);
  }
  const auto done = std::ranges::count_if(picture.shown(), [&](std::size_t place) {
    return picture.prospect(place) == Prospect::Done;
  });
  text += not_started_text(picture);
  text += fmt::format("{} to do, {} done; at most {} at once; time and cost: unknown\n", to_do,
                      done, most);
  return text + overlaps_text(picture);
}

}  // namespace orch::ui
