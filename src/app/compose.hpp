#pragma once
// The composition root of a supervisor: the one place where everything is made and put together.
#include "git/values.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>

namespace orch::app {

/// What is installed where.
struct Installed {
  std::filesystem::path program;  ///< this very program, for the panes and keys
  std::filesystem::path shim;     ///< orch-shim
};

/// Works on that run until it is over or SIGTERM comes. `facts`: the repository that it lies in.
/// An Error: nothing was begun, or going on would be wrong.
Status supervise(git::RepositoryFacts facts, const std::string& run, const Installed& installed);

}  // namespace orch::app
