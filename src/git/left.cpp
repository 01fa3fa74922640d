// What lies in a worktree and is no part of any commit: told before it lands, and known apart from
// what was put there before its agent began.
#include "git/left.hpp"

#include "git/parse.hpp"
#include "git/set_up.hpp"
#include "git/sweep.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr int kMostSteps = 400;
constexpr std::size_t kMostFiles = 50'000;
constexpr std::size_t kFoldersAStep = 64;

std::vector<std::string> without_slashes(std::vector<std::string> paths) {
  for (std::string& path : paths) {
    if (path.ends_with('/')) path.pop_back();
  }
  return paths;
}

}  // namespace

Job<Leftovers> left_in(GitContext& git, fs::path worktree, CachePatterns caches,
                       std::vector<std::string> ignored, std::vector<std::string> folders) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return passed_on(place);
  Compared compared;
  std::vector<std::string> starts = without_slashes(std::move(ignored));
  // A folder in which all is ignored is named in addition to what is in it.
  for (const std::string& path : starts)
    compared.ignored.insert(path);
  std::erase_if(starts, [&compared](const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      if (compared.ignored.contains(path.substr(0, slash))) return true;
    }
    return false;
  });
  for (std::string& folder : without_slashes(std::move(folders)))
    starts.push_back(std::move(folder));
  if (starts.empty()) co_return Leftovers{};

  SweepRequest request;
  request.set_up = read_set_up(place->git_dir);
  request.caches = std::move(caches);
  request.only_look = true;
  auto below = Below::open(place->work_tree);
  if (!below) co_return passed_on(below);
  Walk walk(*below, request, compared, starts);
  for (int step = 0; step < kMostSteps && walk.step(); ++step)
    (void)co_await loop::pause(git.loop, Span(0));
  co_return walk.left();
}

Job<bool> note_set_up(GitContext& git, fs::path worktree, std::vector<std::string> links) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return passed_on(place);
  Call list = git.call({"ls-files", "-z", "--others", "--directory"},
                       "list new files of " + one_line(worktree.native()));
  list.place = *place;
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  auto below = Below::open(place->work_tree);
  if (!below) co_return passed_on(below);
  SetUp set_up;
  set_up.links = std::move(links);
  std::vector<std::string> folders;
  const auto take = [&](const std::string& path, const struct stat& info) {
    if (!S_ISDIR(info.st_mode)) {
      set_up.files.emplace(path, stamp_of(info));
    } else if (!is_known_cache(*below, path)) {
      folders.push_back(path);
    }
  };
  for (const std::string& path : without_slashes(parse_names(*listed))) {
    if (const auto info = below->look(path)) take(path, *info);
  }
  for (std::size_t visited = 1; !folders.empty() && set_up.files.size() < kMostFiles; ++visited) {
    if (visited % kFoldersAStep == 0) (void)co_await loop::pause(git.loop, Span(0));
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    for (const Below::Entry& entry : below->list(folder))
      take(folder + '/' + entry.name, entry.info);
  }
  const Status written = write_set_up(place->git_dir, set_up);
  if (!written) co_return passed_on(written);
  co_return true;
}

}  // namespace orch::git
