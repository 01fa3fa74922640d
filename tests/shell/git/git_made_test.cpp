// What the set-up of a worktree made stays in its slot: the next task cannot tell it from what a
// set-up of its own would have made.
#include "catch.hpp"
#include "fixture.hpp"
#include "set_up_worktree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

using namespace orch;
using namespace orch::test;

TEST_CASE("what a set-up made is there for the next task, and the commands need not run") {
  Fixture fixture;
  commit_project(fixture);
  const SetUp first = begin(fixture, "T1", How::Made);
  CHECK(first.ran);
  CHECK(first.made.is_kept);
  fixture.repo.write(fixture.repo.worktree("T1") / "src/a.c", "int b;\n");
  fixture.repo.write(fixture.repo.worktree("T1") / "mine.log", "of the agent\n");
  const git::Removed removed = end(fixture, "T1");
  CHECK(removed.parked);
  CHECK(removed.kept.left.names == std::vector<std::string>{"mine.log"});
  CHECK_FALSE(begin(fixture, "T2", How::Leased).ran);
  check_like_new_set_up(fixture, "T2");
  CHECK(end(fixture, "T2").parked);
  CHECK_FALSE(begin(fixture, "T3", How::Leased).ran);
  check_like_new_set_up(fixture, "T3");
}

TEST_CASE("what a task did to what was made is not there for the next one") {
  using Deed = std::function<void(Fixture&, const fs::path&)>;

  struct Case {
    std::string name;
    bool runs_again;
    Deed deed;
  };

  const auto [name, runs_again, deed] = GENERATE(values<Case>({
      {"new file", false,
       [](Fixture& f, const fs::path& d) { f.repo.write(d / ".cache/x", "x\n"); }},
      {"new files between others", false,
       [](Fixture& f, const fs::path& d) {
         f.repo.write(d / "x/a", "a\n");
         f.repo.write(d / "x/empty-", "e\n");
         f.repo.write(d / "zz", "z\n");
       }},
      {"new folder", false,
       [](Fixture&, const fs::path& d) { fs::create_directories(d / "void/deep"); }},
      {"written to", true,
       [](Fixture& f, const fs::path& d) { f.repo.write(d / "x/lib.js", "evil\n"); }},
      {"written to, with size and time put back", true,
       [](Fixture&, const fs::path& d) {
         const auto time = fs::last_write_time(d / "x/lib.js");
         const int fd = ::open((d / "x/lib.js").c_str(), O_WRONLY | O_CLOEXEC);
         REQUIRE(::pwrite(fd, "L", 1, 0) == 1);
         ::close(fd);
         fs::last_write_time(d / "x/lib.js", time);
       }},
      {"mode", true, [](Fixture&, const fs::path& d) { ::chmod((d / "y/run").c_str(), 0644); }},
      {"mode of a folder", true,
       [](Fixture&, const fs::path& d) { ::chmod((d / "y").c_str(), 0700); }},
      {"deleted", true, [](Fixture&, const fs::path& d) { fs::remove(d / "x/empty"); }},
      {"an empty folder deleted", true,
       [](Fixture&, const fs::path& d) { fs::remove(d / "void"); }},
      {"all deleted", true, [](Fixture&, const fs::path& d) { fs::remove_all(d); }},
      {"a file for all of it", true,
       [](Fixture& f, const fs::path& d) {
         fs::remove_all(d);
         f.repo.write(d, "a file\n");
       }},
      {"a link for all of it", true,
       [](Fixture& f, const fs::path& d) {
         fs::rename(d, f.repo.folder() / "deps");
         fs::create_directory_symlink(f.repo.folder() / "deps", d);
       }},
      {"another name elsewhere", true,
       [](Fixture& f, const fs::path& d) {
         fs::create_hard_link(d / "x/lib.js", f.repo.folder() / "mine");
       }},
      {"made anew, the same", true,
       [](Fixture& f, const fs::path& d) {
         fs::remove_all(d);
         fs::remove_all(d.parent_path() / "src/gen");
         install(f, d.parent_path());
       }},
      {"not to be read", true,
       [](Fixture&, const fs::path& d) { ::chmod((d / "x").c_str(), 0000); }},
  }));
  INFO(name);
  Fixture fixture;
  commit_project(fixture);
  begin(fixture, "T1", How::Made);
  deed(fixture, fixture.repo.worktree("T1") / "deps");
  CHECK(end(fixture, "T1").parked);
  CHECK(begin(fixture, "T2", How::Leased).ran == runs_again);
  check_like_new_set_up(fixture, "T2");
}

TEST_CASE("what was made is made anew where what it is made from is another one") {
  Fixture fixture;
  commit_project(fixture);
  begin(fixture, "T1", How::Made);
  SECTION("before it is parked") {
    fixture.repo.write(fixture.repo.root() / "lock", "two\n");
    fixture.repo.commit("another lock");
    CHECK(end(fixture, "T1").parked);
  }
  SECTION("before it is leased") {
    CHECK(end(fixture, "T1").parked);
    fixture.repo.write(fixture.repo.root() / "lock", "two\n");
    fixture.repo.commit("another lock");
  }
  CHECK(begin(fixture, "T2", How::Leased).ran);
  CHECK(fixture.repo.read(fixture.repo.worktree("T2") / "deps/x/lib.js") == "lib two\n");
  check_like_new_set_up(fixture, "T2");
}

TEST_CASE("files of a commit are not in the way of what was made") {
  Fixture fixture;
  commit_project(fixture);
  begin(fixture, "T1", How::Made);
  const auto track = [&] {
    fixture.repo.write(fixture.repo.root() / "deps/x/lib.js", "of the project\n");
    fixture.repo.git({"add", "-f", "deps/x/lib.js"});
    fixture.repo.commit("deps are of the project");
  };
  SECTION("before it is parked") {
    track();
    CHECK(end(fixture, "T1").parked);
  }
  SECTION("before it is leased") {
    CHECK(end(fixture, "T1").parked);
    track();
  }
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, "T2")));
  REQUIRE(made);
  CHECK(fixture.repo.read(fixture.repo.worktree("T2") / "deps/x/lib.js") == "of the project\n");
  CHECK(fixture.repo.git_in(fixture.repo.worktree("T2"), {"status", "--porcelain"}).empty());
}

TEST_CASE("what was made stays in a slot that is brought to the tip ahead of its task") {
  Fixture fixture;
  commit_project(fixture);
  begin(fixture, "T1", How::Made);
  REQUIRE(end(fixture, "T1").parked);
  fixture.repo.write(fixture.repo.root() / "src/a.c", "int more;\n");
  fixture.repo.commit("main goes on");
  const git::PoolPlan pool{pool_of(fixture), 4, fixture.id("main"), {}};
  const auto ready = fixture.wait(fixture.git.prepare_slot(pool, {1, 1}, trash_of(fixture)));
  REQUIRE(ready);
  CHECK(*ready);
  SECTION("untouched") {
    CHECK_FALSE(begin(fixture, "T2", How::Leased).ran);
  }
  SECTION("touched") {
    fixture.repo.write(pool_of(fixture) / "orch-1/deps/x/lib.js", "evil\n");
    CHECK(begin(fixture, "T2", How::Made).ran);
  }
  check_like_new_set_up(fixture, "T2");
}

TEST_CASE("of two slots, a task gets the one that has what its set-up would make") {
  Fixture fixture;
  commit_project(fixture);
  const Commands none = [](Fixture&, const fs::path&) {};
  begin(fixture, "T1", How::Made, none);
  begin(fixture, "T2", How::Made);
  REQUIRE(end(fixture, "T1").parked);
  REQUIRE(end(fixture, "T2").parked);
  CHECK_FALSE(begin(fixture, "T3", How::Leased).ran);
}

TEST_CASE("a slot in which somebody touched what was made is not used") {
  Fixture fixture;
  commit_project(fixture);
  begin(fixture, "T1", How::Made);
  REQUIRE(end(fixture, "T1").parked);
  fixture.repo.write(fixture.repo.root() / ".worktrees/.pool/orch-1/deps/x/lib.js", "evil\n");
  CHECK(begin(fixture, "T2", How::Made).ran);
  check_like_new_set_up(fixture, "T2");
}

TEST_CASE("what a set-up does besides making ignored files is not kept, and said") {
  struct Case {
    std::string why;
    Commands commands;
  };

  const auto [why, commands] = GENERATE(values<Case>({
      {"changes lock",
       [](Fixture& f, const fs::path& w) { f.repo.write(w / "lock", "changed\n"); }},
      {"makes new.txt, which git does not ignore",
       [](Fixture& f, const fs::path& w) { f.repo.write(w / "new.txt", "new\n"); }},
      {"changes .env", [](Fixture& f, const fs::path& w) { f.repo.write(w / ".env", "more\n"); }},
      {"makes links to files elsewhere: deps/shared",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(f.repo.folder() / "store", "shared\n");
         fs::create_hard_link(f.repo.folder() / "store", w / "deps/shared");
       }},
  }));
  INFO(why);
  Fixture fixture;
  commit_project(fixture);
  const Commands all = [&commands](Fixture& f, const fs::path& w) {
    install(f, w);
    commands(f, w);
  };
  const SetUp first = begin(fixture, "T1", How::Made, all);
  CHECK_FALSE(first.made.is_kept);
  CHECK(first.made.why_not == why);
  CHECK(end(fixture, "T1").parked);
  CHECK(begin(fixture, "T2", How::Leased).ran);
  check_like_new_set_up(fixture, "T2");
}

TEST_CASE("a set-up that makes nothing runs for each task") {
  Fixture fixture;
  commit_project(fixture);
  const Commands none = [](Fixture&, const fs::path&) {};
  const SetUp first = begin(fixture, "T1", How::Made, none);
  CHECK_FALSE(first.made.is_kept);
  CHECK(first.made.why_not.empty());
  CHECK(end(fixture, "T1").parked);
  CHECK(begin(fixture, "T2", How::Leased, none).ran);
}

TEST_CASE("a worktree whose path its set-up wrote down is not kept") {
  const auto write = GENERATE(values<Commands>({
      [](Fixture& f, const fs::path& w) {
        f.repo.write(w / "deps/pyvenv.cfg", "home = /usr/bin\ncommand = venv " + w.native() + "\n");
      },
      [](Fixture&, const fs::path& w) { fs::create_symlink(w / "deps/x", w / "deps/pyvenv.cfg"); },
      [](Fixture& f, const fs::path& w) {
        f.repo.write(w / "deps/pyvenv.cfg", std::string("\0\1", 2) + w.native() + "/x");
      },
  }));
  Fixture fixture;
  commit_project(fixture);
  const SetUp first = begin(fixture, "T1", How::Made, [&write](Fixture& f, const fs::path& w) {
    install(f, w);
    write(f, w);
  });
  CHECK(first.made.names_folder);
  CHECK(first.made.why_not == "writes the worktree's own path into deps/pyvenv.cfg");
  CHECK_FALSE(end(fixture, "T1").parked);
  CHECK_FALSE(fs::exists(fixture.repo.worktree("T1")));
  CHECK(begin(fixture, "T2", How::Made).ran);
}

TEST_CASE("the print of a set-up is that of the files it is made from") {
  Fixture fixture;
  const fs::path root = fixture.repo.root();
  const fs::path worktree = fixture.repo.folder() / "worktree";
  fixture.repo.write(root / ".npmrc", "registry\n");
  fixture.repo.write(worktree / "lock", "one\n");
  fixture.repo.write(worktree / "apps/a/lock", "a\n");
  fixture.repo.write(worktree / "apps/b/lock", "b\n");
  fixture.repo.write(worktree / "apps/b/other", "b\n");
  fixture.repo.write(worktree / "vendor/deep/er", "v\n");
  git::SetUpPrintRequest request;
  request.worktree = worktree;
  request.source = root;
  request.brought = {".npmrc"};
  request.patterns = {"./lock", "apps/*/lock", "vendor/", ".npmrc"};
  request.settings = "npm ci";
  const auto print_now = [&] {
    const auto print = fixture.wait(fixture.git.print_set_up(request));
    REQUIRE(print);
    CHECK(print->missing.empty());
    return print->print;
  };
  const std::string before = print_now();
  CHECK(print_now() == before);
  SECTION("others do not count") {
    fixture.repo.write(worktree / "apps/b/other", "changed\n");
    fixture.repo.write(worktree / ".npmrc", "the copy\n");
    CHECK(print_now() == before);
  }
  SECTION("a file") {
    fixture.repo.write(worktree / "lock", "two\n");
    CHECK(print_now() != before);
  }
  SECTION("a file of a pattern") {
    fixture.repo.write(worktree / "apps/a/lock", "changed\n");
    CHECK(print_now() != before);
  }
  SECTION("one more") {
    fixture.repo.write(worktree / "apps/c/lock", "");
    CHECK(print_now() != before);
  }
  SECTION("one less") {
    fs::remove(worktree / "apps/b/lock");
    CHECK(print_now() != before);
  }
  SECTION("a folder") {
    fixture.repo.write(worktree / "vendor/deep/er", "w\n");
    CHECK(print_now() != before);
  }
  SECTION("the mode") {
    ::chmod((worktree / "lock").c_str(), 0755);
    CHECK(print_now() != before);
  }
  SECTION("the source of a copy") {
    fixture.repo.write(root / ".npmrc", "another\n");
    CHECK(print_now() != before);
  }
  SECTION("settings") {
    request.settings = "npm ci --omit=dev";
    CHECK(print_now() != before);
  }
  SECTION("what is not there is told") {
    request.patterns = {"lock", "lokc", "apps/*/none", "../worktree/lock", "vendor/x/y"};
    const auto print = fixture.wait(fixture.git.print_set_up(request));
    REQUIRE(print);
    CHECK(print->missing ==
          std::vector<std::string>{"lokc", "apps/*/none", "../worktree/lock", "vendor/x/y"});
  }
  SECTION("no link is followed") {
    fs::remove(worktree / "lock");
    fs::create_symlink("/etc/hostname", worktree / "lock");
    CHECK(print_now() != before);
  }
}

TEST_CASE("what was made goes where nothing of the kind is wanted any more") {
  Fixture fixture;
  commit_project(fixture);
  begin(fixture, "T1", How::Made);
  REQUIRE(end(fixture, "T1").parked);
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, "T2"))));
  const fs::path worktree = fixture.repo.worktree("T2");
  CHECK(fs::exists(worktree / "deps"));
  const auto there = fixture.wait(fixture.git.has_made(worktree, "", trash_of(fixture)));
  REQUIRE(there);
  CHECK_FALSE(*there);
  CHECK_FALSE(fs::exists(worktree / "deps"));
  CHECK_FALSE(fs::exists(worktree / "src/gen"));
}
