// A run's state as a table for people and as JSON for programs.
#include "ui/status.hpp"

#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "orch/core/waiting.hpp"
#include "ui/json_text.hpp"
#include "ui/lines.hpp"
#include "ui/sentences.hpp"
#include "ui/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLongestReason = 4000;
constexpr std::size_t kLongestShownId = 24;

std::string_view agent_state(const AgentRun& agent) {
  if (agent.is_alive()) return to_text(agent.turn.activity);
  return agent.id != 0 ? "exited" : "none";
}

ordered_json ruling_json(const Ruling& ruling) {
  return {{"answer", to_text(ruling.answer)},
          {"rule", ruling.rule},
          {"tool", ruling.subject.tool},
          {"subject", ruling.subject.text}};
}

ordered_json turn_json(const AgentTurn& turn) {
  const bool has_failed = turn.activity == Activity::Failed;
  return {{"kind", turn.kind},
          {"evidence", turn.evidence},
          {"question", turn.question},
          {"error", has_failed ? ordered_json(to_text(turn.error)) : ordered_json()},
          {"continues", turn.continue_at.has_value()},
          {"stalled", turn.stalled_since.has_value()},
          {"source", to_text(turn.source)},
          {"policy", ruling_json(turn.ruling)}};
}

/// By the names of the rules that have fired in its attempt.
ordered_json anomalies_json(const RunRecord& run, const AgentRun& agent) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, record] : agent.health.anomalies) {
    const auto rule = run.rules.anomalies.find(name);
    const bool is_known = rule != run.rules.anomalies.end();
    out[name] = {{"severity", is_known ? to_text(rule->second.severity) : std::string_view()},
                 {"fired", record.fired},
                 {"action", to_text(record.action)},
                 {"amount", record.amount},
                 {"evidence", record.evidence},
                 {"over", record.serial == 0}};
  }
  return out;
}

ordered_json conflicts_json(const TaskRecord& task) {
  ordered_json out = ordered_json::array();
  for (const ForeseenConflict& conflict : task.conflicts) {
    out.push_back(
        {{"with", conflict.with.value}, {"files", conflict.files}, {"count", conflict.count}});
  }
  return out;
}

ordered_json task_json(const RunRecord& run, const TaskRecord& task, const AgentRun& agent,
                       const Reason& why, const RunView& view) {
  ordered_json out;
  out["id"] = task.id().value;
  out["title"] = task.plan.spec.title;
  out["made_by"] = text_or_null(task.plan.spec.made_by);
  out["state"] = shown_state(task);
  out["why"] = sentence(why, task.id());
  out["reason"] = to_text(why.kind);
  out["held"] = task.held;
  out["worker"] = task.worker != 0 ? ordered_json(task.worker) : ordered_json();
  out["agent"] = text_or_null(agent.kind);
  out["agent_state"] = agent_state(agent);
  if (agent.is_alive()) out["control"] = to_text(agent.control);
  if (agent.is_alive()) out["agent_turn"] = turn_json(agent.turn);
  out["anomalies"] = anomalies_json(run, agent);
  out["conflicts"] = conflicts_json(task);
  out["worktree"] = text_or_null(task.cleaned ? "" : agent.worktree);
  out["branch"] = text_or_null(task.cleaned ? "" : agent.branch);
  out["window"] = text_or_null(task.cleaned ? "" : agent.window);
  out["pane"] = text_or_null(task.cleaned ? "" : agent.pane);
  out["session"] = text_or_null(agent.session);
  out["pid"] = agent.is_alive() ? ordered_json(agent.shim.pid) : ordered_json();
  out["attempt"] = task.attempts;
  out["progress"] = task.progress;
  const auto output = view.last_output_s.find(task.id());
  out["last_output_s"] =
      output == view.last_output_s.end() ? ordered_json() : ordered_json(output->second);
  const auto usage = view.usage.find(task.id());
  const bool known = usage != view.usage.end();
  out["cpu"] = known ? ordered_json(usage->second.cpu) : ordered_json();
  out["memory"] = known ? ordered_json(usage->second.memory) : ordered_json();
  out["processes"] = known ? ordered_json(usage->second.processes) : ordered_json();
  out["note"] = task.last_note;
  out["commit"] = text_or_null(task.merged.value);
  out["rescued"] = task.rescues;
  out["untested"] = task.untested;
  add_usage(out, run, task);
  return out;
}

/// How wide two columns of the table are; 0: there is no such column.
struct Widths {
  std::size_t id = 4;
  std::size_t used = 0;
};

std::string used_of(const State& state, const TaskRecord& task) {
  UsageSum used;
  add_used(used, state.run, task);
  return usage_cell(used);
}

Widths widths_of(const State& state) {
  Widths widths;
  for (const TaskRecord& task : state.tasks) {
    widths.id = std::max(widths.id, display_width(one_line(task.id().value, kLongestShownId)));
    widths.used = std::max(widths.used, used_of(state, task).size());
  }
  return widths;
}

std::string conflicts_lines(const TaskRecord& task) {
  std::string lines;
  for (const ForeseenConflict& conflict : task.conflicts) {
    const auto more = conflict.count - static_cast<std::int64_t>(conflict.files.size());
    lines += fmt::format("    conflicts with {} in {}{}\n",
                         one_line(conflict.with.value, kLongestShownId), join(conflict.files, ", "),
                         more > 0 ? fmt::format(" and {} more", more) : "");
  }
  return lines;
}

/// The task's row; a reason that does not fit in it stands below, whole: commands in it are copied.
std::string task_row(const State& state, const TaskRecord& task, const Reason& reason,
                     const RunView& view, const Widths& widths) {
  const std::string_view sgr = state_sgr(state, task, view.colour);
  std::string used = used_of(state, task);
  if (widths.used > 0) used = fmt::format("  {:>{}}", used, widths.used);
  const std::size_t taken = widths.id + used.size() + 20;
  const std::size_t room = view.columns > taken ? view.columns - taken : 20;
  const std::string why = one_line(sentence(reason, task.id()), kLongestReason);
  const bool fits = !why.empty() && display_width(why) <= room;
  const std::string what = fits ? why : one_line(task.plan.spec.title, room);
  std::string row = fmt::format("{}{} {}  {:<11}{}{}  {}\n", sgr, state_mark(state, task),
                                padded(one_line(task.id().value, kLongestShownId), widths.id),
                                shown_state(task), sgr.empty() ? "" : "\x1b[0m", used, what);
  if (!fits && !why.empty()) row += fmt::format("    {}\n", why);
  return row + conflicts_lines(task);
}

/// Who keeps others off what, a line for each task.
std::string locks_lines(const State& state) {
  constexpr std::size_t kMostPaths = 5;
  std::map<TaskId, std::vector<std::string>> locked;
  for (const FileLock& lock : state.run.locks)
    locked[lock.task].push_back(one_line(lock.path, 100));
  std::string lines;
  for (auto& [task, paths] : locked) {
    const std::size_t more = paths.size() - std::min(paths.size(), kMostPaths);
    paths.resize(paths.size() - more);
    lines += fmt::format("locked by {}: {}{}; `{}` takes that away\n",
                         one_line(task.value, kLongestShownId), join(paths, ", "),
                         more > 0 ? fmt::format(" and {} more", more) : "",
                         call_about("unlock", task.value));
  }
  return lines;
}

constexpr std::size_t kMostUnread = 3;

std::vector<const Message*> unread(const State& state) {
  std::vector<const Message*> found;
  for (const MessageNumber number : state.messages.open_to(Party{}))
    found.push_back(state.messages.find(number));
  return found;
}

/// The last few that the user has not read.
std::string unread_lines(const State& state, std::size_t columns) {
  const std::vector<const Message*> all = unread(state);
  if (all.empty()) return {};
  std::string lines = fmt::format("{} message{} for you, which `tmux-orch messages` shows:\n",
                                  all.size(), all.size() == 1 ? "" : "s");
  const std::size_t first = all.size() - std::min(all.size(), kMostUnread);
  for (std::size_t place = first; place < all.size(); ++place) {
    const std::string line = fmt::format("{} from {}: {}", to_text_number(all[place]->number),
                                         to_text(all[place]->from), all[place]->text);
    lines += fmt::format("    {}\n", one_line(line, columns > 24 ? columns - 4 : 20));
  }
  return lines;
}

ordered_json unread_json(const State& state) {
  ordered_json out = ordered_json::array();
  for (const Message* message : unread(state)) {
    out.push_back(
        {{"number", message->number}, {"from", to_text(message->from)}, {"text", message->text}});
  }
  return out;
}

}  // namespace

std::string status_text(const State& state, const RunView& view) {
  std::string text =
      fmt::format("{} on {}: {}\n", view.run, state.run.rules.base, status_segment(state));
  if (view.supervisor_pid == 0 && state.run.phase == RunPhase::Running) {
    text += "no supervisor is alive: `tmux-orch up` goes on\n";
  }
  text += budget_line(state.run);
  const Widths widths = widths_of(state);
  const WaitingReasons reasons(state);
  for (const TaskRecord& task : state.tasks)
    text += task_row(state, task, reasons.shown(task), view, widths);
  if (const Reason why = shown_reason(state); !why.empty())
    text += one_line(sentence(why), kLongestReason) + "\n";
  if (!state.run.behind_why.empty()) {
    text += fmt::format("{} does not follow: {}\n", state.run.rules.base,
                        one_line(sentence(state.run.behind_why)));
    if (!state.run.behind_command.empty()) {
      text += fmt::format("  later: {}\n", one_line(state.run.behind_command));
    }
  }
  if (!state.run.push_why.empty()) {
    text += one_line(sentence(state.run.push_why)) + "\n";
    if (!state.run.push_command.empty())
      text += fmt::format("  later: {}\n", one_line(state.run.push_command));
  }
  text += locks_lines(state) + unread_lines(state, view.columns);
  for (const std::string& hint : view.hints)
    text += hint + "\n";
  return text;
}

std::string status_json(const State& state, const RunView& view) {
  ordered_json out;
  out["schema"] = 1;
  out["run"] = view.run;
  out["state"] = to_text(state.run.phase);
  out["why"] = sentence(shown_reason(state));
  if (view.supervisor_pid != 0) out["supervisor_pid"] = view.supervisor_pid;
  out["base"] = state.run.rules.base;
  out["budget"] = budget_json(state.run);
  out["coordinator"] = nullptr;
  out["tasks"] = ordered_json::array();
  out["queue"] = ordered_json::array();
  out["needs_user"] = ordered_json::array();
  out["unread_messages"] = unread_json(state);
  out["locks"] = ordered_json::array();
  for (const FileLock& lock : state.run.locks)
    out["locks"].push_back({{"path", lock.path}, {"task", lock.task.value}});
  out["allowed"] = ordered_json::array();
  for (const Grant& grant : state.run.grants) {
    out["allowed"].push_back(
        {{"agent", grant.agent}, {"tool", grant.subject.tool}, {"subject", grant.subject.text}});
  }
  std::vector<const TaskRecord*> queue;
  const WaitingReasons reasons(state);
  for (const TaskRecord& task : state.tasks) {
    ordered_json entry =
        task_json(state.run, task, state.agent_of(task), reasons.shown(task), view);
    if (task.plan.spec.coordinates())
      out["coordinator"] = std::move(entry);
    else
      out["tasks"].push_back(std::move(entry));
    if (task.state == TaskState::Queued) queue.push_back(&task);
    if (needs_user(state, task)) out["needs_user"].push_back(task.id().value);
  }
  std::ranges::sort(queue, {}, &TaskRecord::queued_order);
  for (const TaskRecord* task : queue)
    out["queue"].push_back(task->id().value);
  if (!state.run.behind_why.empty()) {
    out["behind"] = {{"why", sentence(state.run.behind_why)},
                     {"command", state.run.behind_command}};
  }
  if (!state.run.push_why.empty()) {
    out["push"] = {{"why", sentence(state.run.push_why)}, {"command", state.run.push_command}};
  }
  return dump(out);
}

std::string whoami_json(const std::string& run, const TaskRecord& task, const AgentRun& agent,
                        const std::string& agent_id) {
  ordered_json out;
  out["schema"] = 1;
  out["run"] = run;
  out["agent_id"] = agent_id;
  out["role"] = to_text(agent.role);
  out["task"] = task.id().value;
  out["title"] = task.plan.spec.title;
  out["attempt"] = agent.attempt;
  out["worker"] = agent.worker;
  out["agent"] = agent.kind;
  out["branch"] = agent.branch;
  out["worktree"] = agent.worktree;
  return dump(out);
}

std::string checks_text(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    text += fmt::format("{} {}: {}\n", check.ok ? "ok " : "BAD", check.name, one_line(check.text));
    if (!check.hint.empty()) text += "      " + one_line(check.hint) + "\n";
  }
  return text;
}

std::string checks_json(const std::vector<Check>& checks) {
  ordered_json out;
  out["schema"] = 1;
  out["checks"] = ordered_json::array();
  for (const Check& check : checks) {
    out["checks"].push_back(
        {{"name", check.name}, {"ok", check.ok}, {"text", check.text}, {"hint", check.hint}});
  }
  return dump(out);
}

}  // namespace orch::ui
