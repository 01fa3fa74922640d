// Short texts for people.
#include "ui/lines.hpp"

#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kIdColumns = 24;

struct TaskLook {
  std::string_view mark;
  std::string_view colour;
  std::string_view sgr;
};

TaskLook look_of(const State& state, const TaskRecord& task) {
  const AgentRun& agent = state.agent_of(task);
  const bool is_taken = agent.phase == AgentPhase::Live && agent.control == Control::User;
  if (is_taken && task.state == TaskState::Running) return {"u", "magenta", "\x1b[35m"};
  if (agent_waits_for_user(state, task) || has_concern(state, task))
    return {"!", "yellow", "\x1b[33m"};
  if (task.held && !is_final(task.state)) return {"=", "magenta", "\x1b[35m"};
  switch (task.state) {
    case TaskState::Waiting: return {".", "default", "\x1b[2m"};
    case TaskState::Preparing: return {"+", "cyan", "\x1b[36m"};
    case TaskState::Running: return {">", "cyan", "\x1b[36m"};
    case TaskState::Checking: return {"?", "blue", "\x1b[34m"};
    case TaskState::Queued: return {"~", "blue", "\x1b[34m"};
    case TaskState::Landing:
    case TaskState::PartLanded: return {"^", "blue", "\x1b[34m"};
    case TaskState::Stopping:
    case TaskState::Saving: return {",", "cyan", "\x1b[36m"};
    case TaskState::Merged: return {"*", "green", "\x1b[32m"};
    case TaskState::Blocked: return {"!", "yellow", "\x1b[33m"};
    case TaskState::Failed: return {"x", "red", "\x1b[31m"};
    case TaskState::Unreachable: return {"-", "red", "\x1b[31m"};
    case TaskState::Aborted: return {"-", "red", "\x1b[31m"};
  }
  return {" ", "default", ""};
}

// In the order in which the user reads them.
constexpr std::array kCounted{TaskState::Running,  TaskState::Preparing, TaskState::Checking,
                              TaskState::Queued,   TaskState::Landing,   TaskState::PartLanded,
                              TaskState::Stopping, TaskState::Saving,    TaskState::Blocked,
                              TaskState::Failed,   TaskState::Aborted,   TaskState::Unreachable,
                              TaskState::Waiting};

/// What is blocked is counted among the states, but for who coordinates.
bool is_asking(const State& state, const TaskRecord& task) {
  const bool waits = task.state == TaskState::Waiting && !task.held && needs_user(state, task);
  const bool is_stuck = task.state == TaskState::Blocked && task.plan.spec.coordinates();
  const bool is_left = is_left_to_user(state, task);
  return agent_waits_for_user(state, task) || has_concern(state, task) || is_stuck ||
         (waits && !is_left);
}

/// Whose agents wait for the user: what is blocked is counted among the states.
std::string asking_text(const State& state) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> names;
  for (const TaskRecord& task : state.tasks)
    if (is_asking(state, task)) names.push_back(one_line(task.id().value, kIdColumns));
  if (names.empty()) return {};
  const std::size_t more = names.size() - std::min(names.size(), kMost);
  names.resize(names.size() - more);
  return fmt::format(", you are needed: {}{}", join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

/// What a script may go by.
ordered_json anomaly_json(const Reason& reason) {
  const auto name = [&reason](std::size_t place) {
    return place < reason.names.size() ? reason.names[place] : std::string();
  };
  return {{"rule", name(0)},
          {"severity", name(1)},
          {"action", name(2)},
          {"amount", reason.number},
          {"evidence", reason.text}};
}

}  // namespace

std::string_view state_mark(const State& state, const TaskRecord& task) {
  return look_of(state, task).mark;
}

std::string_view state_colour(const State& state, const TaskRecord& task) {
  return look_of(state, task).colour;
}

std::string_view state_sgr(const State& state, const TaskRecord& task, bool colour) {
  return colour ? look_of(state, task).sgr : std::string_view();
}

std::string status_segment(const State& state) {
  const auto count = [&](TaskState wanted) {
    return std::ranges::count_if(state.tasks, [wanted](const TaskRecord& task) {
      return task.counts() && task.state == wanted;
    });
  };
  const auto all = std::ranges::count_if(state.tasks, &TaskRecord::counts_alone);
  const auto delivered = std::ranges::count_if(state.tasks, &TaskRecord::is_delivered);
  std::string text = fmt::format("{}/{} merged", count(TaskState::Merged) - delivered, all);
  if (delivered > 0) text += fmt::format(", {} delivered", delivered);
  for (const TaskState wanted : kCounted) {
    if (const auto number = count(wanted); number > 0) {
      text += fmt::format(", {} {}", number, to_text(wanted));
    }
  }
  text += asking_text(state);
  if (const auto unread = state.messages.open_to(Party{}).size(); unread > 0)
    text += fmt::format(", {} message{} for you", unread, unread == 1 ? "" : "s");
  if (state.run.phase != RunPhase::Running) text += fmt::format(" ({})", to_text(state.run.phase));
  return text;
}

std::string progress_text(const State& state) {
  std::string text = status_segment(state) + "\n";
  const WaitingReasons reasons(state);
  for (const TaskRecord& task : state.tasks) {
    text +=
        fmt::format("{} {:<12} {:<11} {}\n", state_mark(state, task), one_line(task.id().value, 40),
                    shown_state(task), one_line(sentence(reasons.shown(task), task.id()), 120));
  }
  if (!state.run.behind_why.empty()) {
    text += fmt::format("{} does not follow: {}\n", state.run.rules.base,
                        one_line(sentence(state.run.behind_why)));
  }
  return text;
}

std::string event_line(const Fact& fact, std::int64_t wall_ms) {
  const time_t seconds = static_cast<time_t>(wall_ms / 1000);
  tm local{};
  localtime_r(&seconds, &local);
  const std::string subject =
      fact.task.value.empty() ? std::string(to_text(fact.kind)) : one_line(fact.task.value, 40);
  const std::string text = one_line(sentence(fact));
  return fmt::format("{:02}:{:02}:{:02} {}{}{}", local.tm_hour, local.tm_min, local.tm_sec, subject,
                     text.empty() ? "" : " ", text);
}

std::string facts_json(const std::vector<Fact>& facts) {
  ordered_json out = ordered_json::array();
  for (const Fact& fact : facts) {
    out.push_back({{"kind", to_text(fact.kind)},
                   {"task", fact.task.value},
                   {"text", sentence(fact)},
                   {"reason", to_text(fact.reason.kind)}});
    if (fact.kind == FactKind::TaskAnomaly) out.back()["anomaly"] = anomaly_json(fact.reason);
  }
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

bool calls_user(const Fact& fact) {
  constexpr std::array kCalls{
      FactKind::TaskAsking,     FactKind::TaskBlocked, FactKind::TaskIdle,
      FactKind::TaskTurnFailed, FactKind::KindPaused,  FactKind::RunCritical,
      FactKind::RunWaiting,     FactKind::BaseRed,     FactKind::TaskNotified};
  return std::ranges::find(kCalls, fact.kind) != kCalls.end() ||
         fact.reason.kind == ReasonKind::AnomalyTold ||
         fact.reason.kind == ReasonKind::MessagesLimited;
}

bool is_event_line(const Fact& fact) {
  return fact.kind != FactKind::TaskProgress;
}

}  // namespace orch::ui
