// Files that a checkout itself leaves modified are nobody's work; ids of any length; submodules.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;
using orch::test::TempRepo;
namespace fs = std::filesystem;

namespace {

/// A content that does not come back from git as it went in.
struct Kind {
  std::string attributes;
  std::string text;
  std::string clean, smudge;  ///< of the filter x
};

const std::vector<Kind> kKinds = {
    {"f text\n", "one\r\ntwo\r\n", "", ""},
    {"f text eol=crlf\n", "one\ntwo\r\n", "", ""},
    {"f ident\n", "$Id: 1234 $\n", "", ""},
    {"f filter=x\n", "a large file\n", "echo pointer", "cat"},
    {"f filter=x\n", "grows\n", "sed 's/^/> /'", "sed 's/$/ </'"},
    {"f working-tree-encoding=UTF-16\n", std::string("\xFF\xFEx\0\n\0", 6), "", ""},
};

/// The file f is in git as its attributes do not want it.
void commit_odd_file(const TempRepo& repo, const Kind& kind) {
  repo.write("f", kind.text);
  repo.commit("a file");
  if (!kind.clean.empty()) repo.git({"config", "filter.x.clean", kind.clean});
  if (!kind.smudge.empty()) repo.git({"config", "filter.x.smudge", kind.smudge});
  repo.write(".gitattributes", kind.attributes);
  repo.git({"add", ".gitattributes"});
  repo.git({"commit", "-q", "-m", "attributes"});
}

/// So that git looks at the content again.
void touch(const fs::path& file) {
  fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

git::Identity somebody() {
  return git::Identity{"A Person", "person@example.org", false};
}

}  // namespace

TEST_CASE("a file that is as its checkout wrote it is no work, whatever git says of it") {
  const Kind kind = GENERATE(from_range(kKinds));
  INFO(kind.attributes << kind.text);
  Fixture fixture;
  commit_odd_file(fixture.repo, kind);
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  touch(spec.path / "f");
  REQUIRE(fixture.repo.git_in(spec.path, {"status", "--porcelain"}) == " M f");

  const auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->changes == git::Changes{});
  fixture.repo.write(spec.path / "new", "work\n");
  const auto work =
      fixture.wait(fixture.git.commit_all({spec.path, "work\n", somebody(), false, {}}));
  REQUIRE(work);
  CHECK(fixture.repo.git({"diff", "--name-only", "main", work->value}) == "new");

  git::RescueRequest request;
  request.worktree = spec.path;
  request.branch = spec.branch;
  request.ref = "refs/orch/rescue/T1";
  request.known = {*work};
  touch(spec.path / "f");
  const auto saved = fixture.wait(fixture.git.rescue(request));
  REQUIRE(saved);
  CHECK(saved->what == git::Rescue::What::Nothing);
}

TEST_CASE("an edit of such a file is work") {
  const Kind kind = GENERATE(from_range(kKinds));
  INFO(kind.attributes << kind.text);
  Fixture fixture;
  commit_odd_file(fixture.repo, kind);
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  const bool executable = GENERATE(false, true);
  if (executable) {
    fs::permissions(spec.path / "f", fs::perms::owner_exec, fs::perm_options::add);
  } else {
    fixture.repo.write(spec.path / "f", kind.text + kind.text);
  }
  const auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->changes.count == 1);
  const auto work =
      fixture.wait(fixture.git.commit_all({spec.path, "work\n", somebody(), false, {}}));
  REQUIRE(work);
  CHECK(fixture.repo.git({"diff", "--name-only", "main", work->value}) == "f");
}

TEST_CASE("tests get such a file as a clone would") {
  const Kind kind = GENERATE(from_range(kKinds));
  INFO(kind.attributes << kind.text);
  Fixture fixture;
  commit_odd_file(fixture.repo, kind);
  git::TestCheckoutRequest request;
  request.path = fixture.repo.folder() / "tested";
  request.commit = fixture.id("main");
  request.reason = "tmux-orch integration";
  const auto tree = fixture.wait(fixture.git.check_out_for_tests(request));
  REQUIRE(tree);
  CHECK(*tree == fixture.repo.id("main^{tree}"));
  touch(request.path / "f");
  CHECK(fixture.wait(fixture.git.tree_now(request.path, {})) == *tree);
  fixture.repo.write(request.path / "f", kind.text + kind.text);
  CHECK(fixture.wait(fixture.git.tree_now(request.path, {})) != *tree);
}

TEST_CASE("a repository may have ids of 64 digits") {
  TempRepo repo(false);
  repo.git({"init", "-q", "-b", "main", "--object-format=sha256"});
  repo.write("README.md", "hello\n");
  repo.commit("first commit");
  Fixture fixture(repo);
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  repo.write(spec.path / "new", "work\n");
  git::RescueRequest request;
  request.worktree = spec.path;
  request.branch = spec.branch;
  request.ref = "refs/orch/rescue/T1";
  REQUIRE(fixture.wait(fixture.git.rescue(request)));
  const auto work =
      fixture.wait(fixture.git.commit_all({spec.path, "work\n", somebody(), false, {}}));
  REQUIRE(work);
  REQUIRE(fixture.wait(fixture.git.ensure_branch("integration", fixture.id("main"))));
  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(*work)));
  REQUIRE(landing);
  const auto& candidate = std::get<git::Candidate>(*landing);
  const CommitId onto = fixture.id("main");
  REQUIRE(fixture.wait(fixture.git.land("refs/heads/integration", candidate.commit, onto)));
  CHECK(repo.git({"diff", "--name-only", "main", "integration"}) == "new");
  CHECK(repo.id("integration").size() == 64);
}

TEST_CASE("a repository inside a worktree is not entered, and its new commits are a change") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  const fs::path inner = spec.path / "inner";
  const fs::path proof = fixture.repo.folder() / "proof";
  fixture.repo.write(inner / "f", "x\n");
  fixture.repo.git_in(inner, {"init", "-q"});
  fixture.repo.commit_in(inner, "inner");
  fixture.repo.commit_in(spec.path, "a repository inside");
  fixture.repo.git_in(inner, {"config", "filter.x.clean", "tee '" + proof.native() + "'"});
  fixture.repo.write(inner / ".git/info/attributes", "* filter=x\n");
  fixture.repo.write(inner / "f", "y\n");
  touch(inner / "f");
  fixture.repo.write(spec.path / ".gitmodules",
                     "[submodule \"inner\"]\n\tpath = inner\n\turl = x\n\tignore = all\n");
  fixture.repo.commit_in(spec.path, "what an agent would like to hide");
  fs::remove(proof);

  const auto clean = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(clean);
  CHECK(clean->changes == git::Changes{});
  REQUIRE(fixture.wait(fixture.git.tree_now(spec.path, {})));
  CHECK_FALSE(fs::exists(proof));

  fixture.repo.git_in(inner, {"-c", "filter.x.clean=cat", "commit", "-qam", "more"});
  fs::remove(proof);
  const auto moved = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(moved);
  CHECK(moved->changes.names == std::vector<std::string>{"inner"});
  CHECK_FALSE(fs::exists(proof));
}
