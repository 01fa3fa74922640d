#include "loop/descriptors.hpp"

#include "orch/base/files.hpp"
#include "run_command.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace {

/// Only so many more files can be opened until this is destroyed.
class FewDescriptors {
 public:
  explicit FewDescriptors(int left) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(lowest);
    set(static_cast<rlim_t>(lowest + left));
  }

  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  void set(rlim_t soft) const {
    const rlimit few{soft, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }

  rlimit before_{};
};

bool can_pass(const Result<Finished>& finished) {
  return finished ? finished->ok() : finished.error().fault == Fault::Busy;
}

}  // namespace

TEST_CASE("however few descriptors are left, a command has run or can be run later") {
  int refused = 0;
  int ran = 0;
  for (int left = 0; left < 16; ++left) {
    Fixture fixture;
    Command command = shell("exit 0");
    if (left % 2 == 0) command.input = "something to read";
    const FewDescriptors few(left);
    const Result<Finished> finished = fixture.run(command);
    INFO(left << " left: " << (finished ? finished->text("sh") : to_text(finished.error())));
    CHECK(can_pass(finished));
    ++(finished ? ran : refused);
    CHECK(no_child_left());
  }
  CHECK(ran > 3);
  CHECK(refused > 3);
}

TEST_CASE("however few descriptors are left, a pipe is open or can be opened later") {
  int refused = 0;
  for (int left = 0; left < 16; ++left) {
    Fixture fixture;
    const FewDescriptors few(left);
    bool ended = false;
    auto pipe = fixture.children.open(
        command_of({"cat"}), [](std::string_view) {}, [&](const Finished&) { ended = true; });
    if (!pipe) {
      ++refused;
      CHECK(pipe.error().fault == Fault::Busy);
      continue;
    }
    (*pipe)->close_input();
    fixture.loop.run();
    CHECK(ended);
  }
  CHECK(refused > 3);
}

TEST_CASE("what is said of missing descriptors has the command that gives more") {
  Fixture fixture;
  const FewDescriptors few(2);
  const Result<Finished> finished = fixture.run(shell("exit 0"));
  REQUIRE_FALSE(finished);
  CHECK(finished.error().what.find("Too many open files") != std::string::npos);
  CHECK(finished.error().hint.find("ulimit -n 1024") != std::string::npos);
}

TEST_CASE("commands wait for descriptors as long as another one is at work") {
  Fixture fixture;
  const FewDescriptors few(20);
  int ok = 0;
  int errors = 0;
  std::size_t most = 0;
  for (int i = 0; i < 30; ++i) {
    fixture.children.run(shell("sleep 0.02"), [&](const Result<Finished>& finished) {
      ++(finished && finished->ok() ? ok : errors);
    });
    most = std::max(most, fixture.children.alive());
    CHECK(has_descriptors(kDescriptorsInReserve));
  }
  fixture.loop.run();
  CHECK(ok == 30);
  CHECK(errors == 0);
  CHECK(most > 1);
  CHECK(most < 6);
}

TEST_CASE("those that wait for descriptors are told when all is stopped") {
  Fixture fixture;
  const FewDescriptors few(14);
  int told = 0;
  bool stopped = false;
  for (int i = 0; i < 5; ++i)
    fixture.children.run(shell("exec sleep 1000"), [&](const Result<Finished>&) { ++told; });
  fixture.children.stop_all(2s, [&] { stopped = true; });
  fixture.loop.run();
  CHECK(told == 5);
  CHECK(stopped);
  CHECK(no_child_left());
}

TEST_CASE("the end of a process is noticed with few descriptors, and takes none") {
  Fixture fixture;
  const FewDescriptors few(kDescriptorsInReserve + 2);
  auto child = fixture.children.open(
      command_of({"cat"}), [](std::string_view) {}, [](const Finished&) {});
  REQUIRE(child);
  bool gone = false;
  REQUIRE_FALSE(has_descriptors(kDescriptorsInReserve));
  const bool before = has_descriptors(kDescriptorsInReserve - 1);
  const ExitWatch watch(fixture.loop, (*child)->process().pid, [&] { gone = true; });
  CHECK(has_descriptors(kDescriptorsInReserve - 1) == before);
  (*child)->close_input();
  fixture.loop.run();
  CHECK(gone);
}

// Last, as it counts for the rest of this process.
TEST_CASE("a raised limit is ours alone, but for a child that asks for it") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(before.rlim_max > 200);
  const rlimit low{150, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  raise_descriptor_limit();
  CHECK(first_descriptor_limit() == 150);
  rlimit raised{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &raised) == 0);
  CHECK(raised.rlim_cur > 150);
  CHECK(raised.rlim_max == before.rlim_max);

  Fixture fixture;
  Command command = shell("ulimit -Sn; ulimit -Hn");
  const std::string hard =
      before.rlim_max == RLIM_INFINITY ? "unlimited" : std::to_string(before.rlim_max);
  CHECK(fixture.finish(command).out == fmt::format("150\n{}\n", hard));
  command.many_files = true;
  CHECK(fixture.finish(command).out == fmt::format("{}\n{}\n", raised.rlim_cur, hard));
  ::setrlimit(RLIMIT_NOFILE, &before);
}
