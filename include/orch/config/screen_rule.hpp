#pragma once
// How the screen of an agent is read: rules as values. src/agents/screen applies them.
#include "orch/base/enum_names.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

/// What a screen shows of its agent.
enum class ScreenState : std::uint8_t {
  Exited,      ///< the pane is dead
  Trust,       ///< asks whether this folder may be trusted
  Dialog,      ///< some other dialog of the program itself: sign in, a warning, a menu
  Permission,  ///< asks whether it may do something
  Question,    ///< the agent asks the user something
  Retrying,    ///< waits to try a failed request again
  Busy,
  Error,  ///< the turn has failed; it is at its prompt
  Idle,   ///< at its prompt
  Unknown,
};

template <>
struct EnumNames<ScreenState> {
  static constexpr std::pair<ScreenState, std::string_view> kTable[] = {
      {ScreenState::Exited, "exited"},     {ScreenState::Trust, "trust"},
      {ScreenState::Dialog, "dialog"},     {ScreenState::Permission, "permission"},
      {ScreenState::Question, "question"}, {ScreenState::Retrying, "retrying"},
      {ScreenState::Busy, "busy"},         {ScreenState::Error, "error"},
      {ScreenState::Idle, "idle"},         {ScreenState::Unknown, "unknown"}};
};

/// The part of a screen that a pattern is looked for in, row by row. What an agent writes ends
/// above the prompt, so the nearer to the foot, the less of it can be seen there.
enum class ScreenRegion : std::uint8_t {
  Title,   ///< of the pane; one row, also when it is empty
  Last,    ///< the last 3 rows that are not empty
  Foot,    ///< the last 5
  Low,     ///< the last 14
  Screen,  ///< all rows
};

template <>
struct EnumNames<ScreenRegion> {
  static constexpr std::pair<ScreenRegion, std::string_view> kTable[] = {
      {ScreenRegion::Title, "title"},
      {ScreenRegion::Last, "last"},
      {ScreenRegion::Foot, "foot"},
      {ScreenRegion::Low, "low"},
      {ScreenRegion::Screen, "screen"}};
};

/// One way to recognise a state. Patterns are RE2's and are valid; an empty one asks nothing.
struct ScreenRule {
  std::string name;
  ScreenState state = ScreenState::Unknown;
  std::string pattern;  ///< some row of the region matches it
  ScreenRegion region = ScreenRegion::Screen;
  std::string also;                           ///< some row matches this as well
  std::optional<ScreenRegion> also_region;    ///< none: `region`
  std::string unless;                         ///< no row matches this
  std::optional<ScreenRegion> unless_region;  ///< none: `region`
  std::string not_below;  ///< no row of the region below the last that `pattern` matches does

  bool operator==(const ScreenRule&) const = default;
};

}  // namespace orch
