#pragma once
// Before a run starts: can what lands be signed without the user, and if not, what then?
#include "cli/blocking.hpp"
#include "git/repository.hpp"
#include "orch/base/result.hpp"

namespace orch::cli {

/// Tries the signer once where `commit.gpgsign` is set. A signer that needs the user is asked about
/// when `may_ask`; otherwise, and when the user wants to stop, Fault::Refused says what to do.
Status settle_signing(Blocking& blocking, git::Repository& repository, const CommitId& base,
                      bool may_ask);

}  // namespace orch::cli
