// Looks in a thread, measures, writes down.
#include "app/resource_watch.hpp"

#include "app/anomaly_threshold.hpp"
#include "app/boottime_clock.hpp"
#include "app/our_processes.hpp"
#include "app/paths.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kPace = 2s;
/// A three-hundredth of a processor at most, however many processes there are ...
constexpr int kRest = 300;
/// ... but not so rarely that an agent is taken for dead.
constexpr Span kSlowest = 30s;
/// While memory is short, who has most of it is told anew so often at most.
constexpr Span kBetweenFigures = 10s;
constexpr std::int64_t kMsInSecond = 1000;

/// nullptr: there is none.
const AgentResources* biggest_of(const std::vector<AgentResources>& agents) {
  const auto biggest = std::ranges::max_element(
      agents, {}, [](const AgentResources& agent) { return agent.usage.memory; });
  return biggest == agents.end() ? nullptr : &*biggest;
}

/// Does the agent that was named as the biggest live, and has the biggest about as much as was
/// said?
bool is_so(const Reason& told, const AgentResources& biggest,
           const std::vector<AgentResources>& agents) {
  if (told.cause.empty() || told.cause.front().names.empty()) return false;
  const Reason& named = told.cause.front();
  const bool lives = std::ranges::any_of(agents, [&named](const AgentResources& agent) {
    return agent.task.value == named.names.front();
  });
  const std::int64_t now = biggest.usage.memory;
  return lives && now < named.number * 3 / 2 && now > named.number / 2;
}

}  // namespace

ResourceWatch::ResourceWatch(loop::Loop& loop, store::Store& store, const State& state,
                             const RunContext& context, const port::Clock& clock,
                             std::function<void(Event)> post, LookAt look_at)
    : loop_(loop),
      store_(store),
      state_(state),
      context_(context),
      clock_(clock),
      post_(std::move(post)),
      look_at_(std::move(look_at)),
      meter_(::sysconf(_SC_CLK_TCK)),
      memory_({context.config.limits.memory_free, context.config.limits.memory_pressure},
              !state.run.memory_short.empty()),
      overload_(static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)))) {}

ResourceWatch::LookAt ResourceWatch::look_at_proc() {
  return
      [](const std::vector<machine::TreeRoot>& roots) { return machine::look_at("/proc", roots); };
}

std::vector<machine::TreeRoot> ResourceWatch::roots() const {
  std::vector<machine::TreeRoot> roots;
  for (const auto& [id, agent] : state_.agents) {
    if (!agent.is_alive()) continue;
    const ProcessId shim = recorded_shim(agent);
    if (!shim) continue;
    roots.push_back({attempt_key(agent.task, agent.attempt), shim.pid, shim.start_ticks});
  }
  return roots;
}

void ResourceWatch::look() {
  if (looking_ || clock_.now() < next_ || is_over(state_.run.phase)) return;
  std::vector<machine::TreeRoot> all = roots();
  looking_ = true;
  std::function<machine::Look()> work = [look_at = look_at_, all = std::move(all)] {
    return look_at(all);
  };
  loop::spawn<machine::Look>(loop::off_loop<machine::Look>(loop_, std::move(work)),
                             [this](const machine::Look& look) {
                               looking_ = false;
                               take(look);
                             });
}

void ResourceWatch::take(const machine::Look& look) {
  next_ = clock_.now() + std::clamp(Span(look.took_ms * kRest), kPace, kSlowest);
  const std::map<std::string, ResourceUse> used = meter_.measure(look.trees, look.at_ms);
  std::vector<AgentResources> agents;
  for (const auto& [id, agent] : state_.agents) {
    if (!agent.is_alive()) continue;
    const auto found = used.find(attempt_key(agent.task, agent.attempt));
    if (found != used.end()) agents.push_back({agent.task, agent.attempt, found->second});
  }
  note(agents);
  tell_memory(look, agents);
  tell_overload(look, used);
  tell_frozen(look);
}

void ResourceWatch::note(const std::vector<AgentResources>& agents) {
  const Status noted = store_.note_usage(context_.info.id, agents, BoottimeClock::wall_ms());
  // Whether the store is well is found out when something is decided; here it is told once.
  if (std::exchange(noted_, bool(noted)) && !noted)
    log_line(LogLevel::Note, "what agents use is not noted: {}", to_text(noted.error()));
}

/// Once when it begins and when it is over, and meanwhile as often as the figures are others.
void ResourceWatch::tell_memory(const machine::Look& look,
                                const std::vector<AgentResources>& agents) {
  if (!look.memory) return;
  const Reason& told = state_.run.memory_short;
  const bool is_short = memory_.is_short(*look.memory, look.at_ms);
  const AgentResources* const biggest = biggest_of(agents);
  const bool may_tell = !told_memory_ || clock_.now() >= *told_memory_ + kBetweenFigures;
  const bool is_outdated =
      is_short && may_tell && biggest != nullptr && !is_so(told, *biggest, agents);
  if (is_short == !told.empty() && !is_outdated) return;
  told_memory_ = clock_.now();
  MemorySeen seen{.is_short = is_short, .available = look.memory->available};
  if (biggest != nullptr) {
    seen.biggest = biggest->task;
    seen.memory = biggest->usage.memory;
    seen.processes = biggest->usage.processes;
  }
  post_(std::move(seen));
}

/// Once when it has lasted, and once when it is over.
void ResourceWatch::tell_frozen(const machine::Look& look) {
  const std::map<std::string, std::int64_t>& since = frozen_.judge(look.trees, look.at_ms);
  const std::optional<std::int64_t> threshold = threshold_of(state_, Anomaly::Frozen);
  if (!threshold) return;
  for (const auto& [id, agent] : state_.agents) {
    const std::string key = attempt_key(agent.task, agent.attempt);
    const auto found = since.find(key);
    const std::int64_t seconds =
        found == since.end() ? 0 : (look.at_ms - found->second) / kMsInSecond;
    const bool is_frozen = seconds >= *threshold;
    if (is_frozen == told_frozen_.contains(key)) continue;
    AnomalySeen seen{.task = agent.task, .attempt = agent.attempt, .anomaly = Anomaly::Frozen};
    if (is_frozen) {
      told_frozen_.insert(key);
      seen.amount = seconds;
      seen.serial = found->second;
      seen.evidence = fmt::format("process {}", machine::first_process(look.trees.at(key)));
    } else {
      told_frozen_.erase(key);
    }
    post_(std::move(seen));
  }
}

void ResourceWatch::tell_overload(const machine::Look& look,
                                  const std::map<std::string, ResourceUse>& used) {
  std::vector<machine::Load> loads;
  for (const auto& [key, usage] : used)
    loads.push_back({key, usage.cpu, machine::running_in(look.trees.at(key))});
  const std::optional<machine::Overload> overload = overload_.judge(loads, look.at_ms);
  if (!overload) return;
  AgentOverloads seen;
  for (const auto& [id, agent] : state_.agents) {
    const std::string key = attempt_key(agent.task, agent.attempt);
    if (key == overload->key) {
      if (agent.overloads) return;
      seen.task = agent.task;
      seen.attempt = agent.attempt;
    }
    if (std::ranges::find(overload->starved, key) != overload->starved.end())
      seen.starved.push_back(agent.task);
  }
  seen.percent = overload_.percent_of_all(overload->cpu);
  post_(std::move(seen));
}

}  // namespace orch::app
