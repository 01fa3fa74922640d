// whoami: which task and attempt this pane is.
#include "cli/output.hpp"
#include "cli/seat.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

int whoami(const JsonOptions& options) {
  const Result<Seat> seat = find_seat();
  if (!seat) return complain(seat.error());
  const AgentRun& agent = seat->agent();
  if (options.json) {
    print_json(ui::whoami_json(seat->run.info.id, seat->record(), agent));
    return status::kOk;
  }
  print(fmt::format("task {}, attempt {}, worker {} ({})\nbranch {}\nworktree {}\n",
                    one_line(seat->task.value, 80), seat->attempt, agent.worker, agent.kind,
                    agent.branch, agent.worktree));
  return status::kOk;
}

}  // namespace

const Verb kWhoamiVerb{"whoami", kAgents, "which task and attempt this pane is",
                       "tmux-orch whoami --json", begin<add_json, whoami>};

}  // namespace orch::cli
