// Messages and what is looked up of them.
#include "orch/base/text.hpp"
#include "orch/core/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace orch {
namespace {

bool is_reserved(std::string_view word) {
  static constexpr std::array kWords{kUserWord, kSupervisorWord, kAllWord};
  return std::ranges::find(kWords, word) != kWords.end() || word.starts_with(kTaskPrefix);
}

}  // namespace

std::string to_text(const Party& party) {
  switch (party.kind) {
    case PartyKind::User: return std::string(kUserWord);
    case PartyKind::Supervisor: return std::string(kSupervisorWord);
    case PartyKind::Task: break;
  }
  const std::string& id = party.task.value;
  return is_reserved(id) ? std::string(kTaskPrefix) + id : id;
}

Party party_of(const TaskId& task) {
  return {PartyKind::Task, task};
}

std::string to_text_number(MessageNumber number) {
  return fmt::format("m{}", number);
}

std::optional<MessageNumber> number_of(std::string_view word) {
  if (word.starts_with('m')) word.remove_prefix(1);
  MessageNumber number = 0;
  const auto [stop, code] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_whole = code == std::errc{} && stop == word.data() + word.size();
  return is_whole && number > 0 ? std::optional(number) : std::nullopt;
}

std::string typed_text(const Message& message) {
  if (!message.is_from_agent()) return message.text;
  const std::string reply =
      message.reply_to == 0 ? "" : ", reply to " + to_text_number(message.reply_to);
  std::string text = fmt::format("[{} from {}, an agent{}]", to_text_number(message.number),
                                 one_line(to_text(message.from)), reply);
  std::string_view between = " ";
  for (const std::string_view line : split_lines(message.text)) {
    text.append(between).append(line);
    between = "\n  ";
  }
  return text;
}

const Message* Messages::find(MessageNumber number) const {
  const auto found = all_.find(number);
  return found == all_.end() ? nullptr : &found->second;
}

const Message* Messages::find_id(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : find(found->second);
}

const Messages::Numbers& Messages::open_to(const Party& party) const {
  static const Numbers kNone;
  const auto found = open_.find(party);
  return found == open_.end() ? kNone : found->second;
}

void Messages::add(Message message) {
  const MessageNumber number = message.number;
  by_id_.emplace(message.id, number);
  if (message.is_open() && open_[message.to].insert(number).second) ++open_count_;
  all_.emplace(number, std::move(message));
}

Message& Messages::close(MessageNumber number, MessageState state) {
  Message& message = all_.at(number);
  message.state = state;
  const auto open = open_.find(message.to);
  if (open == open_.end() || open->second.erase(number) == 0) return message;
  --open_count_;
  if (open->second.empty()) open_.erase(open);
  return message;
}

void Messages::remove(MessageNumber number) {
  const auto found = all_.find(number);
  if (found == all_.end()) return;
  close(number, found->second.state);
  const auto id = by_id_.find(found->second.id);
  if (id != by_id_.end() && id->second == number) by_id_.erase(id);
  all_.erase(found);
}

MessageNumber Messages::surplus() const {
  if (all_.size() - open_count_ <= kRemembered) return 0;
  const auto oldest =
      std::ranges::find_if(all_, [](const auto& entry) { return !entry.second.is_open(); });
  return oldest->first;
}

}  // namespace orch
