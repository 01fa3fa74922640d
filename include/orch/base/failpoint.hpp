#pragma once
// Named places where a test may let the program die by SIGKILL, as a power cut would.
//
// `TMUX_ORCH_FAILPOINT=NAME[:N]` in the environment kills the process the N-th time (default:
// first) that it reaches `failpoint("NAME")`. Without the variable a call costs one comparison.
#include <string_view>

namespace orch {

void failpoint(std::string_view name);

}  // namespace orch
