// What lands is the merge of two trees and the tick, and nothing else; the user's checkout is not
// looked at.
#include "catch.hpp"
#include "fixture.hpp"

#include <algorithm>
#include <map>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

/// Ticks the line that ends in `name`.
std::string ticked(std::string text, const std::string& name) {
  const std::size_t at = text.find("- [ ] " + name);
  if (at != std::string::npos) text[at + 3] = 'x';
  return text;
}

/// Lines that both texts have, by what follows the box, get the box of the reference.
std::string with_marks_of(std::string_view text, std::string_view reference) {
  std::string result(text);
  for (std::size_t at = 0; (at = result.find("- [", at)) != std::string::npos; at += 6) {
    const std::string rest = result.substr(at + 6, result.find('\n', at) - at - 6);
    const bool is_ticked = reference.find("- [x] " + rest + "\n") != std::string::npos;
    result[at + 3] = is_ticked ? 'x' : ' ';
  }
  return result;
}

git::TaskFile task_file(const std::string& task) {
  git::TaskFile file;
  file.path = "tasks.md";
  file.edit = [task](std::string_view text) -> Result<std::string> {
    return ticked(std::string(text), task);
  };
  file.with_marks_of = with_marks_of;
  return file;
}

git::Candidate candidate(Fixture& fixture, const git::LandingRequest& request) {
  auto landing = fixture.wait(fixture.git.prepare_landing(request));
  if (!landing) throw std::runtime_error(landing.error().what);
  if (const auto* conflict = std::get_if<git::MergeConflict>(&*landing))
    throw std::runtime_error("conflict in " + conflict->files.at(0));
  return std::get<git::Candidate>(*landing);
}

void land(Fixture& fixture, const git::Candidate& landing, const CommitId& onto) {
  const auto landed = fixture.wait(fixture.git.land("refs/heads/orch/int", landing.commit, onto));
  if (!landed) throw std::runtime_error(landed.error().what);
  REQUIRE(std::holds_alternative<git::Landed>(*landed));
}

std::string file_at(Fixture& fixture, const CommitId& commit, const std::string& path) {
  return fixture.repo.git({"show", commit.value + ":" + path}) + "\n";
}

/// Content and times of all files and of git's own files about the checkout.
std::map<std::string, std::string> fingerprint(const fs::path& root) {
  std::map<std::string, std::string> found;
  for (fs::recursive_directory_iterator entry(root), end; entry != end; ++entry) {
    if (entry->path().filename() == ".git" || entry->path().filename() == ".worktrees")
      entry.disable_recursion_pending();
    if (!entry->is_regular_file()) continue;
    found[entry->path()] = std::to_string(entry->last_write_time().time_since_epoch().count()) +
                           " " + std::to_string(entry->file_size());
  }
  for (const char* name : {".git/index", ".git/HEAD"})
    found[name] = std::to_string(fs::last_write_time(root / name).time_since_epoch().count());
  return found;
}

}  // namespace

TEST_CASE("a clean merge gives a candidate under its ref, with both parents and the message") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  const auto landing = candidate(fixture, fixture.landing(work));
  CHECK(landing.changed);
  CHECK(fixture.repo.id("refs/orch/cand/T1") == landing.commit.value);
  CHECK(fixture.repo.id(landing.commit.value + "^{tree}") == landing.tree);
  CHECK(fixture.repo.id(landing.commit.value + "^1") == fixture.repo.id("main"));
  CHECK(fixture.repo.id(landing.commit.value + "^2") == work.value);
  CHECK(fixture.repo.git({"log", "-1", "--format=%an|%cn|%B", landing.commit.value}) ==
        "A Person|A Person|Merge a task\n\nOrch-Task: T1\n");
  CHECK(candidate(fixture, fixture.landing(work)).tree == landing.tree);
}

TEST_CASE("a squash has one parent and the same tree") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  auto request = fixture.landing(work);
  const auto merge = candidate(fixture, request);
  request.squash = true;
  const auto squash = candidate(fixture, request);
  CHECK(squash.tree == merge.tree);
  CHECK(fixture.repo.git({"log", "-1", "--format=%P", squash.commit.value}) ==
        fixture.repo.id("main"));
}

TEST_CASE("a conflict is told with its files, and no candidate is made") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "README.md", "one\n");
  fixture.repo.write("README.md", "two\n");
  fixture.repo.commit("two");
  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(work)));
  REQUIRE(landing);
  const auto* conflict = std::get_if<git::MergeConflict>(&*landing);
  REQUIRE(conflict != nullptr);
  CHECK(conflict->files == std::vector<std::string>{"README.md"});
  CHECK(conflict->messages ==
        std::vector<std::string>{"CONFLICT (content): Merge conflict in README.md"});
  CHECK_FALSE(fixture.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/orch/cand/T1"}));
}

TEST_CASE("no conflict of any kind makes a candidate") {
  Fixture fixture;
  fixture.repo.write("dir/file", "1\n");
  fixture.repo.write("binary", std::string("\0\1\2", 3));
  fixture.repo.write("moved", "a long enough text\nto be found again\nafter a rename\n");
  fixture.repo.commit("start");
  const auto branch_with = [&](const std::string& name, const std::function<void()>& change) {
    fixture.repo.git({"switch", "-q", "-c", name, "main"});
    change();
    return CommitId{fixture.repo.commit(name)};
  };
  const auto write = [&](const std::string& file, const std::string& text) {
    return [&fixture, file, text] { fixture.repo.write(file, text); };
  };
  const auto remove = [&](const std::string& file) {
    return [&fixture, file] { fs::remove_all(fixture.repo.root() / file); };
  };
  const auto move = [&](const std::string& to) {
    return [&fixture, to] { fs::rename(fixture.repo.root() / "moved", fixture.repo.root() / to); };
  };
  const std::vector<std::pair<std::function<void()>, std::function<void()>>> pairs = {
      {write("README.md", "x\n"), write("README.md", "y\n")},
      {write("README.md", "x\n"), remove("README.md")},
      {write("new", "x\n"), write("new", "y\n")},
      {write("binary", std::string("\0x", 2)), write("binary", std::string("\0y", 2))},
      {move("here"), move("there")},
  };
  int number = 0;
  for (const auto& [left, right] : pairs) {
    const std::string name = "pair" + std::to_string(++number);
    auto request = fixture.landing(branch_with(name + "-left", left));
    request.onto = branch_with(name + "-right", right);
    fixture.repo.git({"switch", "-q", "main"});
    const auto landing = fixture.wait(fixture.git.prepare_landing(request));
    INFO(name);
    REQUIRE(landing);
    CHECK(std::holds_alternative<git::MergeConflict>(*landing));
  }
}

TEST_CASE("a commit that does not exist is an error and not a conflict") {
  Fixture fixture;
  const auto landing = fixture.wait(fixture.git.prepare_landing(
      fixture.landing(CommitId{"1234567890123456789012345678901234567890"})));
  REQUIRE_FALSE(landing);
  CHECK(landing.error().what.find("1234567890") != std::string::npos);
}

TEST_CASE("unrelated histories are an error") {
  Fixture fixture;
  const std::string tree = fixture.repo.id("main^{tree}");
  const CommitId unrelated{fixture.repo.git({"commit-tree", "-m", "alone", tree})};
  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(unrelated)));
  REQUIRE_FALSE(landing);
  CHECK(landing.error().what.find("unrelated histories") != std::string::npos);
}

TEST_CASE("a branch that brings nothing says so, with a tick or without") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n");
  fixture.repo.commit("tasks");
  auto request = fixture.landing(fixture.id("main"));
  CHECK_FALSE(candidate(fixture, request).changed);
  request.task_file = task_file("T1");
  const auto landing = candidate(fixture, request);
  CHECK_FALSE(landing.changed);
  CHECK(file_at(fixture, landing.commit, "tasks.md") == "- [x] T1\n");
}

TEST_CASE("neighbouring ticks of two branches do not conflict, and only the landed one is ticked") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "# Tasks\n- [ ] T1\n- [ ] T2\n- [ ] T3\n");
  fixture.repo.commit("tasks");
  REQUIRE(fixture.wait(fixture.git.ensure_branch("orch/int", fixture.id("main"))));
  for (const char* task : {"T1", "T2"}) {
    fixture.worktree_with(task, task, "work\n");
    const fs::path file = fixture.repo.worktree(task) / "tasks.md";
    // T1's agent ticks its own task, T2's ticks its own and, wrongly, T3.
    std::string text = ticked(fixture.repo.read(file), task);
    if (task == std::string("T2")) text = ticked(text, "T3");
    fixture.repo.write(file, text);
    fixture.repo.commit_in(fixture.repo.worktree(task), "tick");
  }
  for (const char* task : {"T1", "T2"}) {
    auto request = fixture.landing(fixture.id(std::string("orch/") + task));
    request.onto = fixture.id("orch/int");
    request.task_file = task_file(task);
    land(fixture, candidate(fixture, request), request.onto);
  }
  CHECK(file_at(fixture, fixture.id("orch/int"), "tasks.md") ==
        "# Tasks\n- [x] T1\n- [x] T2\n- [ ] T3\n");
  CHECK(fixture.repo.git({"show", "orch/int:T1"}) == "work");
  CHECK(fixture.repo.git({"show", "orch/int:T2"}) == "work");
}

TEST_CASE("text that an agent adds to the task file lands together with a tick next to it") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n");
  fixture.repo.commit("tasks");
  const CommitId work =
      fixture.worktree_with("T2", "tasks.md", "- [x] T1\n- [x] T2\n- [ ] T4 found on the way\n");
  fixture.repo.write("tasks.md", "- [x] T1\n- [ ] T2\n");
  fixture.repo.commit("T1 landed");
  auto request = fixture.landing(work);
  request.task_file = task_file("T2");
  const auto landing = candidate(fixture, request);
  CHECK(file_at(fixture, landing.commit, "tasks.md") ==
        "- [x] T1\n- [x] T2\n- [ ] T4 found on the way\n");
}

TEST_CASE("marks that an agent takes away come back") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [x] T1\n- [ ] T2\n");
  fixture.repo.commit("tasks");
  const CommitId work = fixture.worktree_with("T2", "tasks.md", "- [ ] T1\n- [ ] T2\n");
  auto request = fixture.landing(work);
  request.task_file = task_file("T2");
  const auto landing = candidate(fixture, request);
  CHECK_FALSE(landing.changed);
  CHECK(file_at(fixture, landing.commit, "tasks.md") == "- [x] T1\n- [x] T2\n");
}

TEST_CASE("a task file that an agent deleted lives on") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n");
  fixture.repo.commit("tasks");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fs::remove(spec.path / "tasks.md");
  const CommitId work{fixture.repo.commit_in(spec.path, "tidy up")};
  auto request = fixture.landing(work);
  request.task_file = task_file("T1");
  CHECK(file_at(fixture, candidate(fixture, request).commit, "tasks.md") == "- [x] T1\n- [ ] T2\n");
}

TEST_CASE("a real conflict in the text of the task file stays one") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\nsome text\n");
  fixture.repo.commit("tasks");
  const CommitId work = fixture.worktree_with("T1", "tasks.md", "- [x] T1\nother text\n");
  fixture.repo.write("tasks.md", "- [ ] T1\nthird text\n");
  fixture.repo.commit("edit");
  auto request = fixture.landing(work);
  request.task_file = task_file("T1");
  const auto landing = fixture.wait(fixture.git.prepare_landing(request));
  REQUIRE(landing);
  CHECK(std::get<git::MergeConflict>(*landing).files == std::vector<std::string>{"tasks.md"});
}

TEST_CASE("a criss-cross merge with ticks lands") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n");
  fixture.repo.commit("tasks");
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  fixture.repo.write("b", "b\n");
  const std::string theirs = fixture.repo.commit("b");
  fixture.repo.git({"merge", "-q", "--no-edit", work.value});
  const fs::path worktree = fixture.repo.worktree("T1");
  fixture.repo.git_in(worktree, {"merge", "-q", "--no-edit", theirs});
  fixture.repo.write(worktree / "tasks.md", "- [x] T1\n- [ ] T2\n");
  const CommitId tip{fixture.repo.commit_in(worktree, "tick")};
  fixture.repo.write("tasks.md", "- [ ] T1\n- [x] T2\n");
  fixture.repo.commit("T2 landed");
  REQUIRE(fixture.repo.git({"merge-base", "--all", "main", tip.value}).size() > 50);
  auto request = fixture.landing(tip);
  request.task_file = task_file("T1");
  CHECK(file_at(fixture, candidate(fixture, request).commit, "tasks.md") == "- [x] T1\n- [x] T2\n");
}

TEST_CASE("an edit of the task file that fails stops the landing with its reason") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n");
  fixture.repo.commit("tasks");
  auto request = fixture.landing(fixture.worktree_with("T1", "a", "a\n"));
  request.task_file = task_file("T1");
  request.task_file->edit = [](std::string_view) -> Result<std::string> {
    return fail(Fault::NotFound, "task T1 is not in the file");
  };
  const auto landing = fixture.wait(fixture.git.prepare_landing(request));
  REQUIRE_FALSE(landing);
  CHECK(landing.error().what == "cannot mark the task in tasks.md: task T1 is not in the file");
}

TEST_CASE("the task file keeps its mode, and a link is refused") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n");
  fs::permissions(fixture.repo.root() / "tasks.md", fs::perms::owner_all);
  fixture.repo.commit("tasks");
  auto request = fixture.landing(fixture.worktree_with("T1", "a", "a\n"));
  request.task_file = task_file("T1");
  const auto landing = candidate(fixture, request);
  CHECK(fixture.repo.git({"ls-tree", landing.tree, "tasks.md"}).starts_with("100755"));

  fs::rename(fixture.repo.root() / "tasks.md", fixture.repo.root() / "real.md");
  fs::create_symlink("real.md", fixture.repo.root() / "tasks.md");
  fixture.repo.commit("link");
  request.onto = fixture.id("main");
  request.branch = fixture.worktree_with("T2", "b", "b\n");
  CHECK(fixture.error(fixture.git.prepare_landing(request)).what ==
        "the task file tasks.md is not a plain file in git");
}

TEST_CASE("a branch that changes what is ours does not land, and it is told how to repair it") {
  Fixture fixture;
  fixture.repo.write(".tmux-orch/note", "of the user\n");
  fixture.repo.commit("theirs");
  const std::string base = fixture.repo.id("main");
  fixture.worktree_with("T1", "a", "a\n");
  const fs::path worktree = fixture.repo.worktree("T1");
  auto request = fixture.landing(fixture.id("orch/T1"));
  request.reserved = {".tmux-orch", "build/trees/T9"};
  request.reserved_unless_there = {"trees"};
  const auto touched = [&] {
    request.branch = CommitId{fixture.repo.commit_in(worktree, "touches")};
    const auto landing = fixture.wait(fixture.git.prepare_landing(request));
    REQUIRE(landing);
    const auto* ours = std::get_if<git::TouchesOurs>(&*landing);
    return ours == nullptr ? git::TouchesOurs{} : *ours;
  };
  SECTION("the user's own content there is no obstacle") {
    CHECK(touched().paths.empty());
  }
  SECTION("a new file") {
    fixture.repo.write(worktree / "trees/T2/w", "w\n");
    CHECK(touched().paths == std::vector<std::string>{"trees/T2/w"});
    CHECK(touched().added == std::vector<std::string>{"trees"});
  }
  SECTION("a file or a link in the place of a folder") {
    fixture.repo.write(worktree / "trees", "w\n");
    fs::create_symlink("/tmp", worktree / "build");
    CHECK(touched().added == std::vector<std::string>{"build", "trees"});
  }
  SECTION("a change of what the user has there") {
    fixture.repo.write(worktree / ".tmux-orch/note", "changed\n");
    CHECK(touched().added.empty());
    CHECK(touched().changed == std::vector<std::string>{".tmux-orch"});
  }
  SECTION("another spelling counts where case is no difference") {
    fixture.repo.write(worktree / "TREES/T2", "w\n");
    CHECK(touched().paths.empty());
    fixture.repo.git({"config", "core.ignorecase", "true"});
    CHECK(touched().paths == std::vector<std::string>{"TREES/T2"});
  }
  SECTION("the project's own folder may hold worktrees next to its files") {
    fixture.repo.write(worktree / "trees/oak", "of the project\n");
    fixture.repo.git({"merge", "-q", "--ff-only", fixture.repo.commit_in(worktree, "oak")});
    request.onto = fixture.id("main");
    fixture.repo.write(worktree / "trees/elm", "of the project\n");
    CHECK(touched().paths.empty());
  }
  SECTION("commits of the user's may do as they like") {
    fixture.repo.write(worktree / ".tmux-orch/note", "changed\n");
    request.reserved.clear();
    CHECK(touched().paths.empty());
  }
}

TEST_CASE("what a pruning takes of a candidate is made anew") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "dir/a", "a\n");
  fixture.repo.write("other", "o\n");
  fixture.repo.commit("other");
  const auto landing = candidate(fixture, fixture.landing(work));
  const std::string id = landing.tree;
  fs::remove(fixture.repo.root() / ".git/objects" / id.substr(0, 2) / id.substr(2));
  fixture.repo.git({"branch", "orch/int", "main"});
  const Error error =
      fixture.error(fixture.git.land("refs/heads/orch/int", landing.commit, fixture.id("main")));
  CHECK(error.fault == Fault::Corrupt);
  CHECK(fixture.id("orch/int") == fixture.id("main"));
  CHECK(candidate(fixture, fixture.landing(work)).tree == id);
  land(fixture, candidate(fixture, fixture.landing(work)), fixture.id("main"));
}

TEST_CASE("a landing moves the ref once, however often it is asked for") {
  Fixture fixture;
  const CommitId base = fixture.id("main");
  REQUIRE(fixture.wait(fixture.git.ensure_branch("orch/int", base)));
  const auto first = candidate(fixture, fixture.landing(fixture.worktree_with("T1", "a", "a\n")));
  land(fixture, first, base);
  CHECK(fixture.id("orch/int") == first.commit);
  const auto again = fixture.wait(fixture.git.land("refs/heads/orch/int", first.commit, base));
  REQUIRE(again);
  CHECK(std::get<git::Landed>(*again).already);

  auto request = fixture.landing(fixture.worktree_with("T2", "b", "b\n"));
  request.onto = first.commit;
  land(fixture, candidate(fixture, request), first.commit);
  const auto below = fixture.wait(fixture.git.land("refs/heads/orch/int", first.commit, base));
  REQUIRE(below);
  CHECK(std::get<git::Landed>(*below).already);
}

TEST_CASE("a ref that somebody else moved is told with its tip and stays") {
  Fixture fixture;
  const CommitId base = fixture.id("main");
  const auto landing = candidate(fixture, fixture.landing(fixture.worktree_with("T1", "a", "a\n")));
  fixture.repo.write("b", "b\n");
  const CommitId other{fixture.repo.commit("other")};
  fixture.repo.git({"branch", "orch/int"});
  const auto landed = fixture.wait(fixture.git.land("refs/heads/orch/int", landing.commit, base));
  REQUIRE(landed);
  CHECK(std::get<git::TipMoved>(*landed).tip == other);
  CHECK(fixture.id("orch/int") == other);
  CHECK(fixture.error(fixture.git.land("refs/heads/nope", landing.commit, base)).fault ==
        Fault::NotFound);
}

TEST_CASE("nothing lands on a branch that is checked out") {
  Fixture fixture;
  const CommitId base = fixture.id("main");
  const auto landing = candidate(fixture, fixture.landing(fixture.worktree_with("T1", "a", "a\n")));
  const auto landed = fixture.wait(fixture.git.land("refs/heads/main", landing.commit, base));
  REQUIRE_FALSE(landed);
  CHECK(landed.error().what == "refs/heads/main is checked out at " + fixture.repo.root().string());
  CHECK(fixture.id("main") == base);
}

TEST_CASE("a landing leaves the user's checkout as it is, to the last time stamp") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n");
  fixture.repo.commit("tasks");
  REQUIRE(fixture.wait(fixture.git.ensure_branch("orch/int", fixture.id("main"))));
  const CommitId work = fixture.worktree_with("T1", "tasks.md", "- [x] T1\n");
  fixture.repo.write("README.md", "being edited\n");
  fixture.repo.write("staged", "staged\n");
  fixture.repo.git({"add", "staged"});
  fixture.repo.git({"status"});
  const auto before = fingerprint(fixture.repo.root());
  auto request = fixture.landing(work);
  request.task_file = task_file("T1");
  land(fixture, candidate(fixture, request), request.onto);
  CHECK(fingerprint(fixture.repo.root()) == before);
}

namespace {

git::LandingRequest undo(Fixture& fixture, const std::string& landed) {
  auto request = fixture.landing(CommitId{fixture.repo.id(landed)});
  request.revert = true;
  request.message = "Revert a task\n\nOrch-Undo: T1\n";
  return request;
}

}  // namespace

TEST_CASE("what a merge or a squash has landed is taken back, and what came after it stays") {
  const bool squash = GENERATE(false, true);
  Fixture fixture;
  auto request = fixture.landing(fixture.worktree_with("T1", "a", "a\n"));
  request.squash = squash;
  const auto landed = candidate(fixture, request);
  fixture.repo.git({"reset", "-q", "--hard", landed.commit.value});
  fixture.repo.write("b", "b\n");
  const std::string tip = fixture.repo.commit("after it");
  const auto before = fingerprint(fixture.repo.root());
  const auto reverted = candidate(fixture, undo(fixture, landed.commit.value));
  CHECK(fingerprint(fixture.repo.root()) == before);
  CHECK(fixture.repo.git({"log", "-1", "--format=%P|%B", reverted.commit.value}) ==
        tip + "|Revert a task\n\nOrch-Undo: T1\n");
  CHECK(fixture.repo.git({"diff", "--name-status", tip, reverted.commit.value}) == "D\ta");
  CHECK(reverted.files == std::vector<std::string>{"a"});
}

TEST_CASE("what later work is in the way of is not taken back, and the files are named") {
  Fixture fixture;
  const auto landed =
      candidate(fixture, fixture.landing(fixture.worktree_with("T1", "README.md", "one\n")));
  fixture.repo.git({"reset", "-q", "--hard", landed.commit.value});
  fixture.repo.write("README.md", "two\n");
  fixture.repo.commit("after it");
  const auto landing =
      fixture.wait(fixture.git.prepare_landing(undo(fixture, landed.commit.value)));
  REQUIRE(landing);
  const auto* conflict = std::get_if<git::MergeConflict>(&*landing);
  REQUIRE(conflict != nullptr);
  CHECK(conflict->files == std::vector<std::string>{"README.md"});
}

TEST_CASE("marks next to that of a task that is taken back do not conflict, and stay") {
  Fixture fixture;
  fixture.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n- [ ] T3\n");
  fixture.repo.commit("tasks");
  auto request = fixture.landing(fixture.worktree_with("T1", "a", "a\n"));
  request.task_file = task_file("T1");
  const auto landed = candidate(fixture, request);
  fixture.repo.git({"reset", "-q", "--hard", landed.commit.value});
  fixture.repo.write("tasks.md", "- [x] T1\n- [x] T2\n- [ ] T3\n");
  fixture.repo.commit("T2 has landed");
  auto back = undo(fixture, landed.commit.value);
  back.task_file = task_file("none");
  back.task_file->edit = [](std::string_view text) -> Result<std::string> {
    std::string open(text);
    open[open.find("- [x] T1") + 3] = ' ';
    return open;
  };
  const auto reverted = candidate(fixture, back);
  CHECK(file_at(fixture, reverted.commit, "tasks.md") == "- [ ] T1\n- [x] T2\n- [ ] T3\n");
  CHECK_FALSE(fixture.repo.git_says_yes({"cat-file", "-e", reverted.commit.value + ":a"}));
}
