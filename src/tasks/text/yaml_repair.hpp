#pragma once
// Texts that are no YAML but that people write and mean: `title: Fix: the cache`, `owner: @me`.
#include <cstddef>
#include <string>
#include <string_view>

namespace orch::tasks {

/// The same text, byte for byte of the same length, where signs of YAML within a plain value have
/// given way to others. Only the structure is to be taken from it; texts stand in the original.
std::string repaired_yaml(std::string_view text);

/// Where the field that begins at `at` ends: before the next line that begins at the left margin.
std::size_t end_of_yaml_field(std::string_view text, std::size_t at);

}  // namespace orch::tasks
