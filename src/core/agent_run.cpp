// What an agent's process can do next.
#include "orch/core/agent_run.hpp"

#include <algorithm>
#include <array>

namespace orch {
namespace {

using P = AgentPhase;

constexpr std::array kRunArrows = {
    AgentArrow{P::Assigned, AgentStep::Start, P::Starting},
    AgentArrow{P::Starting, AgentStep::Live, P::Live},
    AgentArrow{P::Live, AgentStep::Stop, P::Exiting},
    AgentArrow{P::Exiting, AgentStep::Stop, P::Exiting},
    AgentArrow{P::Live, AgentStep::Exit, P::Exited},
    AgentArrow{P::Exiting, AgentStep::Exit, P::Exited},
    // It may be heard of before its start is confirmed.
    AgentArrow{P::Starting, AgentStep::Exit, P::Exited},
};

constexpr const AgentArrow* find(P from, AgentStep step) {
  for (const AgentArrow& arrow : kRunArrows)
    if (arrow.from == from && arrow.step == step) return &arrow;
  return nullptr;
}

static_assert(std::ranges::all_of(kRunArrows, [](const AgentArrow& arrow) {
  return find(arrow.from, arrow.step) == &arrow;
}));

}  // namespace

std::span<const AgentArrow> agent_arrows() {
  return kRunArrows;
}

std::optional<AgentPhase> next_phase(AgentPhase from, AgentStep step) {
  const AgentArrow* arrow = find(from, step);
  return arrow == nullptr ? std::nullopt : std::optional(arrow->to);
}

bool is_session_id(std::string_view id) {
  constexpr std::size_t kLongest = 80;
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !id.empty() && id.size() <= kLongest && is_plain(id.front()) &&
         std::ranges::all_of(id, [&](char c) { return is_plain(c) || c == '-' || c == '_'; });
}

}  // namespace orch
