#pragma once
// What is done about a turn that ended in an error that passes by itself: its agent is told to
// continue, after a wait that grows, and so often that there is an end; then the user is asked. A
// turn that hangs is ended first.
//
// A service that takes nothing from one agent takes nothing from the others of its kind. So when
// two of them fail within a minute, or one is told of a limit, the kind is paused: no agent of it
// is started, and when the time has come one alone is told to continue. The others follow, one
// after the other, when that one has had an answer.
#include "core/turn.hpp"

#include <optional>
#include <string>

namespace orch::healing {

/// Its turn was seen as it is by now: if it has failed, sets when its agent is told to continue.
void plan_to_continue(Turn& turn, TaskRecord& task);

/// No agent of its kind is started for so long, nor told to continue.
void pause(Turn& turn, const TaskRecord& task, Span wait, const Reason& why);

/// Another kind of agent goes on with its work, as its own is away for long: its attempt is ended.
bool fail_over(Turn& turn, TaskRecord& task);

/// It does something: of an agent that tries for its kind, that is an answer.
void does_something(Turn& turn, const TaskRecord& task);

/// It is no more: another one tries for its kind.
void is_gone(Turn& turn, const TaskRecord& task);

/// Tells those to continue whose time has come, and ends turns that have hung for too long.
void carry_on(Turn& turn);

void on(Turn& turn, const InterruptTurn& effect, const InterruptTurn::Ends& end);

/// Why no agent of the kind is started at the moment; nullptr: they are.
const Reason* pause_of(const State& state, const std::string& kind);

/// Is there a kind that is paused?
bool pauses_any(const State& state);

/// As if nothing had failed: the user wants it tried.
void try_again(KindRecord& record);

/// When carry_on() has something to do next, if nothing happens before.
std::optional<Time> next_time(const State& state, const Agenda& agenda);

}  // namespace orch::healing
