#pragma once
// Names of what lies in the shared git folder for a moment, and the removal of what killed programs
// left of it.
#include <filesystem>
#include <string_view>

namespace orch::git {

constexpr std::string_view kScratchIndex = "orch-index.";
constexpr std::string_view kScratchAttributes = "orch-attributes.";
constexpr std::string_view kScratchObject = "orch-object.";
constexpr std::string_view kScratchForecast = "orch-forecast.";

/// "<kind><pid>.<address>": two owners that live at once have different addresses.
std::filesystem::path scratch_name(const std::filesystem::path& git_dir, std::string_view kind,
                                   const void* owner);

/// Removes files, their locks and folders of all kinds whose program has ended.
void sweep_scratch(const std::filesystem::path& git_dir);

}  // namespace orch::git
