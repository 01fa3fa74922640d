#pragma once
// Looks at the panes of agents once a second and tells the core what they are at.
//
// One list-panes for the whole run; only what has printed since it was last read is captured, and
// what works not each time, all in one batch. Nothing is told that has not changed, so a pane that
// is looked at makes no transaction. With a permission that is asked for goes what the user's rules
// say to it. Of one that has drawn nothing for long, that is told as well. Whether a person has
// typed in a pane, its shim has noted in the attempt's folder.
#include "agents/control_tracker.hpp"
#include "agents/marker_lines.hpp"
#include "agents/policy.hpp"
#include "agents/screen/capture_pace.hpp"
#include "agents/screen/classify.hpp"
#include "agents/screen/dialog.hpp"
#include "agents/turn_error.hpp"
#include "agents/turn_tracker.hpp"
#include "app/last_text.hpp"
#include "app/run_context.hpp"
#include "loop/job.hpp"
#include "orch/base/process_tree.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"
#include "tmuxctl/values.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tmuxctl {
class Server;
}

namespace orch::app {

class TmuxHost;

/// What a turn ended in, and the words that say so.
struct ShownError {
  ErrorReading reading;
  std::string text;
};

class PaneWatch {
 public:
  /// `post` takes what was seen; it may be called at any later turn of the loop.
  /// `report` takes what a marker line says, each time that it is seen.
  PaneWatch(TmuxHost& tmux, const State& state, const RunContext& context, const port::Clock& clock,
            std::function<void(Event)> post, std::function<void(AgentReported)> report = {});

  /// What a pane shows at this moment, and how that is read.
  struct Seen {
    tmuxctl::PaneId pane;
    Screen screen;
    ScreenReading reading;
  };

  /// The pane of the attempt with this key, whatever its id is by now: another server counts anew.
  /// Nothing: it is gone or cannot be captured, or nobody knows how to read it.
  loop::Job<std::optional<Seen>> see(std::string key, std::string kind);

  /// Called once a second; does nothing while an earlier look is not over.
  void look();

 private:
  struct MarkerWatch {
    std::string code;
    LastText last_text;
    MarkerTracker tracker{};
  };

  /// An agent that lives. Of one without rules for its screen only its silence is told.
  struct Watched {
    TaskId task;
    int attempt = 0;
    std::string kind;
    std::int64_t shim = 0;      ///< pid
    std::optional<bool> quiet;  ///< is its hook not to remind it? As its folder says
    CapturePace pace{};
    std::optional<std::string> prompt{};  ///< read when it is needed
    TurnTracker tracker;
    std::optional<Dialog> permission;  ///< that its screen asked for at the last capture
    ShownError error{};                ///< of a failed turn, by its screen
    ControlTracker control;
    std::int64_t typed_ms = 0;             ///< when a person did last, by the wall clock
    bool has_shown = false;                ///< something has been on its screen
    bool told_blank = false;               ///< that nothing has
    std::optional<MarkerWatch> markers{};  ///< of one that reports by them
  };

  using Panes = std::vector<tmuxctl::Pane>;

  loop::Job<Status> look_at_all(tmuxctl::Server& server);
  void take_up_and_drop();
  void capture(tmuxctl::Server& server, const std::string& key, const tmuxctl::Pane& pane);
  void tell(Watched& watched);
  void mark_quiet(Watched& watched);
  void look_for_prompt(Watched& watched, const Screen& screen);
  void look_for_markers(Watched& watched, const Screen& screen, ScreenState state);
  void look_at_typing(Watched& watched);
  void tell_blank(Watched& watched, const AgentRun& agent);
  const ScreenRules* rules_of(const std::string& kind);
  const AgentProfile* profile_of(const std::string& kind) const;
  Ruling ruling_on(const Watched& watched, const AgentRun& agent) const;
  bool waits_for_screen(const Sighting& news, const AgentRun& agent) const;
  const ProcessTree& processes();
  bool works_unseen(const Watched& watched);
  static ShownError error_of(const Watched& watched, const Sighting& news, const OwnWord& own);

  TmuxHost& tmux_;
  const State& state_;
  const RunContext& context_;
  const port::Clock& clock_;
  std::function<void(Event)> post_;
  std::function<void(AgentReported)> report_;
  std::map<std::string, Watched> watched_;    ///< by the key of the attempt
  std::map<std::string, ScreenRules> rules_;  ///< by the kind of agent
  Policy policy_;
  std::optional<ProcessTree> processes_;  ///< read when it is needed
  Time processes_old_at_{};
  bool looking_ = false;
};

}  // namespace orch::app
