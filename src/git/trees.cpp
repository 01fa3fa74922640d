// Reads tree objects: `MODE NAME`, a NUL and the bytes of the id, for each entry.
#include "git/trees.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace orch::git {
namespace {

using Entries = std::vector<TreeEntry>;

constexpr std::size_t kLargestTree = 64u << 20;
constexpr std::string_view kNothing = "000000";

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

const TreeEntry* find(const Entries& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &TreeEntry::path);
  return found == entries.end() ? nullptr : &*found;
}

/// A path as git has them; others are left to git.
bool is_plain(std::string_view path) {
  if (path.empty()) return false;
  return std::ranges::none_of(split(path, '/'), [](std::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

Failure not_read() {
  return fail(Fault::Busy, "a tree could not be read");
}

Job<bool> add_below(GitContext& git, std::string id, std::string folder, Entries& to) {
  auto entries = co_await entries_in(git, std::move(id));
  if (!entries) co_return passed_on(entries);
  for (TreeEntry& entry : *entries) {
    entry.path = folder + '/' + entry.path;
    if (!is_folder(entry)) {
      to.push_back(std::move(entry));
      continue;
    }
    const auto added = co_await add_below(git, entry.id, entry.path, to);
    if (!added) co_return passed_on(added);
  }
  co_return true;
}

Job<bool> add_at(GitContext& git, std::string tree, std::string path, Entries& to) {
  const std::vector<std::string_view> parts = split(path, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto entries = co_await entries_in(git, tree);
    if (!entries) co_return passed_on(entries);
    const TreeEntry* entry = find(*entries, parts[i]);
    const bool is_last = i + 1 == parts.size();
    if (entry == nullptr || (!is_last && !is_folder(*entry))) co_return true;
    if (is_last && is_folder(*entry)) co_return co_await add_below(git, entry->id, path, to);
    if (is_last) to.push_back({entry->mode, entry->id, path});
    tree = entry->id;
  }
  co_return true;
}

/// What is on one side alone; `kind` says on which.
Job<bool> add_one_side(GitContext& git, TreeEntry entry, char kind, std::vector<ChangedEntry>& to) {
  Entries files;
  if (is_folder(entry)) {
    const auto listed = co_await add_below(git, entry.id, entry.path, files);
    if (!listed) co_return passed_on(listed);
  } else {
    files.push_back(std::move(entry));
  }
  for (TreeEntry& file : files) {
    const std::string none(file.id.size(), '0');
    const std::string nothing(kNothing);
    if (kind == 'A') {
      to.push_back({nothing, file.mode, none, file.id, kind, file.path});
    } else {
      to.push_back({file.mode, nothing, file.id, none, kind, file.path});
    }
  }
  co_return true;
}

/// Of the same name on both sides, and neither a folder.
ChangedEntry changed(const TreeEntry& before, const TreeEntry& after, std::string path) {
  const bool same_type = before.mode.substr(0, 3) == after.mode.substr(0, 3);
  return {before.mode, after.mode, before.id, after.id, same_type ? 'M' : 'T', std::move(path)};
}

/// Of one name; nullptr: that side has none.
struct Pair {
  const TreeEntry* was = nullptr;
  const TreeEntry* is = nullptr;

  bool same() const { return was && is && was->id == is->id && was->mode == is->mode; }

  bool folders() const { return was && is && is_folder(*was) && is_folder(*is); }

  bool files() const { return was && is && !is_folder(*was) && !is_folder(*is); }
};

std::map<std::string_view, Pair> by_name(const Entries& before, const Entries& after) {
  std::map<std::string_view, Pair> pairs;
  for (const TreeEntry& entry : before)
    pairs[entry.path].was = &entry;
  for (const TreeEntry& entry : after)
    pairs[entry.path].is = &entry;
  return pairs;
}

/// `folder` is empty, or ends in a slash.
Job<bool> compare(GitContext& git, std::string before, std::string after, std::string folder,
                  std::vector<ChangedEntry>& to) {
  const auto olds = co_await entries_in(git, std::move(before));
  if (!olds) co_return passed_on(olds);
  const auto news = co_await entries_in(git, std::move(after));
  if (!news) co_return passed_on(news);
  for (const auto& [name, pair] : by_name(*olds, *news)) {
    const std::string path = folder + std::string(name);
    if (pair.same()) continue;
    if (pair.files()) {
      to.push_back(changed(*pair.was, *pair.is, path));
    } else if (pair.folders()) {
      const auto compared = co_await compare(git, pair.was->id, pair.is->id, path + '/', to);
      if (!compared) co_return passed_on(compared);
    } else {
      for (const TreeEntry* entry : {pair.was, pair.is}) {
        if (entry == nullptr) continue;
        TreeEntry whole{entry->mode, entry->id, path};
        const char kind = entry == pair.was ? 'D' : 'A';
        const auto added = co_await add_one_side(git, std::move(whole), kind, to);
        if (!added) co_return passed_on(added);
      }
    }
  }
  co_return true;
}

}  // namespace

std::optional<std::vector<TreeEntry>> parse_tree_object(std::string_view bytes,
                                                        std::size_t id_bytes) {
  constexpr std::size_t kModeDigits = 6;
  Entries entries;
  while (!bytes.empty()) {
    const std::size_t blank = bytes.find(' ');
    const std::size_t end = bytes.find('\0');
    if (blank > kModeDigits || end == bytes.npos || end < blank) return std::nullopt;
    if (bytes.size() - end - 1 < id_bytes) return std::nullopt;
    TreeEntry entry;
    entry.mode = std::string(kModeDigits - blank, '0') + std::string(bytes.substr(0, blank));
    entry.path = bytes.substr(blank + 1, end - blank - 1);
    entry.id = hex_of(bytes.substr(end + 1, id_bytes));
    entries.push_back(std::move(entry));
    bytes.remove_prefix(end + 1 + id_bytes);
  }
  return entries;
}

Job<std::string> tree_id(GitContext& git, std::string name) {
  const std::string tree = name + "^{tree}";
  const auto found = co_await git.objects.look(tree);
  if (!found) co_return passed_on(found);
  if (!*found) co_return not_read();
  co_return std::move((**found).id);
}

Job<Entries> entries_in(GitContext& git, std::string id) {
  const auto object = co_await git.objects.read(id, kLargestTree);
  if (!object) co_return passed_on(object);
  if (!*object || (**object).type != "tree") co_return not_read();
  auto entries = parse_tree_object((**object).bytes, id.size() / 2);
  if (!entries) co_return not_read();
  co_return std::move(*entries);
}

Job<std::vector<TreeEntry>> entries_at(GitContext& git, std::string tree,
                                       std::vector<std::string> paths) {
  if (paths.empty() || !std::ranges::all_of(paths, is_plain)) co_return not_read();
  const auto root = co_await tree_id(git, std::move(tree));
  if (!root) co_return passed_on(root);
  Entries found;
  for (const std::string& path : paths) {
    const auto added = co_await add_at(git, *root, path, found);
    if (!added) co_return passed_on(added);
  }
  std::ranges::sort(found, {}, &TreeEntry::path);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  co_return found;
}

Job<std::vector<ChangedEntry>> changes_between(GitContext& git, std::string from, std::string to) {
  auto before = co_await tree_id(git, std::move(from));
  if (!before) co_return passed_on(before);
  auto after = co_await tree_id(git, std::move(to));
  if (!after) co_return passed_on(after);
  std::vector<ChangedEntry> changes;
  if (*before == *after) co_return changes;
  const auto compared = co_await compare(git, std::move(*before), std::move(*after), {}, changes);
  if (!compared) co_return passed_on(compared);
  std::ranges::sort(changes, {}, &ChangedEntry::path);
  co_return changes;
}

}  // namespace orch::git
