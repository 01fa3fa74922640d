// Finds out who calls, and carries out what tools need of a run.
#include "cli/tool_run.hpp"

#include "app/report_files.hpp"
#include "app/supervisor_client.hpp"
#include "cli/agent_context.hpp"
#include "cli/ask_with_text.hpp"
#include "cli/installed.hpp"
#include "cli/message_view.hpp"
#include "cli/printed.hpp"
#include "cli/run_view.hpp"
#include "cli/say.hpp"
#include "cli/spare_worktrees.hpp"
#include "git/slot.hpp"
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"

#include <set>
#include <string>
#include <utility>

namespace orch::cli {

namespace {

/// The kinds of agents that it would have started.
std::set<std::string> kinds_in(const UserAsked& asked) {
  std::set<std::string> kinds;
  if (asked.verb == orch::Verb::Reassign) kinds.insert(asked.text);
  for (const TaskSpec& task : asked.tasks)
    if (!task.agent.empty()) kinds.insert(task.agent);
  return kinds;
}

}  // namespace

Result<ToolCaller> find_tool_caller() {
  if (is_in_agents_pane()) {
    const Result<AgentContext> context = find_agent_context();
    if (!context) return passed_on(context);
    const bool coordinates = context->record().plan.spec.coordinates();
    return ToolCaller{
        context->paths,
        {coordinates ? tools::CallerRole::Coordinator : tools::CallerRole::Implementer,
         context->task}};
  }
  const Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return passed_on(facts);
  return ToolCaller{app::Paths(facts->root), {}};
}

ToolRun::ToolRun(app::Paths paths) : paths_(paths), store_(std::move(paths)) {}

Result<tools::Look> ToolRun::look() {
  Result<app::RunOnDisk> run = app::load_for_verb(paths_);
  if (!run) return passed_on(run);
  const RunHandle handle{paths_, std::move(*run), {}};
  ui::RunView view = view_of(handle);
  Result<std::vector<GateRun>> gates = app::gate_runs(paths_, handle.run.info.id);
  if (!gates) return passed_on(gates);
  view.gates = std::move(*gates);
  return tools::Look{as_of_now(handle.run.state), std::move(view)};
}

Result<std::string> ToolRun::messages(const std::string& with) {
  constexpr int kLast = 200;
  const Result<app::RunHead> run = app::load_newest_head(paths_);
  if (!run) return passed_on(run);
  const Result<ui::MessageView> view = message_view(paths_, run->info.id, with, kLast);
  if (!view) return passed_on(view);
  return ui::messages_json(*view);
}

Result<std::string> ToolRun::ask(const UserAsked& asked) {
  Result<app::RunOnDisk> run = app::load_for_verb(paths_);
  if (!run) return passed_on(run);
  if (!asked.task.value.empty() && run->state.find(asked.task) == nullptr)
    return hinted(fail(Fault::NotFound, "there is no task '{}'", one_line(asked.task.value, 80)),
                  "'status' names all tasks");
  const RunHandle handle{paths_, std::move(*run), {}};
  for (const std::string& kind : kinds_in(asked))
    if (const Status known = check_kind(handle, kind); !known) return passed_on(known);
  if (!asked.tasks.empty()) return ask_with_text(handle, asked, encode(Event(asked)));
  if (!asked.text.empty()) return ask_with_text(handle, asked, asked.text);
  return app::ask_supervisor(paths_, handle.run.info.id, own_program(), asked);
}

Result<std::string> ToolRun::report(const AgentReported& report) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return passed_on(context);
  return say(*context, report);
}

Result<std::vector<tools::Worktree>> ToolRun::worktrees() {
  const Result<RunHandle> handle = open_run();
  if (!handle) return passed_on(handle);
  std::vector<tools::Worktree> found;
  for (const git::Registration& worktree : own_worktrees(*handle))
    found.push_back(
        {worktree.path.native(), worktree.branch(), worktree.lock_reason == git::kPoolReason});
  return found;
}

Result<std::size_t> ToolRun::remove_spare() {
  const Result<RunHandle> handle = open_run();
  if (!handle) return passed_on(handle);
  return remove_spare_worktrees(*handle);
}

Result<std::string> ToolRun::screen(const TaskId& task, std::size_t lines) {
  const Result<app::RunOnDisk> run = app::load_for_verb(paths_);
  if (!run) return passed_on(run);
  const TaskRecord* record = run->state.find(task);
  if (record == nullptr || record->attempts == 0)
    return fail(Fault::NotFound, "no agent has been at {} yet", one_line(task.value, 80));
  const app::RunPaths files(paths_.run(run->info.id));
  return last_lines(files.attempt(task, record->attempts), static_cast<int>(lines));
}

void ToolRun::await_change(Span most) {
  std::int64_t from_here = 0;
  // Where the database cannot be opened, the next look says so.
  (void)store_.now(from_here);
  store_.await_change(most);
}

}  // namespace orch::cli
