#pragma once
// Is a program there?
#include "cli/run_handle.hpp"
#include "orch/base/result.hpp"

#include <string>

namespace orch::cli {

/// A path, or a name that is looked up in PATH.
bool is_installed(const std::string& program);

/// Where it is; empty: nowhere.
std::string installed_path(const std::string& program);

/// May a task of the run be given to this kind of agent? Fault::NotFound: it is not installed here.
Status check_kind(const RunHandle& handle, const std::string& kind);

}  // namespace orch::cli
