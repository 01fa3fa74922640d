#pragma once
// The user's own branch: its tests before anything starts, their commits on it, which are merged
// in like a task's, and how it follows what lands.
#include "core/turn.hpp"

namespace orch::base_branch {

void on(Turn& turn, const BaseMoved& event);
void on(Turn& turn, const TestBase& effect, const TestBase::Ends& end);
void on(Turn& turn, const FollowBase& effect, const FollowBase::Ends& end);

/// The landing of the user's commits, unless the follower may just be about to name others.
void begin_landing(Turn& turn);
void on_prepared(Turn& turn, Landing& landing, const PrepareLanding::Ends& end);
void on_tested(Turn& turn, Landing& landing, const TestLanding::Ends& end);
void on_landed(Turn& turn, const Land::Ends& end);
/// Their landing failed as the base failed its own tests, and what has landed may have mended that.
void try_those_that_wait(Turn& turn);

void follow_if_due(Turn& turn);
/// Before the run stops, so that nobody finds the landed work missing on the base without a word.
/// False: there is nothing to wait for.
bool follow_once_more(Turn& turn);
/// When nothing else is left to do. False: it is there, or is not to follow.
bool follow_at_end(Turn& turn);

}  // namespace orch::base_branch
