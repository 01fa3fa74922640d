#pragma once
// The one loop of a run: an event comes in, the core decides, the ledger keeps it, effects begin.
//
//   post --> queue --> Engine::handle --> Ledger::commit --> Effects::begin --> reply
//     ^                                                           |
//     +---- EffectEnded -----------------------------------------+
//     +---- AgentReported, AgentExited ------ Inbox
//
// One event at a time, each through the queue. A crash leaves either nothing of an event or a
// decision that start() can carry out. It knows neither files nor processes nor what wakes it: the
// supervisor and the simulation give it those.
#include "orch/base/result.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/port/clock.hpp"
#include "orch/port/effects.hpp"
#include "orch/port/inbox.hpp"
#include "orch/port/ledger.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace orch {

class RunLoop {
 public:
  struct Ports {
    port::Ledger& ledger;
    port::Effects& effects;
    port::Inbox& inbox;
    const port::Clock& clock;
  };

  /// What its owner is told.
  struct Calls {
    std::function<void()> wake;  ///< there is something to do: drain() is to be called, but later
    std::function<void(const Decision&)> decided;  ///< it is kept, and its effects are begun
    std::function<void(const Error&)> broken;      ///< the ledger: nothing is decided any more
  };

  /// Told exactly once what was decided on this event, and of no other; an Error: nothing was.
  using Reply = std::function<void(const Result<Decision>&)>;

  /// `engine` has the state that the ledger has.
  RunLoop(Engine& engine, Ports ports, Calls calls);
  RunLoop(const RunLoop&) = delete;
  RunLoop& operator=(const RunLoop&) = delete;

  /// Recovery, which is the only way to begin: takes what agents said while nobody listened, then
  /// looks who of them still lives, then goes on with what was under way.
  void start();

  /// The event is handled after those that were posted before, and never inside this call.
  void post(Event event, Reply reply = {});
  /// Handles all that is in the queue.
  void drain();
  /// This task's agent may have reported something: queues it.
  void read_inbox(const TaskId& task);
  /// Any agent may have: for what nobody tells of.
  void sweep_inbox();
  /// Nothing is handled any more; who still waits for a reply, or comes later, gets this one.
  void close(const Error& why);

  bool is_idle() const { return queue_.empty(); }

 private:
  struct Posted {
    Event event;
    Reply reply;
  };

  Result<Decision> handle(const Event& event);
  void begin(EffectId id, const Effect& effect);
  void follow(const TaskRecord& task);
  void read(const TaskRecord& task);
  bool is_starting(const TaskRecord& task) const;

  Engine& engine_;
  Ports ports_;
  Calls calls_;
  std::deque<Posted> queue_;
  std::set<std::tuple<TaskId, int, std::string>> queued_;  // reports that are still in the inbox
  std::map<TaskId, AgentRunId> followed_;                  // whose attempt; 0: nobody's any more
  std::optional<Error> closed_;
  bool woken_ = false;
  bool draining_ = false;
};

}  // namespace orch
