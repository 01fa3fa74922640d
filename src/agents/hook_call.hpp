#pragma once
// What a CLI hands to its hooks: an object of JSON, nearly the same of claude, codex and qwen.
#include "orch/core/activity.hpp"

#include <string>
#include <string_view>

namespace orch {

struct HookInput {
  HookCall call;
  bool is_whole = false;     ///< it was JSON as it should be: else only the event's name is known
  bool is_turn_end = false;  ///< the turn is over, and may be made to go on
  bool has_background = false;  ///< commands of it go on after its turn
  std::string folder;           ///< where the program that calls works; empty: it does not say
};

/// `event` is the name that our hook was called with; empty: the JSON names it. Whatever stands
/// there is an agent's: texts are cut and made one line, but for what it asks to run.
HookInput read_hook_input(std::string_view event, std::string_view json);

}  // namespace orch
