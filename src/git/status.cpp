// What git says of the files of a worktree: one `git status` for each look.
#include "git/index_marks.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/set_up.hpp"
#include "git/untouched.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/text.hpp"

#include <functional>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestStatus = 512u << 20;

/// No file that was written before has a later time, however fine the file system's clock is.
timespec time_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now;
}

/// `all`: each file by itself, the ignored ones as well.
Job<WorktreeStatus> read_status(GitContext& git, fs::path worktree, bool all) {
  WorktreeStatus status;
  const Result<Place> place = git.place_of(worktree);
  if (!place && place.error().fault == Fault::NotFound) co_return status;
  if (!place) co_return passed_on(place);

  std::error_code ignored;
  status.exists = fs::is_directory(place->work_tree, ignored);
  status.operation = operation_in(place->git_dir);
  if (!status.exists) {
    const auto registration = find_registration(git.git_dir, place->work_tree);
    if (registration) status.branch = registration->branch();
    auto head = co_await head_of(git, *place);
    if (!head) co_return passed_on(head);
    status.head = std::move(*head);
    co_return status;
  }
  Call ask = git.call({"status", "--porcelain=v2", "--branch", "-z", "--ignore-submodules=dirty"},
                      "read the status of " + one_line(worktree.native()));
  ask.place = *place;
  ask.keep = kLongestStatus;
  if (all) {
    ask.args.insert(ask.args.end(),
                    {"--no-renames", "--untracked-files=all", "--ignored=matching"});
  } else {
    ask.args.emplace_back("--untracked-files=normal");
  }
  const timespec began = time_now();
  const auto text = co_await git.runner.output(ask);
  if (!text) co_return passed_on(text);
  std::set<std::string> no_work = brought_in(place->git_dir, place->work_tree);
  ParsedStatus parsed = parse_status(*text, no_work);
  const auto untouched = co_await as_checked_out(git, std::move(ask), parsed.seen.edited);
  if (!untouched) co_return passed_on(untouched);
  no_work.insert(untouched->begin(), untouched->end());
  if (!untouched->empty()) parsed = parse_status(*text, no_work);
  status.head = std::move(parsed.head);
  status.branch = std::move(parsed.branch);
  status.changes = std::move(parsed.changes);
  status.unmerged = std::move(parsed.unmerged);
  if (!all) co_return status;
  status.files = std::move(parsed.seen);
  status.files->untouched = std::move(*untouched);
  status.files->began = began;
  const fs::path index = place->git_dir / "index";
  std::function<std::optional<IndexMarks>()> read = [index] { return read_index_marks(index); };
  const auto marks = co_await loop::off_loop<std::optional<IndexMarks>>(git.loop, std::move(read));
  status.files->complete = marks && !marks->hides;
  co_return status;
}

}  // namespace

Job<WorktreeStatus> status_of(GitContext& git, fs::path worktree) {
  co_return co_await read_status(git, std::move(worktree), false);
}

Job<WorktreeStatus> look_at(GitContext& git, fs::path worktree) {
  co_return co_await read_status(git, std::move(worktree), true);
}

}  // namespace orch::git
