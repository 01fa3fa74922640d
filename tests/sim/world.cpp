// How each effect is done, once, and what must not be asked for.
#include "sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::sim {
namespace {

constexpr const char* kFiles[] = {"a.c", "b.c", "c.c", "d.c", "e.c"};

std::string name_of(const TaskId& task, int attempt) {
  return fmt::format("{}/{}", task.value, attempt);
}

}  // namespace

World::World(Dice& dice, bool tested, bool red_base) : dice_(dice), tested_(tested) {
  Tree tree;
  do {
    for (const char* file : kFiles)
      tree[file] = dice_.below(1000);
  } while (Repository::passes_tests(tree) == red_base);
  base_ = integration_ = git_.commit(tree, {});
}

Outcome World::carry_out(EffectId id, const Effect& effect) {
  // Of a landing it must always be known whether it happened.
  const auto* land = std::get_if<Land>(&effect);
  const bool landed = land != nullptr && git_.is_ancestor(what_lands(*land), integration_);
  // Nor is there any doubt of what the shim has passed.
  const auto* text = std::get_if<TypeText>(&effect);
  const bool typed =
      text != nullptr && deliveries_.contains({text->task, text->attempt, text->message});
  if (faults && !landed && !typed && dice_.chance(6)) {
    if (const auto* stop = std::get_if<StopAgent>(&effect)) hard_to_stop_.insert(stop->task);
    const bool transient = dice_.chance(85);
    return NotDone{"something is in the way", "wait", transient, transient && dice_.chance(30)};
  }
  return std::visit([&](const auto& wanted) { return done(id, wanted); }, effect);
}

Outcome World::test(const CommitId& commit) {
  if (Repository::passes_tests(git_.tree(commit))) {
    green_.insert(git_.tree(commit));
    return Tested{true, {}, "log"};
  }
  return Tested{false, "make check exited with 2", "log"};
}

/// Nothing of an agent may be at work where its work is saved, or another one begins.
void World::must_be_alone(const TaskId& task, std::string_view what) {
  if (orphaned_.contains(task) && !hard_to_stop_.contains(task))
    complain(fmt::format("{} of {} beside what a lost agent had started", what, task.value));
}

Outcome World::done(EffectId, const TestBase& effect) {
  return test(effect.commit);
}

bool World::is_safe(const Worktree& worktree) const {
  const bool files = worktree.uncommitted.empty() || worktree.uncommitted == worktree.rescued_files;
  const bool commits = worktree.head == worktree.start || worktree.head == worktree.rescued_head ||
                       git_.is_ancestor(worktree.head, integration_);
  return files && commits;
}

Outcome World::done(EffectId, const CreateWorktree& effect) {
  auto found = worktrees_.find(effect.task);
  if (effect.attempt > 1 && effect.fresh == (effect.agent == "resumer")) {
    complain(fmt::format("{} begins in the wrong worktree", name_of(effect.task, effect.attempt)));
  }
  if (found != worktrees_.end() && found->second.attempt != effect.attempt && effect.fresh) {
    // One that could not be stopped went on at work: the effect itself saves what there is.
    const bool went_on = hard_to_stop_.contains(effect.task);
    if (!is_safe(found->second) && !went_on) {
      complain(fmt::format("the work of {} is taken away without a rescue",
                           name_of(effect.task, found->second.attempt)));
    }
    if (!is_safe(found->second)) rescued_.push_back(found->second.head);
    worktrees_.erase(found);
    found = worktrees_.end();
  }
  if (found == worktrees_.end()) {
    found =
        worktrees_.emplace(effect.task, Worktree{0, effect.from, effect.from, {}, {}, {}}).first;
  }
  if (found->second.attempt != effect.attempt && !effect.fresh && !effect.began.empty() &&
      effect.began != found->second.start) {
    complain(fmt::format("{} goes on from elsewhere", name_of(effect.task, effect.attempt)));
  }
  found->second.attempt = effect.attempt;
  return WorktreeReady{".worktrees/" + effect.task.value, "orch/" + effect.task.value,
                       found->second.start};
}

Outcome World::done(EffectId id, const StartAgent& effect) {
  const Key key{effect.task, effect.attempt};
  const auto [claim, is_new] = claims_.emplace(key, id);
  if (claim->second != id) {
    complain(fmt::format("the agent of {} is started twice", name_of(effect.task, effect.attempt)));
  }
  if (is_new) {
    if (living_agent(effect.task) != nullptr && !hard_to_stop_.contains(effect.task)) {
      complain(fmt::format("two agents at work on {}", effect.task.value));
    }
    if (!worktrees_.contains(effect.task)) {
      complain(fmt::format("the agent of {} has no worktree", effect.task.value));
    }
    must_be_alone(effect.task, "the next agent");
    Agent agent{.task = effect.task, .attempt = effect.attempt, .talks = effect.agent != "sh"};
    agent.edits_left = dice_.below(4);
    if (dice_.chance(faults ? 40 : 10)) agent.fate = static_cast<Fate>(dice_.below(6));
    agents_.emplace(key, agent);
  }
  AgentStarted started{"@1", "%1", 4711};
  if (effect.agent == "resumer")
    started.session = effect.resume.empty()
                          ? fmt::format("{}-{}", effect.task.value, effect.attempt)
                          : effect.resume;
  return started;
}

/// A person may be at it, and an agent that gets a text may go on with its work.
Outcome World::done(EffectId, const TypeText& effect) {
  const auto found = agents_.find({effect.task, effect.attempt});
  // As the shim has it: no delivery is typed twice, whoever orders it again.
  const auto known = deliveries_.find({effect.task, effect.attempt, effect.message});
  if (known != deliveries_.end()) return known->second;
  if (found == agents_.end() || !found->second.alive)
    return NotDone{"its agent has ended", {}, false};
  if (dice_.chance(20)) return TextPutOff{"a person is typing"};
  types(effect);
  Outcome outcome = TextTyped{true};
  if (dice_.chance(5)) {
    outcome = TextUncertain{"its window ended"};
  } else {
    if (effect.kind == MessageKind::Return) mends(found->second);
    outcome = TextTyped{dice_.chance(80)};
  }
  deliveries_.emplace(std::tuple(effect.task, effect.attempt, effect.message), outcome);
  return outcome;
}

/// Each message once, and those of agents in the order in which they were sent.
void World::types(const TypeText& effect) {
  if (effect.messages.empty()) complain(fmt::format("nothing is typed for {}", effect.task.value));
  for (const MessageNumber number : effect.messages) {
    if (!typed_.insert(number).second)
      complain(fmt::format("{} is typed twice", to_text_number(number)));
    if (!effect.text.starts_with("[m")) continue;
    MessageNumber& last = last_typed_[effect.task];
    if (number < last)
      complain(fmt::format("{} is typed after {}", to_text_number(number), to_text_number(last)));
    last = number;
  }
}

Outcome World::done(EffectId, const AnswerQuestion&) {
  if (dice_.chance(30)) return NotDone{"its screen shows something else by now", {}, false};
  return QuestionAnswered{"Yes", "may I?"};
}

Outcome World::done(EffectId, const InterruptTurn&) {
  if (dice_.chance(30)) return NotDone{"it goes on", {}, false};
  return TurnEnded{dice_.chance(30)};
}

Outcome World::done(EffectId, const StopAgent& effect) {
  const auto found = agents_.find({effect.task, effect.attempt});
  if (found != agents_.end() && found->second.alive) {
    ends(found->second, ExitKind::Stopped, 0, "was stopped");
  }
  orphaned_.erase(effect.task);
  return Done{};
}

void World::advance(Worktree& worktree, CommitId commit) {
  worktree.head = std::move(commit);
  made_.push_back(worktree.head);
}

std::string World::lost_commit() const {
  for (const CommitId& commit : made_) {
    const auto has_it = [&](const CommitId& tip) { return git_.is_ancestor(commit, tip); };
    const bool stands = std::ranges::any_of(
        worktrees_, [&](const auto& entry) { return has_it(entry.second.head); });
    if (!stands && !has_it(integration_) && std::ranges::none_of(rescued_, has_it))
      return fmt::format("commit {} is lost", commit.value);
  }
  return {};
}

void World::commit_all(Worktree& worktree) {
  Tree tree = git_.tree(worktree.head);
  for (const auto& [file, version] : worktree.uncommitted)
    tree[file] = version;
  if (tree != git_.tree(worktree.head)) advance(worktree, git_.commit(tree, {worktree.head}));
  worktree.uncommitted.clear();
}

Outcome World::done(EffectId, const CollectWork& effect) {
  const auto found = worktrees_.find(effect.task);
  if (found == worktrees_.end()) {
    complain(fmt::format("{} has no worktree to collect from", effect.task.value));
    return NotDone{"no worktree", {}, false};
  }
  Worktree& worktree = found->second;
  if (effect.commit) commit_all(worktree);
  const CommitId work = effect.reported.empty() ? worktree.head : effect.reported;
  const bool left = !worktree.uncommitted.empty();
  return WorkCollected{work, work != effect.start, left ? "1 file was left uncommitted" : ""};
}

Outcome World::done(EffectId, const RescueWork& effect) {
  must_be_alone(effect.task, "a rescue");
  const auto found = worktrees_.find(effect.task);
  if (found == worktrees_.end()) return WorkRescued{};
  Worktree& worktree = found->second;
  const bool nothing = worktree.uncommitted.empty() && worktree.head == worktree.start;
  worktree.rescued_files = worktree.uncommitted;
  worktree.rescued_head = worktree.head;
  if (nothing) return WorkRescued{};
  rescued_.push_back(worktree.head);
  return WorkRescued{"refs/orch/rescue/" + name_of(effect.task, effect.attempt)};
}

/// Its agent resolves what conflicts.
Outcome World::done(EffectId, const ReturnWork& effect) {
  const auto found = worktrees_.find(effect.task);
  if (found == worktrees_.end()) return NotDone{"no worktree", {}, false};
  Worktree& worktree = found->second;
  const bool is_as_committed = worktree.uncommitted.empty() && worktree.head == effect.work;
  const bool has_it = git_.is_ancestor(effect.base, worktree.head);
  if (!effect.untouched && is_as_committed && !has_it) {
    const Repository::Merge merge = git_.merge(effect.base, worktree.head);
    advance(worktree, git_.commit(merge.tree, {worktree.head, effect.base}));
  }
  return WorkReturned{"mend it"};
}

Outcome World::done(EffectId, const TakeIn& effect) {
  const auto found = worktrees_.find(effect.task);
  if (found == worktrees_.end()) return NotDone{"no worktree", {}, false};
  Worktree& worktree = found->second;
  const bool may = worktree.uncommitted.empty() && !effect.work.empty();
  if (may && !git_.is_ancestor(effect.work, worktree.head)) {
    const Repository::Merge merge = git_.merge(effect.work, worktree.head);
    advance(worktree, git_.commit(merge.tree, {worktree.head, effect.work}));
  }
  return WorkReturned{"go on"};
}

Outcome World::done(EffectId, const ReviewWork& effect) {
  const Key key{effect.task, effect.attempt};
  if (!agents_.contains(key)) complain("work is reviewed that nobody did");
  const int answer = dice_.below(20);
  Reviewed reviewed;
  reviewed.verdict = answer < 13 ? Verdict::Pass : static_cast<Verdict>(answer % 4);
  reviewed.why = "no answer";
  return reviewed;
}

Outcome World::done(EffectId, const PrepareLanding& effect) {
  const Key key{effect.task, effect.landing};
  const auto known = candidates_.find(key);
  if (known != candidates_.end()) return LandingPrepared{known->second};
  if (!effect.undo.value.empty()) return reverted(effect);
  if (git_.is_ancestor(effect.work, effect.onto)) {
    if (effect.task.value.empty()) complain("the base's commits are merged in again");
    const CommitId nothing = git_.commit(git_.tree(effect.onto), {effect.onto});
    candidates_.emplace(key, nothing);
    return LandingPrepared{nothing};
  }
  if (!effect.task.value.empty() && effect.seen.empty() && dice_.chance(3))
    return LandingProtected{{"ci.yml"}};
  Repository::Merge merge = git_.merge(effect.onto, effect.work);
  if (!merge.conflicts.empty()) return LandingConflicts{merge.conflicts};
  const CommitId candidate = git_.commit(merge.tree, {effect.onto, effect.work});
  candidates_.emplace(key, candidate);
  return LandingPrepared{candidate};
}

Outcome World::reverted(const PrepareLanding& effect) {
  if (!git_.is_ancestor(effect.work, effect.onto)) return NotDone{"it is not there", {}, false};
  const CommitId& before = git_.parents(effect.work).front();
  Repository::Merge merge = git_.merge_from(git_.tree(effect.work), effect.onto, before);
  if (!merge.conflicts.empty()) return LandingConflicts{merge.conflicts, false, "git revert"};
  const CommitId candidate = git_.commit(merge.tree, {effect.onto});
  candidates_.emplace(Key{effect.task, effect.landing}, candidate);
  return LandingPrepared{candidate};
}

Outcome World::done(EffectId id, const TestLanding& effect) {
  // Not by the dice, so that what a seed is known for stays.
  if (faults && effect.runs == 1 && id % 2 == 0) return Tested{false, "flaky", "log"};
  Outcome outcome = test(effect.candidate);
  Tested& tested = std::get<Tested>(outcome);
  if (!tested.passed && dice_.chance(20)) tested.gate = "security";
  tested.base_fails =
      tested.gate.empty() && !tested.passed && !Repository::passes_tests(git_.tree(effect.onto));
  return outcome;
}

World::Key World::newest_attempt(const TaskId& task) const {
  Key newest{task, 0};
  for (const auto& [key, agent] : agents_)
    if (key.first == task) newest = std::max(newest, key);
  return newest;
}

/// As it is, or as a commit on the tip that has its tree.
CommitId World::what_lands(const Land& effect) {
  if (!effect.remake && effect.with.empty()) return effect.candidate;
  const auto made = remade_.find({effect.candidate, effect.onto});
  if (made != remade_.end()) return made->second;
  std::vector<CommitId> parents = {effect.onto, effect.candidate};
  const std::vector<CommitId>& own = git_.parents(effect.candidate);
  if (effect.with.empty() && !own.empty()) parents = {effect.onto, own.back()};
  const CommitId commit = git_.commit(git_.tree(effect.candidate), parents);
  remade_.emplace(std::pair(effect.candidate, effect.onto), commit);
  return commit;
}

Outcome World::done(EffectId, const Land& effect) {
  std::vector<TaskId> tasks = effect.with;
  if (!effect.task.value.empty()) tasks.push_back(effect.task);
  const CommitId commit = what_lands(effect);
  if (!effect.undo.value.empty()) landed_.erase(newest_attempt(effect.undo));
  if (git_.is_ancestor(commit, integration_)) {
    for (const TaskId& task : tasks)
      landed_.insert(newest_attempt(task));
    return Landed{integration_};
  }
  if (effect.onto != integration_) return BranchMoved{integration_};
  if (tested_ && !green_.contains(git_.tree(commit)))
    complain(fmt::format("what has not passed its tests is landed: {}", effect.task.value));
  const CommitId& before = git_.parents(commit).front();
  if (before != integration_)
    complain(fmt::format("{} lands beside the integration branch", effect.task.value));
  for (const TaskId& task : tasks)
    if (!landed_.insert(newest_attempt(task)).second)
      complain(fmt::format("{} is landed twice", task.value));
  integration_ = commit;
  return Landed{integration_};
}

Outcome World::done(EffectId, const FollowBase& effect) {
  if (git_.is_ancestor(effect.target, base_)) {
    return base_ == effect.target ? Outcome(Done{}) : Outcome(BranchMoved{base_});
  }
  if (!git_.is_ancestor(base_, effect.target)) return BranchMoved{base_};
  if (faults && dice_.chance(10)) return StayedBehind{"the checkout is dirty", "git merge orch"};
  base_ = effect.target;
  return Done{};
}

Outcome World::done(EffectId, const TickFile&) {
  if (faults && dice_.chance(30)) return NotDone{"tasks.md is away", {}, false};
  return Done{};
}

Outcome World::done(EffectId, const CleanUp& effect) {
  if (living_agent(effect.task) != nullptr && !hard_to_stop_.contains(effect.task)) {
    complain(fmt::format("{} is cleaned up under its agent", effect.task.value));
  }
  must_be_alone(effect.task, "the end");
  const auto found = worktrees_.find(effect.task);
  if (found == worktrees_.end()) return Done{};
  const bool safe = is_safe(found->second);
  if (!safe) rescued_.push_back(found->second.head);
  worktrees_.erase(found);
  if (safe) return Done{};
  return WorkRescued{"refs/orch/rescue/late/" + effect.task.value};
}

/// By the number, so that what a seed is known for stays.
Outcome World::done(EffectId id, const PushBranch& effect) {
  if (faults && id % 3 == 0) return NotDone{"no network", "git push", true};
  if (!remote_.empty() && !git_.is_ancestor(remote_, effect.target))
    complain("what the remote has is lost by a push");
  if (!git_.is_ancestor(effect.target, integration_)) complain("what has not landed is pushed");
  remote_ = effect.target;
  return Done{};
}

Outcome World::done(EffectId, const RunPushCommand& effect) {
  if (remote_ != effect.target) complain("the user's command is run before all is pushed");
  return Done{};
}

Outcome World::done(EffectId, const WriteReport&) {
  return Done{};
}

}  // namespace orch::sim
