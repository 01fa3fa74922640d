// Inbox and outbox of a worker as JSON. However long texts are, a file stays small.
#include "ui/worker_files.hpp"

#include "ui/json_text.hpp"

#include <fmt/format.h>

#include <cstddef>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLongestTask = std::size_t{16} << 10;
constexpr std::size_t kLongestText = std::size_t{4} << 10;
constexpr std::size_t kMostMessages = 50;

void add_text(ordered_json& object, const std::string& text, std::size_t longest) {
  object["text"] = text.substr(0, longest);
  object["truncated"] = text.size() > longest;
}

/// The oldest first; those that do not fit are seen once these are over.
ordered_json messages_to(const State& state, const TaskRecord& task) {
  ordered_json list = ordered_json::array();
  for (const MessageNumber number : state.messages.open_to(party_of(task.id()))) {
    const Message* message = state.messages.find(number);
    // Ours are for the prompt of a program.
    if (message == nullptr || message->kind != MessageKind::Text) continue;
    ordered_json one;
    one["id"] = to_text_number(number);
    one["from"] = to_text(message->from);
    add_text(one, message->text, kLongestText);
    list.push_back(std::move(one));
    if (list.size() == kMostMessages) break;
  }
  return list;
}

ordered_json names(const std::deque<std::string>& list) {
  ordered_json json = ordered_json::array();
  for (const std::string& name : list)
    json.push_back(name);
  return json;
}

}  // namespace

std::string context_json(const RunPlace& place) {
  ordered_json out;
  out["schema"] = 1;
  out["run"] = place.run;
  out["session_folder"] = place.folder;
  out["repository"] = place.repository;
  out["task_file"] = place.task_file;
  out["base"] = place.base;
  out["integration"] = place.integration;
  return dump(out);
}

std::string worker_id(int worker) {
  return fmt::format("worker-{}", worker);
}

std::string inbox_json(const State& state, int worker, const TaskRecord* task,
                       const std::string& agent_id, const std::string& folder,
                       const std::string& worktree) {
  ordered_json out;
  out["schema"] = 1;
  out["worker_id"] = worker_id(worker);
  out["session_folder"] = folder;
  out["tasks"] = ordered_json::array();
  if (task != nullptr) {
    ordered_json one;
    one["id"] = task->id().value;
    one["title"] = task->plan.spec.title;
    add_text(one, task->plan.spec.body, kLongestTask);
    one["state"] = shown_state(*task);
    one["agent_id"] = agent_id;
    one["branch"] = state.agent_of(*task).branch;
    one["worktree"] = worktree;
    one["messages"] = messages_to(state, *task);
    out["tasks"].push_back(std::move(one));
  }
  return dump(out);
}

std::string outbox_json(int worker, const WorkerResults& results) {
  ordered_json out;
  out["schema"] = 1;
  out["worker_id"] = worker_id(worker);
  out["tasks_completed"] = names(results.completed);
  out["tasks_failed"] = names(results.failed);
  out["completed_count"] = results.completed_count;
  out["failed_count"] = results.failed_count;
  return dump(out);
}

}  // namespace orch::ui
