// From the folders of a run's tests to what a person reads.
#include "cli/test_logs.hpp"

#include "app/supervisor_client.hpp"
#include "cli/output.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace orch::cli {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(200);
/// A program that has not its lock after so long will never begin.
constexpr auto kBegins = std::chrono::seconds(5);
constexpr std::size_t kLargestLog = std::size_t{64} << 20;

/// That began last.
std::optional<fs::path> newest_folder(const fs::path& gates) {
  std::optional<fs::path> newest;
  fs::file_time_type began{};
  std::error_code error;
  for (fs::directory_iterator entry(gates, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code none;
    const auto time = fs::last_write_time(entry->path() / shim::attempt_file::kSpec, none);
    if (none || (newest && time <= began)) continue;
    newest = entry->path();
    began = time;
  }
  return newest;
}

std::string heading(const fs::path& folder) {
  const Result<shim::GateSpec> spec = shim::read_gate_spec(folder);
  std::vector<std::string> commands;
  if (spec) {
    for (const shim::GateCommand& command : spec->commands)
      commands.push_back(one_line(join(command.argv, " "), 200));
  }
  return fmt::format("== {}\n", commands.empty() ? "tests" : join(commands, "; "));
}

std::string outcome(const fs::path& folder) {
  const Result<shim::GateResult> result = shim::read_gate_result(folder);
  if (!result || result->outcomes.empty()) return "== stopped: no result\n";
  const shim::ProcessEnd& last = result->outcomes.back();
  const double seconds = static_cast<double>(result->ended_ms - result->started_ms) / 1000;
  if (result->passed) return fmt::format("== passed in {:.1f} s\n", seconds);
  const std::string how = last.ending == shim::EndKind::Code
                              ? fmt::format("exited with {}", last.code)
                              : std::string(to_text(last.ending));
  return fmt::format("== failed in {:.1f} s: {}\n", seconds, how);
}

/// Escape sequences become visible, lines stay lines.
std::string shown(std::string_view text, int last_lines) {
  const std::vector<std::string_view> lines = split_lines(text);
  const auto wanted = static_cast<std::size_t>(std::max(0, last_lines));
  const std::size_t from = wanted > 0 && lines.size() > wanted ? lines.size() - wanted : 0;
  std::string out;
  for (std::size_t line = from; line < lines.size(); ++line)
    out += one_line(lines[line]) + "\n";
  return out;
}

std::string log_of(const fs::path& folder) {
  const Result<UntrustedFolder> place = UntrustedFolder::open(folder);
  if (!place) return {};
  return place->read(std::string(shim::attempt_file::kGateLog), kLargestLog).value_or("");
}

/// They run, or are to begin at any moment.
bool runs(const fs::path& folder) {
  if (is_locked(folder / shim::attempt_file::kLock)) return true;
  std::error_code error;
  if (fs::exists(folder / shim::attempt_file::kGateResult, error)) return false;
  const auto made = fs::last_write_time(folder / shim::attempt_file::kSpec, error);
  return !error && fs::file_time_type::clock::now() - made < kBegins;
}

/// One folder to its end, or as far as it is.
void show(const fs::path& folder, int lines, bool follow) {
  print(heading(folder));
  bool goes_on = runs(folder);
  std::string text = log_of(folder);
  print(shown(text, lines));
  std::size_t printed = text.size();
  while (follow && goes_on) {
    std::this_thread::sleep_for(kBetweenLooks);
    goes_on = runs(folder);  // before the log is read, so that its end is not missed
    text = log_of(folder);
    const std::size_t end = goes_on ? text.rfind('\n') + 1 : text.size();  // npos + 1 is 0
    if (end <= printed) continue;
    print(shown(std::string_view(text).substr(printed, end - printed), 0));
    printed = end;
  }
  print(goes_on ? "== they run\n" : outcome(folder));
}

}  // namespace

int show_test_logs(const RunHandle& handle, int lines, bool follow) {
  const fs::path gates = app::RunPaths(handle.paths.run(handle.run.info.id)).gate("").parent_path();
  std::optional<fs::path> folder = newest_folder(gates);
  if (!folder && !follow)
    return complain(Error{Fault::NotFound, "no test has run yet",
                          "tests run before something lands, and on the base: [[merge.test]]"});
  std::optional<fs::path> seen;
  for (;;) {
    if (folder && folder != seen) show(*folder, seen ? 0 : lines, follow);
    if (!follow || !app::supervisor_alive(handle.paths)) return status::kOk;
    seen = folder;
    std::this_thread::sleep_for(kBetweenLooks);
    folder = newest_folder(gates);
  }
}

}  // namespace orch::cli
