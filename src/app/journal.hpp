#pragma once
// The trace once more as a text file, events.jsonl: readable by anything, and what a lost database
// can be rebuilt from.
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace orch::app {

class Journal {
 public:
  /// Appends the rows that an earlier supervisor committed and did not get to write.
  Status open(const std::filesystem::path& file, const store::Store& store, const std::string& run);
  /// A row that could not be written (disk full) is written by the next open().
  void append(const store::TraceRow& row);

 private:
  Fd file_;
};

}  // namespace orch::app
