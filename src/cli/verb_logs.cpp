// logs: what a task's agent has printed.
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

struct Options : TaskOptions {
  bool follow = false;
  int lines = 0;    ///< only the last N; 0: all
  int attempt = 0;  ///< 0 is the newest
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent's output is shown");
  list.flag("-f,--follow", options.follow, "go on while the agent runs");
  list.number("-n", options.lines, "only the last N lines");
  list.number("--attempt", options.attempt, "of this attempt instead of the newest");
}

constexpr int kSegments = 8;
constexpr std::size_t kLargestSegment = 1u << 28;

/// What was printed, oldest segment first.
std::string whole_log(const fs::path& folder) {
  std::string text;
  const std::string name(shim::attempt_file::kOutput);
  const Result<UntrustedFolder> place = UntrustedFolder::open(folder);
  for (int i = kSegments; place && i >= 0; --i) {
    const std::string file = i == 0 ? name : fmt::format("{}.{}", name, i);
    if (const Result<std::string> part = place->read(file, kLargestSegment)) text += *part;
  }
  return text;
}

/// An agent's bytes for a terminal: escape sequences become visible, lines stay lines.
std::string shown(std::string_view text, int last_lines) {
  const std::vector<std::string_view> lines = split_lines(text);
  const auto wanted = static_cast<std::size_t>(std::max(0, last_lines));
  const std::size_t from = wanted > 0 && lines.size() > wanted ? lines.size() - wanted : 0;
  std::string out;
  for (std::size_t i = from; i < lines.size(); ++i)
    out += one_line(lines[i]) + "\n";
  return out;
}

int logs(const RunHandle& handle, const Options& options) {
  const Result<TaskId> task = task_of(handle, options, kLogsVerb.name);
  if (!task) return complain(task.error());
  const TaskRecord* record = handle.run.state.find(*task);
  const int number = options.attempt > 0 ? options.attempt : record->attempts;
  const app::RunPaths files(handle.paths.run(handle.run.info.id));
  const fs::path folder = files.attempt(*task, number);
  std::error_code ec;
  if (number == 0 || !fs::exists(folder, ec)) {
    return complain(Error{
        Fault::NotFound, fmt::format("{} has no attempt {}", task->value, std::max(number, 1)),
        fmt::format("it is {}: {}", shown_state(*record), ui::sentence(record->why, *task))});
  }
  std::string text = whole_log(folder);
  print(shown(text, options.lines));
  std::size_t printed = text.size();
  while (options.follow && is_locked(folder / shim::attempt_file::kLock)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    text = whole_log(folder);
    // Only whole lines: half a line would be escaped in the middle of a sequence.
    const std::size_t end = text.rfind('\n');
    if (end == std::string::npos || end + 1 <= printed) continue;
    print(shown(std::string_view(text).substr(printed, end + 1 - printed), 0));
    printed = end + 1;
  }
  return status::kOk;
}

}  // namespace

const Verb kLogsVerb{"logs", kPeople, "what a task's agent has printed", "tmux-orch logs T3 -n 50",
                     begin<add_options, logs>};

}  // namespace orch::cli
