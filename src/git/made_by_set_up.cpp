// Lists what a set-up made, looks whether it is as it was, and throws it away.
#include "git/made_by_set_up.hpp"

#include "git/below.hpp"
#include "git/git_errors.hpp"
#include "git/made_list.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/set_up.hpp"
#include "git/trash.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostRoots = 1000;
constexpr std::size_t kLongestNote = 16u << 20;

struct MadeNote {
  std::string print;
  std::vector<std::string> roots;
  std::string names_folder;  ///< the file of it that has the worktree's path in it
};

fs::path made_file(const fs::path& admin) {
  return admin / "orch-made";
}

fs::path list_file(const fs::path& admin) {
  return admin / "orch-made-list";
}

std::optional<MadeNote> read_note(const fs::path& admin) {
  const Result<std::string> text = read_file(made_file(admin), kLongestNote);
  const Result<Record> record = text ? Record::decode(*text) : passed_on(text);
  if (!record) return std::nullopt;
  return MadeNote{record->get("print"), record->all("root"), record->get("names")};
}

Status write_note(const fs::path& admin, const MadeNote& note) {
  Record record;
  record.add("print", note.print);
  for (const std::string& root : note.roots)
    record.add("root", root);
  record.add("names", note.names_folder);
  return write_file(made_file(admin), record.encode(), 0600);
}

Status drop_note(const fs::path& admin) {
  std::error_code error;
  fs::remove(made_file(admin), error);
  if (!error) fs::remove(list_file(admin), error);
  if (error) return errno_failure(error.value(), "cannot remove a note in " + admin.native());
  return {};
}

Job<MadeChanges> changes_of(GitContext& git, fs::path admin, fs::path worktree,
                            std::vector<std::string> roots) {
  std::function<MadeChanges()> compare = [admin = std::move(admin), worktree = std::move(worktree),
                                          roots = std::move(roots)] {
    return compare_made_list(list_file(admin), worktree, roots);
  };
  co_return co_await loop::off_loop<MadeChanges>(git.loop, std::move(compare));
}

/// Files that git does not track, and folders in which it tracks none, one name each.
Job<std::vector<std::string>> untracked_in(GitContext& git, Place place) {
  Call list = git.call({"ls-files", "-z", "--others", "--directory"},
                       "list new files of " + one_line(place.work_tree.native()));
  list.place = std::move(place);
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  std::vector<std::string> names = parse_names(*listed);
  for (std::string& name : names) {
    if (name.ends_with('/')) name.pop_back();
  }
  co_return names;
}

/// What else the set-up did than to make files that git ignores; empty: nothing.
std::string other_deed(const WorktreeStatus& status, const MadeRequest& request) {
  if (!status.files->changed.empty())
    return "changes " + one_line(status.files->changed.front(), 100);
  for (const std::string& path : status.files->untracked) {
    if (!is_within(path, request.brought))
      return fmt::format("makes {}, which git does not ignore", one_line(path, 100));
  }
  return {};
}

/// A copy or a link that the set-up changed after it was brought: the next one would be another.
std::string changed_copy(const Place& place, const std::vector<std::string>& brought) {
  const SetUp set_up = read_set_up(place.git_dir);
  auto below = Below::open(place.work_tree);
  for (const auto& [path, stamp] : set_up.files) {
    if (!is_within(path, brought)) continue;
    const auto info = below ? below->look(path) : std::nullopt;
    if (!info || !(stamp_of(*info) == stamp)) return "changes " + one_line(path, 100);
  }
  return {};
}

/// What was made, less what comes to the worktree in another way; `why_not`: they lie in one
/// folder.
std::vector<std::string> roots_of(std::vector<std::string> names, const MadeRequest& request,
                                  std::string& why_not) {
  std::vector<std::string> others = request.brought;
  others.insert(others.end(), request.keep.begin(), request.keep.end());
  std::erase_if(names, [&others](const std::string& name) { return is_within(name, others); });
  for (const std::string& other : others) {
    if (is_within(other, names)) why_not = "makes files next to " + one_line(other, 100);
  }
  if (names.size() > kMostRoots)
    why_not = fmt::format("makes more than {} files and folders among others", kMostRoots);
  return names;
}

/// Writes the list, and the note that it is one.
Job<Made> listed(GitContext& git, Place place, MadeNote note) {
  std::error_code error;
  std::vector<std::string> paths = {place.work_tree.native()};
  if (fs::path real = fs::canonical(place.work_tree, error); !error && real != place.work_tree)
    paths.push_back(real.native());
  std::function<Result<MadeListing>()> write = [place, roots = note.roots, paths] {
    return write_made_list(list_file(place.git_dir), place.work_tree, roots, paths);
  };
  const auto listing = co_await loop::off_loop<Result<MadeListing>>(git.loop, std::move(write));
  if (!listing) co_return passed_on(listing);
  Made made;
  if (!listing->incomplete.empty())
    made.why_not = "makes files that cannot be listed: " + listing->incomplete;
  if (!listing->shared.empty())
    made.why_not = "makes links to files elsewhere: " + one_line(listing->shared, 100);
  if (!listing->names_text.empty()) {
    note.names_folder = listing->names_text;
    made.why_not = "writes the worktree's own path into " + one_line(note.names_folder, 100);
    made.names_folder = true;
  }
  failpoint("git.made_listed");
  made.is_kept = made.why_not.empty();
  if (!made.is_kept && !made.names_folder) co_return made;
  const Status written = write_note(place.git_dir, note);
  if (!written) co_return passed_on(written);
  co_return made;
}

std::set<std::string> folders_around(const std::vector<std::string>& paths) {
  std::set<std::string> folders;
  for (const std::string& path : paths) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1))
      folders.insert(path.substr(0, slash));
  }
  return folders;
}

/// Renames it to where it waits to be deleted.
Status throw_away(const fs::path& worktree, const std::vector<std::string>& roots,
                  const fs::path& trash_folder) {
  const Result<fs::path> room = Trash(trash_folder).room_for_gone();
  if (!room) return passed_on(room);
  auto from = Below::open(worktree);
  if (!from) return passed_on(from);
  auto to = Below::open(*room);
  if (!to) return passed_on(to);
  for (const std::string& root : roots) {
    const Status moved = from->move(root, *to);
    if (!moved && moved.error().fault != Fault::NotFound) return moved;
    for (std::size_t slash = root.rfind('/'); slash != std::string::npos;
         slash = slash == 0 ? std::string::npos : root.rfind('/', slash - 1))
      from->remove_if_empty(root.substr(0, slash));
  }
  return {};
}

}  // namespace

Job<Made> list_made(GitContext& git, MadeRequest request) {
  const Result<Place> place = git.place_of(request.worktree);
  if (!place) co_return passed_on(place);
  const auto status = co_await look_at(git, request.worktree);
  if (!status) co_return passed_on(status);
  if (!status->files)
    co_return fail(Fault::NotFound, "{} is gone", one_line(request.worktree.native()));
  const auto names = co_await untracked_in(git, *place);
  if (!names) co_return passed_on(names);
  Made made;
  MadeNote note;
  note.print = request.print;
  note.roots = roots_of(*names, request, made.why_not);
  if (made.why_not.empty()) made.why_not = other_deed(*status, request);
  if (made.why_not.empty()) made.why_not = changed_copy(*place, request.brought);
  if (!made.why_not.empty() || note.roots.empty()) co_return made;
  co_return co_await listed(git, *place, std::move(note));
}

Job<bool> has_made(GitContext& git, fs::path worktree, std::string print, fs::path trash_folder) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return passed_on(place);
  const auto note = read_note(place->git_dir);
  if (!note) co_return false;
  if (!print.empty() && note->print == print && note->names_folder.empty()) {
    const auto changes = co_await changes_of(git, place->git_dir, place->work_tree, note->roots);
    if (!changes) co_return passed_on(changes);
    if (changes->nothing()) co_return true;
  }
  Status gone = throw_away(place->work_tree, note->roots, trash_folder);
  failpoint("git.made_gone");
  if (gone) gone = drop_note(place->git_dir);
  if (!gone) co_return passed_on(gone);
  co_return false;
}

std::string named_by_set_up(const fs::path& admin) {
  const auto note = read_note(admin);
  if (!note || note->names_folder.empty()) return {};
  return fmt::format("its set-up wrote its path into {}", one_line(note->names_folder, 100));
}

std::vector<std::string> made_roots(const fs::path& admin) {
  const auto note = read_note(admin);
  return note ? note->roots : std::vector<std::string>();
}

Job<bool> is_made_untouched(GitContext& git, Registration registration) {
  std::vector<std::string> roots = made_roots(registration.admin);
  if (roots.empty()) co_return true;
  const auto changes =
      co_await changes_of(git, registration.admin, registration.path, std::move(roots));
  if (!changes) co_return passed_on(changes);
  co_return changes->nothing();
}

Job<bool> is_made_in_the_way(GitContext& git, Registration registration, CommitId commit) {
  const std::vector<std::string> roots = made_roots(registration.admin);
  if (roots.empty()) co_return false;
  const auto entries = co_await tree_entries(git, commit.value, roots);
  if (!entries) co_return passed_on(entries);
  if (!entries->empty()) co_return true;
  for (const std::string& folder : folders_around(roots)) {
    if (folder.find('\n') != std::string::npos) co_return true;
    const auto found = co_await git.objects.look(commit.value + ':' + folder);
    if (!found || !*found || (**found).type != "tree") co_return true;
  }
  co_return false;
}

Job<MadeToKeep> made_to_keep(GitContext& git, Registration registration, CommitId tip) {
  MadeToKeep kept;
  const auto note = read_note(registration.admin);
  if (!note) co_return kept;
  const auto in_the_way = co_await is_made_in_the_way(git, registration, std::move(tip));
  if (!in_the_way) co_return passed_on(in_the_way);
  auto changes = co_await changes_of(git, registration.admin, registration.path, note->roots);
  if (!changes) co_return passed_on(changes);
  if (changes->intact && !*in_the_way) {
    kept.roots = note->roots;
    kept.more = std::move(changes->more);
    co_return kept;
  }
  const Status dropped = drop_note(registration.admin);
  if (!dropped) co_return passed_on(dropped);
  co_return kept;
}

}  // namespace orch::git
