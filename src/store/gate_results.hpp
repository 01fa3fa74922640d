#pragma once
// What is kept of tests, gates and reviews.
#include "orch/base/time.hpp"

#include <string>

namespace orch::store {

/// What came of a tree's tests and gates when they ran last.
struct GateResult {
  std::string run;  ///< that they ran in
  bool passed = false;
  std::string why;   ///< it did not
  std::string gate;  ///< which one did not; empty: a test
  std::string log;   ///< as app::Paths::kept() has it
  int reds = 0;      ///< how often in a row it has not passed, in that run
  int status = 0;    ///< of the command that ran last
  Span took{0};      ///< all commands together

  bool operator==(const GateResult&) const = default;
};

}  // namespace orch::store
