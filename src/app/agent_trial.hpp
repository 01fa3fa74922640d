#pragma once
// Tries an agent: has it do a small task in a throw-away place, by what a run has it do one with
// (the engine, the shim, the rules for its screen, its hooks, its reports), and says step by step
// what came of it. Of the repository it changes nothing.
#include "app/agent_inbox.hpp"
#include "app/agent_stop.hpp"
#include "app/agents.hpp"
#include "app/boottime_clock.hpp"
#include "app/deliveries.hpp"
#include "app/pane_watch.hpp"
#include "app/run_context.hpp"
#include "app/run_ledger.hpp"
#include "app/tmux_host.hpp"
#include "app/trial_effects.hpp"
#include "app/trial_place.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/core/engine.hpp"
#include "run/run_loop.hpp"
#include "store/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::app {

/// What a trial needs to know.
struct TrialPlan {
  RunContext context;  ///< without paths and info, which the trial has of its own
  std::string kind;
  CommitId head;  ///< that the worktree is made at
  Span timeout = std::chrono::minutes(3);
};

enum class StepEnd : std::uint8_t { Ok, Failed, Skipped };

/// One step of a trial that is over.
struct TrialStep {
  std::string name;
  StepEnd end = StepEnd::Ok;
  std::string evidence;  ///< what showed it: may be text of the agent
  std::string advice;    ///< Failed: what to do
  Span took{0};
};

class AgentTrial {
 public:
  using Tell = std::function<void(const TrialStep&)>;

  AgentTrial(loop::Loop& loop, loop::Children& children, git::Repository& git,
             const Paths& repository, TrialPlan plan, Tell tell);
  ~AgentTrial();

  /// True: every step went well. To be followed by clean_up(), however it went.
  loop::Job<bool> run();
  /// Ends the agent and takes all of it away.
  loop::Job<Status> clean_up();

  /// The step under way fails soon.
  void interrupt() { interrupted_ = true; }

 private:
  /// How a step ended; nothing: not yet.
  using Look = std::function<std::optional<TrialStep>()>;

  struct Step {
    std::string name;
    Look look;
    Span patience;
  };

  loop::Job<Status> begin();
  Status begin_run();
  loop::Job<bool> await(const Step& step);
  loop::Job<bool> await_exit();
  loop::Job<bool> await_end();
  loop::Job<bool> look_around();
  loop::Job<std::optional<PaneWatch::Seen>> see();
  loop::Job<bool> interrupt_turn();
  std::optional<TrialStep> obstacle() const;
  std::vector<Step> steps_of_work();
  std::optional<TrialStep> is_busy() const;
  std::optional<TrialStep> is_written() const;
  std::optional<TrialStep> is_idle() const;
  std::optional<TrialStep> is_gone() const;
  std::optional<TrialStep> is_committed() const;
  std::optional<TrialStep> has_reported() const;
  std::optional<TrialStep> told_by_hooks() const;
  bool end_step(const std::string& name, TrialStep step);

  const AgentProfile& profile() const { return context_.config.agents.at(kind_); }

  const AgentRun& agent() const;
  bool says_done() const;

  bool has_exited() const { return agent().phase == AgentPhase::Exited; }

  bool reads_screen() const { return !profile().screen.empty(); }

  loop::Loop& loop_;
  git::Repository& git_;
  TrialPlace place_;
  RunContext context_;
  std::string kind_;
  CommitId head_;
  Span timeout_;
  Tell tell_;
  BoottimeClock clock_;
  Engine engine_;
  std::optional<store::Store> store_;
  std::unique_ptr<RunLedger> ledger_;
  std::unique_ptr<AgentInbox> inbox_;
  std::unique_ptr<TmuxHost> tmux_;
  std::unique_ptr<Agents> agents_;
  std::unique_ptr<PaneWatch> panes_;
  std::unique_ptr<Deliveries> deliveries_;
  std::unique_ptr<AgentStop> agent_stop_;
  std::unique_ptr<TrialEffects> effects_;
  std::unique_ptr<RunLoop> run_loop_;
  loop::Children& children_;
  bool interrupted_ = false;
  std::int64_t began_ms_ = 0;
  std::int64_t looked_ms_ = 0;  ///< when the panes were looked at last
  // What has been seen of it so far.
  std::optional<ScreenReading> first_reading_;
  std::string busy_by_;  ///< what showed that it worked; empty: nothing yet
  ScreenState state_ = ScreenState::Unknown;
  std::int64_t state_since_ms_ = 0;
  std::string shown_;  ///< by which rows
  git::WorktreeStatus work_;
};

}  // namespace orch::app
