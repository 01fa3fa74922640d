// The one table of verbs.
#include "cli/verbs.hpp"

#include <array>

namespace orch::cli {
namespace {

constexpr std::string_view kPeople = "For people";
constexpr std::string_view kAgents = "For agents, in their pane";
constexpr std::string_view kHidden = "";

constexpr std::array kVerbs{
    VerbEntry{"up", kPeople, "start a run, or go on with it", "tmux-orch up tasks.md --workers 3",
              verb_up},
    VerbEntry{"plan", kPeople, "show what `up` would do, and start nothing",
              "tmux-orch plan tasks.md --json", verb_plan},
    VerbEntry{"init", kPeople, "write a task file, or another one in the native form",
              "tmux-orch init --from TODO.md", verb_init},
    VerbEntry{"status", kPeople, "every task, its state and the reason for it", "tmux-orch status",
              verb_status},
    VerbEntry{"attach", kPeople, "look at the run, or at one task's agent", "tmux-orch attach T3",
              verb_attach},
    VerbEntry{"logs", kPeople, "what a task's agent has printed", "tmux-orch logs T3 -n 50",
              verb_logs},
    VerbEntry{"events", kPeople, "what has happened so far", "tmux-orch events --follow",
              verb_events},
    VerbEntry{"diff", kPeople, "what a task has changed", "tmux-orch diff T3", verb_diff},
    VerbEntry{"abort", kPeople, "stop a task; its work is saved", "tmux-orch abort T3", verb_abort},
    VerbEntry{"retry", kPeople, "start a task again", "tmux-orch retry T3", verb_retry},
    VerbEntry{"merge", kPeople, "land a task as it is in its worktree", "tmux-orch merge T3",
              verb_merge},
    VerbEntry{"hold", kPeople, "do not start or land a task for now", "tmux-orch hold T3",
              verb_hold},
    VerbEntry{"release", kPeople, "let a held or blocked task go on", "tmux-orch release T3",
              verb_release},
    VerbEntry{"down", kPeople, "stop the run; work is saved, `up` goes on", "tmux-orch down",
              verb_down},
    VerbEntry{"report", kPeople, "the run's summary and figures", "tmux-orch report --json",
              verb_report},
    VerbEntry{"rescue", kPeople, "what was saved of tasks: list, show, restore, drop",
              "tmux-orch rescue list", verb_rescue},
    VerbEntry{"gc", kPeople, "take away what finished runs left in git, by age",
              "tmux-orch gc --dry-run", verb_gc},
    VerbEntry{"doctor", kPeople, "check tools, repository and the state of the run",
              "tmux-orch doctor", verb_doctor},
    VerbEntry{"done", kAgents, "say that the task is done and committed",
              "tmux-orch done -m \"added the parser\"", verb_done},
    VerbEntry{"blocked", kAgents, "say that the task cannot go on, and why",
              "tmux-orch blocked \"the API key is missing\"", verb_blocked},
    VerbEntry{"progress", kAgents, "say how far the task is, from 0 to 1",
              "tmux-orch progress 0.5 \"tests written\"", verb_progress},
    VerbEntry{"notify", kAgents, "tell the person something",
              "tmux-orch notify \"found a second bug\"", verb_notify},
    VerbEntry{"whoami", kAgents, "which task and attempt this pane is", "tmux-orch whoami --json",
              verb_whoami},
    VerbEntry{"supervise", kHidden, "the supervisor itself; started by `up`",
              "tmux-orch supervise 20260101-120000-0001", verb_supervise},
    VerbEntry{"watch", kHidden, "what window 0 of a run shows", "tmux-orch watch", verb_watch},
    VerbEntry{"failpoints", kHidden, "the places where tests may kill the supervisor",
              "tmux-orch failpoints", verb_failpoints},
};

}  // namespace

std::span<const VerbEntry> verbs() {
  return kVerbs;
}

}  // namespace orch::cli
