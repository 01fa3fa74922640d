// Which column says what; the statements of a commit.
#include "store/projection.hpp"

#include <ctime>

namespace orch::store {

std::string agent_id(const std::string& run, const TaskId& task, int attempt) {
  return fmt::format("{}/{}/{}", run, task.value, attempt);
}

std::string utc_text(std::int64_t wall_ms) {
  constexpr std::int64_t kSecond = 1000;
  const std::int64_t ms = ((wall_ms % kSecond) + kSecond) % kSecond;
  const auto seconds = static_cast<std::time_t>((wall_ms - ms) / kSecond);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     ms);
}

namespace {

Status write_needs(Database& database, const Moment& moment, const TaskRecord& task) {
  if (Status cleared = database.run("DELETE FROM task_need WHERE run = ? AND task_id = ?",
                                    {moment.run, task.id().value});
      !cleared) {
    return cleared;
  }
  for (const TaskId& need : task.needs) {
    Status added =
        database.run("INSERT OR IGNORE INTO task_need(run, task_id, needs) VALUES(?,?,?)",
                     {moment.run, task.id().value, need.value});
    if (!added) return added;
  }
  return {};
}

/// A task that waits again has no attempt any more.
std::string_view attempt_status(const TaskRecord& task) {
  return task.state == TaskState::Waiting ? "ended" : to_text(task.state);
}

Status write_attempt(Database& database, const Moment& moment, const TaskRecord& task,
                     const AgentRun& agent) {
  if (agent.id == 0) return {};
  return database.run(
      "INSERT INTO orchestrator_task(task_id, assigned_agent, worktree_path, branch_name, status,"
      " created_at, run, attempt) VALUES(?,?,?,?,?,?,?,?)"
      " ON CONFLICT(run, task_id, attempt) WHERE run <> '' DO UPDATE SET"
      " assigned_agent = excluded.assigned_agent, worktree_path = excluded.worktree_path,"
      " branch_name = excluded.branch_name, status = excluded.status"
      " WHERE assigned_agent IS NOT excluded.assigned_agent"
      " OR worktree_path IS NOT excluded.worktree_path"
      " OR branch_name IS NOT excluded.branch_name OR status IS NOT excluded.status",
      {task.id().value, agent.kind, agent.worktree, agent.branch, attempt_status(task),
       utc_text(moment.wall_ms), moment.run, agent.attempt});
}

Status write_lifecycle(Database& database, const Moment& moment, const AgentRun& agent) {
  if (agent.shim.pid == 0 && !agent.is_alive()) return {};
  const std::string now = utc_text(moment.wall_ms);
  return database.run(
      "INSERT INTO agent_lifecycle(agent_id, agent_type, status, pid, started_at, last_heartbeat,"
      " resource_usage, run, task_id, attempt) VALUES(?,?,?,?,?,?,'{}',?,?,?)"
      " ON CONFLICT(agent_id) DO UPDATE SET status = excluded.status, pid = excluded.pid"
      " WHERE status IS NOT excluded.status OR pid IS NOT excluded.pid",
      {agent_id(moment.run, agent.task, agent.attempt), agent.kind,
       agent.is_alive() ? "running" : "exited", agent.shim.pid, now, now, moment.run,
       agent.task.value, agent.attempt});
}

Status write_task(Database& database, const Moment& moment, const TaskChange& change) {
  const TaskRecord& task = *change.task;
  Status written = database.run(
      "INSERT INTO task_record(run, place, task_id, title, status, why, record)"
      " VALUES(?,?,?,?,?,?,?) ON CONFLICT(run, task_id) DO UPDATE SET title = excluded.title,"
      " status = excluded.status, why = excluded.why, record = excluded.record",
      {moment.run, change.place, task.id().value, task.plan.spec.title, shown_state(task),
       to_text(task.why.kind), change.text});
  if (written && change.needs_changed) written = write_needs(database, moment, task);
  if (written) written = write_attempt(database, moment, task, *change.agent);
  return written;
}

Status write_agent(Database& database, const Moment& moment, const AgentChange& change) {
  const AgentRun& agent = *change.agent;
  Status written = database.run(
      "INSERT INTO agent_run(run, id, task_id, record) VALUES(?,?,?,?)"
      " ON CONFLICT(run, id) DO UPDATE SET record = excluded.record",
      {moment.run, agent.id, agent.task.value, change.text});
  if (written) written = write_lifecycle(database, moment, agent);
  if (written && change.task != nullptr)
    written = write_attempt(database, moment, *change.task, agent);
  return written;
}

/// The text is what it was when it was sent: what is over has none any more.
Status write_message(Database& database, const Moment& moment, const MessageChange& change) {
  const Message& message = *change.message;
  const std::string now = utc_text(moment.wall_ms);
  return database.run(
      "INSERT INTO agent_message(run, message_number, message_id, from_agent, to_agent, kind, text,"
      " created_at, priority, reply_to, state, why, changed_at, record)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT(run, message_number) WHERE message_number > 0 DO UPDATE SET"
      " changed_at = iif(state IS excluded.state AND why IS excluded.why,"
      " changed_at, excluded.changed_at),"
      " state = excluded.state, why = excluded.why, record = excluded.record",
      {moment.run, message.number, message.id, to_text(message.from), to_text(message.to),
       to_text(message.kind), message.text, now, message.now ? "now" : "normal", message.reply_to,
       to_text(message.state), message.why, now, change.text});
}

Status write_begun(Database& database, const Moment& moment, const EffectBegun& begun) {
  return database.run(
      "INSERT INTO effect(run, id, kind, task_id, payload, created_seq) VALUES(?,?,?,?,?,?)"
      " ON CONFLICT(run, id) DO UPDATE SET payload = excluded.payload",
      {moment.run, begun.id, name_of(*begun.effect), task_of(*begun.effect).value, begun.text,
       moment.seq});
}

Status clear_run(Database& database, const Moment& moment) {
  for (const char* all : {"DELETE FROM task_record WHERE run = ?",
                          "DELETE FROM agent_run WHERE run = ?", "DELETE FROM effect WHERE run = ?",
                          "UPDATE agent_message SET record = '' WHERE run = ? AND record <> ''"}) {
    if (Status cleared = database.run(all, {moment.run}); !cleared) return cleared;
  }
  return {};
}

}  // namespace

Status write_changes(Database& database, const Moment& moment, const Changes& changes,
                     const RunRecord& run) {
  Status written;
  if (changes.whole) written = clear_run(database, moment);
  if (written && !changes.run.empty()) {
    written = database.run("UPDATE run SET phase = ?, record = ? WHERE id = ?",
                           {to_text(run.phase), changes.run, moment.run});
  }
  if (written && !changes.rules.empty()) {
    written = database.run("UPDATE run SET rules = ? WHERE id = ?", {changes.rules, moment.run});
  }
  for (const TaskChange& change : changes.tasks) {
    if (written) written = write_task(database, moment, change);
  }
  for (const AgentChange& change : changes.agents) {
    if (written) written = write_agent(database, moment, change);
  }
  for (const AgentRunId id : changes.agents_gone) {
    if (written)
      written = database.run("DELETE FROM agent_run WHERE run = ? AND id = ?", {moment.run, id});
  }
  for (const MessageChange& change : changes.messages) {
    if (written) written = write_message(database, moment, change);
  }
  for (const MessageNumber number : changes.messages_gone) {
    if (written)
      written =
          database.run("UPDATE agent_message SET record = '' WHERE run = ? AND message_number = ?",
                       {moment.run, number});
  }
  for (const EffectId id : changes.ended) {
    if (written)
      written = database.run("DELETE FROM effect WHERE run = ? AND id = ?", {moment.run, id});
  }
  for (const EffectBegun& begun : changes.begun) {
    if (written) written = write_begun(database, moment, begun);
  }
  return written;
}

Status write_report(Database& database, const Moment& moment, const Event& event) {
  const auto* report = std::get_if<AgentReported>(&event);
  // A text for somebody is a message of its own.
  const bool is_message =
      report != nullptr && (report->kind == ReportKind::Send || report->kind == ReportKind::Notify);
  if (report == nullptr || is_message) return {};
  return database.run(
      "INSERT OR IGNORE INTO agent_message(run, message_id, from_agent, to_agent, kind, text,"
      " created_at) VALUES(?,?,?,'supervisor',?,?,?)",
      {moment.run, report->id, agent_id(moment.run, report->task, report->attempt),
       to_text(report->kind), report->text, utc_text(moment.wall_ms)});
}

}  // namespace orch::store
