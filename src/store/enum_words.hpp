#pragma once
// Schema 1 stored enums as numbers; since schema 2 they are words.
#include "store/sqlite.hpp"

#include <string>
#include <string_view>

namespace orch::store {

/// A record or an event of schema 1 as schema 2 has it. What is no JSON comes back as it is.
std::string in_words(std::string_view json);

/// The whole file.
Status numbers_to_words(Database& database);

}  // namespace orch::store
