// What is about the real world in the loop of a run.
#include "app/supervisor.hpp"

#include "app/ground.hpp"
#include "app/requests.hpp"
#include "app/spool.hpp"
#include "app/status_file.hpp"
#include "app/tmux_host.hpp"
#include "app/upstream_tip.hpp"
#include "git/locks.hpp"
#include "git/repository.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/base/text.hpp"
#include "ui/digest.hpp"
#include "ui/sentences.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kHeartbeat = 1s;
// An agent rings when it has reported, and its spool is watched: one in a container may not have
// our socket. For where neither is told, all spools are read so often, and the base is looked at.
constexpr Span kSweep = 30s;
constexpr int kLooksWithoutLock = 5;  // somebody else may have it for a moment
constexpr Span kLinger = 300ms;       // a finished run waits for a last request, such as `retry`

}  // namespace

Supervisor::Supervisor(Adapters adapters, const RunContext& context, Engine& engine)
    : adapters_(adapters),
      context_(context),
      engine_(engine),
      ledger_(adapters.store, &adapters.ground, context.paths, context.info, clock_),
      inbox_(adapters.loop, context.run,
             {.wrote = [this](const TaskId& task) { run_loop_.read_inbox(task); },
              .worktree_of =
                  [&context](const AgentRun& agent) { return context.paths.found(agent.worktree); },
              .has_status_file = [this] { leave_out_status_files(); },
              .wrote_badly = [this](AnomalySeen seen) { run_loop_.post(std::move(seen)); }}),
      agents_(adapters.loop, adapters.tmux, adapters.git, engine.state(), context),
      gates_(adapters.loop, adapters.children, adapters.git, adapters.store, context),
      marks_(adapters.loop, adapters.git, engine.state(), context),
      regeneration_(adapters.loop, adapters.children, adapters.git, context),
      landings_(adapters.loop, adapters.git, engine.state(), context, marks_, regeneration_),
      pushes_(adapters.children, adapters.git, engine.state(), context),
      reviews_(adapters.loop, adapters.children, adapters.git, adapters.store, engine.state(),
               context),
      pool_keeper_(adapters.loop, adapters.git, engine.state(), context),
      worktrees_(adapters.loop, adapters.children, adapters.git, engine.state(), context, agents_,
                 pool_keeper_),
      pane_watch_(
          adapters.tmux, engine.state(), context, clock_,
          [this](Event event) { run_loop_.post(std::move(event)); },
          [this](AgentReported report) { inbox_.offer(std::move(report), engine_.state()); }),
      view_watch_(adapters.loop, adapters.tmux, engine.state(), clock_),
      test_window_(adapters.tmux, context, engine.state().tasks.size()),
      resource_watch_(adapters.loop, adapters.store, engine.state(), context, clock_,
                      [this](Event event) { run_loop_.post(std::move(event)); }),
      usage_watch_(adapters.loop, engine.state(), context, clock_,
                   [this](Event event) { run_loop_.post(std::move(event)); }),
      sign_watch_(engine.state(), context, clock_,
                  [this](Event event) { run_loop_.post(std::move(event)); }),
      integration_watch_(engine.state(), clock_,
                         adapters.git.git_dir() / "refs/heads" / context.info.integration,
                         [this](Event event) { run_loop_.post(std::move(event)); }),
      checkout_watch_(adapters.git, engine.state(), context, clock_,
                      [this](Event event) { run_loop_.post(std::move(event)); }),
      conflict_watch_(
          adapters.git, engine.state(), context,
          [this](const std::string& path) { return regeneration_.makes(path); },
          [this](Event event) { run_loop_.post(std::move(event)); }),
      deliveries_(adapters.loop, adapters.tmux, pane_watch_, context,
                  [this] { return ui::digest_text(engine_.state()); }),
      agent_stop_(adapters.loop, deliveries_, engine.state(), context),
      executor_(context.paths, {worktrees_, agents_, agent_stop_, deliveries_, gates_, landings_,
                                reviews_, marks_, pushes_}),
      run_loop_(engine, {ledger_, executor_, inbox_, clock_},
                {[this] { adapters_.loop.post([this] { run_loop_.drain(); }); },
                 [this](const Decision& decision) { after(decision); },
                 [this](const Error& error) { stop_for(error); }}),
      publisher_(adapters.loop, adapters.tmux, engine.state(), context.run),
      worker_files_(engine.state(), context),
      notifier_(adapters.children, context.config.notify_command),
      wake_(adapters.loop, [this] { run_loop_.post(ClockTicked{}); }),
      second_(adapters.loop, [this] { heartbeat(); }),
      sweep_(adapters.loop, [this] { sweep(); }),
      linger_(adapters.loop, [this] { leave(); }),
      tasks_(adapters.loop, adapters.children, adapters.git, engine.state(), context,
             [this](Event event) { run_loop_.post(std::move(event)); }) {}

Supervisor::~Supervisor() = default;

Status Supervisor::run() {
  if (Status may = adapters_.ground.may_write(context_.run); !may) return may;
  const Result<std::vector<store::TraceRow>> last = adapters_.store.last_trace(context_.info.id);
  if (!last) return passed_on(last);
  clock_ = BoottimeClock::resume(context_.info.boot_id, context_.info.clock_offset_ms,
                                 last->empty() ? at_ms(0) : last->front().at);
  if (Status opened = ledger_.open(); !opened) return opened;
  if (Status listens = listen(); !listens) return listens;
  adapters_.tmux.on_server_lost = [this](const std::string& why) {
    log_line(LogLevel::Warning, "the tmux server is gone: {}", why);
    publisher_.forget();
    test_window_.forget();
  };
  adapters_.tmux.on_sessions_changed = [this] { publisher_.touch(); };
  gates_.on_begin = [this] { test_window_.show(); };
  worker_files_.begin();
  run_loop_.start();
  if (!result_) return std::move(result_);
  open_session();
  tasks_.start();
  run_loop_.post(ClockTicked{});
  look_at_base();  // what kept tasks from landing may have been mended while nobody was at work
  second_.every(kHeartbeat);
  sweep_.every(kSweep);
  adapters_.loop.run();
  worker_files_.write();  // what the last decisions have changed
  run_loop_.close({Fault::Busy, "the supervisor is ending", "ask again"});
  return std::move(result_);
}

Status Supervisor::listen() {
  server_.reset();
  Result<std::unique_ptr<loop::SocketServer>> server =
      listen_for_requests(adapters_.loop, context_.paths, context_.run, engine_.state(), run_loop_,
                          [this](const std::string& key) { agents_.look_at(key); });
  if (!server) return passed_on(server);
  server_ = std::move(*server);
  return {};
}

// People can look from the first moment on, also while the base is tested and no agent runs yet.
void Supervisor::open_session() {
  loop::spawn<Result<tmuxctl::Server*>>(
      [](TmuxHost& tmux) -> loop::Job<Result<tmuxctl::Server*>> {
        co_return co_await tmux.ready();
      }(adapters_.tmux),
      [this](const Result<tmuxctl::Server*>& server) {
        if (!server)
          return log_line(LogLevel::Warning, "no tmux session: {}", to_text(server.error()));
        publisher_.touch();
        test_window_.session_is_there();
      });
}

void Supervisor::after(const Decision& decision) {
  for (const Fact& fact : decision.facts) {
    log_line(LogLevel::Note, "{} {} {}", to_text(fact.kind), fact.task.value,
             one_line(ui::sentence(fact)));
    notifier_.tell(fact);
  }
  if (engine_.state().run.phase == RunPhase::Stopping) {
    gates_.cancel();
    regeneration_.cancel();
    reviews_.cancel();
    adapters_.children.stop_long(context_.config.limits.stop_grace);
  }
  reviews_.decided();
  publisher_.decided();
  worker_files_.decided(decision);
  pool_keeper_.decided();
  if (!decision.changed.empty() || !decision.facts.empty()) publisher_.touch();
  arm_clock();
  leave_if_over();
}

void Supervisor::arm_clock() {
  const std::optional<Time> wake = engine_.next_wake();
  if (!wake) return wake_.cancel();
  wake_.once(std::max(Span(1), *wake - clock_.now()));
}

// Somebody may remove our folder, or its database, at any moment; all that counts is in memory.
bool Supervisor::stand() {
  const Result<bool> again = adapters_.ground.put_back_folder();
  if (!again && again.error().fault == Fault::Busy && ++without_lock_ < kLooksWithoutLock) {
    return false;  // an `up` that is just looking
  }
  if (!again) {
    stop_for(again.error());
    return false;
  }
  without_lock_ = 0;
  if (const Status may = adapters_.ground.may_write(context_.run); !may) {
    stop_for(may.error());
    return false;
  }
  if (!*again && adapters_.ground.has_database()) return true;
  if (*again) put_back_files();
  if (const Status made = ledger_.put_back(); !made) {
    stop_for(made.error());
    return false;
  }
  // Whatever is committed next writes all that there is.
  run_loop_.post(ClockTicked{});
  return true;
}

void Supervisor::put_back_files() {
  log_line(LogLevel::Warning, "{} was removed: it is put back", context_.paths.home().string());
  if (const Status listens = listen(); !listens)
    log_line(LogLevel::Warning, "{}", to_text(listens.error()));
  if (const Status git = adapters_.git.put_back_frozen(); !git)
    log_line(LogLevel::Warning, "{}", to_text(git.error()));
  worker_files_.begin();
  for (const auto& [id, agent] : engine_.state().agents) {
    if (!agent.is_alive()) continue;
    // Its agent reports there, and its shim writes there how it ended.
    const fs::path attempt = context_.run.attempt(agent.task, agent.attempt);
    (void)make_folders(attempt / kSpoolFolder, 0700);
  }
}

// Without it no verb reaches us, although all else goes on.
void Supervisor::put_back_socket() {
  std::error_code ec;
  if (fs::exists(context_.paths.socket(), ec) || ec) return;
  log_line(LogLevel::Warning, "{} was removed: it is put back", context_.paths.socket().string());
  if (const Status listens = listen(); !listens)
    log_line(LogLevel::Warning, "{}", to_text(listens.error()));
}

void Supervisor::heartbeat() {
  if (!result_ || !stand()) return;
  put_back_socket();
  // A commit that comes while a task lands is soon enough after that; but a train may go on for
  // long.
  const RunRecord& run = engine_.state().run;
  if (run.rules.parallel > 1 || run.landing_under_way() == nullptr) look_at_base();
  tasks_.heartbeat();
  pool_keeper_.heartbeat();
  publisher_.heartbeat();
  worker_files_.write();
  pane_watch_.look();
  view_watch_.look();
  resource_watch_.look();
  usage_watch_.look();
  sign_watch_.look();
  integration_watch_.look();
  checkout_watch_.look();
  conflict_watch_.look();
}

void Supervisor::sweep() {
  run_loop_.sweep_inbox();
  base_seen_.clear();
  clear_stale_locks();
}

// Once: who takes that line out of git's file again has a reason.
void Supervisor::leave_out_status_files() {
  if (std::exchange(left_out_status_files_, true)) return;
  if (const Status left_out = leave_out_status_file(adapters_.git.git_dir()); !left_out)
    log_line(LogLevel::Warning, "{}", to_text(left_out.error()));
}

// A git that was killed with an earlier supervisor may have left them; the user's `git gc` would
// be refused.
void Supervisor::clear_stale_locks() {
  std::vector<std::string> refs;
  for (const auto& [id, agent] : engine_.state().agents)
    if (!agent.branch.empty()) refs.push_back("refs/heads/" + agent.branch);
  git::clear_stale_ref_locks(adapters_.git.git_dir(), context_.paths.repository(), refs);
}

// The user may commit on the base at any time; the run merges that in before the next landing.
void Supervisor::look_at_base() {
  const RunRecord& run = engine_.state().run;
  if (run.phase != RunPhase::Running || run.following || looking_at_base_) return;
  if (run.rules.follow == Follow::Never) return;
  // A look is a process or two: only where there may be something to see.
  std::string signs = base_signs(adapters_.git, engine_.state());
  if (signs == base_seen_) return;
  looking_at_base_ = true;
  using Tip = Result<std::optional<CommitId>>;
  loop::spawn<Tip>(upstream_tip(adapters_.git, engine_.state()), [this, signs](const Tip& tip) {
    looking_at_base_ = false;
    // A look that failed, or that led to something, is followed by another.
    const bool nothing_new = tip && !*tip;
    base_seen_ = nothing_new ? signs : std::string();
    if (tip && *tip) run_loop_.post(BaseMoved{**tip});
  });
}

/// Is the run over, with nothing under way that could change that?
bool Supervisor::is_done() const {
  return is_over(engine_.state().run.phase) && engine_.is_at_rest() && run_loop_.is_idle();
}

// Called while an event is handled: what is queued after it comes back here.
void Supervisor::leave_if_over() {
  if (is_over(engine_.state().run.phase) && engine_.is_at_rest()) {
    linger_.once(kLinger);
  } else {
    linger_.cancel();
  }
}

void Supervisor::leave() {
  // What a program has written as it ended belongs to the report.
  if (usage_watch_.is_behind()) return linger_.once(kLinger);
  tasks_.look_last([this] {
    // Behind what the look led to, if anything.
    adapters_.loop.post([this] {
      if (is_done()) leave_now();
    });
  });
}

void Supervisor::leave_now() {
  if (engine_.state().run.keep_agents) return adapters_.loop.stop();
  // Whether it worked or not: a session that stays is only one that somebody has to close.
  loop::spawn<Status>(adapters_.tmux.close_if_unwatched(), [this](const Status&) {
    // Somebody may have asked for more meanwhile.
    if (is_done()) adapters_.loop.stop();
  });
}

void Supervisor::stop_for(const Error& error) {
  log_line(LogLevel::Error, "the supervisor stops: {}", to_text(error));
  result_ = Failure(error);
  run_loop_.close(error);
  adapters_.loop.stop();
}

}  // namespace orch::app
