// Which attributes decide a merge: those of the side it lands on, not of what is checked out.
#include "git/attribute_tree.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/scratch.hpp"
#include "git/scratch_index.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFile = ".gitattributes";
/// So many paths are named to one git.
constexpr std::size_t kNamed = 500;

/// Where attributes of these paths may be: next to each of them and in every folder above.
std::vector<std::string> attribute_files(const std::vector<std::string>& paths) {
  std::set<std::string> files = {std::string(kFile)};
  for (const std::string& path : paths) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1))
      files.insert(path.substr(0, slash + 1) + std::string(kFile));
  }
  return {files.begin(), files.end()};
}

/// Has the work tree exactly these of the files?
bool has_same(const fs::path& work_tree, const std::vector<std::string>& files,
              const std::map<std::string, std::string>& wanted) {
  return std::ranges::all_of(files, [&](const std::string& file) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(work_tree / file, error);
    const auto text = wanted.find(file);
    if (text == wanted.end()) return !fs::exists(status);
    if (!fs::is_regular_file(status)) return false;
    const Result<std::string> there = read_file(work_tree / file);
    return there && *there == text->second;
  });
}

/// A work tree with nothing but `.gitattributes` files in it: git before 2.41 reads the attributes
/// that decide a merge from its work tree, whatever the trees are that it merges. Lies in the
/// shared git folder and is removed by the destructor.
class AttributeTree {
 public:
  explicit AttributeTree(const fs::path& git_dir);
  ~AttributeTree();
  AttributeTree(const AttributeTree&) = delete;
  AttributeTree& operator=(const AttributeTree&) = delete;

  /// `path` as git names the file, relative to the root.
  Status add(std::string_view path, std::string_view text) const;

  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

AttributeTree::AttributeTree(const fs::path& git_dir)
    : folder_(scratch_name(git_dir, kScratchAttributes, this)) {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  fs::create_directory(folder_, ignored);
}

AttributeTree::~AttributeTree() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Status AttributeTree::add(std::string_view path, std::string_view text) const {
  const fs::path file = folder_ / path;
  if (const Status made = make_folders(file.parent_path()); !made) return made;
  return write_file(file, text);
}

/// The contents of those of the files that the commit has.
Job<std::map<std::string, std::string>> texts_of(GitContext& git, CommitId commit,
                                                 std::vector<std::string> files) {
  std::map<std::string, std::string> texts;
  for (std::size_t first = 0; first < files.size(); first += kNamed) {
    const auto begin = files.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        files.begin() + static_cast<std::ptrdiff_t>(std::min(files.size(), first + kNamed));
    std::vector<std::string> named(begin, end);
    const auto entries = co_await tree_entries(git, commit.value, std::move(named));
    if (!entries) co_return passed_on(entries);
    for (const TreeEntry& entry : *entries) {
      // Git reads attributes neither from a link nor from a folder of that name.
      if (!entry.mode.starts_with("100") || !std::ranges::binary_search(files, entry.path))
        continue;
      Call read = git.call({"cat-file", "blob", entry.id}, "read " + one_line(entry.path));
      auto text = co_await git.runner.output(std::move(read));
      if (!text) co_return passed_on(text);
      texts.emplace(entry.path, std::move(*text));
    }
  }
  co_return texts;
}

}  // namespace

Job<loop::Finished> run_merge(GitContext& git, Call merge, CommitId onto, CommitId branch) {
  const auto changed = co_await changed_files(git, onto, branch);
  if (!changed) co_return passed_on(changed);
  const std::vector<std::string> files = attribute_files(*changed);
  const auto wanted = co_await texts_of(git, onto, files);
  if (!wanted) co_return passed_on(wanted);
  const ScratchIndex none(git.git_dir);
  merge.env.push_back(none.env());
  if (has_same(git.root, files, *wanted)) co_return co_await git.runner.run(std::move(merge));
  const AttributeTree tree(git.git_dir);
  for (const auto& [path, text] : *wanted) {
    const Status added = tree.add(path, text);
    if (!added) co_return passed_on(added);
  }
  merge.place.work_tree = tree.folder();
  co_return co_await git.runner.run(std::move(merge));
}

}  // namespace orch::git
