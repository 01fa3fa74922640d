#pragma once
// Takes a folder for this process alone.
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>

namespace orch::shim {

/// Locks the attempt's folder and makes the claim in it. Fault::Busy when it was ever claimed.
Result<Fd> take_over(const std::filesystem::path& folder, const std::string& key);

/// Tells the supervisor to look; nobody listening is not an error, as everything is in the folder.
void notify(const std::filesystem::path& socket, const std::string& line);

/// A line on stderr.
void complain(const std::string& text);

}  // namespace orch::shim
