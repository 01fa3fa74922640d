#pragma once
// Forks and executes one command: what child.cpp does for Children.
#include "loop/child.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/result.hpp"

namespace orch::loop {

/// A process that has begun to run its program, and our ends of its pipes.
struct Launched {
  ProcessId process;
  Fd in;  ///< none when stdin is /dev/null
  Fd out;
  Fd err;
};

enum class Input { Null, Pipe };

/// The process leads a group of its own. The caller must reap it by its pid. On an Error
/// nothing was run and nothing is left to reap.
Result<Launched> launch(const Command& command, Input input);

}  // namespace orch::loop
