// Why one task of a plan is as it is.
#include "orch/base/text.hpp"
#include "ui/plan_text.hpp"

#include <fmt/format.h>

namespace orch::ui {
namespace {

std::string edges_text(const Plan& plan, const PlannedTask& task) {
  std::string text;
  for (const TaskId& id : task.spec.depends) {
    text += plan.find(id) == nullptr
                ? fmt::format("  not after {}: it is no task of the file\n", one_line(id.value, 60))
                : fmt::format("  after {}: the file says so\n", one_line(id.value, 60));
  }
  for (const auto& [id, why] : task.implicit_depends)
    text += fmt::format("  after {}: {}\n", one_line(id.value, 60), one_line(why, 200));
  return text.empty() ? "  it waits for nothing\n" : text;
}

std::string item_text(const tasks::Item& item) {
  std::string text = fmt::format("  {} (line {}): {}", one_line(item.id, 60), item.line,
                                 one_line(item.title, 100));
  if (!item.depends.empty())
    text += fmt::format("; depends on {}", one_line(join(item.depends, ", "), 200));
  for (const tasks::Order& order : item.after)
    text += fmt::format("; after {} ({})", one_line(order.id, 60), one_line(order.why, 80));
  return text + "\n";
}

}  // namespace

Result<std::string> plan_explanation(const Plan& plan, const tasks::TaskFile& file,
                                     const std::string& id) {
  const std::vector<tasks::Item>& items = file.read.reading.items;
  const tasks::Unit* made = file.unit_with(id);
  const PlannedTask* found = made == nullptr ? nullptr : plan.find(made->spec.id);
  if (found == nullptr) {
    return hinted(fail(Fault::NotFound, "there is no task '{}'", one_line(id, 80)),
                  "`tmux-orch plan` lists them");
  }
  const PlannedTask& task = *found;
  std::string text =
      fmt::format("{}: {}\n", one_line(task.spec.id.value), one_line(task.spec.title));
  text += fmt::format("unit: {}\n", made->why);
  for (const int member : made->members)
    text += item_text(items[static_cast<std::size_t>(member)]);
  text += "order:\n" + edges_text(plan, task);
  text += fmt::format(
      "priority: {}{}\n", to_text(task.effective_priority),
      task.effective_priority == task.spec.priority
          ? ""
          : fmt::format(", as a P0 task needs it (its own: {})", to_text(task.spec.priority)));
  if (!task.spec.files.empty())
    text += fmt::format("files: {}\n", one_line(join(task.spec.files, ", "), 500));
  if (!task.spec.withheld.empty()) text += fmt::format("not started: {}\n", task.spec.withheld);
  return text;
}

}  // namespace orch::ui
