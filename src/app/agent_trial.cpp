// Tries an agent, step by step.
#include "app/agent_trial.hpp"

#include "agents/profiles.hpp"
#include "app/agent_files.hpp"
#include "app/last_words.hpp"
#include "app/spool.hpp"
#include "app/trial_task.hpp"
#include "config/rules_from.hpp"
#include "git/repository.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/random.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/server.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRun = "trial";
constexpr Span kLook = 250ms;
constexpr Span kPanes = 1s;
// What follows on the report comes within moments, where it comes at all.
constexpr Span kAfterReport = 30s;
constexpr Span kExitTime = 20s;
// Between two turns its prompt is there for a moment.
constexpr Span kStands = 2s;
constexpr std::size_t kLongestEvidence = 200;

TrialStep ok(std::string evidence) {
  return {.name = {}, .end = StepEnd::Ok, .evidence = std::move(evidence), .advice = {}};
}

TrialStep failed(std::string evidence, std::string advice = {}) {
  return {.name = {},
          .end = StepEnd::Failed,
          .evidence = std::move(evidence),
          .advice = std::move(advice)};
}

TrialStep skipped(std::string why) {
  return {.name = {}, .end = StepEnd::Skipped, .evidence = std::move(why), .advice = {}};
}

std::string rows_of(const ScreenReading& reading) {
  std::vector<std::string> rows;
  for (const ScreenRow& row : reading.rows)
    rows.push_back(one_line(row.text, kLongestEvidence));
  std::string text(to_text(reading.state));
  if (!reading.rule.empty()) text += fmt::format(" by rule '{}'", reading.rule);
  return rows.empty() ? text : text + ": " + join(rows, " | ");
}

}  // namespace

AgentTrial::AgentTrial(loop::Loop& loop, loop::Children& children, git::Repository& git,
                       const Paths& repository, TrialPlan plan, Tell tell)
    : loop_(loop),
      git_(git),
      place_(loop, children, git, repository),
      context_(std::move(plan.context)),
      kind_(std::move(plan.kind)),
      head_(std::move(plan.head)),
      timeout_(plan.timeout),
      tell_(std::move(tell)),
      children_(children) {}

AgentTrial::~AgentTrial() = default;

const AgentRun& AgentTrial::agent() const {
  static const AgentRun kNone;
  const TaskRecord* task = engine_.state().find(trial_task());
  return task == nullptr ? kNone : engine_.state().agent_of(*task);
}

/// Nobody looks at its work, so it stays at that.
bool AgentTrial::says_done() const {
  const TaskRecord* task = engine_.state().find(trial_task());
  return task != nullptr && task->state == TaskState::Checking;
}

loop::Job<bool> AgentTrial::run() {
  began_ms_ = loop::Loop::boottime_ms();
  const Status begun = co_await begin();
  if (!begun) {
    co_return end_step("place", failed(begun.error().what, begun.error().hint));
  }
  const std::vector<Step> steps = steps_of_work();
  for (const Step& step : steps)
    if (!co_await await(step)) co_return false;
  co_return co_await await_end();
}

/// The place, the run in it, and all that the run is carried out with.
loop::Job<Status> AgentTrial::begin() {
  if (Status made = co_await place_.make(head_); !made) co_return made;
  // The place lies in the repository, which counts as it does in a run.
  if (is_trusted(context_))
    context_.config.trusted_roots.push_back(place_.paths().repository().string());
  context_.paths = place_.paths();
  context_.run = RunPaths(context_.paths.run(std::string(kRun)));
  context_.config.merge.tests.clear();
  context_.config.limits.attempts = 1;
  tmux_ = std::make_unique<TmuxHost>(
      loop_, children_,
      SessionSpec{.server = {tmuxctl::Address::at(place_.socket().string()), true, false},
                  .session = "trial",
                  .home = {"sleep", "100000"},
                  .config = {},
                  .options = {}});
  inbox_ = std::make_unique<AgentInbox>(
      loop_, context_.run,
      InboxCalls{.wrote = [this](const TaskId& task) { run_loop_->read_inbox(task); },
                 .worktree_of =
                     [this](const AgentRun& agent) { return context_.paths.found(agent.worktree); },
                 .has_status_file = {},
                 .wrote_badly = {}});
  agents_ = std::make_unique<Agents>(loop_, *tmux_, git_, engine_.state(), context_);
  panes_ = std::make_unique<PaneWatch>(
      *tmux_, engine_.state(), context_, clock_,
      [this](Event event) { run_loop_->post(std::move(event)); },
      [this](AgentReported report) { inbox_->offer(std::move(report), engine_.state()); });
  deliveries_ = std::make_unique<Deliveries>(loop_, *tmux_, *panes_, context_);
  agent_stop_ = std::make_unique<AgentStop>(loop_, *deliveries_, engine_.state(), context_);
  effects_ = std::make_unique<TrialEffects>(*agents_, *agent_stop_, *deliveries_, place_.worktree(),
                                            head_);
  co_return begin_run();
}

Status AgentTrial::begin_run() {
  if (Status made = make_folders(context_.run.root(), 0700); !made) return made;
  store::RunInfo& info = context_.info;
  info.id = kRun;
  info.repository = info.task_file = ".";
  info.boot_id = boot_id();
  info.clock_offset_ms = loop::Loop::boottime_ms();
  info.created_wall_ms = BoottimeClock::wall_ms();
  clock_ = BoottimeClock::resume(info.boot_id, info.clock_offset_ms, at_ms(0));
  Result<store::Store> store =
      store::Store::open(context_.paths.database(), store::Access::ReadWrite);
  if (!store) return passed_on(store);
  store_ = std::move(*store);
  if (Status noted = store_->begin_run(info); !noted) return noted;
  ledger_ = std::make_unique<RunLedger>(*store_, nullptr, context_.paths, info, clock_);
  if (Status opened = ledger_->open(); !opened) return opened;
  run_loop_ = std::make_unique<RunLoop>(
      engine_, RunLoop::Ports{*ledger_, *effects_, *inbox_, clock_},
      RunLoop::Calls{.wake = [this] { loop_.post([this] { run_loop_->drain(); }); },
                     .decided = [](const Decision&) {},
                     .broken = [this](const Error&) { interrupted_ = true; }});
  Rules rules = rules_from(context_.config);
  rules.workers = rules.attempts = 1;
  rules.agent = kind_;
  rules.agents[kind_].failed_start = Span{0};  // why it failed is told in full here
  rules.task_timeout = timeout_ + kAfterReport;
  rules.base = "the commit that is checked out";
  rules.write_back = false;
  rules.follow = Follow::Never;
  run_loop_->post(RunStarted{std::move(rules), {trial_spec(kind_)}, head_});
  return {};
}

/// Up to its report.
std::vector<AgentTrial::Step> AgentTrial::steps_of_work() {
  const auto started = [this] {
    const bool lives = agent().phase == AgentPhase::Live;
    return lives ? std::optional(ok("its shim has it, in a window of its own")) : std::nullopt;
  };
  const auto up = [this]() -> std::optional<TrialStep> {
    if (!reads_screen()) return skipped("there are no rules for its screen");
    if (first_reading_) return ok(rows_of(*first_reading_));
    return std::nullopt;
  };
  return {{"started", started, timeout_},
          {"came up", up, timeout_},
          {"at work", [this] { return is_busy(); }, timeout_},
          {"file written", [this] { return is_written(); }, timeout_},
          {"committed", [this] { return is_committed(); }, timeout_},
          {"reported done", [this] { return has_reported(); }, timeout_},
          {"hooks", [this] { return told_by_hooks(); }, kAfterReport}};
}

std::optional<TrialStep> AgentTrial::is_busy() const {
  if (!reads_screen()) return skipped("there are no rules for its screen");
  if (!busy_by_.empty()) return ok(busy_by_);
  if (says_done()) return skipped("its turn was too short to be seen");
  return std::nullopt;
}

std::optional<TrialStep> AgentTrial::is_written() const {
  std::error_code ec;
  if (fs::is_regular_file(place_.worktree() / kTrialFile, ec)) return ok(std::string(kTrialFile));
  if (says_done()) return failed("it has reported, and there is no such file");
  return std::nullopt;
}

std::optional<TrialStep> AgentTrial::is_committed() const {
  if (!work_.exists) return std::nullopt;
  const std::size_t open = work_.changes.count;
  if (work_.head != head_ && open == 0)
    return ok(fmt::format("{}", work_.head.value.substr(0, 10)));
  if (profile().commit && says_done())
    return ok(fmt::format("left to us, as its profile says (`commit`): {} file{}", open,
                          open == 1 ? "" : "s"));
  if (says_done())
    return failed("it has reported, and there is no commit",
                  fmt::format("`agents.{}.commit = true` commits for it", kind_));
  return std::nullopt;
}

std::optional<TrialStep> AgentTrial::has_reported() const {
  if (!says_done()) return std::nullopt;
  const std::string words = one_line(agent().last_words, kLongestEvidence);
  const std::string by = profile().done == DoneBy::Exit ? "it ended with status 0" : words;
  if (agent().reminders == 0) return ok(by);
  return ok(fmt::format("{} (it had to be reminded {} time{})", by, agent().reminders,
                        agent().reminders == 1 ? "" : "s"));
}

std::optional<TrialStep> AgentTrial::told_by_hooks() const {
  if (!has_hooks(profile())) return skipped("its profile has none");
  if (agent().own.is_there()) return ok(fmt::format("the last was {}", agent().own.event));
  return std::nullopt;
}

std::optional<TrialStep> AgentTrial::is_idle() const {
  if (profile().done == DoneBy::Exit) return skipped("it ends by itself");
  if (!reads_screen()) return skipped("there are no rules for its screen");
  const bool stands = loop::Loop::boottime_ms() - state_since_ms_ >= kStands.count();
  if (state_ == ScreenState::Idle && stands) return ok(shown_);
  return std::nullopt;
}

std::optional<TrialStep> AgentTrial::is_gone() const {
  if (!has_exited()) return std::nullopt;
  const auto exit = shim::read_exit(context_.run.attempt(trial_task(), 1));
  const int code = exit ? exit->outcome.code : 0;
  return code == 0 ? ok("status 0") : failed(fmt::format("status {}", code));
}

/// After its report: at its prompt again, and gone when it is told so.
loop::Job<bool> AgentTrial::await_end() {
  const Step idle{"idle after it", [this] { return is_idle(); }, kAfterReport};
  const bool good = co_await await(idle);
  if (!good) (void)co_await interrupt_turn();
  const bool ends = co_await await_exit();
  co_return good&& ends;
}

loop::Job<bool> AgentTrial::await_exit() {
  Step gone{"ends when told to", [this] { return is_gone(); }, kExitTime};
  const std::string& command = profile().exit_command;
  std::string why;
  if (has_exited()) {
    why = "it has ended";
  } else if (command.empty()) {
    why = "its profile has no `exit_command`";
  } else if (!reads_screen()) {
    why = "there are no rules for its screen";
  }
  if (!why.empty()) co_return end_step(gone.name, skipped(std::move(why)));
  const TypeText order{.task = trial_task(),
                       .attempt = 1,
                       .agent = kind_,
                       .message = random_hex(),
                       .kind = MessageKind::Text,
                       .text = command};
  // Another turn may begin right then.
  const std::int64_t deadline = loop::Loop::boottime_ms() + kExitTime.count();
  TypeText::Ends typed = co_await deliveries_->type(order);
  while (std::holds_alternative<TextPutOff>(typed) && loop::Loop::boottime_ms() < deadline) {
    (void)co_await loop::pause(loop_, kPanes);
    typed = co_await deliveries_->type(order);
  }
  if (const auto* off = std::get_if<TextPutOff>(&typed))
    co_return end_step(gone.name, failed(off->why));
  co_return co_await await(gone);
}

/// Presses the keys of its profile that end a turn.
loop::Job<bool> AgentTrial::interrupt_turn() {
  const std::optional<PaneWatch::Seen> seen = co_await see();
  const bool works = seen && (seen->reading.state == ScreenState::Busy ||
                              seen->reading.state == ScreenState::Retrying);
  if (!works) co_return false;
  for (const std::string& key : profile().interrupt_keys) {
    tmuxctl::Server* server = tmux_->connected();
    if (server == nullptr) co_return false;
    (void)co_await server->press(seen->pane, key);
    (void)co_await loop::pause(loop_, kLook);
  }
  (void)co_await loop::pause(loop_, kPanes);
  co_return true;
}

loop::Job<std::optional<PaneWatch::Seen>> AgentTrial::see() {
  const std::string key = attempt_key(trial_task(), 1);
  co_return co_await panes_->see(key, kind_);
}

/// What stands in the way for good.
std::optional<TrialStep> AgentTrial::obstacle() const {
  if (interrupted_) return failed("interrupted");
  const TaskRecord* task = engine_.state().find(trial_task());
  const AgentTurn& turn = agent().turn;
  const std::string again = fmt::format("then `tmux-orch agents test {}` again", kind_);
  if (has_exited() && !says_done()) {
    const std::string words = last_words(context_.run.attempt(trial_task(), 1));
    return failed(fmt::format("its program ended ({}){}",
                              ui::sentence(task->ending_why, trial_task()),
                              words.empty() ? "" : ": " + one_line(words, kLongestEvidence)));
  }
  if (agent().phase == AgentPhase::Live && turn.activity == Activity::Asking) {
    const bool is_permission = turn.kind == "permission" || turn.kind == "question";
    return failed(
        fmt::format("it asks ({}): {}", turn.kind, one_line(turn.evidence, kLongestEvidence)),
        is_permission ? fmt::format("put what it may do into `agents.{}.allow`, {}", kind_, again)
                      : fmt::format("start `{}` in this repository once and answer it, {}",
                                    profile().command.front(), again));
  }
  if (agent().phase == AgentPhase::Live && turn.activity == Activity::Failed)
    return failed("its turn failed: " + one_line(turn.evidence, kLongestEvidence));
  if (task != nullptr && task->state == TaskState::Blocked)
    return failed(ui::sentence(task->why, trial_task()));
  if (agent().phase == AgentPhase::Live && turn.activity == Activity::Idle && !says_done() &&
      agent().reminders == kReminders &&
      (task == nullptr || !has_open_message(engine_.state(), *task)))
    return failed("its turn is over, and it has not reported");
  return std::nullopt;
}

/// One look at all that a step may wait for.
loop::Job<bool> AgentTrial::look_around() {
  const std::int64_t now = loop::Loop::boottime_ms();
  if (now - looked_ms_ >= kPanes.count()) {
    looked_ms_ = now;
    panes_->look();
    run_loop_->sweep_inbox();
    run_loop_->post(ClockTicked{});
    Result<git::WorktreeStatus> work = co_await git_.status_of(place_.worktree());
    if (work) work_ = std::move(*work);
  }
  if (agent().own.activity == Activity::Busy && busy_by_.empty())
    busy_by_ = fmt::format("its hook {}", agent().own.event);
  const std::optional<PaneWatch::Seen> seen = co_await see();
  if (!seen) co_return false;
  if (std::exchange(state_, seen->reading.state) != seen->reading.state) state_since_ms_ = now;
  shown_ = rows_of(seen->reading);
  if (state_ != ScreenState::Unknown && state_ != ScreenState::Exited && !first_reading_)
    first_reading_ = seen->reading;
  if (state_ == ScreenState::Busy && (busy_by_.empty() || busy_by_.starts_with("its hook")))
    busy_by_ = shown_;
  co_return true;
}

/// Looks until the step has ended, something stands in the way, or the time is over.
loop::Job<bool> AgentTrial::await(const Step& step) {
  const std::int64_t began = loop::Loop::boottime_ms();
  const std::int64_t whole = began_ms_ + timeout_.count();
  std::optional<TrialStep> end;
  while (!end) {
    end = step.look();
    if (!end) end = obstacle();
    const std::int64_t now = loop::Loop::boottime_ms();
    const bool late = now >= began + step.patience.count() || (now >= whole && !says_done());
    if (!end && late) {
      end = failed(shown_.empty() ? "it did not come to that in time"
                                  : "it did not come to that in time; its screen is " + shown_,
                   "`--timeout 10m` gives it more time");
    }
    if (end) break;
    (void)co_await look_around();
    (void)co_await loop::pause(loop_, kLook);
  }
  end->took = Span(loop::Loop::boottime_ms() - began);
  co_return end_step(step.name, std::move(*end));
}

bool AgentTrial::end_step(const std::string& name, TrialStep step) {
  step.name = name;
  tell_(step);
  return step.end != StepEnd::Failed;
}

loop::Job<Status> AgentTrial::clean_up() {
  if (agents_ && agent().attempt > 0) {
    const StopAgent stop{trial_task(), agent().attempt};
    (void)co_await agent_stop_->stop(stop);
  }
  if (tmuxctl::Server* server = tmux_ ? tmux_->connected() : nullptr; server != nullptr)
    (void)co_await server->kill_server();
  if (run_loop_) run_loop_->close({Fault::Busy, "the trial is over", {}});
  inbox_.reset();
  store_.reset();
  co_return co_await place_.remove();
}

}  // namespace orch::app
