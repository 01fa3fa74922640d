// Hostile names: of files, branches, revisions. None is read as anything but a name.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/parse.hpp"

#include <algorithm>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kFiles = {
    "a b",         "it's", "\"quoted\"",     "new\nline", "tab\there", "-rf", "--help",
    "☃ ünïcode 🎉", "a;b",  "$(touch pwned)", "`x`",       "*",         "[x]", "back\\slash",
    ":(exclude)x", "#",    "!not",           "~",         "%s",
};

}  // namespace

TEST_CASE("files of any name are seen, committed, landed and put back") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  for (const std::string& name : kFiles)
    fixture.repo.write(spec.path / ("dir/" + name), name);
  for (const std::string& name : kFiles)
    fixture.repo.write(spec.path / name, name);

  const auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->changes.count == kFiles.size() + 1);
  for (const std::string& name : kFiles)
    CHECK(std::count(status->changes.names.begin(), status->changes.names.end(), name) == 1);

  const auto commit = fixture.wait(fixture.git.commit_all(
      {spec.path, "all\n", git::Identity{"A Person", "a@b", false}, false, {}}));
  REQUIRE(commit);
  for (const std::string& name : kFiles) {
    const auto text = fixture.wait(fixture.git.show_file(*commit, name));
    REQUIRE(text);
    CHECK(*text == name);
  }

  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(*commit)));
  REQUIRE(landing);
  git::TestCheckoutRequest request;
  request.path = fixture.repo.worktree("tests");
  request.commit = std::get<git::Candidate>(*landing).commit;
  request.reason = "tmux-orch run=1 tests";
  REQUIRE(fixture.wait(fixture.git.check_out_for_tests(request)));
  for (const std::string& name : kFiles)
    CHECK(fixture.repo.read(request.path / name) == name);
  CHECK_FALSE(fs::exists(fixture.repo.root() / "pwned"));
}

TEST_CASE("a file that is not there, a folder and a link have no text") {
  Fixture fixture;
  fixture.repo.write("dir/x", "x");
  fs::create_symlink("dir/x", fixture.repo.root() / "link");
  const CommitId commit{fixture.repo.commit("files")};
  for (const char* path : {"nope", "dir", "link", "-x", ":(glob)**"}) {
    const auto text = fixture.wait(fixture.git.show_file(commit, path));
    REQUIRE(text);
    CHECK_FALSE(text->has_value());
  }
}

TEST_CASE("a revision of any text is looked up and nothing else") {
  Fixture fixture;
  fixture.repo.git({"tag", "v1"});
  for (const char* rev : {"main", "v1", "HEAD", "refs/heads/main"}) {
    const auto commit = fixture.wait(fixture.git.resolve(rev));
    REQUIRE(commit);
    CHECK(*commit == fixture.id("main"));
  }
  for (const char* rev :
       {"", "nope", "-x", "--all", "@{-9}", "a b", "main..v1", "HEAD:README.md"}) {
    const auto commit = fixture.wait(fixture.git.resolve(rev));
    REQUIRE(commit);
    CHECK_FALSE(commit->has_value());
  }
}

TEST_CASE("our rules for branch names are git's") {
  Fixture fixture;
  std::vector<std::string> names = {"main",
                                    "orch/T1",
                                    "a.lock",
                                    "x.lock/y",
                                    "a..b",
                                    ".a",
                                    "a/.b",
                                    "@",
                                    "@{-1}",
                                    "a@{b",
                                    "a@b",
                                    "/a",
                                    "a/",
                                    "a//b",
                                    "a.",
                                    "ä/☃",
                                    "a b",
                                    "a~b",
                                    "a^b",
                                    "a:b",
                                    "a?b",
                                    "a*b",
                                    "a[b",
                                    "a]b",
                                    "a\\b",
                                    "-a",
                                    "a-",
                                    "refs/heads/x",
                                    "HEAD",
                                    "a\tb",
                                    "a\x7f"
                                    "b",
                                    "{",
                                    "$(x)",
                                    "a;b",
                                    "'",
                                    "\"",
                                    "`",
                                    "|",
                                    "&",
                                    "(",
                                    "#",
                                    "!",
                                    "%"};
  for (const std::string& name : names) {
    INFO(name);
    // `--branch` would take @{-1} for the last branch.
    const bool git_takes_it = name != "HEAD" && !name.starts_with('-') && name != "@" &&
                              fixture.repo.git_says_yes({"check-ref-format", "refs/heads/" + name});
    CHECK(static_cast<bool>(git::check_branch(name)) == git_takes_it);
  }
}

TEST_CASE(
    "a branch of any permitted name works, and a forbidden one is refused before git sees it") {
  Fixture fixture;
  int number = 0;
  for (const char* name :
       {"a;touch pwned", "$(x)`y`'\"", "☃/🎉", "@x", "a'b/c\"d", "refs/heads/x"}) {
    auto spec = fixture.spec("W" + std::to_string(++number));
    spec.branch = name;
    if (!git::check_branch(name)) {
      CHECK(fixture.error(fixture.git.ensure_worktree(spec)).fault == Fault::BadInput);
      continue;
    }
    const auto made = fixture.wait(fixture.git.ensure_worktree(spec));
    REQUIRE(made);
    const auto status = fixture.wait(fixture.git.status_of(spec.path));
    REQUIRE(status);
    CHECK(status->branch == name);
  }
  for (const char* name : {"-b", "--orphan", "@{-1}", "a b", "x.lock", ""}) {
    auto spec = fixture.spec("bad");
    spec.branch = name;
    CHECK(fixture.error(fixture.git.ensure_worktree(spec)).fault == Fault::BadInput);
  }
}
