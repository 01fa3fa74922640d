// Runs the simulation for many seeds; a failing one prints the line that shows it again.
#include "sim/simulation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>

namespace {

struct Options {
  std::uint64_t seeds = 2000;
  std::uint64_t from = 1;
  int steps = 250;
  bool print = false;
};

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end;
}

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--print") {
      options.print = true;
      continue;
    }
    const std::string_view value = i + 1 < argc ? argv[++i] : "";
    const bool known = (name == "--seeds" && read_number(value, options.seeds)) ||
                       (name == "--from" && read_number(value, options.from)) ||
                       (name == "--steps" && read_number(value, options.steps));
    if (!known) return std::nullopt;
  }
  return options;
}

/// The steps of the tables that no seed has taken: what is never taken is never tested.
void print_untaken(const orch::sim::Invariants::Steps& steps,
                   const orch::sim::Invariants::AgentSteps& agent_steps,
                   const orch::sim::Invariants::LandingSteps& landing_steps) {
  for (const orch::LandingArrow& arrow : orch::landing_arrows())
    if (!landing_steps.contains({arrow.from, arrow.step}))
      fmt::print("no landing takes the step {} from {}\n", to_text(arrow.step),
                 to_text(arrow.from));
  for (const orch::AgentArrow& arrow : orch::agent_arrows())
    if (!agent_steps.contains({arrow.from, arrow.step}))
      fmt::print("no agent takes the step {} from {}\n", to_text(arrow.step), to_text(arrow.from));
  for (const orch::Arrow& arrow : orch::task_arrows())
    if (!steps.contains({arrow.from, arrow.step}))
      fmt::print("no seed takes the step {} from {}\n", to_text(arrow.step), to_text(arrow.from));
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = read_options(argc, argv);
  if (!options) {
    fmt::print(stderr, "usage: {} [--seeds N] [--from SEED] [--steps M] [--print]\n", argv[0]);
    return 2;
  }
  std::size_t events = 0;
  std::uint64_t failed = 0;
  orch::sim::Invariants::Steps steps;
  orch::sim::Invariants::AgentSteps agent_steps;
  orch::sim::Invariants::LandingSteps landing_steps;
  for (std::uint64_t seed = options->from; seed < options->from + options->seeds; ++seed) {
    orch::sim::Simulation simulation(seed, options->print);
    const std::string complaint = simulation.run(options->steps);
    events += simulation.events();
    for (const auto& [step, times] : simulation.invariants().steps())
      steps[step] += times;
    for (const auto& [step, times] : simulation.invariants().agent_steps())
      agent_steps[step] += times;
    for (const auto& [step, times] : simulation.invariants().landing_steps())
      landing_steps[step] += times;
    if (complaint.empty()) continue;
    ++failed;
    fmt::print("{}\n  again: {} --from {} --seeds 1 --steps {} --print\n", complaint, argv[0], seed,
               options->steps);
    if (failed == 10) break;
  }
  print_untaken(steps, agent_steps, landing_steps);
  fmt::print("{} seeds, {} events, {} failed\n", options->seeds, events, failed);
  return failed == 0 ? 0 : 1;
}
