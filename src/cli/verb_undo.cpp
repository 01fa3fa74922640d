// undo: takes back what a task has landed, by a commit that is tested and lands like any other.
#include "app/supervisor_client.hpp"
#include "cli/ask.hpp"
#include "cli/builds_on.hpp"
#include "cli/live_store.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "git/parse.hpp"
#include "loop/loop.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

constexpr Span kLook = 100ms;
constexpr Span kLongestLook = 400ms;
// A supervisor that ends its run and one that dies look alike for a moment.
constexpr Span kDeadFor = 2s;

struct Options : TaskOptions {
  bool yes = false;
};

void add_options(OptionList& list, Options& options) {
  list.words("TASK", options.words, "the task; the one that landed last", 1);
  list.flag("-y,--yes", options.yes, "also where other tasks build on it");
}

std::string shown(const TaskId& task) {
  return one_line(task.value, 80);
}

Result<TaskId> chosen_task(const RunHandle& handle, OpenGit& git, const Options& options) {
  if (!options.words.empty()) return task_of(handle, options, "undo");
  const Result<TaskId> last = landed_last(handle.run.state, git);
  if (!last && last.error().fault == Fault::NotFound)
    return hinted(fail(Fault::NotFound, "no task of this run has landed"), "tmux-orch status");
  return last;
}

/// False: the user does not want it, or is not there to say so.
Result<bool> may_go_on(const RunHandle& handle, OpenGit& git, const TaskId& task,
                       const Options& options) {
  const Result<BuildsOn> found = builds_on(handle.run.state, git, task);
  if (!found) return passed_on(found);
  std::string text;
  for (const TaskId& id : found->landed)
    text += fmt::format("{} began where {} had landed, and has landed after it\n", shown(id),
                        shown(task));
  for (const TaskId& id : found->at_work)
    text += fmt::format("{} works on a base that has {}\n", shown(id), shown(task));
  for (const TaskId& id : found->waiting)
    text += fmt::format("{} needs {} and does not start without it\n", shown(id), shown(task));
  print(text);
  if (options.yes || (found->landed.empty() && found->at_work.empty())) return true;
  if (!on_terminal()) {
    return hinted(
        fail(Fault::Refused, "{} is not taken back, as other tasks build on it", shown(task)),
        fmt::format("`{} --yes` takes it back; their work stays as it is",
                    call_about("undo", task.value)));
  }
  const std::string question =
      fmt::format("take {} back? The work of others stays as it is [y/N] ", shown(task));
  return ask(question, 'n') == 'y';
}

/// What came of it; nothing: it is still under way.
std::optional<int> outcome(const State& state, const TaskId& id) {
  const TaskRecord* task = state.find(id);
  if (task == nullptr) return complain(Error{Fault::NotFound, "the task is gone", {}});
  const bool waits = std::ranges::find(state.run.undos, id) != state.run.undos.end();
  if (waits && state.run.phase != RunPhase::Stopped) return std::nullopt;
  if (waits) {
    print(fmt::format("the run is stopped: `tmux-orch up` takes {} back\n", shown(id)));
    return status::kOk;
  }
  if (is_taken_back(*task)) {
    print(fmt::format("{} is taken back by {}; `{}` does it again\n", shown(id),
                      git::shortened(task->undone), call_about("retry", id.value)));
    return status::kOk;
  }
  return complain(
      Error{Fault::Refused, fmt::format("{} is {}", shown(id), ui::sentence(task->why, id)), {}});
}

/// Ctrl-C ends this, and not what is waited for.
int await_outcome(const RunHandle& handle, const TaskId& task) {
  LiveStore live(handle.paths);
  std::int64_t seq = 0;
  std::int64_t alive_at = loop::Loop::boottime_ms();
  while (true) {
    const Result<const store::Store*> store = live.now(seq);
    if (!store) return complain(store.error());
    const bool alive = app::supervisor_alive(handle.paths);
    const Result<State> state = (*store)->load(handle.run.info.id);
    if (!state) return complain(state.error());
    if (const std::optional<int> ended = outcome(*state, task)) return *ended;
    if (alive) alive_at = loop::Loop::boottime_ms();
    if (loop::Loop::boottime_ms() - alive_at > kDeadFor.count())
      return complain(Error{Fault::Refused, "the supervisor died before that was done",
                            "`tmux-orch up` goes on with it"});
    std::this_thread::sleep_for(kLook);
    live.await_change(kLongestLook);
  }
}

int undo(const RunHandle& handle, const Options& options) {
  const OpenedGit git = open_git(handle.facts);
  if (!git) return complain(git.error());
  const Result<TaskId> task = chosen_task(handle, **git, options);
  if (!task) return complain(task.error());
  const Result<bool> goes_on = may_go_on(handle, **git, *task, options);
  if (!goes_on) return complain(goes_on.error());
  if (!*goes_on) return status::kOk;
  const UserAsked request{orch::Verb::Undo, *task};
  const Result<std::string> asked =
      app::ask_supervisor(handle.paths, handle.run.info.id, own_program(), request);
  if (!asked) return complain(asked.error());
  print(fmt::format("{} is being taken back, which is tested as any landing is\n", shown(*task)));
  return await_outcome(handle, *task);
}

}  // namespace

const Verb kUndoVerb{"undo", kPeople, "take back what a task has landed", "tmux-orch undo T3",
                     begin<add_options, undo>};

}  // namespace orch::cli
