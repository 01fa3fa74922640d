// A plan as text, JSON and DOT.
#include "ui/plan_text.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
  }
  return "";
}

std::string priority_name(Priority priority) {
  return fmt::format("P{}", static_cast<int>(priority));
}

std::map<int, std::vector<const PlannedTask*>> groups_of(const Plan& plan) {
  std::map<int, std::vector<const PlannedTask*>> groups;
  for (const PlannedTask& task : plan.tasks) {
    if (!task.spec.done) groups[task.group].push_back(&task);
  }
  return groups;
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
    parts.push_back(
        fmt::format("{} as a P0 task needs it", priority_name(task.effective_priority)));
  } else if (task.spec.priority != Priority::P2) {
    parts.push_back(priority_name(task.spec.priority));
  }
  if (!task.spec.agent.empty()) parts.push_back("agent " + one_line(task.spec.agent, 40));
  return parts.empty() ? std::string() : "  [" + join(parts, "; ") + "]";
}

// A DOT string: quotes and backslashes escaped, nothing else means anything in it.
std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : one_line(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

ordered_json ids_json(const std::vector<TaskId>& ids) {
  ordered_json out = ordered_json::array();
  for (const TaskId& id : ids)
    out.push_back(id.value);
  return out;
}

ordered_json task_json(const PlannedTask& task) {
  const TaskSpec& spec = task.spec;
  ordered_json out;
  out["id"] = spec.id.value;
  out["title"] = spec.title;
  out["done"] = spec.done;
  out["depends"] = ids_json(spec.depends);
  out["implicit_depends"] = ordered_json::array();
  for (const auto& [id, why] : task.implicit_depends) {
    out["implicit_depends"].push_back({{"id", id.value}, {"why", why}});
  }
  out["priority"] = priority_name(spec.priority);
  out["effective_priority"] = priority_name(task.effective_priority);
  out["files"] = spec.files;
  out["creates"] = spec.creates;
  out["tags"] = spec.tags;
  out["agent"] = spec.agent.empty() ? ordered_json() : ordered_json(spec.agent);
  out["parent"] = spec.parent ? ordered_json(spec.parent->value) : ordered_json();
  out["timeout_s"] = spec.timeout ? ordered_json(spec.timeout->count() / 1000) : ordered_json();
  out["line"] = spec.line;
  out["group"] = task.group;
  out["chain"] = task.chain;
  return out;
}

ordered_json not_ready_json(const Plan& plan) {
  ordered_json out = ordered_json::array();
  for (const PlannedTask& task : plan.tasks) {
    if (task.spec.done || task.group <= 1) continue;
    std::vector<std::string> ids;
    for (const TaskId& id : task.spec.depends) {
      const PlannedTask* needed = plan.find(id);
      if (needed != nullptr && !needed->spec.done) ids.push_back(id.value);
    }
    for (const auto& [id, why] : task.implicit_depends)
      ids.push_back(id.value);
    out.push_back({{"id", task.spec.id.value}, {"why", "needs " + join(ids, ", ")}});
  }
  return out;
}

}  // namespace

std::string problem_text(const std::string& file, const Problem& problem) {
  std::string text = one_line(file);
  if (problem.line > 0) text += fmt::format(":{}", problem.line);
  if (problem.line > 0 && problem.column > 0) text += fmt::format(":{}", problem.column);
  text += fmt::format(": {}: {}", severity_name(problem.severity), one_line(problem.message));
  if (!problem.hint.empty()) text += "\n  " + one_line(problem.hint);
  return text;
}

std::string plan_text(const Plan& plan, const PlanView& view) {
  std::string text = fmt::format("{}: {} ({})\n", one_line(view.file), view.format, view.reason);
  const auto groups = groups_of(plan);
  std::size_t most = 0;
  for (const auto& [number, tasks] : groups) {
    most = std::max(most, tasks.size());
    text += fmt::format("group {}: {} task{}, {} worker{}\n", number, tasks.size(),
                        tasks.size() == 1 ? "" : "s",
                        std::min<std::size_t>(tasks.size(), static_cast<std::size_t>(view.workers)),
                        tasks.size() == 1 ? "" : "s");
    for (const PlannedTask* task : tasks) {
      text += fmt::format("  {:<8} {}{}\n", one_line(task->spec.id.value, 40),
                          one_line(task->spec.title, 80), reasons_of(*task));
    }
  }
  const auto done =
      std::ranges::count_if(plan.tasks, [](const PlannedTask& task) { return task.spec.done; });
  text += fmt::format("{} to do, {} done; at most {} at once; time and cost: unknown\n",
                      static_cast<std::ptrdiff_t>(plan.tasks.size()) - done, done, most);
  for (const Overlap& overlap : plan.overlaps) {
    text += fmt::format("overlap: {} and {} both touch {}: they run one after the other\n",
                        one_line(overlap.first.value, 40), one_line(overlap.second.value, 40),
                        one_line(join(overlap.files, ", "), 100));
  }
  return text;
}

std::string plan_json(const Plan& plan, const PlanView& view) {
  ordered_json out;
  out["schema"] = 1;
  out["file"] = view.file;
  out["format"] = view.format;
  out["reason"] = view.reason;
  out["tasks"] = ordered_json::array();
  for (const PlannedTask& task : plan.tasks)
    out["tasks"].push_back(task_json(task));
  out["groups"] = ordered_json::array();
  for (const auto& [number, tasks] : groups_of(plan)) {
    ordered_json ids = ordered_json::array();
    for (const PlannedTask* task : tasks)
      ids.push_back(task->spec.id.value);
    out["groups"].push_back(
        {{"group", number},
         {"tasks", ids},
         {"workers_needed",
          std::min<std::size_t>(tasks.size(), static_cast<std::size_t>(view.workers))}});
  }
  out["conflicts"] = ordered_json::array();
  for (const Overlap& overlap : plan.overlaps) {
    out["conflicts"].push_back({{"task1", overlap.first.value},
                                {"task2", overlap.second.value},
                                {"files", overlap.files}});
  }
  out["not_ready"] = not_ready_json(plan);
  out["estimate"] = {{"time", "unknown"}, {"cost", "unknown"}};
  out["diagnostics"] = ordered_json::array();
  const auto add = [&](const Problem& problem) {
    out["diagnostics"].push_back({{"severity", severity_name(problem.severity)},
                                  {"line", problem.line},
                                  {"message", problem.message},
                                  {"hint", problem.hint}});
  };
  for (const Problem& problem : view.problems)
    add(problem);
  for (const Problem& problem : plan.problems)
    add(problem);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string plan_dot(const Plan& plan) {
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const PlannedTask& task : plan.tasks) {
    const std::string label = task.spec.id.value + ": " + one_line(task.spec.title, 60);
    text += fmt::format("  {} [label={}{}];\n", dot_text(task.spec.id.value), dot_text(label),
                        task.spec.done ? ", style=dashed" : "");
  }
  for (const PlannedTask& task : plan.tasks) {
    for (const TaskId& id : task.spec.depends) {
      text += fmt::format("  {} -> {};\n", dot_text(id.value), dot_text(task.spec.id.value));
    }
    for (const auto& [id, why] : task.implicit_depends) {
      text += fmt::format("  {} -> {} [style=dotted, label={}];\n", dot_text(id.value),
                          dot_text(task.spec.id.value), dot_text(one_line(why, 60)));
    }
  }
  return text + "}\n";
}

}  // namespace orch::ui
