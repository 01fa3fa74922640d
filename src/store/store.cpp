// Runs: begun, listed and loaded.
#include "store/store.hpp"

#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"
#include "store/impl.hpp"
#include "store/schema.hpp"

namespace orch::store {

Result<Store> Store::open(const std::filesystem::path& file, Access access) {
  Result<Database> database = open_database(file, access);
  if (!database) return passed_on(database);
  return Store(std::make_unique<Impl>(Impl{std::move(*database), {}, false}));
}

Status Store::put_back(const std::filesystem::path& file, const RunInfo& info) {
  // The old connection is closed first: a new one in the same process would share its index of a
  // log that is gone. Until then an empty database in memory stands in for it.
  Result<Database> none = Database::open(":memory:", Lock::Write);
  if (!none) return passed_on(none);
  *impl_ = Impl{std::move(*none), {}, false};
  // Not in a file that is there, also if it can be repaired: readers may hold it as it was.
  Result<Database> database = make_database_anew(file);
  if (!database) return passed_on(database);
  impl_->database = std::move(*database);
  return begin_run(info);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Status Store::begin_run(const RunInfo& info) {
  return impl_->database.run(
      "INSERT INTO run(id, task_file, repository, integration, boot_id, clock_offset_ms,"
      " created_wall_ms) VALUES(?,?,?,?,?,?,?)",
      {info.id, info.task_file, info.repository, info.integration, info.boot_id,
       info.clock_offset_ms, info.created_wall_ms});
}

// A run without a record was killed before its first event was stored: it never began. The one in
// which something happened last comes first: an older one may have been gone on with.
Status read_runs(Database& database, const std::string& task_file, int limit,
                 const std::function<void(RunInfo)>& each) {
  return database.rows(
      "SELECT id, task_file, repository, integration, boot_id, clock_offset_ms, created_wall_ms"
      " FROM run WHERE record <> '' AND ?1 IN ('', task_file)"
      " ORDER BY (SELECT max(seq) FROM execution_trace t WHERE t.run = run.id) DESC, number DESC"
      " LIMIT ?2",
      {task_file, limit}, [&](const Row& row) -> Status {
        each({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.number(5),
              row.number(6)});
        return {};
      });
}

Result<std::optional<RunInfo>> Store::latest_run(const std::string& task_file) const {
  std::optional<RunInfo> newest;
  const Status read =
      read_runs(impl_->database, task_file, 1, [&](RunInfo run) { newest = std::move(run); });
  if (!read) return passed_on(read);
  return newest;
}

Result<std::vector<RunInfo>> Store::runs() const {
  constexpr int kMost = 10'000;
  std::vector<RunInfo> all;
  const Status read =
      read_runs(impl_->database, "", kMost, [&](RunInfo run) { all.push_back(std::move(run)); });
  if (!read) return passed_on(read);
  return all;
}

Result<RunPhase> Store::phase(const std::string& run) const {
  std::optional<std::string> word;
  const Status read = impl_->database.rows("SELECT phase FROM run WHERE id = ?", {run},
                                           [&](const Row& row) -> Status {
                                             word = row.text(0);
                                             return {};
                                           });
  if (!read) return passed_on(read);
  if (!word) return fail(Fault::NotFound, "there is no run {}", run);
  if (word->empty()) return RunRecord().phase;  // nothing was committed yet
  if (const std::optional<RunPhase> phase = from_text<RunPhase>(*word)) return *phase;
  return fail(Fault::Corrupt, "'{}' is no phase of a run", one_line(*word, 40));
}

Status Store::set_clock(const std::string& run, const std::string& boot_id,
                        std::int64_t offset_ms) {
  Status set = impl_->database.run("UPDATE run SET boot_id = ?, clock_offset_ms = ? WHERE id = ?",
                                   {boot_id, offset_ms, run});
  if (set && impl_->database.changed_rows() == 0) {
    return fail(Fault::NotFound, "there is no run {}", run);
  }
  return set;
}

Result<std::string> last_hash(Database& database, const std::string& run) {
  std::string hash;
  const Status read = database.rows(
      "SELECT state_hash FROM execution_trace WHERE run = ? ORDER BY seq DESC LIMIT 1", {run},
      [&](const Row& row) -> Status {
        hash = row.text(0);
        return {};
      });
  if (!read) return passed_on(read);
  return hash;
}

static Status read_record(Database& database, const std::string& run, StoredRun& stored,
                          std::uint64_t& hash) {
  bool found = false;
  const std::string_view select = stored.version < 4 ? "SELECT record FROM run WHERE id = ?"
                                                     : "SELECT record, rules FROM run WHERE id = ?";
  const Status read = database.rows(select, {run}, [&](const Row& row) -> Status {
    found = true;
    stored.record = row.text(0);
    hash ^= part_hash("run", {}, stored.record);
    if (row.columns() == 1) return {};
    stored.rules = row.text(1);
    hash ^= part_hash("rules", {}, stored.rules);
    return {};
  });
  if (read && !found) return fail(Fault::NotFound, "there is no run {}", run);
  return read;
}

static Status read_tasks(Database& database, const std::string& run, StoredRun& stored,
                         std::uint64_t& hash) {
  return database.rows("SELECT task_id, record FROM task_record WHERE run = ? ORDER BY place",
                       {run}, [&](const Row& row) -> Status {
                         const std::string& text = stored.tasks.emplace_back(row.text(1));
                         hash ^= part_hash("task", row.text(0), text);
                         return {};
                       });
}

static Status read_agents(Database& database, const std::string& run, StoredRun& stored,
                          std::uint64_t& hash) {
  if (stored.version < 3) return {};
  return database.rows("SELECT id, record FROM agent_run WHERE run = ? ORDER BY id", {run},
                       [&](const Row& row) -> Status {
                         const auto& [id, text] =
                             stored.agents.emplace_back(row.number(0), row.text(1));
                         hash ^= part_hash("agent", std::to_string(id), text);
                         return {};
                       });
}

static Status read_messages(Database& database, const std::string& run, StoredRun& stored,
                            std::uint64_t& hash) {
  if (stored.version < 6) return {};
  return database.rows(
      "SELECT message_number, record FROM agent_message WHERE run = ? AND record <> ''"
      " ORDER BY message_number",
      {run}, [&](const Row& row) -> Status {
        const std::string& text = stored.messages.emplace_back(row.text(1));
        hash ^= part_hash("message", std::to_string(row.number(0)), text);
        return {};
      });
}

static Status read_effects(Database& database, const std::string& run, StoredRun& stored,
                           std::uint64_t& hash) {
  const std::string_view select =
      stored.version < 4
          ? "SELECT id, payload FROM effect WHERE run = ? AND state = 'pending' ORDER BY id"
          : "SELECT id, payload FROM effect WHERE run = ? ORDER BY id";
  return database.rows(select, {run}, [&](const Row& row) -> Status {
    const auto& [id, text] = stored.effects.emplace_back(row.number(0), row.text(1));
    hash ^= part_hash("effect", std::to_string(id), text);
    return {};
  });
}

/// Fills `stored` and returns the hash of what it holds.
static Result<std::uint64_t> read_parts(Database& database, const std::string& run,
                                        StoredRun& stored) {
  const Result<int> version = schema_version(database);
  if (!version) return passed_on(version);
  stored.version = *version;
  std::uint64_t hash = 0;
  for (const auto read : {read_record, read_tasks, read_agents, read_messages, read_effects}) {
    if (Status part = read(database, run, stored, hash); !part) return passed_on(part);
  }
  return hash;
}

Status read_rows(Database& database, const std::string& run, StoredRun& stored) {
  const Result<std::uint64_t> hash = read_parts(database, run, stored);
  return hash ? Status() : passed_on(hash);
}

Result<std::uint64_t> hash_of_rows(Database& database, const std::string& run) {
  StoredRun stored;
  return read_parts(database, run, stored);
}

Result<StoredRun> read_run(Database& database, const std::string& run) {
  StoredRun stored;
  const Status read = database.atomically(Lock::Read, [&]() -> Status {
    const Result<std::uint64_t> hash = read_parts(database, run, stored);
    if (!hash) return passed_on(hash);
    const Result<std::string> written = last_hash(database, run);
    if (!written) return passed_on(written);
    const bool begun = !stored.record.empty() || !stored.tasks.empty() || !written->empty();
    if (!begun || *written == hex(*hash)) return {};
    return fail(Fault::Corrupt, "{}: run {} is not what was written last", database.file().native(),
                run);
  });
  if (!read) return passed_on(read);
  return stored;
}

static Result<RunRecord> record_of(const StoredRun& stored) {
  Result<RunRecord> record = decode_run(stored.record);
  if (!record || stored.rules.empty()) return record;
  Result<Rules> rules = decode_rules(stored.rules);
  if (!rules) return passed_on(rules);
  record->rules = std::move(*rules);
  return record;
}

Result<RunRecord> Store::load_record(const std::string& run) const {
  const Result<int> version = schema_version(impl_->database);
  if (!version) return passed_on(version);
  StoredRun stored{.version = *version};
  std::uint64_t hash = 0;
  if (Status read = read_record(impl_->database, run, stored, hash); !read) return passed_on(read);
  upgrade(stored);
  if (stored.record.empty()) return RunRecord();
  return record_of(stored);
}

Result<State> Store::load(const std::string& run) const {
  Result<StoredRun> stored = read_run(impl_->database, run);
  if (!stored) return passed_on(stored);
  // A reader does not migrate: it may come before the first `up` of this version.
  upgrade(*stored);
  State state;
  if (stored->record.empty()) return state;
  Result<RunRecord> record = record_of(*stored);
  if (!record) return passed_on(record);
  state.run = std::move(*record);
  for (const std::string& text : stored->tasks) {
    Result<TaskRecord> task = decode_task(text);
    if (!task) return passed_on(task);
    state.tasks.push_back(std::move(*task));
  }
  for (const auto& [id, text] : stored->agents) {
    Result<AgentRun> agent = decode_agent(text);
    if (!agent) return passed_on(agent);
    state.agents.emplace(id, std::move(*agent));
  }
  for (const std::string& text : stored->messages) {
    Result<Message> message = decode_message(text);
    if (!message) return passed_on(message);
    state.messages.add(std::move(*message));
  }
  for (const auto& [id, text] : stored->effects) {
    Result<OutboxEntry> entry = decode_entry(text);
    if (!entry) return passed_on(entry);
    state.pending.add(id, std::move(*entry));
  }
  return state;
}

}  // namespace orch::store
