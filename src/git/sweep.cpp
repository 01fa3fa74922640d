// Deletes from a folder in the trash what is proved to be saved: what git finds unchanged there,
// compared with the tree it was saved as. It was renamed into the trash before it is looked at, so
// whatever changed up to then is seen; and what is not looked at, or not known to git, stays.
#include "git/sweep.hpp"

#include "git/parse.hpp"
#include "git/registration.hpp"
#include "git/same_as_tree.hpp"
#include "git/scratch_index.hpp"
#include "git/untouched.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <time.h>

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kCompareTime = std::chrono::minutes(15);
constexpr Span kDeleteTime = std::chrono::hours(1);
constexpr std::size_t kFilesAStep = 256;

std::string without_slash(std::string_view path) {
  return std::string(path.ends_with('/') ? path.substr(0, path.size() - 1) : path);
}

/// `ls-files -t -z --cached --modified --others`: a tag, a space, a path.
Compared parse_compared(std::string_view text) {
  Compared compared;
  std::vector<std::string> cached;
  for (const std::string& line : parse_names(text)) {
    if (line.size() < 3) continue;
    if (line[0] == '?') compared.others = true;
    if (line[0] == 'H') cached.push_back(line.substr(2));
    if (line[0] == 'C' || line[0] == 'R') compared.changed.insert(line.substr(2));
  }
  for (std::string& path : cached) {
    if (!compared.changed.contains(path)) compared.same.push_back(std::move(path));
  }
  return compared;
}

/// By the clock that file systems stamp files with.
timespec file_time() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return now;
}

bool is_before(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

/// What is in the folder, compared with the tree: where not all of it is plainly the same, git
/// says.
Job<Compared> compare(GitContext& git, SweepRequest request) {
  if (request.whole) {
    auto same = co_await same_as_tree(git, request.entry.folder, request.tree);
    if (same && !same->empty()) co_return Compared{.same = std::move(*same)};
  }
  const std::string doing = "compare " + one_line(request.entry.folder.native());
  ScratchIndex scratch(git.git_dir);
  const Status copied = scratch.copy_from(request.index);
  if (!copied) co_return passed_on(copied);
  Call read = git.call(seeing_all({}), doing);
  read.place = Place{git.git_dir, request.entry.folder};
  read.env = {scratch.env()};
  read.timeout = kCompareTime;
  read.keep = kLongestList;
  Call refresh = read;
  refresh.args = seeing_all({"update-index", "-q", "--really-refresh"});
  Call list = read;
  list.args =
      seeing_all({"ls-files", "-t", "-z", "--cached", "--modified", "--others", "--directory"});
  Call ignored = read;
  ignored.args = {"ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"};

  const auto was_read = co_await read_tree(git, std::move(read), request.tree);
  if (!was_read) co_return passed_on(was_read);
  std::error_code error;
  if (fs::exists(request.index, error)) {
    // Its status says whether anything is different, which is asked next.
    const auto refreshed = co_await git.runner.run(std::move(refresh));
    if (!refreshed) co_return passed_on(refreshed);
  }
  const auto listed = co_await git.runner.output(list);
  if (!listed) co_return passed_on(listed);
  Compared compared = parse_compared(*listed);
  auto below = Below::open(request.entry.folder);
  if (!below) co_return passed_on(below);
  // Some files git calls modified from their checkout on.
  std::vector<std::string> there;
  for (const std::string& path : compared.changed) {
    if (below->look(path)) there.push_back(path);
  }
  const auto untouched = co_await as_checked_out(git, std::move(list), std::move(there));
  if (!untouched) co_return passed_on(untouched);
  for (const std::string& path : *untouched) {
    compared.changed.erase(path);
    compared.same.push_back(path);
  }
  if (compared.others) {
    const auto names = co_await git.runner.output(std::move(ignored));
    if (!names) co_return passed_on(names);
    for (const std::string& name : parse_names(*names))
      compared.ignored.insert(without_slash(name));
  }
  co_return compared;
}

/// Removes the files that are the same as in the tree and were so before `since`.
Job<bool> remove_same(GitContext& git, fs::path folder, std::vector<std::string> same,
                      timespec since) {
  auto below = Below::open(folder);
  if (!below) co_return passed_on(below);
  std::size_t looked_at = 0;
  for (const std::string& path : same) {
    if (++looked_at % kFilesAStep == 0) (void)co_await loop::pause(git.loop, Span(0));
    const auto info = below->look(path);
    // Somebody who is still in the folder may have written to it after git looked.
    if (!info || S_ISDIR(info->st_mode) || !is_before(info->st_mtim, since)) continue;
    const Status removed = below->remove(path);
    if (!removed) co_return passed_on(removed);
  }
  co_return true;
}

Job<Leftovers> sweep(GitContext& git, SweepRequest request) {
  const Trash trash(request.entry.folder.parent_path());
  const timespec since = file_time();
  Compared compared;
  if (!request.tree.empty()) {
    auto found = co_await compare(git, request);
    if (!found) co_return passed_on(found);
    compared = std::move(*found);
    failpoint("git.sweep");
    const auto removed = co_await remove_same(git, request.entry.folder, compared.same, since);
    if (!removed) co_return passed_on(removed);
  }
  auto below = Below::open(request.entry.folder);
  if (!below) co_return passed_on(below);
  Walk walk(*below, request, compared);
  while (walk.step())
    (void)co_await loop::pause(git.loop, Span(0));
  if (!walk.caches().empty()) {
    const Result<fs::path> room = trash.room_for_gone();
    if (!room) co_return passed_on(room);
    auto gone = Below::open(*room);
    if (!gone) co_return passed_on(gone);
    for (const std::string& cache : walk.caches()) {
      const Status moved = below->move(cache, *gone);
      if (!moved && moved.error().fault != Fault::NotFound) co_return passed_on(moved);
      for (std::size_t slash = cache.rfind('/'); slash != std::string::npos;
           slash = cache.rfind('/', slash - 1))
        below->remove_if_empty(cache.substr(0, slash));
    }
  }
  request.entry.left = walk.left();
  request.entry.tree = request.tree;
  const Status done = walk.left().empty() ? trash.drop(request.entry) : trash.save(request.entry);
  if (!done) co_return passed_on(done);
  co_return walk.left();
}

}  // namespace

std::vector<std::string> seeing_all(std::vector<std::string> args) {
  args.insert(args.begin(), {"-c", "core.sparseCheckout=true"});
  return args;
}

Job<bool> read_tree(GitContext& git, Call read, std::string tree) {
  Call afresh = read;
  read.args.insert(read.args.end(), {"read-tree", "--reset", tree});
  afresh.args.insert(afresh.args.end(), {"read-tree", tree});
  const auto kept = co_await git.runner.run(std::move(read));
  if (!kept) co_return passed_on(kept);
  if (kept->ok()) co_return true;
  const auto filled = co_await git.runner.output(std::move(afresh));
  if (!filled) co_return passed_on(filled);
  co_return true;
}

Job<TrashEntry> finish_sweep(GitContext& git, SweepRequest request, Registration registration) {
  TrashEntry entry = request.entry;
  auto left = co_await sweep(git, std::move(request));
  if (!left) co_return passed_on(left);
  const Status done = clear_mark(registration.admin, StepMark::Trashing);
  if (!done) co_return passed_on(done);
  entry.left = std::move(*left);
  if (entry.left.empty()) entry.name.clear();
  co_return entry;
}

Job<bool> delete_gone(GitContext& git, fs::path trash_folder) {
  const std::string doing = "empty " + one_line(trash_folder.native());
  const Trash trash(trash_folder);
  const Status expired = trash.expire(std::time(nullptr));
  if (!expired) co_return passed_on(expired);
  const Status set_aside = trash.set_gone_aside();
  if (!set_aside) co_return passed_on(set_aside);
  const std::vector<std::string> going = trash.set_aside();
  if (going.empty()) co_return false;
  loop::Command remove;
  remove.argv = {"rm", "-rf", "--one-file-system", "--"};
  remove.argv.insert(remove.argv.end(), going.begin(), going.end());
  remove.timeout = kDeleteTime;
  loop::Command again = remove;
  const auto removed = co_await git.runner.other(std::move(remove), doing);
  if (removed) co_return true;
  // Folders without write permission, as Go's modules have, do not let go of what is in them.
  loop::Command open;
  open.argv = {"find"};
  open.argv.insert(open.argv.end(), going.begin(), going.end());
  for (const char* word :
       {"-type", "d", "!", "-perm", "-700", "-exec", "chmod", "u+rwx", "{}", ";"})
    open.argv.emplace_back(word);
  open.timeout = kDeleteTime;
  const auto opened = co_await git.runner.other(std::move(open), doing);
  if (!opened) co_return passed_on(opened);
  const auto at_last = co_await git.runner.other(std::move(again), doing);
  if (!at_last) co_return passed_on(at_last);
  co_return true;
}

}  // namespace orch::git
