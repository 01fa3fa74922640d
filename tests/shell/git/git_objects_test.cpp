// Objects that are read through the one git that stays, next to what a git of its own says.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/context.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/trees.hpp"

#include <csignal>
#include <filesystem>

using namespace orch;
using namespace orch::git;
using orch::test::Fixture;

namespace fs = std::filesystem;

namespace {

struct Objects : Fixture {
  std::vector<ProcessId> started;
  GitContext context{loop, children, RepositoryFacts{repo.root(), repo.root() / ".git"}};

  Objects() {
    children.on_start = [this](const ProcessId& process, const loop::Command&) {
      started.push_back(process);
    };
  }

  std::optional<GitObject> object(const std::string& name) {
    const auto answer = wait(read(name));
    return answer ? *answer : std::nullopt;
  }

  loop::Job<ObjectReader::Answer> read(std::string name) {
    co_return co_await context.objects.read(name, 1000);
  }
};

/// All kinds of changes, and names that need care.
void change(const test::TempRepo& repo) {
  fs::remove(repo.root() / "gone/a");
  fs::remove_all(repo.root() / "folder");
  repo.write("folder", "a file by now\n");
  fs::remove(repo.root() / "file");
  repo.write("file/below", "in a folder by now\n");
  fs::permissions(repo.root() / "mode", fs::perms::owner_all);
  fs::remove(repo.root() / "type");
  fs::create_symlink("README.md", repo.root() / "type");
  repo.write("a b/ü\n\"c", "changed\n");
  repo.write("new/deep/er/x", "new\n");
  repo.write("folder.txt", "between\n");
}

}  // namespace

TEST_CASE("two trees differ as git says") {
  Objects objects;
  const auto& repo = objects.repo;
  for (const char* path : {"gone/a", "folder/a", "folder/b/c", "file", "mode", "type", "a b/ü\n\"c",
                           "same/deep/x", "folder.txt"})
    repo.write(path, "text\n");
  const std::string before = repo.commit("before");
  change(repo);
  const std::string after = repo.commit("after");
  for (const auto& [from, to] : {std::pair(before, after), std::pair(after, before)}) {
    const auto changes = objects.wait(changes_between(objects.context, from, to));
    REQUIRE(changes);
    const auto wanted = parse_raw_diff(
        repo.git({"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to}));
    CHECK(wanted.size() > 10);
    CHECK(*changes == wanted);
  }
  CHECK(objects.wait(changes_between(objects.context, after, after))->empty());
  CHECK(objects.started.size() == 1);
}

TEST_CASE("the entries of a tree are those that git lists") {
  Objects objects;
  const auto& repo = objects.repo;
  for (const char* path : {"a/b/c", "a/b/d", "a.txt", "a/x", "z"})
    repo.write(path, "text\n");
  const std::string commit = repo.commit("files");
  for (const std::vector<std::string>& paths : std::vector<std::vector<std::string>>{
           {"a"}, {"a/b", "a.txt"}, {"a/b/c", "a/b/c"}, {"z/none"}, {"none", "z"}, {"a/b/", "z"}}) {
    const auto entries = objects.wait(tree_entries(objects.context, commit, paths));
    REQUIRE(entries);
    std::vector<std::string> args = {"ls-tree", "-r", "-z", "--full-tree", commit, "--"};
    args.insert(args.end(), paths.begin(), paths.end());
    CHECK(*entries == parse_tree(repo.git(args)));
  }
}

TEST_CASE("commits know what they come from, near and far") {
  Objects objects;
  const auto& repo = objects.repo;
  const CommitId first{repo.id("main")};
  repo.git({"branch", "side"});
  for (int i = 0; i < 20; ++i)
    repo.commit("more");
  const CommitId last{repo.id("main")};
  repo.git({"checkout", "-q", "side"});
  const CommitId side{repo.commit("side")};
  CHECK(*objects.wait(is_ancestor(objects.context, first, last)));
  CHECK_FALSE(*objects.wait(is_ancestor(objects.context, last, first)));
  CHECK(*objects.wait(is_ancestor(objects.context, last, last)));
  CHECK_FALSE(*objects.wait(is_ancestor(objects.context, side, last)));
  CHECK(*objects.wait(is_ancestor(objects.context, CommitId{repo.id("main^")}, last)));
  CHECK(objects.wait(is_ancestor(objects.context, CommitId{std::string(40, '1')}, last))
            .has_value() == false);
}

TEST_CASE("a ref is read wherever it is kept") {
  Objects objects;
  const auto& repo = objects.repo;
  const CommitId tip{repo.id("main")};
  CHECK(*objects.wait(branch_tip(objects.context, "main")) == tip);
  repo.git({"pack-refs", "--all"});
  CHECK(*objects.wait(branch_tip(objects.context, "main")) == tip);
  repo.git({"symbolic-ref", "refs/heads/link", "refs/heads/main"});
  CHECK(*objects.wait(branch_tip(objects.context, "link")) == tip);
  repo.write(".git/refs/heads/lost", std::string(40, '1') + "\n");
  CHECK_FALSE(*objects.wait(branch_tip(objects.context, "lost")));
  CHECK_FALSE(*objects.wait(branch_tip(objects.context, "none")));
  ::mkfifo((repo.root() / ".git/refs/heads/pipe").c_str(), 0600);
  CHECK_FALSE(objects.wait(branch_tip(objects.context, "pipe")));
}

TEST_CASE("a git that ended is followed by another one, and one that ends each time is given up") {
  Objects objects;
  REQUIRE(objects.object("HEAD"));
  ::kill(objects.started.back().pid, SIGKILL);
  while (!objects.object("HEAD")) {
  }
  CHECK(objects.started.size() == 2);
  CHECK_FALSE(objects.object("none"));
  CHECK_FALSE(objects.object("HEAD\nHEAD"));
  CHECK(objects.started.size() == 2);

  int starts = 0;
  ObjectReader broken(objects.loop, objects.children, [&starts] {
    ++starts;
    loop::Command command;
    command.argv = {"git", "cat-file", "--no-such-option"};
    return command;
  });
  const auto ask = [](ObjectReader& reader) -> loop::Job<ObjectReader::Answer> {
    co_return co_await reader.look("HEAD");
  };
  for (int i = 0; i < 10; ++i)
    CHECK_FALSE(objects.wait(ask(broken)));
  CHECK(starts == 3);
}
