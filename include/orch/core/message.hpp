#pragma once
// A text for an agent that lives, and how far it has come.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

enum class MessageState : std::uint8_t {
  Queued,     ///< waits until its agent is at its prompt
  Typed,      ///< is being typed
  Submitted,  ///< typed, with Enter
  Started,    ///< and its agent has begun a turn
  Refused,    ///< will not be typed
  Uncertain,  ///< may have been typed; never typed again
};

template <>
struct EnumNames<MessageState> {
  static constexpr std::pair<MessageState, std::string_view> kTable[] = {
      {MessageState::Queued, "queued"},       {MessageState::Typed, "typed"},
      {MessageState::Submitted, "submitted"}, {MessageState::Started, "started"},
      {MessageState::Refused, "refused"},     {MessageState::Uncertain, "uncertain"}};
};

enum class MessageKind : std::uint8_t {
  Text,      ///< as somebody wrote it
  Reminder,  ///< ours: its turn is over, and it has not reported
  Continue,  ///< ours: its turn has failed, and may be gone on with
  Guidance,  ///< ours: something is wrong with what it does
  Return,    ///< ours: its work did not land, and is to be mended
  Prompt,    ///< ours, instead of Continue: its prompt once more, which its program has forgotten
};

template <>
struct EnumNames<MessageKind> {
  static constexpr std::pair<MessageKind, std::string_view> kTable[] = {
      {MessageKind::Text, "text"},         {MessageKind::Reminder, "reminder"},
      {MessageKind::Continue, "continue"}, {MessageKind::Guidance, "guidance"},
      {MessageKind::Return, "return"},     {MessageKind::Prompt, "prompt"}};
};

struct Message {
  std::string id;  ///< 32 hexadecimal digits: by it the shim types no text twice
  MessageKind kind = MessageKind::Text;
  std::string from;  ///< "user", "tmux-orch", or with it the anomaly that it is about
  std::string text;  ///< of one that is over, its beginning
  MessageState state = MessageState::Queued;
  std::string why;  ///< it waits, or was refused
  bool now =
      false;  ///< not only when the agent is idle, where its program takes texts while it works
  int put_off = 0;  ///< so often it could not be typed
  Time at{};        ///< of its state

  /// So often, a minute in all, is waited for a person who is typing before the user is told.
  static constexpr int kPatience = 20;

  bool waits_for_long() const { return is_open() && put_off >= kPatience; }

  bool is_open() const { return state == MessageState::Queued || state == MessageState::Typed; }

  ORCH_FIELDS(id, kind, from, text, state, why, now, put_off, at)
  bool operator==(const Message&) const = default;
};

/// Longer texts are refused.
inline constexpr std::size_t kLongestMessage = 64u << 10;

}  // namespace orch
