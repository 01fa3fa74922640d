// done: the agent says that its task is done and committed.
#include "cli/agent_context.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::cli {
namespace {

struct Options {
  std::string message;
  bool no_changes = false;
  bool leaves_delegated = false;
  std::vector<std::string> items;  ///< only these parts
};

void add_options(OptionList& list, Options& options) {
  list.text("-m,--message", options.message, "what was done");
  list.flag("--no-changes", options.no_changes, "nothing had to be changed, on purpose");
  list.flag("--leave-delegated", options.leaves_delegated, "without the work that was delegated");
  list.list("--items", options.items, "only these parts of the task, with commas between");
}

bool is_committed_for(const AgentContext& context) {
  const auto& agents = context.run.state.run.rules.agents;
  const auto rules = agents.find(context.agent().kind);
  return rules != agents.end() && rules->second.commit;
}

/// Said while there is still something to do about it: what is not committed does not land.
Status refuse_uncommitted(const AgentContext& context, const git::WorktreeStatus& work) {
  if (work.changes.count == 0 || is_committed_for(context)) return {};
  return hinted(fail(Fault::Refused, "{} {} not committed: {}", work.changes.count,
                     work.changes.count == 1 ? "file is" : "files are",
                     one_line(join(work.changes.names, ", "), 200)),
                "commit what belongs to the work, delete the rest or have git ignore it, then "
                "`tmux-orch done` again");
}

/// Said while its agent is there to do something about it: without a commit and a word that this is
/// right, the attempt would count as failed and the next one would begin from the start. A HEAD
/// somewhere else is for the supervisor to judge, which looks at what was left there.
Status refuse_nothing_done(const AgentContext& context, const git::WorktreeStatus& work,
                           bool no_changes) {
  const AgentRun& agent = context.agent();
  const bool nothing = work.exists && work.changes.count == 0 && work.branch == agent.branch &&
                       work.head == agent.start;
  // That a task is over already is said when it is reported.
  if (!nothing || no_changes || is_final(context.record().state)) return {};
  return hinted(fail(Fault::Refused, "there is no commit on {} yet, and nothing to commit",
                     one_line(agent.branch)),
                is_committed_for(context)
                    ? "do the work first; `tmux-orch done --no-changes` if the task needs no "
                      "change, `tmux-orch blocked 'why'` if you cannot go on"
                    : "do the work and commit it; `tmux-orch done --no-changes` if the task needs "
                      "no change, `tmux-orch blocked 'why'` if you cannot go on");
}

Status refuse_foreign(const AgentRun& agent, const std::vector<std::string>& items) {
  for (const std::string& item : items) {
    const auto same = [&item](const std::string& one) { return lower(one) == lower(item); };
    if (std::ranges::any_of(agent.items, same)) continue;
    return hinted(fail(Fault::BadInput, "'{}' is no part of your task", one_line(item, 40)),
                  "its parts are " + one_line(join(agent.items, ", "), 300));
  }
  return {};
}

/// What it has delegated is done for nobody if it is not taken in.
Status refuse_delegated(const AgentContext& context, const OpenedGit& git,
                        const git::WorktreeStatus& work) {
  const State& state = context.run.state;
  for (const Delegation& delegation : state.run.delegations)
    if (delegation.parent == context.task)
      return hinted(fail(Fault::Refused, "{}, which you have delegated, is not back yet",
                         one_line(delegation.task.value, 80)),
                    "end your turn: you are told what came of it; to do without it: "
                    "tmux-orch done --leave-delegated");
  for (const TaskRecord& task : state.tasks) {
    const TaskSpec& spec = task.plan.spec;
    const bool is_its = spec.is_delegated() && spec.made_by == context.task.value;
    if (!is_its || task.state != TaskState::Merged || !task.changed || task.work.empty()) continue;
    const Result<bool> has_it = (*git)->wait((*git)->repository.is_ancestor(task.work, work.head));
    if (!has_it || *has_it) continue;
    return hinted(
        fail(Fault::Refused, "the work of {}, which you have delegated, is not in your branch",
             one_line(task.id().value, 80)),
        fmt::format("git merge --no-edit {}; to do without it: tmux-orch done "
                    "--leave-delegated",
                    task.work.value));
  }
  return {};
}

/// Tells the agent, and as well the user, who would otherwise see an agent that goes on for no
/// reason. The agent has its answer also where the user cannot be told.
int refuse(const AgentContext& context, const Error& why) {
  if (!is_final(context.record().state)) {
    AgentReported event;
    event.kind = ReportKind::DoneRefused;
    event.text = why.what;
    (void)put_into_spool(context, event);
  }
  return complain(why);
}

int say_done(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  if (context->record().plan.spec.coordinates())
    return complain(Error{Fault::Refused, "who coordinates has no task to report",
                          "end your turn when there is nothing to do"});
  const AgentRun& agent = context->agent();
  AgentReported event;
  event.kind = ReportKind::Done;
  event.text = options.message;
  event.no_changes = options.no_changes;
  event.items = options.items;
  if (const Status refused = refuse_foreign(agent, options.items); !refused) {
    return refuse(*context, refused.error());
  }
  const Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return complain(facts.error());
  const OpenedGit git = open_git_as_agent(*facts);
  if (!git) return complain(git.error());
  const Result<git::WorktreeStatus> work =
      (*git)->wait((*git)->repository.status_of(agent.worktree));
  if (!work) return complain(work.error());
  if (const Status refused = refuse_uncommitted(*context, *work); !refused) {
    return refuse(*context, refused.error());
  }
  if (const Status refused = refuse_nothing_done(*context, *work, options.no_changes); !refused) {
    return refuse(*context, refused.error());
  }
  const Status taken = options.leaves_delegated ? Status() : refuse_delegated(*context, git, *work);
  if (!taken) return refuse(*context, taken.error());
  // What is committed for it later must not be left out by freezing HEAD now.
  if (work->changes.count == 0) event.head = work->head;
  return report(*context, event);
}

}  // namespace

const Verb kDoneVerb{"done", kAgents, "say that the task is done and committed",
                     "tmux-orch done -m \"added the parser\"", begin<add_options, say_done>};

}  // namespace orch::cli
