#pragma once
// Schema 2 had flags beside the state of a task that ends early or has landed in part; since schema
// 3 these are states.
#include "store/sqlite.hpp"

#include <string>
#include <string_view>

namespace orch::store {

/// A record or an event of schema 2 as schema 3 has it. What is no JSON comes back as it is.
std::string in_states(std::string_view json);

/// The whole file.
Status flags_to_states(Database& database);

}  // namespace orch::store
