// A plan as text.
#include "ui/plan_text.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "ui/plan_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace orch::ui {

namespace {

std::string id_column(const TaskId& id) {
  constexpr std::size_t kColumns = 8;
  return padded(one_line(id.value, 40), kColumns);
}

/// "agent claude for backend", "agent claude or codex": those that suit it as well as the first.
std::string routed_text(const std::vector<KindChoice>& choices) {
  const KindChoice& best = choices.front();
  std::vector<std::string> kinds;
  for (const KindChoice& choice : choices) {
    const bool as_well = choice.because.size() == best.because.size();
    if (as_well && choice.is_spare == best.is_spare) kinds.push_back(one_line(choice.kind, 40));
  }
  const bool is_one = kinds.size() == 1 && !best.because.empty();
  const std::string why = is_one ? " for " + one_line(join(best.because, ", "), 60) : "";
  return "agent " + join(kinds, " or ") + why;
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
  const std::vector<KindChoice> choices = picture.routed(place);
  if (!choices.empty()) {
    parts.push_back(routed_text(choices));
  } else if (!task.spec.agent.empty()) {
    parts.push_back("agent " + one_line(task.spec.agent, 40));
  }
  return parts.empty() ? std::string() : "  [" + join(parts, "; ") + "]";
}

}  // namespace

std::vector<Problem> problems_of(const Plan& plan, const PlanView& view) {
  std::vector<Problem> all;
  std::set<std::pair<int, std::string_view>> told;
  for (const std::vector<Problem>* some : {&view.problems, &plan.problems}) {
    for (const Problem& problem : *some)
      if (told.emplace(problem.line, problem.message).second) all.push_back(problem);
  }
  std::ranges::stable_sort(all, {}, &Problem::line);
  return all;
}

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

/// One line for each task that is not started for such a reason, below `heading`; nothing where
/// there is none.
template <class Is>
std::string tasks_text(const PlanPicture& picture, std::string_view heading, Is is) {
  std::string text;
  for (const std::size_t place : picture.shown()) {
    const TaskSpec& spec = picture.plan().tasks[place].spec;
    const Prospect prospect = picture.prospect(place);
    if (!is(prospect, spec)) continue;
    const std::string why =
        prospect == Prospect::Stuck ? picture.stuck_because(place) : spec.withheld;
    text += fmt::format("  {} {}  [{}]\n", id_column(spec.id), one_line(spec.title, 80),
                        one_line(why, 100));
  }
  return text.empty() ? text : fmt::format("{}\n{}", heading, text);
}

std::string not_started_text(const PlanPicture& picture) {
  const auto withheld = [](Prospect prospect) { return prospect == Prospect::Withheld; };
  return tasks_text(picture, "for a person:",
                    [&](Prospect prospect, const TaskSpec& spec) {
                      return withheld(prospect) && spec.human;
                    }) +
         tasks_text(picture, "held, as they may be done (tick them, or start them with --only):",
                    [&](Prospect prospect, const TaskSpec& spec) {
                      return withheld(prospect) && !spec.human && !spec.doubt.empty();
                    }) +
         tasks_text(picture, "not started unless asked for with --only:",
                    [&](Prospect prospect, const TaskSpec& spec) {
                      return withheld(prospect) && !spec.human && spec.doubt.empty();
                    }) +
         tasks_text(picture, "not started, as they wait for others that are not:",
                    [](Prospect prospect, const TaskSpec&) { return prospect == Prospect::Stuck; });
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

/// "; 4 with --order stated" where more could be at work by that.
std::string stated_text(const PlanView& view, std::size_t most) {
  if (!view.stated) return "";
  std::size_t wide = 0;
  for (const auto& [number, places] : PlanPicture(*view.stated, view).groups())
    wide = std::max(wide, places.size());
  return wide == most ? "" : fmt::format("; {} with --order stated", wide);
}

/// "12 units; --unit task gives 62, --unit phase 4" where the rules differ.
std::string units_text(const PlanView& view, std::size_t own) {
  std::vector<std::string> others;
  for (const auto& [rule, count] : view.unit_counts) {
    // The whole file as one unit is no offer.
    if (count == own || count <= 1) continue;
    others.push_back(
        fmt::format("--unit {} {}{}", to_text(rule), others.empty() ? "gives " : "", count));
  }
  if (others.empty()) return "";
  return fmt::format("{} unit{}; {}\n", own, own == 1 ? "" : "s", join(others, ", "));
}

/// "15 boxes and 3 numbered items are outside the tasks; -v names them".
std::string outside_text(const tasks::Outside& outside) {
  std::vector<std::string> parts;
  const auto add = [&parts](int count, std::string_view one, std::string_view many) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, count == 1 ? one : many));
  };
  add(outside.boxes, "box", "boxes");
  add(outside.numbered, "numbered item", "numbered items");
  add(outside.bullets, "bullet", "bullets");
  if (parts.empty()) return "";
  const bool is_one = outside.boxes + outside.numbered + outside.bullets == 1;
  std::string last = parts.back();
  parts.pop_back();
  return fmt::format("{}{}{} {} outside the tasks; -v names {}\n", join(parts, ", "),
                     parts.empty() ? "" : " and ", last, is_one ? "is" : "are",
                     is_one ? "it" : "them");
}

}  // namespace

bool is_mostly_unread(const tasks::Reading& reading) {
  return reading.outside.work > static_cast<int>(reading.items.size());
}

std::string plan_text(const Plan& plan, const PlanView& view, const tasks::TaskFile& file) {
  const PlanPicture picture(plan, view);
  std::string text = fmt::format("{}: {} ({})\n", one_line(view.file), file.read.format,
                                 one_line(file.read.reason));
  const std::size_t items = file.read.reading.items.size();
  if (plan.tasks.size() != items) {
    text += fmt::format("{} items make {} units{}{}\n", items, plan.tasks.size(),
                        file.units.why.empty() ? "" : ": ", file.units.why);
  }
  text += units_text(view, plan.tasks.size());
  if (!view.coordinator.empty())
    text += fmt::format("an agent of the kind {} coordinates\n", one_line(view.coordinator));
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
  text += fmt::format("{} to do, {} done; at most {} at once{}; time and cost: unknown\n", to_do,
                      done, most, stated_text(view, most));
  return text + overlaps_text(picture, view) + outside_text(file.read.reading.outside);
}

}  // namespace orch::ui
