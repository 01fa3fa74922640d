#pragma once
// A text from one party of a run to another, and how far it has come.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

/// Counts within a run, from 1, and is shown as `m41`; 0: none.
using MessageNumber = std::int64_t;

enum class PartyKind : std::uint8_t {
  User,
  Supervisor,
  Task,  ///< the agent that is at it, whichever attempt that is
};

template <>
struct EnumNames<PartyKind> {
  static constexpr std::pair<PartyKind, std::string_view> kTable[] = {
      {PartyKind::User, "user"}, {PartyKind::Supervisor, "supervisor"}, {PartyKind::Task, "task"}};
};

/// Who says something, or is told it.
struct Party {
  PartyKind kind = PartyKind::User;
  TaskId task{};  ///< PartyKind::Task

  ORCH_FIELDS(kind, task)
  auto operator<=>(const Party&) const = default;
};

/// The words that stand for no task.
inline constexpr std::string_view kUserWord = "user";
inline constexpr std::string_view kSupervisorWord = "tmux-orch";
inline constexpr std::string_view kAllWord = "all";
inline constexpr std::string_view kCoordinatorWord = "coordinator";
/// What a task is named with that is called as one of them.
inline constexpr std::string_view kTaskPrefix = "task:";

/// "user", "tmux-orch", or the task's id.
std::string to_text(const Party& party);
Party party_of(const TaskId& task);

enum class MessageState : std::uint8_t {
  Queued,        ///< waits until its agent is at its prompt; of the user's: is not read
  Typed,         ///< is being typed
  Submitted,     ///< typed, with Enter; of the user's: shown
  Started,       ///< and its agent has begun a turn
  Acknowledged,  ///< and has replied, or said that it has it
  Refused,       ///< will not be typed
  Uncertain,     ///< may have been typed; never typed again
};

template <>
struct EnumNames<MessageState> {
  static constexpr std::pair<MessageState, std::string_view> kTable[] = {
      {MessageState::Queued, "queued"},
      {MessageState::Typed, "typed"},
      {MessageState::Submitted, "submitted"},
      {MessageState::Started, "started"},
      {MessageState::Acknowledged, "acknowledged"},
      {MessageState::Refused, "refused"},
      {MessageState::Uncertain, "uncertain"}};
};

enum class MessageKind : std::uint8_t {
  Text,      ///< as somebody wrote it
  Reminder,  ///< ours: its turn is over, and it has not reported
  Continue,  ///< ours: its turn has failed, and may be gone on with
  Guidance,  ///< ours: something is wrong with what it does
  Return,    ///< ours: its work did not land, and is to be mended
  Prompt,    ///< ours, instead of Continue: its prompt once more, which its program has forgotten
  Digest,    ///< ours, to the agent that coordinates: what has happened that needs a decision
};

template <>
struct EnumNames<MessageKind> {
  static constexpr std::pair<MessageKind, std::string_view> kTable[] = {
      {MessageKind::Text, "text"},         {MessageKind::Reminder, "reminder"},
      {MessageKind::Continue, "continue"}, {MessageKind::Guidance, "guidance"},
      {MessageKind::Return, "return"},     {MessageKind::Prompt, "prompt"},
      {MessageKind::Digest, "digest"}};
};

struct Message {
  MessageNumber number = 0;
  std::string id;  ///< 32 hexadecimal digits: by it the shim types no text twice
  Party from;
  Party to;
  MessageKind kind = MessageKind::Text;
  bool now =
      false;  ///< not only when the agent is idle, where its program takes texts while it works
  MessageNumber reply_to = 0;
  std::string about;  ///< Guidance: the name of the anomaly
  std::string text;   ///< while it is open; afterwards only the store has it
  MessageState state = MessageState::Queued;
  std::string why;  ///< it waits, or was refused
  int put_off = 0;  ///< so often it could not be typed
  Time sent{};
  Time at{};  ///< of its state

  /// So often, a minute in all, is waited for a person who is typing before the user is told.
  static constexpr int kPatience = 20;

  bool waits_for_long() const { return is_open() && put_off >= kPatience; }

  bool is_open() const { return state == MessageState::Queued || state == MessageState::Typed; }

  /// Its text is somebody else's than the user's and ours, and is marked as such.
  bool is_from_agent() const { return from.kind == PartyKind::Task; }

  ORCH_FIELDS(number, id, from, to, kind, now, reply_to, about, text, state, why, put_off, sent, at)
  bool operator==(const Message&) const = default;
};

/// Longer texts are refused.
inline constexpr std::size_t kLongestMessage = 64u << 10;

/// "m41".
std::string to_text_number(MessageNumber number);
/// Of "m41" or "41"; nothing: it is no number.
std::optional<MessageNumber> number_of(std::string_view word);

/// What is typed of a message: of an agent's its sender and number first, and no line of it can
/// begin as such a mark does.
std::string typed_text(const Message& message);

}  // namespace orch
