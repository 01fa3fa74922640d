#include "tmuxctl/explain.hpp"

#include "catch.hpp"

using orch::Fault;
using tmuxctl::refusal;

TEST_CASE("what tmux lacks for a moment passes, what it refuses does not") {
  CHECK(refusal("create window failed: fork failed: Too many open files").fault == Fault::Busy);
  CHECK(refusal("fork failed: Resource temporarily unavailable").fault == Fault::Busy);
  CHECK(refusal("fork failed: Cannot allocate memory").fault == Fault::Busy);
  CHECK(refusal("invalid option: no-such").fault == Fault::Refused);
  CHECK(refusal("can't find window: @9").fault == Fault::NotFound);
}
