// What one life of a supervisor hears from the agents of the world.
#include "sim/mailbox.hpp"

#include "sim/invariants.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::sim {

std::vector<AgentReported> Mailbox::read(const AgentRun& agent) {
  if (is_starting(state_, agent.task)) {
    world_.complain(
        fmt::format("{} is listened to before its start is confirmed", agent.task.value));
  }
  return world_.spooled(agent.task, agent.attempt);
}

void Mailbox::forget(const AgentReported& report) {
  world_.may_kill(30);
  if (!witness_.has_stored(report)) {
    world_.complain(fmt::format("the report {} is forgotten and was not stored", report.id));
  }
  std::erase(world_.spool, report);
}

void Mailbox::follow(const AgentRun& agent, Exited exited) {
  followed_[agent.task] = {agent.attempt, std::move(exited)};
}

void Mailbox::unfollow(const TaskId& task) {
  followed_.erase(task);
}

bool Mailbox::tell_an_exit() {
  std::vector<TaskId> ended;
  for (const auto& [task, followed] : followed_) {
    const bool news = !followed.told && world_.exit_of(task, followed.attempt) != nullptr;
    if (news) ended.push_back(task);
  }
  if (ended.empty()) return false;
  const TaskId& task = dice_.pick(ended);
  Followed& one = followed_.at(task);
  one.told = true;
  one.exited(*world_.exit_of(task, one.attempt));
  return true;
}

void Mailbox::look_for_forgotten() const {
  for (const TaskRecord& task : state_.tasks) {
    if (!state_.agent_of(task).is_alive()) continue;
    const auto found = followed_.find(task.id());
    if (found != followed_.end() && found->second.attempt == task.attempts) continue;
    world_.complain(fmt::format("nobody would hear that the agent of {} ends", task.id().value));
  }
}

}  // namespace orch::sim
