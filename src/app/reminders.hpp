#pragma once
// How often an agent has been told that it has not reported: one count for an attempt, whoever
// tells it. The supervisor types it; where the agent's program calls a hook at the end of a turn,
// the hook says it, by itself and also while the supervisor is busy. So the count is files that are
// made once:
//
//   reminders/1, 2   made by who tells it, with a name of that; there are no more than kReminders
//   reminder         the text, for the hook; none: this agent is not to be reminded
//   reported         it has said done or blocked
//   quiet            there while the supervisor does not want it told: it is held, or other texts
//   wait
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace orch::app {

inline constexpr std::string_view kReminderText = "reminder";
inline constexpr std::string_view kReported = "reported";
inline constexpr std::string_view kQuiet = "quiet";

/// May `who` tell it, now or again? Makes one of the files unless that name has one.
bool take_reminder(const std::filesystem::path& attempt, std::string_view who);

/// What the hook at the end of a turn is to say; empty: nothing. Takes one of the reminders.
/// `supervised`: a supervisor lives, and so somebody who wants a report.
std::string reminder_at_turn_end(const std::filesystem::path& attempt, bool supervised);

/// Makes or removes an empty file of the attempt.
void mark(const std::filesystem::path& attempt, std::string_view name, bool there);

}  // namespace orch::app
