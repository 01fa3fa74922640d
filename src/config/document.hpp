#pragma once
// One value of somebody else's configuration file.
#include "orch/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

enum class DocumentFormat { Json, Toml };

/// The value that the keys lead to, as text: `true`, a number, the text itself, and for a table or
/// list that is not empty "{}". Nothing: there is none, or it is null. An error: `text` is not of
/// this format.
Result<std::optional<std::string>> value_in(std::string_view text, DocumentFormat format,
                                            const std::vector<std::string>& keys);

}  // namespace orch
