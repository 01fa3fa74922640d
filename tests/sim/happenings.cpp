// What happens by itself: agents work and end, tmux and the machine die, people use git.
#include "sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orch::sim {

Agent* World::living_agent(const TaskId& task) {
  for (auto& [key, agent] : agents_) {
    if (agent.task == task && agent.alive) return &agent;
  }
  return nullptr;
}

const AgentExited* World::exit_of(const TaskId& task, int attempt) const {
  const auto found = exits_.find({task, attempt});
  return found == exits_.end() ? nullptr : &found->second;
}

std::vector<AgentReported> World::spooled(const TaskId& task, int attempt) const {
  std::vector<AgentReported> found;
  for (const AgentReported& report : spool) {
    if (report.task == task && report.attempt == attempt) found.push_back(report);
  }
  return found;
}

void World::may_kill(int per_mille) {
  if (faults && dice_.per_mille(per_mille)) throw Killed{};
}

bool World::was_heard_done(const TaskId& task, int attempt) const {
  const auto found = agents_.find({task, attempt});
  if (found == agents_.end() || !found->second.said) return false;
  const Fate fate = found->second.fate;
  const bool waits =
      std::ranges::any_of(spool, [&](const AgentReported& report) { return report.task == task; });
  return (fate == Fate::Done || fate == Fate::Nothing) && !waits;
}

void World::ends(Agent& agent, ExitKind kind, int code, std::string why) {
  agent.alive = false;
  exits_.emplace(Key{agent.task, agent.attempt},
                 AgentExited{agent.task, agent.attempt, kind, code, std::move(why)});
}

HookCall World::any_hook_call() {
  constexpr std::array kActivities{Activity::Unknown, Activity::Busy, Activity::Idle,
                                   Activity::Asking, Activity::Failed};
  return {.event = "a hook",
          .session = fmt::format("s{}", dice_.below(3)),
          .activity = kActivities[dice_.below(kActivities.size())],
          .kind = "permission",
          .text = "make check",
          .reminded = dice_.chance(20)};
}

void World::reports(const Agent& agent, ReportKind kind, std::string text) {
  AgentReported report{.id = fmt::format("r{}", next_report_++),
                       .task = agent.task,
                       .attempt = agent.attempt,
                       .kind = kind,
                       .text = std::move(text),
                       .progress = dice_.below(100) / 100.0};
  const auto found = worktrees_.find(agent.task);
  if (kind == ReportKind::Done && found != worktrees_.end()) report.head = found->second.head;
  if (kind == ReportKind::Done) report.no_changes = agent.fate == Fate::Nothing && dice_.chance(50);
  if (kind == ReportKind::Done && dice_.chance(40))
    report.items = {fmt::format("{}.{}", agent.task.value, dice_.below(3))};
  if (kind == ReportKind::Hook) report.hook = any_hook_call();
  spool.push_back(std::move(report));
}

void World::writes(const Agent& agent) {
  AgentReported report{.id = fmt::format("r{}", next_report_++),
                       .task = agent.task,
                       .attempt = agent.attempt,
                       .kind = dice_.chance(15) ? ReportKind::Acknowledge : ReportKind::Send,
                       .text = "a text"};
  if (dice_.chance(30)) report.reply_to = 1 + dice_.below(30);
  constexpr std::array kReceivers{"T1", "T2", "T3", "T4", "all", "user", "talker", "nobody", ""};
  report.to = kReceivers[dice_.below(kReceivers.size())];
  // Not by the dice, so that what a seed is known for stays.
  if (next_report_ % 9 == 0) {
    const auto worktree = worktrees_.find(agent.task);
    report.kind = ReportKind::Delegate;
    report.to = next_report_ % 2 == 0 ? "talker" : "";
    if (worktree != worktrees_.end()) report.head = worktree->second.head;
  }
  if (next_report_ % 9 == 1) {
    report.kind = ReportKind::Lock;
    report.items = {fmt::format("{}.c", static_cast<char>('a' + next_report_ % 4))};
  }
  spool.push_back(std::move(report));
}

bool World::any_agent_busy() const {
  return std::ranges::any_of(agents_, [](const auto& entry) {
    const Agent& agent = entry.second;
    return agent.alive && !agent.said && agent.fate != Fate::Hangs;
  });
}

void World::agent_acts() {
  std::vector<Agent*> living;
  for (auto& [key, agent] : agents_) {
    if (agent.alive && (faults || !agent.said)) living.push_back(&agent);
  }
  if (living.empty()) return;
  Agent& agent = *dice_.pick(living);
  const auto found = worktrees_.find(agent.task);
  if (found == worktrees_.end()) return ends(agent, ExitKind::Code, 1, {});
  if (agent.said) {
    // It has nothing left to do, but may not know it.
    if (dice_.chance(30)) return ends(agent, ExitKind::Code, 0, {});
    if (dice_.chance(20)) return edits(agent, found->second);
    if (dice_.chance(20)) return reports(agent, ReportKind::Done, "once more");
    return;
  }
  if (agent.talks && dice_.chance(30)) return writes(agent);
  if (agent.talks && dice_.chance(15)) {
    constexpr std::array kKinds{ReportKind::Progress, ReportKind::Notify, ReportKind::Hook};
    return reports(agent, kKinds[dice_.below(kKinds.size())], "at it");
  }
  if (agent.edits_left > 0 && agent.fate != Fate::Nothing) return edits(agent, found->second);
  comes_to_its_fate(agent, found->second);
}

void World::edits(Agent& agent, Worktree& worktree) {
  --agent.edits_left;
  worktree.uncommitted[fmt::format("{}.c", static_cast<char>('a' + dice_.below(8)))] =
      dice_.below(1000);
  if (dice_.chance(60)) commit_all(worktree);
}

void World::mends(Agent& agent) {
  agent.said = false;
  agent.edits_left = 1;
}

void World::comes_to_its_fate(Agent& agent, Worktree& worktree) {
  switch (agent.fate) {
    case Fate::Done:
    case Fate::Nothing:
      if (!agent.talks) return ends(agent, ExitKind::Code, 0, {});
      if (dice_.chance(80)) commit_all(worktree);
      agent.said = true;
      return reports(agent, ReportKind::Done, "it works");
    case Fate::Blocked:
      agent.said = true;
      return reports(agent, ReportKind::Blocked, "no key for the service");
    case Fate::Fails: return ends(agent, ExitKind::Code, dice_.chance(50) ? 1 : 0, {});
    case Fate::Crashes:
      return ends(agent, dice_.chance(50) ? ExitKind::Signal : ExitKind::NotStarted, 9,
                  "was ended by signal 9");
    case Fate::Hangs: return;
  }
}

void World::tmux_dies() {
  for (auto& [key, agent] : agents_) {
    if (agent.alive) ends(agent, ExitKind::Hangup, 0, "its window was closed");
  }
}

void World::machine_restarts() {
  for (auto& [key, agent] : agents_) {
    if (!agent.alive) continue;
    ends(agent, ExitKind::Lost, 0, "was killed together with its shim");
    orphaned_.insert(agent.task);
  }
}

void World::user_commits_on_base() {
  Tree tree = git_.tree(base_);
  tree["user.txt"] = dice_.below(1000);
  if (dice_.chance(20)) tree["a.c"] = dice_.below(1000);
  base_ = git_.commit(tree, {base_});
}

void World::outsider_moves_integration() {
  Tree tree = git_.tree(integration_);
  tree["outsider.txt"] = dice_.below(1000);
  if (Repository::passes_tests(tree)) integration_ = git_.commit(tree, {integration_});
}

void World::user_resolves(const TaskId& task) {
  const auto found = worktrees_.find(task);
  if (found == worktrees_.end()) return;
  Worktree& worktree = found->second;
  commit_all(worktree);
  const Repository::Merge merge = git_.merge(integration_, worktree.head);
  advance(worktree, git_.commit(merge.tree, {worktree.head, integration_}));
}

void World::agents_that_wait_go_on(const TaskId& task) {
  Agent* agent = living_agent(task);
  if (agent == nullptr || agent->fate != Fate::Blocked) return;
  agent->fate = Fate::Done;
  agent->said = false;
}

}  // namespace orch::sim
