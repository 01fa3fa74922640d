// Makes the answer.
#include "tools/tally.hpp"

namespace orch::tools {

void Tally::count(const std::string& id, const Status& done) {
  if (done) {
    ++done_;
    return;
  }
  failed_.push_back({{"id", id}, {"why", done.error().what}, {"hint", done.error().hint}});
}

Json Tally::answer(int agents_managed, int tasks_assigned) const {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
  Json metadata = metadata_;
  if (!failed_.empty()) metadata["failed"] = failed_;
  const char* status = failed_.empty() ? "success" : done_ == 0 ? "failed" : "partial";
  return {{"action", action_},
          {"status", status},
          {"agents_managed", agents_managed},
          {"tasks_assigned", tasks_assigned},
          {"duration_seconds", took.count()},
          {"metadata", std::move(metadata)}};
}

}  // namespace orch::tools
