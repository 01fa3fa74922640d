// The user's branch is brought forward only where no change of theirs can be lost.
#include "catch.hpp"
#include "fixture.hpp"

#include <cstdlib>
#include <functional>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

/// A commit on top of main that writes a file, made without touching the checkout.
CommitId ahead(Fixture& fixture, const std::string& file, const std::string& text) {
  return fixture.worktree_with("ahead-" + file, file, text);
}

/// The same with whatever `change` does to the worktree; added even where it is ignored.
CommitId ahead(Fixture& fixture, const std::function<void(const fs::path& worktree)>& change) {
  const fs::path worktree = fixture.repo.worktree("ahead");
  if (!fixture.wait(fixture.git.ensure_worktree(fixture.spec("ahead"))))
    throw std::runtime_error("no worktree");
  change(worktree);
  fixture.repo.git_in(worktree, {"add", "-A", "-f"});
  fixture.repo.git_in(worktree, {"commit", "-q", "--allow-empty", "-m", "work"});
  return CommitId{fixture.repo.git_in(worktree, {"rev-parse", "HEAD"})};
}

/// A submodule at `path`, committed on main.
void add_submodule(Fixture& fixture, const std::string& path) {
  const fs::path origin = fixture.repo.folder() / "origin";
  fs::create_directories(origin);
  fixture.repo.git_in(origin, {"init", "-q"});
  fixture.repo.write(origin / "code", "c\n");
  fixture.repo.commit_in(origin, "code");
  fixture.repo.git(
      {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin, path});
  fixture.repo.commit("a submodule");
}

git::FollowOutcome follow(Fixture& fixture, const CommitId& target) {
  git::FollowRequest request;
  request.branch = "main";
  request.target = target;
  request.target_name = "orch/int";
  auto outcome = fixture.wait(fixture.git.follow(request));
  if (!outcome) throw std::runtime_error(outcome.error().what);
  return std::move(*outcome);
}

/// Why main does not follow; it has to have stayed where it was.
std::string refusal(Fixture& fixture, const CommitId& target) {
  const CommitId before = fixture.id("main");
  const auto outcome = follow(fixture, target);
  CHECK(fixture.id("main") == before);
  const auto* unsafe = std::get_if<git::NotSafe>(&outcome);
  return unsafe == nullptr ? "it followed" : unsafe->why;
}

std::string command(const Fixture& fixture) {
  return "git -C '" + fixture.repo.folder().string() +
         "/it'\\''s a repo' merge --ff-only "
         "--no-overwrite-ignore orch/int";
}

}  // namespace

TEST_CASE("a branch that is checked out nowhere is moved") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "a", "a\n");
  fixture.repo.git({"switch", "-q", "-c", "elsewhere"});
  const auto outcome = follow(fixture, target);
  CHECK(std::get<git::Moved>(outcome).checkout.empty());
  CHECK(fixture.id("main") == target);
  CHECK(std::holds_alternative<git::AlreadyThere>(follow(fixture, target)));
}

TEST_CASE("a checkout comes along, and changes elsewhere in it stay") {
  Fixture fixture;
  fixture.repo.write("other", "x\n");
  fixture.repo.commit("other");
  const CommitId target = ahead(fixture, "README.md", "new\n");
  fixture.repo.write("other", "being edited\n");
  fixture.repo.write("untracked", "u\n");
  const auto outcome = follow(fixture, target);
  CHECK(std::get<git::Moved>(outcome).checkout == fixture.repo.root());
  CHECK(fixture.id("main") == target);
  CHECK(fixture.repo.read("README.md") == "new\n");
  CHECK(fixture.repo.read("other") == "being edited\n");
  CHECK(fixture.repo.git({"status", "--porcelain"}) == " M other\n?? untracked");
  CHECK_FALSE(fs::exists(fixture.repo.root() / ".git/orch-following"));
}

TEST_CASE("changes in the way are told with the command for later, and stay") {
  Fixture fixture;
  const CommitId before = fixture.id("main");
  const CommitId target = ahead(fixture, "README.md", "new\n");
  fixture.repo.write("README.md", "being edited\n");
  const auto outcome = follow(fixture, target);
  CHECK(std::get<git::NotSafe>(outcome).why == "your changes to README.md are in the way");
  CHECK(std::get<git::NotSafe>(outcome).command == command(fixture));
  CHECK(fixture.repo.read("README.md") == "being edited\n");
  CHECK(fixture.id("main") == before);
}

TEST_CASE("a staged change in the way is told, and its file is not touched") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "README.md", "new\n");
  fixture.repo.write("README.md", "staged\n");
  fixture.repo.git({"add", "README.md"});
  // A second link tells whether it was deleted and written again.
  fs::create_hard_link(fixture.repo.root() / "README.md", fixture.repo.folder() / "same");
  CHECK(refusal(fixture, target) == "your changes to README.md are in the way");
  CHECK(fs::hard_link_count(fixture.repo.root() / "README.md") == 2);
  CHECK(fixture.repo.read("README.md") == "staged\n");
  CHECK(fixture.repo.git({"status", "--porcelain"}) == "M  README.md");
}

TEST_CASE("a commit made while an edited file is taken along is the newer one") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] A\n");
  fixture.repo.commit("tasks");
  const CommitId target = ahead(fixture, "tasks.md", "- [x] A\n");
  fixture.repo.write("tasks.md", "note\n- [ ] A\n");
  git::FollowRequest request{.branch = "main", .target = target, .target_name = "orch/int"};
  request.edited.takes = [](const std::string& path) { return path == "tasks.md"; };
  request.edited.with_marks_of = [](const std::string&, std::string_view, std::string_view as) {
    return std::string(as);
  };
  request.edited.with_mark_changes = [&fixture](const std::string&, std::string_view,
                                                std::string_view, std::string_view) {
    fixture.repo.git({"commit", "-qam", "my note"});
    return std::string("note\n- [x] A\n");
  };
  const auto outcome = fixture.wait(fixture.git.follow(request));
  REQUIRE(outcome);
  CHECK(std::holds_alternative<git::NotSafe>(*outcome));
  CHECK(fixture.repo.git({"show", "main:tasks.md"}) == "note\n- [ ] A");
  CHECK(fixture.repo.read("tasks.md") == "note\n- [ ] A\n");
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
}

TEST_CASE("a user who switches while an edited file is taken along stays where they went") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] A\n");
  fixture.repo.commit("tasks");
  const CommitId before = fixture.id("main");
  const CommitId target = ahead(fixture, "tasks.md", "- [x] A\n");
  fixture.repo.write("tasks.md", "note\n- [ ] A\n");
  git::FollowRequest request{.branch = "main", .target = target, .target_name = "orch/int"};
  request.edited.takes = [](const std::string& path) { return path == "tasks.md"; };
  request.edited.with_marks_of = [](const std::string&, std::string_view, std::string_view as) {
    return std::string(as);
  };
  request.edited.with_mark_changes = [&fixture](const std::string&, std::string_view,
                                                std::string_view, std::string_view) {
    fixture.repo.git({"switch", "-q", "-c", "elsewhere"});
    return std::string("note\n- [x] A\n");
  };
  const auto outcome = fixture.wait(fixture.git.follow(request));
  REQUIRE(outcome);
  CHECK(std::get<git::Moved>(*outcome).checkout.empty());
  CHECK(fixture.id("main") == target);
  CHECK(fixture.id("elsewhere") == before);
  CHECK(fixture.repo.read("tasks.md") == "note\n- [ ] A\n");
  CHECK(fixture.repo.git({"status", "--porcelain"}) == " M tasks.md");
}

TEST_CASE("what a user switched to while git was at it goes back to where it was") {
  Fixture fixture;
  const CommitId before = fixture.id("main");
  const CommitId target = ahead(fixture, [&fixture](const fs::path& worktree) {
    fixture.repo.write(worktree / ".gitattributes", "README.md filter=switch\n");
    fixture.repo.write(worktree / "README.md", "new\n");
  });
  // git runs the filter when it has looked at HEAD and before it moves it.
  fixture.repo.git(
      {"config", "filter.switch.smudge",
       "git update-ref --no-deref HEAD HEAD; git config filter.switch.smudge cat; cat"});
  const auto outcome = follow(fixture, target);
  CHECK(std::get<git::Moved>(outcome).checkout.empty());
  CHECK(fixture.id("main") == target);
  CHECK(fixture.id("HEAD") == before);
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
  CHECK_FALSE(fs::exists(fixture.repo.folder() / "it's a repo" / ".gitattributes"));
}

TEST_CASE("an untracked file in the way is told and stays") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "new", "theirs\n");
  fixture.repo.write("new", "mine\n");
  CHECK(std::get<git::NotSafe>(follow(fixture, target)).why == "your new is in the way");
  CHECK(fixture.repo.read("new") == "mine\n");
}

TEST_CASE("an ignored file is never written over, and the command for later does not either") {
  Fixture fixture;
  fixture.repo.write(".gitignore", ".env\n");
  fixture.repo.commit("ignore");
  const CommitId target = ahead(fixture, [&](const fs::path& worktree) {
    fixture.repo.write(worktree / ".env", "DEFAULT=1\n");
  });
  fixture.repo.git({"branch", "orch/int", target.value});
  SECTION("a file") {
    fixture.repo.write(".env", "SECRET=42\n");
  }
  SECTION("what lands does not ignore it any more") {
    fixture.repo.write(".env", "SECRET=42\n");
    fixture.repo.git({"reset", "-q", "--hard", "HEAD~1"});
    fixture.repo.write(".git/info/exclude", ".env\n");
  }
  const auto outcome = follow(fixture, target);
  const auto* unsafe = std::get_if<git::NotSafe>(&outcome);
  REQUIRE(unsafe != nullptr);
  CHECK(unsafe->why == "your .env is in the way");
  CHECK(unsafe->command == command(fixture));
  CHECK(std::system((unsafe->command + " 2>/dev/null").c_str()) != 0);
  CHECK(fixture.repo.read(".env") == "SECRET=42\n");

  fs::rename(fixture.repo.root() / ".env", fixture.repo.root() / ".env.mine");
  CHECK(std::system(unsafe->command.c_str()) == 0);
  CHECK(fixture.id("main") == target);
}

TEST_CASE("no ignored folder gives way to a file, and no ignored file or link to a folder") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "build/\ndata\n*.o\n");
  fixture.repo.write("src/deep/code", "c\n");
  fixture.repo.commit("files");
  const fs::path root = fixture.repo.root();
  SECTION("a folder where a file lands") {
    const CommitId target = ahead(
        fixture, [&](const fs::path& worktree) { fixture.repo.write(worktree / "build", "b\n"); });
    fixture.repo.write("build/deep/result", "mine\n");
    CHECK(refusal(fixture, target) == "your files in build are in the way");
    CHECK(fixture.repo.read("build/deep/result") == "mine\n");
  }
  SECTION("a folder where a link lands") {
    const CommitId target = ahead(
        fixture, [&](const fs::path& worktree) { fs::create_symlink("/tmp", worktree / "build"); });
    fixture.repo.write("build/deep/result", "mine\n");
    CHECK(refusal(fixture, target) == "your files in build are in the way");
    CHECK(fixture.repo.read("build/deep/result") == "mine\n");
  }
  SECTION("a file where a folder lands, deep inside") {
    const CommitId target = ahead(fixture, [&](const fs::path& worktree) {
      fixture.repo.write(worktree / "src/deep/data/a/b", "b\n");
    });
    fixture.repo.write("src/deep/data", "mine\n");
    CHECK(refusal(fixture, target) == "your src/deep/data is in the way");
    CHECK(fixture.repo.read("src/deep/data") == "mine\n");
  }
  SECTION("a link where a folder lands") {
    const CommitId target = ahead(
        fixture, [&](const fs::path& worktree) { fixture.repo.write(worktree / "data/a", "b\n"); });
    fs::create_directories(fixture.repo.folder() / "elsewhere");
    fs::create_symlink(fixture.repo.folder() / "elsewhere", root / "data");
    CHECK(refusal(fixture, target) == "your data is in the way");
    CHECK(fs::is_symlink(root / "data"));
    CHECK(fs::is_empty(fixture.repo.folder() / "elsewhere"));
  }
  SECTION("a folder of the repository that becomes a file, with ignored files in it") {
    const CommitId target = ahead(fixture, [&](const fs::path& worktree) {
      fs::remove_all(worktree / "src");
      fixture.repo.write(worktree / "src", "s\n");
    });
    fixture.repo.write("src/deep/code.o", "mine\n");
    CHECK(refusal(fixture, target) == "your files in src are in the way");
    CHECK(fixture.repo.read("src/deep/code.o") == "mine\n");
  }
  SECTION("a folder of the repository that is removed leaves the ignored files in it") {
    const CommitId target =
        ahead(fixture, [](const fs::path& worktree) { fs::remove_all(worktree / "src"); });
    fixture.repo.write("src/deep/code.o", "mine\n");
    CHECK(std::holds_alternative<git::Moved>(follow(fixture, target)));
    CHECK(fixture.repo.read("src/deep/code.o") == "mine\n");
  }
}

TEST_CASE("a submodule is not deleted for a file, with the command that moves it") {
  Fixture fixture;
  add_submodule(fixture, "dir/sub");
  const auto replace = [&fixture](const char* path) {
    return ahead(fixture, [&fixture, path](const fs::path& worktree) {
      fs::remove_all(worktree / path);
      fixture.repo.write(worktree / path, "f\n");
    });
  };
  const fs::path root = fixture.repo.root();
  std::string replaced;
  SECTION("itself") {
    replaced = "dir/sub";
  }
  SECTION("with the folder above it") {
    replaced = "dir";
  }
  const CommitId target = replace(replaced.c_str());
  fixture.repo.git({"branch", "orch/int", target.value});
  fixture.repo.write("dir/sub/mine", "mine\n");
  const auto outcome = follow(fixture, target);
  const auto* unsafe = std::get_if<git::NotSafe>(&outcome);
  REQUIRE(unsafe != nullptr);
  CHECK(unsafe->why == "your files in dir/sub are in the way");
  CHECK(fixture.repo.read("dir/sub/mine") == "mine\n");
  CHECK_FALSE(fs::exists(root / ".git/orch-following"));
  CHECK(std::system(unsafe->command.c_str()) == 0);
  CHECK(fixture.repo.read(replaced + ".saved/mine") == "mine\n");
  CHECK(fixture.id("main") == target);
}

TEST_CASE("a branch with commits of its own has diverged") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "a", "a\n");
  fixture.repo.write("b", "b\n");
  const CommitId tip{fixture.repo.commit("own")};
  CHECK(std::get<git::Diverged>(follow(fixture, target)).tip == tip);
}

TEST_CASE("nothing moves in the middle of a merge, a rebase or a bisect") {
  Fixture fixture;
  fixture.repo.git({"switch", "-q", "-c", "side"});
  fixture.repo.write("README.md", "side\n");
  fixture.repo.commit("side");
  fixture.repo.git({"switch", "-q", "main"});
  fixture.repo.write("README.md", "main\n");
  fixture.repo.commit("main");
  const CommitId before = fixture.id("main");
  const CommitId target = ahead(fixture, "a", "a\n");

  fixture.repo.try_git_in(fixture.repo.root(), {"merge", "-q", "side"});
  CHECK(std::get<git::NotSafe>(follow(fixture, target)).why ==
        fixture.repo.root().string() + " is in the middle of a merge");
  fixture.repo.git({"merge", "--abort"});
  fixture.repo.try_git_in(fixture.repo.root(), {"rebase", "-q", "side"});
  CHECK(std::get<git::NotSafe>(follow(fixture, target)).why ==
        fixture.repo.root().string() + " is in the middle of a rebase");
  fixture.repo.git({"rebase", "--abort"});
  fixture.repo.git({"bisect", "start", "main", "main~1"});
  CHECK(std::get<git::NotSafe>(follow(fixture, target)).why ==
        fixture.repo.root().string() + " is in the middle of a bisect");
  fixture.repo.git({"bisect", "reset"});
  CHECK(fixture.id("main") == before);
  CHECK(std::holds_alternative<git::Moved>(follow(fixture, target)));
}

TEST_CASE("a branch checked out twice is left to the user") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "a", "a\n");
  fixture.repo.git({"worktree", "add", "-q", "-f", fixture.repo.folder() / "twice", "main"});
  CHECK(std::get<git::NotSafe>(follow(fixture, target)).why ==
        "branch 'main' is checked out in 2 places");
}

TEST_CASE("a checkout that is another worktree comes along") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "a", "a\n");
  fixture.repo.git({"switch", "-q", "-c", "elsewhere"});
  fixture.repo.git({"worktree", "add", "-q", fixture.repo.folder() / "second", "main"});
  const auto outcome = follow(fixture, target);
  CHECK(std::get<git::Moved>(outcome).checkout == fixture.repo.folder() / "second");
  CHECK(fixture.repo.read(fixture.repo.folder() / "second/a") == "a\n");
}

TEST_CASE("a fast-forward that was killed half way is finished") {
  Fixture fixture;
  fixture.repo.write("changed", "old\n");
  fixture.repo.write("removed", "old\n");
  fixture.repo.write("untouched", "old\n");
  fixture.repo.commit("files");
  fixture.worktree_with("T1", "changed", "new\n");
  const fs::path worktree = fixture.repo.worktree("T1");
  fs::remove(worktree / "removed");
  fixture.repo.write(worktree / "added", "new\n");
  fixture.repo.write(worktree / "untouched", "new\n");
  const CommitId target{fixture.repo.commit_in(worktree, "more")};
  // As git leaves it when it is killed: some files written, the index not.
  fixture.repo.write("changed", "ne");
  fixture.repo.write("added", "new\n");
  fs::remove(fixture.repo.root() / "removed");
  fs::remove(fixture.repo.root() / "untouched");
  CHECK(std::holds_alternative<git::NotSafe>(follow(fixture, target)));
  fixture.repo.write(".git/orch-following", target.value);
  CHECK(std::holds_alternative<git::Moved>(follow(fixture, target)));
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
  CHECK(fixture.id("main") == target);
}

TEST_CASE("after a killed fast-forward a change of the user's is still in the way") {
  Fixture fixture;
  const CommitId target = ahead(fixture, "README.md", "new\n");
  fixture.repo.write(".git/orch-following", target.value);
  fixture.repo.write("README.md", "mine\n");
  CHECK(std::holds_alternative<git::NotSafe>(follow(fixture, target)));
  CHECK(fixture.repo.read("README.md") == "mine\n");
}

TEST_CASE("after a killed fast-forward what was in its way before stays as it is") {
  Fixture fixture;
  fixture.repo.write(".gitignore", ".env\n");
  fixture.repo.write("edited", "old\n");
  fixture.repo.commit("files");
  const CommitId target = ahead(fixture, [&](const fs::path& worktree) {
    fixture.repo.write(worktree / ".env", "DEFAULT=1\n");
    fixture.repo.write(worktree / "edited", "new\n");
  });
  // Both are the beginning of what lands, as if git had been killed while it wrote them.
  fixture.repo.write(".env", "DEF");
  fixture.repo.write("edited", "");
  std::string mark = target.value;
  for (const char* path : {".env", "edited"})
    mark += '\0' + std::string(path);
  fixture.repo.write(".git/orch-following", mark);
  CHECK(refusal(fixture, target) ==
        "your .env is in the way; your changes to edited are in the way");
  CHECK(fixture.repo.read(".env") == "DEF");
  CHECK(fixture.repo.read("edited").empty());
}

TEST_CASE("what a killed fast-forward began is finished though more has landed since") {
  Fixture fixture;
  const CommitId first = ahead(fixture, [&](const fs::path& worktree) {
    fixture.repo.write(worktree / "added", "first\n");
    fixture.repo.write(worktree / "README.md", "first\n");
  });
  const CommitId second = ahead(fixture, [&](const fs::path& worktree) {
    fixture.repo.write(worktree / "added", "second\n");
    fixture.repo.write(worktree / "README.md", "second\n");
  });
  fixture.repo.write("added", "fir");
  fixture.repo.write("README.md", "first\n");
  fixture.repo.write(".git/orch-following", first.value);
  CHECK(std::holds_alternative<git::Moved>(follow(fixture, second)));
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
  CHECK(fixture.repo.read("added") == "second\n");
}
