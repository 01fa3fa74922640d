// Refs that are changed through gits that stay, next to what a git of its own does.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/context.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

using namespace orch;
using namespace orch::git;
using namespace std::chrono_literals;
using orch::test::Fixture;
using orch::test::TempRepo;

namespace fs = std::filesystem;

namespace {

struct Refs : Fixture {
  std::vector<std::pair<ProcessId, std::vector<std::string>>> started;
  std::unique_ptr<GitContext> context;

  Refs() { begin(); }

  explicit Refs(TempRepo& existing) : Fixture(existing) { begin(); }

  void begin() {
    children.on_start = [this](const ProcessId& process, const loop::Command& command) {
      started.emplace_back(process, command.argv);
    };
    context = std::make_unique<GitContext>(loop, children,
                                           RepositoryFacts{repo.root(), repo.root() / ".git"});
  }

  std::ptrdiff_t one_shots() const {
    return std::ranges::count_if(started, [](const auto& process) {
      const auto has = [&process](const char* word) {
        return std::ranges::find(process.second, word) != process.second.end();
      };
      return has("update-ref") && !has("--stdin");
    });
  }

  Error change(const std::string& name, const std::string& to, std::optional<std::string> from,
               const std::string& message = {}) {
    RefChange change;
    change.name = name;
    change.to = CommitId{to};
    if (from) change.from = CommitId{*from};
    change.message = message;
    change.doing = "change a ref";
    return error(change_ref(*context, change));
  }

  bool changes(const std::string& name, const std::string& to, std::optional<std::string> from,
               const std::string& message = {}) {
    return change(name, to, std::move(from), message) == Error{};
  }

  std::string at(const std::string& name) const {
    return repo.try_git_in(repo.root(), {"rev-parse", "--verify", "--quiet", name}).text;
  }

  /// The last line of a log without its time.
  static std::string last_logged(const fs::path& log, const TempRepo& repo) {
    const std::string text = repo.read(log);
    const auto moves = parse_head_log(text);
    if (moves.empty()) return {};
    return moves.back().from.value + ' ' + moves.back().to.value + ' ' + moves.back().message;
  }
};

}  // namespace

TEST_CASE("refs are made, moved and taken away by gits that stay") {
  Refs refs;
  const auto& repo = refs.repo;
  const std::string first = repo.id("main");
  const std::string second = repo.commit("second");
  const std::string branch = "refs/heads/orch/T1";
  CHECK(refs.changes(branch, first, "", "tmux-orch: created"));
  CHECK(refs.at(branch) == first + "\n");
  CHECK(refs.last_logged(".git/logs/" + branch, repo) ==
        std::string(40, '0') + ' ' + first + " tmux-orch: created");
  CHECK(refs.changes(branch, second, first, "tmux-orch: landed"));
  CHECK(refs.last_logged(".git/logs/" + branch, repo) ==
        first + ' ' + second + " tmux-orch: landed");
  CHECK(refs.changes("refs/orch/cand/T1", second, std::nullopt));
  CHECK(refs.changes("refs/orch/cand/T1", first, std::nullopt));
  CHECK(refs.at("refs/orch/cand/T1") == first + "\n");
  repo.git({"pack-refs", "--all"});
  CHECK(refs.changes(branch, first, second, "tmux-orch: landed"));
  CHECK(refs.changes(branch, "", first));
  CHECK(refs.at(branch).empty());
  CHECK(refs.changes("refs/orch/cand/T1", "", first));
  CHECK(refs.at("refs/orch/cand/T1").empty());
  CHECK(refs.one_shots() == 0);
  CHECK(refs.started.size() == 3);
  // A fourth text takes the place of one of them.
  CHECK(refs.changes(branch, first, "", "another text"));
  CHECK(refs.last_logged(".git/logs/" + branch, repo).ends_with(" another text"));
  CHECK(refs.started.size() == 4);
}

TEST_CASE("the HEAD of a worktree moves with its branch, and both are logged") {
  for (const bool detached : {false, true}) {
    Refs refs;
    const auto& repo = refs.repo;
    const CommitId first = refs.worktree_with("T1", "file", "text\n");
    const fs::path worktree = repo.worktree("T1");
    if (detached) repo.git_in(worktree, {"checkout", "-q", "--detach"});
    const auto place = refs.context->place_of(worktree);
    REQUIRE(place);
    const CommitId second{repo.git_in(
        worktree, {"commit-tree", "-m", "second", "-p", first.value, first.value + "^{tree}"})};
    RefChange change;
    change.name = "HEAD";
    change.place = *place;
    change.to = second;
    change.from = first;
    change.message = "tmux-orch: commit";
    change.doing = "commit";
    CHECK(refs.error(change_ref(*refs.context, change)) == Error{});
    CHECK(*refs.wait(head_of(*refs.context, *place)) == second);
    CHECK(repo.git_in(worktree, {"rev-parse", "HEAD"}) == second.value);
    CHECK(repo.id("orch/T1") == (detached ? first.value : second.value));
    const std::string logged = first.value + ' ' + second.value + " tmux-orch: commit";
    CHECK(refs.last_logged(place->git_dir / "logs/HEAD", repo) == logged);
    CHECK((refs.last_logged(".git/logs/refs/heads/orch/T1", repo) == logged) == !detached);
    CHECK(refs.one_shots() == 0);
  }
}

TEST_CASE("a ref that is elsewhere, or has no room, is refused with git's words") {
  Refs refs;
  const auto& repo = refs.repo;
  const std::string first = repo.id("main");
  const std::string second = repo.commit("second");
  const auto is_refused = [&](const std::string& name, const std::string& to,
                              const std::string& from, const std::string& word) {
    const std::string before = refs.at(name);
    const Error error = refs.change(name, to, from);
    CHECK(error.fault == Fault::Io);
    CHECK(error.what.starts_with("cannot change a ref: "));
    CHECK(error.what.find(word) != std::string::npos);
    CHECK(refs.at(name) == before);
  };
  // More often than a git that ends each time is started.
  for (int i = 0; i < 5; ++i)
    is_refused("refs/heads/main", first, first, "but expected");
  is_refused("refs/heads/main", first, "", "already exists");
  is_refused("refs/heads/main/below", first, "", "refs/heads/main");
  is_refused("refs/heads/none", first, second, "unable to resolve reference");
  is_refused("refs/heads/none", "", second, "unable to resolve reference");
  is_refused("refs/heads/new", std::string(40, '1'), "", "nonexistent object");
  const std::ptrdiff_t before = refs.one_shots();
  CHECK(refs.changes("refs/heads/new", first, ""));
  CHECK(refs.one_shots() == before);
}

TEST_CASE("a lock that a killed git left on a ref is no obstacle for long") {
  Refs refs;
  const std::string first = refs.repo.id("main");
  CHECK(refs.changes("refs/heads/other", first, ""));
  const fs::path lock = refs.repo.root() / ".git/refs/heads/new.lock";
  refs.repo.write(lock, "");
  fs::last_write_time(lock, fs::file_time_type::clock::now() - 1h);
  CHECK(refs.changes("refs/heads/new", first, ""));
  CHECK(refs.at("refs/heads/new") == first + "\n");
  CHECK(refs.one_shots() > 0);
}

TEST_CASE("a git for refs that is killed is followed by another one") {
  Refs refs;
  const std::string first = refs.repo.id("main");
  CHECK(refs.changes("refs/heads/one", first, ""));
  ::kill(refs.started.back().first.pid, SIGKILL);
  CHECK(refs.changes("refs/heads/two", first, ""));
  CHECK(refs.changes("refs/heads/three", first, ""));
  for (const char* name : {"one", "two", "three"})
    CHECK(refs.at("refs/heads/" + std::string(name)) == first + "\n");
  CHECK(refs.one_shots() <= 1);
}

TEST_CASE("a name that a line cannot have is changed by a git of its own") {
  Refs refs;
  const std::string first = refs.repo.id("main");
  CHECK_FALSE(refs.changes("refs/heads/a b", first, ""));
  CHECK_FALSE(refs.changes("refs/heads/a\ndelete refs/heads/main", first, ""));
  CHECK(refs.at("refs/heads/main") == first + "\n");
  CHECK(refs.one_shots() == 2);
}

TEST_CASE("HEAD is read from its file, or by git") {
  Refs refs;
  const auto& repo = refs.repo;
  const Place main{repo.root() / ".git", repo.root()};
  const CommitId tip{repo.id("main")};
  CHECK(*refs.wait(head_of(*refs.context, main)) == tip);
  repo.git({"checkout", "-q", "--detach"});
  CHECK(*refs.wait(head_of(*refs.context, main)) == tip);
  CHECK(refs.started.empty());
  repo.git({"checkout", "-q", "main"});
  repo.git({"pack-refs", "--all"});
  CHECK(*refs.wait(head_of(*refs.context, main)) == tip);
  repo.git({"symbolic-ref", "HEAD", "refs/heads/unborn"});
  CHECK(refs.wait(head_of(*refs.context, main))->empty());
  repo.git({"symbolic-ref", "refs/heads/link", "refs/heads/main"});
  repo.git({"symbolic-ref", "HEAD", "refs/heads/link"});
  CHECK(*refs.wait(head_of(*refs.context, main)) == tip);
}

TEST_CASE("refs with longer ids are changed in the same way") {
  TempRepo repo(false);
  repo.git({"init", "-q", "-b", "main", "--object-format=sha256"});
  repo.write("file", "text\n");
  const std::string first = repo.commit("first");
  Refs refs(repo);
  CHECK(refs.changes("refs/heads/new", first, ""));
  CHECK(refs.changes("refs/heads/new", "", first));
  CHECK(refs.at("refs/heads/new").empty());
  CHECK(refs.one_shots() == 0);
}
