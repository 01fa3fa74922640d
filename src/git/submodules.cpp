// Commits of submodules. A linked worktree has copies of its own of their repositories, in git's
// folder of the worktree: what was committed there is nowhere else, and goes when the worktree
// does.
#include "git/submodules.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/scratch_index.hpp"
#include "git/sweep.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPointer = "gitdir: ";
constexpr std::size_t kLongestPointer = 8u << 10;
constexpr std::string_view kModules = ".git-modules";
constexpr int kDeepest = 8;
constexpr Span kFetchTime = std::chrono::minutes(10);

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

/// The call works in a repository of its own, of which no configuration was frozen.
void lead_into(Call& call, const fs::path& repository) {
  call.place.git_dir = repository;
  call.live = true;
}

/// Fetches the commit into the user's own copy of the submodule, if there is one, so that `git
/// submodule update` finds it there; else into the repository itself.
Job<KeptSubmodule> keep_submodule(GitContext& git, fs::path worktree, std::string path,
                                  CommitId commit, std::string name, std::string ref) {
  KeptSubmodule kept;
  const fs::path from = submodule_repository(worktree / path, worktree / path);
  if (from.empty()) co_return kept;  // nothing was checked out there, so nothing was committed
  const fs::path own = is_plain_submodule_name(name) ? git.git_dir / "modules" / name : fs::path();
  const bool has_own = !own.empty() && is_folder(own / "objects");
  kept.path = path;
  kept.commit = commit;
  kept.in_submodule = has_own;
  std::string suffix = path;
  std::ranges::replace_if(
      suffix, [](char c) { return !(std::isalnum(static_cast<unsigned char>(c)) != 0); }, '-');
  // Not among the rescues, which go after a while: the work that lands names this commit.
  kept.ref = fmt::format("refs/orch/kept/{}-of-{}", ref, suffix);
  Call fetch = git.call(
      {"-c", "protocol.allow=never", "-c", "protocol.file.allow=always", "fetch", "--quiet",
       "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
       // The user's copy may name another program for that folder.
       "--upload-pack=git-upload-pack", "--", from.native(), "+" + commit.value + ":" + kept.ref},
      fmt::format("save commit {} of {}", shortened(commit), one_line(path)));
  if (has_own) lead_into(fetch, own);
  // From a folder on this disk, and nothing else.
  fetch.env = {{"GIT_ALLOW_PROTOCOL", "file"}};
  fetch.timeout = kFetchTime;
  const auto fetched = co_await git.runner.output(std::move(fetch));
  if (!fetched)
    co_return hinted(fail(Fault::Refused, "{}", fetched.error().what),
                     fmt::format("git -C {} log", shell_word((worktree / path).native())));
  co_return kept;
}

/// A submodule as an index has it.
struct Link {
  std::string path;
  CommitId commit;
};

/// `ls-files -z --stage`.
std::vector<Link> links_in(std::string_view listed) {
  std::vector<Link> links;
  for (const std::string& line : parse_names(listed)) {
    const std::size_t tab = line.find('\t');
    if (!line.starts_with(kSubmoduleMode) || tab == std::string::npos) continue;
    const std::size_t id = kSubmoduleMode.size() + 1;
    links.push_back({line.substr(tab + 1), CommitId{line.substr(id, line.find(' ', id) - id)}});
  }
  return links;
}

/// Is all of a submodule safe elsewhere: its commits kept or on its remotes, its files those of
/// `commit`, and what is checked out inside of it as well? `at`: where the folder was. Its
/// configuration is an agent's to write, so files are looked at with ours.
Job<bool> submodule_saved(GitContext& git, fs::path repository, fs::path folder, fs::path at,
                          CommitId commit, int depth = 0) {
  if (depth > kDeepest) co_return false;
  Call beyond =
      git.call({"-c", "protocol.allow=never", "rev-list", "--max-count=1", "--all", "--reflog",
                "HEAD", "--not", "--remotes", "--glob=refs/orch/*", commit.value},
               "compare commits of " + one_line(folder.native()));
  lead_into(beyond, repository);
  const auto commits = co_await git.runner.run(std::move(beyond));
  if (!commits) co_return passed_on(commits);
  if (!commits->ok() || !trim(commits->out).empty()) co_return false;

  ScratchIndex scratch(git.git_dir);
  const Status copied = scratch.copy_from(repository / "index");
  if (!copied) co_return passed_on(copied);
  Call read = git.call(seeing_all({}), "compare " + one_line(folder.native()));
  read.place.work_tree = folder;
  read.env = {scratch.env(),
              {"GIT_ALTERNATE_OBJECT_DIRECTORIES", (repository / "objects").native()}};
  Call refresh = read;
  refresh.args = {"update-index", "-q", "--really-refresh"};
  Call list = read;
  list.args = seeing_all({"ls-files", "-z", "--modified", "--others", "--directory"});
  Call all = refresh;
  all.args = {"ls-files", "-z", "--stage"};
  all.keep = kLongestList;
  const auto was_read = co_await read_tree(git, std::move(read), commit.value);
  if (!was_read) co_return false;
  const auto refreshed = co_await git.runner.run(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  const auto listed = co_await git.runner.run(std::move(list));
  if (!listed) co_return passed_on(listed);
  if (!listed->ok() || !listed->out.empty()) co_return false;
  const auto entries = co_await git.runner.output(std::move(all));
  if (!entries) co_return passed_on(entries);
  for (const Link& link : links_in(*entries)) {
    const fs::path inner = submodule_repository(folder / link.path, at / link.path);
    if (inner.empty()) continue;
    const auto saved = co_await submodule_saved(git, inner, folder / link.path, at / link.path,
                                                link.commit, depth + 1);
    if (!saved || !*saved) co_return saved;
  }
  co_return true;
}

bool has_files(const fs::path& folder) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::end(entry); entry.increment(error)) {
    if (!entry->is_directory(error)) return true;
  }
  return static_cast<bool>(error);
}

}  // namespace

fs::path submodule_repository(const fs::path& folder, const fs::path& at) {
  const fs::path git = folder / ".git";
  if (is_folder(git)) return git;
  const Result<std::string> text = read_file(git, kLongestPointer);
  if (!text || !text->starts_with(kPointer)) return {};
  const fs::path target(trim(std::string_view(*text).substr(kPointer.size())));
  const fs::path whole = (at / target).lexically_normal();
  return is_folder(whole / "objects") ? whole : fs::path();
}

bool is_reached_without_links(const fs::path& folder, const fs::path& below) {
  std::error_code error;
  if (fs::symlink_status(folder / below, error).type() == fs::file_type::not_found) return true;
  const fs::path whole = fs::canonical(folder, error) / below;
  return !error && fs::canonical(folder / below, error) == whole && !error;
}

bool is_plain_submodule_name(const std::string& name) {
  const auto parts = split(name, '/');
  return !name.empty() && std::ranges::none_of(parts, [](std::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

/// `config -z --get-regexp`: the name, a newline, the value.
std::string submodule_name(std::string_view listed, const std::string& path) {
  for (const std::string& line : parse_names(listed)) {
    const std::size_t end = line.find('\n');
    constexpr std::string_view kBefore = "submodule.";
    constexpr std::string_view kBehind = ".path";
    if (end == std::string::npos || line.substr(end + 1) != path) continue;
    const std::string key = line.substr(0, end);
    if (key.size() > kBefore.size() + kBehind.size())
      return key.substr(kBefore.size(), key.size() - kBefore.size() - kBehind.size());
  }
  return {};
}

Job<std::vector<KeptSubmodule>> keep_submodules(GitContext& git, fs::path worktree, CommitId start,
                                                CommitId work, std::string ref) {
  std::vector<KeptSubmodule> kept;
  if (start == work || start.empty() || work.empty()) co_return kept;
  auto changed = co_await changed_entries(git, start, work);
  if (!changed) co_return passed_on(changed);
  std::erase_if(*changed,
                [](const ChangedEntry& entry) { return entry.new_mode != kSubmoduleMode; });
  if (changed->empty()) co_return kept;
  Call ask = git.call({"config", "-z", "--blob", work.value + ":.gitmodules", "--get-regexp",
                       "^submodule\\..*\\.path$"},
                      "read .gitmodules");
  // There may be none: what is checked out there is then a repository that was added as it was.
  const auto names = co_await git.runner.run(std::move(ask));
  if (!names) co_return passed_on(names);
  for (const ChangedEntry& entry : *changed) {
    const CommitId commit{entry.new_id};
    std::string name = submodule_name(names->out, entry.path);
    auto one = co_await keep_submodule(git, worktree, entry.path, commit, std::move(name), ref);
    if (!one) co_return passed_on(one);
    if (!one->path.empty()) kept.push_back(std::move(*one));
  }
  co_return kept;
}

Job<bool> sweep_submodules(GitContext& git, Registration registration, TrashEntry entry) {
  const fs::path modules = registration.admin / "modules";
  if (!is_folder(modules)) co_return true;
  Call list = git.call({"ls-files", "-z", "--stage"}, "list submodules");
  list.place = Place{registration.admin, entry.folder};
  list.keep = kLongestList;
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  const Trash trash(entry.folder.parent_path());
  for (const auto& [path, commit] : links_in(*listed)) {
    const fs::path folder = entry.folder / path;
    const fs::path repository = submodule_repository(folder, registration.path / path);
    if (repository.empty()) continue;
    const fs::path at = registration.path / path;
    const auto safe = co_await submodule_saved(git, repository, folder, at, commit);
    if (!safe) co_return passed_on(safe);
    if (!*safe) {
      const fs::path inner = repository.lexically_relative(modules);
      if (inner.empty() || inner.native().starts_with("..")) continue;
      const fs::path up = fs::path(entry.folder / kModules / inner).lexically_relative(folder);
      const Status pointed =
          write_file(folder / ".git", fmt::format("{}{}\n", kPointer, up.native()));
      if (!pointed) co_return passed_on(pointed);
      Call unset = git.call({"config", "--unset", "core.worktree"}, "move a submodule");
      lead_into(unset, repository);
      const auto done = co_await git.runner.run(std::move(unset));
      if (!done) co_return passed_on(done);
      continue;
    }
    const Result<fs::path> room = trash.room_for_gone();
    if (!room) co_return passed_on(room);
    auto from = Below::open(entry.folder);
    if (!from) co_return passed_on(from);
    auto to = Below::open(*room);
    if (!to) co_return passed_on(to);
    const Status moved = from->move(path, *to);
    if (!moved) co_return passed_on(moved);
    failpoint("git.submodule_gone");
    const fs::path below = repository.lexically_relative(modules);
    const bool is_own = !below.empty() && !below.native().starts_with("..");
    if (is_own && is_reached_without_links(registration.admin, "modules" / below))
      (void)co_await loop::remove_tree(git.loop, repository);
  }
  // Also those that nothing in the index names any more.
  if (!has_files(modules)) co_return true;
  std::error_code error;
  fs::rename(modules, entry.folder / kModules, error);
  if (error) co_return errno_failure(error.value(), "cannot move " + one_line(modules.native()));
  co_return true;
}

}  // namespace orch::git
