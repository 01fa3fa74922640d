// Writes the patterns of worktrees, and the section of the configuration by which they count.
#include "git/sparse.hpp"

#include "git/registration.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <set>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kApplyTime = std::chrono::minutes(15);
/// From git's common folder, where the configuration is that includes it.
constexpr std::string_view kSettingsFile = "info/tmux-orch-sparse";
constexpr std::string_view kInclude = "includeIf.gitdir:./worktrees/.path";
constexpr std::string_view kSettings =
    "# Worktrees of tmux-orch with only some folders: see `worktrees.sparse`.\n"
    "[core]\n"
    "\tsparseCheckout = true\n"
    "\tsparseCheckoutCone = true\n";

std::string escaped(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (std::string_view("*?[\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace

std::string sparse_patterns(const std::vector<std::string>& folders) {
  const std::set<std::string> wanted(folders.begin(), folders.end());
  std::set<std::string> whole;
  std::set<std::string> parents;
  for (const std::string& folder : wanted) {
    std::vector<std::string> above;
    for (std::size_t slash = folder.find('/'); slash != std::string::npos;
         slash = folder.find('/', slash + 1))
      above.push_back(folder.substr(0, slash));
    const auto is_wanted = [&wanted](const std::string& one) { return wanted.contains(one); };
    if (std::ranges::any_of(above, is_wanted)) continue;
    whole.insert(folder);
    parents.insert(above.begin(), above.end());
  }
  std::string patterns = "/*\n!/*/\n";
  for (const std::string& folder : parents)
    patterns += fmt::format("/{0}/\n!/{0}/*/\n", escaped(folder));
  for (const std::string& folder : whole)
    patterns += fmt::format("/{}/\n", escaped(folder));
  return patterns;
}

Job<bool> make_sparse(GitContext& git, fs::path admin, std::vector<std::string> folders) {
  if (folders.empty()) co_return true;
  Status done = make_folders(admin / "info", 0777);
  if (done) done = write_file(admin / "info/sparse-checkout", sparse_patterns(folders));
  if (done) done = set_mark(admin, StepMark::Sparse);
  if (!done) co_return passed_on(done);
  // Git has copied it from the user's checkout, which may not be sparse any more.
  const fs::path own = admin / "config.worktree";
  std::error_code error;
  if (!fs::exists(own, error)) co_return true;
  for (const char* setting : {"core.sparseCheckout", "core.sparseCheckoutCone"}) {
    Call set = git.call({"config", "--file", own.native(), setting, "true"},
                        "write " + one_line(own.native()));
    const auto written = co_await git.runner.output(std::move(set));
    if (!written) co_return passed_on(written);
  }
  co_return true;
}

bool is_sparse(const fs::path& admin) {
  return has_mark(admin, StepMark::Sparse);
}

Job<bool> let_worktrees_be_sparse(GitContext& git) {
  const Status made = make_folders(git.git_dir / "info", 0777);
  if (!made) co_return passed_on(made);
  const Status written = write_file(git.git_dir / kSettingsFile, kSettings);
  if (!written) co_return passed_on(written);
  const fs::path config = git.git_dir / "config";
  Call ask = git.call({"config", "--file", config.native(), "--get-all", std::string(kInclude)},
                      "read " + one_line(config.native()));
  Call add = git.call({"config", "--file", config.native(), "--add", std::string(kInclude),
                       std::string(kSettingsFile)},
                      "write " + one_line(config.native()));
  const auto included = co_await git.runner.run(std::move(ask));
  if (!included) co_return passed_on(included);
  const auto files = split(included->out, '\n');
  if (std::ranges::find(files, kSettingsFile) != files.end()) co_return true;
  const auto added = co_await git.runner.output(std::move(add));
  if (!added) co_return passed_on(added);
  co_return true;
}

Job<std::vector<std::string>> not_folders(GitContext& git, CommitId commit,
                                          std::vector<std::string> paths) {
  std::vector<std::string> others;
  for (const std::string& path : paths) {
    Call ask = git.call({"cat-file", "-t", commit.value + ':' + path}, "read " + one_line(path));
    const auto type = co_await git.runner.run(std::move(ask));
    if (!type) co_return passed_on(type);
    if (!type->ok() || trim(type->out) != "tree") others.push_back(path);
  }
  co_return others;
}

Job<bool> apply_sparse(GitContext& git, Place place) {
  if (!is_sparse(place.git_dir)) co_return true;
  Call apply = git.call({"sparse-checkout", "reapply"},
                        "take folders out of " + one_line(place.work_tree.native()));
  apply.owned = {place.git_dir};
  apply.place = std::move(place);
  apply.timeout = kApplyTime;
  const auto applied = co_await git.runner.output(std::move(apply));
  if (!applied) co_return passed_on(applied);
  co_return true;
}

}  // namespace orch::git
