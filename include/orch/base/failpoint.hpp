#pragma once
// Named points where a test may let the program die by SIGKILL, as a power cut would. A name is
// `part.point`, both in snake_case.
//
// `TMUX_ORCH_FAILPOINT=NAME[:N]` in the environment kills the process the N-th time (default:
// first) that it reaches `failpoint("NAME")`. Without the variable a call costs one comparison.
#include <string_view>

namespace orch {

void failpoint(std::string_view name);

}  // namespace orch
