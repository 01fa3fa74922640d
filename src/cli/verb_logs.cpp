// logs: what a task's agent has printed. Of a program that draws on its terminal, what that showed;
// this is made from the log each time, so that the last screen of an attempt is there after its
// agent has gone.
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/test_logs.hpp"
#include "cli/verbs.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"
#include "term/size_mark.hpp"
#include "term/terminal.hpp"
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
  bool raw = false;
  bool screen = false;
  bool tests = false;
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent's output is shown");
  list.flag("-f,--follow", options.follow, "go on while the agent runs; with --raw's output");
  list.number("-n", options.lines, "only the last N lines");
  list.number("--attempt", options.attempt, "of this attempt instead of the newest");
  list.flag("--raw", options.raw,
            "every byte, escaped, also of a program that draws on its terminal");
  list.flag("--tests", options.tests, "of the tests and gates in the place of an agent's");
  list.flag("--screen", options.screen, "only the last screen of the attempt");
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

/// The end of a log that is rendered: the rest of a large one would take seconds and is rarely
/// wanted.
std::string_view rendered_part(std::string_view log) {
  constexpr std::size_t most = std::size_t{16} << 20;
  if (log.size() <= most) return log;
  warn(fmt::format("of {} MB of output, the last {} are shown; --raw shows all", log.size() >> 20,
                   most >> 20));
  log.remove_prefix(log.size() - most);
  // Not from the middle of a sequence.
  const std::size_t start = log.find_first_of("\x1b\n");
  return log.substr(start == std::string_view::npos ? 0 : start);
}

/// What the terminal of a program that printed this has shown, and shows at the end.
std::string rendered(std::string_view log, const Options& options) {
  term::Terminal terminal;
  terminal.feed(rendered_part(log));
  std::string text;
  if (!options.screen) {
    if (terminal.dropped_lines() > 0)
      warn(fmt::format("{} lines before these are left out; --raw shows all",
                       terminal.dropped_lines()));
    for (const std::string& line : terminal.scrolled_out())
      text += line + "\n";
    for (const std::string& row : terminal.covered())
      text += row + "\n";
  }
  for (const std::string& row : terminal.last_screen())
    text += row + "\n";
  return shown(text, options.lines);
}

int logs(const RunHandle& handle, const Options& options) {
  if (options.tests) return show_test_logs(handle, options.lines, options.follow);
  if (options.screen && (options.raw || options.follow)) {
    complain(Error{Fault::BadInput, "--screen goes with neither --raw nor --follow",
                   "tmux-orch logs TASK --screen"});
    return status::kUsage;
  }
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
  const bool as_printed = options.raw || options.follow;
  const std::string printed_text = term::without_sizes(text);
  if (options.screen || (!as_printed && term::moves_cursor(printed_text))) {
    print(rendered(text, options));
    return status::kOk;
  }
  print(shown(printed_text, options.lines));
  std::size_t printed = printed_text.size();
  while (options.follow && is_locked(folder / shim::attempt_file::kLock)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    text = term::without_sizes(whole_log(folder));
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
