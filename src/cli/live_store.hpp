#pragma once
// The database as a verb reads it that goes on for long: another file may take its place, when a
// supervisor had to put it back.
#include "app/paths.hpp"
#include "orch/base/result.hpp"
#include "store/store.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <utility>

namespace orch::cli {

class LiveStore {
 public:
  explicit LiveStore(app::Paths paths) : paths_(std::move(paths)) {}

  /// The store as it is now. Where that is another file than last time, its rows begin anew, and
  /// `seq` becomes 0.
  Result<const store::Store*> now(std::int64_t& seq);

 private:
  app::Paths paths_;
  std::optional<store::Store> store_;
  std::pair<dev_t, ino_t> file_{};
};

}  // namespace orch::cli
