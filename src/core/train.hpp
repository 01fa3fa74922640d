#pragma once
// The train: candidates that are built on one another, the first of them on the tip of the
// integration branch. They are tested side by side, and what is known of some says much of others.
//
// While nothing is red, the places of the tests are spread over the train, so that as many land as
// can. When one is red, its own work is to blame, or that of one before it: the tests are spread
// over those, until there is none before it that has not landed.
#include "orch/core/state.hpp"

#include <cstddef>
#include <vector>

namespace orch::train {

/// Has the tip the tree of this commit?
bool is_tip(const RunRecord& run, const CommitId& commit);

/// Is its task to go on with its landing?
bool goes_on(const State& state, const Landing& landing);

/// The train from the tip on. Whoever is built on something else is not in it, and has to begin
/// anew.
std::vector<const Landing*> members(const State& state);

/// Is what stands on this commit last in the train?
bool is_end(const State& state, const CommitId& onto);

/// So many tasks may be on their way at once.
std::size_t longest(const RunRecord& run);

/// How many there are that count to it.
std::size_t length(const RunRecord& run);

/// So many more tests may begin.
std::size_t free_tests(const RunRecord& run);

/// Is something on its way that is no task's work, and lands alone?
bool lone_lands(const RunRecord& run);

/// May a step of a landing that waited begin again beside what is under way?
bool has_room(const State& state, const Effect& step);

/// The members of a train, by what is known of them.
using Knowledge = std::vector<LandingState>;

/// The places, from 0, of those that are tested next, in a train that is about to have `planned`
/// members; `free` more tests may begin.
std::vector<std::size_t> to_test(const Knowledge& known, std::size_t planned, std::size_t free,
                                 bool in_order);

/// So many from the front land next, as one commit: as few as can be.
std::size_t to_land(const Knowledge& known, bool in_order);

/// Is nobody but the first one to blame for its red tests?
bool blames_first(const Knowledge& known, bool in_order);

}  // namespace orch::train
