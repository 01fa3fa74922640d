// A plan as JSON: the items as their file writes them, the units made of them, and their order.
#include "orch/base/text.hpp"
#include "ui/plan_parts.hpp"
#include "ui/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_set>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;
using tasks::Item;
using tasks::Unit;

ordered_json implied_json(const PlannedTask& task) {
  ordered_json out = ordered_json::array();
  for (const auto& [id, why] : task.implicit_depends)
    out.push_back({{"id", id.value}, {"why", why}});
  return out;
}

ordered_json unit_json(const PlanPicture& picture, std::size_t place, const Unit& unit) {
  const PlannedTask& task = picture.plan().tasks[place];
  const TaskSpec& spec = task.spec;
  ordered_json out;
  out["id"] = spec.id.value;
  out["title"] = spec.title;
  out["done"] = spec.done;
  out["members"] = spec.items;
  out["why"] = unit.why;
  out["withheld"] = spec.withheld.empty() ? ordered_json() : ordered_json(spec.withheld);
  out["human"] = spec.human;
  out["doubt"] = spec.doubt.empty() ? ordered_json() : ordered_json(spec.doubt);
  out["depends"] = picture.depends(place);
  out["implicit_depends"] = implied_json(task);
  out["priority"] = to_text(spec.priority);
  out["effective_priority"] = to_text(task.effective_priority);
  out["files"] = spec.files;
  out["creates"] = spec.creates;
  out["tags"] = spec.tags;
  out["agent"] = spec.agent.empty() ? ordered_json() : ordered_json(spec.agent);
  out["routed"] = ordered_json::array();
  for (const KindChoice& choice : picture.routed(place))
    out["routed"].push_back({{"agent", choice.kind}, {"because", choice.because}});
  out["parent"] = spec.parent ? ordered_json(spec.parent->value) : ordered_json();
  out["timeout_s"] = spec.timeout ? ordered_json(spec.timeout->count() / 1000) : ordered_json();
  out["line"] = spec.line;
  out["group"] = task.group;
  out["chain"] = task.chain;
  return out;
}

ordered_json not_ready_json(const PlanPicture& picture) {
  const std::vector<PlannedTask>& tasks = picture.plan().tasks;
  std::unordered_set<std::string_view> undone;
  for (const PlannedTask& task : tasks)
    if (!task.spec.done) undone.insert(task.spec.id.value);
  ordered_json out = ordered_json::array();
  for (const std::size_t place : picture.shown()) {
    const PlannedTask& task = tasks[place];
    if (task.spec.done || task.group <= 1) continue;
    std::vector<std::string> ids;
    for (std::string& id : picture.depends(place))
      if (undone.contains(id)) ids.push_back(std::move(id));
    for (const auto& [id, why] : task.implicit_depends)
      ids.push_back(id.value);
    out.push_back({{"id", task.spec.id.value}, {"why", "needs " + join(ids, ", ")}});
  }
  return out;
}

/// `unit` is the one the item is in, if it is in one.
ordered_json item_json(const Item& item, const PlannedTask* unit) {
  ordered_json out;
  out["id"] = item.id;
  out["title"] = item.title;
  out["done"] = item.done();
  out["status"] = tasks::name_of(item.standing);
  out["optional"] = item.optional;
  out["human"] = item.human;
  out["doubt"] = item.doubt.empty() ? ordered_json() : ordered_json(item.doubt);
  out["depends"] = item.depends;
  out["order_after"] = ordered_json::array();
  for (const tasks::Order& order : item.after)
    out["order_after"].push_back({{"id", order.id}, {"why", order.why}});
  out["implicit_depends"] = unit == nullptr ? ordered_json::array() : implied_json(*unit);
  out["conflicts_with"] = item.conflicts;
  out["parallel"] = item.parallel ? ordered_json(*item.parallel) : ordered_json();
  const std::optional<Priority> priority = item.priority ? item.priority : item.section_priority;
  out["priority"] = priority ? ordered_json(to_text(*priority)) : ordered_json();
  out["files"] = item.files;
  out["tags"] = item.tags;
  out["agent"] = item.agent.empty() ? ordered_json() : ordered_json(item.agent);
  out["parent"] = item.parent.empty() ? ordered_json() : ordered_json(item.parent);
  out["line"] = item.line;
  if (!item.file.empty()) out["file"] = item.file;
  out["unit"] = unit == nullptr ? ordered_json() : ordered_json(unit->spec.id.value);
  out["group"] = unit == nullptr ? 0 : unit->group;
  return out;
}

ordered_json items_json(const PlanPicture& picture, const tasks::TaskFile& file) {
  ordered_json out = ordered_json::array();
  const std::vector<Item>& items = file.read.reading.items;
  const bool all = picture.shown().size() == picture.plan().tasks.size();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const int number = file.units.unit_of[i];
    const PlannedTask* unit =
        number < 0 ? nullptr : &picture.plan().tasks[static_cast<std::size_t>(number)];
    if (all || (unit != nullptr && picture.is_shown(unit->spec.id)))
      out.push_back(item_json(items[i], unit));
  }
  return out;
}

/// Withheld ones are among them, each where it would have its turn.
ordered_json groups_json(const PlanPicture& picture, int workers) {
  std::map<int, std::vector<std::string>> groups;
  for (const std::size_t place : picture.shown()) {
    const PlannedTask& task = picture.plan().tasks[place];
    if (!task.spec.done) groups[task.group].push_back(task.spec.id.value);
  }
  ordered_json out = ordered_json::array();
  for (const auto& [number, ids] : groups) {
    out.push_back(
        {{"group", number},
         {"tasks", ids},
         {"workers_needed", std::min<std::size_t>(ids.size(), static_cast<std::size_t>(workers))}});
  }
  return out;
}

}  // namespace

std::string plan_json(const Plan& plan, const PlanView& view, const tasks::TaskFile& file) {
  const PlanPicture picture(plan, view);
  ordered_json out;
  out["schema"] = 1;
  out["file"] = view.file;
  out["format"] = file.read.format;
  out["reason"] = file.read.reason;
  out["unit"] = to_text(file.units.rule);
  out["unit_counts"] = ordered_json::object();
  for (const auto& [rule, count] : view.unit_counts)
    out["unit_counts"][std::string(to_text(rule))] = count;
  out["tasks"] = items_json(picture, file);
  out["units"] = ordered_json::array();
  for (const std::size_t place : picture.shown())
    out["units"].push_back(unit_json(picture, place, file.units.units[place]));
  out["groups"] = groups_json(picture, view.workers);
  out["conflicts"] = ordered_json::array();
  for (const Overlap& overlap : plan.overlaps) {
    if (!picture.is_shown(overlap.first) || !picture.is_shown(overlap.second)) continue;
    out["conflicts"].push_back({{"task1", overlap.first.value},
                                {"task2", overlap.second.value},
                                {"files", overlap.files}});
  }
  const tasks::Outside& outside = file.read.reading.outside;
  out["outside"] = {{"boxes", outside.boxes},
                    {"bullets", outside.bullets},
                    {"numbered", outside.numbered},
                    {"work", outside.work}};
  out["not_ready"] = not_ready_json(picture);
  out["coordinator"] = view.coordinator.empty() ? ordered_json() : ordered_json(view.coordinator);
  out["estimate"] = {{"time", "unknown"}, {"cost", "unknown"}};
  out["diagnostics"] = ordered_json::array();
  for (const Problem& problem : problems_of(plan, view)) {
    out["diagnostics"].push_back({{"severity", to_text(problem.severity)},
                                  {"line", problem.line},
                                  {"message", problem.message},
                                  {"hint", problem.hint}});
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
