// Processes to be ended by the next start.
#include "store/impl.hpp"

namespace orch::store {

Status Store::record_child(const ProcessId& child, const std::string& what) {
  // After a power cut none of them lives.
  if (Status set = impl_->set_synced(false); !set) return set;
  std::vector<ProcessId>& ended = impl_->ended_children;
  const Status recorded = impl_->database.atomically(Lock::Write, [&]() -> Status {
    for (const ProcessId& gone : ended) {
      if (Status forgotten = forget_child(gone); !forgotten) return forgotten;
    }
    return impl_->database.run(
        "INSERT OR REPLACE INTO child(pid, start_ticks, boot_id, what) VALUES(?,?,?,?)",
        {child.pid, static_cast<std::int64_t>(child.start_ticks), child.boot_id, what});
  });
  if (recorded) ended.clear();
  return recorded;
}

void Store::note_end_of(const ProcessId& child) {
  impl_->ended_children.push_back(child);
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
