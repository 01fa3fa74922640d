// abort, retry, merge, hold, release, compact: what the user asks of the supervisor about tasks.
#include "app/supervisor_client.hpp"
#include "app/tmux_host.hpp"
#include "cli/ask_with_text.hpp"
#include "cli/blocking.hpp"
#include "cli/installed.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/once.hpp"

#include <fmt/format.h>

#include <chrono>

namespace orch::cli {
namespace {

struct Options : TaskOptions {
  bool all = false;
  std::string agent;  ///< retry: with this kind from now on
};

void add_one(OptionList& list, Options& options) {
  add_task(list, options, "the task");
}

void add_one_or_all(OptionList& list, Options& options) {
  add_one(list, options);
  list.flag("--all", options.all, "every task that is not over");
}

void add_release(OptionList& list, Options& options) {
  list.words("TASK [TEXT]", options.words,
             "the task; of one that is blocked also what its agent is told", 2);
  list.text("--window", options.window, "the task of this tmux window instead (@3)");
  list.text("--client", options.client, "tell the answer to this tmux client");
  list.flag("--all", options.all, "every task that is not over");
}

void add_retry(OptionList& list, Options& options) {
  add_one(list, options);
  list.text("--agent", options.agent, "by this kind of agent from now on");
}

struct Request {
  std::string_view name;
  orch::Verb verb;
  std::string_view done;         ///< what comes after "T1 is"
  std::string_view done_to_all;  ///< after "all tasks are"
};

constexpr Request kAborting{"abort", orch::Verb::Abort, "being aborted; its work is being saved",
                            "being aborted; their work is being saved"};
constexpr Request kRetrying{"retry", orch::Verb::Retry, "started again", ""};
constexpr Request kMerging{"merge", orch::Verb::Merge, "to be merged as it is", ""};
constexpr Request kHolding{"hold", orch::Verb::Hold, "held", "held"};
constexpr Request kCompacting{"compact", orch::Verb::Compact,
                              "asked to shorten its conversation when it is at its prompt", ""};
constexpr Request kReleasing{"release", orch::Verb::Release, "released", "released"};

// tmux's own 750 ms are too short to read a sentence. Any key ends it.
constexpr Span kShownFor = std::chrono::seconds(4);

/// A key binding has no terminal: its answer goes to the status line of the client that pressed it.
void tell_client(const RunHandle& handle, const std::string& client, const std::string& text) {
  const Result<Config> config = config_of(handle);
  if (!config) return;
  Blocking blocking;
  // A client that has gone meanwhile does not want to know.
  (void)blocking.wait(tmuxctl::tell_client(
      blocking.children, app::tmux_server(config->tmux, handle.paths.repository()).address, client,
      one_line(text, 200), kShownFor));
}

int answer(const RunHandle& handle, const Options& options, const Status& status,
           const std::string& done) {
  if (!options.client.empty()) {
    tell_client(handle, options.client, status ? done : status.error().what);
    // tmux would show another status in the place of the agent's screen.
    return status::kOk;
  }
  if (!status) return complain(status.error());
  print(done + "\n");
  return status::kOk;
}

/// With the kind of agent or the answer that was given as well.
Result<std::string> carried_out(const RunHandle& handle, const Options& options,
                                UserAsked request) {
  const bool answers = request.verb == orch::Verb::Release && options.words.size() > 1;
  if (answers) request.verb = orch::Verb::ReleaseWith;
  if (answers) return ask_with_text(handle, request, options.words[1]);
  if (!options.agent.empty()) {
    if (const Status known = check_kind(handle, options.agent); !known) return passed_on(known);
    request.verb = orch::Verb::Reassign;
    return ask_with_text(handle, request, options.agent);
  }
  return app::ask_supervisor(handle.paths, handle.run.info.id, own_program(), request);
}

template <const Request& kRequest>
int ask(const RunHandle& handle, const Options& options) {
  UserAsked request{kRequest.verb, {}};
  if (!options.all) {
    const Result<TaskId> task = task_of(handle, options, kRequest.name);
    if (!task) return answer(handle, options, passed_on(task), {});
    request.task = *task;
  }
  const Result<std::string> answered = carried_out(handle, options, request);
  std::string text = options.all
                         ? fmt::format("all tasks are {}", kRequest.done_to_all)
                         : fmt::format("{} is {}", one_line(request.task.value, 80), kRequest.done);
  const bool stopped = handle.run.state.run.phase == RunPhase::Stopped;
  if (stopped) text += "; the run is stopped, `tmux-orch up` goes on with it";
  return answer(handle, options, answered ? Status() : passed_on(answered), text);
}

}  // namespace

const Verb kAbortVerb{"abort", kPeople, "stop a task; its work is saved", "tmux-orch abort T3",
                      begin<add_one_or_all, ask<kAborting>>};
const Verb kRetryVerb{"retry", kPeople, "start a task again", "tmux-orch retry T3",
                      begin<add_retry, ask<kRetrying>>};
const Verb kMergeVerb{"merge", kPeople, "land a task as it is in its worktree",
                      "tmux-orch merge T3", begin<add_one, ask<kMerging>>};
const Verb kHoldVerb{"hold", kPeople, "do not start or land a task for now", "tmux-orch hold T3",
                     begin<add_one_or_all, ask<kHolding>>};
const Verb kCompactVerb{"compact", kPeople, "have an agent shorten its conversation",
                        "tmux-orch compact T3", begin<add_one, ask<kCompacting>>};
const Verb kReleaseVerb{"release", kPeople, "let a held or blocked task go on",
                        "tmux-orch release T3", begin<add_release, ask<kReleasing>>};

}  // namespace orch::cli
