// A plan as a graph for Graphviz.
#include "orch/base/text.hpp"
#include "ui/plan_parts.hpp"
#include "ui/plan_text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace orch::ui {
namespace {

// A DOT string: quotes and backslashes escaped, nothing else means anything in it.
std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : one_line(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string plan_dot(const Plan& plan, const PlanView& view) {
  const PlanPicture picture(plan, view);
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const std::size_t place : picture.shown()) {
    const PlannedTask& task = plan.tasks[place];
    const std::string label = task.spec.id.value + ": " + one_line(task.spec.title, 60);
    text += fmt::format("  {} [label={}{}];\n", dot_text(task.spec.id.value), dot_text(label),
                        task.spec.done ? ", style=dashed" : "");
  }
  for (const std::size_t place : picture.shown()) {
    const PlannedTask& task = plan.tasks[place];
    for (const std::string& id : picture.depends(place))
      text += fmt::format("  {} -> {};\n", dot_text(id), dot_text(task.spec.id.value));
    for (const auto& [id, why] : task.implicit_depends) {
      text += fmt::format("  {} -> {} [style=dotted, label={}];\n", dot_text(id.value),
                          dot_text(task.spec.id.value), dot_text(one_line(why, 60)));
    }
  }
  return text + "}\n";
}

}  // namespace orch::ui
