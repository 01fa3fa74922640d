// The same for libraries that work on the state of a run: its headers cost as much again.
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "standard.hpp"
