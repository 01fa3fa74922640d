// The ledger of a simulated run.
#include "sim/witness.hpp"

#include "orch/core/codec.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::sim {

void Witness::begins(const Engine& engine) {
  engine_ = &engine;
  before_ = engine.state();
  failed_ = false;
}

Status Witness::commit(const Event& event, const Decision& decision, const State& after, Time now) {
  if (print_) print(event, decision, now);
  if (failed_) world_.complain("the supervisor goes on although an event is not stored");
  // Killed before it is stored: the event has never been.
  world_.may_kill(15);
  failed_ = world_.faults && dice_.per_mille(3);
  if (failed_) return fail(Fault::Full, "there is no room on the disk");
  kept_.commit(event, decision, after, now);
  for (std::string broken :
       {kept_.difference_from(after), invariants_.check(before_, event, decision, *engine_, now),
        unheard(event), cut_off(event), untold(event, decision, after)}) {
    if (!broken.empty()) world_.complain(std::move(broken));
  }
  past_.push_back(event);
  if (const auto* report = std::get_if<AgentReported>(&event)) reports_.insert(report->id);
  before_ = after;
  world_.may_kill(15);
  return {};
}

bool Witness::is_to_do(EffectId id) const {
  const auto found = before_.pending.find(id);
  return found != before_.pending.end() && !found->second.retry.not_before;
}

void Witness::print(const Event& event, const Decision& decision, Time now) const {
  fmt::print("{:>9} {}\n", to_ms(now), encode(event));
  for (const Fact& fact : decision.facts)
    fmt::print("{:>9}   # {} {} {}\n", "", to_text(fact.kind), fact.task.value, ui::sentence(fact));
  if (!decision.refused.empty())
    fmt::print("{:>9}   refused: {}\n", "", ui::sentence(decision.refused));
  for (const auto& [id, effect] : decision.effects)
    fmt::print("{:>9}   {} {}\n", "", id, encode(effect));
}

// An agent that said done and runs into its time limit has said so to nobody.
std::string Witness::unheard(const Event& event) const {
  if (!std::holds_alternative<ClockTicked>(event)) return {};
  for (const TaskRecord& task : engine_->state().tasks) {
    const TaskRecord* was = before_.find(task.id());
    const bool timed_out = is_ending(task.state) && task.ending == Ending::Failed &&
                           was != nullptr && was->state == TaskState::Running;
    if (timed_out && world_.was_heard_done(task.id(), task.attempts)) {
      return fmt::format("{} said done and nobody heard it", task.id().value);
    }
  }
  return {};
}

// Where it is known what became of a message, that is what became of it.
std::string Witness::untold(const Event& event, const Decision& decision,
                            const State& after) const {
  const auto* report = std::get_if<AgentReported>(&event);
  for (const MessageNumber number : decision.changed_messages) {
    const Message* message = after.messages.find(number);
    if (message == nullptr || message->to.kind != PartyKind::Task) continue;
    // It may have read in its inbox what is not typed yet.
    const bool was_read = report != nullptr && report->reply_to == number;
    if (was_read && message->state == MessageState::Acknowledged) continue;
    const bool has_arrived = message->state == MessageState::Submitted ||
                             message->state == MessageState::Started ||
                             message->state == MessageState::Acknowledged;
    const bool waits = message->state == MessageState::Queued;
    const bool was_refused = message->state == MessageState::Refused;
    if (has_arrived != world_.was_typed(number) && (has_arrived || waits || was_refused))
      return fmt::format("{} is {}, which is not so", to_text_number(number),
                         to_text(message->state));
  }
  return {};
}

// What an agent said last counts before its end does.
std::string Witness::cut_off(const Event& event) const {
  const auto* exit = std::get_if<AgentExited>(&event);
  if (exit == nullptr) return {};
  const TaskRecord* task = before_.find(exit->task);
  const bool listened_to = task != nullptr && before_.agent_of(*task).is_alive() &&
                           !is_final(task->state) && task->attempts == exit->attempt &&
                           !is_starting(before_, exit->task);
  const bool is_old = std::ranges::find(past_, event) != past_.end();
  if (!listened_to || is_old || world_.spooled(exit->task, exit->attempt).empty()) return {};
  return fmt::format("the end of {} counts before what it said", exit->task.value);
}

}  // namespace orch::sim
