// Nothing is taken away before what it holds is safe elsewhere.
#include "catch.hpp"
#include "fixture.hpp"

#include <algorithm>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

git::RemoveRequest removal(Fixture& fixture, const std::string& task) {
  const auto spec = fixture.spec(task);
  git::RemoveRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.safe = {fixture.id("main")};
  return request;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

bool has_branch(const Fixture& fixture, const std::string& branch) {
  return fixture.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/heads/" + branch});
}

void check_gone(Fixture& fixture, const std::string& task) {
  CHECK_FALSE(fs::exists(fixture.repo.worktree(task)));
  CHECK_FALSE(has_branch(fixture, "orch/" + task));
  CHECK_FALSE(fs::exists(fixture.repo.root() / ".git/worktrees" / task));
}

CommitId rescued(Fixture& fixture, const std::string& task) {
  git::RescueRequest request;
  request.worktree = fixture.repo.worktree(task);
  request.branch = "orch/" + task;
  request.ref = "refs/orch/rescue/" + task;
  request.known = {fixture.id("main")};
  const auto saved = fixture.wait(fixture.git.rescue(request));
  if (!saved) throw std::runtime_error(saved.error().what);
  return saved->commit;
}

}  // namespace

TEST_CASE("a worktree whose commits are safe goes, with its branch and its caches") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", ".gitignore", "node_modules/\nout/\n*.o\n");
  const fs::path folder = fixture.repo.worktree("T1");
  fixture.repo.write(folder / "node_modules/a/b.js", "x");
  fixture.repo.write(folder / "out/CMakeCache.txt", "x");
  fixture.repo.write(folder / "x.o", "x");
  auto request = removal(fixture, "T1");
  request.safe.push_back(work);
  request.trash.caches = {"*.o"};
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->kept.name.empty());
  check_gone(fixture, "T1");
  CHECK(fixture.wait(fixture.git.remove_worktree(request)));
  const fs::path trash = fixture.repo.root() / ".worktrees/.trash";
  CHECK(fs::exists(trash / ".gone"));
  CHECK(fixture.wait(fixture.git.delete_gone(trash)));
  CHECK(names_in(trash) == std::vector<std::string>{".gitignore", ".records"});
}

TEST_CASE("what is in no commit goes to the trash, and what is stays out of it") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", ".gitignore", "*.bin\n/sealed/\n.env\n");
  const fs::path folder = fixture.repo.worktree("T1");
  fixture.repo.write(folder / ".env", "copied\n");
  fixture.repo.write(folder / "kept.env", "copied too\n");
  REQUIRE(fixture.wait(fixture.git.note_set_up(folder, {"linked"})));
  fixture.repo.write(folder / "model.bin", "precious\n");
  fixture.repo.write(folder / "git~1", "a name that git refuses\n");
  fixture.repo.write(folder / "sealed/x", "x\n");
  fs::permissions(folder / "sealed", fs::perms::owner_read | fs::perms::owner_exec);
  fixture.repo.write("outside/target", "not ours to delete\n");
  fs::create_symlink(fixture.repo.root() / "outside", folder / "linked");
  fixture.repo.git_in(folder, {"update-index", "--assume-unchanged", "README.md"});
  auto request = removal(fixture, "T1");
  request.safe.push_back(work);
  request.trash.label = {"R1", "T1", 2, "a test"};
  fixture.repo.write(folder / "README.md", "hidden from git\n");
  fixture.repo.write(folder / "kept.env", "changed since\n");
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  const fs::path kept = fixture.repo.root() / ".worktrees/.trash/T1-1";
  CHECK(removed->kept.folder == kept);
  CHECK(removed->kept.left.files == 5);
  CHECK(fixture.repo.read(kept / "model.bin") == "precious\n");
  CHECK(fixture.repo.read(kept / "git~1") == "a name that git refuses\n");
  CHECK(fixture.repo.read(kept / "sealed/x") == "x\n");
  CHECK(fixture.repo.read(kept / "README.md") == "hidden from git\n");
  CHECK(fixture.repo.read(kept / "kept.env") == "changed since\n");
  CHECK_FALSE(fs::exists(kept / ".env"));
  CHECK_FALSE(fs::exists(kept / ".gitignore"));
  CHECK_FALSE(fs::exists(fs::symlink_status(kept / "linked")));
  CHECK(fixture.repo.read("outside/target") == "not ours to delete\n");
  check_gone(fixture, "T1");
  const auto entries = git::Trash(kept.parent_path()).entries();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].name == "T1-1");
  CHECK(entries[0].label == request.trash.label);
  CHECK(entries[0].left == removed->kept.left);
  CHECK((fs::status(kept.parent_path()).permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE("of a small worktree only what differs from its commit is kept, however little it does") {
  Fixture fixture;
  const fs::path folder = fixture.repo.worktree("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  fixture.repo.write(folder / "a/b/tool", "run me\n");
  fixture.repo.write(folder / "a/text", "one\n");
  fs::permissions(folder / "a/b/tool", fs::perms::owner_all);
  fs::create_symlink("text", folder / "a/link");
  auto request = removal(fixture, "T1");
  request.safe.push_back(CommitId{fixture.repo.commit_in(folder, "work")});
  std::vector<std::string> kept;
  SECTION("nothing") {}
  SECTION("an empty folder") {
    fs::create_directories(folder / "a/empty");
  }
  SECTION("its bytes, with its size and time as before") {
    const auto before = fs::last_write_time(folder / "a/text");
    fixture.repo.write(folder / "a/text", "two\n");
    fs::last_write_time(folder / "a/text", before);
    kept = {"a/text"};
  }
  SECTION("its mode") {
    fs::permissions(folder / "a/b/tool", fs::perms::owner_read);
    kept = {"a/b/tool"};
  }
  SECTION("where a link leads") {
    fs::remove(folder / "a/link");
    fs::create_symlink("b", folder / "a/link");
    kept = {"a/link"};
  }
  SECTION("a link in the place of a folder") {
    fs::rename(folder / "a/b", folder.parent_path() / "elsewhere");
    fs::create_symlink(folder.parent_path() / "elsewhere", folder / "a/b");
    kept = {"a/b"};
  }
  SECTION("one more") {
    fixture.repo.write(folder / "a/more", "more\n");
    kept = {"a/more"};
  }
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->kept.left.names == kept);
  check_gone(fixture, "T1");
}

TEST_CASE("a worktree with commits that are nowhere else stays") {
  Fixture fixture;
  fixture.worktree_with("T1", "a", "a\n");
  const auto removed = fixture.wait(fixture.git.remove_worktree(removal(fixture, "T1")));
  REQUIRE_FALSE(removed);
  CHECK(removed.error().fault == Fault::Refused);
  CHECK(removed.error().what ==
        fixture.repo.worktree("T1").string() + " has commits that would be lost");
  CHECK(fs::exists(fixture.repo.worktree("T1") / "a"));
}

TEST_CASE("what changed after the rescue goes to the trash, what it saved does not") {
  Fixture fixture;
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  const fs::path folder = fixture.repo.worktree("T1");
  fixture.repo.write(folder / "a", "a\n");
  fixture.repo.write(folder / "b", "b\n");
  auto request = removal(fixture, "T1");
  request.saved = rescued(fixture, "T1");
  request.safe.push_back(request.saved);
  fixture.repo.write(folder / "b", "later\n");
  fixture.repo.write(folder / "c", "new\n");
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  check_gone(fixture, "T1");
  CHECK(names_in(removed->kept.folder) == std::vector<std::string>{"b", "c"});
  CHECK(fixture.repo.read(removed->kept.folder / "b") == "later\n");
}

TEST_CASE("a worktree that was deleted by hand is forgotten, with its branch") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  fs::remove_all(fixture.repo.worktree("T1"));
  auto request = removal(fixture, "T1");
  request.safe.push_back(work);
  CHECK(fixture.wait(fixture.git.remove_worktree(request)));
  check_gone(fixture, "T1");
}

TEST_CASE("repositories inside a worktree go to the trash with their git folder") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  for (int round = 1; round <= 2; ++round) {
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
    fixture.repo.git({"init", "-q", spec.path / "inner"});
    fixture.repo.write(spec.path / "inner/x", "x");
    const std::string inner = fixture.repo.commit_in(spec.path / "inner", "inner");
    auto request = removal(fixture, "T1");
    request.safe.push_back(rescued(fixture, "T1"));
    const auto removed = fixture.wait(fixture.git.remove_worktree(request));
    REQUIRE(removed);
    CHECK(removed->kept.folder ==
          fixture.repo.root() / ".worktrees/.trash" / ("T1-" + std::to_string(round)));
    CHECK(removed->kept.left.repositories == std::vector<std::string>{"inner"});
    CHECK(fixture.repo.git_in(removed->kept.folder / "inner", {"rev-parse", "HEAD"}) == inner);
    CHECK_FALSE(fs::exists(removed->kept.folder / "README.md"));
    check_gone(fixture, "T1");
  }
}

TEST_CASE("a worktree that an agent made a repository of its own goes to the trash") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fs::remove(spec.path / ".git");
  fixture.repo.git({"init", "-q", spec.path});
  const std::string own = fixture.repo.commit_in(spec.path, "own");
  auto request = removal(fixture, "T1");
  request.safe.push_back(rescued(fixture, "T1"));
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(fixture.repo.git_in(removed->kept.folder, {"rev-parse", "HEAD"}) == own);
  check_gone(fixture, "T1");
}

TEST_CASE("worktrees of others and the main one are never removed") {
  Fixture fixture;
  fixture.repo.git({"worktree", "add", "-q", "-b", "orch/T1", fixture.repo.worktree("T1")});
  auto request = removal(fixture, "T1");
  CHECK(fixture.error(fixture.git.remove_worktree(request)).fault == Fault::Refused);
  CHECK(fs::exists(fixture.repo.worktree("T1") / "README.md"));
  request.path = fixture.repo.root();
  CHECK(fixture.error(fixture.git.remove_worktree(request)).fault == Fault::Refused);
  request.path = fixture.repo.folder() / "home";
  fixture.repo.write(request.path / "x", "x");
  request.branch.clear();
  CHECK(fixture.error(fixture.git.remove_worktree(request)).fault == Fault::Refused);
  CHECK(fs::exists(fixture.repo.folder() / "home/x"));
}

TEST_CASE("a branch that somebody has checked out stays, and the place is told") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  fixture.repo.git_in(fixture.repo.worktree("T1"), {"switch", "-q", "--detach"});
  fixture.repo.git({"switch", "-q", "orch/T1"});
  auto request = removal(fixture, "T1");
  request.safe = {work};
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->branch_kept_at == fixture.repo.root());
  CHECK(has_branch(fixture, "orch/T1"));
}

TEST_CASE("after a rescue a worktree starts anew") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  fixture.worktree_with("T1", "a", "a\n");
  fixture.repo.write(spec.path / "b", "b\n");
  fixture.repo.git({"init", "-q", spec.path / "inner"});
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = fixture.id("main");
  request.expected = rescued(fixture, "T1");
  const auto reset = fixture.wait(fixture.git.reset_worktree(request));
  REQUIRE(reset);
  CHECK(reset->head == fixture.id("main"));
  CHECK(fixture.repo.id("orch/T1") == fixture.repo.id("main"));
  CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain", "--ignored"}).empty());
  CHECK(names_in(reset->kept.folder) == std::vector<std::string>{"inner"});
  CHECK(fs::exists(reset->kept.folder / "inner/.git"));
  CHECK(fixture.wait(fixture.git.reset_worktree(request)));
}

TEST_CASE("a worktree is not reset while it has what was not rescued") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = fixture.id("main");
  request.expected = fixture.id("main");
  CHECK(fixture.error(fixture.git.reset_worktree(request)).what ==
        spec.path.string() + " has commits that would be lost");
  request.expected = work;
  CHECK(fixture.error(fixture.git.reset_worktree(request)).what ==
        spec.path.string() + " has commits under no other ref that would be lost");
  fixture.repo.git({"update-ref", "refs/orch/rescue/T1", work.value});
  CHECK(fixture.repo.id("orch/T1") == work.value);
}

TEST_CASE("a reset deletes and writes over nothing that was saved after the rescue") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  fixture.worktree_with("T1", "README.md", "by the agent\n");
  fixture.repo.write(spec.path / "new", "by the agent\n");
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = fixture.id("main");
  request.expected = rescued(fixture, "T1");
  fixture.repo.write(spec.path / "README.md", "later\n");
  fixture.repo.write(spec.path / "later", "later\n");
  const auto reset = fixture.wait(fixture.git.reset_worktree(request));
  REQUIRE(reset);
  CHECK(fixture.repo.read(spec.path / "README.md") == "hello\n");
  CHECK(names_in(reset->kept.folder) == std::vector<std::string>{"README.md", "later"});
  CHECK(fixture.repo.read(reset->kept.folder / "README.md") == "later\n");
  CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}) == "");
}

TEST_CASE("a reset gets past files that git was told not to look at") {
  for (const char* mark : {"--assume-unchanged", "--skip-worktree"}) {
    Fixture fixture;
    const auto spec = fixture.spec("T1");
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
    fixture.repo.git_in(spec.path, {"update-index", mark, "README.md"});
    fixture.repo.write(spec.path / "README.md", "hidden\n");
    fixture.repo.write("README.md", "two\n");
    fixture.repo.commit("two");
    git::ResetRequest request;
    request.path = spec.path;
    request.branch = spec.branch;
    request.reason = spec.reason;
    request.commit = fixture.id("main");
    request.expected = fixture.id("orch/T1");
    const auto reset = fixture.wait(fixture.git.reset_worktree(request));
    REQUIRE(reset);
    CHECK(fixture.repo.read(spec.path / "README.md") == "two\n");
    CHECK(fixture.repo.read(reset->kept.folder / "README.md") == "hidden\n");
    CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}) == "");
  }
}

TEST_CASE("a reset ends a rebase and returns from another branch") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  fixture.worktree_with("T1", "README.md", "one\n");
  fixture.repo.write("README.md", "two\n");
  fixture.repo.commit("two");
  fixture.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = fixture.id("main");
  request.expected = rescued(fixture, "T1");
  REQUIRE(fixture.wait(fixture.git.reset_worktree(request)));
  const auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->operation == git::Operation::None);
  CHECK(status->branch == "orch/T1");
  CHECK(status->changes.count == 0);
}
