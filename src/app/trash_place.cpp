// The trash as a place on a disk.
#include "app/trash_place.hpp"

#include "orch/base/size.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

namespace orch::app {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
constexpr std::uint64_t kMostTrash = 5'000 * kMegabyte;
constexpr std::uint64_t kLeastFree = 500 * kMegabyte;
constexpr std::uint64_t kTrashShare = 20;  // a twentieth of the disk
constexpr std::uint64_t kFreeShare = 100;  // a hundredth
constexpr std::size_t kNamed = 3;

std::optional<fs::space_info> space_of(fs::path folder) {
  std::error_code ec;
  while (!fs::exists(folder, ec) && folder.has_relative_path())
    folder = folder.parent_path();
  const fs::space_info space = fs::space(folder, ec);
  if (ec || space.capacity == 0) return std::nullopt;
  return space;
}

std::uint64_t limit_of(std::int64_t set, std::uint64_t most, std::uint64_t share) {
  return set > 0 ? static_cast<std::uint64_t>(set) : std::min(most, share);
}

}  // namespace

fs::path trash_folder(const fs::path& repository, const std::string& pattern) {
  const fs::path fixed = pattern.substr(0, pattern.find('{'));
  const fs::path parent = fixed.has_filename() ? fixed.parent_path() : fixed;
  return (repository / parent / ".trash").lexically_normal();
}

std::string trash_warning(const fs::path& trash, const WorktreeRules& rules) {
  std::vector<git::TrashEntry> entries = git::Trash(trash).entries();
  std::uint64_t total = 0;
  for (const git::TrashEntry& entry : entries)
    total += entry.left.bytes;
  const auto space = space_of(trash);
  const std::uint64_t share = space ? space->capacity / kTrashShare : kMostTrash;
  const std::uint64_t limit = limit_of(rules.trash_bytes, kMostTrash, share);
  if (total <= limit) return {};
  std::ranges::sort(entries, std::ranges::greater(),
                    [](const git::TrashEntry& entry) { return entry.left.bytes; });
  std::vector<std::string> largest;
  for (std::size_t i = 0; i < entries.size() && i < kNamed; ++i)
    largest.push_back(fmt::format("{} ({})", entries[i].name, size_text(entries[i].left.bytes)));
  return fmt::format(
      "the trash {} has {}, more than {}: look at the largest, {}, with `tmux-orch "
      "rescue show NAME`, and `tmux-orch rescue drop NAME` what is not needed",
      one_line(trash.native()), size_text(total), size_text(limit), join(largest, ", "));
}

Status check_free_space(const fs::path& folder, const WorktreeRules& rules) {
  const auto space = space_of(folder);
  if (!space) return {};
  const std::uint64_t floor = limit_of(rules.free_bytes, kLeastFree, space->capacity / kFreeShare);
  if (space->available >= floor) return {};
  return hinted(
      fail(Fault::Full, "only {} of the disk are free, less than the {} agents start with",
           size_text(space->available), size_text(floor)),
      "free some space, or set worktrees.free in the configuration");
}

}  // namespace orch::app
