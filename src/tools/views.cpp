// Picks from the status what callers need.
#include "tools/views.hpp"

#include "orch/base/text.hpp"
#include "orch/core/lifecycle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::tools {
namespace {

constexpr std::size_t kReason = 160;  // columns
constexpr std::size_t kTitle = 80;

std::string ids_of(const Json& tasks) {
  constexpr std::size_t kMost = 20;
  std::string ids;
  std::size_t number = 0;
  for (const Json& task : tasks) {
    if (++number > kMost) return ids + ", ...";
    ids += (ids.empty() ? "" : ", ") + one_line(task["id"].get<std::string>(), 40);
  }
  return ids;
}

std::string word(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string line_of(const Json& task) {
  std::string line = fmt::format("{}  {}", one_line(word(task, "id"), 40), word(task, "state"));
  const std::string agent_state = word(task, "agent_state");
  if (!word(task, "agent").empty() && agent_state != "none" && agent_state != "exited")
    line += fmt::format("  {} {}", word(task, "agent"), agent_state);
  if (const double progress = task.value("progress", 0.0); progress > 0)
    line += fmt::format("  {:.0f}%", progress * 100);
  line += "  " + one_line(word(task, "title"), kTitle);
  if (const std::string why = word(task, "why"); !why.empty())
    line += "\n    " + one_line(why, kReason);
  return line + "\n";
}

}  // namespace

Result<Json> status_of(Run& run) {
  const Result<Look> look = run.look();
  if (!look) return passed_on(look);
  return Json::parse(ui::status_json(look->state, look->view));
}

Result<Json> task_in(const Json& status, std::string_view id) {
  for (const Json& task : status["tasks"])
    if (task["id"] == id) return task;
  const Json& coordinator = status["coordinator"];
  if (coordinator.is_object() && coordinator["id"] == id) return coordinator;
  return hinted(fail(Fault::NotFound, "there is no task '{}'", one_line(id, 80)),
                "there are " + ids_of(status["tasks"]));
}

Json brief(const Json& task) {
  Json out;
  for (const char* name : {"id", "title", "state", "why", "agent", "agent_state", "attempt",
                           "progress", "branch", "worktree", "commit"})
    out[name] = task.value(name, Json());
  return out;
}

std::string dashboard(const Json& status) {
  std::string text = fmt::format("run {} on {}: {}\n", word(status, "run"), word(status, "base"),
                                 word(status, "state"));
  if (const std::string why = word(status, "why"); !why.empty())
    text += one_line(why, kReason) + "\n";
  if (!status.contains("supervisor_pid"))
    text += "no supervisor is alive: `tmux-orch up` goes on\n";
  for (const Json& task : status["tasks"])
    text += line_of(task);
  if (!status["needs_user"].empty()) {
    text += "needs the user:";
    for (const Json& id : status["needs_user"])
      text += " " + one_line(id.get<std::string>(), 40);
    text += "\n";
  }
  return text;
}

bool is_at_rest(const Json& status, const Json& task) {
  const auto state = from_text<TaskState>(word(task, "state"));
  if (state && is_final(*state)) return true;
  const Json& waits = status["needs_user"];
  return std::ranges::find(waits, task["id"]) != waits.end();
}

}  // namespace orch::tools
