// Which repository a folder lies in, and the words for it when there is none to use.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/layout.hpp"
#include "git/usual_layout.hpp"
#include "orch/base/files.hpp"

using namespace orch;
using orch::test::Fixture;
using orch::test::TempRepo;
namespace fs = std::filesystem;

namespace {

Result<git::RepositoryFacts> discover(Fixture& fixture, const fs::path& folder) {
  return fixture.wait(git::Repository::discover(fixture.loop, fixture.children, folder));
}

/// What git says of the same folder: a comment is enough for it to be asked.
git::RepositoryFacts as_git_says(Fixture& fixture, const fs::path& config, const fs::path& folder) {
  const std::string before = read_file(config).value();
  REQUIRE(write_file(config, before + "# include\n"));
  CHECK_FALSE(git::facts_by_files(folder));
  const auto facts = fixture.wait(git::Repository::locate(fixture.loop, fixture.children, folder));
  REQUIRE(facts);
  REQUIRE(write_file(config, before));
  return *facts;
}

}  // namespace

TEST_CASE("what the files say of a repository is what git says of it") {
  Fixture fixture;
  const fs::path root = fixture.repo.root();
  fixture.repo.write("src/deep/x", "x");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  const fs::path linked = fixture.repo.worktree("T1");
  fs::create_directories(linked / "sub");
  for (const fs::path& folder : {root, root / "src/deep", linked, linked / "sub"}) {
    INFO(folder);
    const auto found = git::facts_by_files(folder);
    REQUIRE(found);
    const git::RepositoryFacts said = as_git_says(fixture, root / ".git/config", folder);
    CHECK(found->git_dir == said.git_dir);
    CHECK(found->main == said.main);
    CHECK(found->bare == said.bare);
    CHECK(found->checkout == said.checkout);
    CHECK(found->in_linked_worktree == said.in_linked_worktree);
  }
}

TEST_CASE("of whatever is not as usual git is asked") {
  Fixture fixture;
  const fs::path root = fixture.repo.root();
  const fs::path config = root / ".git/config";
  const std::string before = read_file(config).value();
  REQUIRE(git::facts_by_files(root));
  for (const std::string line :
       {"[core]\n\tworktree = ..\n", "[core]\n\tbare = true\n", "[include]\n\tpath = x\n",
        "[Extensions]\n\tobjectformat = sha1\n", "[core]\n\tWorkTree = ..\n"}) {
    INFO(line);
    REQUIRE(write_file(config, before + line));
    CHECK_FALSE(git::facts_by_files(root));
  }
  REQUIRE(write_file(config, "[core]\n\trepositoryformatversion = 1\n\tbare = false\n"));
  CHECK_FALSE(git::facts_by_files(root));
  REQUIRE(write_file(config, before));

  CHECK_FALSE(git::facts_by_files(root / ".git"));
  CHECK_FALSE(git::facts_by_files(root / ".git/objects"));
  CHECK_FALSE(git::facts_by_files(fixture.repo.folder()));
  CHECK_FALSE(git::facts_by_files("/"));
  const fs::path bare = fixture.repo.folder() / "bare.git";
  fixture.repo.git({"clone", "-q", "--bare", root, bare});
  CHECK_FALSE(git::facts_by_files(bare));
  const fs::path inside = root / "bare";
  fixture.repo.git({"clone", "-q", "--bare", root, inside});
  CHECK_FALSE(git::facts_by_files(inside));
  const fs::path apart = fixture.repo.folder() / "apart";
  fixture.repo.git({"clone", "-q", "--separate-git-dir", fixture.repo.folder() / "g", root, apart});
  CHECK_FALSE(git::facts_by_files(apart));

  REQUIRE(write_file(root / ".git/HEAD", "nothing\n"));
  CHECK_FALSE(git::facts_by_files(root));
}

TEST_CASE("a repository is found from its top and from a folder in it") {
  Fixture fixture;
  fixture.repo.write("src/deep/x", "x");
  for (const fs::path& folder : {fixture.repo.root(), fixture.repo.root() / "src/deep"}) {
    const auto facts = discover(fixture, folder);
    REQUIRE(facts);
    CHECK(facts->root == fixture.repo.root());
    CHECK(facts->git_dir == fixture.repo.root() / ".git");
    CHECK(facts->branch == "main");
    CHECK(facts->head == fixture.id("main"));
    CHECK_FALSE(facts->in_linked_worktree);
  }
}

TEST_CASE("a linked worktree has a branch of its own and the root of all") {
  Fixture fixture;
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  const auto facts = discover(fixture, fixture.repo.worktree("T1"));
  REQUIRE(facts);
  CHECK(facts->root == fixture.repo.root());
  CHECK(facts->main == fixture.repo.root());
  CHECK(facts->checkout == fixture.repo.worktree("T1"));
  CHECK(facts->in_linked_worktree);
  CHECK(facts->in_worktree_of_ours);
  CHECK(facts->branch == "orch/T1");
  const fs::path theirs = fixture.repo.folder() / "theirs";
  fixture.repo.git({"worktree", "add", "-q", "-b", "feature", theirs});
  const auto others = discover(fixture, theirs);
  REQUIRE(others);
  CHECK(others->branch == "feature");
  CHECK_FALSE(others->in_worktree_of_ours);
}

TEST_CASE("of a bare repository the worktrees can be used, and its HEAD holds no branch") {
  Fixture fixture;
  const fs::path bare = fixture.repo.folder() / "bare.git";
  const fs::path work = fixture.repo.folder() / "work";
  fixture.repo.git({"clone", "-q", "--bare", fixture.repo.root(), bare});
  fixture.repo.git({"--git-dir", bare, "worktree", "add", "-q", "-b", "feature", work});
  const auto facts = discover(fixture, work);
  REQUIRE(facts);
  CHECK(facts->bare);
  CHECK(facts->root == bare);
  CHECK(facts->main.empty());
  CHECK(facts->checkout == work);
  const git::Repository repository(fixture.loop, fixture.children, *facts);
  CHECK(repository.checked_out_at("main").empty());
  CHECK(repository.checked_out_at("feature").size() == 1);
  const auto seen = fixture.wait(git::Repository::locate(fixture.loop, fixture.children, bare));
  REQUIRE(seen);
  CHECK(seen->root == bare);
  CHECK(seen->checkout.empty());
}

TEST_CASE("a folder whose .git file leads to a bare repository is its root") {
  Fixture fixture;
  const fs::path project = fixture.repo.folder() / "project";
  fixture.repo.git({"clone", "-q", "--bare", fixture.repo.root(), project / ".bare"});
  REQUIRE(write_file(project / ".git", "gitdir: ./.bare\n"));
  fixture.repo.git(
      {"--git-dir", project / ".bare", "worktree", "add", "-q", project / "main", "main"});
  const auto facts = discover(fixture, project / "main");
  REQUIRE(facts);
  CHECK(facts->root == project);
}

TEST_CASE(
    "from a linked worktree of a separate git folder the main one is found once it is noted") {
  Fixture fixture;
  const fs::path main = fixture.repo.folder() / "there";
  const fs::path git_dir = fixture.repo.folder() / "elsewhere.git";
  const fs::path linked = fixture.repo.folder() / "linked";
  fixture.repo.git({"clone", "-q", "--separate-git-dir", git_dir, fixture.repo.root(), main});
  fixture.repo.git({"--git-dir", git_dir, "worktree", "add", "-q", "-b", "feature", linked});
  const auto first = discover(fixture, linked);
  REQUIRE(first);
  CHECK(first->main.empty());
  CHECK(first->root == linked);
  REQUIRE(git::remember_root(git_dir, main));
  const auto then = discover(fixture, linked);
  REQUIRE(then);
  CHECK(then->root == main);
  CHECK(then->main == main);
  CHECK(then->branch == "feature");
  // A note that leads to a folder of another repository is not followed.
  REQUIRE(git::remember_root(git_dir, fixture.repo.root()));
  CHECK(discover(fixture, linked)->root == linked);
}

TEST_CASE("a detached main worktree has no branch") {
  Fixture fixture;
  fixture.repo.git({"switch", "-q", "--detach"});
  const auto facts = discover(fixture, fixture.repo.root());
  REQUIRE(facts);
  CHECK(facts->branch.empty());
}

TEST_CASE("a folder outside any repository is refused with the way to make one") {
  Fixture fixture;
  const auto facts = discover(fixture, fixture.repo.folder());
  REQUIRE_FALSE(facts);
  CHECK(facts.error().fault == Fault::NotFound);
  CHECK(facts.error().what == fixture.repo.folder().string() + " is not in a git repository");
  CHECK(facts.error().hint.find("git init") != std::string::npos);
}

TEST_CASE("nobody is told to make a repository of everything there is") {
  Fixture fixture;
  const auto facts = discover(fixture, "/");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what == "/ is not in a git repository");
  CHECK(facts.error().hint.empty());
}

TEST_CASE("a folder that does not exist is named") {
  Fixture fixture;
  const auto facts = discover(fixture, "/nonexistent");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what == "cannot use /nonexistent: No such file or directory");
}

TEST_CASE("a repository without commits is refused with the command that makes one") {
  Fixture fixture;
  fixture.repo.git({"init", "-q", fixture.repo.folder() / "empty"});
  const auto facts = discover(fixture, fixture.repo.folder() / "empty");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what == (fixture.repo.folder() / "empty").string() + " has no commits yet");
  CHECK(facts.error().hint == "git add -A && git commit -m 'first commit'");
}

TEST_CASE("a bare repository is refused") {
  Fixture fixture;
  fixture.repo.git({"init", "-q", "--bare", fixture.repo.folder() / "bare"});
  const auto facts = discover(fixture, fixture.repo.folder() / "bare");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().fault == Fault::Refused);
  CHECK(facts.error().what == (fixture.repo.folder() / "bare").string() + " is a bare repository");
}

TEST_CASE("git's own folder is refused") {
  Fixture fixture;
  const auto facts = discover(fixture, fixture.repo.root() / ".git");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what.find("is inside git's own folder") != std::string::npos);
}

TEST_CASE("what a hook sets in the environment does not lead astray") {
  Fixture fixture;
  fixture.repo.git({"init", "-q", fixture.repo.folder() / "other"});
  const std::string other = fixture.repo.folder() / "other/.git";
  const CommitId head = fixture.id("main");
  fixture.repo.set("GIT_DIR", other);
  fixture.repo.set("GIT_WORK_TREE", fixture.repo.folder() / "other");
  fixture.repo.set("GIT_INDEX_FILE", other + "/index");
  const auto facts = discover(fixture, fixture.repo.root());
  REQUIRE(facts);
  CHECK(facts->root == fixture.repo.root());
  const auto tip = fixture.wait(fixture.git.branch_tip("main"));
  REQUIRE(tip);
  CHECK(*tip == head);
}

TEST_CASE("the identity is the user's, or ours where there is none") {
  Fixture fixture;
  const auto none = fixture.wait(fixture.git.identity());
  REQUIRE(none);
  CHECK(*none == git::Identity{"tmux-orch", "tmux-orch@localhost", true});
  fixture.repo.git({"config", "user.name", "A Person"});
  fixture.repo.git({"config", "user.email", "a@b"});
  const auto theirs = fixture.wait(fixture.git.identity());
  REQUIRE(theirs);
  CHECK(*theirs == git::Identity{"A Person", "a@b", false});
}

TEST_CASE("nothing is fetched to find a repository, whatever its configuration says of remotes") {
  Fixture fixture;
  const fs::path proof = fixture.repo.folder() / "proof";
  fixture.repo.git({"config", "remote.x.url", fixture.repo.root().native()});
  fixture.repo.git({"config", "remote.x.promisor", "true"});
  fixture.repo.git({"config", "remote.x.uploadpack", "touch '" + proof.native() + "'; false"});
  fixture.repo.write(".git/refs/heads/main", std::string(40, 'a') + "\n");
  const auto facts = discover(fixture, fixture.repo.root());
  REQUIRE_FALSE(facts);
  CHECK_FALSE(fs::exists(proof));
}
