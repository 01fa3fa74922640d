// The user's branch is brought forward only where no change of theirs can be lost.
#include "catch.hpp"
#include "stage.hpp"

#include <cstdlib>
#include <functional>

using namespace orch;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

/// A commit on top of main that writes a file, made without touching the checkout.
CommitId ahead(Stage& stage, const std::string& file, const std::string& text) {
  return stage.worktree_with("ahead-" + file, file, text);
}

/// The same with whatever `change` does to the worktree; added even where it is ignored.
CommitId ahead(Stage& stage, const std::function<void(const fs::path& worktree)>& change) {
  const fs::path worktree = stage.repo.worktree("ahead");
  if (!stage.wait(stage.git.ensure_worktree(stage.spec("ahead"))))
    throw std::runtime_error("no worktree");
  change(worktree);
  stage.repo.git_in(worktree, {"add", "-A", "-f"});
  stage.repo.git_in(worktree, {"commit", "-q", "--allow-empty", "-m", "work"});
  return CommitId{stage.repo.git_in(worktree, {"rev-parse", "HEAD"})};
}

/// A submodule at `path`, committed on main.
void add_submodule(Stage& stage, const std::string& path) {
  const fs::path origin = stage.repo.folder() / "origin";
  fs::create_directories(origin);
  stage.repo.git_in(origin, {"init", "-q"});
  stage.repo.write(origin / "code", "c\n");
  stage.repo.commit_in(origin, "code");
  stage.repo.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin, path});
  stage.repo.commit("a submodule");
}

git::FollowOutcome follow(Stage& stage, const CommitId& target) {
  git::FollowRequest request;
  request.branch = "main";
  request.target = target;
  request.target_name = "orch/int";
  auto outcome = stage.wait(stage.git.follow(request));
  if (!outcome) throw std::runtime_error(outcome.error().what);
  return std::move(*outcome);
}

/// Why main does not follow; it has to have stayed where it was.
std::string refusal(Stage& stage, const CommitId& target) {
  const CommitId before = stage.id("main");
  const auto outcome = follow(stage, target);
  CHECK(stage.id("main") == before);
  const auto* unsafe = std::get_if<git::NotSafe>(&outcome);
  return unsafe == nullptr ? "it followed" : unsafe->why;
}

std::string command(const Stage& stage) {
  return "git -C '" + stage.repo.folder().string() +
         "/it'\\''s a repo' merge --ff-only "
         "--no-overwrite-ignore orch/int";
}

}  // namespace

TEST_CASE("a branch that is checked out nowhere is moved") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.git({"switch", "-q", "-c", "elsewhere"});
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::Moved>(outcome).checkout.empty());
  CHECK(stage.id("main") == target);
  CHECK(std::holds_alternative<git::AlreadyThere>(follow(stage, target)));
}

TEST_CASE("a checkout comes along, and changes elsewhere in it stay") {
  Stage stage;
  stage.repo.write("other", "x\n");
  stage.repo.commit("other");
  const CommitId target = ahead(stage, "README.md", "new\n");
  stage.repo.write("other", "being edited\n");
  stage.repo.write("untracked", "u\n");
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::Moved>(outcome).checkout == stage.repo.root());
  CHECK(stage.id("main") == target);
  CHECK(stage.repo.read("README.md") == "new\n");
  CHECK(stage.repo.read("other") == "being edited\n");
  CHECK(stage.repo.git({"status", "--porcelain"}) == " M other\n?? untracked");
  CHECK_FALSE(fs::exists(stage.repo.root() / ".git/orch-following"));
}

TEST_CASE("changes in the way are told with the command for later, and stay") {
  Stage stage;
  const CommitId before = stage.id("main");
  const CommitId target = ahead(stage, "README.md", "new\n");
  stage.repo.write("README.md", "being edited\n");
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::NotSafe>(outcome).why == "your changes to README.md are in the way");
  CHECK(std::get<git::NotSafe>(outcome).command == command(stage));
  CHECK(stage.repo.read("README.md") == "being edited\n");
  CHECK(stage.id("main") == before);
}

TEST_CASE("a commit made while an edited file is taken along is the newer one") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] A\n");
  stage.repo.commit("tasks");
  const CommitId target = ahead(stage, "tasks.md", "- [x] A\n");
  stage.repo.write("tasks.md", "note\n- [ ] A\n");
  git::FollowRequest request{.branch = "main", .target = target, .target_name = "orch/int"};
  request.edited.takes = [](const std::string& path) { return path == "tasks.md"; };
  request.edited.with_marks_of = [](const std::string&, std::string_view, std::string_view as) {
    return std::string(as);
  };
  request.edited.with_mark_changes = [&stage](const std::string&, std::string_view,
                                              std::string_view, std::string_view) {
    stage.repo.git({"commit", "-qam", "my note"});
    return std::string("note\n- [x] A\n");
  };
  const auto outcome = stage.wait(stage.git.follow(request));
  REQUIRE(outcome);
  CHECK(std::holds_alternative<git::NotSafe>(*outcome));
  CHECK(stage.repo.git({"show", "main:tasks.md"}) == "note\n- [ ] A");
  CHECK(stage.repo.read("tasks.md") == "note\n- [ ] A\n");
  CHECK(stage.repo.git({"status", "--porcelain"}).empty());
}

TEST_CASE("an untracked file in the way is told and stays") {
  Stage stage;
  const CommitId target = ahead(stage, "new", "theirs\n");
  stage.repo.write("new", "mine\n");
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why == "your new is in the way");
  CHECK(stage.repo.read("new") == "mine\n");
}

TEST_CASE("an ignored file is never written over, and the command for later does not either") {
  Stage stage;
  stage.repo.write(".gitignore", ".env\n");
  stage.repo.commit("ignore");
  const CommitId target = ahead(
      stage, [&](const fs::path& worktree) { stage.repo.write(worktree / ".env", "DEFAULT=1\n"); });
  stage.repo.git({"branch", "orch/int", target.value});
  SECTION("a file") {
    stage.repo.write(".env", "SECRET=42\n");
  }
  SECTION("what lands does not ignore it any more") {
    stage.repo.write(".env", "SECRET=42\n");
    stage.repo.git({"reset", "-q", "--hard", "HEAD~1"});
    stage.repo.write(".git/info/exclude", ".env\n");
  }
  const auto outcome = follow(stage, target);
  const auto* unsafe = std::get_if<git::NotSafe>(&outcome);
  REQUIRE(unsafe != nullptr);
  CHECK(unsafe->why == "your .env is in the way");
  CHECK(unsafe->command == command(stage));
  CHECK(std::system((unsafe->command + " 2>/dev/null").c_str()) != 0);
  CHECK(stage.repo.read(".env") == "SECRET=42\n");

  fs::rename(stage.repo.root() / ".env", stage.repo.root() / ".env.mine");
  CHECK(std::system(unsafe->command.c_str()) == 0);
  CHECK(stage.id("main") == target);
}

TEST_CASE("no ignored folder gives way to a file, and no ignored file or link to a folder") {
  Stage stage;
  stage.repo.write(".gitignore", "build/\ndata\n*.o\n");
  stage.repo.write("src/deep/code", "c\n");
  stage.repo.commit("files");
  const fs::path root = stage.repo.root();
  SECTION("a folder where a file lands") {
    const CommitId target = ahead(
        stage, [&](const fs::path& worktree) { stage.repo.write(worktree / "build", "b\n"); });
    stage.repo.write("build/deep/result", "mine\n");
    CHECK(refusal(stage, target) == "your files in build are in the way");
    CHECK(stage.repo.read("build/deep/result") == "mine\n");
  }
  SECTION("a folder where a link lands") {
    const CommitId target = ahead(
        stage, [&](const fs::path& worktree) { fs::create_symlink("/tmp", worktree / "build"); });
    stage.repo.write("build/deep/result", "mine\n");
    CHECK(refusal(stage, target) == "your files in build are in the way");
    CHECK(stage.repo.read("build/deep/result") == "mine\n");
  }
  SECTION("a file where a folder lands, deep inside") {
    const CommitId target = ahead(stage, [&](const fs::path& worktree) {
      stage.repo.write(worktree / "src/deep/data/a/b", "b\n");
    });
    stage.repo.write("src/deep/data", "mine\n");
    CHECK(refusal(stage, target) == "your src/deep/data is in the way");
    CHECK(stage.repo.read("src/deep/data") == "mine\n");
  }
  SECTION("a link where a folder lands") {
    const CommitId target = ahead(
        stage, [&](const fs::path& worktree) { stage.repo.write(worktree / "data/a", "b\n"); });
    fs::create_directories(stage.repo.folder() / "elsewhere");
    fs::create_symlink(stage.repo.folder() / "elsewhere", root / "data");
    CHECK(refusal(stage, target) == "your data is in the way");
    CHECK(fs::is_symlink(root / "data"));
    CHECK(fs::is_empty(stage.repo.folder() / "elsewhere"));
  }
  SECTION("a folder of the repository that becomes a file, with ignored files in it") {
    const CommitId target = ahead(stage, [&](const fs::path& worktree) {
      fs::remove_all(worktree / "src");
      stage.repo.write(worktree / "src", "s\n");
    });
    stage.repo.write("src/deep/code.o", "mine\n");
    CHECK(refusal(stage, target) == "your files in src are in the way");
    CHECK(stage.repo.read("src/deep/code.o") == "mine\n");
  }
  SECTION("a folder of the repository that is removed leaves the ignored files in it") {
    const CommitId target =
        ahead(stage, [](const fs::path& worktree) { fs::remove_all(worktree / "src"); });
    stage.repo.write("src/deep/code.o", "mine\n");
    CHECK(std::holds_alternative<git::Moved>(follow(stage, target)));
    CHECK(stage.repo.read("src/deep/code.o") == "mine\n");
  }
}

TEST_CASE("a submodule is not deleted for a file, with the command that moves it") {
  Stage stage;
  add_submodule(stage, "dir/sub");
  const auto replace = [&stage](const char* path) {
    return ahead(stage, [&stage, path](const fs::path& worktree) {
      fs::remove_all(worktree / path);
      stage.repo.write(worktree / path, "f\n");
    });
  };
  const fs::path root = stage.repo.root();
  std::string replaced;
  SECTION("itself") {
    replaced = "dir/sub";
  }
  SECTION("with the folder above it") {
    replaced = "dir";
  }
  const CommitId target = replace(replaced.c_str());
  stage.repo.git({"branch", "orch/int", target.value});
  stage.repo.write("dir/sub/mine", "mine\n");
  const auto outcome = follow(stage, target);
  const auto* unsafe = std::get_if<git::NotSafe>(&outcome);
  REQUIRE(unsafe != nullptr);
  CHECK(unsafe->why == "your files in dir/sub are in the way");
  CHECK(stage.repo.read("dir/sub/mine") == "mine\n");
  CHECK_FALSE(fs::exists(root / ".git/orch-following"));
  CHECK(std::system(unsafe->command.c_str()) == 0);
  CHECK(stage.repo.read(replaced + ".saved/mine") == "mine\n");
  CHECK(stage.id("main") == target);
}

TEST_CASE("a branch with commits of its own has diverged") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.write("b", "b\n");
  const CommitId tip{stage.repo.commit("own")};
  CHECK(std::get<git::Diverged>(follow(stage, target)).tip == tip);
}

TEST_CASE("nothing moves in the middle of a merge, a rebase or a bisect") {
  Stage stage;
  stage.repo.git({"switch", "-q", "-c", "side"});
  stage.repo.write("README.md", "side\n");
  stage.repo.commit("side");
  stage.repo.git({"switch", "-q", "main"});
  stage.repo.write("README.md", "main\n");
  stage.repo.commit("main");
  const CommitId before = stage.id("main");
  const CommitId target = ahead(stage, "a", "a\n");

  stage.repo.try_git_in(stage.repo.root(), {"merge", "-q", "side"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        stage.repo.root().string() + " is in the middle of a merge");
  stage.repo.git({"merge", "--abort"});
  stage.repo.try_git_in(stage.repo.root(), {"rebase", "-q", "side"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        stage.repo.root().string() + " is in the middle of a rebase");
  stage.repo.git({"rebase", "--abort"});
  stage.repo.git({"bisect", "start", "main", "main~1"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        stage.repo.root().string() + " is in the middle of a bisect");
  stage.repo.git({"bisect", "reset"});
  CHECK(stage.id("main") == before);
  CHECK(std::holds_alternative<git::Moved>(follow(stage, target)));
}

TEST_CASE("a branch checked out twice is left to the user") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.git({"worktree", "add", "-q", "-f", stage.repo.folder() / "twice", "main"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        "branch 'main' is checked out in 2 places");
}

TEST_CASE("a checkout that is another worktree comes along") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.git({"switch", "-q", "-c", "elsewhere"});
  stage.repo.git({"worktree", "add", "-q", stage.repo.folder() / "second", "main"});
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::Moved>(outcome).checkout == stage.repo.folder() / "second");
  CHECK(stage.repo.read(stage.repo.folder() / "second/a") == "a\n");
}

TEST_CASE("a fast-forward that was killed half way is finished") {
  Stage stage;
  stage.repo.write("changed", "old\n");
  stage.repo.write("removed", "old\n");
  stage.repo.write("untouched", "old\n");
  stage.repo.commit("files");
  stage.worktree_with("T1", "changed", "new\n");
  const fs::path worktree = stage.repo.worktree("T1");
  fs::remove(worktree / "removed");
  stage.repo.write(worktree / "added", "new\n");
  stage.repo.write(worktree / "untouched", "new\n");
  const CommitId target{stage.repo.commit_in(worktree, "more")};
  // As git leaves it when it is killed: some files written, the index not.
  stage.repo.write("changed", "ne");
  stage.repo.write("added", "new\n");
  fs::remove(stage.repo.root() / "removed");
  fs::remove(stage.repo.root() / "untouched");
  CHECK(std::holds_alternative<git::NotSafe>(follow(stage, target)));
  stage.repo.write(".git/orch-following", target.value);
  CHECK(std::holds_alternative<git::Moved>(follow(stage, target)));
  CHECK(stage.repo.git({"status", "--porcelain"}).empty());
  CHECK(stage.id("main") == target);
}

TEST_CASE("after a killed fast-forward a change of the user's is still in the way") {
  Stage stage;
  const CommitId target = ahead(stage, "README.md", "new\n");
  stage.repo.write(".git/orch-following", target.value);
  stage.repo.write("README.md", "mine\n");
  CHECK(std::holds_alternative<git::NotSafe>(follow(stage, target)));
  CHECK(stage.repo.read("README.md") == "mine\n");
}

TEST_CASE("after a killed fast-forward what was in its way before stays as it is") {
  Stage stage;
  stage.repo.write(".gitignore", ".env\n");
  stage.repo.write("edited", "old\n");
  stage.repo.commit("files");
  const CommitId target = ahead(stage, [&](const fs::path& worktree) {
    stage.repo.write(worktree / ".env", "DEFAULT=1\n");
    stage.repo.write(worktree / "edited", "new\n");
  });
  // Both are the beginning of what lands, as if git had been killed while it wrote them.
  stage.repo.write(".env", "DEF");
  stage.repo.write("edited", "");
  std::string mark = target.value;
  for (const char* path : {".env", "edited"})
    mark += '\0' + std::string(path);
  stage.repo.write(".git/orch-following", mark);
  CHECK(refusal(stage, target) == "your .env is in the way; your changes to edited are in the way");
  CHECK(stage.repo.read(".env") == "DEF");
  CHECK(stage.repo.read("edited").empty());
}

TEST_CASE("what a killed fast-forward began is finished though more has landed since") {
  Stage stage;
  const CommitId first = ahead(stage, [&](const fs::path& worktree) {
    stage.repo.write(worktree / "added", "first\n");
    stage.repo.write(worktree / "README.md", "first\n");
  });
  const CommitId second = ahead(stage, [&](const fs::path& worktree) {
    stage.repo.write(worktree / "added", "second\n");
    stage.repo.write(worktree / "README.md", "second\n");
  });
  stage.repo.write("added", "fir");
  stage.repo.write("README.md", "first\n");
  stage.repo.write(".git/orch-following", first.value);
  CHECK(std::holds_alternative<git::Moved>(follow(stage, second)));
  CHECK(stage.repo.git({"status", "--porcelain"}).empty());
  CHECK(stage.repo.read("added") == "second\n");
}
