#pragma once
// How the steps of a landing end: it is merged, exactly that tree is tested, the branch is moved.
#include "core/turn.hpp"

#include <string>
#include <vector>

namespace orch::landing {

void on(Turn& turn, const PrepareLanding& effect, const PrepareLanding::Ends& end);
void on(Turn& turn, const TestLanding& effect, const TestLanding::Ends& end);
void on(Turn& turn, const Land& effect, const Land::Ends& end);

/// Only noted: the next landing finds it, and goes onto what is there.
void on(Turn& turn, const IntegrationMoved& event);
/// Only noted: most of the time the user has done it.
void on(Turn& turn, const CheckoutChanged& event);

/// A part has landed and is cleaned up: a fresh attempt for what is left, against which nothing of
/// the one before counts.
void take_up_remaining(Turn& turn, TaskRecord& task);

/// "a.c, b.c and 3 more".
std::string names_of(const std::vector<std::string>& files);

}  // namespace orch::landing
