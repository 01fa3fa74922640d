#pragma once
// Goes through everything that is stored as JSON when a newer schema has it in another form.
#include "store/sqlite.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::store {

using Rewrite = std::function<std::string(std::string_view json)>;

/// Rewrites the runs, tasks and events of the whole file.
Status rewrite_all(Database& database, const Rewrite& rewrite);

/// The runs whose rows are what was committed last.
Result<std::vector<std::string>> whole_runs(Database& database);
/// Makes the rows as they are now those that were committed last.
Status renew_hash(Database& database, const std::string& run);

}  // namespace orch::store
