// Decides between the landing and the disk, and writes on the disk.
#include "app/task_marks.hpp"

#include "app/run_files.hpp"
#include "git/checkout.hpp"
#include "git/repository.hpp"
#include "loop/loop.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/write/marks.hpp"
#include "tasks/write/tick.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
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
    return is_active(task.state) || (task.state == TaskState::Waiting && task.counts());
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

/// What a mark says.
enum class TaskMarks::Sign : std::uint8_t {
  Done,
  Failed,  ///< where the file has a mark for that
  Open,    ///< again, as what was done is taken back
};

/// The task file as far as one task is concerned.
struct TaskMarks::Text {
  fs::path path;                   ///< of a folder of tasks, the task's own file
  std::string format;              ///< empty: each file of a folder may be of another
  std::vector<std::string> items;  ///< what has been done of it; empty: all there is in the file
  Sign sign = Sign::Done;

  std::vector<std::string> ids(std::string_view text) const {
    if (!items.empty()) return items;
    std::vector<std::string> all;
    for (const tasks::Item& item : tasks::read_items({text, path.native()}, format).reading.items)
      all.push_back(item.id);
    return all;
  }

  std::string ticked(std::string_view text) const {
    const tasks::Source file{text, path.native()};
    switch (sign) {
      case Sign::Done: return tasks::with_ticks(file, format, ids(text));
      case Sign::Failed: return tasks::with_failures(file, format, ids(text));
      case Sign::Open: return tasks::without_ticks(file, format, ids(text));
    }
    return std::string(text);
  }

  Ticked ticked_in(const std::optional<std::string>& text) const {
    if (!text) return Ticked::Nowhere;
    const tasks::Source file{*text, path.native()};
    switch (sign) {
      case Sign::Done: return tasks::ticked_in(file, format, ids(*text));
      case Sign::Failed: return tasks::failed_in(file, format, ids(*text));
      case Sign::Open: return tasks::open_in(file, format, ids(*text));
    }
    return Ticked::Nowhere;
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
  if (task->state == TaskState::Failed) text.sign = Sign::Failed;
  if (is_taken_back(*task)) text.sign = Sign::Open;
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
  if (disk == committed) return false;
  const std::string now = plain(disk);
  const std::string before = plain(committed);
  return tasks::with_marks_of(now, before, own.path.native(), own.format) != before;
}

/// Where the task has its mark.
struct TaskMarks::Seen {
  Ticked landed = Ticked::Nowhere;
  std::optional<Ticked> disk;  ///< nothing: there is no file that can be read
  Ticked committed = Ticked::Nowhere;
  bool edited = false;  ///< the disk against what is committed
};

loop::Job<TaskMarks::Seen> TaskMarks::see(Text own, std::optional<std::string> landed,
                                          std::optional<std::string> committed) {
  std::function<Seen()> work = [own = std::move(own), landed = std::move(landed),
                                committed = std::move(committed)] {
    // As a rule they are one text, and a large one takes long to read.
    Seen seen{.landed = own.ticked_in(landed)};
    seen.committed = committed == landed ? seen.landed : own.ticked_in(committed);
    const Result<std::string> disk = read_file(own.path);
    if (!disk) return seen;
    seen.disk = committed == *disk ? seen.committed : own.ticked_in(*disk);
    seen.edited = committed && is_edited(own, *disk, *committed);
    return seen;
  };
  co_return co_await loop::off_loop<Seen>(loop_, std::move(work));
}

/// Marks of other tasks that are still to be written into the same file.
std::vector<TaskMarks::Text> TaskMarks::owed(const Text& own) const {
  std::vector<Text> texts;
  for (const TaskRecord& task : state_.tasks) {
    const bool due = task.tick == Tick::Due || task.tick == Tick::Late;
    const bool landed = task.state == TaskState::Merged && !task.merged.empty();
    const bool is_marked = landed || task.state == TaskState::Failed || is_taken_back(task);
    if (!due || !is_marked) continue;
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

/// What a tick on the disk is to write, and what the run's last look said of the file.
struct TaskMarks::Edit {
  std::string text;     ///< of the file as it was read
  std::string ticked;   ///< the same with the mark
  std::string problem;  ///< why there is nothing to write; empty: there is
  bool looked = false;  ///< it was seen before
  bool stored = false;  ///< git had it then
  std::string branch;   ///< of its checkout then
};

/// Why the file on the disk is not to be touched at this moment; empty: it may be.
std::string TaskMarks::why_not_here(const fs::path& path, const Edit& edit) const {
  const std::optional<git::Checkout> checkout = git_.checkout_of(path);
  if (!checkout) return {};
  const git::Standing standing = git::standing_of(*checkout);
  if (standing.busy) return fmt::format("git is at work in {}", checkout->work_tree.native());
  const bool home =
      edit.looked && standing.branch == edit.branch && standing.operation == git::Operation::None;
  if (edit.stored && !home)
    return fmt::format("another version of {} is checked out", path.native());
  return {};
}

namespace {

/// The file as it was at the last look.
std::string text_before(const std::optional<LastRead>& last, const fs::path& path) {
  if (!last) return {};
  if (!last->disk.is_folder) return last->disk.text;
  const std::string name = path.lexically_relative(last->disk.path).string();
  const auto file = std::ranges::find(last->disk.files, name, &tasks::NamedText::name);
  return file == last->disk.files.end() ? std::string() : file->text;
}

}  // namespace

/// What the user changed in the task's own line since it was read says something else than what was
/// done: such a line is left.
loop::Job<TaskMarks::Edit> TaskMarks::edit_of(Text own) {
  std::function<Edit()> work = [own = std::move(own), run = context_.run] {
    const std::optional<LastRead> last = load_last_read(run);
    Edit edit;
    edit.looked = last.has_value();
    edit.stored = last && !last->stored.path.empty();
    if (last) edit.branch = last->branch;
    Result<std::string> text = read_file(own.path);
    if (!text) {
      edit.problem = text.error().what;
      return edit;
    }
    edit.text = *std::move(text);
    const tasks::Source file{edit.text, own.path.native()};
    const std::vector<std::string> all = own.ids(edit.text);
    const std::vector<std::string> ids =
        tasks::with_same_title(file, text_before(last, own.path), own.format, all);
    if (ids.size() < all.size())
      edit.problem = fmt::format("its line in {} was edited at this moment", own.path.native());
    else
      edit.ticked = own.ticked(edit.text);
    return edit;
  };
  co_return co_await loop::off_loop<Edit>(loop_, std::move(work));
}

/// The file is the user's and may be edited at any moment: written only if it is what was read.
loop::Job<TickFile::Ends> TaskMarks::tick_on_disk(Text own) {
  const Edit edit = co_await edit_of(own);
  if (std::string why = why_not_here(own.path, edit); !why.empty()) co_return later(std::move(why));
  if (!edit.problem.empty()) co_return later(edit.problem);
  if (edit.ticked == edit.text) co_return Done{};
  std::function<Status()> work = [path = own.path, before = edit.text, after = edit.ticked] {
    return replace_file(path, before, after);
  };
  const Status written = co_await loop::off_loop<Status>(loop_, std::move(work));
  if (!written) co_return later(written.error().what);
  co_return Done{};
}

/// In the middle of a switch the disk has another version already, and HEAD does not know of it.
loop::Job<TickFile::Ends> TaskMarks::tick_when_quiet(Text own, InGit place, bool home) {
  const bool quiet = co_await is_quiet(own.path);
  if (!quiet)
    co_return later(fmt::format("git is at work in {}", place.checkout.work_tree.native()));
  if (is_home(place) != home) co_return later("another version of it is checked out");
  co_return co_await tick_on_disk(std::move(own));
}

loop::Job<std::optional<git::TaskFile>> TaskMarks::landing_file(TaskId task) {
  return file_for(text_of(task), !task.value.empty());
}

loop::Job<std::optional<git::TaskFile>> TaskMarks::undo_file(TaskId task) {
  Text own = text_of(task);
  own.sign = Sign::Open;
  return file_for(std::move(own), true);
}

loop::Job<std::optional<git::TaskFile>> TaskMarks::file_for(Text own, bool of_task) {
  const std::optional<InGit> place = in_git(own.path);
  if (!place) co_return std::nullopt;
  git::TaskFile file;
  file.path = place->relative;
  file.with_marks_of = [own](std::string_view text, std::string_view reference) {
    return tasks::with_marks_of(text, reference, own.path.native(), own.format);
  };
  if (!of_task) {
    file.with_mark_changes = [own](std::string_view text, std::string_view before,
                                   std::string_view after) {
      return tasks::with_mark_changes(text, before, after, own.path.native(), own.format);
    };
  }
  bool tick = state_.run.rules.write_back && of_task;
  if (tick && is_home(*place)) {
    const std::optional<std::string> committed = co_await on_base(*place);
    const std::optional<std::string> not_asked;
    const Seen seen = co_await see(own, not_asked, committed);
    if (seen.edited) tick = false;
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
  if (!place) co_return co_await tick_on_disk(own);
  const std::optional<std::string> committed = co_await on_base(*place);
  const auto landed = co_await git_.show_file(state_.run.integration, place->relative);
  if (!landed) co_return later(landed.error().what);
  const Seen seen = co_await see(own, *landed, committed);
  const bool has_place =
      seen.landed != Ticked::Nowhere || seen.disk.value_or(Ticked::No) != Ticked::Nowhere;
  if (own.sign == Sign::Failed && !has_place) co_return Done{};
  const bool in_landing = seen.landed == Ticked::Yes;
  if (in_landing && (!seen.disk || !is_home(*place))) co_return Done{};
  if (!is_home(*place)) {
    auto ask_index = git_.indexed(place->checkout, place->relative);
    const auto indexed = co_await ask_index;
    if (!indexed) co_return later(indexed.error().what);
    if (indexed->tracked) co_return later("another version of it is checked out");
    co_return co_await tick_when_quiet(own, *place, false);
  }
  if (seen.disk && *seen.disk != Ticked::No) co_return Done{};
  // It comes with the commits that the base has not got yet.
  if (in_landing && seen.committed != Ticked::Yes) co_return Done{};
  const bool waits = committed && seen.disk && !seen.edited && seen.committed == Ticked::No &&
                     more_may_land(state_);
  if (waits) co_return later("it comes with the next landing");
  co_return co_await tick_when_quiet(own, *place, true);
}

}  // namespace orch::app
