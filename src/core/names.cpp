// The small questions one asks of a state, and what kinds of events and effects are called.
#include "core/routing.hpp"
#include "orch/core/state.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <utility>

namespace orch {

TaskRecords::TaskRecords(std::vector<TaskRecord> tasks) : tasks_(std::move(tasks)) {
  for (std::size_t place = 0; place < tasks_.size(); ++place)
    places_.emplace(tasks_[place].id().value, place);
}

TaskRecord& TaskRecords::push_back(TaskRecord task) {
  places_.emplace(task.id().value, tasks_.size());
  return tasks_.emplace_back(std::move(task));
}

TaskRecord* TaskRecords::find(const TaskId& id) {
  const auto found = places_.find(id.value);
  return found == places_.end() ? nullptr : &tasks_[found->second];
}

const TaskRecord* TaskRecords::find(const TaskId& id) const {
  const auto found = places_.find(id.value);
  return found == places_.end() ? nullptr : &tasks_[found->second];
}

TaskRecord* State::find(const TaskId& id) {
  return tasks.find(id);
}

const TaskRecord* State::find(const TaskId& id) const {
  return tasks.find(id);
}

const Landing* RunRecord::landing_under_way() const {
  const auto found = std::ranges::find_if(
      landings, [](const Landing& landing) { return landing.state != LandingState::Waiting; });
  return found == landings.end() ? nullptr : &*found;
}

const AgentRun& State::agent_of(const TaskRecord& task) const {
  static const AgentRun kNone;
  const auto found = agents.find(task.agent);
  return found == agents.end() ? kNone : found->second;
}

const TaskRecord* State::coordinator() const {
  const TaskRecord* task = find(TaskId{std::string(kCoordinatorWord)});
  return task != nullptr && task->plan.spec.coordinates() ? task : nullptr;
}

std::string_view shown_state(const TaskRecord& task) {
  const bool still = task.state == TaskState::Waiting || task.state == TaskState::Queued;
  if (task.held && still) return "held";
  return task.is_delivered() ? "delivered" : to_text(task.state);
}

bool is_over(RunPhase phase) {
  return phase == RunPhase::Finished || phase == RunPhase::Stopped || phase == RunPhase::BaseRed;
}

bool is_taken_back(const TaskRecord& task) {
  return task.state == TaskState::Aborted && !task.undone.empty();
}

bool is_left_to_user(const State& state, const TaskRecord& task) {
  const TaskSpec& spec = task.plan.spec;
  const bool is_asked_for = task.wanted || !state.run.rules.only.empty();
  return !is_asked_for && (spec.human || !spec.doubt.empty()) && task.state == TaskState::Waiting;
}

bool has_delegated(const State& state, const TaskRecord& task) {
  return std::ranges::find(state.run.delegations, task.id(), &Delegation::parent) !=
         state.run.delegations.end();
}

bool has_open_message(const State& state, const TaskRecord& task) {
  return state.messages.has_open(task.id());
}

/// A text for it cannot be typed.
static bool has_text_for_long(const State& state, const TaskRecord& task) {
  return std::ranges::any_of(
      state.messages.open_to(party_of(task.id())),
      [&state](MessageNumber number) { return state.messages.find(number)->waits_for_long(); });
}

bool agent_waits_for_user(const State& state, const TaskRecord& task) {
  if (task.state != TaskState::Running) return false;
  const AgentRun& agent = state.agent_of(task);
  if (agent.phase != AgentPhase::Live || agent.said_done) return false;
  if (agent.control == Control::User) return false;  // the user is there
  if (has_text_for_long(state, task)) return true;
  const Activity activity = agent.turn.activity;
  const bool at_prompt = activity == Activity::Idle || activity == Activity::Failed;
  if (at_prompt && has_open_message(state, task)) return false;
  const bool is_reminded = agent.reminders < kReminders && may_be_texted(state, task);
  // Who coordinates has nothing to do until something happens.
  if (activity == Activity::Idle)
    return !is_reminded && !task.plan.spec.coordinates() && !has_delegated(state, task);
  return agent.turn.waits_for_user();
}

bool has_concern(const State& state, const TaskRecord& task) {
  const AgentRun& agent = state.agent_of(task);
  return task.state == TaskState::Running && agent.phase == AgentPhase::Live && !agent.said_done &&
         agent.control == Control::Ours && !agent.health.concern.empty();
}

const Reason* stop_of_kind(const State& state, const TaskRecord& task) {
  const auto found = state.run.kinds.find(routing::kind_for(state, task, {}));
  const bool stopped = found != state.run.kinds.end() && !found->second.stopped.empty();
  return stopped ? &found->second.stopped : nullptr;
}

bool needs_user(const State& state, const TaskRecord& task) {
  return task.state == TaskState::Blocked || (task.held && !is_final(task.state)) ||
         agent_waits_for_user(state, task) || has_concern(state, task) ||
         is_left_to_user(state, task) ||
         (task.state == TaskState::Waiting && task.wanted && needs_are_met(state, task) &&
          (stop_of_kind(state, task) != nullptr || !limit_reached(state, task).empty()));
}

int exit_status(const State& state) {
  constexpr int kMerged = 0;
  constexpr int kNotMerged = 3;
  constexpr int kUserNeeded = 4;
  constexpr int kBaseRed = 5;
  constexpr int kInterrupted = 6;
  if (state.run.phase == RunPhase::BaseRed) return kBaseRed;
  if (state.run.phase != RunPhase::Finished) return kInterrupted;
  int status = state.run.behind_why.empty() ? kMerged : kNotMerged;
  for (const TaskRecord& task : state.tasks) {
    if (is_left_to_user(state, task)) return kUserNeeded;
    if (!task.counts() || task.state == TaskState::Merged) continue;
    if (needs_user(state, task)) return kUserNeeded;
    status = kNotMerged;
  }
  return status;
}

namespace {

template <class Variant>
std::string_view kind_name(const Variant& value) {
  return std::visit([](const auto& held) { return std::decay_t<decltype(held)>::kName; }, value);
}

template <class... Kinds>
std::vector<std::string_view> kind_names(const std::variant<Kinds...>*) {
  return {Kinds::kName...};
}

}  // namespace

std::string_view name_of(const Effect& effect) {
  return kind_name(effect);
}

std::string_view typed_word(Verb verb) {
  switch (verb) {
    case Verb::ReleaseWith: return "release";
    case Verb::SendNow: return "send --now";
    case Verb::Acknowledge: return "send --ack";
    case Verb::Read: return "read messages";
    case Verb::Answer: return "approve";
    case Verb::AnswerAlways: return "approve --always";
    case Verb::DownKeepAgents: return "down --keep-agents";
    case Verb::Make:
    case Verb::MakeHeld: return "make tasks";
    case Verb::Reassign: return "retry --agent";
    case Verb::Abort:
    case Verb::Retry:
    case Verb::Merge:
    case Verb::Undo:
    case Verb::Hold:
    case Verb::Release:
    case Verb::Send:
    case Verb::Down:
    case Verb::Compact:
    case Verb::Unlock: return to_text(verb);
  }
  return to_text(verb);
}

std::string_view name_of(const Event& event) {
  return kind_name(event);
}

std::string_view name_of(const Outcome& outcome) {
  return kind_name(outcome);
}

std::vector<std::string_view> effect_names() {
  return kind_names(static_cast<Effect*>(nullptr));
}

Lane lane_of(const Effect& effect) {
  return std::visit([](const auto& held) { return std::decay_t<decltype(held)>::kLane; }, effect);
}

const TaskId& task_of(const Effect& effect) {
  static const TaskId kNone;
  return std::visit(
      [](const auto& held) -> const TaskId& {
        if constexpr (requires { held.task; }) {
          return held.task;
        } else {
          return kNone;
        }
      },
      effect);
}

}  // namespace orch
