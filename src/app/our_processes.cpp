// Reads program, arguments and owner of processes in /proc.
#include "app/our_processes.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kShim = "orch-shim";
constexpr std::string_view kProgram = "tmux-orch";

bool is_of_this_user(pid_t pid) {
  struct stat status {};

  return ::stat(fmt::format("/proc/{}", pid).c_str(), &status) == 0 && status.st_uid == ::geteuid();
}

/// The name of the file that the process executes, also after that was replaced by a newer one.
std::string program_of(pid_t pid) {
  std::error_code ec;
  std::string name = fs::read_symlink(fmt::format("/proc/{}/exe", pid), ec).filename().string();
  constexpr std::string_view kDeleted = " (deleted)";
  if (name.ends_with(kDeleted)) name.resize(name.size() - kDeleted.size());
  return name;
}

std::vector<std::string> arguments_of(pid_t pid) {
  constexpr std::size_t kLongest = 64u << 10;
  std::vector<std::string> words;
  const Result<std::string> text = read_file(fmt::format("/proc/{}/cmdline", pid), kLongest);
  if (!text) return words;
  for (const std::string_view word : split(*text, '\0'))
    words.emplace_back(word);
  // Each word ends in a NUL, the last one, too.
  if (!words.empty()) words.pop_back();
  return words;
}

std::vector<pid_t> own_pids() {
  std::vector<pid_t> pids;
  std::error_code ec;
  for (fs::directory_iterator it("/proc", ec), end; !ec && it != end; it.increment(ec)) {
    const std::string name = it->path().filename().string();
    pid_t pid = 0;
    const auto [stop, code] = std::from_chars(name.data(), name.data() + name.size(), pid);
    const bool number = code == std::errc{} && stop == name.data() + name.size();
    if (number && is_of_this_user(pid)) pids.push_back(pid);
  }
  return pids;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [at, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return at == folder.end() && rest != path.end();
}

}  // namespace

std::optional<LivingShim> as_shim(pid_t pid) {
  // Read before anything else is: what is read of another process with that number is not taken.
  const ProcessId process = identify(pid);
  if (!process || !is_of_this_user(pid) || program_of(pid) != kShim) return {};
  const std::vector<std::string> words = arguments_of(pid);
  if (words.size() != 2 || identify(pid) != process) return {};
  return LivingShim{process, words[1]};
}

std::vector<LivingShim> shims_below(const fs::path& folder) {
  std::vector<LivingShim> found;
  for (const pid_t pid : own_pids()) {
    std::optional<LivingShim> shim = as_shim(pid);
    if (shim && is_below(shim->attempt, folder)) found.push_back(std::move(*shim));
  }
  std::ranges::sort(found, {}, [](const LivingShim& shim) { return shim.process.start_ticks; });
  return found;
}

ProcessId shim_of(const fs::path& attempt) {
  for (const LivingShim& shim : shims_below(attempt.parent_path()))
    if (shim.attempt == attempt) return shim.process;
  return {};
}

std::vector<LivingShim> shims_above(pid_t pid, const fs::path& folder) {
  std::vector<LivingShim> found;
  for (const pid_t ancestor : ancestors_of(pid)) {
    std::optional<LivingShim> shim = as_shim(ancestor);
    if (shim && is_below(shim->attempt, folder)) found.push_back(std::move(*shim));
  }
  return found;
}

std::vector<ProcessId> processes_of(const fs::path& attempt) {
  constexpr std::size_t kLongest = 4u << 20;
  const std::string mark = "TMUX_ORCH_ATTEMPT=" + attempt.native();
  std::vector<ProcessId> found;
  for (const pid_t pid : own_pids()) {
    const ProcessId process = identify(pid);
    if (!process || pid == ::getpid()) continue;
    const Result<std::string> text = read_file(fmt::format("/proc/{}/environ", pid), kLongest);
    if (!text) continue;
    const std::vector<std::string_view> variables = split(*text, '\0');
    const bool is_its = std::ranges::find(variables, mark) != variables.end();
    if (is_its && identify(pid) == process) found.push_back(process);
  }
  return found;
}

ProcessId supervisor_of(const fs::path& repository) {
  for (const pid_t pid : own_pids()) {
    const ProcessId process = identify(pid);
    if (!process || program_of(pid) != kProgram) continue;
    const std::vector<std::string> words = arguments_of(pid);
    const bool ours = words.size() == 5 && words[1] == "-C" && words[2] == repository.native() &&
                      words[3] == "supervise";
    if (ours && identify(pid) == process) return process;
  }
  return {};
}

ProcessId recorded_shim(const AgentRun& agent) {
  const HostedProcess& shim = agent.shim;
  if (!shim.host.empty() || shim.pid <= 0 || shim.start == 0) return {};
  return {static_cast<pid_t>(shim.pid), shim.start, shim.boot};
}

ProcessId recorded_shim(const AgentRun& agent, const fs::path& folder) {
  ProcessId recorded = recorded_shim(agent);
  const std::optional<LivingShim> seen = as_shim(recorded.pid);
  const bool of_another = seen && seen->process == recorded && seen->attempt != folder;
  return of_another ? ProcessId() : recorded;
}

bool runs_a_tool(const ProcessTree& processes, pid_t shim) {
  constexpr std::array<std::string_view, 6> kShells{"bash", "dash", "fish", "ksh", "sh", "zsh"};
  const std::vector<ProcessStat> tree = processes.below(shim);
  // The first one is the agent itself, which may be started by a script.
  return std::ranges::any_of(
      tree.begin() + (tree.empty() ? 0 : 1), tree.end(), [&](const ProcessStat& process) {
        return std::ranges::find(kShells, program_of(process.pid)) != kShells.end();
      });
}

}  // namespace orch::app
