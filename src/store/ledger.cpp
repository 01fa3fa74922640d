// Test results that can be used again, and processes to be ended by the next start.
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

Status Store::record_child(const ProcessId& child, const std::string& what) {
  return impl_->database.run(
      "INSERT OR REPLACE INTO child(pid, start_ticks, boot_id, what) VALUES(?,?,?,?)",
      {child.pid, static_cast<std::int64_t>(child.start_ticks), child.boot_id, what});
}

Status Store::forget_child(const ProcessId& child) {
  return impl_->database.run(
      "DELETE FROM child WHERE pid = ? AND start_ticks = ? AND boot_id = ?",
      {child.pid, static_cast<std::int64_t>(child.start_ticks), child.boot_id});
}

Result<std::vector<ProcessId>> Store::children() const {
  std::vector<ProcessId> all;
  const Status read = impl_->database.rows(
      "SELECT pid, start_ticks, boot_id FROM child ORDER BY pid", {},
      [&](const Row& row) -> Status {
        all.push_back({static_cast<pid_t>(row.number(0)), static_cast<std::uint64_t>(row.number(1)),
                       row.text(2)});
        return {};
      });
  if (!read) return passed_on(read);
  return all;
}

}  // namespace orch::store
