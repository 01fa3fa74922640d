#pragma once
// The phases of a run: when it waits for the user, stops, goes on, and is over.
#include "core/turn.hpp"

namespace orch::phases {

/// The base has to pass its tests before anything starts, or need not.
void begin(Turn& turn);
/// `up` on a run that exists.
void go_on(Turn& turn);
void go_down(Turn& turn, bool keep_agents);

/// Does something move by itself, or is the user waited for without end?
bool goes_on(Turn& turn);

/// A run that is over, or nearly, goes on when something can move again: the user retried a task,
/// ticked one by hand, or added one.
void go_on_if_possible(Turn& turn);
void finish_if_over(Turn& turn);

void on(Turn& turn, const WriteReport& effect, const WriteReport::Ends& end);

/// Until when the user is waited for; nothing: nobody is, or for ever.
std::optional<Time> end_of_waiting(const State& state, const Agenda& agenda);

}  // namespace orch::phases
