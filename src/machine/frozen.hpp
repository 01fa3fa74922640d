#pragma once
// Is an agent stopped, as by SIGSTOP or a debugger? It says nothing then, and never will.
#include "machine/process_tree.hpp"

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace orch::machine {

/// Its own program is stopped, or all that it has started. One of its commands alone may be so for
/// a reason.
bool is_frozen(const Tree& tree);

/// That of its program; 0: there is none any more.
pid_t first_process(const Tree& tree);

class FrozenJudge {
 public:
  /// Since when each tree that is frozen has been so at every look, in ms since boot.
  const std::map<std::string, std::int64_t>& judge(const Trees& trees, std::int64_t at_ms);

 private:
  std::map<std::string, std::int64_t> since_ms_;
};

}  // namespace orch::machine
