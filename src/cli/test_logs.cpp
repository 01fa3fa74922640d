// From the folders of a run's tests and reviews to what a person reads.
#include "cli/test_logs.hpp"

#include "app/supervisor_client.hpp"
#include "cli/folder_changes.hpp"
#include "cli/output.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace orch::cli {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(200);
/// A program that has not its lock after so long will never begin.
constexpr auto kBegins = std::chrono::seconds(5);
/// Between two looks at whether a supervisor lives.
constexpr auto kAlive = std::chrono::seconds(2);
constexpr std::size_t kLargestLog = std::size_t{64} << 20;

/// In `parent`, after `began`, which it sets.
void find_newer(const fs::path& parent, std::optional<fs::path>& newest,
                fs::file_time_type& began) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code none;
    const auto time = fs::last_write_time(entry->path() / shim::attempt_file::kSpec, none);
    if (none || (newest && time <= began)) continue;
    newest = entry->path();
    began = time;
  }
}

std::optional<fs::path> newest_tests(const app::RunPaths& run) {
  std::optional<fs::path> newest;
  fs::file_time_type began{};
  find_newer(run.gates(), newest, began);
  return newest;
}

/// Is that the folder of the reviews of an attempt at the task?
bool is_of(const std::string& folder, const TaskId& task) {
  const std::string prefix = app::attempt_key(task, 0);  // ends in ".0"
  const std::string_view stem = std::string_view(prefix).substr(0, prefix.size() - 1);
  return folder.starts_with(stem) &&
         folder.find_first_not_of("0123456789", stem.size()) == std::string::npos;
}

std::optional<fs::path> newest_review(const app::RunPaths& run, const TaskId& task) {
  std::optional<fs::path> newest;
  fs::file_time_type began{};
  std::error_code error;
  for (fs::directory_iterator entry(run.reviews(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (task.value.empty() || is_of(entry->path().filename().native(), task))
      find_newer(entry->path(), newest, began);
  }
  return newest;
}

std::string heading(const fs::path& folder) {
  const Result<shim::GateSpec> spec = shim::read_gate_spec(folder);
  if (spec && !spec->title.empty()) return fmt::format("== {}\n", one_line(spec->title, 200));
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

/// They run, or are to begin at any moment, as long as there is a supervisor.
bool runs(const fs::path& folder, bool is_supervised) {
  if (is_locked(folder / shim::attempt_file::kLock)) return true;
  if (!is_supervised) return false;
  std::error_code error;
  if (fs::exists(folder / shim::attempt_file::kGateResult, error)) return false;
  const auto made = fs::last_write_time(folder / shim::attempt_file::kSpec, error);
  return !error && fs::file_time_type::clock::now() - made < kBegins;
}

/// One folder to its end, or as far as it is.
void show(const app::Paths& paths, const fs::path& folder, int lines, bool follow) {
  print(heading(folder));
  bool goes_on = runs(folder, app::supervisor_alive(paths));
  std::string text = log_of(folder);
  print(shown(text, lines));
  std::size_t printed = text.size();
  while (follow && goes_on) {
    std::this_thread::sleep_for(kBetweenLooks);
    // Before the log is read, so that its end is not missed.
    goes_on = runs(folder, app::supervisor_alive(paths));
    text = log_of(folder);
    const std::size_t end = goes_on ? text.rfind('\n') + 1 : text.size();  // npos + 1 is 0
    if (end <= printed) continue;
    print(shown(std::string_view(text).substr(printed, end - printed), 0));
    printed = end;
  }
  print(goes_on ? "== they run\n" : outcome(folder));
}

/// What `newest` finds; `follow`: then what it finds next, as often as `await` says to look.
int show_newest(const RunHandle& handle, const std::function<std::optional<fs::path>()>& newest,
                const std::function<bool()>& await, const Error& none, int lines, bool follow) {
  std::optional<fs::path> folder = newest();
  if (!folder && !follow) return complain(none);
  std::optional<fs::path> seen;
  for (;;) {
    if (folder && folder != seen) show(handle.paths, *folder, seen ? 0 : lines, follow);
    if (!follow || !app::supervisor_alive(handle.paths)) return status::kOk;
    seen = folder;
    if (await()) folder = newest();
  }
}

}  // namespace

int show_test_logs(const RunHandle& handle, int lines, bool follow) {
  const app::RunPaths run(handle.paths.run(handle.run.info.id));
  FolderChanges changes(run.gates());
  auto until = std::chrono::steady_clock::now();
  // A folder is there a moment before what tells that something runs in it.
  const auto await = [&] {
    if (std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(kBetweenLooks);
      return true;
    }
    const bool came = changes.await(kAlive);
    if (came) until = std::chrono::steady_clock::now() + kBegins;
    return came;
  };
  return show_newest(
      handle, [&run] { return newest_tests(run); }, await,
      {Fault::NotFound, "no test has run yet",
       "tests run before something lands, and on the base: [[merge.test]]"},
      lines, follow);
}

int show_review_logs(const RunHandle& handle, const TaskId& task, int lines, bool follow) {
  const app::RunPaths run(handle.paths.run(handle.run.info.id));
  const std::string of = task.value.empty() ? "" : " of " + one_line(task.value, 40);
  return show_newest(
      handle, [&] { return newest_review(run, task); },
      [] {
        std::this_thread::sleep_for(kBetweenLooks);
        return true;
      },
      {Fault::NotFound, fmt::format("no review{} has begun yet", of),
       "an agent looks at finished work where there is a [[review]]"},
      lines, follow);
}

}  // namespace orch::cli
