#pragma once
// Watches what agents use of the machine, and how it fares. What is seen is written down for
// `status` and for other programs, and is no event; that memory gets short or is enough again, and
// that an agent takes the machine from the others or is stopped, is.
#include "app/run_context.hpp"
#include "machine/frozen.hpp"
#include "machine/look.hpp"
#include "machine/memory.hpp"
#include "machine/overload.hpp"
#include "machine/usage_meter.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orch::loop {
class Loop;
}

namespace orch::app {

class ResourceWatch {
 public:
  /// A look at the machine, taken in a thread.
  using LookAt = std::function<machine::Look(const std::vector<machine::TreeRoot>& roots)>;

  /// `post` takes the events. Looks at something else than /proc are for tests.
  ResourceWatch(loop::Loop& loop, store::Store& store, const State& state,
                const RunContext& context, const port::Clock& clock,
                std::function<void(Event)> post, LookAt look_at = look_at_proc());

  /// Called once a second; does nothing while an earlier look is not over, or was a moment ago.
  void look();

 private:
  static LookAt look_at_proc();
  std::vector<machine::TreeRoot> roots() const;
  void take(const machine::Look& look);
  void note(const std::vector<AgentResources>& agents);
  void tell_overload(const machine::Look& look, const std::map<std::string, ResourceUse>& used);
  void tell_frozen(const machine::Look& look);
  void tell_memory(const machine::Look& look, const std::vector<AgentResources>& agents);

  loop::Loop& loop_;
  store::Store& store_;
  const State& state_;
  const RunContext& context_;
  const port::Clock& clock_;
  std::function<void(Event)> post_;
  LookAt look_at_;
  machine::UsageMeter meter_;
  machine::MemoryJudge memory_;
  machine::OverloadJudge overload_;
  machine::FrozenJudge frozen_;
  std::set<std::string> told_frozen_;  ///< by the key of the attempt
  bool looking_ = false;
  bool noted_ = true;  ///< the last time
  Time next_{};
  std::optional<Time> told_memory_;
};

}  // namespace orch::app
