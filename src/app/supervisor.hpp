#pragma once
// The one loop of a run: an event comes in, the core decides, the store commits, effects begin.
#include "app/agents.hpp"
#include "app/executor.hpp"
#include "app/gates.hpp"
#include "app/journal.hpp"
#include "app/publisher.hpp"
#include "app/run_clock.hpp"
#include "app/task_watch.hpp"
#include "app/world.hpp"
#include "loop/loop.hpp"
#include "loop/socket.hpp"
#include "orch/core/engine.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orch::app {

class Supervisor {
 public:
  Supervisor(World& world, Engine& engine);
  ~Supervisor();

  /// Recovers and goes on until the run is over: drains the spool, takes over living agents,
  /// carries out what is in the outbox. An Error is one after which going on would be wrong (the
  /// store).
  Status run();

  /// Asks for something and says what came of it; an empty text: it was done.
  std::string ask(const PersonAsked& request);
  /// Queues an event; it is handled on the next turn of the loop.
  void post(Event event);
  /// Something of an agent's is in its spool.
  void read_reports();

 private:
  void open_stage();
  bool is_starting(const TaskRecord& task) const;
  void handle(const Event& event);
  void begin(EffectId id, const Effect& effect);
  void drain();
  void after(const Decision& decision);
  void arm_clock();
  void beat();
  bool stand();
  Result<std::int64_t> store_anew(const Event& event, const Decision& decision);
  void look_at_base();
  void leave_if_over();
  void leave();
  void leave_now();
  void stop_for(const Error& error);

  World& world_;
  Engine& engine_;
  RunClock clock_;
  Journal journal_;
  Agents agents_;
  Gates gates_;
  Executor executor_;
  Publisher publisher_;
  loop::Timer wake_;
  loop::Timer second_;
  loop::Timer farewell_;
  std::unique_ptr<loop::Server> server_;
  TaskWatch tasks_;
  std::deque<Event> queue_;
  std::string refused_;
  bool draining_ = false;
  bool looking_at_base_ = false;
  int without_lock_ = 0;  // looks in a row at which somebody else had it
  Status result_;
};

}  // namespace orch::app
