#pragma once
// Ends an agent and everything that belongs to its attempt: first by the command of its own
// program, so that it saves its conversation, then by SIGTERM, at last by SIGKILL.
//
// To belong to an attempt means to be its shim, to be below it, or to have the attempt's folder in
// its environment. The shim is the parent of every orphan below it, so while it lives the second is
// all there is; where it was killed, the third finds what it left.
#include "app/run_context.hpp"
#include "loop/auto_reset_event.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <list>
#include <optional>
#include <vector>

namespace orch::app {

class Deliveries;

class AgentStop {
 public:
  AgentStop(loop::Loop& loop, Deliveries& deliveries, const State& state,
            const RunContext& context);

  /// Each step gets `limits.stop_grace`. Nothing is typed but at the prompt of its program, and
  /// nothing where a person types or has taken over.
  loop::Job<StopAgent::Ends> stop(const StopAgent& effect);

 private:
  /// Kept here and not by the job that waits, which may never go on: what hangs on the loop must be
  /// gone before it.
  struct Wait {
    explicit Wait(loop::Loop& loop) : wake(loop) {}

    loop::AutoResetEvent wake;
    std::optional<loop::ExitWatch> exit;
  };

  std::vector<ProcessId> shims_of(const StopAgent& effect, const fs::path& folder) const;
  loop::Job<bool> leave_by_command(const StopAgent& effect, std::vector<ProcessId> shims);
  loop::Job<StopAgent::Ends> kill_all(std::vector<ProcessId> tree, fs::path folder);
  loop::Job<bool> await_end(std::vector<ProcessId> tree, Span timeout);

  loop::Loop& loop_;
  Deliveries& deliveries_;
  const State& state_;
  const RunContext& context_;
  std::list<Wait> waits_;
};

}  // namespace orch::app
