// logs: what a task's agent has printed. Of a program that draws on its terminal, what that showed;
// this is made from the log each time, so that the last screen of an attempt is there after its
// agent has gone.
#include "cli/output.hpp"
#include "cli/printed.hpp"
#include "cli/run_handle.hpp"
#include "cli/test_logs.hpp"
#include "cli/verbs.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
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
  bool review = false;
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent's output is shown");
  list.flag("-f,--follow", options.follow, "go on while the agent runs; with --raw's output");
  list.number("-n", options.lines, "only the last N lines");
  list.number("--attempt", options.attempt, "of this attempt instead of the newest");
  list.flag("--raw", options.raw,
            "every byte, escaped, also of a program that draws on its terminal");
  list.flag("--tests", options.tests, "of the tests and gates in the place of an agent's");
  list.flag("--review", options.review, "of the agents that review the task's work, or any work");
  list.flag("--screen", options.screen, "only the last screen of the attempt");
}

int logs(const RunHandle& handle, const Options& options) {
  if (options.tests) return show_test_logs(handle, options.lines, options.follow);
  if (options.review && options.words.empty() && options.window.empty())
    return show_review_logs(handle, {}, options.lines, options.follow);
  if (options.screen && (options.raw || options.follow)) {
    return complain(Error{Fault::BadInput, "--screen goes with neither --raw nor --follow",
                          "tmux-orch logs TASK --screen"});
  }
  const Result<TaskId> task = task_of(handle, options, kLogsVerb.name);
  if (!task) return complain(task.error());
  if (options.review) return show_review_logs(handle, *task, options.lines, options.follow);
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
    print(shown(rendered(text, options.screen), options.lines));
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
