#pragma once
// Starts a program so that it has exactly what it was given: arguments, environment, streams.
#include "orch/attempt/attempt.hpp"
#include "orch/base/process.hpp"
#include "orch/base/result.hpp"

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::shim {

struct Launch {
  std::vector<std::string> argv;  ///< argv[0] is looked up in the PATH of `env`
  std::vector<std::string> env;
  std::uint64_t open_files = 0;  ///< soft limit, as far as the hard one allows; 0: ours
  int in = -1;
  int out = -1;           ///< also for errors
  bool terminal = false;  ///< `out` becomes the controlling terminal
};

/// The value of a NAME=VALUE in `env`; nullopt when there is none.
std::optional<std::string_view> value_of(std::string_view name,
                                         const std::vector<std::string>& env);

using Introduce = std::function<void(const ProcessId&)>;

/// Starts it in our folder, in a session of its own, with all signals reset; it is killed when we
/// die. `introduce` is told who it is before it runs its first instruction. Returns once it runs
/// its own code, so an Error means that nothing of it ran.
Result<pid_t> launch(const Launch& what, const Introduce& introduce = {});

}  // namespace orch::shim
