#pragma once
// Everything outside the engine: worktrees, agents, tmux and git, which remember by key what was
// done, so that an effect carried out twice is done once. It complains when it is asked for a
// thing that would lose work or do something twice.
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "sim/dice.hpp"
#include "sim/repository.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace orch::sim {

/// Thrown to where the supervisor is killed: whatever it has not stored is gone.
struct Killed {};

struct Worktree {
  int attempt = 0;
  CommitId start;
  CommitId head;
  Tree uncommitted;
  Tree rescued_files;  ///< the uncommitted files that a rescue has saved
  CommitId rescued_head;
};

/// What an agent is going to do, drawn when it starts.
enum class Fate : std::uint8_t { Done, Nothing, Blocked, Fails, Crashes, Hangs };

struct Agent {
  TaskId task;
  int attempt = 0;
  bool talks = false;  ///< it reports; otherwise it just ends
  Fate fate = Fate::Done;
  int edits_left = 0;
  bool alive = true;
  bool said = false;  ///< it has said done or blocked
};

class World {
 public:
  World(Dice& dice, bool tested, bool red_base);

  /// Ensures the effect and says how it ended; from time to time it says that it could not.
  Outcome carry_out(EffectId id, const Effect& effect);

  // ---- what happens by itself ----
  void agent_acts();
  bool any_agent_busy() const;
  void tmux_dies();
  void machine_restarts();
  void user_commits_on_base();
  void outsider_moves_integration();
  /// Merges the integration branch into the task's worktree by hand.
  void user_resolves(const TaskId& task);
  void agents_that_wait_go_on(const TaskId& task);

  // ---- what the supervisor notices ----
  std::vector<AgentReported> spool;  ///< removed by the supervisor once they are stored
  /// Those of one attempt.
  std::vector<AgentReported> spooled(const TaskId& task, int attempt) const;
  /// How the agent of this attempt ended, if it did.
  const AgentExited* exit_of(const TaskId& task, int attempt) const;

  /// Has the agent of this attempt said done, and was that taken out of the spool?
  bool was_heard_done(const TaskId& task, int attempt) const;

  /// Has this message come to an agent?
  bool was_typed(MessageNumber number) const { return typed_.contains(number); }

  bool is_merged_in(const CommitId& commit) const { return git_.is_ancestor(commit, integration_); }

  /// A commit that was made in a worktree and is nowhere any more: not within what has landed, in
  /// no worktree and no rescue; or empty.
  std::string lost_commit() const;

  const CommitId& base() const { return base_; }

  const CommitId& integration() const { return integration_; }

  bool is_landed(const TaskId& task, int attempt) const {
    return landed_.contains({task, attempt});
  }

  /// While there are faults, throws Killed so often of a thousand times.
  void may_kill(int per_mille);

  void complain(std::string what) { complaints_.push_back(std::move(what)); }

  const std::vector<std::string>& complaints() const { return complaints_; }

  bool faults = true;  ///< effects fail and agents misbehave

 private:
  using Key = std::pair<TaskId, int>;
  Key newest_attempt(const TaskId& task) const;

  Outcome done(EffectId id, const TestBase& effect);
  Outcome done(EffectId id, const CreateWorktree& effect);
  Outcome done(EffectId id, const StartAgent& effect);
  Outcome done(EffectId id, const StopAgent& effect);
  Outcome done(EffectId id, const TypeText& effect);
  Outcome done(EffectId id, const AnswerQuestion& effect);
  Outcome done(EffectId id, const InterruptTurn& effect);
  Outcome done(EffectId id, const CollectWork& effect);
  Outcome done(EffectId id, const ReturnWork& effect);
  Outcome done(EffectId id, const TakeIn& effect);
  Outcome done(EffectId id, const ReviewWork& effect);
  Outcome done(EffectId id, const RescueWork& effect);
  Outcome done(EffectId id, const PrepareLanding& effect);
  Outcome done(EffectId id, const TestLanding& effect);
  Outcome done(EffectId id, const Land& effect);
  Outcome done(EffectId id, const FollowBase& effect);
  Outcome done(EffectId id, const TickFile& effect);
  Outcome done(EffectId id, const CleanUp& effect);
  Outcome done(EffectId id, const PushBranch& effect);
  Outcome done(EffectId id, const RunPushCommand& effect);
  Outcome done(EffectId id, const WriteReport& effect);

  Outcome test(const CommitId& commit);
  Outcome reverted(const PrepareLanding& effect);
  CommitId what_lands(const Land& effect);
  Agent* living_agent(const TaskId& task);
  void must_be_alone(const TaskId& task, std::string_view what);
  void ends(Agent& agent, ExitKind kind, int code, std::string why);
  HookCall any_hook_call();
  void reports(const Agent& agent, ReportKind kind, std::string text);
  void edits(Agent& agent, Worktree& worktree);
  void comes_to_its_fate(Agent& agent, Worktree& worktree);
  bool is_safe(const Worktree& worktree) const;
  /// It has something to do again.
  void mends(Agent& agent);
  void types(const TypeText& effect);
  /// It writes to somebody, replies, or says that it has a message.
  void writes(const Agent& agent);
  void commit_all(Worktree& worktree);
  /// Makes a commit the worktree's newest one.
  void advance(Worktree& worktree, CommitId commit);

  Dice& dice_;
  bool tested_;
  Repository git_;
  CommitId base_;
  CommitId integration_;
  CommitId remote_;  ///< empty: nothing was pushed
  std::map<TaskId, Worktree> worktrees_;
  std::vector<CommitId> made_;     ///< all that were ever made in a worktree
  std::vector<CommitId> rescued_;  ///< what refs keep of worktrees
  std::map<Key, Agent> agents_;
  std::map<Key, EffectId> claims_;
  std::map<Key, AgentExited> exits_;
  std::map<Key, CommitId> candidates_;
  std::map<std::pair<CommitId, CommitId>, CommitId> remade_;  ///< by candidate and tip
  std::set<Tree> green_;
  std::set<Key> landed_;  // each attempt once: it may have done a part
  std::set<TaskId> hard_to_stop_;
  std::set<TaskId> orphaned_;  ///< their agent died with its shim: what it had started lives
  std::map<std::tuple<TaskId, int, std::string>, Outcome> deliveries_;
  std::set<MessageNumber> typed_;
  std::map<TaskId, MessageNumber> last_typed_;  ///< of agents' messages
  int next_report_ = 1;
  std::vector<std::string> complaints_;
};

}  // namespace orch::sim
