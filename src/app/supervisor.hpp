#pragma once
// What is about the real world in the loop of a run (run/run_loop): what drives it, what it stands
// on, who sees it, and when it is over.
#include "app/agent_inbox.hpp"
#include "app/agent_stop.hpp"
#include "app/agents.hpp"
#include "app/boottime_clock.hpp"
#include "app/checkout_watch.hpp"
#include "app/conflict_watch.hpp"
#include "app/deliveries.hpp"
#include "app/executor.hpp"
#include "app/gates.hpp"
#include "app/integration_watch.hpp"
#include "app/landings.hpp"
#include "app/notifier.hpp"
#include "app/pane_watch.hpp"
#include "app/pool_keeper.hpp"
#include "app/publisher.hpp"
#include "app/pushes.hpp"
#include "app/regeneration.hpp"
#include "app/resource_watch.hpp"
#include "app/reviews.hpp"
#include "app/run_context.hpp"
#include "app/run_ledger.hpp"
#include "app/sign_watch.hpp"
#include "app/task_marks.hpp"
#include "app/task_watch.hpp"
#include "app/test_window.hpp"
#include "app/usage_watch.hpp"
#include "app/view_watch.hpp"
#include "app/worker_files.hpp"
#include "app/worktrees.hpp"
#include "loop/loop.hpp"
#include "loop/socket.hpp"
#include "orch/core/engine.hpp"
#include "run/run_loop.hpp"

#include <memory>
#include <string>

namespace orch::app {

class Ground;
class TmuxHost;

class Supervisor {
 public:
  /// All that there is outside. Only the supervisor has it together: it gives each of its parts
  /// what that part uses.
  struct Adapters {
    loop::Loop& loop;
    loop::Children& children;
    git::Repository& git;
    TmuxHost& tmux;
    store::Store& store;
    Ground& ground;
  };

  Supervisor(Adapters adapters, const RunContext& context, Engine& engine);
  ~Supervisor();

  /// Recovers and goes on until the run is over. An Error is one after which going on would be
  /// wrong (the store).
  Status run();

 private:
  Status listen();
  void open_session();
  void after(const Decision& decision);
  void arm_clock();
  void heartbeat();
  void sweep();
  void clear_stale_locks();
  void leave_out_status_files();
  bool stand();
  void put_back_files();
  void put_back_socket();
  void look_at_base();
  bool is_done() const;
  void leave_if_over();
  void leave();
  void leave_now();
  void stop_for(const Error& error);

  Adapters adapters_;
  const RunContext& context_;
  Engine& engine_;
  BoottimeClock clock_;
  RunLedger ledger_;
  AgentInbox inbox_;
  Agents agents_;
  Gates gates_;
  TaskMarks marks_;
  Regeneration regeneration_;
  Landings landings_;
  Pushes pushes_;
  Reviews reviews_;
  PoolKeeper pool_keeper_;
  Worktrees worktrees_;
  PaneWatch pane_watch_;
  ViewWatch view_watch_;
  TestWindow test_window_;
  ResourceWatch resource_watch_;
  UsageWatch usage_watch_;
  SignWatch sign_watch_;
  IntegrationWatch integration_watch_;
  CheckoutWatch checkout_watch_;
  ConflictWatch conflict_watch_;
  Deliveries deliveries_;
  AgentStop agent_stop_;
  Executor executor_;
  RunLoop run_loop_;
  Publisher publisher_;
  WorkerFiles worker_files_;
  Notifier notifier_;
  loop::Timer wake_;
  loop::Timer second_;
  loop::Timer sweep_;
  loop::Timer linger_;
  std::unique_ptr<loop::SocketServer> server_;
  TaskWatch tasks_;
  bool left_out_status_files_ = false;
  bool looking_at_base_ = false;
  std::string base_seen_;  // its signs, when it was looked at without finding anything new
  int without_lock_ = 0;   // looks in a row at which somebody else had it
  Status result_;
};

}  // namespace orch::app
