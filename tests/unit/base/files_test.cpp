#include "orch/base/files.hpp"

#include "catch.hpp"
#include "temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iterator>
#include <string>
#include <thread>

using namespace orch;

static mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};

  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

static auto entries_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST_CASE("a file is replaced as a whole and nothing is left next to it") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  REQUIRE(write_file(path, "old"));
  const std::string text(300'000, 'x');
  REQUIRE(write_file(path, text, 0600, true));
  CHECK(*read_file(path) == text);
  CHECK(mode_of(path) == 0600);
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a file is replaced only while it is what was read") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  REQUIRE(write_file(path, "old", 0640));
  REQUIRE(replace_file(path, "old", "new"));
  CHECK(read_file(path).value() == "new");
  CHECK(mode_of(path) == 0640);
  CHECK(replace_file(path, "old", "x").error().fault == Fault::Busy);
  CHECK(read_file(path).value() == "new");
  CHECK_FALSE(replace_file(folder / "missing", "", "x"));
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("what somebody saves while a file is replaced is never lost") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  REQUIRE(write_file(path, "0"));
  for (int round = 1; round <= 200; ++round) {
    const std::string saved = std::to_string(round);
    std::thread user([&] { (void)write_file(path, saved); });
    const std::string before = read_file(path).value();
    const Status replaced = replace_file(path, before, before + "x");
    user.join();
    CHECK((replaced || replaced.error().fault == Fault::Busy));
    const std::string now = read_file(path).value();
    CHECK((now == saved || now == saved + "x"));
  }
}

TEST_CASE("a name as long as names may be can be written") {
  const TemporaryFolder folder;
  const auto path = folder / std::string(255, 'n');
  REQUIRE(write_file(path, "x"));
  CHECK(*read_file(path) == "x");
}

TEST_CASE("a failed write names the path and the reason and cleans up") {
  const TemporaryFolder folder;
  const auto missing = folder / "no" / "file";
  const Status status = write_file(missing, "x");
  REQUIRE_FALSE(status);
  CHECK(status.error().fault == Fault::NotFound);
  CHECK(status.error().what == "cannot write " + missing.native() + ": No such file or directory");

  std::filesystem::create_directories(folder / "taken" / "x");
  const Status over_folder = write_file(folder / "taken", "x");
  REQUIRE_FALSE(over_folder);
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a file is written by way of another folder, also on another file system") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "staging");
  REQUIRE(write_file(folder / "file", "old"));
  REQUIRE(write_file_from(folder / "staging", folder / "file", "new"));
  CHECK(*read_file(folder / "file") == "new");
  CHECK(entries_in(folder / "staging") == 0);
  REQUIRE(write_file_from("/dev/shm", folder / "file", "newer"));
  CHECK(*read_file(folder / "file") == "newer");
  CHECK_FALSE(write_file_from(folder / "missing", folder / "file", "x"));
  CHECK(*read_file(folder / "file") == "newer");
}

TEST_CASE("a full disk leaves the old file as it was") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  REQUIRE(write_file(path, "old"));
  const pid_t child = ::fork();
  if (child == 0) {
    // A limit on file sizes stands for the full disk.
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(write_file(path, std::string(5000, 'x')) ? 1 : 0);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(*read_file(path) == "old");
  CHECK(entries_in(folder.path()) == 1);
  CHECK(write_file("/dev/full/x", "x").error().fault == Fault::NotFound);
}

TEST_CASE("reading has a limit and takes files only") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  REQUIRE(write_file(path, "12345"));
  CHECK(*read_file(path, 5) == "12345");
  CHECK(read_file(path, 4).error().fault == Fault::Refused);
  CHECK(read_file(folder / "none").error().fault == Fault::NotFound);
  CHECK(read_file(folder.path()).error().fault == Fault::Refused);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(read_file(folder / "fifo").error().fault == Fault::Refused);
  CHECK(read_file("/proc/self/stat"));
}

TEST_CASE("folders are made with their parents and kept when they exist") {
  const TemporaryFolder folder;
  const auto path = folder / "a" / "b";
  REQUIRE(make_folders(path, 0700));
  REQUIRE(make_folders(path / "", 0700));
  CHECK(mode_of(path) == 0700);

  REQUIRE(write_file(folder / "file", ""));
  CHECK(make_folders(folder / "file").error().what.ends_with("Not a directory"));
  CHECK_FALSE(make_folders(folder / "file" / "x"));
}

TEST_CASE("a folder of another user is refused") {
  // One of the two belongs to somebody else than the user who runs the test.
  const TemporaryFolder folder;
  std::filesystem::path strange = "/";
  if (::geteuid() == 0) {
    strange = folder / "strange";
    REQUIRE(make_folders(strange));
    REQUIRE(::chown(strange.c_str(), 12345, 12345) == 0);
  }
  const Status status = make_folders(strange);
  REQUIRE_FALSE(status);
  CHECK(status.error().fault == Fault::Refused);
}

TEST_CASE("a lock is held by one and seen by all until its descriptor closes") {
  const TemporaryFolder folder;
  const auto path = folder / "lock";
  CHECK_FALSE(is_locked(path));
  {
    const auto lock = lock_file(path);
    REQUIRE(lock);
    CHECK(is_locked(path));
    CHECK(lock_file(path).error().fault == Fault::Busy);
    CHECK((::fcntl(lock->get(), F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK_FALSE(is_locked(path));
  CHECK(lock_file(path));
}

TEST_CASE("a descriptor is closed by its owner and by nobody else") {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  Fd first(ends[0]);
  Fd second(ends[1]);
  first = std::move(second);
  second.reset();
  CHECK(::fcntl(ends[0], F_GETFD) == -1);
  CHECK(first.get() == ends[1]);
  const Fd moved(std::move(first));
  CHECK(moved);
  CHECK(Fd(first.release()).get() == -1);
}

TEST_CASE("a file with several names is replaced under all of them, and links stay links") {
  const TemporaryFolder folder;
  const auto path = folder / "tasks.md";
  REQUIRE(write_file(path, "a [ ] b", 0640));
  std::filesystem::create_hard_link(path, folder / "other");
  std::filesystem::create_symlink("other", folder / "link");
  REQUIRE(replace_file(folder / "link", "a [ ] b", "a [x] b"));
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_file(path).value() == "a [x] b");
  REQUIRE(replace_file(path, "a [x] b", "longer [x] b"));
  CHECK(read_file(folder / "other").value() == "longer [x] b");
  REQUIRE(replace_file(path, "longer [x] b", "b"));
  CHECK(read_file(folder / "other").value() == "b");
  CHECK(replace_file(path, "a", "c").error().fault == Fault::Busy);
  CHECK(mode_of(path) == 0640);
}

TEST_CASE("a read-only file is left alone") {
  const TemporaryFolder folder;
  const auto path = folder / "tasks.md";
  REQUIRE(write_file(path, "old", 0444));
  CHECK(replace_file(path, "old", "new").error().fault == Fault::Refused);
  CHECK(read_file(path).value() == "old");
}
