#pragma once
// What a run is for the whole of its supervisor's life: values, none of which changes.
#include "app/paths.hpp"
#include "orch/config/config.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace orch::app {

struct RunContext {
  store::RunInfo info;
  Config config;
  Paths paths;
  RunPaths run;
  std::vector<std::string> environment;  ///< NAME=VALUE of the `up` that started the run
  fs::path program;                      ///< this very program, for the panes and keys
  fs::path shim;                         ///< orch-shim next to it
};

}  // namespace orch::app
