// The action `fork` of `worktree`: a further task that begins with what another one has come to.
#include "orch/base/text.hpp"
#include "tools/views.hpp"
#include "tools/worktree_actions.hpp"

#include <fmt/format.h>

namespace orch::tools {
namespace {

constexpr std::size_t kScreenLines = 40;
constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kLongestBody = std::size_t{16} << 10;

/// Each line marked, so that nothing in it is taken for the prompt itself.
std::string quoted_lines(std::string_view text) {
  std::string quoted;
  for (const std::string_view line : split_lines(text))
    if (!trim(line).empty()) quoted += fmt::format("> {}\n", one_line(line, kLongestLine));
  return quoted;
}

/// What its agent was told and has come to, as far as that is known.
std::string summary_of(const TaskRecord& task, const AgentRun& agent, const std::string& screen) {
  const std::string id = one_line(task.id().value, kLongestLine);
  std::string text = fmt::format(
      "Handed over from {}, which an agent of the kind {} is at ({}). You do not have its "
      "conversation; this is what is known of it.\n\nIts task, {}:\n{}",
      id, agent.kind, to_text(task.state), one_line(task.plan.spec.title, kLongestLine),
      quoted_lines(task.plan.spec.body.substr(0, kLongestBody)));
  if (!task.last_note.empty())
    text += fmt::format("\nWhat it said last:\n{}", quoted_lines(task.last_note));
  if (!agent.branch.empty() && !task.cleaned)
    text += fmt::format(
        "\nIts work so far is on the branch {0} and not in your worktree: `git log {0}`, `git diff "
        "{1}...{0}`.\n",
        one_line(agent.branch, kLongestLine), agent.start.value.substr(0, 12));
  if (!screen.empty()) text += "\nThe last lines of its screen:\n" + quoted_lines(screen);
  return text;
}

}  // namespace

Result<Json> fork_task(const Call& call) {
  const TaskId id{call.text("task")};
  const Result<Look> look = call.run.look();
  if (!look) return passed_on(look);
  const TaskRecord* task = look->state.find(id);
  if (task == nullptr)
    return hinted(fail(Fault::NotFound, "there is no task '{}'", one_line(id.value, 80)),
                  "'status' names all tasks");
  const AgentRun& agent = look->state.agent_of(*task);
  if (agent.id == 0)
    return hinted(fail(Fault::Refused, "no agent has been at {} yet", one_line(id.value, 80)),
                  "'spawn' makes a task without a history");
  const Result<std::string> screen = call.run.screen(id, kScreenLines);
  const std::string title = call.text("title").empty() ? "fork of " + id.value : call.text("title");
  const std::string kind = call.text("agent").empty() ? agent.kind : call.text("agent");
  Result<Json> made =
      make_with_history(call, summary_of(*task, agent, screen ? *screen : ""), {title, kind});
  if (!made) return made;
  (*made)["forked_from"] = id.value;
  // Programs keep their conversations by the folder, so none can be gone on with in another one.
  (*made)["context"] = "summary";
  return made;
}

}  // namespace orch::tools
