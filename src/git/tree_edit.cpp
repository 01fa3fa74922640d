// Each edit reads the trees along its path, and writes them again from the innermost.
#include "git/tree_edit.hpp"

#include "git/trees.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace orch::git {
namespace {

using Entries = std::vector<TreeEntry>;

/// More of them are cheaper with an index.
constexpr std::size_t kMostEdits = 8;
constexpr std::array<std::string_view, 5> kModes{kFolder, "100644", "100755", "120000", "160000"};
constexpr std::string_view kGone = "0";

Failure not_edited() {
  return fail(Fault::Busy, "a tree could not be edited");
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Nothing: that is no id.
std::optional<std::string> bytes_of(std::string_view id) {
  if (id.size() != 40 && id.size() != 64) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < id.size(); i += 2) {
    const int high = digit_of(id[i]);
    const int low = digit_of(id[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// Git sorts a folder as if its name ended in a slash.
std::string sorted_as(const TreeEntry& entry) {
  return is_folder(entry) ? entry.path + '/' : entry.path;
}

/// Names that git may take for its own folder, or for two, are left to git to judge.
bool is_harmless(std::string_view name) {
  const std::string small = lower(name);
  return !name.empty() && name != "." && name != ".." && !small.starts_with(".git") &&
         !small.starts_with("git~") && name.find_first_of("\\:") == name.npos;
}

auto place_of(Entries& entries, std::string_view name) {
  return std::ranges::find(entries, name, &TreeEntry::path);
}

/// The entry takes the place of what has its name.
void put(Entries& entries, TreeEntry entry) {
  const auto there = place_of(entries, entry.path);
  if (there == entries.end()) {
    entries.push_back(std::move(entry));
  } else {
    *there = std::move(entry);
  }
}

/// A folder of that name is no file, and stays.
void take_file_away(Entries& entries, std::string_view name) {
  const auto there = place_of(entries, name);
  if (there != entries.end() && !is_folder(*there)) entries.erase(there);
}

Job<Entries> entries_along(GitContext& git, const Entries& above, std::string_view name) {
  const auto folder = std::ranges::find(above, name, &TreeEntry::path);
  if (folder == above.end() || !is_folder(*folder)) co_return Entries();
  std::string id = folder->id;
  co_return co_await entries_in(git, std::move(id));
}

Job<std::string> write_tree(GitContext& git, Entries entries) {
  std::optional<std::string> bytes = tree_object(std::move(entries));
  if (!bytes) co_return not_edited();
  co_return co_await git.writer.write(ObjectType::Tree, std::move(*bytes));
}

Job<std::string> with_edit(GitContext& git, std::string tree, TreeEntry edit) {
  const std::vector<std::string_view> parts = split(edit.path, '/');
  if (!std::ranges::all_of(parts, is_harmless)) co_return not_edited();
  std::vector<Entries> levels;  // along the path, the root's first
  auto root = co_await entries_in(git, tree);
  if (!root) co_return passed_on(root);
  levels.push_back(std::move(*root));
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    auto below = co_await entries_along(git, levels[i], parts[i]);
    if (!below) co_return passed_on(below);
    levels.push_back(std::move(*below));
  }
  const std::string name(parts.back());
  const bool gone = edit.mode == kGone;
  const Entries before = levels.back();
  if (gone) {
    take_file_away(levels.back(), name);
  } else {
    put(levels.back(), {edit.mode, edit.id, name});
  }
  if (levels.back() == before) co_return tree;
  for (std::size_t i = levels.size() - 1; i > 0; --i) {
    const std::string folder(parts[i - 1]);
    if (levels[i].empty()) {
      std::erase_if(levels[i - 1], [&](const TreeEntry& entry) { return entry.path == folder; });
      continue;
    }
    auto id = co_await write_tree(git, std::move(levels[i]));
    if (!id) co_return passed_on(id);
    put(levels[i - 1], {std::string(kFolder), std::move(*id), folder});
  }
  co_return co_await write_tree(git, std::move(levels.front()));
}

}  // namespace

std::optional<std::string> tree_object(std::vector<TreeEntry> entries) {
  std::ranges::sort(entries, {}, sorted_as);
  std::string bytes;
  for (const TreeEntry& entry : entries) {
    const auto id = bytes_of(entry.id);
    if (!id || std::ranges::find(kModes, entry.mode) == kModes.end()) return std::nullopt;
    std::string_view mode = entry.mode;
    if (mode.starts_with('0')) mode.remove_prefix(1);
    bytes += fmt::format("{} {}", mode, entry.path);
    bytes += '\0';
    bytes += *id;
  }
  return bytes;
}

Job<std::string> edited_tree(GitContext& git, std::string tree, std::vector<TreeEntry> edits) {
  if (edits.size() > kMostEdits) co_return not_edited();
  auto edited = co_await tree_id(git, std::move(tree));
  if (!edited) co_return passed_on(edited);
  for (const TreeEntry& edit : edits) {
    auto next = co_await with_edit(git, std::move(*edited), edit);
    if (!next) co_return passed_on(next);
    edited = std::move(next);
  }
  co_return std::move(*edited);
}

}  // namespace orch::git
