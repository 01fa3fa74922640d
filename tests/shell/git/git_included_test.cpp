// `.worktreeinclude`: which files of a checkout its worktrees get.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

git::Included included(Fixture& fixture, Names left_out = {}) {
  const auto found =
      fixture.wait(fixture.git.included_files(fixture.repo.root(), std::move(left_out)));
  REQUIRE(found);
  return *found;
}

void write(Fixture& fixture, const std::string& name, const std::string& text = "x\n") {
  fixture.repo.write(fixture.repo.root() / name, text);
}

}  // namespace

TEST_CASE("a file is included when it is ignored and a line matches it") {
  Fixture fixture;
  write(fixture, ".gitignore", ".env*\n*.local\nsecrets/\ncache/\n");
  write(fixture, "tracked.local.md");
  fixture.repo.commit("ignore some");
  CHECK(included(fixture).files.empty());
  for (const char* name : {".env", ".env.example", "app/.env", "a.local", "secrets/key",
                           "secrets/deep/key", "cache/x", "new.txt", "ü \"quoted\".local"})
    write(fixture, name);
  write(fixture, ".worktreeinclude",
        "# what agents "
        "need\n.env*\n!.env.example\n\n/secrets/\nnew.txt\ntracked.local.md\n*.local\n");
  CHECK(included(fixture).files == Names{".env", "a.local", "app/.env", "secrets/deep/key",
                                         "secrets/key", "ü \"quoted\".local"});
}

TEST_CASE("of what is ignored by a line above, a deeper file is found") {
  Fixture fixture;
  write(fixture, ".gitignore", "build/\n");
  write(fixture, "build/a/config.json");
  write(fixture, "build/a/b.o");
  write(fixture, ".worktreeinclude", "**/config.json\n");
  CHECK(included(fixture).files == Names{"build/a/config.json"});
}

TEST_CASE("links, other repositories and what is left out are not included") {
  Fixture fixture;
  write(fixture, ".gitignore", "*\n");
  write(fixture, ".worktreeinclude", "*\n");
  write(fixture, "a/one");
  write(fixture, "ours/two");
  write(fixture, "inner/three");
  fixture.repo.git_in(fixture.repo.root() / "inner", {"init", "-q"});
  fs::create_symlink("a/one", fixture.repo.root() / "link");
  fs::create_directory_symlink("a", fixture.repo.root() / "linked");
  const Names files = included(fixture, {"ours"}).files;
  CHECK(std::ranges::find(files, "a/one") != files.end());
  for (const std::string& name : files) {
    INFO(name);
    CHECK_FALSE(name.starts_with("ours"));
    CHECK_FALSE(name.starts_with("link"));
    CHECK_FALSE(name.starts_with("inner"));
    CHECK_FALSE(name.starts_with(".git/"));
  }
}

TEST_CASE("a file of patterns that is none is not read") {
  Fixture fixture;
  write(fixture, ".gitignore", ".env\n");
  write(fixture, ".env");
  write(fixture, "elsewhere", ".env\n");
  const fs::path patterns = fixture.repo.root() / ".worktreeinclude";
  fs::create_symlink("elsewhere", patterns);
  CHECK(included(fixture).files.empty());
  fs::remove(patterns);
  fs::create_directory(patterns);
  CHECK(included(fixture).files.empty());
}

TEST_CASE("more than is sensible is not copied, and that is said") {
  Fixture fixture;
  write(fixture, ".gitignore", "deps/\n");
  write(fixture, ".worktreeinclude", "deps/\n");
  for (int i = 0; i <= 10'000; ++i)
    write(fixture, "deps/" + std::to_string(i), "");
  const git::Included found = included(fixture);
  CHECK(found.files.empty());
  CHECK(found.note.find("10001 files") != std::string::npos);
}
