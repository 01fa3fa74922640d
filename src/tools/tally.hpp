#pragma once
// The answer of `coordinate` while it is made: what was done for each of several, and what was not.
#include "orch/base/result.hpp"
#include "tools/json.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace orch::tools {

class Tally {
 public:
  explicit Tally(std::string_view action) : action_(action) {}

  /// It was done for this one, or the reason why not.
  void count(const std::string& id, const Status& done);

  int done() const { return done_; }

  Json& metadata() { return metadata_; }

  /// `status` is partial where some of it failed, and failed where all did.
  Json answer(int agents_managed, int tasks_assigned) const;

 private:
  std::string action_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  int done_ = 0;
  Json failed_ = Json::array();
  Json metadata_ = Json::object();
};

}  // namespace orch::tools
