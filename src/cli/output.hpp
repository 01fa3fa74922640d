#pragma once
// How verbs speak: text to standard output, complaints to standard error, and the exit statuses.
//
// Everything that people read goes through here and nowhere else, as names of files, words of the
// command line and texts of agents are untrusted: nothing in them acts on a terminal.
#include "orch/base/result.hpp"

#include <string_view>

namespace orch::cli {

namespace status {
inline constexpr int kOk = 0;
inline constexpr int kError = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNotMerged = 3;
inline constexpr int kUserNeeded = 4;
inline constexpr int kBaseRed = 5;
inline constexpr int kInterrupted = 6;
inline constexpr int kCtrlC = 130;
}  // namespace status

/// Text for people: lines and our own colours stay, all else that a terminal obeys becomes visible.
void print(std::string_view text);
/// JSON: the same values, with such characters escaped.
void print_json(std::string_view json);
/// The bytes of a file that was asked for; on a terminal as print() does.
void print_file(std::string_view bytes);
/// `tmux-orch: what` and the hint on standard error; returns the exit status for it: of what was
/// written wrong (Fault::BadInput) that of a wrong command line.
int complain(const Error& error);
void warn(std::string_view text);
/// Text on standard error as it is, made safe like print()'s.
void print_error(std::string_view text);

/// May colours be used on standard output (a terminal, NO_COLOR not set, TERM not dumb)?
bool colours();
/// The terminal's width, or 100.
std::size_t columns();

}  // namespace orch::cli
