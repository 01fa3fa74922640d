// Decides between the landing and the disk, and writes on the disk.
#include "app/task_marks.hpp"

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

std::string plain(std::string text) {
  std::erase(text, '\r');
  return text;
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

}  // namespace

TaskMarks::TaskMarks(loop::Loop& loop, git::Repository& git, const State& state,
                     const RunContext& context)
    : loop_(loop), git_(git), state_(state), context_(context) {}

/// The task file as far as one task is concerned.
struct TaskMarks::Text {
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

TaskMarks::Text TaskMarks::text_of(const TaskId& id) const {
  Text text{.path = context_.info.task_file, .format = context_.config.format, .items = {id.value}};
  const TaskRecord* task = state_.find(id);
  if (task == nullptr) return text;
  const AgentRun& agent = state_.agent_of(*task);
  if (!agent.items.empty()) text.items = agent.items;
  for (const std::string& item : task->items_merged)
    text.items.push_back(item);
  if (!task->plan.spec.file.empty())
    text = {.path = text.path / task->plan.spec.file, .format = {}, .items = {}};
  return text;
}

/// Where the file lies in this repository.
struct TaskMarks::InGit {
  git::Checkout checkout;
  std::string relative;
};

std::optional<TaskMarks::InGit> TaskMarks::in_git(const fs::path& path) const {
  std::optional<git::Checkout> checkout = git_.checkout_of(path);
  std::error_code ignored;
  const fs::path common = fs::weakly_canonical(git_.git_dir(), ignored);
  if (!checkout || checkout->common_dir != common) return {};
  const fs::path relative = path.lexically_relative(checkout->work_tree);
  if (relative.empty() || *relative.begin() == ".." || fs::is_directory(path, ignored)) return {};
  return InGit{*std::move(checkout), relative.string()};
}

bool TaskMarks::is_home(const InGit& place) const {
  const git::Standing standing = git::standing_of(place.checkout);
  return standing.branch == state_.run.rules.base && standing.operation == git::Operation::None;
}

loop::Job<std::optional<std::string>> TaskMarks::on_base(const InGit& place) {
  const auto tip = co_await git_.branch_tip(state_.run.rules.base);
  if (!tip || !*tip) co_return std::nullopt;
  const auto text = co_await git_.show_file(**tip, place.relative);
  if (!text) co_return std::nullopt;
  co_return *text;
}

/// Has the user changed more than marks, and not committed that? Marks alone do not stand in the
/// way of those that land.
bool TaskMarks::is_edited(const Text& own, const std::string& disk, const std::string& committed) {
  const std::string now = plain(disk);
  const std::string before = plain(committed);
  return tasks::with_marks_of(now, before, own.path.native(), own.format) != before;
}

/// Marks of other tasks that are still to be written into the same file.
std::vector<TaskMarks::Text> TaskMarks::owed(const Text& own) const {
  std::vector<Text> texts;
  for (const TaskRecord& task : state_.tasks) {
    const bool due = task.tick == Tick::Due || task.tick == Tick::Late;
    if (task.state != TaskState::Merged || task.merged.empty() || !due) continue;
    Text text = text_of(task.id());
    if (text.path == own.path) texts.push_back(std::move(text));
  }
  return texts;
}

/// Waits until nothing moves in the checkout: our own follower, as a rule, or a switch.
loop::Job<bool> TaskMarks::is_quiet(fs::path path) {
  const auto is_moving = [this, &path] {
    const std::optional<git::Checkout> checkout = git_.checkout_of(path);
    return checkout && (git::standing_of(*checkout).busy || git::is_settling(*checkout));
  };
  for (int look = 0; look < kLooks && is_moving(); ++look)
    (void)co_await loop::pause(loop_, kLookAgain);  // a pause has no answer worth reading
  co_return !is_moving();
}

/// Why the file on the disk is not to be touched at this moment; empty: it may be.
std::string TaskMarks::why_not_here(const fs::path& path) const {
  const std::optional<git::Checkout> checkout = git_.checkout_of(path);
  if (!checkout) return {};
  const git::Standing standing = git::standing_of(*checkout);
  if (standing.busy) return fmt::format("git is at work in {}", checkout->work_tree.native());
  const std::optional<LastRead> last = load_last_read(context_.run);
  const bool stored = last && !last->stored.path.empty();
  const bool home =
      last && standing.branch == last->branch && standing.operation == git::Operation::None;
  if (stored && !home) return fmt::format("another version of {} is checked out", path.native());
  return {};
}

/// What the user changed in the task's own line since it was read says something else than what was
/// done: such a line is left.
std::vector<std::string> TaskMarks::markable(const Text& own, std::string_view text) const {
  const std::optional<LastRead> last = load_last_read(context_.run);
  std::string before = last ? last->disk.text : std::string();
  if (last && last->disk.is_folder) {
    const auto file =
        std::ranges::find(last->disk.files, own.path.filename().native(), &tasks::NamedText::name);
    before = file == last->disk.files.end() ? std::string() : file->text;
  }
  return tasks::with_same_title({text, own.path.native()}, before, own.format, own.ids(text));
}

/// The file is the user's and may be edited at any moment: written only if it is what was read.
TickFile::Ends TaskMarks::tick_on_disk(const Text& own) const {
  if (std::string why = why_not_here(own.path); !why.empty()) return later(std::move(why));
  const Result<std::string> text = read_file(own.path);
  if (!text) return later(text.error().what);
  const std::vector<std::string> ids = markable(own, *text);
  if (ids.size() < own.ids(*text).size())
    return later(fmt::format("its line in {} was edited at this moment", own.path.native()));
  const std::string ticked = tasks::with_ticks({*text, own.path.native()}, own.format, ids);
  if (ticked == *text) return Done{};
  const Status written = replace_file(own.path, *text, ticked);
  if (!written) return later(written.error().what);
  return Done{};
}

/// In the middle of a switch the disk has another version already, and HEAD does not know of it.
loop::Job<TickFile::Ends> TaskMarks::tick_when_quiet(Text own, InGit place, bool home) {
  const bool quiet = co_await is_quiet(own.path);
  if (!quiet)
    co_return later(fmt::format("git is at work in {}", place.checkout.work_tree.native()));
  if (is_home(place) != home) co_return later("another version of it is checked out");
  co_return tick_on_disk(own);
}

loop::Job<std::optional<git::TaskFile>> TaskMarks::landing_file(TaskId task) {
  const Text own = text_of(task);
  const std::optional<InGit> place = in_git(own.path);
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
  bool tick = state_.run.rules.write_back && !task.value.empty();
  if (tick && is_home(*place)) {
    const std::optional<std::string> committed = co_await on_base(*place);
    const Result<std::string> disk = read_file(own.path);
    if (committed && disk && is_edited(own, *disk, *committed)) tick = false;
  }
  std::vector<Text> texts;
  if (tick) texts = owed(own);
  if (tick) texts.push_back(own);
  // Items may have been taken out of the file meanwhile; that is no reason not to land the rest.
  file.edit = [texts = std::move(texts)](std::string_view text) {
    std::string edited(text);
    for (const Text& one : texts)
      edited = one.ticked(edited);
    return Result<std::string>(std::move(edited));
  };
  co_return file;
}

git::EditedFiles TaskMarks::edited_files() const {
  const fs::path path = context_.info.task_file;
  const std::optional<git::Checkout> checkout = git_.checkout_of(path);
  if (!checkout) return {};
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  const std::string relative = path.lexically_relative(checkout->work_tree).string();
  // Of a folder, each file may be of another format.
  const std::string format = is_folder ? std::string() : context_.config.format;
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

loop::Job<TickFile::Ends> TaskMarks::tick(const TickFile& effect) {
  const Text own = text_of(effect.task);
  (void)co_await is_quiet(own.path);
  const std::optional<InGit> place = in_git(own.path);
  if (!place) co_return tick_on_disk(own);
  const std::optional<std::string> committed = co_await on_base(*place);
  const auto landed = co_await git_.show_file(state_.run.integration, place->relative);
  if (!landed) co_return later(landed.error().what);
  const bool in_landing = own.ticked_in(*landed) == Ticked::Yes;
  const Result<std::string> disk = read_file(own.path);
  if (in_landing && (!disk || !is_home(*place))) co_return Done{};
  if (!is_home(*place)) {
    auto ask_index = git_.indexed(place->checkout, place->relative);
    const auto indexed = co_await ask_index;
    if (!indexed) co_return later(indexed.error().what);
    if (indexed->tracked) co_return later("another version of it is checked out");
    co_return co_await tick_when_quiet(own, *place, false);
  }
  if (disk && own.ticked_in(*disk) != Ticked::No) co_return Done{};
  // It comes with the commits that the base has not got yet.
  if (in_landing && own.ticked_in(committed) != Ticked::Yes) co_return Done{};
  const bool waits = committed && disk && !is_edited(own, *disk, *committed) &&
                     own.ticked_in(committed) == Ticked::No && more_may_land(state_);
  if (waits) co_return later("it comes with the next landing");
  co_return co_await tick_when_quiet(own, *place, true);
}

}  // namespace orch::app
