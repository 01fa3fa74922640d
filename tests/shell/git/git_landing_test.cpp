// What lands is the merge of two trees and the tick, and nothing else; the user's checkout is not
// looked at.
#include "catch.hpp"
#include "stage.hpp"

#include <algorithm>
#include <map>

using namespace orch;
using orch::test::Stage;
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

git::Candidate candidate(Stage& stage, const git::LandingRequest& request) {
  auto landing = stage.wait(stage.git.prepare_landing(request));
  if (!landing) throw std::runtime_error(landing.error().what);
  if (const auto* conflict = std::get_if<git::MergeConflict>(&*landing))
    throw std::runtime_error("conflict in " + conflict->files.at(0));
  return std::get<git::Candidate>(*landing);
}

void land(Stage& stage, const git::Candidate& landing, const CommitId& onto) {
  const auto landed = stage.wait(stage.git.land("refs/heads/orch/int", landing.commit, onto));
  if (!landed) throw std::runtime_error(landed.error().what);
  REQUIRE(std::holds_alternative<git::Landed>(*landed));
}

std::string file_at(Stage& stage, const CommitId& commit, const std::string& path) {
  return stage.repo.git({"show", commit.value + ":" + path}) + "\n";
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
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  const auto landing = candidate(stage, stage.landing(work));
  CHECK(landing.changed);
  CHECK(stage.repo.id("refs/orch/cand/T1") == landing.commit.value);
  CHECK(stage.repo.id(landing.commit.value + "^{tree}") == landing.tree);
  CHECK(stage.repo.id(landing.commit.value + "^1") == stage.repo.id("main"));
  CHECK(stage.repo.id(landing.commit.value + "^2") == work.value);
  CHECK(stage.repo.git({"log", "-1", "--format=%an|%cn|%B", landing.commit.value}) ==
        "A Person|A Person|Merge a task\n\nOrch-Task: T1\n");
  CHECK(candidate(stage, stage.landing(work)).tree == landing.tree);
}

TEST_CASE("a squash has one parent and the same tree") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  auto request = stage.landing(work);
  const auto merge = candidate(stage, request);
  request.squash = true;
  const auto squash = candidate(stage, request);
  CHECK(squash.tree == merge.tree);
  CHECK(stage.repo.git({"log", "-1", "--format=%P", squash.commit.value}) == stage.repo.id("main"));
}

TEST_CASE("a conflict is told with its files, and no candidate is made") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "README.md", "one\n");
  stage.repo.write("README.md", "two\n");
  stage.repo.commit("two");
  const auto landing = stage.wait(stage.git.prepare_landing(stage.landing(work)));
  REQUIRE(landing);
  const auto* conflict = std::get_if<git::MergeConflict>(&*landing);
  REQUIRE(conflict != nullptr);
  CHECK(conflict->files == std::vector<std::string>{"README.md"});
  CHECK(conflict->messages ==
        std::vector<std::string>{"CONFLICT (content): Merge conflict in README.md"});
  CHECK_FALSE(stage.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/orch/cand/T1"}));
}

TEST_CASE("no conflict of any kind makes a candidate") {
  Stage stage;
  stage.repo.write("dir/file", "1\n");
  stage.repo.write("binary", std::string("\0\1\2", 3));
  stage.repo.write("moved", "a long enough text\nto be found again\nafter a rename\n");
  stage.repo.commit("start");
  const auto branch_with = [&](const std::string& name, const std::function<void()>& change) {
    stage.repo.git({"switch", "-q", "-c", name, "main"});
    change();
    return CommitId{stage.repo.commit(name)};
  };
  const auto write = [&](const std::string& file, const std::string& text) {
    return [&stage, file, text] { stage.repo.write(file, text); };
  };
  const auto remove = [&](const std::string& file) {
    return [&stage, file] { fs::remove_all(stage.repo.root() / file); };
  };
  const auto move = [&](const std::string& to) {
    return [&stage, to] { fs::rename(stage.repo.root() / "moved", stage.repo.root() / to); };
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
    auto request = stage.landing(branch_with(name + "-left", left));
    request.onto = branch_with(name + "-right", right);
    stage.repo.git({"switch", "-q", "main"});
    const auto landing = stage.wait(stage.git.prepare_landing(request));
    INFO(name);
    REQUIRE(landing);
    CHECK(std::holds_alternative<git::MergeConflict>(*landing));
  }
}

TEST_CASE("a commit that does not exist is an error and not a conflict") {
  Stage stage;
  const auto landing = stage.wait(stage.git.prepare_landing(
      stage.landing(CommitId{"1234567890123456789012345678901234567890"})));
  REQUIRE_FALSE(landing);
  CHECK(landing.error().what.find("1234567890") != std::string::npos);
}

TEST_CASE("unrelated histories are an error") {
  Stage stage;
  const std::string tree = stage.repo.id("main^{tree}");
  const CommitId unrelated{stage.repo.git({"commit-tree", "-m", "alone", tree})};
  const auto landing = stage.wait(stage.git.prepare_landing(stage.landing(unrelated)));
  REQUIRE_FALSE(landing);
  CHECK(landing.error().what.find("unrelated histories") != std::string::npos);
}

TEST_CASE("a branch that brings nothing says so, with a tick or without") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n");
  stage.repo.commit("tasks");
  auto request = stage.landing(stage.id("main"));
  CHECK_FALSE(candidate(stage, request).changed);
  request.task_file = task_file("T1");
  const auto landing = candidate(stage, request);
  CHECK_FALSE(landing.changed);
  CHECK(file_at(stage, landing.commit, "tasks.md") == "- [x] T1\n");
}

TEST_CASE("neighbouring ticks of two branches do not conflict, and only the landed one is ticked") {
  Stage stage;
  stage.repo.write("tasks.md", "# Tasks\n- [ ] T1\n- [ ] T2\n- [ ] T3\n");
  stage.repo.commit("tasks");
  REQUIRE(stage.wait(stage.git.ensure_branch("orch/int", stage.id("main"))));
  for (const char* task : {"T1", "T2"}) {
    stage.worktree_with(task, task, "work\n");
    const fs::path file = stage.repo.worktree(task) / "tasks.md";
    // T1's agent ticks its own task, T2's ticks its own and, wrongly, T3.
    std::string text = ticked(stage.repo.read(file), task);
    if (task == std::string("T2")) text = ticked(text, "T3");
    stage.repo.write(file, text);
    stage.repo.commit_in(stage.repo.worktree(task), "tick");
  }
  for (const char* task : {"T1", "T2"}) {
    auto request = stage.landing(stage.id(std::string("orch/") + task));
    request.onto = stage.id("orch/int");
    request.task_file = task_file(task);
    land(stage, candidate(stage, request), request.onto);
  }
  CHECK(file_at(stage, stage.id("orch/int"), "tasks.md") ==
        "# Tasks\n- [x] T1\n- [x] T2\n- [ ] T3\n");
  CHECK(stage.repo.git({"show", "orch/int:T1"}) == "work");
  CHECK(stage.repo.git({"show", "orch/int:T2"}) == "work");
}

TEST_CASE("text that an agent adds to the task file lands together with a tick next to it") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n");
  stage.repo.commit("tasks");
  const CommitId work =
      stage.worktree_with("T2", "tasks.md", "- [x] T1\n- [x] T2\n- [ ] T4 found on the way\n");
  stage.repo.write("tasks.md", "- [x] T1\n- [ ] T2\n");
  stage.repo.commit("T1 landed");
  auto request = stage.landing(work);
  request.task_file = task_file("T2");
  const auto landing = candidate(stage, request);
  CHECK(file_at(stage, landing.commit, "tasks.md") ==
        "- [x] T1\n- [x] T2\n- [ ] T4 found on the way\n");
}

TEST_CASE("marks that an agent takes away come back") {
  Stage stage;
  stage.repo.write("tasks.md", "- [x] T1\n- [ ] T2\n");
  stage.repo.commit("tasks");
  const CommitId work = stage.worktree_with("T2", "tasks.md", "- [ ] T1\n- [ ] T2\n");
  auto request = stage.landing(work);
  request.task_file = task_file("T2");
  const auto landing = candidate(stage, request);
  CHECK_FALSE(landing.changed);
  CHECK(file_at(stage, landing.commit, "tasks.md") == "- [x] T1\n- [x] T2\n");
}

TEST_CASE("a task file that an agent deleted lives on") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n");
  stage.repo.commit("tasks");
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  fs::remove(spec.path / "tasks.md");
  const CommitId work{stage.repo.commit_in(spec.path, "tidy up")};
  auto request = stage.landing(work);
  request.task_file = task_file("T1");
  CHECK(file_at(stage, candidate(stage, request).commit, "tasks.md") == "- [x] T1\n- [ ] T2\n");
}

TEST_CASE("a real conflict in the text of the task file stays one") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\nsome text\n");
  stage.repo.commit("tasks");
  const CommitId work = stage.worktree_with("T1", "tasks.md", "- [x] T1\nother text\n");
  stage.repo.write("tasks.md", "- [ ] T1\nthird text\n");
  stage.repo.commit("edit");
  auto request = stage.landing(work);
  request.task_file = task_file("T1");
  const auto landing = stage.wait(stage.git.prepare_landing(request));
  REQUIRE(landing);
  CHECK(std::get<git::MergeConflict>(*landing).files == std::vector<std::string>{"tasks.md"});
}

TEST_CASE("a criss-cross merge with ticks lands") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n- [ ] T2\n");
  stage.repo.commit("tasks");
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  stage.repo.write("b", "b\n");
  const std::string theirs = stage.repo.commit("b");
  stage.repo.git({"merge", "-q", "--no-edit", work.value});
  const fs::path worktree = stage.repo.worktree("T1");
  stage.repo.git_in(worktree, {"merge", "-q", "--no-edit", theirs});
  stage.repo.write(worktree / "tasks.md", "- [x] T1\n- [ ] T2\n");
  const CommitId tip{stage.repo.commit_in(worktree, "tick")};
  stage.repo.write("tasks.md", "- [ ] T1\n- [x] T2\n");
  stage.repo.commit("T2 landed");
  REQUIRE(stage.repo.git({"merge-base", "--all", "main", tip.value}).size() > 50);
  auto request = stage.landing(tip);
  request.task_file = task_file("T1");
  CHECK(file_at(stage, candidate(stage, request).commit, "tasks.md") == "- [x] T1\n- [x] T2\n");
}

TEST_CASE("an edit of the task file that fails stops the landing with its reason") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n");
  stage.repo.commit("tasks");
  auto request = stage.landing(stage.worktree_with("T1", "a", "a\n"));
  request.task_file = task_file("T1");
  request.task_file->edit = [](std::string_view) -> Result<std::string> {
    return fail(Fault::NotFound, "task T1 is not in the file");
  };
  const auto landing = stage.wait(stage.git.prepare_landing(request));
  REQUIRE_FALSE(landing);
  CHECK(landing.error().what == "cannot mark the task in tasks.md: task T1 is not in the file");
}

TEST_CASE("the task file keeps its mode, and a link is refused") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n");
  fs::permissions(stage.repo.root() / "tasks.md", fs::perms::owner_all);
  stage.repo.commit("tasks");
  auto request = stage.landing(stage.worktree_with("T1", "a", "a\n"));
  request.task_file = task_file("T1");
  const auto landing = candidate(stage, request);
  CHECK(stage.repo.git({"ls-tree", landing.tree, "tasks.md"}).starts_with("100755"));

  fs::rename(stage.repo.root() / "tasks.md", stage.repo.root() / "real.md");
  fs::create_symlink("real.md", stage.repo.root() / "tasks.md");
  stage.repo.commit("link");
  request.onto = stage.id("main");
  request.branch = stage.worktree_with("T2", "b", "b\n");
  CHECK(stage.error(stage.git.prepare_landing(request)).what ==
        "the task file tasks.md is not a plain file in git");
}

TEST_CASE("a branch that changes what is ours does not land, and it is told how to repair it") {
  Stage stage;
  stage.repo.write(".tmux-orch/note", "of the user\n");
  stage.repo.commit("theirs");
  const std::string base = stage.repo.id("main");
  stage.worktree_with("T1", "a", "a\n");
  const fs::path worktree = stage.repo.worktree("T1");
  auto request = stage.landing(stage.id("orch/T1"));
  request.reserved = {".tmux-orch", "build/trees/T9"};
  request.worktrees = "trees";
  const auto touched = [&] {
    request.branch = CommitId{stage.repo.commit_in(worktree, "touches")};
    const auto landing = stage.wait(stage.git.prepare_landing(request));
    REQUIRE(landing);
    const auto* ours = std::get_if<git::TouchesOurs>(&*landing);
    return ours == nullptr ? git::TouchesOurs{} : *ours;
  };
  SECTION("the user's own content there is no obstacle") {
    CHECK(touched().paths.empty());
  }
  SECTION("a new file") {
    stage.repo.write(worktree / "trees/T2/w", "w\n");
    CHECK(touched().paths == std::vector<std::string>{"trees/T2/w"});
    CHECK(touched().added == std::vector<std::string>{"trees"});
  }
  SECTION("a file or a link in the place of a folder") {
    stage.repo.write(worktree / "trees", "w\n");
    fs::create_symlink("/tmp", worktree / "build");
    CHECK(touched().added == std::vector<std::string>{"build", "trees"});
  }
  SECTION("a change of what the user has there") {
    stage.repo.write(worktree / ".tmux-orch/note", "changed\n");
    CHECK(touched().added.empty());
    CHECK(touched().changed == std::vector<std::string>{".tmux-orch"});
  }
  SECTION("another spelling counts where case is no difference") {
    stage.repo.write(worktree / "TREES/T2", "w\n");
    CHECK(touched().paths.empty());
    stage.repo.git({"config", "core.ignorecase", "true"});
    CHECK(touched().paths == std::vector<std::string>{"TREES/T2"});
  }
  SECTION("the project's own folder may hold worktrees next to its files") {
    stage.repo.write(worktree / "trees/oak", "of the project\n");
    stage.repo.git({"merge", "-q", "--ff-only", stage.repo.commit_in(worktree, "oak")});
    request.onto = stage.id("main");
    stage.repo.write(worktree / "trees/elm", "of the project\n");
    CHECK(touched().paths.empty());
  }
  SECTION("commits of the user's may do as they like") {
    stage.repo.write(worktree / ".tmux-orch/note", "changed\n");
    request.reserved.clear();
    CHECK(touched().paths.empty());
  }
}

TEST_CASE("what a pruning takes of a candidate is made anew") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "dir/a", "a\n");
  stage.repo.write("other", "o\n");
  stage.repo.commit("other");
  const auto landing = candidate(stage, stage.landing(work));
  const std::string id = landing.tree;
  fs::remove(stage.repo.root() / ".git/objects" / id.substr(0, 2) / id.substr(2));
  stage.repo.git({"branch", "orch/int", "main"});
  const Error error =
      stage.error(stage.git.land("refs/heads/orch/int", landing.commit, stage.id("main")));
  CHECK(error.fault == Fault::Corrupt);
  CHECK(stage.id("orch/int") == stage.id("main"));
  CHECK(candidate(stage, stage.landing(work)).tree == id);
  land(stage, candidate(stage, stage.landing(work)), stage.id("main"));
}

TEST_CASE("a landing moves the ref once, however often it is asked for") {
  Stage stage;
  const CommitId base = stage.id("main");
  REQUIRE(stage.wait(stage.git.ensure_branch("orch/int", base)));
  const auto first = candidate(stage, stage.landing(stage.worktree_with("T1", "a", "a\n")));
  land(stage, first, base);
  CHECK(stage.id("orch/int") == first.commit);
  const auto again = stage.wait(stage.git.land("refs/heads/orch/int", first.commit, base));
  REQUIRE(again);
  CHECK(std::get<git::Landed>(*again).already);

  auto request = stage.landing(stage.worktree_with("T2", "b", "b\n"));
  request.onto = first.commit;
  land(stage, candidate(stage, request), first.commit);
  const auto below = stage.wait(stage.git.land("refs/heads/orch/int", first.commit, base));
  REQUIRE(below);
  CHECK(std::get<git::Landed>(*below).already);
}

TEST_CASE("a ref that somebody else moved is told with its tip and stays") {
  Stage stage;
  const CommitId base = stage.id("main");
  const auto landing = candidate(stage, stage.landing(stage.worktree_with("T1", "a", "a\n")));
  stage.repo.write("b", "b\n");
  const CommitId other{stage.repo.commit("other")};
  stage.repo.git({"branch", "orch/int"});
  const auto landed = stage.wait(stage.git.land("refs/heads/orch/int", landing.commit, base));
  REQUIRE(landed);
  CHECK(std::get<git::TipMoved>(*landed).tip == other);
  CHECK(stage.id("orch/int") == other);
  CHECK(stage.error(stage.git.land("refs/heads/nope", landing.commit, base)).fault ==
        Fault::NotFound);
}

TEST_CASE("nothing lands on a branch that is checked out") {
  Stage stage;
  const CommitId base = stage.id("main");
  const auto landing = candidate(stage, stage.landing(stage.worktree_with("T1", "a", "a\n")));
  const auto landed = stage.wait(stage.git.land("refs/heads/main", landing.commit, base));
  REQUIRE_FALSE(landed);
  CHECK(landed.error().what == "refs/heads/main is checked out at " + stage.repo.root().string());
  CHECK(stage.id("main") == base);
}

TEST_CASE("a landing leaves the user's checkout as it is, to the last time stamp") {
  Stage stage;
  stage.repo.write("tasks.md", "- [ ] T1\n");
  stage.repo.commit("tasks");
  REQUIRE(stage.wait(stage.git.ensure_branch("orch/int", stage.id("main"))));
  const CommitId work = stage.worktree_with("T1", "tasks.md", "- [x] T1\n");
  stage.repo.write("README.md", "being edited\n");
  stage.repo.write("staged", "staged\n");
  stage.repo.git({"add", "staged"});
  stage.repo.git({"status"});
  const auto before = fingerprint(stage.repo.root());
  auto request = stage.landing(work);
  request.task_file = task_file("T1");
  land(stage, candidate(stage, request), request.onto);
  CHECK(fingerprint(stage.repo.root()) == before);
}

TEST_CASE("the worktree for tests is exactly the commit, again and again") {
  Stage stage;
  stage.repo.write(".gitignore", "cache/\n*.o\n");
  stage.repo.commit("ignore");
  git::TestCheckoutRequest request;
  request.path = stage.repo.worktree("tests");
  request.reason = "tmux-orch run=1 tests";
  request.keep = {"cache"};
  request.commit = stage.id("main");
  const auto first = stage.wait(stage.git.check_out_for_tests(request));
  REQUIRE(first);
  CHECK(*first == stage.repo.id("main^{tree}"));

  const CommitId work = stage.worktree_with("T1", "README.md", "changed\n");
  stage.repo.write(request.path / "cache/x", "kept\n");
  stage.repo.write(request.path / "x.o", "x");
  stage.repo.write(request.path / "left over", "x");
  stage.repo.write(request.path / "README.md", "dirtied\n");
  stage.repo.git({"init", "-q", request.path / "inner"});
  stage.repo.git_in(request.path, {"switch", "-q", "-c", "by-a-test"});
  request.commit = work;
  const auto second = stage.wait(stage.git.check_out_for_tests(request));
  REQUIRE(second);
  CHECK(*second == stage.repo.id(work.value + "^{tree}"));
  CHECK(stage.repo.read(request.path / "README.md") == "changed\n");
  CHECK(stage.repo.read(request.path / "cache/x") == "kept\n");
  CHECK(stage.repo.git_in(request.path, {"status", "--porcelain", "--ignored"}) == "!! cache/");
  CHECK(stage.repo.git_in(request.path, {"branch", "--show-current"}).empty());
  CHECK(stage.repo.id("by-a-test") == stage.repo.id("main"));
}

TEST_CASE("the worktree for tests survives what tests do to it") {
  Stage stage;
  git::TestCheckoutRequest request;
  request.path = stage.repo.worktree("tests");
  request.reason = "tmux-orch run=1 tests";
  request.commit = stage.id("main");
  REQUIRE(stage.wait(stage.git.check_out_for_tests(request)));
  const std::vector<std::function<void()>> harm = {
      [&] { fs::remove(request.path / ".git"); },
      [&] {
        fs::remove(request.path / ".git");
        stage.repo.git({"init", "-q", request.path});
      },
      [&] { fs::remove_all(request.path); },
      [&] { stage.repo.write(stage.repo.root() / ".git/worktrees/tests/index.lock", ""); },
      [&] { fs::remove(stage.repo.root() / ".git/worktrees/tests/index"); },
      [&] { stage.repo.write(stage.repo.root() / ".git/worktrees/tests/MERGE_HEAD", "x"); },
  };
  for (const auto& damage : harm) {
    damage();
    const auto exact = stage.wait(stage.git.check_out_for_tests(request));
    REQUIRE(exact);
    CHECK(stage.repo.git_in(request.path, {"status", "--porcelain", "--ignored"}).empty());
  }
}

TEST_CASE("tests that change the tree are noticed, caches and ignored files are not") {
  Stage stage;
  stage.repo.write(".gitignore", "*.o\n");
  stage.repo.commit("ignore");
  git::TestCheckoutRequest request;
  request.path = stage.repo.worktree("tests");
  request.reason = "tmux-orch run=1 tests";
  request.commit = stage.id("main");
  const auto tree = stage.wait(stage.git.check_out_for_tests(request));
  REQUIRE(tree);
  stage.repo.write(request.path / "x.o", "x");
  stage.repo.write(request.path / "cache/x", "x");
  CHECK(*stage.wait(stage.git.tree_now(request.path, {"cache"})) == *tree);
  CHECK(*stage.wait(stage.git.tree_now(request.path, {})) != *tree);
  fs::remove_all(request.path / "cache");
  // Same size, same second: only the content differs.
  stage.repo.write(request.path / "README.md", "hallo\n");
  CHECK(*stage.wait(stage.git.tree_now(request.path, {})) != *tree);
}

TEST_CASE("refs of runs are listed with age and whether the base has them, and dropped at once") {
  Stage stage;
  candidate(stage, stage.landing(stage.worktree_with("T1", "a", "a\n")));
  stage.repo.git({"branch", "tmux-orch/1", "main"});
  stage.repo.git({"branch", "tmux-orch/2", "main"});
  const std::vector<std::string> patterns = {"refs/orch/cand", "refs/heads/tmux-orch/1",
                                             "refs/heads/tmux-orch/2"};
  const auto refs = stage.wait(stage.git.own_refs(patterns, stage.id("main")));
  REQUIRE(refs);
  REQUIRE(refs->size() == 3);
  CHECK((*refs)[0].name == "refs/heads/tmux-orch/1");
  CHECK((*refs)[0].merged);
  CHECK((*refs)[2].name == "refs/orch/cand/T1");
  CHECK((*refs)[2].committed_s > 1'000'000'000);
  CHECK_FALSE((*refs)[2].merged);

  stage.repo.git({"worktree", "add", "-q", stage.repo.worktree("look"), "tmux-orch/2"});
  CHECK(*stage.wait(stage.git.drop_refs(*refs)) == 2);  // what is checked out stays
  const auto left = stage.wait(stage.git.own_refs(patterns, stage.id("main")));
  REQUIRE(left->size() == 1);
  CHECK(left->front().name == "refs/heads/tmux-orch/2");
}

TEST_CASE("a ref that moved after it was seen is not dropped") {
  Stage stage;
  stage.repo.git({"branch", "tmux-orch/1", "main"});
  auto refs = stage.wait(stage.git.own_refs({"refs/heads/tmux-orch/1"}, stage.id("main")));
  REQUIRE(refs);
  stage.repo.commit("later");
  stage.repo.git({"branch", "-f", "tmux-orch/1", "main"});
  CHECK_FALSE(stage.wait(stage.git.drop_refs(*refs)));
  CHECK(stage.repo.id("tmux-orch/1") == stage.repo.id("main"));
}
