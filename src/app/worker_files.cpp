// From changed tasks and messages to the files of their workers.
#include "app/worker_files.hpp"

#include "orch/base/files.hpp"

#include <deque>
#include <utility>

namespace orch::app {
namespace {

constexpr std::size_t kNamed = 100;

void add(std::deque<std::string>& names, const TaskId& task) {
  names.push_back(task.value);
  if (names.size() > kNamed) names.pop_front();
}

std::string context_text(const RunContext& context, const State& state) {
  return ui::context_json({.run = context.info.id,
                           .folder = context.run.root().native(),
                           .repository = context.paths.repository().native(),
                           .task_file = context.paths.found(context.info.task_file).native(),
                           .base = state.run.rules.base,
                           .integration = context.info.integration});
}

}  // namespace

WorkerFiles::WorkerFiles(const State& state, const RunContext& context)
    : state_(state), context_(context) {}

void WorkerFiles::begin() {
  written_.clear();
  (void)make_folders(context_.run.messages(), 0700);
  (void)put(context_.run.context(), context_text(context_, state_));
  for (int worker = 1; worker <= state_.run.rules.workers; ++worker) {
    inboxes_.insert(worker);
    outboxes_.insert(worker);
  }
  for (const TaskRecord& task : state_.tasks)
    look_at(task);
  write();
}

void WorkerFiles::decided(const Decision& decision) {
  for (const TaskId& id : decision.changed)
    if (const TaskRecord* task = state_.find(id)) look_at(*task);
  if (decision.changed_messages.empty()) return;
  for (const auto& [worker, task] : at_)
    inboxes_.insert(worker);
}

/// Which worker it is with, and what it has come to by that.
void WorkerFiles::look_at(const TaskRecord& task) {
  const AgentRun& agent = state_.agent_of(task);
  if (agent.worker == 0) return;
  // One that is done has left its worker to the next, and lives on until it has landed.
  const auto at = at_.find(agent.worker);
  const bool was_at_it = at != at_.end() && at->second == task.id();
  if (task.worker != 0) {
    at_[agent.worker] = task.id();
    inboxes_.insert(agent.worker);
  } else if (was_at_it) {
    at_.erase(at);
    inboxes_.insert(agent.worker);
  }
  const bool is_counted = task.state == TaskState::Merged || task.state == TaskState::Failed;
  if (!is_counted) {
    ended_.erase(task.id());
    return;
  }
  const auto [known, is_new] = ended_.try_emplace(task.id(), task.state);
  if (!is_new && std::exchange(known->second, task.state) == task.state) return;
  ui::WorkerResults& results = results_[agent.worker];
  const bool is_merged = task.state == TaskState::Merged;
  add(is_merged ? results.completed : results.failed, task.id());
  ++(is_merged ? results.completed_count : results.failed_count);
  outboxes_.insert(agent.worker);
}

void WorkerFiles::write_inbox(int worker) {
  const auto at = at_.find(worker);
  const TaskRecord* task = at == at_.end() ? nullptr : state_.find(at->second);
  const AgentRun none;
  const AgentRun& agent = task == nullptr ? none : state_.agent_of(*task);
  const std::string id = task == nullptr ? "" : attempt_key(agent.task, agent.attempt);
  const std::string text = ui::inbox_json(state_, worker, task, id, context_.run.root().native(),
                                          context_.paths.found(agent.worktree).native());
  if (put(context_.run.inbox(worker), text)) inboxes_.erase(worker);
}

void WorkerFiles::write() {
  for (const int worker : std::set<int>(inboxes_))
    write_inbox(worker);
  for (const int worker : std::set<int>(outboxes_))
    if (put(context_.run.outbox(worker), ui::outbox_json(worker, results_[worker])))
      outboxes_.erase(worker);
}

/// What could not be written is tried again a second later.
bool WorkerFiles::put(const fs::path& file, std::string text) {
  std::string& last = written_[file.native()];
  if (last == text) return true;
  if (!write_file(file, text, 0600)) return false;
  last = std::move(text);
  return true;
}

}  // namespace orch::app
