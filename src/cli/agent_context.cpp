// Finds the attempt whose agent calls.
#include "cli/agent_context.hpp"

#include "app/our_processes.hpp"
#include "app/requests.hpp"
#include "app/spool.hpp"
#include "cli/output.hpp"
#include "loop/socket.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace orch::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Failure is_over() {
  return hinted(fail(Fault::Refused, "the attempt of this pane is over"),
                "a newer attempt works on the task, or a newer run");
}

/// The attempt with this folder, if it is the newest one of its task.
Result<AgentContext> context_in(const fs::path& folder) {
  // <repository>/.tmux-orch/runs/<run>/attempts/<key>
  const fs::path run = folder.parent_path().parent_path();
  const app::Paths paths(run.parent_path().parent_path().parent_path());
  Result<app::RunOnDisk> disk = app::load_for_verb(paths);
  if (!disk) return passed_on(disk);
  for (const TaskRecord& task : disk->state.tasks) {
    if (app::attempt_key(task.id(), task.attempts) != folder.filename()) continue;
    if (disk->info.id != run.filename()) break;
    return AgentContext{paths,     *disk,         folder,
                        task.id(), task.attempts, disk->state.agent_of(task).token};
  }
  return is_over();
}

/// By the ancestors: the nearest shim that is the one which was started for its attempt.
Result<AgentContext> context_below(const std::vector<app::LivingShim>& shims) {
  const std::string token = variable("TMUX_ORCH_TOKEN");
  Result<AgentContext> context = is_over();
  for (const app::LivingShim& shim : shims) {
    context = context_in(shim.attempt);
    if (!context) continue;
    const ProcessId recorded = app::recorded_shim(context->agent());
    // One that has just been started is not stored yet; the supervisor looks at its token.
    if (!recorded) context->token = token;
    if (!recorded || recorded == shim.process) return context;
    context = is_over();
  }
  return context;
}

}  // namespace

Result<AgentContext> find_agent_context() {
  const fs::path named = variable("TMUX_ORCH_ATTEMPT");
  const std::vector<app::LivingShim> shims = app::shims_above(::getpid(), "/");
  if (!shims.empty()) {
    Result<AgentContext> context = context_below(shims);
    if (!context || named.empty() || named == context->folder) return context;
    return hinted(fail(Fault::Refused, "this is the agent of {}, and TMUX_ORCH_ATTEMPT names {}",
                       one_line(context->task.value, 80), one_line(named.filename().string(), 80)),
                  "an agent reports about its own task: leave that variable as it was");
  }
  if (named.empty()) {
    return hinted(
        fail(Fault::Refused, "this verb is for agents, in the pane they were started in"),
        "people have `tmux-orch merge`, `tmux-orch abort`, `tmux-orch retry` and `tmux-orch hold`");
  }
  Result<AgentContext> context = context_in(named);
  if (!context || context->token.empty() || context->token == variable("TMUX_ORCH_TOKEN"))
    return context;
  return hinted(fail(Fault::Refused,
                     "this is not the agent of {}, whose attempt "
                     "TMUX_ORCH_ATTEMPT names",
                     one_line(context->task.value, 80)),
                "an agent in a container needs TMUX_ORCH_TOKEN as well; people have "
                "`tmux-orch merge`, `tmux-orch abort`, `tmux-orch retry` and `tmux-orch hold`");
}

Status put_into_spool(const AgentContext& context, AgentReported report) {
  report.id = app::fresh_id();
  report.task = context.task;
  report.attempt = context.attempt;
  if (Status spooled = app::spool_report(context.folder, report, context.token); !spooled)
    return spooled;
  loop::notify(context.paths.socket(),
               app::notification_line(app::attempt_key(context.task, context.attempt)));
  return {};
}

int report(const AgentContext& context, const AgentReported& report) {
  if (is_final(context.record().state)) {
    return complain(Error{Fault::Refused,
                          fmt::format("{} is {} already", one_line(context.task.value, 80),
                                      to_text(context.record().state)),
                          "there is nothing left to report about it"});
  }
  if (const Status put = put_into_spool(context, report); !put) return complain(put.error());
  print(fmt::format("{}: {} recorded\n", one_line(context.task.value, 80), to_text(report.kind)));
  return status::kOk;
}

}  // namespace orch::cli
