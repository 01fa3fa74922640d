#pragma once
// A request with a text, for which a line of the socket has no room: it lies in a file meanwhile.
#include "cli/run_handle.hpp"
#include "orch/core/event.hpp"

#include <string_view>

namespace orch::cli {

/// A message that has no id yet gets one.
Result<std::string> ask_with_text(const RunHandle& handle, UserAsked request,
                                  std::string_view text);

}  // namespace orch::cli
