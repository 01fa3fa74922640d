#pragma once
// A run for the tests: an engine whose effects all succeed, with every decision committed.
#include "orch/core/engine.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::store {

RunInfo run_info(const std::string& id);
/// T0, T1, ... where every third needs the one before it.
RunStarted start_of(int tasks);
TaskSpec spec_of(const std::string& id);

/// A state made by hand with every field of the records set to something.
State full_state();

class RunInStore {
 public:
  RunInStore(Store& store, std::string run) : store_(store), run_(std::move(run)) {}

  RunInStore(Store& store, std::string run, State state)
      : store_(store), run_(std::move(run)), engine_(std::move(state)) {}

  /// Decides and commits; the row's number.
  Result<std::int64_t> handle(const Event& event);
  /// What happens next if all goes well; nothing when the run is over.
  std::optional<Event> next() const;

  const State& state() const { return engine_.state(); }

 private:
  Store& store_;
  std::string run_;
  Engine engine_;
  std::int64_t now_ = 0;
};

/// The rows of a statement, run by a connection of its own; columns joined by '|'. An error is one
/// row that says so.
std::vector<std::string> sql(const std::filesystem::path& file, const std::string& statement,
                             Values values = {});

}  // namespace orch::store
