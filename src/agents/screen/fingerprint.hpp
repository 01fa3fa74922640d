#pragma once
// Whether two looks at a screen show the same: what moves by itself does not count.
//
// A spinner, a running time, a clock and a tip that changes are signs of life and not of progress:
// a request that hangs shows them as well. A counter of tokens or a new line of output is progress.
#include "agents/screen/screen.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace orch {

/// Equal for screens that differ only in what moves by itself, in spaces and in empty rows.
std::uint64_t fingerprint(const Screen& screen);

/// The row without what moves by itself; empty: nothing of it counts.
std::string steady_row(std::string_view row);

}  // namespace orch
