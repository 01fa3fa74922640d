#pragma once
// What the effects of one run work with: references to the adapters, and where things lie.
#include "app/places.hpp"
#include "orch/config/config.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

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

struct World {
  loop::Loop& loop;
  loop::Children& children;
  git::Repository& git;
  TmuxHost& tmux;
  store::Store& store;
  const State& state;
  store::RunInfo info;
  Config config;
  Places places;
  RunPlaces run;
  std::vector<std::string> environment;  ///< NAME=VALUE of the `up` that started the run
  fs::path program;                      ///< this very program, for the panes and keys
  fs::path shim;                         ///< orch-shim beside it
  Ground& ground;
};

}  // namespace orch::app
