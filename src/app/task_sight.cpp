// Reads disk, HEAD and base between two looks at the clockwork of the checkout that agree.
#include "app/task_sight.hpp"

#include "app/paths.hpp"
#include "loop/loop.hpp"
#include "loop/off_loop.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <system_error>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kSteady = 150ms;  // a switch moves HEAD a moment after it has written the files
// Who writes a file goes on within that time: what is older is whole.
constexpr std::chrono::seconds kWritten{1};
constexpr int kLooks = 20;
// As long as that nothing moves under a lock: a git that was killed has left it behind.
constexpr int kStaleLooks = 8;

/// All of it is read without a process.
struct Glance {
  std::optional<git::Checkout> checkout;
  git::Standing standing;
  std::optional<tasks::Loaded> disk;
  std::uint64_t print = 0;

  bool agrees_with(const Glance& other) const {
    return checkout == other.checkout && standing == other.standing &&
           disk.has_value() == other.disk.has_value() && print == other.print;
  }
};

/// What lies there, with its print; nothing when it cannot be read.
struct OnDisk {
  std::optional<tasks::Loaded> tasks;
  std::uint64_t print = 0;
};

OnDisk read_disk(const fs::path& path) {
  Result<tasks::Loaded> loaded = tasks::load_source(path);
  if (!loaded) return {};
  const std::uint64_t print = tasks::fingerprint_of(*loaded);
  return {std::move(*loaded), print};
}

loop::Job<Glance> glance_at(loop::Loop& loop, const git::Repository& git, const fs::path& path) {
  Glance glance;
  glance.checkout = git.checkout_of(path);
  if (glance.checkout) glance.standing = git::standing_of(*glance.checkout);
  std::function<OnDisk()> read = [path] { return read_disk(path); };
  OnDisk disk = co_await loop::off_loop<OnDisk>(loop, std::move(read));
  glance.disk = std::move(disk.tasks);
  glance.print = disk.print;
  co_return glance;
}

bool was_written_lately(const fs::path& path) {
  std::error_code error;
  const auto age = fs::file_time_type::clock::now() - fs::last_write_time(path, error);
  return error || age < kWritten;
}

/// Nothing there was written a moment ago and no git is at work, so that nobody is in the middle of
/// it.
bool is_at_rest(const Glance& glance, const fs::path& path) {
  if (glance.standing.busy || !glance.disk || was_written_lately(path)) return false;
  if (glance.checkout && git::is_settling(*glance.checkout)) return false;
  const auto lately = [&](const tasks::NamedText& file) {
    return was_written_lately(path / file.name);
  };
  return std::ranges::none_of(glance.disk->files, lately);
}

tasks::Loaded loaded_from(const fs::path& path, const std::vector<git::StoredFile>& files) {
  if (files.size() == 1 && files.front().name.empty())
    return {.path = path, .is_folder = false, .text = files.front().text, .files = {}};
  std::vector<tasks::NamedText> named;
  for (const git::StoredFile& file : files)
    named.push_back({file.name, file.text});
  return tasks::folder_of(path, std::move(named));
}

/// Names of the files on the disk and their ids, or nothing where they are others than those
/// stored.
std::vector<std::string> names_in(const tasks::Loaded& loaded) {
  std::vector<std::string> names;
  if (!loaded.is_folder) return {""};
  for (const tasks::NamedText& file : loaded.files)
    names.push_back(file.name);
  return names;
}

/// The same bytes in files of the same names: no filter of git's is needed to tell.
bool has_texts_of(const tasks::Loaded& one, const tasks::Loaded& other) {
  const auto same = [](const tasks::NamedText& file, const tasks::NamedText& like) {
    return file.name == like.name && file.text == like.text;
  };
  return one.text == other.text && std::ranges::equal(one.files, other.files, same);
}

loop::Job<Result<bool>> is_edited(git::Repository& git, const git::Checkout& checkout,
                                  const std::string& relative, const tasks::Loaded& disk,
                                  const std::vector<git::StoredFile>& stored,
                                  const tasks::Loaded& stored_tasks) {
  const std::vector<std::string> names = names_in(disk);
  if (names != names_in(stored_tasks)) co_return true;
  if (has_texts_of(disk, stored_tasks)) co_return false;
  std::vector<std::string> paths;
  for (const std::string& name : names)
    paths.push_back(name.empty() ? relative : relative + "/" + name);
  auto hash = git.ids_on_disk(checkout, std::move(paths));
  const auto ids = co_await hash;
  if (!ids) co_return passed_on(ids);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = std::ranges::find(stored, names[i], &git::StoredFile::name);
    if (found == stored.end() || i >= ids->size() || found->id != (*ids)[i]) co_return true;
  }
  co_return false;
}

loop::Job<Result<TaskSight>> ask_git(git::Repository& git, const TaskPlace& place,
                                     const Glance& glance, const std::string& branch,
                                     const std::optional<SeenBefore>& before) {
  const git::Checkout& checkout = *glance.checkout;
  TaskSight sight{.disk = glance.disk, .stored = {}, .commit = {}, .branch = branch};
  sight.home =
      glance.standing.branch == branch && glance.standing.operation == git::Operation::None;
  auto ask_tip = branch.empty() ? git.resolve("HEAD") : git.branch_tip(branch);
  const auto tip = co_await ask_tip;
  if (!tip) co_return passed_on(tip);
  if (!*tip) co_return sight;
  sight.commit = **tip;
  if (before && before->commit != sight.commit) {
    const auto forward = co_await git.is_ancestor(before->commit, sight.commit);
    sight.forward = forward && *forward;  // a commit that is gone is behind nothing
  }
  const std::string relative = place.path.lexically_relative(checkout.work_tree).string();
  const auto stored = co_await git.stored_files(sight.commit, relative);
  if (!stored) co_return passed_on(stored);
  auto ask_index = git.indexed(checkout, relative);
  const auto indexed = co_await ask_index;
  if (!indexed) co_return passed_on(indexed);
  sight.tracked = indexed->tracked;
  sight.by_git = indexed->untouched;
  if (stored->empty()) co_return sight;
  sight.stored = loaded_from(place.path, *stored);
  if (!sight.disk || !sight.home) co_return sight;
  const auto edited =
      co_await is_edited(git, checkout, relative, *sight.disk, *stored, *sight.stored);
  if (!edited) co_return passed_on(edited);
  sight.edited = *edited;
  co_return sight;
}

loop::Job<Result<TaskSight>> see_once(loop::Loop& loop, loop::Children& children,
                                      git::Repository& git, const TaskPlace& place,
                                      const Glance& glance,
                                      const std::optional<SeenBefore>& before) {
  if (!glance.checkout) co_return TaskSight{.disk = glance.disk, .stored = {}, .commit = {}};
  std::error_code ignored;
  const fs::path common = fs::weakly_canonical(git.git_dir(), ignored);
  if (glance.checkout->common_dir == common)
    co_return co_await ask_git(git, place, glance, place.branch, before);
  git::Repository other(loop, children, glance.checkout->work_tree, glance.checkout->git_dir);
  // One of a submodule lies in the repository's git folder, where agents may write.
  const Paths paths(git.root());
  std::error_code none;
  if (fs::exists(paths.home(), none)) {
    const fs::path shared = glance.checkout->common_dir;
    auto use = other.use_plain(paths.plain_git(shared), shared);
    const auto used = co_await use;
    if (!used) co_return passed_on(used);
  }
  const std::optional<std::string> known = before ? before->branch : std::nullopt;
  const std::string branch = known.value_or(glance.standing.branch);
  co_return co_await ask_git(other, place, glance, branch, before);
}

}  // namespace

loop::Job<Result<TaskSight>> see_tasks(loop::Loop& loop, loop::Children& children,
                                       git::Repository& git, TaskPlace place,
                                       std::optional<SeenBefore> before) {
  int unmoved = 0;
  for (int look = 0; look < kLooks; ++look) {
    const Glance glance = co_await glance_at(loop, git, place.path);
    std::optional<Result<TaskSight>> sight;
    if (!glance.standing.busy || unmoved >= kStaleLooks)
      sight = co_await see_once(loop, children, git, place, glance, before);
    if (!is_at_rest(glance, place.path))
      (void)co_await loop::pause(loop, kSteady);  // a pause has no answer worth reading
    const Glance after = co_await glance_at(loop, git, place.path);
    const bool agrees = after.agrees_with(glance);
    if (sight && agrees) co_return *std::move(sight);
    unmoved = agrees ? unmoved + 1 : 0;
  }
  co_return fail(Fault::Busy, "something is being written beside {}", place.path.native());
}

const tasks::Loaded* counting(const TaskSight& sight) {
  if (!sight.home && sight.stored) return &*sight.stored;
  if (sight.disk) return &*sight.disk;
  return sight.stored ? &*sight.stored : nullptr;
}

}  // namespace orch::app
