#pragma once
// What an extension of ours says that its agent has used.
#include "orch/core/usage.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orch {

/// What is told with a hook, as an object: `models` with the `input`, `output`, `cache_read` and
/// `cache_write` of each, `cost` in dollars, `context`, `context_window`. Nothing: it is none.
std::optional<Usage> told_usage(std::string_view json);

/// The same as a text.
std::string told_text(const Usage& usage);

}  // namespace orch
