// Agents as processes: window and claim.
#include "app/agents.hpp"

#include "agents/marker_lines.hpp"
#include "agents/profiles.hpp"
#include "agents/session.hpp"
#include "app/agent_files.hpp"
#include "app/earlier_work.hpp"
#include "app/executor.hpp"
#include "app/old_windows.hpp"
#include "app/our_processes.hpp"
#include "app/port_blocks.hpp"
#include "app/return_work.hpp"
#include "app/spool.hpp"
#include "app/status_file.hpp"
#include "app/tmux_host.hpp"
#include "app/window_order.hpp"
#include "git/repository.hpp"
#include "loop/auto_reset_event.hpp"
#include "loop/loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/base/random.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

// From opening the window to the shim's `pids`: a few milliseconds; a loaded machine may take long.
constexpr Span kStartTimeout = 20s;
constexpr Span kClaimTimeout = 2s;
// We are notified of starts. Where a notification is lost (the socket is being put back, or the
// kernel has no descriptor for a process) they are found a moment later.
constexpr Span kLook = 500ms;
constexpr Span kWindowsKnown = 1s;
constexpr Span kSessionEnds = 300ms;
constexpr int kColumns = 200;
constexpr int kRows = 50;

/// Is a shim in this attempt's folder, or about to be? Reads all of /proc where nothing there
/// tells.
bool is_taken(const fs::path& folder) {
  std::error_code ec;
  return fs::exists(folder / shim::attempt_file::kClaim, ec) ||
         is_locked(folder / shim::attempt_file::kLock) || shim_of(folder);
}

}  // namespace

struct Agents::Wait {
  Wait(std::string of, loop::Loop& loop) : key(std::move(of)), wake(loop) {}

  std::string key;
  loop::AutoResetEvent wake;
  std::optional<loop::ExitWatch> exit;
};

Agents::Agents(loop::Loop& loop, TmuxHost& tmux, git::Repository& git, const State& state,
               const RunContext& context)
    : loop_(loop), tmux_(tmux), git_(git), state_(state), context_(context) {
  for (const auto& [id, entry] : state.pending) {
    if (const auto* start = std::get_if<StartAgent>(&entry.effect))
      tried_.insert(attempt_key(start->task, start->attempt));
  }
}

Agents::~Agents() = default;

/// Woken when the shim of that attempt says something, and when the process, if any, has ended.
Agents::Wait& Agents::wait_for(std::string key, const ProcessId& process) {
  auto& wait = *waits_.emplace_back(std::make_unique<Wait>(std::move(key), loop_));
  if (process) wait.exit.emplace(loop_, process.pid, [&wait] { wait.wake.set(); });
  return wait;
}

void Agents::forget(const Wait& wait) {
  std::erase_if(waits_, [&wait](const auto& one) { return one.get() == &wait; });
}

void Agents::look_at(const std::string& key) {
  for (const auto& wait : waits_) {
    if (wait->key == key) wait->wake.set();
  }
}

// That the folder is not there proves nothing alone: an agent may have removed its own.
bool Agents::begins_first(const StartAgent& effect, const fs::path& folder) {
  std::error_code ec;
  return tried_.insert(attempt_key(effect.task, effect.attempt)).second &&
         fs::symlink_status(folder, ec).type() == fs::file_type::not_found;
}

loop::Job<StartAgent::Ends> Agents::start(const StartAgent& effect) {
  const fs::path folder = context_.run.attempt(effect.task, effect.attempt);
  const bool is_first = begins_first(effect, folder);
  std::string token = !is_first && is_taken(folder) ? token_of(folder) : std::string();
  if (token.empty()) {
    token = random_hex();
    const Result<git::Identity> identity = co_await git_.identity();
    if (!identity) co_return not_done(identity.error());
    EarlierWork earlier = co_await earlier_work(git_, state_, effect);
    std::string feedback = co_await feedback_for(git_, state_, context_, effect);
    const AgentIdentity who{token, *identity, session_id_of(random_hex()),
                            marker_code(random_hex())};
    const std::vector<std::string> ports =
        co_await port_variable(loop_, context_, fs::path(effect.worktree));
    const Status written = write_agent_files(context_, state_, effect, folder, who,
                                             {std::move(earlier), std::move(feedback)}, ports);
    if (!written) co_return not_done(written.error());
    const Status noted = co_await note_status_file_of(effect, folder);
    if (!noted) co_return not_done(noted.error());
  }
  Result<AgentStarted> started = co_await open(effect, folder, is_first);
  if (!started) co_return not_done(started.error());
  started->token = std::move(token);
  started->session = session_of(folder);
  co_return *started;
}

/// What is there before it begins is no report of it. Of a kind that is told to write such a file,
/// git hears before there is one.
loop::Job<Status> Agents::note_status_file_of(const StartAgent& effect, const fs::path& folder) {
  const TaskRecord* task = state_.find(effect.task);
  const CommitId from = task == nullptr ? CommitId() : state_.agent_of(*task).start;
  bool is_tracked = false;
  if (!from.empty()) {
    const Result<std::vector<git::StoredFile>> files =
        co_await git_.stored_files(from, std::string(kStatusFile));
    if (!files) co_return passed_on(files);
    is_tracked = !files->empty();
  }
  const auto profile = context_.config.agents.find(effect.agent);
  const bool is_told =
      profile != context_.config.agents.end() && profile->second.reports == ReportBy::File;
  const Status left_out = is_told && !is_tracked ? leave_out_status_file(git_.git_dir()) : Status();
  if (!left_out) log_line(LogLevel::Warning, "{}", to_text(left_out.error()));
  co_return note_status_file(folder, effect.worktree, is_tracked);
}

/// The session goes with its last window, and the connection only a moment later: what tmux refuses
/// in between is tried again in a new session.
loop::Job<Result<AgentStarted>> Agents::open(const StartAgent& effect, const fs::path& folder,
                                             bool is_first) {
  const tmuxctl::Server* const server = tmux_.connected();
  const ProcessId process = server == nullptr ? ProcessId() : server->process();
  Result<AgentStarted> started = co_await open_once(effect, folder, is_first);
  if (started || server == nullptr || tmuxctl::may_have_run(started.error())) co_return started;
  (void)co_await loop::pause(loop_, kSessionEnds);
  const tmuxctl::Server* const now = tmux_.connected();
  if (now != nullptr && now->process() == process) co_return started;
  co_return co_await open_once(effect, folder, is_first);
}

loop::Job<Result<AgentStarted>> Agents::open_once(const StartAgent& effect, const fs::path& folder,
                                                  bool is_first) {
  const std::string key = attempt_key(effect.task, effect.attempt);
  const AgentPane none;
  if (!is_first && is_taken(folder)) co_return co_await await_start(effect, folder, none, false);
  Result<tmuxctl::Server*> server = co_await tmux_.ready();
  if (!server) co_return passed_on(server);
  if (!std::exchange(has_cleared_, true)) {
    const Status closed = co_await close_old_windows(**server, state_);
    if (!closed)
      log_line(LogLevel::Warning, "windows of earlier runs stay: {}", closed.error().what);
  }
  if (!is_first) {
    // A window of an earlier try whose shim has not come to its claim yet is found by its key.
    const AgentPane earlier = co_await agent_pane_of(key);
    if (earlier.shim) co_return co_await await_start(effect, folder, none, false);
  }
  if (!is_first || effect.attempt > 1) {
    // What an earlier attempt left on its screen is in its log.
    if (Status closed = co_await close_windows(effect.task); !closed) co_return passed_on(closed);
  }
  tmuxctl::WindowSpec spec;
  spec.session = (*server)->session();
  spec.name = one_line(effect.task.value, 40);
  spec.cwd = "/";
  spec.argv = {context_.shim.string(), folder.string()};
  spec.width = kColumns;
  spec.height = kRows;
  spec.options = {{"@orch_key", key}, {"@orch_task", effect.task.value}};
  Result<tmuxctl::Opened> opened = co_await open_in_order(**server, spec, effect.task);
  if (!opened) co_return passed_on(opened);
  const AgentPane own{opened->window.value, opened->pane.value, identify(opened->pid)};
  co_return co_await await_start(effect, folder, own, is_first);
}

/// Many agents that start one after the other need not each have all windows listed: who opens or
/// moves one meanwhile has the next one stand somewhere else, and no more.
loop::Job<Status> Agents::know_windows(tmuxctl::Server& server) {
  const std::int64_t now = loop::Loop::boottime_ms();
  if (windows_.server == server.process() && now < windows_.until_ms) co_return Status();
  Result<std::vector<tmuxctl::Pane>> panes =
      co_await server.list_panes(server.session(), "@orch_task");
  if (!panes) co_return passed_on(panes);
  windows_ = {std::move(*panes), server.process(), now + kWindowsKnown.count()};
  co_return Status();
}

/// Windows stand in the order of their tasks. Where one is put between others, those behind it move
/// up, and in the views of people tmux would show them the window that has their number then.
loop::Job<Result<tmuxctl::Opened>> Agents::open_in_order(tmuxctl::Server& server,
                                                         tmuxctl::WindowSpec spec, TaskId task) {
  if (Status known = co_await know_windows(server); !known) co_return passed_on(known);
  const WindowPlace place = window_place(state_, task, windows_.panes);
  spec.index = place.index;
  spec.after = place.after;
  std::vector<tmuxctl::Session> views;
  if (!place.after.value.empty()) {
    Result<std::vector<tmuxctl::Session>> sessions = co_await server.list_sessions();
    if (!sessions) co_return passed_on(sessions);
    views = std::move(*sessions);
  }
  // In one write with the commands that follow, so that nothing is shown, or typed, in between.
  using Opening = Result<tmuxctl::Opened>;
  loop::Awaiter<Opening> opening([&](std::function<void(Opening)> done) {
    loop::spawn<Opening>(server.open_window(spec), std::move(done));
    show_again(server, views);
  });
  Result<tmuxctl::Opened> opened = co_await opening;
  if (opened && place.index) {
    windows_.panes.push_back({.pane = opened->pane,
                              .window = opened->window,
                              .index = *place.index,
                              .option = task.value});
    co_return opened;
  }
  windows_.until_ms = 0;  // those behind it have other numbers now
  if (opened || tmuxctl::may_have_run(opened.error())) co_return opened;
  // Another window took its place meanwhile, or the one that it was to follow has gone.
  spec.index.reset();
  spec.after = {};
  loop::Job<Result<tmuxctl::Opened>> anywhere = server.open_window(spec);
  co_return co_await anywhere;
}

/// What each view of the run has shown.
void Agents::show_again(tmuxctl::Server& server, const std::vector<tmuxctl::Session>& sessions) {
  for (const tmuxctl::Session& session : sessions)
    if (session.shows(tmux_.spec().session)) server.show_window(session.id, session.window);
}

// tmux knows which process it started in the pane that has the attempt's key. Of two (one of them
// found the folder taken and is about to end) the older one has it.
loop::Job<Agents::AgentPane> Agents::agent_pane_of(std::string key) {
  AgentPane agent_pane;
  tmuxctl::Server* server = tmux_.connected();
  if (server == nullptr) co_return agent_pane;
  const Result<std::vector<tmuxctl::Pane>> panes =
      co_await server->list_panes(server->session(), "@orch_key");
  if (!panes) co_return agent_pane;
  for (const tmuxctl::Pane& pane : *panes) {
    if (pane.option != key || pane.dead) continue;
    const ProcessId process = identify(pane.pid);
    const bool older = !agent_pane.shim || process.start_ticks < agent_pane.shim.start_ticks;
    if (process && older) agent_pane = {pane.window.value, pane.pane.value, process};
  }
  co_return agent_pane;
}

loop::Job<Agents::AgentPane> Agents::find_agent(std::string key, const fs::path& folder) {
  AgentPane agent_pane = co_await agent_pane_of(std::move(key));
  if (!agent_pane.shim) agent_pane.shim = shim_of(folder);
  co_return agent_pane;
}

// The shim's files say when it has started; who it is, tmux says, as the agent can write those
// files from its first moment on. `own` is the window that was opened for it, if one was: in a
// first start it can be no other.
loop::Job<Result<AgentStarted>> Agents::await_start(const StartAgent& effect,
                                                    const fs::path& folder, AgentPane own,
                                                    bool is_first) {
  const std::int64_t begin = loop::Loop::boottime_ms();
  const std::int64_t deadline = begin + kStartTimeout.count();
  const std::int64_t late = begin + kClaimTimeout.count();
  std::error_code ec;
  bool claimed = false;
  bool started = false;
  Wait& wait = wait_for(attempt_key(effect.task, effect.attempt), own.shim);
  while (!started && loop::Loop::boottime_ms() < deadline) {
    const bool claim = fs::exists(folder / shim::attempt_file::kClaim, ec);
    const bool locked = is_locked(folder / shim::attempt_file::kLock);
    // Only what runs below the shim, so an agent, takes a claim away.
    started = fs::exists(folder / shim::attempt_file::kPids, ec) ||
              fs::exists(folder / shim::attempt_file::kExit, ec) || (claimed && !claim);
    claimed = claimed || claim;
    if (claim && !locked) break;
    // Or it took all of that away before we looked.
    started = started || (loop::Loop::boottime_ms() > late && is_alive(own.shim));
    if (!started) (void)co_await wait.wake.wait(kLook);  // set or not, it is looked again
  }
  forget(wait);
  AgentPane agent_pane;
  if (is_first && own.shim) {
    if (is_alive(own.shim)) agent_pane = own;
  } else {
    agent_pane = co_await find_agent(attempt_key(effect.task, effect.attempt), folder);
  }
  if (!started && !claimed && !agent_pane.shim) {
    co_return hinted(
        fail(Fault::TimedOut, "the agent of {} did not start in its window", effect.task.value),
        "`tmux-orch doctor` looks for the reason");
  }
  if (agent_pane.window.empty())
    agent_pane = {own.window, own.pane, agent_pane.shim ? agent_pane.shim : own.shim};
  tmuxctl::Server* server = tmux_.connected();
  if (server != nullptr && !own.window.empty() && own.window != agent_pane.window) {
    // Nothing runs in it: its shim found the folder taken and ended.
    const tmuxctl::WindowId extra{own.window};
    (void)co_await server->kill_window(extra);
  }
  AgentStarted outcome;
  outcome.window = agent_pane.window;
  outcome.pane = agent_pane.pane;
  outcome.pid = agent_pane.shim.pid;
  outcome.pid_start = agent_pane.shim.start_ticks;
  outcome.boot = agent_pane.shim.boot_id;
  co_return outcome;
}

loop::Job<Status> Agents::close_windows(TaskId task) {
  tmuxctl::Server* server = tmux_.connected();
  if (server == nullptr) co_return Status();
  Result<std::vector<tmuxctl::Pane>> panes =
      co_await server->list_panes(server->session(), "@orch_task");
  if (!panes) co_return passed_on(panes);
  const tmuxctl::WindowId home = home_window(*panes);
  for (const tmuxctl::Pane& pane : *panes) {
    if (pane.option != task.value || !pane.dead) continue;
    const Result<std::vector<tmuxctl::Session>> sessions = co_await server->list_sessions();
    if (!sessions) co_return passed_on(sessions);
    // tmux would take whoever looks at it to the window of another agent, and what they type with
    // them.
    for (const tmuxctl::Session& session : *sessions)
      if (session.window == pane.window) server->show_window(session.id, home);
    const Status closed = co_await server->kill_window(pane.window);
    windows_.until_ms = 0;
    if (!closed) co_return closed;
  }
  co_return Status();
}

}  // namespace orch::app
