// The one loop of a run.
#include "run/run_loop.hpp"

#include <utility>

namespace orch {

RunLoop::RunLoop(Engine& engine, Ports ports, Calls calls)
    : engine_(engine), ports_(ports), calls_(std::move(calls)) {}

// The outbox is carried out as it was found: what the reports add to it is begun with them.
void RunLoop::start() {
  const auto found = engine_.state().pending;
  sweep_inbox();
  drain();
  if (closed_) return;
  for (const TaskRecord& task : engine_.state().tasks)
    follow(task);
  for (const auto& [id, entry] : found) {
    const bool waits = entry.retry.not_before.has_value();
    if (!waits && engine_.state().pending.contains(id)) begin(id, entry.effect);
  }
}

void RunLoop::post(Event event, Reply reply) {
  if (closed_) {
    if (reply) reply(Failure(*closed_));
    return;
  }
  queue_.push_back({std::move(event), std::move(reply)});
  if (!draining_ && !std::exchange(woken_, true)) calls_.wake();
}

// What is posted meanwhile comes to the end of the same queue, so it is never handled inside
// another.
void RunLoop::drain() {
  woken_ = false;
  if (std::exchange(draining_, true)) return;
  while (!queue_.empty()) {
    const Posted next = std::move(queue_.front());
    queue_.pop_front();
    const Result<Decision> decision = handle(next.event);
    if (next.reply) next.reply(decision);
    if (decision) continue;
    close(decision.error());
    calls_.broken(decision.error());
  }
  draining_ = false;
}

void RunLoop::close(const Error& why) {
  if (!closed_) closed_ = why;
  for (const Posted& left : std::exchange(queue_, {}))
    if (left.reply) left.reply(Failure(*closed_));
}

// Decide, keep, do: a crash leaves either nothing of an event or a decision that can be carried
// out.
Result<Decision> RunLoop::handle(const Event& event) {
  const Time now = ports_.clock.now();
  Decision decision = engine_.handle(event, now);
  const Status kept = ports_.ledger.commit(event, decision, engine_.state(), now);
  if (!kept) return passed_on(kept);
  for (const auto& [id, effect] : decision.effects)
    begin(id, effect);
  for (const TaskId& id : decision.changed) {
    if (const TaskRecord* task = engine_.state().find(id)) follow(*task);
  }
  calls_.decided(decision);
  return decision;
}

void RunLoop::begin(EffectId id, const Effect& effect) {
  ports_.effects.begin(id, effect, [this, id](Outcome outcome) {
    post(EffectEnded{id, std::move(outcome)});
  });
}

// An agent that counts as alive is followed until it ends, whoever started it: that is all there is
// to adoption.
void RunLoop::follow(const TaskRecord& task) {
  const AgentRun& agent = engine_.state().agent_of(task);
  const AgentRunId wanted = agent.is_alive() ? agent.id : 0;
  if (std::exchange(followed_[task.id()], wanted) == wanted) return;
  if (wanted == 0) return ports_.inbox.unfollow(task.id());
  ports_.inbox.follow(agent, [this](AgentExited exited) {
    // What it said last counts before its end does.
    read_inbox(exited.task);
    post(std::move(exited));
  });
  // Until now nobody listened to it.
  read(task);
}

// Until its start is confirmed, nobody knows by which token its reports are told from forged ones.
bool RunLoop::is_starting(const TaskRecord& task) const {
  const OutboxEntry* entry = engine_.state().pending.in(task.id(), StartAgent::kLane);
  return entry != nullptr && std::holds_alternative<StartAgent>(entry->effect);
}

void RunLoop::read_inbox(const TaskId& task) {
  if (closed_) return;  // the inbox may be gone with everything else
  if (const TaskRecord* found = engine_.state().find(task)) read(*found);
}

void RunLoop::sweep_inbox() {
  for (const TaskRecord& task : engine_.state().tasks)
    read(task);
}

void RunLoop::read(const TaskRecord& task) {
  if (task.agent == 0 || is_final(task.state) || is_starting(task)) return;
  for (const AgentReported& report : ports_.inbox.read(engine_.state().agent_of(task))) {
    // It stays in the inbox until it is stored, and is found there again until then.
    const auto key = std::tuple(report.task, report.attempt, report.id);
    if (!queued_.insert(key).second) continue;
    post(report, [this, key, report](const Result<Decision>& stored) {
      queued_.erase(key);
      // It counts once by its id, so a crash before this line does no harm.
      if (stored) ports_.inbox.forget(report);
    });
  }
}

}  // namespace orch
