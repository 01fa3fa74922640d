#pragma once
// The one loop of a run: an event comes in, the core decides, the store commits, effects begin.
#include "app/agents.hpp"
#include "app/event_queue.hpp"
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
#include <memory>
#include <set>
#include <string>

namespace orch::app {

class Supervisor {
 public:
  Supervisor(World& world, Engine& engine);
  ~Supervisor();

  /// Recovers and goes on until the run is over: drains the spool, takes over living agents,
  /// carries out what is in the outbox. An Error is one after which going on would be wrong (the
  /// store).
  Status run();

  /// Queues an event; it is handled on the next turn of the loop, and `reply` is told what came of
  /// it.
  void post(Event event, EventQueue::Reply reply = {});
  /// Something of an agent's is in its spool: queues it.
  void read_reports();

 private:
  void open_stage();
  bool is_starting(const TaskRecord& task) const;
  Result<std::string> handle(const Event& event);
  void begin(EffectId id, const Effect& effect);
  void after(const Decision& decision);
  void arm_clock();
  void beat();
  bool stand();
  Result<std::int64_t> store_anew(const Event& event, const Decision& decision);
  void look_at_base();
  bool is_done() const;
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
  EventQueue queue_;
  std::set<fs::path> queued_reports_;
  bool looking_at_base_ = false;
  int without_lock_ = 0;  // looks in a row at which somebody else had it
  Status result_;
};

}  // namespace orch::app
