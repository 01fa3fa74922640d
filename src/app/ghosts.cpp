// Goes through all processes, by their ancestors and their environment.
#include "app/ghosts.hpp"

#include "app/our_processes.hpp"
#include "machine/process_tree.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

/// Shims, what is below them and what is above them.
std::set<pid_t> around_shims(const fs::path& runs, const std::vector<ProcessStat>& all) {
  std::set<pid_t> around;
  std::vector<machine::TreeRoot> roots;
  for (const LivingShim& shim : shims_below(runs)) {
    roots.push_back({shim.attempt.string(), shim.process.pid, shim.process.start_ticks});
    for (const pid_t pid : ancestors_of(shim.process.pid))
      around.insert(pid);
  }
  for (const auto& [attempt, tree] : machine::find_trees(all, roots))
    for (const machine::TreeProcess& process : tree.processes)
      around.insert(process.stat.pid);
  return around;
}

/// The folder of the attempt that a process was started in; empty: in none, or it is not ours to
/// know.
std::string attempt_of(pid_t pid) {
  constexpr std::string_view kName = "TMUX_ORCH_ATTEMPT=";
  constexpr std::size_t kLongest = 4u << 20;
  const Result<std::string> text = read_file(fmt::format("/proc/{}/environ", pid), kLongest);
  if (!text) return {};
  for (const std::string_view variable : split(*text, '\0'))
    if (variable.starts_with(kName)) return std::string(variable.substr(kName.size()));
  return {};
}

std::string program_of(pid_t pid) {
  constexpr std::size_t kLongest = 4096;
  const Result<std::string> name = read_file(fmt::format("/proc/{}/comm", pid), kLongest);
  return name ? std::string(trim(*name)) : std::string();
}

}  // namespace

std::vector<Ghost> find_ghosts(const fs::path& runs) {
  std::vector<Ghost> ghosts;
  const std::vector<ProcessStat> all = read_processes("/proc");
  const std::set<pid_t> around = around_shims(runs, all);
  const std::string below = runs.native() + "/";
  for (const ProcessStat& process : all) {
    if (around.contains(process.pid)) continue;
    const std::string attempt = attempt_of(process.pid);
    if (!attempt.starts_with(below)) continue;
    const std::string program = program_of(process.pid);
    // A supervisor that an agent's call started again, and that call itself.
    if (program == "tmux-orch") continue;
    ghosts.push_back({process.pid, program, fs::path(attempt).filename().string()});
  }
  std::ranges::sort(ghosts, {}, &Ghost::pid);
  return ghosts;
}

std::string ghosts_text(const std::vector<Ghost>& ghosts) {
  constexpr std::size_t kNamed = 5;
  constexpr std::size_t kColumns = 24;
  if (ghosts.empty()) return {};
  std::vector<std::string> named;
  for (const Ghost& ghost : ghosts) {
    if (named.size() == kNamed) break;
    named.push_back(fmt::format("{} {} ({})", ghost.pid, one_line(ghost.program, kColumns),
                                one_line(ghost.attempt, kColumns)));
  }
  const std::size_t more = ghosts.size() - named.size();
  return fmt::format("{} process{} left of attempts that are over: {}{}", ghosts.size(),
                     ghosts.size() == 1 ? " is" : "es are", join(named, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace orch::app
