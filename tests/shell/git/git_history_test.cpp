// What is known of histories and of new objects without a process, next to what git says.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/context.hpp"
#include "git/history.hpp"
#include "git/loose_objects.hpp"
#include "git/lost.hpp"
#include "git/queries.hpp"

#include <filesystem>

using namespace orch;
using namespace orch::git;
using orch::test::Fixture;

namespace fs = std::filesystem;

namespace {

struct History : Fixture {
  std::size_t started = 0;
  GitContext context{loop, children, RepositoryFacts{repo.root(), repo.root() / ".git"}};

  History() {
    children.on_start = [this](const ProcessId&, const loop::Command&) { ++started; };
  }

  CommitId on(const std::string& branch, const std::string& start) {
    repo.git({"checkout", "-q", "-B", branch, start});
    repo.write("file of " + branch, "text\n");
    return CommitId{repo.commit("work on " + branch)};
  }

  CommitId land(const std::string& branch) {
    repo.git({"checkout", "-q", "main"});
    repo.git({"merge", "-q", "--no-ff", "-m", "merge", branch});
    return CommitId{repo.id("main")};
  }

  std::string base(const CommitId& onto, const CommitId& branch) {
    const auto found = wait(near_merge_base(context, onto, branch));
    return found && *found ? (**found).value : std::string();
  }

  std::string base_by_git(const CommitId& onto, const CommitId& branch) const {
    return repo.try_git_in(repo.root(), {"merge-base", "--all", onto.value, branch.value}).text;
  }

  bool is_loose(const CommitId& commit, const CommitId& known) {
    const auto loose = wait(adds_only_loose(context, commit, {known}));
    return loose && *loose;
  }

  fs::path file_of(const std::string& rev) const {
    const std::string id = repo.id(rev);
    return repo.root() / ".git/objects" / id.substr(0, 2) / id.substr(2);
  }
};

}  // namespace

TEST_CASE("the merge base of a task that began lately needs no process") {
  History history;
  const CommitId first = history.id("main");
  const CommitId a = history.on("a", "main");
  const CommitId b = history.on("b", "main");
  CHECK(history.base(first, a) == first.value);
  CHECK(history.base(a, b) == first.value);
  CommitId tip = history.land("a");
  CHECK(history.base(tip, b) == first.value);
  CHECK(history.base(tip, a) == a.value);
  for (int i = 0; i < 10; ++i) {
    const std::string branch = "task" + std::to_string(i);
    history.on(branch, i % 2 == 0 ? "main" : "main~" + std::to_string(i));
    tip = history.land(branch);
    CHECK(history.base(tip, b) + "\n" == history.base_by_git(tip, b));
  }
  CHECK(history.started == 1);
}

TEST_CASE("a merge base that is not plain to see is left to git") {
  History history;
  history.on("a", "main");
  history.on("b", "main");
  history.repo.git({"checkout", "-q", "a"});
  history.repo.git({"merge", "-q", "-m", "criss", "b"});
  history.repo.git({"checkout", "-q", "b"});
  history.repo.git({"merge", "-q", "-m", "cross", "a~1"});
  CHECK(history.base(history.id("a"), history.id("b")).empty());
  history.repo.git({"checkout", "-q", "--orphan", "alone"});
  const CommitId alone{history.repo.commit("alone")};
  CHECK(history.base(history.id("main"), alone).empty());
  CHECK(history.base(history.id("main"), CommitId{std::string(40, '1')}).empty());
  // The branch's first commit is in the other history, by a way that its start is not on.
  const CommitId own = history.on("own", "main");
  history.repo.commit("more");
  history.repo.git({"checkout", "-q", "main"});
  for (int i = 0; i < 5; ++i)
    history.repo.commit("main goes on");
  history.repo.git({"merge", "-q", "--no-ff", "-m", "merge", own.value});
  CHECK(history.base(history.id("main"), history.id("own")) == own.value);
  for (int i = 0; i < 100; ++i)
    history.repo.commit("and on");
  CHECK(history.base(history.id("main"), history.id("own")).empty());
}

TEST_CASE("what a commit adds is looked for on disk, object by object") {
  History history;
  const auto& repo = history.repo;
  const CommitId first = history.id("main");
  repo.git({"gc", "-q"});
  repo.write("a/b/c", "new\n");
  repo.write("d", "new as well\n");
  const CommitId second{repo.commit("second")};
  repo.git({"checkout", "-q", "-b", "side", first.value});
  repo.write("side", "side\n");
  repo.commit("side");
  const CommitId merge = history.land("side");
  CHECK(history.is_loose(merge, first));
  CHECK(history.is_loose(first, first));
  CHECK(history.started == 1);
  for (const char* rev :
       {"main:a/b/c", "main:a/b", "main:a", "main:side", "main:", "side:", "main^1", "side"}) {
    CAPTURE(rev);
    const fs::path file = history.file_of(rev);
    const fs::path away = repo.folder() / "away";
    fs::rename(file, away);
    CHECK_FALSE(history.is_loose(merge, first));
    const auto whole = history.wait(has_all_objects(history.context, merge, {first}));
    CHECK((!whole || !*whole));
    fs::rename(away, file);
    CHECK(history.is_loose(merge, first));
  }
  repo.git({"repack", "-q", "-a", "-d"});
  CHECK_FALSE(history.is_loose(merge, first));
  CHECK(*history.wait(has_all_objects(history.context, merge, {first})));
}

TEST_CASE("commits are within others, near or far, or gone") {
  History history;
  const CommitId first = history.id("main");
  const CommitId a = history.on("a", "main");
  const CommitId b = history.on("b", "main");
  const CommitId gone{std::string(40, '1')};
  const CommitId tip = history.land("a");
  const auto within = [&](std::vector<CommitId> commits, std::vector<CommitId> safe) {
    return *history.wait(all_within(history.context, std::move(commits), std::move(safe)));
  };
  CHECK(within({a, first, {}}, {b, {}, tip}));
  CHECK(history.started == 1);
  CHECK_FALSE(within({a, b}, {tip}));
  CHECK(within({gone, a}, {tip}));
  CHECK_FALSE(within({a}, {gone}));
  CHECK_FALSE(within({a}, {}));
  for (int i = 0; i < 80; ++i)
    history.repo.commit("more");
  CHECK(within({a}, {history.id("main")}));
}
