// Pairs the entries of each folder with those of its tree; then reads the files of all pairs.
#include "git/same_as_tree.hpp"

#include "git/below.hpp"
#include "git/trees.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

// With more of them, the three processes of git that do the same take less time.
constexpr std::size_t kMostFiles = 100;
constexpr std::uint64_t kMostBytes = 1u << 20;

/// A folder and its tree that are still to be paired.
struct Open {
  std::string path;  ///< empty: the top
  std::string tree;
};

bool is_pointer(const std::string& folder, const Below::Entry& entry) {
  return folder.empty() && entry.name == ".git" && S_ISREG(entry.info.st_mode);
}

bool has_mode(const struct stat& info, const std::string& mode) {
  if (S_ISDIR(info.st_mode)) return mode == "040000";
  if (S_ISLNK(info.st_mode)) return mode == "120000";
  if (!S_ISREG(info.st_mode)) return false;
  return mode == ((info.st_mode & S_IXUSR) != 0 ? "100755" : "100644");
}

/// All files of the folder by their paths, each with its object; nothing: they are others than
/// those of the tree, or too many.
Job<std::optional<std::vector<TreeEntry>>> paired(GitContext& git, Below& folder,
                                                  std::string tree) {
  std::vector<TreeEntry> files;
  std::vector<Open> open = {{{}, std::move(tree)}};
  std::uint64_t bytes = 0;
  while (!open.empty()) {
    const Open next = std::move(open.back());
    open.pop_back();
    std::vector<Below::Entry> listed = folder.list(next.path);
    std::erase_if(listed, [&next](const auto& entry) { return is_pointer(next.path, entry); });
    auto entries = co_await entries_in(git, next.tree);
    if (!entries) co_return passed_on(entries);
    if (listed.size() != entries->size()) co_return std::nullopt;
    for (const Below::Entry& entry : listed) {
      const auto stored = std::ranges::find(*entries, entry.name, &TreeEntry::path);
      if (stored == entries->end() || !has_mode(entry.info, stored->mode)) co_return std::nullopt;
      std::string path = next.path.empty() ? entry.name : next.path + '/' + entry.name;
      if (S_ISDIR(entry.info.st_mode)) {
        open.push_back({std::move(path), stored->id});
        continue;
      }
      bytes += static_cast<std::uint64_t>(entry.info.st_size);
      if (files.size() == kMostFiles || bytes > kMostBytes) co_return std::nullopt;
      files.push_back({stored->mode, stored->id, std::move(path)});
    }
  }
  co_return files;
}

}  // namespace

Job<std::vector<std::string>> same_as_tree(GitContext& git, fs::path folder, std::string tree) {
  std::vector<std::string> same;
  auto below = Below::open(folder);
  if (!below) co_return passed_on(below);
  const auto files = co_await paired(git, *below, std::move(tree));
  if (!files) co_return passed_on(files);
  if (!*files) co_return same;
  for (const TreeEntry& file : **files) {
    const std::optional<std::string> there = below->read(file.path, kMostBytes);
    const auto stored = co_await git.objects.read(file.id, kMostBytes);
    if (!there || !stored || !*stored || (**stored).bytes != *there)
      co_return std::vector<std::string>{};
    same.push_back(file.path);
  }
  co_return same;
}

}  // namespace orch::git
