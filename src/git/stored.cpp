// A file, or the files of a folder, as a commit, the index and the disk have them.
#include "git/stored.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "orch/base/text.hpp"

#include <charconv>
#include <system_error>

namespace orch::git {

namespace {

/// Is it the path itself, or directly in the folder of that name? A task there may be a folder: of
/// that its record and its text.
bool is_at(const std::string& path, const std::string& wanted) {
  if (path == wanted) return true;
  if (!path.starts_with(wanted + '/')) return false;
  const std::size_t slash = path.find('/', wanted.size() + 1);
  if (slash == std::string::npos) return true;
  const std::string inner = path.substr(slash + 1);
  return inner == "task.json" || inner == "prd.md";
}

/// The next object of `cat-file --batch`: `ID blob SIZE`, the bytes, a newline.
std::optional<std::string> take_object(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto words = split(text.substr(0, end), ' ');
  std::size_t size = 0;
  if (words.size() != 3) return std::nullopt;
  const auto read = std::from_chars(words[2].data(), words[2].data() + words[2].size(), size);
  if (read.ec != std::errc() || text.size() - end - 1 < size + 1) return std::nullopt;
  std::string object(text.substr(end + 1, size));
  text.remove_prefix(end + 1 + size + 1);
  return object;
}

/// Fills in the texts; false: not all of them can be read by the git that stays.
Job<bool> read_texts(GitContext& git, std::vector<StoredFile>& files) {
  const std::size_t most = Call().keep;
  for (StoredFile& file : files) {
    auto blob = co_await git.objects.read(file.id, most);
    if (!blob) co_return passed_on(blob);
    if (!*blob) co_return false;
    file.text = std::move((**blob).bytes);
  }
  co_return true;
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const std::filesystem::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

std::optional<Checkout> checkout_of(const GitContext& git, const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::path wanted = std::filesystem::weakly_canonical(path, ignored);
  std::optional<Checkout> found = find_checkout(wanted);
  // A root whose git folder lies elsewhere has no `.git` of its own.
  const bool is_around = !found || lies_in(git.root, found->work_tree);
  if (is_around && lies_in(wanted, git.root)) return Checkout{git.root, git.git_dir, git.git_dir};
  return found;
}

Job<std::vector<StoredFile>> stored_files(GitContext& git, CommitId commit, std::string path) {
  std::vector<std::string> paths = {path};
  const auto entries = co_await tree_entries(git, commit.value, std::move(paths));
  if (!entries) co_return passed_on(entries);
  std::vector<StoredFile> files;
  for (const TreeEntry& entry : *entries) {
    if (!entry.mode.starts_with("100") || !is_at(entry.path, path)) continue;
    const std::size_t cut = entry.path == path ? path.size() : path.size() + 1;
    files.push_back({.name = entry.path.substr(cut), .id = entry.id, .text = {}});
  }
  const auto filled = co_await read_texts(git, files);
  if (files.empty() || (filled && *filled)) co_return files;
  Call read = git.call({"cat-file", "--batch"}, "read " + one_line(path));
  for (const StoredFile& file : files)
    read.input += file.id + '\n';
  const auto output = co_await git.runner.output(std::move(read));
  if (!output) co_return passed_on(output);
  std::string_view rest = *output;
  for (StoredFile& file : files) {
    std::optional<std::string> text = take_object(rest);
    if (!text) co_return fail(Fault::Io, "git does not show {}", one_line(path));
    file.text = *std::move(text);
  }
  co_return files;
}

Job<std::vector<std::string>> ids_on_disk(GitContext& git, Checkout checkout,
                                          std::vector<std::string> paths) {
  std::vector<std::string> ids;
  if (paths.empty()) co_return ids;
  Call hash = git.call({"hash-object", "--stdin-paths"}, "compare files with what is committed");
  hash.place = Place{checkout.git_dir, checkout.work_tree};
  hash.input = join(paths, "\n") + '\n';
  const auto output = co_await git.runner.output(std::move(hash));
  if (!output) co_return passed_on(output);
  for (const std::string_view id : split_lines(*output))
    ids.emplace_back(id);
  co_return ids;
}

namespace {

Job<IndexedPath> ask_index(GitContext& git, Checkout checkout, std::string path) {
  IndexedPath found;
  Call list = git.call({"ls-files", "-z", "--cached", "--", path}, "list " + one_line(path));
  list.place = Place{checkout.git_dir, checkout.work_tree};
  list.env.emplace_back("GIT_LITERAL_PATHSPECS", "1");
  Call compare = list;
  compare.args = {"diff-files", "-z", "--name-only", "--ignore-submodules=dirty", "--", path};
  const auto names = co_await git.runner.output(std::move(list));
  if (!names) co_return passed_on(names);
  found.tracked = !names->empty();
  if (!found.tracked) co_return found;
  // Not refreshed: a file that was written since, even with the same text, counts as changed.
  const auto changed = co_await git.runner.output(std::move(compare));
  if (!changed) co_return passed_on(changed);
  found.untouched = changed->empty();
  co_return found;
}

/// Also empty where it is a folder, of which each file would count.
std::string stand_of_path(const Checkout& checkout, const std::string& path) {
  const std::filesystem::path file = checkout.work_tree / path;
  std::error_code error;
  const auto type = std::filesystem::symlink_status(file, error).type();
  const bool is_one =
      type == std::filesystem::file_type::regular || type == std::filesystem::file_type::not_found;
  if (!is_one) return {};
  return stand_of({checkout.git_dir / "index", file});
}

}  // namespace

Job<IndexedPath> indexed(GitContext& git, Checkout checkout, std::string path) {
  const std::string key = checkout.git_dir.native() + '\0' + path;
  const std::string stand = stand_of_path(checkout, path);
  const auto known = git.indexed.find(key);
  if (known != git.indexed.end() && !stand.empty() && known->second.files == stand)
    co_return known->second.answer;
  const auto found = co_await ask_index(git, checkout, path);
  if (!found) co_return passed_on(found);
  if (!stand.empty() && stand == stand_of_path(checkout, path)) git.indexed[key] = {stand, *found};
  co_return found;
}

}  // namespace orch::git
