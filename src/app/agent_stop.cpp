// Command, SIGTERM, SIGKILL.
#include "app/agent_stop.hpp"

#include "app/deliveries.hpp"
#include "app/our_processes.hpp"
#include "app/spool.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

// The shim ends its whole tree and writes how it went; it is given its grace and a little more.
constexpr Span kMoreForShim = 5s;
constexpr Span kKillTimeout = 5s;
// We are told of ends; where that is lost (the kernel has no descriptor for a process), they are
// found a moment later.
constexpr Span kLook = 500ms;
// What was born while the others were killed is killed in the next round.
constexpr Span kRound = 100ms;

/// The same for each try, so that it is typed once in an attempt.
std::string id_of_command(const StopAgent& effect) {
  const std::string name = attempt_key(effect.task, effect.attempt);
  return hex(fnv1a(name, fnv1a("exit"))) + hex(fnv1a(name, fnv1a("command")));
}

/// The process and all below it, each once.
void add_below(const ProcessId& process, std::vector<ProcessId>& tree) {
  const auto add = [&tree](const ProcessId& one) {
    if (std::ranges::find(tree, one) == tree.end()) tree.push_back(one);
  };
  // Of one that is gone, the number may be somebody else's by now.
  if (!is_alive(process)) return;
  add(process);
  for (const ProcessId& child : descendants_of(process.pid))
    add(child);
}

}  // namespace

AgentStop::AgentStop(loop::Loop& loop, Deliveries& deliveries, const State& state,
                     const RunContext& context)
    : loop_(loop), deliveries_(deliveries), state_(state), context_(context) {}

loop::Job<StopAgent::Ends> AgentStop::stop(const StopAgent& effect) {
  const fs::path folder = context_.run.attempt(effect.task, effect.attempt);
  const std::vector<ProcessId> shims = shims_of(effect, folder);
  if (!shims.empty()) (void)co_await leave_by_command(effect, shims);
  std::vector<ProcessId> tree;
  for (const ProcessId& shim : shims) {
    add_below(shim, tree);
    signal_process(shim, SIGTERM);
  }
  Span timeout = context_.config.limits.stop_grace;
  if (!tree.empty()) {
    timeout += kMoreForShim;
  } else {
    tree = processes_of(folder);
    for (const ProcessId& process : tree)
      signal_process(process, SIGTERM);
  }
  (void)co_await await_end(tree, timeout);
  co_return co_await kill_all(tree, folder);
}

/// Those that live.
std::vector<ProcessId> AgentStop::shims_of(const StopAgent& effect, const fs::path& folder) const {
  std::vector<ProcessId> shims = {shim_of(folder)};
  const TaskRecord* task = state_.find(effect.task);
  if (task != nullptr && task->attempts == effect.attempt) {
    const ProcessId recorded = recorded_shim(state_.agent_of(*task), folder);
    if (recorded != shims.front()) shims.push_back(recorded);
  }
  std::erase_if(shims, [](const ProcessId& shim) { return !is_alive(shim); });
  return shims;
}

/// Tells its program to end, if it is at its prompt, and gives it time to. True: it has ended, and
/// all that it started.
loop::Job<bool> AgentStop::leave_by_command(const StopAgent& effect, std::vector<ProcessId> shims) {
  const TaskRecord* task = state_.find(effect.task);
  if (task == nullptr || task->attempts != effect.attempt) co_return false;
  const AgentRun& agent = state_.agent_of(*task);
  const auto profile = context_.config.agents.find(agent.kind);
  if (profile == context_.config.agents.end() || profile->second.exit_command.empty() ||
      agent.control == Control::User)
    co_return false;
  const TypeText order{.task = effect.task,
                       .attempt = effect.attempt,
                       .agent = agent.kind,
                       .message = id_of_command(effect),
                       .text = profile->second.exit_command};
  const std::optional<TypeText::Ends> in_the_way = co_await deliveries_.hand_over(order);
  if (in_the_way) co_return false;
  const Span grace = context_.config.limits.stop_grace;
  co_return co_await await_end(shims, grace);
}

/// Until nothing of the attempt is left, what was born meanwhile included.
loop::Job<StopAgent::Ends> AgentStop::kill_all(std::vector<ProcessId> tree, fs::path folder) {
  const std::int64_t deadline = loop::Loop::boottime_ms() + kKillTimeout.count();
  for (;;) {
    std::vector<ProcessId> left = processes_of(folder);
    for (const ProcessId& process : tree)
      add_below(process, left);
    if (left.empty()) co_return Done{};
    if (loop::Loop::boottime_ms() >= deadline) {
      co_return NotDone{.why =
                            fmt::format("process {} of its agent does not end", left.front().pid)};
    }
    for (const ProcessId& process : left)
      signal_process(process, SIGKILL);
    (void)co_await await_end(left, kRound);
    tree = std::move(left);
  }
}

/// True: none of them lives any more. One is watched after the other, as a tree may have more
/// processes than we have descriptors.
loop::Job<bool> AgentStop::await_end(std::vector<ProcessId> tree, Span timeout) {
  const std::int64_t deadline = loop::Loop::boottime_ms() + timeout.count();
  for (const ProcessId& process : tree) {
    if (!is_alive(process)) continue;
    const auto wait = waits_.emplace(waits_.end(), loop_);
    wait->exit.emplace(loop_, process.pid, [wake = &wait->wake] { wake->set(); });
    Span left(deadline - loop::Loop::boottime_ms());
    while (is_alive(process) && left > Span{}) {
      (void)co_await wait->wake.wait(std::min(left, kLook));  // set or not, it is looked again
      left = Span(deadline - loop::Loop::boottime_ms());
    }
    waits_.erase(wait);
    if (is_alive(process)) co_return false;
  }
  co_return true;
}

}  // namespace orch::app
