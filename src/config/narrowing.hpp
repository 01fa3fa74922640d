#pragma once
// Does a list of commands that may be run allow another entry already?
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// Is `entry` one of `allowed`, or one of them with arguments that its ` *` stands for? Only plain
/// words are taken for such arguments: what a shell would read otherwise could be more.
bool allows(const std::vector<std::string>& allowed, std::string_view entry);

}  // namespace orch
