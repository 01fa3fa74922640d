// `git submodule update` from a copy on this disk, level by level: what a submodule has inside is
// brought from what the user's copy of that has.
#include "git/bring_submodules.hpp"

#include "git/git_errors.hpp"
#include "git/parse.hpp"
#include "git/submodules.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kUpdateTime = std::chrono::minutes(10);
constexpr int kDeepest = 8;

/// Where submodules are looked for: a repository at some commit, and what the user has of it.
struct Level {
  Place place;
  fs::path checkout;  ///< the user's
  fs::path copies;    ///< git's folder of the repositories of the user's submodules
  bool nested = false;
  int depth = 0;
};

struct Submodule {
  std::string name;
  std::string path;
  CommitId commit;
  fs::path copy;  ///< the user's repository of it; empty: there is none
};

Call call_in(const GitContext& git, const Level& level, std::vector<std::string> args,
             std::string doing) {
  Call call = git.call(std::move(args), std::move(doing));
  call.place = level.place;
  call.live = level.nested;
  return call;
}

fs::path copy_of(const Level& level, const std::string& name, const std::string& path) {
  fs::path copy = submodule_repository(level.checkout / path, level.checkout / path);
  if (copy.empty()) copy = level.copies / name;
  std::error_code error;
  return fs::is_directory(copy / "objects", error) ? copy : fs::path();
}

/// A name becomes a part of a path and of a setting.
bool is_usable(const std::string& name) {
  return is_plain_submodule_name(name) && name.find('=') == std::string::npos;
}

/// Those that .gitmodules names and the index has, but for those outside of a sparse worktree.
Job<std::vector<Submodule>> submodules_of(GitContext& git, Level level) {
  std::vector<Submodule> found;
  Call ask = call_in(
      git, level,
      {"config", "-z", "--blob", "HEAD:.gitmodules", "--get-regexp", "^submodule\\..*\\.path$"},
      "read .gitmodules");
  const auto names = co_await git.runner.run(std::move(ask));
  if (!names) co_return passed_on(names);
  if (!names->ok()) co_return found;
  Call list = call_in(git, level, {"ls-files", "-z", "-t", "--stage"}, "list submodules");
  list.keep = kLongestList;
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  for (const std::string& line : parse_names(*listed)) {
    constexpr std::string_view kThere = "H 160000 ";
    const std::size_t tab = line.find('\t');
    if (!line.starts_with(kThere) || tab == std::string::npos) continue;
    Submodule one;
    one.path = line.substr(tab + 1);
    one.name = submodule_name(names->out, one.path);
    one.commit.value = line.substr(kThere.size(), line.find(' ', kThere.size()) - kThere.size());
    if (!is_usable(one.name)) continue;
    one.copy = copy_of(level, one.name, one.path);
    found.push_back(std::move(one));
  }
  co_return found;
}

Failure linked(const fs::path& folder) {
  return fail(Fault::Refused, "there is a link on the way to {}", one_line(folder.native()));
}

/// What tests, or a git of ours that was killed, left there.
Job<bool> take_away(GitContext& git, Level level, Submodule one) {
  const fs::path folder = level.place.work_tree / one.path;
  const fs::path repository = fs::path("modules") / one.name;
  if (!is_reached_without_links(level.place.work_tree, one.path) ||
      !is_reached_without_links(level.place.git_dir, repository))
    co_return linked(folder);
  (void)co_await loop::remove_tree(git.loop, folder);
  (void)co_await loop::remove_tree(git.loop, level.place.git_dir / repository);
  const Status made = make_folders(folder);
  if (!made) co_return passed_on(made);
  co_return true;
}

/// Fetches and pushes of whoever works there go where those of the user's copy go.
Job<bool> name_remote(GitContext& git, Submodule one, fs::path repository) {
  const std::string doing = "name the remote of " + one_line(one.path);
  const std::string key = "remote.origin.url";
  const fs::path from = one.copy / "config";
  Call ask = git.call({"config", "--file", from.native(), "--get", key}, doing);
  const auto url = co_await git.runner.run(std::move(ask));
  if (!url) co_return passed_on(url);
  if (!url->ok()) co_return true;
  const fs::path to = repository / "config";
  Call name = git.call({"config", "--file", to.native(), key, std::string(trim(url->out))}, doing);
  const auto named = co_await git.runner.output(std::move(name));
  if (!named) co_return passed_on(named);
  co_return true;
}

/// What git said where it could not be done.
Job<std::string> check_out(GitContext& git, Level level, Submodule one) {
  const std::string setting = "submodule." + one.name;
  Call update = call_in(
      git, level,
      {"-c", setting + ".url=" + one.copy.native(), "-c", setting + ".active=true", "-c",
       setting + ".update=checkout", "submodule", "--quiet", "update", "--init", "--", one.path},
      "check out " + one_line(one.path));
  // From a folder on this disk, and nothing else.
  update.env = {{"GIT_ALLOW_PROTOCOL", "file"}, {"GIT_LITERAL_PATHSPECS", "1"}};
  update.timeout = kUpdateTime;
  const auto updated = co_await git.runner.run(std::move(update));
  if (!updated) co_return passed_on(updated);
  if (updated->ok()) co_return std::string();
  std::string why = reason_of(updated->err);
  const auto away = co_await take_away(git, std::move(level), std::move(one));
  if (!away) co_return passed_on(away);
  co_return why;
}

Job<std::vector<std::string>> bring_level(GitContext& git, Level level) {
  std::vector<std::string> failed;
  std::error_code error;
  if (!fs::exists(level.place.work_tree / ".gitmodules", error)) co_return failed;
  const auto submodules = co_await submodules_of(git, level);
  if (!submodules) co_return passed_on(submodules);
  for (const Submodule& one : *submodules) {
    if (one.copy.empty()) continue;
    const auto away = co_await take_away(git, level, one);
    if (!away) co_return passed_on(away);
    const auto why = co_await check_out(git, level, one);
    if (!why) co_return passed_on(why);
    if (!why->empty()) {
      failed.push_back(fmt::format("{}: {}", one_line(one.path, 100), *why));
      continue;
    }
    failpoint("git.submodule_brought");
    const fs::path folder = level.place.work_tree / one.path;
    const fs::path repository = submodule_repository(folder, folder);
    if (repository.empty()) co_return fail(Fault::Io, "git left {} empty", one_line(one.path));
    const auto named = co_await name_remote(git, one, repository);
    if (!named) co_return passed_on(named);
    if (level.depth == kDeepest) continue;
    const Level inside{.place = Place{repository, folder},
                       .checkout = level.checkout / one.path,
                       .copies = one.copy / "modules",
                       .nested = true,
                       .depth = level.depth + 1};
    auto deeper = co_await bring_level(git, inside);
    if (!deeper) co_return passed_on(deeper);
    for (const std::string& text : *deeper)
      failed.push_back(one_line(one.path, 100) + '/' + text);
  }
  co_return failed;
}

}  // namespace

Job<std::vector<std::string>> bring_submodules(GitContext& git, SubmoduleRequest request) {
  const Result<Place> place = git.place_of(request.worktree);
  if (!place) co_return passed_on(place);
  const Level level{
      .place = *place, .checkout = request.checkout, .copies = git.git_dir / "modules"};
  co_return co_await bring_level(git, level);
}

Job<bool> empty_submodules(GitContext& git, Place place) {
  std::error_code error;
  if (!fs::exists(place.git_dir / "modules", error)) co_return true;
  const Level level{.place = place};
  const auto submodules = co_await submodules_of(git, level);
  if (!submodules) co_return passed_on(submodules);
  for (const Submodule& one : *submodules) {
    const fs::path folder = place.work_tree / one.path;
    if (!is_reached_without_links(place.work_tree, one.path)) co_return linked(folder);
    (void)co_await loop::remove_tree(git.loop, folder);
    const Status made = make_folders(folder);
    if (!made) co_return passed_on(made);
  }
  co_return true;
}

Job<std::vector<std::string>> submodules_not_here(GitContext& git, fs::path checkout,
                                                  CommitId commit) {
  std::vector<std::string> missing;
  const Level level{.place = Place{git.git_dir, git.root},
                    .checkout = checkout,
                    .copies = git.git_dir / "modules"};
  Call ask = git.call({"config", "-z", "--blob", commit.value + ":.gitmodules", "--get-regexp",
                       "^submodule\\..*\\.path$"},
                      "read .gitmodules");
  const auto names = co_await git.runner.run(std::move(ask));
  if (!names) co_return passed_on(names);
  if (!names->ok()) co_return missing;
  Call list = git.call({"ls-tree", "-r", "-z", "--full-tree", commit.value}, "list submodules");
  list.keep = kLongestList;
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  for (const TreeEntry& entry : parse_tree(*listed)) {
    if (entry.mode != kSubmoduleMode) continue;
    const std::string name = submodule_name(names->out, entry.path);
    const fs::path copy = is_usable(name) ? copy_of(level, name, entry.path) : fs::path();
    Call look = git.call({"cat-file", "-e", entry.id + "^{commit}"}, "look into " + entry.path);
    look.place.git_dir = copy;
    look.live = true;
    const bool has_copy = !copy.empty();
    bool is_here = false;
    if (has_copy) {
      const auto looked = co_await git.runner.run(std::move(look));
      if (!looked) co_return passed_on(looked);
      is_here = looked->ok();
    }
    if (!is_here) missing.push_back(entry.path);
  }
  co_return missing;
}

}  // namespace orch::git
