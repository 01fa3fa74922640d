#pragma once
// How verbs speak: text to standard output, complaints to standard error, and the exit statuses.
#include "orch/base/result.hpp"

#include <string_view>

namespace orch::cli {

namespace status {
inline constexpr int kOk = 0;
inline constexpr int kError = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotMerged = 3;
inline constexpr int kPersonNeeded = 4;
inline constexpr int kBaseRed = 5;
inline constexpr int kInterrupted = 6;
inline constexpr int kCtrlC = 130;
}  // namespace status

void print(std::string_view text);
/// `tmux-orch: what` and the hint on standard error; returns the exit status for it.
int complain(const Error& error);
void warn(std::string_view text);

/// May colours be used on standard output (a terminal, NO_COLOR not set, TERM not dumb)?
bool colours();
/// The terminal's width, or 100.
std::size_t columns();

}  // namespace orch::cli
