// Messages as rows and as JSON.
#include "ui/messages.hpp"

#include "orch/base/text.hpp"
#include "ui/json_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kNameColumns = 24;
constexpr std::size_t kTextColumns = 60;
constexpr std::size_t kOwnColumns = 4000;  // of what is for the user: it counts as read then

/// Reminders have the program's own words, and the prompt is long.
std::string text_of(const PastMessage& message) {
  if (message.kind == to_text(MessageKind::Prompt)) return "its prompt once more";
  if (message.kind == to_text(MessageKind::Digest)) return "what needs a decision";
  return message.kind == to_text(MessageKind::Reminder) ? "report, or go on" : message.text;
}

std::string row_of(const PastMessage& message) {
  const std::string who = fmt::format("{} -> {}", one_line(message.from, kNameColumns),
                                      one_line(message.to, kNameColumns));
  const std::string reply =
      message.reply_to == 0 ? "" : fmt::format(" (reply to {})", to_text_number(message.reply_to));
  const std::string why = message.why.empty() ? "" : fmt::format("  ({})", one_line(message.why));
  return fmt::format(
      "{:<5} {:<18} {:<12} {}{}{}\n", to_text_number(message.number), who, message.state,
      one_line(text_of(message), message.to == kUserWord ? kOwnColumns : kTextColumns), reply, why);
}

ordered_json json_of(const PastMessage& message) {
  return {{"id", message.id},
          {"number", message.number},
          {"to", message.to},
          {"from", message.from},
          {"kind", message.kind},
          {"priority", message.priority},
          {"reply_to", message.reply_to == 0 ? ordered_json() : ordered_json(message.reply_to)},
          {"state", message.state},
          {"why", message.why},
          {"text", text_of(message)},
          {"sent", text_or_null(message.sent)},
          {"changed", text_or_null(message.changed)}};
}

}  // namespace

std::string messages_text(const MessageView& view) {
  if (view.messages.empty()) return "nobody was told anything\n";
  std::string text;
  for (const PastMessage& message : view.messages)
    text += row_of(message);
  for (const Route& route : view.routes)
    text += fmt::format("{} -> {}: {}\n", one_line(route.from, kNameColumns),
                        one_line(route.to, kNameColumns), route.count);
  return text;
}

std::string messages_json(const MessageView& view) {
  ordered_json out;
  out["schema"] = 1;
  out["messages"] = ordered_json::array();
  for (const PastMessage& message : view.messages)
    out["messages"].push_back(json_of(message));
  out["routes"] = ordered_json::array();
  for (const Route& route : view.routes)
    out["routes"].push_back({{"from", route.from}, {"to", route.to}, {"count", route.count}});
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
