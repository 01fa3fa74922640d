#pragma once
// A text or a key for an agent that lives: from the supervisor through the pane to the agent, at
// most once.
//
//   supervisor                            pane          shim
//   writes deliveries/ID
//   pastes delivery_order(ID) ----------------------->  takes it out of the input
//                                                       refuses while a person is typing
//                                                       makes deliveries/ID.passed, once and for
//                                                       ever types the text, bracketed where the
//                                                       agent asked for it, and Enter 300 ms later;
//                                                       other input waits meanwhile
//   reads deliveries/ID.answer  <---------------------  writes it, and notifies
//
// An order may be given again at any time: the shim passes no text twice, and answers again. So
// after a kill nobody has to guess; only the death of the shim itself, between `passed` and the
// answer, leaves it open, and then there is no agent any more.
//
// A key that answers a question is ordered in the same way: deliveries/ID.key has its name, and no
// Enter follows. None follows a text beside which deliveries/ID.open lies, either: while the agent
// works it may come to ask something, so its screen is looked at before Enter, a key of its own, is
// ordered. Whatever is ordered is nobody's typing, which all other input of the pane is.
#include "orch/base/enum_names.hpp"
#include "orch/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orch::shim {

/// In the attempt's folder, 0700.
inline constexpr std::string_view kDeliveriesFolder = "deliveries";

enum class DeliveryAnswer : std::uint8_t {
  Passed,   ///< the text and Enter are the agent's, now or before
  Typing,   ///< a person has typed without Enter, or less than 10 s ago: later
  Busy,     ///< another delivery is under way: later
  Missing,  ///< there is no such text, or it cannot be read or recorded: never
};

/// Of 32 hexadecimal digits, as random_hex() makes them: nothing else is an id.
bool is_delivery_id(std::string_view id);

/// What is pasted into the pane: an application program command that no terminal program has.
std::string delivery_order(std::string_view id);
/// The id of an order that begins at the start of `input`; nothing: it is none, or not whole yet.
std::optional<std::string_view> order_at(std::string_view input);

/// The names of the keys that may be ordered: "1" to "9", "Up", "Down", "Enter",
/// "Escape" and "C-c".
bool is_delivery_key(std::string_view name);

/// The name of the key in deliveries/ID.key.
std::filesystem::path delivery_key(const std::filesystem::path& attempt, std::string_view id);

/// deliveries/ID.open, which is empty.
std::filesystem::path delivery_open(const std::filesystem::path& attempt, std::string_view id);

/// deliveries/ID, deliveries/ID.passed and deliveries/ID.answer.
std::filesystem::path delivery_text(const std::filesystem::path& attempt, std::string_view id);
std::filesystem::path delivery_record(const std::filesystem::path& attempt, std::string_view id);
std::filesystem::path delivery_answer(const std::filesystem::path& attempt, std::string_view id);

/// The text as it may be typed: without control bytes but newline and tab, so that it can neither
/// end the paste nor press a key.
std::string typeable(std::string_view text);

Status write_answer(const std::filesystem::path& attempt, std::string_view id,
                    DeliveryAnswer answer);
/// Fault::NotFound: there is none yet.
Result<DeliveryAnswer> read_answer(const std::filesystem::path& attempt, std::string_view id);

}  // namespace orch::shim

namespace orch {

template <>
struct EnumNames<shim::DeliveryAnswer> {
  static constexpr std::pair<shim::DeliveryAnswer, std::string_view> kTable[] = {
      {shim::DeliveryAnswer::Passed, "passed"},
      {shim::DeliveryAnswer::Typing, "typing"},
      {shim::DeliveryAnswer::Busy, "busy"},
      {shim::DeliveryAnswer::Missing, "missing"}};
};

}  // namespace orch
