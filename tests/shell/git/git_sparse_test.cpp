// Worktrees with some folders only, next to what git makes of the same folders.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/sparse.hpp"

#include <algorithm>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

using Folders = std::vector<std::string>;

void commit_folders(Fixture& fixture) {
  for (const char* name : {"src/a", "src/deep/b", "docs/c", "docs/deep/d", "docs/deep/er/e",
                           "odd [x]*/f", "odd/g", "back\\slash/h", "other/i", "-dash/j"})
    fixture.repo.write(fixture.repo.root() / name, name);
  fixture.repo.commit("folders");
}

git::WorktreeSpec sparse_spec(Fixture& fixture, const std::string& task, const Folders& folders) {
  git::WorktreeSpec spec = fixture.spec(task);
  spec.sparse = folders;
  return spec;
}

Folders files_in(const fs::path& folder) {
  Folders files;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::end(entry); ++entry)
    if (!entry->is_directory()) files.push_back(entry->path().lexically_relative(folder));
  std::ranges::sort(files);
  return files;
}

}  // namespace

TEST_CASE("a sparse worktree is as git makes it, its patterns and index as well") {
  Fixture fixture;
  commit_folders(fixture);
  REQUIRE(fixture.wait(fixture.git.let_worktrees_be_sparse()));
  const std::vector<Folders> cases = {{"src"},
                                      {"docs/deep"},
                                      {"src", "docs/deep", "docs"},
                                      {"docs/deep/er", "src/deep"},
                                      {"odd [x]*"},
                                      {"back\\slash"},
                                      {"odd"}};
  int number = 0;
  for (const Folders& folders : cases) {
    const std::string name = "T" + std::to_string(++number);
    const git::WorktreeSpec spec = sparse_spec(fixture, name, folders);
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
    const fs::path other = fixture.repo.worktree(name + "-of-git");
    fixture.repo.git({"worktree", "add", "-q", "--no-checkout", "--detach", other.string()});
    Folders args = {"sparse-checkout", "set", "--skip-checks"};
    args.insert(args.end(), folders.begin(), folders.end());
    fixture.repo.git_in(other, args);
    fixture.repo.git_in(other, {"checkout", "-q"});
    INFO(folders.front());
    CHECK(files_in(spec.path) == files_in(other));
    CHECK(fixture.repo.git_in(spec.path, {"ls-files", "-t"}) ==
          fixture.repo.git_in(other, {"ls-files", "-t"}));
    CHECK(fixture.repo.git_in(spec.path, {"sparse-checkout", "list"}) ==
          fixture.repo.git_in(other, {"sparse-checkout", "list"}));
    CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
    CHECK(
        fixture.repo.read(fixture.repo.root() / ".git/worktrees" / name / "info/sparse-checkout") ==
        fixture.repo.read(fixture.repo.root() / ".git/worktrees" / (name + "-of-git") /
                          "info/sparse-checkout"));
  }
}

TEST_CASE("that some worktrees are sparse is told once, and to no other checkout") {
  Fixture fixture;
  commit_folders(fixture);
  const std::string before = fixture.repo.read(fixture.repo.root() / ".git/config");
  for (int time = 0; time < 3; ++time)
    REQUIRE(fixture.wait(fixture.git.let_worktrees_be_sparse()));
  const std::string after = fixture.repo.read(fixture.repo.root() / ".git/config");
  CHECK(after == before + "[includeIf \"gitdir:./worktrees/\"]\n\tpath = info/tmux-orch-sparse\n");
  const auto asked =
      fixture.repo.try_git_in(fixture.repo.root(), {"config", "core.sparseCheckout"});
  CHECK(asked.code == 1);
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("whole"))));
  CHECK(fs::exists(fixture.repo.worktree("whole") / "other/i"));
  fixture.repo.git_in(fixture.repo.worktree("whole"), {"checkout", "-q", "--detach"});
  CHECK(fs::exists(fixture.repo.worktree("whole") / "other/i"));
}

TEST_CASE("what is no folder of the commit is told") {
  Fixture fixture;
  commit_folders(fixture);
  const Folders asked = {"src", "src/a", "none", "docs/deep", "odd [x]*", "src/none", ":", "-dash"};
  const auto others = fixture.wait(fixture.git.not_folders(fixture.id("main"), asked));
  REQUIRE(others);
  CHECK(*others == Folders{"src/a", "none", "src/none", ":"});
}

TEST_CASE("a sparse worktree is reset to its folders") {
  Fixture fixture;
  commit_folders(fixture);
  REQUIRE(fixture.wait(fixture.git.let_worktrees_be_sparse()));
  const git::WorktreeSpec spec = sparse_spec(fixture, "T1", {"src"});
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  const Folders made = files_in(spec.path);
  const CommitId start = fixture.id("main");
  fixture.repo.write(fixture.repo.root() / "other/new", "landed meanwhile");
  fixture.repo.write(fixture.repo.root() / "src/new", "landed meanwhile");
  fixture.repo.commit("more");
  fixture.repo.write(spec.path / "other/i", "by the agent");
  fixture.repo.write(spec.path / "src/a", "by the agent");
  const auto saved = fixture.wait(fixture.git.rescue(fixture.rescue("T1")));
  REQUIRE(saved);
  CHECK(fixture.repo.git({"show", saved->commit.value + ":other/i"}) == "by the agent");
  CHECK(fixture.repo.git({"show", saved->commit.value + ":docs/c"}) == "docs/c");
  git::ResetRequest reset;
  reset.path = spec.path;
  reset.branch = spec.branch;
  reset.reason = spec.reason;
  reset.commit = fixture.id("main");
  reset.expected = saved->commit;
  REQUIRE(fixture.wait(fixture.git.reset_worktree(reset)));
  Folders wanted = made;
  wanted.emplace_back("src/new");
  std::ranges::sort(wanted);
  CHECK(files_in(spec.path) == wanted);
  CHECK(fixture.repo.read(spec.path / "src/a") == "src/a");
  CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
}
