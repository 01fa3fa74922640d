// Test results that can be used again.
#include "store/impl.hpp"

namespace orch::store {

Status Store::save_gate(const std::string& key, const std::string& run, const std::string& tree,
                        bool passed, const std::string& why, const std::string& log) {
  return impl_->database.run(
      "INSERT OR REPLACE INTO gate_result(key, run, tree, passed, why, log) VALUES(?,?,?,?,?,?)",
      {key, run, tree, passed ? 1 : 0, why, log});
}

Result<std::optional<bool>> Store::gate(const std::string& key) const {
  std::optional<bool> passed;
  const Status read = impl_->database.rows("SELECT passed FROM gate_result WHERE key = ?", {key},
                                           [&](const Row& row) -> Status {
                                             passed = row.number(0) != 0;
                                             return {};
                                           });
  if (!read) return passed_on(read);
  return passed;
}

// A review says nothing about a tree, so it has none: `verify` does not take it for a test.
Status Store::save_review(const std::string& key, const std::string& run, bool passed,
                          const std::string& answer, const std::string& log) {
  return save_gate(key, run, {}, passed, answer, log);
}

Result<std::optional<std::string>> Store::review(const std::string& key) const {
  std::optional<std::string> answer;
  const Status read = impl_->database.rows("SELECT why FROM gate_result WHERE key = ?", {key},
                                           [&](const Row& row) -> Status {
                                             answer = row.text(0);
                                             return {};
                                           });
  if (!read) return passed_on(read);
  return answer;
}

Result<std::set<std::string>> Store::green_trees() const {
  std::set<std::string> trees;
  const Status read = impl_->database.rows("SELECT DISTINCT tree FROM gate_result WHERE passed = 1",
                                           {}, [&](const Row& row) -> Status {
                                             trees.insert(row.text(0));
                                             return {};
                                           });
  if (!read) return passed_on(read);
  return trees;
}

}  // namespace orch::store
