// From schema 2 to schema 3. What the names meant then stands here, as the program moves on.
#include "store/agent_rows.hpp"

#include "store/impl.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace orch::store {
namespace {

using nlohmann::json;

constexpr const char* kAgentTable = R"sql(
CREATE TABLE agent_run(
  run TEXT NOT NULL REFERENCES run(id),
  id INTEGER NOT NULL,
  task_id TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY(run, id)
) STRICT;
)sql";

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void move_field(json& from, const char* before, json& to, const char* now) {
  const auto found = from.find(before);
  if (found != from.end()) to[now] = *found;
}

/// The kind of the effect that is in flight for each task.
std::map<std::string, std::string> effects_by_task(const StoredRun& run) {
  std::map<std::string, std::string> kinds;
  for (const auto& [id, text] : run.effects) {
    const json effect = json::parse(text, nullptr, false);
    if (!effect.is_object()) continue;
    kinds[effect.value("task", "")] = effect.value("type", "");
  }
  return kinds;
}

std::string_view phase_of(const json& task, const json& attempt, const std::string& effect) {
  if (attempt.value("alive", false)) return "live";
  if (effect == "start_agent") return "starting";
  return task.value("state", "") == "preparing" ? "assigned" : "exited";
}

json agent_from(json& task, json& attempt, std::int64_t id, const std::string& effect) {
  json agent = {{"id", id}, {"role", "implementer"}, {"phase", phase_of(task, attempt, effect)}};
  agent["task"] = task["plan"]["spec"].value("id", "");
  json shim = {{"host", ""}};
  move_field(attempt, "pid", shim, "pid");
  move_field(attempt, "pid_start", shim, "start");
  move_field(attempt, "boot", shim, "boot");
  agent["shim"] = shim;
  move_field(attempt, "number", agent, "attempt");
  move_field(attempt, "agent", agent, "kind");
  move_field(attempt, "done", agent, "said_done");
  for (const char* same : {"worker", "worktree", "branch", "start", "window", "pane", "token",
                           "began", "busy_since", "busy", "items", "no_changes"})
    move_field(attempt, same, agent, same);
  return agent;
}

/// An attempt that ends is saved once more where it had been saved already: that changes nothing.
void put_state(json& task) {
  if (task.value("rest", false)) task["state"] = "part-landed";
  if (task.value("ending", "none") != "none") task["state"] = "stopping";
  move_field(task, "mishaps", task, "restarts");
  move_field(task, "heard", task, "seen_reports");
  for (const char* gone : {"attempt", "rest", "ending_saved", "mishaps", "heard"})
    task.erase(gone);
}

/// What of the outbox is a step of a landing, as the landing that it is a step of.
json landings_from(const StoredRun& run) {
  json landings = json::array();
  for (const auto& [id, text] : run.effects) {
    const json effect = json::parse(text, nullptr, false);
    if (!effect.is_object()) continue;
    const std::string type = effect.value("type", "");
    const std::string_view state = type == "prepare_landing" ? "preparing"
                                   : type == "test_landing"  ? "testing"
                                   : type == "land"          ? "moving"
                                                             : "";
    if (state.empty()) continue;
    const json retry = effect.value("retry", json::object());
    const bool waits = retry.contains("not_before") && !retry["not_before"].is_null();
    landings.push_back({{"task", effect.value("task", "")},
                        {"number", effect.value("landing", 0)},
                        {"work", effect.value("work", "")},
                        {"onto", effect.value("onto", "")},
                        {"candidate", effect.value("candidate", "")},
                        {"state", waits ? "waiting" : state}});
  }
  return landings;
}

Status write_run(Database& database, const std::string& run, const StoredRun& stored,
                 const std::vector<std::int64_t>& keys) {
  Status written = database.run("UPDATE run SET record = ? WHERE id = ?", {stored.record, run});
  for (std::size_t i = 0; i < keys.size() && written; ++i) {
    written = database.run("UPDATE task_record SET record = ? WHERE number = ?",
                           {stored.tasks[i], keys[i]});
  }
  for (const auto& [id, text] : stored.agents) {
    if (!written) break;
    const json agent = json::parse(text, nullptr, false);
    written = database.run("INSERT INTO agent_run(run, id, task_id, record) VALUES(?,?,?,?)",
                           {run, id, agent.value("task", ""), text});
  }
  return written;
}

Status part_agents_of(Database& database, const std::string& run) {
  StoredRun stored;
  if (Status read = read_rows(database, run, stored); !read) return read;
  std::vector<std::int64_t> keys;
  Status read = database.rows("SELECT number FROM task_record WHERE run = ? ORDER BY place", {run},
                              [&](const Row& row) -> Status {
                                keys.push_back(row.number(0));
                                return {};
                              });
  if (!read) return read;
  part_agents(stored);
  return write_run(database, run, stored, keys);
}

void move_agents(StoredRun& run) {
  const std::map<std::string, std::string> effects = effects_by_task(run);
  std::int64_t next = 1;
  for (std::string& text : run.tasks) {
    json task = json::parse(text, nullptr, false);
    if (!task.is_object() || !task.contains("plan")) continue;
    json attempt = task.value("attempt", json::object());
    const int number = attempt.value("number", 0);
    task["attempts"] = number;
    task["worker"] = attempt.value("has_slot", false) ? attempt.value("worker", 0) : 0;
    task["agent"] = number > 0 ? next : 0;
    if (number > 0) {
      const auto effect = effects.find(task["plan"]["spec"].value("id", ""));
      const json agent =
          agent_from(task, attempt, next, effect == effects.end() ? "" : effect->second);
      run.agents.emplace_back(next++, dump(agent));
    }
    put_state(task);
    text = dump(task);
  }
  json record = json::parse(run.record, nullptr, false);
  if (!record.is_object()) return;
  record["next_agent"] = next;
  record["landings"] = landings_from(run);
  record.erase("landing");
  run.record = dump(record);
}

}  // namespace

// Rows of another shape stay as they are: their hash is wrong, by which a reader finds them
// damaged.
void part_agents(StoredRun& run) {
  StoredRun parted = run;
  try {
    move_agents(parted);
  } catch (const json::exception&) {
    return;
  }
  run = std::move(parted);
}

Status agents_to_rows(Database& database) {
  if (Status made = database.script(kAgentTable); !made) return made;
  std::vector<std::string> all;
  Status read = database.rows("SELECT id FROM run", {}, [&](const Row& row) -> Status {
    all.push_back(row.text(0));
    return {};
  });
  if (!read) return read;
  for (const std::string& run : all) {
    if (Status parted = part_agents_of(database, run); !parted) return parted;
  }
  return {};
}

}  // namespace orch::store
