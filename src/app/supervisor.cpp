// The one loop of a run.
#include "app/supervisor.hpp"

#include "app/base_news.hpp"
#include "app/commit.hpp"
#include "app/ground.hpp"
#include "app/requests.hpp"
#include "app/spool.hpp"
#include "app/tmux_host.hpp"
#include "git/repository.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/base/text.hpp"
#include "orch/base/variant.hpp"
#include "orch/core/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kBeat = 1s;
constexpr int kLooksWithoutLock = 5;  // somebody else may have it for a moment
constexpr Span kFarewell = 1s;        // a finished run waits for a last request, such as `retry`

bool is_over(RunPhase phase) {
  return phase == RunPhase::Finished || phase == RunPhase::Stopped || phase == RunPhase::BaseRed;
}

}  // namespace

Supervisor::Supervisor(World& world, Engine& engine)
    : world_(world),
      engine_(engine),
      // What an agent said last counts before its end does.
      agents_(world,
              [this](Event event) {
                read_reports();
                post(std::move(event));
              }),
      gates_(world),
      executor_(world, agents_, gates_),
      publisher_(world),
      wake_(world.loop, [this] { post(ClockTicked{}); }),
      second_(world.loop, [this] { beat(); }),
      farewell_(world.loop, [this] { leave(); }),
      tasks_(world, [this](Event event) { post(std::move(event)); }),
      queue_(world.loop, [this](const Event& event) { return handle(event); }) {}

Supervisor::~Supervisor() = default;

Status Supervisor::run() {
  const Result<std::vector<store::TraceRow>> last = world_.store.last_trace(world_.info.id);
  if (!last) return passed_on(last);
  clock_ = RunClock::resume(world_.info.boot_id, world_.info.clock_offset_ms,
                            last->empty() ? at_ms(0) : last->front().at);
  Status stored = world_.store.set_clock(world_.info.id, clock_.boot(), clock_.offset_ms());
  if (!stored) return stored;
  world_.ground.database_opened();
  if (Status opened = journal_.open(world_.run.events(), world_.store, world_.info.id); !opened) {
    return opened;
  }
  Result<std::unique_ptr<loop::Server>> server = listen_for_requests(world_, *this);
  if (!server) return passed_on(server);
  server_ = std::move(*server);
  world_.tmux.on_server_lost = [this](const std::string& why) {
    log_line(LogLevel::Warning, "the tmux server is gone: {}", why);
    publisher_.forget();
  };
  // First what the agents said while nobody listened, then who of them still lives, then the
  // outbox: as it was found, for what the reports add to it is begun with them.
  const auto found = engine_.state().pending;
  read_reports();
  queue_.drain();
  for (const TaskRecord& task : engine_.state().tasks)
    agents_.follow(task);
  for (const auto& [id, entry] : found) {
    const bool waits = entry.retry.not_before.has_value();
    if (!waits && engine_.state().pending.contains(id)) begin(id, entry.effect);
  }
  open_stage();
  tasks_.start();
  post(ClockTicked{});
  second_.every(kBeat);
  world_.loop.run();
  queue_.close({Fault::Busy, "the supervisor is ending", "ask again"});
  return std::move(result_);
}

// People can look from the first moment on, also while the base is tested and no agent runs yet.
void Supervisor::open_stage() {
  loop::spawn<Result<tmuxctl::Server*>>(
      [](TmuxHost& tmux) -> loop::Job<Result<tmuxctl::Server*>> {
        co_return co_await tmux.ready();
      }(world_.tmux),
      [this](const Result<tmuxctl::Server*>& server) {
        if (server) return publisher_.touch();
        log_line(LogLevel::Warning, "no tmux session: {}", to_text(server.error()));
      });
}

void Supervisor::post(Event event, EventQueue::Reply reply) {
  queue_.post(std::move(event), std::move(reply));
}

// Decide, keep, do: a crash leaves either nothing of an event or a decision that can be carried
// out.
Result<std::string> Supervisor::handle(const Event& event) {
  const Time now = clock_.now();
  const Decision decision = engine_.handle(event, now);
  Result<std::int64_t> seq =
      commit_event(world_.store, world_.info.id, event, decision, engine_.state(), now);
  const bool damaged = !seq && seq.error().fault != Fault::Full && seq.error().fault != Fault::Busy;
  if (damaged) seq = store_anew(event, decision);
  if (!seq) {
    stop_for(seq.error());
    return passed_on(seq);
  }
  journal_.append({.seq = *seq,
                   .run = world_.info.id,
                   .at = now,
                   .wall_ms = RunClock::wall_ms(),
                   .event = encode(event),
                   .facts = decision.facts});
  for (const auto& [id, effect] : decision.effects) {
    begin(id, effect);
  }
  after(decision);
  return decision.refused;
}

void Supervisor::begin(EffectId id, const Effect& effect) {
  executor_.begin(effect, [this, id, name = name_of(effect)](Outcome outcome) {
    failpoint(fmt::format("{}.after_effect", name));
    post(EffectEnded{id, std::move(outcome)});
  });
}

void Supervisor::after(const Decision& decision) {
  for (const Fact& fact : decision.facts) {
    log_line(LogLevel::Note, "{} {} {}", fact.kind, fact.task.value, one_line(fact.text));
  }
  for (const TaskId& id : decision.changed) {
    if (const TaskRecord* task = engine_.state().find(id)) agents_.follow(*task);
  }
  if (engine_.state().run.phase == RunPhase::Stopping) {
    gates_.cancel();
    world_.children.stop_long(world_.config.limits.stop_grace);
  }
  if (!decision.changed.empty() || !decision.facts.empty()) publisher_.touch();
  arm_clock();
  leave_if_over();
}

void Supervisor::arm_clock() {
  const std::optional<Time> wake = engine_.next_wake();
  if (!wake) return wake_.cancel();
  wake_.once(std::max(Span(1), *wake - clock_.now()));
}

// Until its start is confirmed, nobody knows by which token its reports are told from forged ones.
bool Supervisor::is_starting(const TaskRecord& task) const {
  const auto doing = engine_.state().pending.find(task.doing);
  return doing != engine_.state().pending.end() &&
         std::holds_alternative<StartAgent>(doing->second.effect);
}

void Supervisor::read_reports() {
  for (const TaskRecord& task : engine_.state().tasks) {
    if (task.attempt.number == 0 || is_final(task.state) || is_starting(task)) continue;
    const fs::path folder = world_.run.attempt(task.id(), task.attempt.number);
    const Spool spool(folder, task.id(), task.attempt.number, task.attempt.token);
    for (const AgentReported& report : spool.read()) {
      // It stays in its spool until it is stored, and is found there again until then.
      const fs::path file = folder / report.id;
      if (!queued_reports_.insert(file).second) continue;
      post(report, [this, file, report, token = task.attempt.token](const Status& stored) {
        queued_reports_.erase(file);
        // It counts once by its id, so a crash before this line does no harm.
        if (stored) Spool(file.parent_path(), report.task, report.attempt, token).forget(report);
      });
    }
  }
}

// Somebody may remove our folder, or its database, at any moment; all that counts is in memory.
bool Supervisor::stand() {
  const Result<bool> again = world_.ground.put_back_folder();
  if (!again && again.error().fault == Fault::Busy && ++without_lock_ < kLooksWithoutLock) {
    return false;  // an `up` that is just looking
  }
  if (!again) {
    stop_for(again.error());
    return false;
  }
  without_lock_ = 0;
  if (!*again && world_.ground.has_database()) return true;
  if (*again) {
    log_line(LogLevel::Warning, "{} was removed: it is put back", world_.places.home().string());
    server_.reset();
    Result<std::unique_ptr<loop::Server>> server = listen_for_requests(world_, *this);
    if (server) server_ = std::move(*server);
    if (const Status git = world_.git.put_back_frozen(); !git)
      log_line(LogLevel::Warning, "{}", to_text(git.error()));
    for (const TaskRecord& task : engine_.state().tasks) {
      if (!task.attempt.alive) continue;
      // Its agent reports there, and its shim writes there how it ended.
      (void)make_folders(world_.run.attempt(task.id(), task.attempt.number), 0700);
    }
  }
  const Event nothing = ClockTicked{};
  const Result<std::int64_t> stored = store_anew(nothing, Decision{});
  if (!stored) stop_for(stored.error());
  return stored.has_value();
}

Result<std::int64_t> Supervisor::store_anew(const Event& event, const Decision& decision) {
  log_line(LogLevel::Warning, "{} is gone or damaged: it is written anew",
           world_.places.database().string());
  store::RunInfo info = world_.info;
  info.boot_id = clock_.boot();
  info.clock_offset_ms = clock_.offset_ms();
  const Status open = world_.store.put_back(world_.places.database(), info);
  if (!open) return passed_on(open);
  const fs::path events = world_.run.events();
  std::error_code ec;
  if (!fs::exists(events, ec)) {
    if (Status made = make_folders(events.parent_path(), 0700); !made) return passed_on(made);
    const Status opened = journal_.open(events, world_.store, info.id);
    if (!opened) return passed_on(opened);
  }
  Result<std::int64_t> seq =
      commit_event(world_.store, info.id, event, decision, engine_.state(), clock_.now());
  world_.ground.database_opened();
  return seq;
}

void Supervisor::beat() {
  if (!result_ || !stand()) return;
  read_reports();
  look_at_base();
  tasks_.beat();
  publisher_.beat();
}

// The person may commit on the base at any time; the run merges that in before the next landing.
void Supervisor::look_at_base() {
  const RunRecord& run = engine_.state().run;
  if (run.phase != RunPhase::Running || run.following || run.landing || looking_at_base_) return;
  if (run.rules.follow == Follow::Never) return;
  looking_at_base_ = true;
  loop::spawn<std::optional<CommitId>>(base_news(world_), [this](std::optional<CommitId> tip) {
    looking_at_base_ = false;
    if (tip) post(BaseMoved{*tip});
  });
}

/// Is the run over, with nothing under way that could change that?
bool Supervisor::is_done() const {
  return is_over(engine_.state().run.phase) && engine_.is_at_rest() && queue_.empty();
}

// Called while an event is handled: what is queued behind it comes back here.
void Supervisor::leave_if_over() {
  if (is_over(engine_.state().run.phase) && engine_.is_at_rest()) {
    farewell_.once(kFarewell);
  } else {
    farewell_.cancel();
  }
}

void Supervisor::leave() {
  tasks_.look_last([this] {
    // Behind what the look led to, if anything.
    world_.loop.post([this] {
      if (is_done()) leave_now();
    });
  });
}

void Supervisor::leave_now() {
  if (engine_.state().run.keep_agents) return world_.loop.stop();
  // Whether it worked or not: a session that stays is only one that somebody has to close.
  loop::spawn<Status>(world_.tmux.close_if_unwatched(), [this](const Status&) {
    // Somebody may have asked for more meanwhile.
    if (is_done()) world_.loop.stop();
  });
}

void Supervisor::stop_for(const Error& error) {
  log_line(LogLevel::Error, "the supervisor stops: {}", to_text(error));
  result_ = Failure(error);
  queue_.close(error);
  world_.loop.stop();
}

}  // namespace orch::app
