#pragma once
// The database as a verb reads it that goes on for long: another file may take its place, when a
// supervisor had to put it back.
#include "app/paths.hpp"
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "store/store.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <utility>

namespace orch::cli {

class LiveStore {
 public:
  explicit LiveStore(app::Paths paths);

  /// The store as it is now. Where that is another file than last time, its rows begin anew, and
  /// `seq` becomes 0.
  Result<const store::Store*> now(std::int64_t& seq);

  /// Returns when something was written since now() was called, at the latest after `most`; a
  /// signal ends it as well.
  void await_change(Span most);

  /// Readable when something was written since now() was called, or near it; negative: nothing
  /// tells. For who waits for other things as well, and calls take_change() then.
  int changes() const { return changes_.get(); }

  /// Was something written?
  bool take_change();

 private:
  app::Paths paths_;
  Fd changes_;  ///< of files, as the kernel tells them
  bool watched_ = false;
  std::optional<store::Store> store_;
  std::pair<dev_t, ino_t> file_{};
};

}  // namespace orch::cli
