#pragma once
// How many files this process may have open: raised for us, given back to what we start.
//
// The usual soft limit of 1024 is for programs that use select(), which breaks beyond it; those are
// programs that we start, not this one.
#include "orch/base/result.hpp"

#include <cstdint>
#include <string_view>

namespace orch::loop {

/// What a supervisor has open itself (its loop, the store, the lock, the logs, the socket, tmux's
/// control client, a test that runs) and needs to start one command at a time.
inline constexpr int kDescriptorsOfRun = 35;
/// Without these libuv ends the program, or waits for what it cannot hear.
inline constexpr int kDescriptorsOfLoop = 8;
/// What is left to all that opens a file for a moment, before a further command is started.
inline constexpr int kDescriptorsInReserve = 10;

/// Raises the soft limit to the hard one, at most to 65536: no run needs more. Once, at the start.
void raise_descriptor_limit();
/// The soft limit before it was raised; 0: it was not.
std::uint64_t first_descriptor_limit();
/// In a child, between fork and exec: the soft limit is again what it was before it was raised.
void restore_descriptor_limit() noexcept;

/// Could that many be opened now? Found out by opening them.
bool has_descriptors(int count);
/// Refused, with what to do about it, where so many cannot be opened; `what` needs them.
Status check_descriptors(std::string_view what, int count);

/// That an errno says that there are too many files, processes or bytes in use for the moment.
bool is_shortage(int error_number);
/// errno_failure for what could not be started: a shortage passes, and how to prevent it is said.
Failure start_failure(int error_number, std::string_view doing);

}  // namespace orch::loop
