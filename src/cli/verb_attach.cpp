// attach, logs, diff: a closer look at one task.

#include "cli/attach.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/site.hpp"
#include "cli/verbs.hpp"
#include "loop/detach.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

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

}  // namespace

int verb_attach(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  std::optional<TaskId> task;
  if (!options.words.empty() || !options.window.empty()) {
    const Result<TaskId> named = task_of(*site, options);
    if (!named) return complain(named.error());
    task = *named;
  }
  const Result<int> shown = show_session(*site, task);
  if (!shown) return complain(shown.error());
  return *shown == 0 ? status::kOk : status::kError;
}

int verb_logs(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  const Result<TaskId> task = task_of(*site, options);
  if (!task) return complain(task.error());
  const TaskRecord* record = site->run.state.find(*task);
  const int number = options.attempt > 0 ? options.attempt : record->attempt.number;
  const app::RunPlaces files(site->places.run(site->run.info.id));
  const fs::path folder = files.attempt(*task, number);
  std::error_code ec;
  if (number == 0 || !fs::exists(folder, ec)) {
    return complain(Error{Fault::NotFound,
                          fmt::format("{} has no attempt {}", task->value, std::max(number, 1)),
                          fmt::format("it is {}: {}", shown_state(*record), record->why)});
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

int verb_diff(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  const Result<TaskId> task = task_of(*site, options);
  if (!task) return complain(task.error());
  const TaskRecord* record = site->run.state.find(*task);
  std::string range;
  fs::path worktree;
  if (!record->merged.empty()) {
    range = record->merged.value + "^1.." + record->merged.value;
  } else if (!record->attempt.worktree.empty()) {
    // Against where it began: what is committed and what is not.
    worktree = record->attempt.worktree;
    range = record->attempt.start.value;
  } else {
    return complain(Error{Fault::NotFound, fmt::format("{} has changed nothing yet", task->value),
                          fmt::format("it is {}", shown_state(*record))});
  }
  const OpenedGit git = open_git(site->facts);
  if (!git) return complain(git.error());
  std::vector<std::string> args = {range};
  const Result<loop::Command> diff =
      (*git)->wait((*git)->repository.diff_for_terminal(std::move(args), worktree));
  if (!diff) return complain(diff.error());
  const Result<int> ended = loop::run_on_terminal(*diff);
  if (!ended) return complain(ended.error());
  return *ended == 0 ? status::kOk : status::kError;
}

}  // namespace orch::cli
