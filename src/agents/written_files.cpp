// By folders.
#include "agents/written_files.hpp"

#include "orch/core/plan.hpp"

#include <algorithm>
#include <filesystem>

namespace orch {
namespace {

namespace fs = std::filesystem;

/// The path from the folder; empty: it is not in there.
std::string below(const std::string& folder, const fs::path& path) {
  if (folder.empty()) return {};
  const fs::path inner = path.lexically_relative(folder);
  const bool leads_out = inner.empty() || *inner.begin() == "..";
  return leads_out ? std::string() : inner.generic_string();
}

bool is_in_one_of(const std::vector<std::string>& folders, const fs::path& path) {
  return std::ranges::any_of(
      folders, [&path](const std::string& folder) { return !below(folder, path).empty(); });
}

}  // namespace

WriteKind judge_written(const WritePlace& place, std::string_view named) {
  const fs::path path = (fs::path(place.worktree) / fs::path(named)).lexically_normal();
  if (const std::string inner = below(place.worktree, path); !inner.empty()) {
    const bool is_named = place.named_files.empty() ||
                          std::ranges::any_of(place.named_files, [&inner](const std::string& file) {
                            return files_meet(file, inner);
                          });
    return is_named ? WriteKind::Fine : WriteKind::Unnamed;
  }
  if (is_in_one_of(place.own, path)) return WriteKind::Fine;
  if (!below(place.repository, path).empty()) return WriteKind::Outside;
  return is_in_one_of(place.temporary, path) ? WriteKind::Fine : WriteKind::Outside;
}

}  // namespace orch
