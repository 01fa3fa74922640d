#pragma once
// One event being decided on: the only way to change a record, and where the decision is gathered.
//
// The parts of the core are free functions. Those that only ask take a `const State&`; those that
// change something take the Turn, and what it hands out to be changed is marked as changed, so that
// nothing can be changed and not be stored.
#include "core/agenda.hpp"
#include "orch/core/decision.hpp"
#include "orch/core/state.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch {

class Turn {
 public:
  Turn(State& state, Agenda& agenda, Time now) : state_(state), agenda_(agenda), now_(now) {}

  const State& state() const { return state_; }

  const RunRecord& run() const { return state_.run; }

  Time now() const { return now_; }

  const TaskRecord* find(const TaskId& id) const { return state_.find(id); }

  const AgentRun& agent_of(const TaskRecord& task) const { return state_.agent_of(task); }

  /// Is nothing of the task's in flight?
  bool is_idle(const TaskRecord& task) const { return state_.pending.is_idle(task.id()); }

  /// May an effect in this lane of the task's begin?
  bool is_free(const TaskRecord& task, Lane lane) const {
    return state_.pending.is_free(task.id(), lane);
  }

  /// Up to date with all that was changed so far; the next call may change what it has.
  const Agenda& agenda();

  /// Places of the tasks that need the one at this place.
  const std::vector<std::size_t>& dependents_of(std::size_t place) const {
    return agenda_.dependents(place);
  }

  // ---- what is changed ----

  /// A record of this state's, to be changed.
  TaskRecord& edit(const TaskRecord& task);
  /// nullptr: there is no such task.
  TaskRecord* edit(const TaskId& id);

  /// The agent of its last attempt, which there must be.
  AgentRun& edit_agent(const TaskRecord& task);
  /// Gives it a number, and takes the place of the one that the task had.
  AgentRun& give_agent(TaskRecord& task, AgentRun agent);
  void drop_agent(TaskRecord& task);

  Landing& begin_landing(Landing landing);
  /// Of this task, or with an empty id of the base; nullptr: none is under way or waits.
  Landing* edit_landing(const TaskId& task);
  /// It has landed, was refused, or begins anew when its turn comes.
  void end_landing(const TaskId& task);

  RunRecord& edit_run() { return state_.run; }

  Retry& edit_retry(EffectId id) { return state_.pending.retry_of(id); }

  /// Gives it a number, and by that an id if it has none.
  Message& add_message(Message message);
  /// What it says of itself; not whether it is open.
  Message& edit_message(MessageNumber number);
  /// Its state, by which it is over; too many of those that are over are not known any more.
  void close_message(MessageNumber number, MessageState state, std::string why = {});

  /// Takes the step, if the table has it. A step that it does not have is a mistake of the core's:
  /// it is told, and the task stays where it is.
  void enter(TaskRecord& task, Step step, Reason why = {});
  void enter(AgentRun& agent, AgentStep step);
  void enter(Landing& landing, LandingStep step);

  /// Tasks came or went, or need others than before: the whole agenda is made anew.
  void restart_agenda() { agenda_ = Agenda(state_); }

  /// All tasks in a new order; those that are new or were elsewhere are marked as changed.
  void replace_tasks(TaskRecords tasks);
  void add_entry(EffectId id, OutboxEntry entry);
  OutboxEntry take_entry(EffectId id);

  void clear_outbox() { state_.pending.clear(); }

  // ---- what is decided ----

  void note(FactKind kind, const TaskId& task, Reason reason = {});

  void begin(EffectId id, const Effect& effect) { decision_.effects.emplace_back(id, effect); }

  /// Why a request is not done; none: it is, after all.
  void refuse(Refusal why) { decision_.refused = std::move(why); }

  const Refusal& refused() const { return decision_.refused; }

  /// One of the messages that were asked for.
  void note_sent(MessageNumber number) { decision_.sent.push_back(number); }

  void note_made(TaskId task) { decision_.made = std::move(task); }

  void note_not_sent(std::vector<Refusal> why) { decision_.not_sent = std::move(why); }

  const std::vector<MessageNumber>& sent() const { return decision_.sent; }

  /// What was noted so far.
  const std::vector<Fact>& facts() const { return decision_.facts; }

  void make_durable() { decision_.durable = true; }

  Decision take_decision() { return std::move(decision_); }

 private:
  void touch_message(const Message& message);

  State& state_;
  Agenda& agenda_;
  Time now_;
  Decision decision_;
};

}  // namespace orch
