// FIFOs where git reads texts, and files that it cannot read.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/odd_files.hpp"
#include "git/readable.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

void make_fifo(const fs::path& path) {
  fs::create_directories(path.parent_path());
  fs::remove_all(path);
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};

  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST_CASE("a git that waits for a FIFO is ended, and the FIFO is named with what removes it") {
  const std::string place = GENERATE("sub/.gitignore", "in/.git/HEAD");
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.git_in(spec.path, {"init", "-q", "in"});
  fixture.repo.write(spec.path / "in/file", "a\n");
  make_fifo(spec.path / place);
  const auto begun = loop::Loop::boottime_ms();
  const Error error = fixture.error(fixture.git.status_of(spec.path));
  CHECK(loop::Loop::boottime_ms() - begun < 20'000);
  CHECK(error.fault == Fault::Refused);
  CHECK(error.what.find("is no plain file") != std::string::npos);
}

TEST_CASE("what removes a file can be copied, whatever its name is made of") {
  Fixture fixture;
  for (const char* name : {"plain", "it's a name", "two\nlines", "\x1b[31mred"}) {
    const fs::path path = fixture.repo.root() / "a folder" / name;
    make_fifo(path);
    const std::string command = git::removal_of(path);
    CHECK(command.find('\n') == std::string::npos);
    CHECK(std::system(command.c_str()) == 0);
    CHECK_FALSE(fs::exists(fs::symlink_status(path)));
  }
}

TEST_CASE("what a FIFO in one worktree holds up is not said of another") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  make_fifo(spec.path / "sub/.gitignore");
  git::Reads reads{fixture.repo.root(), {fixture.repo.root() / ".git"}};
  const auto there = fixture.wait(git::find_odd_files(fixture.children, reads));
  REQUIRE(there);
  CHECK(there->empty());
  reads.work_tree = spec.path;
  const auto here = fixture.wait(git::find_odd_files(fixture.children, reads));
  REQUIRE(here);
  REQUIRE(here->size() == 1);
  CHECK(here->front().path == spec.path / "sub/.gitignore");
}

TEST_CASE("a file without permission is readable for a while, and a FIFO cannot be kept") {
  Fixture fixture;
  const fs::path file = fixture.repo.root() / "secret";
  fixture.repo.write("secret", "text\n");
  ::chmod(file.c_str(), 0);
  {
    git::Readable readable;
    REQUIRE(readable.open(fixture.repo.root(), {"secret", "gone"}, "save"));
    // Root reads everything as it is.
    CHECK(mode_of(file) == (::geteuid() == 0 ? 0u : 0400u));
  }
  CHECK(mode_of(file) == 0);
  make_fifo(file);
  git::Readable readable;
  const Status opened = readable.open(fixture.repo.root(), {"secret"}, "save");
  REQUIRE_FALSE(opened);
  CHECK(opened.error().hint == "`" + git::removal_of(file) + "`");
}
