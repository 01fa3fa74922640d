#pragma once
// Signals as something to poll, so that they never interrupt anything.
#include "orch/base/files.hpp"

#include <vector>

namespace orch::shim {

class Signals {
 public:
  /// `wanted` (SIGCHLD always belongs to it) are told by next(); `ignored` do nothing. The programs
  /// we start get none of this (launch).
  explicit Signals(std::vector<int> wanted, const std::vector<int>& ignored);

  int fd() const { return fd_.get(); }

  /// The number of one that came, or 0.
  int next();

 private:
  Fd fd_;
};

}  // namespace orch::shim
