#pragma once
// What the effects of one run work with: references to the adapters, and where things lie.
#include "app/run_context.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

namespace orch::loop {
class Children;
class Loop;
}  // namespace orch::loop

namespace orch::git {
class Repository;
}

namespace orch::app {

class Ground;
class TmuxHost;

struct World : RunContext {
  loop::Loop& loop;
  loop::Children& children;
  git::Repository& git;
  TmuxHost& tmux;
  store::Store& store;
  const State& state;
  Ground& ground;
};

}  // namespace orch::app
