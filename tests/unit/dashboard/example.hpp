#pragma once
// A run with a task in each of the states that matter to the dashboard.
#include "dashboard/frame.hpp"
#include "dashboard/keys.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace orch::dashboard {

inline TaskRecord& add_task(State& state, const std::string& id, const std::string& title,
                            TaskState at) {
  TaskRecord task;
  task.plan.spec.id = TaskId{id};
  task.plan.spec.title = title;
  task.state = at;
  return state.tasks.push_back(std::move(task));
}

/// Gives the task an agent that lives.
inline AgentRun& add_agent(State& state, TaskRecord& task, Activity activity) {
  const auto id = static_cast<AgentRunId>(state.agents.size() + 1);
  task.agent = id;
  task.attempts = 1;
  task.worker = static_cast<int>(id);
  AgentRun& agent = state.agents[id];
  agent.id = id;
  agent.task = task.id();
  agent.attempt = 1;
  agent.worker = task.worker;
  agent.kind = "claude";
  agent.phase = AgentPhase::Live;
  agent.window = "@" + std::to_string(id);
  agent.worktree = "/repo/.worktrees/" + task.id().value;
  agent.branch = "orch/" + task.id().value;
  agent.turn.activity = activity;
  agent.began = at_ms(60'000);
  return agent;
}

inline State example_state() {
  State state;
  state.run.phase = RunPhase::Running;
  state.run.rules.base = "main";
  state.run.rules.workers = 3;
  state.run.rules.agents["claude"].seen = true;
  TaskRecord& merged = add_task(state, "T1", "parse the configuration", TaskState::Merged);
  merged.worked = std::chrono::minutes(3);
  merged.attempts = 1;
  TaskRecord& asking = add_task(state, "T2", "--config option", TaskState::Running);
  AgentRun& asks = add_agent(state, asking, Activity::Asking);
  asks.turn.kind = "permission";
  asks.turn.evidence = "Do you want to run `make install`?";
  asks.turn.question = "q17";
  TaskRecord& busy = add_task(state, "T3", "読み込みを速くする 🚀", TaskState::Running);
  add_agent(state, busy, Activity::Busy);
  busy.progress = 0.45;
  busy.conflicts.push_back({.with = TaskId{"T4"}, .files = {"a.c"}, .count = 1});
  add_task(state, "T4", "write the manual", TaskState::Queued);
  TaskRecord& blocked = add_task(state, "T5", "ship it", TaskState::Blocked);
  blocked.why = {.kind = ReasonKind::Quoted, .text = "I need the key of the server"};
  blocked.attempts = 2;
  add_task(state, "T6", "celebrate", TaskState::Waiting);
  return state;
}

inline Sight example_sight() {
  return {.run = "20261121-051334-6456",
          .events = {"05:13:34 run.started 6 tasks on main", "05:13:35 T1 merged",
                     "05:13:36 T5 blocked: I need the key of the server"}};
}

inline Moment example_moment() {
  return {.now = at_ms(167'000), .last_lines = {{TaskId{"T3"}, "compiling 読み込み.c"}}};
}

/// So many tasks that wait, called T0 and so on.
inline Board large_board(int tasks) {
  State state;
  state.run.phase = RunPhase::Running;
  state.run.rules.base = "main";
  for (int number = 0; number < tasks; ++number)
    add_task(state, "T" + std::to_string(number), "a task", TaskState::Waiting);
  return board_of(std::move(state), example_sight());
}

inline Frame shown(const Board& board, View& view, Size size, const Moment& moment = {}) {
  view = settled(std::move(view), board, moment, size);
  return frame_of(board, view, moment, size);
}

inline std::string text_of(const Frame& frame) {
  std::string text;
  for (const Line& line : frame.lines) {
    std::string row = text_of(line);
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

}  // namespace orch::dashboard
