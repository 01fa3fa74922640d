// One event being decided on.
#include "core/turn.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch {
namespace {

/// A step that the table does not have: a mistake of the core's.
template <class Step, class State>
Reason wrong_step(std::string who, Step step, State state) {
  return {.kind = ReasonKind::WrongStep,
          .names = {std::move(who), std::string(to_text(step)), std::string(to_text(state))}};
}

}  // namespace

const Agenda& Turn::agenda() {
  for (const TaskId& id : decision_.changed)
    if (const TaskRecord* task = state_.find(id)) agenda_.update(state_, *task);
  return agenda_;
}

TaskRecord& Turn::edit(const TaskRecord& task) {
  return *edit(task.id());
}

TaskRecord* Turn::edit(const TaskId& id) {
  TaskRecord* task = state_.find(id);
  if (task != nullptr) decision_.changed.insert(id);
  return task;
}

void Turn::enter(TaskRecord& task, Step step, Reason why) {
  const std::optional<TaskState> next = next_state(task.state, step);
  if (!next) {
    return note(FactKind::RunTrouble, task.id(), wrong_step("it", step, task.state));
  }
  decision_.transitions.push_back({task.id(), task.state, step, *next});
  if (task.state != *next) task.changed_at = now_;
  task.state = *next;
  task.why = std::move(why);
  // A worker is kept until the work is done, also from one attempt to the next.
  const bool keeps_slot = *next == TaskState::Waiting || *next == TaskState::Preparing ||
                          *next == TaskState::Running || is_ending(*next);
  if (!keeps_slot) task.worker = 0;
  const bool keeps_stuck = *next == TaskState::Blocked || is_ending(*next);
  if (!keeps_stuck) task.stuck = Stuck::No;
  if (!is_ending(*next)) task.ending = Ending::None;
}

AgentRun& Turn::edit_agent(const TaskRecord& task) {
  decision_.changed_agents.insert(task.agent);
  decision_.changed.insert(task.id());
  return state_.agents.at(task.agent);
}

AgentRun& Turn::give_agent(TaskRecord& task, AgentRun agent) {
  drop_agent(task);
  agent.id = task.agent = state_.run.next_agent++;
  decision_.changed_agents.insert(agent.id);
  return state_.agents.insert_or_assign(agent.id, std::move(agent)).first->second;
}

void Turn::drop_agent(TaskRecord& task) {
  if (state_.agents.erase(task.agent) > 0) decision_.changed_agents.insert(task.agent);
  task.agent = 0;
}

void Turn::enter(AgentRun& agent, AgentStep step) {
  const std::optional<AgentPhase> next = next_phase(agent.phase, step);
  if (!next) {
    return note(FactKind::RunTrouble, agent.task, wrong_step("its agent", step, agent.phase));
  }
  decision_.agent_transitions.push_back({agent.id, agent.phase, step, *next});
  agent.phase = *next;
}

Landing& Turn::begin_landing(Landing landing) {
  end_landing(landing.task);
  return state_.run.landings.emplace_back(std::move(landing));
}

Landing* Turn::edit_landing(const TaskId& task) {
  const auto found = std::ranges::find(state_.run.landings, task, &Landing::task);
  return found == state_.run.landings.end() ? nullptr : &*found;
}

void Turn::end_landing(const TaskId& task) {
  std::erase_if(state_.run.landings,
                [&task](const Landing& landing) { return landing.task == task; });
}

void Turn::enter(Landing& landing, LandingStep step) {
  const std::optional<LandingState> next = next_state(landing.state, step);
  if (!next) {
    return note(FactKind::RunTrouble, landing.task, wrong_step("its landing", step, landing.state));
  }
  decision_.landing_transitions.push_back({landing.task, landing.state, step, *next});
  landing.state = *next;
}

/// The shim types no id twice: what an agent calls its message is none of these.
static std::string id_of(const RunRecord& run, MessageNumber number) {
  const std::string name = fmt::format("{}/m{}", run.rules.seed, number);
  return hex(fnv1a(name)) + hex(fnv1a(name, fnv1a("message")));
}

/// Its receiver is looked at again: what waits for it decides about it.
void Turn::touch_message(const Message& message) {
  decision_.changed_messages.insert(message.number);
  const bool is_known = state_.find(message.to.task) != nullptr;
  if (message.to.kind == PartyKind::Task && is_known) decision_.changed.insert(message.to.task);
}

Message& Turn::add_message(Message message) {
  const MessageNumber number = message.number = state_.run.next_message++;
  if (message.id.empty()) message.id = id_of(state_.run, number);
  message.sent = message.at = now_;
  touch_message(message);
  state_.messages.add(std::move(message));
  return state_.messages.at(number);
}

Message& Turn::edit_message(MessageNumber number) {
  Message& message = state_.messages.at(number);
  touch_message(message);
  return message;
}

void Turn::close_message(MessageNumber number, MessageState state, std::string why) {
  Message& message = state_.messages.close(number, state);
  message.why = std::move(why);
  message.at = now_;
  message.text.clear();
  touch_message(message);
  for (MessageNumber old = state_.messages.surplus(); old != 0; old = state_.messages.surplus()) {
    decision_.changed_messages.insert(old);
    state_.messages.remove(old);
  }
}

void Turn::replace_tasks(TaskRecords tasks) {
  for (std::size_t place = 0; place < tasks.size(); ++place) {
    // A place in the list is part of the state: it decides among equals.
    const bool stays = place < state_.tasks.size() && state_.tasks[place].id() == tasks[place].id();
    if (!stays) decision_.changed.insert(tasks[place].id());
  }
  state_.tasks = std::move(tasks);
  restart_agenda();
}

void Turn::add_entry(EffectId id, OutboxEntry entry) {
  state_.pending.add(id, std::move(entry));
}

OutboxEntry Turn::take_entry(EffectId id) {
  decision_.ended.push_back(id);
  return state_.pending.take(id);
}

void Turn::note(FactKind kind, const TaskId& task, Reason reason) {
  decision_.facts.push_back(Fact{kind, task, std::move(reason)});
}

}  // namespace orch
