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

/// Git's files and ours are no place where somebody is at work.
bool is_of_a_program(const std::string& inner) {
  const std::string first = fs::path(inner).begin()->string();
  return first == ".git" || first == ".tmux-orch";
}

/// nullptr: it lies in none of them.
const OthersPlace* place_of_others(const WritePlace& place, const fs::path& path) {
  const OthersPlace* found = nullptr;
  for (const OthersPlace& other : place.others) {
    const std::string inner = below(other.folder, path);
    if (inner.empty() || is_of_a_program(inner)) continue;
    if (found == nullptr || other.folder.size() > found->folder.size()) found = &other;
  }
  return found;
}

bool is_named(const WritePlace& place, const std::string& inner) {
  const auto meets = [&inner](const std::string& file) { return files_meet(file, inner); };
  return place.named_files.empty() || std::ranges::any_of(place.named_files, meets);
}

}  // namespace

WriteJudgement judge_written(const WritePlace& place, std::string_view named) {
  const fs::path path = (fs::path(place.worktree) / fs::path(named)).lexically_normal();
  if (const std::string inner = below(place.worktree, path); !inner.empty())
    return {is_named(place, inner) ? WriteKind::Fine : WriteKind::Unnamed};
  if (is_in_one_of(place.own, path)) return {};
  if (const OthersPlace* others = place_of_others(place, path))
    return {WriteKind::Others, others->whose};
  if (!below(place.repository, path).empty()) return {WriteKind::Outside};
  return {is_in_one_of(place.temporary, path) ? WriteKind::Fine : WriteKind::Outside};
}

}  // namespace orch
