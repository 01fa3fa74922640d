#pragma once
// Ids of conversations that agents' programs keep.
#include <string>
#include <string_view>

namespace orch {

/// 32 random hexadecimal digits as a UUID (version 4), which is what programs take for the id of a
/// conversation.
std::string session_id_of(std::string_view digits);

}  // namespace orch
