// Panes to sightings.
#include "app/pane_watch.hpp"

#include "agents/screen/fingerprint.hpp"
#include "agents/screen/prompt_box.hpp"
#include "agents/turn_error.hpp"
#include "app/agent_files.hpp"
#include "app/anomaly_threshold.hpp"
#include "app/boottime_clock.hpp"
#include "app/our_processes.hpp"
#include "app/reminders.hpp"
#include "app/tmux_host.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/log.hpp"
#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "tmuxctl/server.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

namespace orch::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Who has been quiet for a minute is not called stalled much later for this.
constexpr Span kProcessesAge = 2s;

std::int64_t unix_seconds() {
  return BoottimeClock::wall_ms() / 1000;
}

CapturePace::Look look_of(const tmuxctl::Pane& pane) {
  return {.printed = pane.activity, .title = pane.title, .now = unix_seconds()};
}

/// Is it known that its first turn has begun? An earlier supervisor may have seen that.
bool has_begun(const AgentRun& agent) {
  return agent.reported || agent.own.is_there() || agent.reminders > 0 || agent.told > 0;
}

Screen screen_of_pane(tmuxctl::Screen captured, const tmuxctl::Pane& pane) {
  return {.rows = std::move(captured.rows),
          .title = pane.title,
          .dead = pane.dead,
          .cursor_row = captured.cursor_y,
          .cursor_column = captured.cursor_x};
}

/// Rows of a screen, as one text.
std::string text_between(const Screen& screen, int from, int to) {
  const int end = std::min(to, static_cast<int>(screen.rows.size()));
  std::string text;
  for (int row = std::max(from, 0); row < end; ++row)
    text += std::string(trim(screen.rows[static_cast<std::size_t>(row)])) + " ";
  return text;
}

/// The row that says so, or all of them where it takes several.
std::string row_of(const ErrorReading& error, const Screen& screen, int from, int to,
                   std::time_t now) {
  constexpr std::size_t kLongest = 160;
  for (int row = from; row < to; ++row) {
    const std::string text = text_between(screen, row, row + 1);
    if (read_turn_error(text, now) == error) return one_line(trim(text), kLongest);
  }
  return one_line(trim(text_between(screen, from, to)), kLongest);
}

/// What a failed turn, or a try that failed, ended in. What a program has to say may be broken into
/// rows; where the one that tells of the failure does not say why, it stands above it.
ShownError error_on(const ScreenReading& reading, const Screen& screen) {
  constexpr int kRows = 4;
  constexpr int kRowsAbove = 6;
  constexpr int kRowsAboveTries = 3;
  const bool tries = reading.state == ScreenState::Retrying;
  if ((!tries && reading.state != ScreenState::Error) || reading.rows.empty()) return {};
  const int row = reading.rows.front().row;
  const auto now = static_cast<std::time_t>(unix_seconds());
  const auto read = [&](int from, int to) {
    const ErrorReading error = read_turn_error(text_between(screen, from, to), now);
    if (error.error == TurnError::Other) return ShownError{};
    return ShownError{error, row_of(error, screen, from, to, now)};
  };
  ShownError error = read(row, row + kRows);
  if (error.reading.error != TurnError::Other) return error;
  ShownError above = read(row - (tries ? kRowsAboveTries : kRowsAbove), row);
  // What an agent may have written there ends no attempt.
  return above.reading.error == TurnError::ContextFull ? error : above;
}

bool is_blank(const Screen& screen) {
  return std::ranges::all_of(screen.rows, [](const std::string& row) { return trim(row).empty(); });
}

/// Without rules everything is asked.
Policy compiled(const std::vector<PolicyRule>& rules) {
  Result<Policy> policy = Policy::compile(rules);
  if (policy) return std::move(*policy);
  // They were checked when the configuration was read.
  log_line(LogLevel::Warning, "no rule answers for the user: {}", to_text(policy.error()));
  return {};
}

}  // namespace

PaneWatch::PaneWatch(TmuxHost& tmux, const State& state, const RunContext& context,
                     const port::Clock& clock, std::function<void(Event)> post,
                     std::function<void(AgentReported)> report)
    : tmux_(tmux),
      state_(state),
      context_(context),
      clock_(clock),
      post_(std::move(post)),
      report_(std::move(report)),
      policy_(compiled(context.config.policy)) {}

const AgentProfile* PaneWatch::profile_of(const std::string& kind) const {
  const auto profile = context_.config.agents.find(kind);
  return profile == context_.config.agents.end() ? nullptr : &profile->second;
}

const ScreenRules* PaneWatch::rules_of(const std::string& kind) {
  const auto known = rules_.find(kind);
  if (known != rules_.end()) return &known->second;
  const AgentProfile* profile = profile_of(kind);
  if (profile == nullptr || profile->screen.empty()) return nullptr;
  Result<ScreenRules> rules = ScreenRules::compile(profile->screen);
  if (!rules) {
    // They were checked when the configuration was read.
    log_line(LogLevel::Warning, "screens of {} are not read: {}", kind, to_text(rules.error()));
    return &rules_.emplace(kind, ScreenRules()).first->second;
  }
  return &rules_.emplace(kind, std::move(*rules)).first->second;
}

/// Those that live, and nobody else.
void PaneWatch::take_up_and_drop() {
  std::erase_if(watched_, [this](const auto& entry) {
    const TaskRecord* task = state_.find(entry.second.task);
    return task == nullptr || task->attempts != entry.second.attempt ||
           state_.agent_of(*task).phase != AgentPhase::Live;
  });
  for (const auto& [id, agent] : state_.agents) {
    if (agent.phase != AgentPhase::Live) continue;
    std::string key = attempt_key(agent.task, agent.attempt);
    if (watched_.contains(key)) continue;
    const auto added = watched_.emplace(
        std::move(key), Watched{.task = agent.task,
                                .attempt = agent.attempt,
                                .kind = agent.kind,
                                .shim = agent.shim.pid,
                                .tracker = {context_.config.limits.stall, clock_.now()},
                                .control = ControlTracker(context_.config.limits.hand_back)});
    if (has_begun(agent)) added.first->second.tracker.got_to_work();
    const AgentProfile* profile = profile_of(agent.kind);
    if (!report_ || profile == nullptr || profile->reports != ReportBy::Markers) continue;
    const fs::path folder = context_.run.attempt(agent.task, agent.attempt);
    added.first->second.markers.emplace(
        MarkerWatch{.code = marker_code_of(folder), .last_text = LastText(folder)});
  }
}

void PaneWatch::look() {
  tmuxctl::Server* server = tmux_.connected();
  if (looking_ || server == nullptr) return;
  take_up_and_drop();
  if (watched_.empty()) return;
  for (auto& [key, watched] : watched_)
    mark_quiet(watched);
  looking_ = true;
  loop::spawn<Status>(look_at_all(*server), [this](const Status&) { looking_ = false; });
}

loop::Job<Status> PaneWatch::look_at_all(tmuxctl::Server& server) {
  const tmuxctl::SessionId session = server.session();
  const Result<Panes> panes = co_await server.list_panes(session, "@orch_key");
  if (!panes) co_return passed_on(panes);
  for (const tmuxctl::Pane& pane : *panes) {
    const auto found = watched_.find(pane.option);
    if (found == watched_.end() || pane.dead) continue;
    Watched& watched = found->second;
    // A marker line may soon be gone again.
    const bool may_wait = watched.tracker.shown() == Activity::Busy || !rules_of(watched.kind);
    const bool busy = may_wait && !watched.markers;
    if (watched.pace.is_due(look_of(pane), busy)) {
      capture(server, found->first, pane);
    } else {
      tell(watched);
    }
  }
  co_return Status();
}

loop::Job<std::optional<PaneWatch::Seen>> PaneWatch::see(std::string key, std::string kind) {
  const ScreenRules* rules = rules_of(kind);
  tmuxctl::Server* server = tmux_.connected();
  if (rules == nullptr || server == nullptr) co_return std::nullopt;
  const tmuxctl::SessionId session = server->session();
  const Result<Panes> panes = co_await server->list_panes(session, "@orch_key");
  if (!panes) co_return std::nullopt;
  const auto found = std::ranges::find(*panes, key, &tmuxctl::Pane::option);
  if (found == panes->end()) co_return std::nullopt;
  const tmuxctl::CaptureSpec all;
  Result<tmuxctl::Screen> captured = co_await server->capture(found->pane, all);
  if (!captured) co_return std::nullopt;
  Seen seen{found->pane, screen_of_pane(std::move(*captured), *found), {}};
  seen.reading = rules->classify(seen.screen);
  // Right before something is typed: what stands there by then is of the time before.
  const auto watched = watched_.find(key);
  if (watched != watched_.end()) look_for_markers(watched->second, seen.screen, seen.reading.state);
  co_return seen;
}

/// All captures of one look go out in one write; each is read when it comes.
void PaneWatch::capture(tmuxctl::Server& server, const std::string& key,
                        const tmuxctl::Pane& pane) {
  const auto read = [this, key, pane](Result<tmuxctl::Screen> captured) {
    const auto found = watched_.find(key);
    // One that failed, as the pane's size changed, is followed by another.
    if (!captured || found == watched_.end()) return;
    Watched& watched = found->second;
    watched.pace.captured(look_of(pane), unix_seconds());
    const Screen screen = screen_of_pane(std::move(*captured), pane);
    const ScreenRules* rules = rules_of(watched.kind);
    const ScreenReading reading = rules == nullptr ? ScreenReading() : rules->classify(screen);
    std::optional<Sighting> sighting = sighting_of(reading, screen);
    look_for_markers(watched, screen, reading.state);
    watched.has_shown = watched.has_shown || !is_blank(screen);
    watched.permission.reset();
    if (reading.state == ScreenState::Permission) watched.permission = dialog_of(screen);
    watched.error = error_on(reading, screen);
    if (reading.state == ScreenState::Retrying && is_of_user(watched.error.reading.error)) {
      sighting->error = watched.error.reading.error;
      sighting->evidence = watched.error.text;
    }
    if (sighting && sighting->activity == Activity::Idle) look_for_prompt(watched, screen);
    if (sighting) watched.tracker.see(*sighting, fingerprint(screen), clock_.now());
    tell(watched);
  };
  loop::spawn<Result<tmuxctl::Screen>>(server.capture(pane.pane), read);
}

/// A first turn that nobody saw has left the prompt on the screen; before it there is none, unless
/// it goes on with a conversation, which shows that of the attempt before.
void PaneWatch::look_for_prompt(Watched& watched, const Screen& screen) {
  const TaskRecord* task = state_.find(watched.task);
  if (watched.tracker.is_up() || task == nullptr || state_.agent_of(*task).resumed) return;
  if (!watched.prompt)
    watched.prompt = prompt_of(context_.run.attempt(watched.task, watched.attempt));
  if (shows_above_box(screen, split_lines(*watched.prompt))) watched.tracker.got_to_work();
}

/// Nothing counts of a dialog, nor of a screen that its rules cannot read, which may show one.
void PaneWatch::look_for_markers(Watched& watched, const Screen& screen, ScreenState state) {
  if (!watched.markers) return;
  const bool is_plain = rules_of(watched.kind) == nullptr;
  const bool counts = is_plain || state == ScreenState::Busy || state == ScreenState::Idle ||
                      state == ScreenState::Retrying || state == ScreenState::Error;
  watched.markers->last_text.look();
  const ReportsFor who{watched.task, watched.attempt, attempt_key(watched.task, watched.attempt)};
  for (const MarkerLine& line : watched.markers->tracker.see(
           marker_lines(screen, watched.markers->code), counts, watched.markers->last_text.name()))
    report_(report_of(line, who));
}

/// Its hook, which asks nobody, finds this in the folder. Of a task that is held the user does what
/// is to be done, and a text that waits for the end of the turn is as good as a reminder. Who waits
/// for what it has delegated has nothing to report.
void PaneWatch::mark_quiet(Watched& watched) {
  const TaskRecord* task = state_.find(watched.task);
  if (task == nullptr) return;
  const AgentRun& agent = state_.agent_of(*task);
  const bool quiet = task->held || has_open_message(state_, *task) ||
                     has_delegated(state_, *task) || agent.control == Control::User ||
                     !may_be_texted(state_, *task);
  if (std::exchange(watched.quiet, quiet) == std::optional(quiet)) return;
  mark(context_.run.attempt(watched.task, watched.attempt), kQuiet, quiet);
}

/// One look at /proc for all that are quiet, as agents that began together become so together.
const ProcessTree& PaneWatch::processes() {
  const Time now = clock_.now();
  if (!processes_ || now >= processes_old_at_) {
    processes_.emplace(read_processes("/proc"));
    processes_old_at_ = now + kProcessesAge;
  }
  return *processes_;
}

/// Does something run below it? Of a program that nobody knows any child counts: it may be what it
/// waits for.
bool PaneWatch::works_unseen(const Watched& watched) {
  const auto shim = static_cast<pid_t>(watched.shim);
  if (rules_of(watched.kind) != nullptr) return runs_a_tool(processes(), shim);
  return processes().below(shim).size() > 1;
}

Ruling PaneWatch::ruling_on(const Watched& watched, const AgentRun& agent) const {
  const AgentProfile* profile = profile_of(watched.kind);
  if (!watched.permission || profile == nullptr) return {};
  const Subject subject = subject_of(*watched.permission, *profile, agent.own);
  return policy_.judge(*profile, subject, state_.run.grants);
}

/// Its program has told of a permission that a rule answers as soon as its screen shows it whole:
/// the user need not be called before.
bool PaneWatch::waits_for_screen(const Sighting& news, const AgentRun& agent) const {
  const AgentProfile* profile = profile_of(agent.kind);
  const OwnWord& own = agent.own;
  const bool is_early = news.activity == Activity::Asking && !news.ruling.subject.is_sure() &&
                        own.activity == Activity::Asking && agent.control == Control::Ours &&
                        clock_.now() - own.at < kScreenIsLate;
  if (!is_early || profile == nullptr || own.asks_for.tool.empty()) return false;
  return policy_.judge(*profile, own.asks_for, state_.run.grants).answer != PolicyAnswer::Ask;
}

/// Its program knows better than its screen, which may be the one to say when it may go on, or what
/// the name of an error stands for. The text is what is then told of it.
ShownError PaneWatch::error_of(const Watched& watched, const Sighting& news, const OwnWord& own) {
  if (news.activity != Activity::Failed) return {};
  if (news.error != TurnError::Other) return {{news.error, Span{0}}, news.evidence};
  const ShownError& shown = watched.error;
  const std::string text = shown.text.empty() ? news.evidence : shown.text;
  if (own.activity != Activity::Failed) return {shown.reading, text};
  const ErrorReading said = read_turn_error(own.text, static_cast<std::time_t>(unix_seconds()));
  if (says_more(shown.reading, said)) return {shown.reading, text};
  return {said, news.evidence};
}

void PaneWatch::tell(Watched& watched) {
  const Time now = clock_.now();
  if (watched.tracker.is_doubtful(now) && works_unseen(watched)) watched.tracker.gets_on(now);
  const TaskRecord* task = state_.find(watched.task);
  if (task == nullptr) return;
  const AgentRun& agent = state_.agent_of(*task);
  look_at_typing(watched);
  tell_blank(watched, agent);
  watched.tracker.hear(agent.own);
  watched.tracker.rule(ruling_on(watched, agent));
  std::optional<Sighting> news = watched.tracker.news(agent.turn, now);
  if (!news || waits_for_screen(*news, agent)) return;
  const bool of_screen = news->source == Source::Screen && rules_of(watched.kind) == nullptr;
  if (of_screen && !news->stalled && !agent.turn.stalled_since) return;
  ShownError error = error_of(watched, *news, agent.own);
  if (news->activity == Activity::Failed) news->evidence = std::move(error.text);
  post_(AgentSeen{.task = watched.task,
                  .attempt = watched.attempt,
                  .activity = news->activity,
                  .kind = std::move(news->kind),
                  .evidence = std::move(news->evidence),
                  .question = std::move(news->question),
                  .stalled = news->stalled,
                  .source = news->source,
                  .ruling = std::move(news->ruling),
                  .error = error.reading.error,
                  .opens_in = error.reading.opens_in});
}

/// Some programs hang before they have drawn anything.
void PaneWatch::tell_blank(Watched& watched, const AgentRun& agent) {
  const std::optional<std::int64_t> threshold = threshold_of(state_, Anomaly::BlankStart);
  const std::int64_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - agent.began).count();
  const bool is_blank = threshold && !watched.has_shown && seconds >= *threshold;
  if (std::exchange(watched.told_blank, is_blank) == is_blank) return;
  post_(AnomalySeen{.task = watched.task,
                    .attempt = watched.attempt,
                    .anomaly = Anomaly::BlankStart,
                    .amount = is_blank ? seconds : 0,
                    .serial = is_blank ? 1 : 0});
}

void PaneWatch::look_at_typing(Watched& watched) {
  const fs::path file =
      context_.run.attempt(watched.task, watched.attempt) / shim::attempt_file::kTyped;

  struct stat status {};

  if (::lstat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
    const std::int64_t typed_ms =
        std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000;
    if (std::exchange(watched.typed_ms, typed_ms) != typed_ms) {
      // The shim tells the wall clock, which may have been set since.
      const Span ago(std::max<std::int64_t>(0, BoottimeClock::wall_ms() - typed_ms));
      watched.control.typed(clock_.now() - ago, status.st_size > 0);
    }
  }
  const AgentRun& agent = state_.agent_of(*state_.find(watched.task));
  if (const std::optional<Control> control = watched.control.news(agent, clock_.now()))
    post_(ControlSeen{watched.task, watched.attempt, *control});
}

}  // namespace orch::app
