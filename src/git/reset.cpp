// Puts a worktree back to a commit, for a fresh attempt, where it stands: shells and editors that
// are in it stay in it, and files that need no change are not touched.
//
// What differs from the commit is renamed into the trash and compared there with what was saved.
// Then only files that are missing are written. So at no moment is anything deleted or written over
// that somebody may just have saved: it is in the trash, or it stays in the worktree.
#include "git/reset.hpp"

#include "git/locks.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/registration.hpp"
#include "git/saved.hpp"
#include "git/set_up.hpp"
#include "git/sparse.hpp"
#include "git/submodules.hpp"
#include "git/sweep.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kCheckoutTime = std::chrono::minutes(15);
constexpr std::size_t kMovesAStep = 64;
constexpr std::string_view kGitName = "/.git";

/// What git says of a file that it does not write, as something is there.
bool only_in_the_way(std::string_view git_error) {
  const auto lines = split_lines(git_error);
  return !lines.empty() && std::ranges::all_of(lines, [](std::string_view line) {
    return line.find("already exists") != std::string_view::npos ||
           line.find("is not a directory") != std::string_view::npos;
  });
}

/// Is the commit reachable from any ref but that branch?
Job<bool> kept_elsewhere(GitContext& git, CommitId commit, std::string branch) {
  // Without --single-worktree the HEAD that is about to move would count as well.
  Call ask = git.call({"rev-list", "--max-count=1", commit.value, "--not", "--single-worktree",
                       "--exclude=refs/heads/" + branch, "--all"},
                      "compare commits");
  const auto outside = co_await git.line(std::move(ask));
  if (!outside) co_return passed_on(outside);
  co_return outside->empty();
}

Job<bool> check_resettable(GitContext& git, ResetRequest request, Registration registration) {
  const auto tips = co_await tips_of(git, request.branch, registration);
  if (!tips) co_return passed_on(tips);
  std::vector<CommitId> safe = {request.expected, request.commit};
  const auto commits = co_await check_saved(git, request.path, *tips, std::move(safe));
  if (!commits) co_return passed_on(commits);
  for (const CommitId& commit : *commits) {
    const auto kept = co_await kept_elsewhere(git, commit, request.branch);
    if (!kept) co_return passed_on(kept);
    if (!*kept) co_return not_saved(request.path, "commits under no other ref");
  }
  co_return true;
}

Job<bool> reset_branch(GitContext& git, ResetRequest request, Registration registration) {
  const Place place{registration.admin, registration.path};
  const auto quiet = co_await settled(git, place);
  if (!quiet) co_return passed_on(quiet);
  const Status ended = drop_operation(registration.admin);
  if (!ended) co_return passed_on(ended);
  failpoint("git.worktree_reset");
  const std::string ref = "refs/heads/" + request.branch;
  Call move = git.call({"update-ref", "-m", "tmux-orch: fresh attempt", ref, request.commit.value},
                       fmt::format("move branch '{}'", request.branch));
  move.owned = {git.git_dir / (ref + ".lock")};
  const auto moved = co_await git.runner.output(std::move(move));
  if (!moved) co_return passed_on(moved);
  Call attach = git.call({"symbolic-ref", "-m", "tmux-orch: fresh attempt", "HEAD", ref},
                         fmt::format("put the worktree on branch '{}'", request.branch));
  attach.place = place;
  const auto attached = co_await git.runner.output(std::move(attach));
  if (!attached) co_return passed_on(attached);
  co_return true;
}

/// What git does not list: `.git` below the top, and files that are neither data nor folder.
Job<std::vector<std::string>> hidden_in(GitContext& git, fs::path worktree) {
  std::vector<std::string> hidden;
  if (is_real_folder(worktree / ".git")) hidden.emplace_back(".git");
  loop::Command find;
  find.argv = {"find",      worktree.native(),
               "-mindepth", "1",
               "-path",     worktree.native() + "/.git",
               "-prune",    "-o",
               "-name",     ".git",
               "-prune",    "-print0",
               "-o",        "(",
               "-type",     "p",
               "-o",        "-type",
               "s",         "-o",
               "-type",     "b",
               "-o",        "-type",
               "c",         ")",
               "-print0"};
  find.timeout = std::chrono::minutes(2);
  const auto found =
      co_await git.runner.other(std::move(find), "look through " + one_line(worktree.native()));
  if (!found) co_return passed_on(found);
  for (const std::string& path : parse_names(*found))
    hidden.push_back(fs::path(path).lexically_relative(worktree));
  co_return hidden;
}

/// A `.git` that leads into git's folder of the worktree: what is around it goes with it.
bool is_submodule(const Registration& registration, const std::string& path) {
  if (!path.ends_with(kGitName)) return false;
  const fs::path folder = (registration.path / path).parent_path();
  const std::string modules = (registration.admin / "modules").native() + '/';
  return submodule_repository(folder, folder).native().starts_with(modules);
}

/// Brings the index to the commit, and says what of the files is not as there: a folder of which
/// nothing is in the commit is one name.
Job<std::vector<std::string>> differing(GitContext& git, Registration registration,
                                        CommitId commit) {
  Call read = git.call({}, "compare " + one_line(registration.path.native()));
  read.place = Place{registration.admin, registration.path};
  read.owned = {registration.admin};
  read.timeout = kCheckoutTime;
  read.keep = kLongestList;
  Call refresh = read;
  refresh.args = {"update-index", "-q", "--really-refresh"};
  Call list = read;
  list.args = seeing_all({"ls-files", "-z", "--modified", "--others", "--directory"});
  const auto was_read = co_await read_tree(git, std::move(read), commit.value);
  if (!was_read) co_return passed_on(was_read);
  // Its status says whether anything is different, which is asked next.
  const auto refreshed = co_await git.runner.run(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  std::vector<std::string> paths = parse_names(*listed);
  auto hidden = co_await hidden_in(git, registration.path);
  if (!hidden) co_return passed_on(hidden);
  paths.insert(paths.end(), hidden->begin(), hidden->end());
  for (std::string& path : paths) {
    if (path.ends_with('/')) path.pop_back();
    if (is_submodule(registration, path)) path.resize(path.size() - kGitName.size());
  }
  std::erase_if(paths, [](const std::string& path) { return path.empty(); });
  std::ranges::sort(paths);
  const auto twice = std::ranges::unique(paths);
  paths.erase(twice.begin(), twice.end());
  co_return paths;
}

/// What was moved to the trash stays there as far as it is nowhere else.
Job<TrashEntry> sweep_moved(GitContext& git, SweepRequest sweep, Registration registration) {
  const auto submodules = co_await sweep_submodules(git, registration, sweep.entry);
  if (!submodules) co_return passed_on(submodules);
  co_return co_await finish_sweep(git, std::move(sweep), std::move(registration));
}

Job<TrashEntry> trash_differing(GitContext& git, ResetRequest request, Registration registration) {
  const Trash trash(request.trash.folder.empty() ? request.path.parent_path() / ".trash"
                                                 : request.trash.folder);
  SweepRequest sweep;
  sweep.set_up = read_set_up(registration.admin);
  sweep.caches = request.trash.caches;
  auto tree = co_await tree_of(git, request.expected);
  if (!tree) co_return passed_on(tree);
  sweep.tree = std::move(*tree);
  // What an earlier try, which was killed, got into the trash.
  const auto begun = trash.find(mark_text(registration.admin, StepMark::Trashing));
  if (begun) {
    SweepRequest rest = sweep;
    rest.entry = *begun;
    const auto swept = co_await sweep_moved(git, std::move(rest), registration);
    if (!swept) co_return passed_on(swept);
  }
  auto paths = co_await differing(git, registration, request.commit);
  if (!paths) co_return passed_on(paths);
  std::erase_if(*paths, [&](const std::string& path) { return is_within(path, request.keep); });
  paths->insert(paths->end(), request.more.begin(), request.more.end());
  if (paths->empty()) co_return TrashEntry{};
  auto entry = trash.claim(registration.path.filename(), request.trash.label, registration.path);
  if (!entry) co_return passed_on(entry);
  const Status noted = set_mark(registration.admin, StepMark::Trashing, entry->name);
  if (!noted) co_return passed_on(noted);
  failpoint("git.worktree_clean");
  auto from = Below::open(registration.path);
  if (!from) co_return passed_on(from);
  auto to = Below::open(entry->folder);
  if (!to) co_return passed_on(to);
  std::size_t moves = 0;
  for (const std::string& path : *paths) {
    if (++moves % kMovesAStep == 0) (void)co_await loop::pause(git.loop, Span(0));
    const Status moved = from->move(path, *to);
    if (!moved && moved.error().fault != Fault::NotFound) co_return passed_on(moved);
    const std::size_t slash = path.rfind('/');
    const bool bare = slash != std::string::npos && !is_within(path, request.keep);
    if (bare) from->remove_if_empty(path.substr(0, slash));
  }
  failpoint("git.worktree_cleaned");
  sweep.entry = *entry;
  co_return co_await sweep_moved(git, std::move(sweep), registration);
}

/// Writes the files that are missing, and none that is there.
Job<bool> fill_gaps(GitContext& git, Registration registration) {
  const fs::path link = registration.path / ".git";
  std::error_code error;
  if (!fs::exists(link, error)) {
    const Status linked = replace_pointer(registration.path, registration.admin);
    if (!linked) co_return passed_on(linked);
  }
  failpoint("git.worktree_refill");
  Call write = git.call({"checkout-index", "--all", "--index"},
                        "check out " + one_line(registration.path.native()));
  write.place = Place{registration.admin, registration.path};
  write.owned = {registration.admin};
  write.timeout = kCheckoutTime;
  Call again = write;
  const auto written = co_await git.runner.run(std::move(write));
  if (!written) co_return passed_on(written);
  if (!written->ok() && !only_in_the_way(written->err)) co_return failed(again, *written);
  co_return true;
}

}  // namespace

Job<TrashEntry> reset_files(GitContext& git, ResetRequest request, Registration registration) {
  auto kept = co_await trash_differing(git, std::move(request), registration);
  if (!kept) co_return passed_on(kept);
  const auto written = co_await fill_gaps(git, registration);
  if (!written) co_return passed_on(written);
  const Place place{registration.admin, registration.path};
  const auto narrowed = co_await apply_sparse(git, place);
  if (!narrowed) co_return passed_on(narrowed);
  co_return std::move(*kept);
}

Job<Reset> reset_worktree(GitContext& git, ResetRequest request) {
  std::error_code error;
  request.path = fs::weakly_canonical(request.path, error);
  request.reason = one_line(trim(request.reason));
  const auto registration = co_await own_registration(git, request.path, request.reason);
  if (!registration) co_return passed_on(registration);
  if (!*registration)
    co_return fail(Fault::NotFound, "there is no worktree at {}", one_line(request.path.native()));
  const bool used =
      has_mark((*registration)->admin, StepMark::Ready) && is_real_folder(request.path);
  if (used) {
    const auto resettable = co_await check_resettable(git, request, **registration);
    if (!resettable) co_return passed_on(resettable);
  }
  const auto moved = co_await reset_branch(git, request, **registration);
  if (!moved) co_return passed_on(moved);
  Reset reset;
  if (used) {
    auto kept = co_await reset_files(git, request, **registration);
    if (!kept) co_return passed_on(kept);
    reset.kept = std::move(*kept);
  }
  auto head = co_await fill_worktree(git, **registration);
  if (!head) co_return passed_on(head);
  reset.head = std::move(*head);
  co_return reset;
}

}  // namespace orch::git
