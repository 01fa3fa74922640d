#pragma once
// Merged tasks that the user takes back. The revert of what one landed as is a landing of its own:
// it takes its turn, is tested and moves the branch like any other. The task is aborted then, and
// what needs it waits for it again.
#include "core/turn.hpp"

namespace orch::undos {

/// Takes it up, or refuses.
void ask(Turn& turn, TaskRecord& task);

/// The first one whose own clean-up is over; nullptr: there is none.
const TaskRecord* next(const Turn& turn);
void begin_landing(Turn& turn);
void on_prepared(Turn& turn, Landing& landing, const PrepareLanding::Ends& end);
void on_tested(Turn& turn, Landing& landing, const TestLanding::Ends& end);
void on_landed(Turn& turn, const Land& effect, const Land::Ends& end);

}  // namespace orch::undos
