#pragma once
// What agents may do in the run that `up` begins or goes on with: said, and asked where it must be.
#include "cli/prepare.hpp"
#include "orch/base/result.hpp"

namespace orch::cli {

/// The options that widen or narrow it, for `up` alone.
void add_rights(OptionList& list, RightsOptions& options);

/// As layers of the configuration.
std::vector<ConfigFlag> rights_flags(const RightsOptions& options);

/// Takes over what an earlier `up` of the run was told and this one was not, tries the sandbox
/// where there is to be one, and says what agents may do. Fault::Refused: there is no sandbox here,
/// and nobody said to go on without one.
Status settle_rights(Prepared& prepared, bool may_ask);

}  // namespace orch::cli
