// The same for tests of the core.
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "tests.hpp"
