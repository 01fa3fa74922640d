// A worktree that was looked at and is watched since is not looked at once more; whatever happened
// in it after the look is saved all the same.
#include "catch.hpp"
#include "fixture.hpp"
#include "loop/child.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

using Deed = std::function<void(Fixture&, const fs::path&)>;

/// As a task that is done: what its agent left is committed.
struct Collected : Fixture {
  int looks = 0;

  Collected() {
    children.on_start = [this](const ProcessId&, const loop::Command& command) {
      looks += static_cast<int>(std::ranges::count(command.argv, "status"));
    };
    repo.write(".gitignore", "*.log\n");
    repo.write("src/one.c", "int one;\n");
    repo.commit("a tree");
    REQUIRE(wait(git.ensure_worktree(spec("T1"))));
  }

  fs::path worktree() const { return repo.worktree("T1"); }

  void collect(bool watched) {
    const auto status = wait(watched ? git.look_and_watch(worktree()) : git.look_at(worktree()));
    REQUIRE(status);
    git::CommitRequest commit;
    commit.worktree = worktree();
    commit.message = "work\n";
    commit.identity = {"n", "n@example.org"};
    commit.seen = status->files;
    if (status->changes.count > 0) REQUIRE(wait(git.commit_all(commit)));
    looks = 0;
  }

  git::Rescue saved() {
    const auto done = wait(git.rescue(rescue("T1")));
    REQUIRE(done);
    return *done;
  }
};

/// What an agent or a user may do after the look.
const std::vector<std::pair<std::string, Deed>>& deeds() {
  static const std::vector<std::pair<std::string, Deed>> all = {
      {"edit", [](Fixture& f, const fs::path& w) { f.repo.write(w / "src/one.c", "changed\n"); }},
      {"edit what was committed",
       [](Fixture& f, const fs::path& w) { f.repo.write(w / "made", "once more\n"); }},
      {"a new file", [](Fixture& f, const fs::path& w) { f.repo.write(w / "src/new", "n\n"); }},
      {"a new folder", [](Fixture& f, const fs::path& w) { f.repo.write(w / "a/b/new", "n\n"); }},
      {"an ignored file", [](Fixture& f, const fs::path& w) { f.repo.write(w / "x.log", "l\n"); }},
      {"a mode",
       [](Fixture&, const fs::path& w) { fs::permissions(w / "src/one.c", fs::perms(0755)); }},
      {"removed", [](Fixture&, const fs::path& w) { fs::remove(w / "src/one.c"); }},
      {"staged and removed",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(w / "staged", "s\n");
         f.repo.git_in(w, {"add", "staged"});
         fs::remove(w / "staged");
       }},
      {"staged without a file",
       [](Fixture& f, const fs::path& w) {
         f.repo.git_in(w, {"update-index", "--force-remove", "src/one.c"});
       }},
      {"committed",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(w / "more", "m\n");
         f.repo.commit_in(w, "more");
       }},
      {"a commit without a file",
       [](Fixture& f, const fs::path& w) {
         f.repo.git_in(w, {"-c", "user.name=n", "-c", "user.email=e", "commit", "-q",
                           "--allow-empty", "-m", "empty"});
       }},
      {"another branch",
       [](Fixture& f, const fs::path& w) {
         f.repo.git_in(w, {"switch", "-q", "--detach", "main"});
       }},
      {"a repository",
       [](Fixture& f, const fs::path& w) {
         fs::create_directories(w / "inner");
         f.repo.git_in(w / "inner", {"init", "-q"});
       }},
  };
  return all;
}

/// All that a rescue says, less ids that have a time in them.
std::string told(Collected& at, const git::Rescue& saved) {
  std::string text = fmt::format("{} {} nested {}", static_cast<int>(saved.what), saved.ref,
                                 fmt::join(saved.nested, ","));
  if (!saved.commit.empty()) text += at.repo.git({"ls-tree", "-r", "-t", saved.commit.value});
  if (saved.seen)
    text +=
        fmt::format(" changed {} untracked {} ignored {} staged {} complete {}",
                    fmt::join(saved.seen->changed, ","), fmt::join(saved.seen->untracked, ","),
                    fmt::join(saved.seen->ignored, ","), saved.seen->staged, saved.seen->complete);
  return text;
}

}  // namespace

TEST_CASE("a worktree in which nothing happened is not looked at again") {
  Collected at;
  const bool made = GENERATE(true, false);
  if (made) at.repo.write(at.worktree() / "made", "m\n");
  at.collect(true);
  CHECK(at.saved().what == (made ? git::Rescue::What::Commits : git::Rescue::What::Nothing));
  CHECK(at.looks == 0);
  at.saved();
  CHECK(at.looks == 1);
}

TEST_CASE("a worktree that was looked at twice is looked at again when something happened") {
  Collected at;
  at.collect(true);
  at.collect(true);
  at.repo.write(at.worktree() / "src/one.c", "changed\n");
  CHECK(at.saved().what == git::Rescue::What::Uncommitted);
  CHECK(at.looks == 1);
}

TEST_CASE("what was ignored or is a repository is looked at again") {
  Collected at;
  SECTION("ignored") {
    at.repo.write(at.worktree() / "x.log", "l\n");
  }
  SECTION("a repository") {
    fs::create_directories(at.worktree() / "inner");
    at.repo.git_in(at.worktree() / "inner", {"init", "-q"});
    at.repo.write(at.worktree() / "inner/file", "i\n");
  }
  at.collect(true);
  at.saved();
  CHECK(at.looks == 1);
}

TEST_CASE("whatever happens after the look is saved as without a watch") {
  const auto one = GENERATE(range(std::size_t{0}, deeds().size()));
  const auto& [name, deed] = deeds()[one];
  INFO(name);
  Collected watched;
  Collected plain;
  std::vector<std::string> said;
  for (Collected* at : {&watched, &plain}) {
    at->repo.write(at->worktree() / "made", "m\n");
    at->collect(at == &watched);
    deed(*at, at->worktree());
    said.push_back(told(*at, at->saved()));
    CHECK(at->looks == 1);
  }
  CHECK(said.front() == said.back());
}
