#pragma once
// A run as a verb reads it that shows it for long: what is new since the last look, at a price that
// stays small next to what else happens, also with a thousand tasks.
#include "app/boottime_clock.hpp"
#include "cli/live_store.hpp"
#include "cli/run_handle.hpp"
#include "dashboard/board.hpp"
#include "orch/base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orch::cli {

class RunReader {
 public:
  explicit RunReader(RunHandle handle);

  /// What a look has found.
  struct Found {
    bool changed = false;  ///< there is another board
    bool calls = false;    ///< something has just begun to need the user
    bool later = false;    ///< there is more, and it is not its time yet
  };

  /// Looks at what was stored, and whether a supervisor lives. The newest run is read.
  Result<Found> look();

  const dashboard::Board& board() const { return board_; }

  /// By the clock of the run.
  Time now() const { return clock_.now(); }

  /// The run as it was read last; its state is that of the board.
  RunHandle handle() const;

  /// The same without its state, which need not be copied.
  const RunHandle& place() const { return handle_; }

  LiveStore& store() { return live_; }

 private:
  Result<bool> read_rows(const store::Store& store, bool& calls);
  Status load(const store::Store& store);
  bool see_supervisor();
  void make_board(State state);

  RunHandle handle_;  ///< without its state
  LiveStore live_;
  app::BoottimeClock clock_;
  dashboard::Board board_;
  dashboard::Sight sight_;
  std::int64_t seq_ = 0;
  std::int64_t last_wall_ms_ = 0;  ///< of what was stored last
  bool has_rows_ = false;
  bool seen_alive_ = false;
  bool stale_ = false;  ///< more is stored than the board shows
  std::int64_t loaded_at_ = 0;
  std::int64_t load_took_ = 0;
};

}  // namespace orch::cli
