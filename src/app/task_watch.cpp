// One look at a time; a change meanwhile leads to another one.
#include "app/task_watch.hpp"

#include "app/run_files.hpp"
#include "git/repository.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/core/plan.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kQuiet = 300ms;  // of the folder, before the file is read again
// A look reads and compares all tasks, and each landing writes a mark: of many they are looked at
// less often, so that a task costs no more in a long list than in a short one.
constexpr Span kPerTask = 3ms;
constexpr Span kLongestPause = 3s;

/// Is a task open in the file that was merged, and did not its user want it so?
bool has_open_marks(const State& state, const std::vector<TaskId>& open) {
  return std::ranges::any_of(open, [&state](const TaskId& id) {
    const TaskRecord* task = state.find(id);
    if (task == nullptr || task->state != TaskState::Merged || task->merged.empty()) return false;
    return task->tick == Tick::Late || task->tick == Tick::Written;
  });
}

/// What one look at the file makes of the tasks.
struct TakenNews {
  TaskNews news;
  bool changed = false;
  bool refused = false;  ///< the run cannot take it
};

TakenNews taken_news(const KnownTasks& known, const LastRead& last, const TaskSight& sight,
                     const ReadTasks& read) {
  TakenNews taken{news_of(known, last, sight, read)};
  taken.changed = taken.news.tasks != known.tasks;
  taken.refused = taken.changed && refusal_of(make_plan(taken.news.tasks), known.tasks).has_value();
  return taken;
}

}  // namespace

TaskWatch::TaskWatch(loop::Loop& loop, loop::Children& children, git::Repository& git,
                     const State& state, const RunContext& context, std::function<void(Event)> post)
    : loop_(loop),
      children_(children),
      git_(git),
      state_(state),
      context_(context),
      post_(std::move(post)),
      later_(loop, [this] { look(); }) {}

TaskWatch::~TaskWatch() = default;

/// What shows without reading that there may be something to read: no process, no content.
std::string TaskWatch::outside() const {
  const fs::path& path = context_.info.task_file;
  const std::optional<git::Checkout> checkout = git_.checkout_of(path);
  std::string text;
  if (checkout) {
    const git::Standing standing = git::standing_of(*checkout);
    const fs::path base = checkout->common_dir / "refs/heads" / state_.run.rules.base;
    const Result<std::string> tip = read_file(base, 256);
    text = fmt::format("{} {} {} {}", standing.head, static_cast<int>(standing.operation),
                       standing.busy, tip ? *tip : "");
  }

  struct stat file {};

  if (::stat(path.c_str(), &file) == 0) {
    text += fmt::format(" {} {} {} {}", file.st_ino, file.st_size, file.st_mtim.tv_sec,
                        file.st_mtim.tv_nsec);
  }
  return text;
}

void TaskWatch::start() {
  last_ = load_last_read(context_.run);
  std::error_code ec;
  const fs::path file = context_.info.task_file;
  const fs::path folder = fs::is_directory(file, ec) ? file : file.parent_path();
  watch_ = std::make_unique<loop::Watch>(loop_, folder.string(), kQuiet, [this] { look(); });
  look();
}

void TaskWatch::heartbeat() {
  if (outside() != seen_) look();
}

void TaskWatch::look_last(std::function<void()> then) {
  then_ = std::move(then);
  if (looking_ || outside() != seen_) return look();
  std::exchange(then_, nullptr)();
}

void TaskWatch::look() {
  const auto now = std::chrono::steady_clock::now();
  if (!looking_ && !then_ && now < not_before_)
    return later_.once(std::chrono::ceil<Span>(not_before_ - now));
  if (std::exchange(looking_, true)) {
    again_ = true;
    return;
  }
  again_ = false;
  later_.cancel();
  const Span pause = kPerTask * static_cast<int>(state_.tasks.size());
  not_before_ = now + std::min(pause, kLongestPause);
  loop::spawn<bool>(look_now(), [this](bool stood_still) {
    looking_ = false;
    if (!stood_still) seen_.clear();  // the next heartbeat looks again
    if (again_) return look();
    if (then_) std::exchange(then_, nullptr)();
  });
}

loop::Job<bool> TaskWatch::look_now() {
  seen_ = outside();
  TaskPlace place{context_.info.task_file, state_.run.rules.base};
  std::optional<SeenBefore> before;
  if (last_) before = SeenBefore{last_->commit, last_->branch};
  const Result<TaskSight> sight =
      co_await see_tasks(loop_, children_, git_, std::move(place), std::move(before));
  if (!sight) {
    log_line(LogLevel::Note, "the task file is looked at later: {}", sight.error().what);
    co_return false;
  }
  co_return co_await take(*sight);
}

/// False: the run went on while the tasks were read, so it is to be looked at again.
loop::Job<bool> TaskWatch::take(TaskSight sight) {
  const KnownTasks known = known_tasks(state_);
  LastRead last = last_.value_or(nothing_read(sight));
  std::function<TakenNews()> work =
      [known, last = std::move(last), sight = std::move(sight),
       read = ReadTasks{context_.config.format, context_.config.unit, context_.config.order}] {
        return taken_news(known, last, sight, read);
      };
  TakenNews taken = co_await loop::off_loop<TakenNews>(loop_, std::move(work));
  if (known_tasks(state_) != known) co_return false;
  TaskNews& news = taken.news;
  if (taken.changed || !news.unticked.empty() || has_open_marks(state_, news.open))
    post_(TasksChanged{std::move(news.tasks), std::move(news.unticked)});
  // What the run does not take is compared once more when it was put right.
  if (taken.refused) co_return true;
  co_return co_await keep(std::move(news.last));
}

/// Written after the event: an edit that is read twice changes nothing, one that is lost does.
loop::Job<bool> TaskWatch::keep(LastRead last) {
  last_ = std::move(last);
  loop::Awaiter<bool> handled(
      [this](std::function<void(bool)> go_on) { loop_.post([go_on] { go_on(true); }); });
  (void)co_await handled;  // it has no answer worth reading
  std::function<Status()> work = [run = context_.run, kept = *last_] {
    return save_last_read(run, kept);
  };
  const Status kept = co_await loop::off_loop<Status>(loop_, std::move(work));
  if (!kept) log_line(LogLevel::Warning, "{}", to_text(kept.error()));
  co_return true;
}

}  // namespace orch::app
