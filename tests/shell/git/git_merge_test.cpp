// Merges that need no process, next to what git says, and those that need one.
#include "catch.hpp"
#include "fixture.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

using namespace orch;
using orch::test::Fixture;

namespace fs = std::filesystem;

namespace {

struct Merging : Fixture {
  std::vector<std::vector<std::string>> started;

  Merging() {
    children.on_start = [this](const ProcessId&, const loop::Command& command) {
      started.push_back(command.argv);
    };
    repo.write("both.txt", "first\n");
    repo.write("other.txt", "first\n");
    repo.commit("files");
  }

  std::ptrdiff_t merges() const {
    return std::ranges::count_if(started, [](const std::vector<std::string>& argv) {
      return std::ranges::find(argv, "merge-tree") != argv.end();
    });
  }

  /// What is landed, or nothing.
  std::optional<git::Candidate> merge(const CommitId& branch) {
    const auto landing = wait(git.prepare_landing(this->landing(branch)));
    if (!landing) return std::nullopt;
    const auto* candidate = std::get_if<git::Candidate>(&*landing);
    return candidate ? std::optional(*candidate) : std::nullopt;
  }

  std::string tree_by_git(const CommitId& branch) const {
    return repo.git({"merge-tree", "--write-tree", "main", branch.value});
  }
};

}  // namespace

TEST_CASE("what began at the tip or has changed other files is merged without a process") {
  Merging merging;
  const CommitId a = merging.worktree_with("A", "a", "a\n");
  const CommitId b = merging.worktree_with("B", "b", "b\n");
  const CommitId c = merging.worktree_with("C", "other.txt", "other\n");
  const auto first = merging.merge(a);
  REQUIRE(first);
  CHECK(first->tree == merging.tree_by_git(a));
  CHECK(merging.merges() == 0);
  merging.repo.write("both.txt", "changed\n");
  merging.repo.commit("main goes on");
  for (const CommitId& branch : {b, c}) {
    const auto merged = merging.merge(branch);
    REQUIRE(merged);
    CHECK(merged->tree == merging.tree_by_git(branch));
  }
  CHECK(merging.merges() == 0);
}

TEST_CASE("a conflict is told by a git of its own, and the next merge is as before") {
  Merging merging;
  const CommitId a = merging.worktree_with("A", "both.txt", "by a\n");
  const CommitId b = merging.worktree_with("B", "b", "b\n");
  merging.repo.write("both.txt", "by main\n");
  merging.repo.commit("main goes on");
  const auto landing = merging.wait(merging.git.prepare_landing(merging.landing(a)));
  REQUIRE(landing);
  const auto* conflict = std::get_if<git::MergeConflict>(&*landing);
  REQUIRE(conflict);
  CHECK(conflict->files == std::vector<std::string>{"both.txt"});
  CHECK(merging.merges() == 1);
  const auto merged = merging.merge(b);
  REQUIRE(merged);
  CHECK(merged->tree == merging.tree_by_git(b));
  CHECK(merging.merges() == 1);
}

TEST_CASE("attributes of the tip decide a merge, also after one that had none") {
  Merging merging;
  const CommitId a = merging.worktree_with("A", "a", "a\n");
  const CommitId b = merging.worktree_with("B", "both.txt", "first\nby b\n");
  const CommitId c = merging.worktree_with("C", "both.txt", "first\nby c\n");
  merging.repo.write("other.txt", "by main\n");
  merging.repo.commit("main goes on");
  REQUIRE(merging.merge(a));
  merging.repo.write("both.txt", "first\nby main\n");
  merging.repo.commit("main changes the same");
  CHECK_FALSE(merging.merge(b));
  merging.repo.write(".gitattributes", "*.txt merge=union\n");
  merging.repo.commit("attributes");
  CHECK(merging.merge(b));
  merging.repo.git({"rm", "-q", ".gitattributes"});
  merging.repo.commit("no attributes");
  CHECK_FALSE(merging.merge(c));
  merging.repo.write(".git/info/attributes", "*.txt merge=union\n");
  CHECK(merging.merge(c));
}

TEST_CASE("what may have been renamed, or is in the way of the other side, is merged by git") {
  struct Side {
    std::string path, taken_away;
  };

  for (const auto& [ours, theirs] :
       std::vector<std::pair<Side, Side>>{{{"x/moved", "other.txt"}, {"y", ""}},
                                          {{"y", ""}, {"x/moved", "other.txt"}},
                                          {{"a", ""}, {"a/b", ""}},
                                          {{"a/b", ""}, {"a", ""}},
                                          {{"both.txt", ""}, {"y", "both.txt"}},
                                          {{"same", ""}, {"same", ""}}}) {
    Merging merging;
    auto& repo = merging.repo;
    const fs::path worktree = repo.worktree("T");
    REQUIRE(merging.wait(merging.git.ensure_worktree(merging.spec("T"))));
    const auto apply = [&](const fs::path& root, const Side& side) {
      if (!side.taken_away.empty()) fs::remove(root / side.taken_away);
      repo.write(root / side.path, side.path == "both.txt" ? "changed\n" : "first\n");
      // Within a second, commits of the same files at both sides would be the same one.
      return CommitId{repo.commit_in(root, "work in " + root.filename().native())};
    };
    apply(repo.root(), ours);
    const CommitId branch = apply(worktree, theirs);
    const auto by_git =
        repo.try_git_in(repo.root(), {"merge-tree", "--write-tree", "main", branch.value});
    const auto merged = merging.merge(branch);
    CHECK(merging.merges() == 1);
    CHECK(merged.has_value() == (by_git.code == 0));
    if (merged) CHECK(merged->tree + "\n" == by_git.text);
  }
}

TEST_CASE("what the index says of a path is asked once, until one of them is written") {
  Merging merging;
  const auto checkout = merging.git.checkout_of(merging.repo.root() / "both.txt");
  REQUIRE(checkout);
  const auto look = [&] {
    const auto found = merging.wait(merging.git.indexed(*checkout, "both.txt"));
    REQUIRE(found);
    return *found;
  };
  const auto settle = [] { std::this_thread::sleep_for(std::chrono::milliseconds(150)); };
  settle();
  CHECK(look().untouched);
  const std::size_t asked = merging.started.size();
  CHECK(asked == 2);
  CHECK(look().untouched);
  CHECK(merging.started.size() == asked);
  merging.repo.write("both.txt", "other\n");
  CHECK_FALSE(look().untouched);
  merging.repo.write("both.txt", "third\n");
  CHECK_FALSE(look().untouched);
  merging.repo.git({"add", "both.txt"});
  CHECK(look().untouched);
  settle();
  CHECK(look().untouched);
  merging.repo.git({"rm", "-q", "--cached", "both.txt"});
  CHECK_FALSE(look().tracked);
  settle();
  CHECK_FALSE(look().tracked);
  fs::remove(merging.repo.root() / "both.txt");
  CHECK_FALSE(look().tracked);
}
