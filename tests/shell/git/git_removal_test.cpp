// Nothing is taken away before what it holds is safe elsewhere.
#include "catch.hpp"
#include "stage.hpp"

#include <algorithm>

using namespace orch;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

git::RemoveRequest removal(Stage& stage, const std::string& task) {
  const auto spec = stage.spec(task);
  git::RemoveRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.safe = {stage.id("main")};
  return request;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

bool has_branch(const Stage& stage, const std::string& branch) {
  return stage.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/heads/" + branch});
}

void check_gone(Stage& stage, const std::string& task) {
  CHECK_FALSE(fs::exists(stage.repo.worktree(task)));
  CHECK_FALSE(has_branch(stage, "orch/" + task));
  CHECK_FALSE(fs::exists(stage.repo.root() / ".git/worktrees" / task));
}

CommitId rescued(Stage& stage, const std::string& task) {
  git::RescueRequest request;
  request.worktree = stage.repo.worktree(task);
  request.branch = "orch/" + task;
  request.ref = "refs/orch/rescue/" + task;
  request.known = {stage.id("main")};
  const auto saved = stage.wait(stage.git.rescue(request));
  if (!saved) throw std::runtime_error(saved.error().what);
  return saved->commit;
}

}  // namespace

TEST_CASE("a worktree whose commits are safe goes, with its branch and its caches") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", ".gitignore", "node_modules/\nout/\n*.o\n");
  const fs::path folder = stage.repo.worktree("T1");
  stage.repo.write(folder / "node_modules/a/b.js", "x");
  stage.repo.write(folder / "out/CMakeCache.txt", "x");
  stage.repo.write(folder / "x.o", "x");
  auto request = removal(stage, "T1");
  request.safe.push_back(work);
  request.trash.caches = {"*.o"};
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->kept.name.empty());
  check_gone(stage, "T1");
  CHECK(stage.wait(stage.git.remove_worktree(request)));
  const fs::path trash = stage.repo.root() / ".worktrees/.trash";
  CHECK(fs::exists(trash / ".gone"));
  CHECK(stage.wait(stage.git.delete_gone(trash)));
  CHECK(names_in(trash) == std::vector<std::string>{".gitignore", ".records"});
}

TEST_CASE("what is in no commit goes to the trash, and what is stays out of it") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", ".gitignore", "*.bin\n/sealed/\n.env\n");
  const fs::path folder = stage.repo.worktree("T1");
  stage.repo.write(folder / ".env", "copied\n");
  stage.repo.write(folder / "kept.env", "copied too\n");
  REQUIRE(stage.wait(stage.git.note_set_up(folder, {"linked"})));
  stage.repo.write(folder / "model.bin", "precious\n");
  stage.repo.write(folder / "git~1", "a name that git refuses\n");
  stage.repo.write(folder / "sealed/x", "x\n");
  fs::permissions(folder / "sealed", fs::perms::owner_read | fs::perms::owner_exec);
  stage.repo.write("outside/target", "not ours to delete\n");
  fs::create_symlink(stage.repo.root() / "outside", folder / "linked");
  stage.repo.git_in(folder, {"update-index", "--assume-unchanged", "README.md"});
  auto request = removal(stage, "T1");
  request.safe.push_back(work);
  request.trash.label = {"R1", "T1", 2, "a test"};
  stage.repo.write(folder / "README.md", "hidden from git\n");
  stage.repo.write(folder / "kept.env", "changed since\n");
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  const fs::path kept = stage.repo.root() / ".worktrees/.trash/T1-1";
  CHECK(removed->kept.folder == kept);
  CHECK(removed->kept.left.files == 5);
  CHECK(stage.repo.read(kept / "model.bin") == "precious\n");
  CHECK(stage.repo.read(kept / "git~1") == "a name that git refuses\n");
  CHECK(stage.repo.read(kept / "sealed/x") == "x\n");
  CHECK(stage.repo.read(kept / "README.md") == "hidden from git\n");
  CHECK(stage.repo.read(kept / "kept.env") == "changed since\n");
  CHECK_FALSE(fs::exists(kept / ".env"));
  CHECK_FALSE(fs::exists(kept / ".gitignore"));
  CHECK_FALSE(fs::exists(fs::symlink_status(kept / "linked")));
  CHECK(stage.repo.read("outside/target") == "not ours to delete\n");
  check_gone(stage, "T1");
  const auto entries = git::Trash(kept.parent_path()).entries();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].name == "T1-1");
  CHECK(entries[0].label == request.trash.label);
  CHECK(entries[0].left == removed->kept.left);
  CHECK((fs::status(kept.parent_path()).permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE("a worktree with commits that are nowhere else stays") {
  Stage stage;
  stage.worktree_with("T1", "a", "a\n");
  const auto removed = stage.wait(stage.git.remove_worktree(removal(stage, "T1")));
  REQUIRE_FALSE(removed);
  CHECK(removed.error().fault == Fault::Refused);
  CHECK(removed.error().what ==
        stage.repo.worktree("T1").string() + " has commits that would be lost");
  CHECK(fs::exists(stage.repo.worktree("T1") / "a"));
}

TEST_CASE("what changed after the rescue goes to the trash, what it saved does not") {
  Stage stage;
  REQUIRE(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
  const fs::path folder = stage.repo.worktree("T1");
  stage.repo.write(folder / "a", "a\n");
  stage.repo.write(folder / "b", "b\n");
  auto request = removal(stage, "T1");
  request.saved = rescued(stage, "T1");
  request.safe.push_back(request.saved);
  stage.repo.write(folder / "b", "later\n");
  stage.repo.write(folder / "c", "new\n");
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  check_gone(stage, "T1");
  CHECK(names_in(removed->kept.folder) == std::vector<std::string>{"b", "c"});
  CHECK(stage.repo.read(removed->kept.folder / "b") == "later\n");
}

TEST_CASE("a worktree that was deleted by hand is forgotten, with its branch") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  fs::remove_all(stage.repo.worktree("T1"));
  auto request = removal(stage, "T1");
  request.safe.push_back(work);
  CHECK(stage.wait(stage.git.remove_worktree(request)));
  check_gone(stage, "T1");
}

TEST_CASE("repositories inside a worktree go to the trash with their git folder") {
  Stage stage;
  const auto spec = stage.spec("T1");
  for (int round = 1; round <= 2; ++round) {
    REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
    stage.repo.git({"init", "-q", spec.path / "inner"});
    stage.repo.write(spec.path / "inner/x", "x");
    const std::string inner = stage.repo.commit_in(spec.path / "inner", "inner");
    auto request = removal(stage, "T1");
    request.safe.push_back(rescued(stage, "T1"));
    const auto removed = stage.wait(stage.git.remove_worktree(request));
    REQUIRE(removed);
    CHECK(removed->kept.folder ==
          stage.repo.root() / ".worktrees/.trash" / ("T1-" + std::to_string(round)));
    CHECK(removed->kept.left.repositories == std::vector<std::string>{"inner"});
    CHECK(stage.repo.git_in(removed->kept.folder / "inner", {"rev-parse", "HEAD"}) == inner);
    CHECK_FALSE(fs::exists(removed->kept.folder / "README.md"));
    check_gone(stage, "T1");
  }
}

TEST_CASE("a worktree that an agent made a repository of its own goes to the trash") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  fs::remove(spec.path / ".git");
  stage.repo.git({"init", "-q", spec.path});
  const std::string own = stage.repo.commit_in(spec.path, "own");
  auto request = removal(stage, "T1");
  request.safe.push_back(rescued(stage, "T1"));
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(stage.repo.git_in(removed->kept.folder, {"rev-parse", "HEAD"}) == own);
  check_gone(stage, "T1");
}

TEST_CASE("worktrees of others and the main one are never removed") {
  Stage stage;
  stage.repo.git({"worktree", "add", "-q", "-b", "orch/T1", stage.repo.worktree("T1")});
  auto request = removal(stage, "T1");
  CHECK(stage.error(stage.git.remove_worktree(request)).fault == Fault::Refused);
  CHECK(fs::exists(stage.repo.worktree("T1") / "README.md"));
  request.path = stage.repo.root();
  CHECK(stage.error(stage.git.remove_worktree(request)).fault == Fault::Refused);
  request.path = stage.repo.folder() / "home";
  stage.repo.write(request.path / "x", "x");
  request.branch.clear();
  CHECK(stage.error(stage.git.remove_worktree(request)).fault == Fault::Refused);
  CHECK(fs::exists(stage.repo.folder() / "home/x"));
}

TEST_CASE("a branch that somebody has checked out stays, and the place is told") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  stage.repo.git_in(stage.repo.worktree("T1"), {"switch", "-q", "--detach"});
  stage.repo.git({"switch", "-q", "orch/T1"});
  auto request = removal(stage, "T1");
  request.safe = {work};
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->branch_kept_at == stage.repo.root());
  CHECK(has_branch(stage, "orch/T1"));
}

TEST_CASE("after a rescue a worktree starts anew") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "a", "a\n");
  stage.repo.write(spec.path / "b", "b\n");
  stage.repo.git({"init", "-q", spec.path / "inner"});
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = rescued(stage, "T1");
  const auto reset = stage.wait(stage.git.reset_worktree(request));
  REQUIRE(reset);
  CHECK(reset->head == stage.id("main"));
  CHECK(stage.repo.id("orch/T1") == stage.repo.id("main"));
  CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain", "--ignored"}).empty());
  CHECK(names_in(reset->kept.folder) == std::vector<std::string>{"inner"});
  CHECK(fs::exists(reset->kept.folder / "inner/.git"));
  CHECK(stage.wait(stage.git.reset_worktree(request)));
}

TEST_CASE("a worktree is not reset while it has what was not rescued") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = stage.id("main");
  CHECK(stage.error(stage.git.reset_worktree(request)).what ==
        spec.path.string() + " has commits that would be lost");
  request.expected = work;
  CHECK(stage.error(stage.git.reset_worktree(request)).what ==
        spec.path.string() + " has commits under no other ref that would be lost");
  stage.repo.git({"update-ref", "refs/orch/rescue/T1", work.value});
  CHECK(stage.repo.id("orch/T1") == work.value);
}

TEST_CASE("a reset deletes and writes over nothing that was saved after the rescue") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "README.md", "by the agent\n");
  stage.repo.write(spec.path / "new", "by the agent\n");
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = rescued(stage, "T1");
  stage.repo.write(spec.path / "README.md", "later\n");
  stage.repo.write(spec.path / "later", "later\n");
  const auto reset = stage.wait(stage.git.reset_worktree(request));
  REQUIRE(reset);
  CHECK(stage.repo.read(spec.path / "README.md") == "hello\n");
  CHECK(names_in(reset->kept.folder) == std::vector<std::string>{"README.md", "later"});
  CHECK(stage.repo.read(reset->kept.folder / "README.md") == "later\n");
  CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain"}) == "");
}

TEST_CASE("a reset gets past files that git was told not to look at") {
  for (const char* mark : {"--assume-unchanged", "--skip-worktree"}) {
    Stage stage;
    const auto spec = stage.spec("T1");
    REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
    stage.repo.git_in(spec.path, {"update-index", mark, "README.md"});
    stage.repo.write(spec.path / "README.md", "hidden\n");
    stage.repo.write("README.md", "two\n");
    stage.repo.commit("two");
    git::ResetRequest request;
    request.path = spec.path;
    request.branch = spec.branch;
    request.reason = spec.reason;
    request.commit = stage.id("main");
    request.expected = stage.id("orch/T1");
    const auto reset = stage.wait(stage.git.reset_worktree(request));
    REQUIRE(reset);
    CHECK(stage.repo.read(spec.path / "README.md") == "two\n");
    CHECK(stage.repo.read(reset->kept.folder / "README.md") == "hidden\n");
    CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain"}) == "");
  }
}

TEST_CASE("a reset ends a rebase and returns from another branch") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "README.md", "one\n");
  stage.repo.write("README.md", "two\n");
  stage.repo.commit("two");
  stage.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = rescued(stage, "T1");
  REQUIRE(stage.wait(stage.git.reset_worktree(request)));
  const auto status = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->operation == git::Operation::None);
  CHECK(status->branch == "orch/T1");
  CHECK(status->changes.count == 0);
}
