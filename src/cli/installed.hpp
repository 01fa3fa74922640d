#pragma once
// Is a program there?
#include <string>

namespace orch::cli {

/// A path, or a name that is looked up in PATH.
bool is_installed(const std::string& program);

/// Where it is; empty: nowhere.
std::string installed_path(const std::string& program);

}  // namespace orch::cli
