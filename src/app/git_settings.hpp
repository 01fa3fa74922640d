#pragma once
// What git's configuration says of programs by now, as a sentence for the user.
#include "git/repository.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

/// "core.pager, filter.x.clean and 3 more".
std::string some_of(std::vector<std::string> settings);

/// Which settings that may run a program were made since the configuration was frozen in that
/// folder, and from when on they count. Empty: none, or nothing was frozen there.
loop::Job<std::string> changed_configuration(git::Repository& git, std::filesystem::path frozen);

}  // namespace orch::app
