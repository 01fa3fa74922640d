// Messages as rows and as JSON.
#include "ui/messages.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

constexpr std::size_t kIdColumns = 24;
constexpr std::size_t kTextColumns = 60;

/// Reminders have the program's own words, and the prompt is long.
std::string text_of(const Message& message) {
  if (message.kind == MessageKind::Prompt) return "its prompt once more";
  return message.kind == MessageKind::Reminder ? "report, or go on" : message.text;
}

}  // namespace

std::string messages_text(const State& state) {
  std::string text;
  for (const TaskRecord& task : state.tasks) {
    for (const Message& message : state.agent_of(task).messages) {
      text += fmt::format("{:<12} {:<10} {:<9} {}{}\n", one_line(task.id().value, kIdColumns),
                          to_text(message.state), message.from,
                          one_line(text_of(message), kTextColumns),
                          message.why.empty() ? "" : fmt::format("  ({})", one_line(message.why)));
    }
  }
  return text.empty() ? "no agent was told anything\n" : text;
}

std::string messages_json(const State& state) {
  nlohmann::ordered_json out;
  out["schema"] = 1;
  out["messages"] = nlohmann::ordered_json::array();
  for (const TaskRecord& task : state.tasks) {
    for (const Message& message : state.agent_of(task).messages) {
      out["messages"].push_back({{"id", message.id},
                                 {"to", task.id().value},
                                 {"from", message.from},
                                 {"kind", to_text(message.kind)},
                                 {"state", to_text(message.state)},
                                 {"why", message.why},
                                 {"text", text_of(message)}});
    }
  }
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
