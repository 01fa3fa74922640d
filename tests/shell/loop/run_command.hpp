#pragma once
// A loop with children, and the result of one command run on it.
#include "catch.hpp"
#include "loop/child.hpp"
#include "orch/base/text.hpp"

#include <sys/wait.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

inline Command command_of(std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  return command;
}

inline Command shell(std::string script) {
  return command_of({"sh", "-c", std::move(script)});
}

struct Fixture {
  Loop loop;
  Children children{loop};

  /// Runs the loop until nothing is left to wait for.
  Result<Finished> run(Command command) {
    std::optional<Result<Finished>> result;
    int calls = 0;
    children.run(std::move(command), [&](Result<Finished> finished) {
      result = std::move(finished);
      ++calls;
    });
    REQUIRE(calls == 0);
    loop.run();
    REQUIRE(calls == 1);
    return *std::move(result);
  }

  Finished finish(Command command) {
    auto result = run(std::move(command));
    if (!result) FAIL(to_text(result.error()));
    return *std::move(result);
  }
};

/// Is there any child left to reap?
inline bool no_child_left() {
  return ::waitpid(-1, nullptr, WNOHANG) == -1;
}

inline pid_t first_pid(std::string_view text) {
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  return pid;
}

/// Waits on the loop until a process of our own making is gone.
inline void await_end(Loop& loop, pid_t pid) {
  bool gone = false;
  const ExitWatch watch(loop, pid, [&] {
    gone = true;
    loop.stop();
  });
  while (!gone) {
    loop.run();
  }
}
