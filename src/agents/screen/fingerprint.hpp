#pragma once
// Whether a look at a screen shows more than the one before: what moves by itself does not count.
//
// A spinner, a running time, a clock, a tip that changes and a hint that goes away are signs of
// life and not of progress: a request that hangs shows them as well. A counter of tokens or a new
// line of output is progress.
#include "agents/screen/screen.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// A number for the title and for each row without what moves by itself, sorted. Equal for screens
/// that differ only in that, in spaces, in empty rows and in the order of their rows.
using Fingerprint = std::vector<std::uint64_t>;

Fingerprint fingerprint(const Screen& screen);

/// Has a row come that was not there before?
bool shows_more(const Fingerprint& now, const Fingerprint& before);

/// The title of a pane without what moves in it by itself.
std::string steady_title(std::string_view title);

/// The row without what moves by itself; empty: nothing of it counts.
std::string steady_row(std::string_view row);

}  // namespace orch
