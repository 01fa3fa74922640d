// Decides between the landing and the disk, and writes on the disk.
#include "app/task_marks.hpp"

#include "app/executor.hpp"
#include "app/run_files.hpp"
#include "git/checkout.hpp"
#include "git/repository.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/write/marks.hpp"
#include "tasks/write/tick.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace orch::app {
namespace {

using tasks::Ticked;
using namespace std::chrono_literals;

constexpr Span kLookAgain = 100ms;
constexpr int kLooks = 30;

/// The task file as far as one task is concerned.
struct TaskText {
  fs::path path;                   ///< of a folder of tasks, the task's own file
  std::string format;              ///< empty: each file of a folder may be of another
  std::vector<std::string> items;  ///< what has been done of it; empty: all there is in the file

  std::vector<std::string> ids(std::string_view text) const {
    if (!items.empty()) return items;
    std::vector<std::string> all;
    for (const tasks::Item& item : tasks::read_items({text, path.native()}, format).reading.items)
      all.push_back(item.id);
    return all;
  }

  std::string ticked(std::string_view text) const {
    return tasks::with_ticks({text, path.native()}, format, ids(text));
  }

  Ticked ticked_in(const std::optional<std::string>& text) const {
    if (!text) return Ticked::Nowhere;
    return tasks::ticked_in({*text, path.native()}, format, ids(*text));
  }
};

TaskText text_of(const World& world, const TaskId& id) {
  TaskText text{.path = world.info.task_file, .format = world.config.format, .items = {id.value}};
  const TaskRecord* task = world.state.find(id);
  if (task == nullptr) return text;
  if (!task->attempt.items.empty()) text.items = task->attempt.items;
  for (const std::string& item : task->items_merged)
    text.items.push_back(item);
  if (!task->plan.spec.file.empty())
    text = {.path = text.path / task->plan.spec.file, .format = {}, .items = {}};
  return text;
}

/// Where the file lies in this repository.
struct InGit {
  git::Checkout checkout;
  std::string relative;
};

std::optional<InGit> in_git(const World& world, const fs::path& path) {
  std::optional<git::Checkout> checkout = world.git.checkout_of(path);
  std::error_code ignored;
  const fs::path common = fs::weakly_canonical(world.git.git_dir(), ignored);
  if (!checkout || checkout->common_dir != common) return {};
  const fs::path relative = path.lexically_relative(checkout->work_tree);
  if (relative.empty() || *relative.begin() == ".." || fs::is_directory(path, ignored)) return {};
  return InGit{*std::move(checkout), relative.string()};
}

bool is_home(const World& world, const InGit& place) {
  const git::Standing standing = git::standing_of(place.checkout);
  return standing.branch == world.state.run.rules.base &&
         standing.operation == git::Operation::None;
}

loop::Job<std::optional<std::string>> on_base(World& world, const InGit& place) {
  const auto tip = co_await world.git.branch_tip(world.state.run.rules.base);
  if (!tip || !*tip) co_return std::nullopt;
  const auto text = co_await world.git.show_file(**tip, place.relative);
  if (!text) co_return std::nullopt;
  co_return *text;
}

std::string plain(std::string text) {
  std::erase(text, '\r');
  return text;
}

/// Has the user changed more than marks, and not committed that? Marks alone do not stand in the
/// way of those that land.
bool is_edited(const TaskText& own, const std::string& disk, const std::string& committed) {
  const std::string now = plain(disk);
  const std::string before = plain(committed);
  return tasks::with_marks_of(now, before, own.path.native(), own.format) != before;
}

/// Marks of other tasks that are still to be written into the same file.
std::vector<TaskText> owed(const World& world, const TaskText& own) {
  std::vector<TaskText> texts;
  for (const TaskRecord& task : world.state.tasks) {
    const bool due = task.tick == Tick::Due || task.tick == Tick::Late;
    if (task.state != TaskState::Merged || task.merged.empty() || !due) continue;
    TaskText text = text_of(world, task.id());
    if (text.path == own.path) texts.push_back(std::move(text));
  }
  return texts;
}

/// Will there be another landing that may take the mark along?
bool more_may_land(const State& state) {
  return std::ranges::any_of(state.tasks, [](const TaskRecord& task) {
    return is_active(task.state) || (task.state == TaskState::Waiting && task.wanted);
  });
}

/// Not tried again by the clock: what lets it be written shows in the file or in a landing.
NotDone later(std::string why) {
  return {.why = std::move(why), .hint = {}, .transient = false};
}

/// Waits until nothing moves in the checkout: our own follower, as a rule, or a switch.
loop::Job<bool> is_quiet(World& world, fs::path path) {
  const auto is_moving = [&world, &path] {
    const std::optional<git::Checkout> checkout = world.git.checkout_of(path);
    return checkout && (git::standing_of(*checkout).busy || git::is_settling(*checkout));
  };
  for (int look = 0; look < kLooks && is_moving(); ++look)
    (void)co_await loop::pause(world.loop, kLookAgain);  // a pause has no answer worth reading
  co_return !is_moving();
}

/// Why the file on the disk is not to be touched at this moment; empty: it may be.
std::string why_not_here(const World& world, const fs::path& path) {
  const std::optional<git::Checkout> checkout = world.git.checkout_of(path);
  if (!checkout) return {};
  const git::Standing standing = git::standing_of(*checkout);
  if (standing.busy) return fmt::format("git is at work in {}", checkout->work_tree.native());
  const std::optional<LastRead> last = load_last_read(world.run);
  const bool stored = last && !last->stored.path.empty();
  const bool home =
      last && standing.branch == last->branch && standing.operation == git::Operation::None;
  if (stored && !home) return fmt::format("another version of {} is checked out", path.native());
  return {};
}

/// What the user changed in the task's own line since it was read says something else than what was
/// done: such a line is left.
std::vector<std::string> markable(const World& world, const TaskText& own, std::string_view text) {
  const std::optional<LastRead> last = load_last_read(world.run);
  std::string before = last ? last->disk.text : std::string();
  if (last && last->disk.is_folder) {
    const auto file =
        std::ranges::find(last->disk.files, own.path.filename().native(), &tasks::NamedText::name);
    before = file == last->disk.files.end() ? std::string() : file->text;
  }
  return tasks::with_same_title({text, own.path.native()}, before, own.format, own.ids(text));
}

/// The file is the user's and may be edited at any moment: written only if it is what was read.
Outcome tick_on_disk(const World& world, const TaskText& own) {
  if (std::string why = why_not_here(world, own.path); !why.empty()) return later(std::move(why));
  const Result<std::string> text = read_file(own.path);
  if (!text) return later(text.error().what);
  const std::vector<std::string> ids = markable(world, own, *text);
  if (ids.size() < own.ids(*text).size())
    return later(fmt::format("its line in {} was edited at this moment", own.path.native()));
  const std::string ticked = tasks::with_ticks({*text, own.path.native()}, own.format, ids);
  if (ticked == *text) return Done{};
  const Status written = replace_file(own.path, *text, ticked);
  if (!written) return later(written.error().what);
  return Done{};
}

/// In the middle of a switch the disk has another version already, and HEAD does not know of it.
loop::Job<Outcome> tick_when_quiet(World& world, TaskText own, InGit place, bool home) {
  const bool quiet = co_await is_quiet(world, own.path);
  if (!quiet)
    co_return later(fmt::format("git is at work in {}", place.checkout.work_tree.native()));
  if (is_home(world, place) != home) co_return later("another version of it is checked out");
  co_return tick_on_disk(world, own);
}

}  // namespace

loop::Job<std::optional<git::TaskFile>> landing_file(World& world, TaskId task) {
  const TaskText own = text_of(world, task);
  const std::optional<InGit> place = in_git(world, own.path);
  if (!place) co_return std::nullopt;
  git::TaskFile file;
  file.path = place->relative;
  file.with_marks_of = [own](std::string_view text, std::string_view reference) {
    return tasks::with_marks_of(text, reference, own.path.native(), own.format);
  };
  if (task.value.empty()) {
    file.with_mark_changes = [own](std::string_view text, std::string_view before,
                                   std::string_view after) {
      return tasks::with_mark_changes(text, before, after, own.path.native(), own.format);
    };
  }
  bool tick = world.state.run.rules.write_back && !task.value.empty();
  if (tick && is_home(world, *place)) {
    const std::optional<std::string> committed = co_await on_base(world, *place);
    const Result<std::string> disk = read_file(own.path);
    if (committed && disk && is_edited(own, *disk, *committed)) tick = false;
  }
  std::vector<TaskText> texts;
  if (tick) texts = owed(world, own);
  if (tick) texts.push_back(own);
  // Items may have been taken out of the file meanwhile; that is no reason not to land the rest.
  file.edit = [texts = std::move(texts)](std::string_view text) {
    std::string edited(text);
    for (const TaskText& one : texts)
      edited = one.ticked(edited);
    return Result<std::string>(std::move(edited));
  };
  co_return file;
}

git::EditedFiles edited_files(const World& world) {
  const fs::path path = world.info.task_file;
  const std::optional<git::Checkout> checkout = world.git.checkout_of(path);
  if (!checkout) return {};
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  const std::string relative = path.lexically_relative(checkout->work_tree).string();
  // Of a folder, each file may be of another format.
  const std::string format = is_folder ? std::string() : world.config.format;
  git::EditedFiles files;
  files.takes = [relative, is_folder](const std::string& name) {
    return is_folder ? fs::path(name).parent_path() == relative : name == relative;
  };
  files.with_mark_changes = [format](const std::string& name, std::string_view text,
                                     std::string_view before, std::string_view after) {
    return tasks::with_mark_changes(text, before, after, name, format);
  };
  files.with_marks_of = [format](const std::string& name, std::string_view text,
                                 std::string_view reference) {
    return tasks::with_marks_of(text, reference, name, format);
  };
  return files;
}

loop::Job<Outcome> Executor::tick_file(const TickFile& effect) {
  const TaskText own = text_of(world_, effect.task);
  (void)co_await is_quiet(world_, own.path);
  const std::optional<InGit> place = in_git(world_, own.path);
  if (!place) co_return tick_on_disk(world_, own);
  const std::optional<std::string> committed = co_await on_base(world_, *place);
  const auto landed = co_await world_.git.show_file(world_.state.run.integration, place->relative);
  if (!landed) co_return later(landed.error().what);
  const bool in_landing = own.ticked_in(*landed) == Ticked::Yes;
  const Result<std::string> disk = read_file(own.path);
  if (in_landing && (!disk || !is_home(world_, *place))) co_return Done{};
  if (!is_home(world_, *place)) {
    auto ask_index = world_.git.indexed(place->checkout, place->relative);
    const auto indexed = co_await ask_index;
    if (!indexed) co_return later(indexed.error().what);
    if (indexed->tracked) co_return later("another version of it is checked out");
    co_return co_await tick_when_quiet(world_, own, *place, false);
  }
  if (disk && own.ticked_in(*disk) != Ticked::No) co_return Done{};
  // It comes with the commits that the base has not got yet.
  if (in_landing && own.ticked_in(committed) != Ticked::Yes) co_return Done{};
  const bool waits = committed && disk && !is_edited(own, *disk, *committed) &&
                     own.ticked_in(committed) == Ticked::No && more_may_land(world_.state);
  if (waits) co_return later("it comes with the next landing");
  co_return co_await tick_when_quiet(world_, own, *place, true);
}

}  // namespace orch::app
