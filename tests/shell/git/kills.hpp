#pragma once
// The supervisor is killed at any instant of an operation; the same operation run again leads to
// the same end.
#include "fixture.hpp"

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace orch::test {

/// What the process under fire does, with a loop and an adapter of its own.
using Deed = std::function<void(Fixture&)>;

/// Runs the deed in a child with a loop of its own; never returns there. nullptr: at no failpoint.
pid_t start(Fixture& fixture, const Deed& deed, const char* failpoint);

/// True if the kill came before the end.
bool ended_by_kill(pid_t pid);

/// Kills the deed at each of the failpoints, and then at moments spread over the time it takes.
/// `prepare` brings the repository into the state before the deed, `check` looks at it after the
/// deed was killed and then done in full by this process. All are told the number of the round.
void bombard(Fixture& fixture, const std::vector<const char*>& failpoints,
             const std::function<void(int)>& prepare, const std::function<Deed(int)>& deed_of,
             const std::function<void(int)>& check, unsigned seed = 4711);

std::string task_of(int round);

/// No remains: git finds nothing wrong, no lock and no scratch file lies around.
void check_sound(Fixture& fixture);

void many_files(Fixture& fixture);

}  // namespace orch::test
