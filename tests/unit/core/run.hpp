#pragma once
// An engine with a few tasks and short words for what happens to them.
#include "catch.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/core/waiting.hpp"
#include "ui/sentences.hpp"

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace orch::test {

using namespace std::chrono_literals;

TaskSpec task(const std::string& id, const std::vector<std::string>& needs = {});
TaskSpec task_on(const std::string& id, const std::vector<std::string>& files);
TaskSpec ranked(const std::string& id, Priority priority,
                const std::vector<std::string>& needs = {});
TaskSpec task_by(const std::string& id, const std::string& agent);

/// Two workers; `sh` ends when it is done, `talker` says so, `resumer` keeps its worktree; no
/// tests.
Rules plain_rules();

/// What an effect of this kind says when all goes well.
template <class Kind>
Outcome usual_outcome() {
  if constexpr (std::is_same_v<Kind, CreateWorktree>) {
    return WorktreeReady{"worktree", "branch", CommitId{"start"}};
  } else if constexpr (std::is_same_v<Kind, StartAgent>) {
    return AgentStarted{"@1", "%1", 42};
  } else if constexpr (std::is_same_v<Kind, CollectWork>) {
    return WorkCollected{CommitId{"work"}, true, {}};
  } else if constexpr (std::is_same_v<Kind, RescueWork>) {
    return WorkRescued{"refs/orch/rescue/1"};
  } else if constexpr (std::is_same_v<Kind, PrepareLanding>) {
    return LandingPrepared{CommitId{"candidate"}};
  } else if constexpr (std::is_same_v<Kind, TestLanding> || std::is_same_v<Kind, TestBase>) {
    return Tested{true, {}, "log"};
  } else if constexpr (std::is_same_v<Kind, InterruptTurn>) {
    return TurnEnded{};
  } else {
    return Done{};
  }
}

class Run {
 public:
  explicit Run(std::vector<TaskSpec> tasks, Rules rules = plain_rules());

  const Decision& handle(const Event& event);
  const Decision& ask(Verb verb, const std::string& id = {});
  const Decision& pass(Span span);

  /// The effect of this kind that is in flight for the task, or nullptr; "" is the whole run.
  template <class Kind>
  const Kind* in_flight(const std::string& id = {}) const {
    const auto found = find<Kind>(id);
    return found == state().pending.end() ? nullptr : &std::get<Kind>(found->second.effect);
  }

  /// The same where it must be there.
  template <class Kind>
  const Kind& effect(const std::string& id = {}) const {
    const auto found = find<Kind>(id);
    INFO(Kind::kName << " of '" << id << "' is in flight");
    REQUIRE(found != state().pending.end());
    return std::get<Kind>(found->second.effect);
  }

  template <class Kind>
  EffectId id_of(const std::string& id = {}) const {
    const auto found = find<Kind>(id);
    return found == state().pending.end() ? 0 : found->first;
  }

  /// The effect of this kind that is in flight for the task ends.
  template <class Kind>
  const Decision& end(const std::string& id = {}, const Outcome& outcome = usual_outcome<Kind>()) {
    const auto found = find<Kind>(id);
    INFO(Kind::kName << " of '" << id << "' is in flight");
    REQUIRE(found != state().pending.end());
    return handle(EffectEnded{found->first, outcome});
  }

  // A task on its way: each goes through all that lies in between.
  void start(const std::string& id);
  void finish(const std::string& id);
  void land(const std::string& id);
  void merge(const std::string& id);
  void clean_up(const std::string& id);
  /// Its agent ends badly, and what it left is saved.
  void fail(const std::string& id);

  /// The effect fails for a passing reason as often as it is tried.
  template <class Kind>
  void end_in_vain(const std::string& id, const NotDone& why) {
    while (in_flight<Kind>(id) != nullptr) {
      end<Kind>(id, why);
      pass(10min);
    }
  }

  void give_up(const std::string& id);

  const Decision& exits(const std::string& id, int code, ExitKind kind = ExitKind::Code);
  const Decision& says(const std::string& id, ReportKind kind, const std::string& text = {},
                       const std::string& report = {});

  const State& state() const { return engine.state(); }

  const RunRecord& record() const { return state().run; }

  const TaskRecord& task(const std::string& id) const;

  /// That of the task's last attempt.
  const AgentRun& agent(const std::string& id) const { return state().agent_of(task(id)); }

  /// All to the task's agents that are known, in their order.
  std::vector<Message> messages(const std::string& id) const {
    std::vector<Message> found;
    for (const auto& [number, message] : state().messages)
      if (message.to == party_of(TaskId{id})) found.push_back(message);
    return found;
  }

  /// What stands beside the task's state.
  std::string why(const std::string& id) const {
    return ui::sentence(WaitingReasons(state()).shown(task(id)), TaskId{id});
  }

  /// What stands next to the run's phase.
  std::string run_why() const { return ui::sentence(shown_reason(state())); }

  TaskState state_of(const std::string& id) const { return task(id).state; }

  /// All facts of that kind so far, each as "id: text".
  std::vector<std::string> told(const std::string& kind) const;
  /// Names of the effects in flight, in the order they were decided: "start_agent A".
  std::vector<std::string> outbox() const;

  Engine engine;
  Time now{};
  Decision last;

 private:
  template <class Kind>
  std::map<EffectId, OutboxEntry>::const_iterator find(const std::string& id) const {
    for (auto at = state().pending.begin(); at != state().pending.end(); ++at) {
      const Effect& effect = at->second.effect;
      if (std::holds_alternative<Kind>(effect) && task_of(effect).value == id) return at;
    }
    return state().pending.end();
  }

  std::vector<Fact> facts_;
  int reports_ = 0;
};

}  // namespace orch::test

namespace Catch {

template <>
struct StringMaker<orch::TaskState> {
  static std::string convert(orch::TaskState state) { return std::string(to_text(state)); }
};

template <>
struct StringMaker<orch::RunPhase> {
  static std::string convert(orch::RunPhase phase) { return std::string(to_text(phase)); }
};

}  // namespace Catch
