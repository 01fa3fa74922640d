// whoami: which task and attempt this pane is.
#include "cli/agent_context.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

int whoami(const JsonOptions& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  const AgentRun& agent = context->agent();
  if (options.json) {
    print_json(ui::whoami_json(context->run.info.id, context->record(), agent,
                               app::attempt_key(context->task, context->attempt)));
    return status::kOk;
  }
  print(fmt::format("task {}, attempt {}, worker {} ({})\nbranch {}\nworktree {}\n",
                    one_line(context->task.value, 80), context->attempt, agent.worker, agent.kind,
                    agent.branch, agent.worktree));
  return status::kOk;
}

}  // namespace

const Verb kWhoamiVerb{"whoami", kAgents, "which task and attempt this pane is",
                       "tmux-orch whoami --json", begin<add_json, whoami>};

}  // namespace orch::cli
