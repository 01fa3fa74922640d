// Makes, checks, migrates or sets aside the database file.
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "store/impl.hpp"
#include "store/schema.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace orch::store {

namespace fs = std::filesystem;

namespace {

constexpr std::array kSuffixes{"", "-wal", "-shm"};
/// Beyond this a full check would delay the start; then the large trace is left out of it.
constexpr std::uintmax_t kFullCheckBytes = 64u << 20;

std::uintmax_t size_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  return error ? 0 : size;
}

fs::path with_suffix(fs::path file, std::string_view suffix) {
  file += suffix;
  return file;
}

bool any_exists(const fs::path& file) {
  for (const char* suffix : kSuffixes) {
    std::error_code error;
    if (fs::symlink_status(with_suffix(file, suffix), error).type() != fs::file_type::not_found) {
      return true;
    }
  }
  return false;
}

/// Renames the file and what belongs to it; the name it has then.
Result<fs::path> set_aside(const fs::path& file) {
  constexpr int kMost = 10'000;
  int number = 1;
  fs::path aside;
  do {
    if (number > kMost) return fail(Fault::Full, "{}: too many set aside", file.native());
    aside = with_suffix(file, fmt::format(".corrupt-{}", number++));
  } while (any_exists(aside));
  // The file first: should we die in between, its log alone is recognised by open_checked, while
  // the file without its log would look like an older state.
  for (const char* suffix : kSuffixes) {
    std::error_code error;
    fs::rename(with_suffix(file, suffix), with_suffix(aside, suffix), error);
    if (error && error != std::errc::no_such_file_or_directory) {
      return fail(Fault::Io, "cannot set {} aside: {}", file.native(), error.message());
    }
  }
  return aside;
}

Status make_file(const fs::path& file) {
  if (Status folder = make_folders(fs::absolute(file).parent_path(), 0700); !folder) return folder;
  const Fd made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made || errno == EEXIST) return {};
  return errno_failure(errno, "cannot make " + file.native());
}

Status must_answer_ok(Database& database, std::string_view check) {
  return database.rows(check, {}, [&](const Row& row) -> Status {
    if (row.text(0) == "ok") return {};
    constexpr std::size_t kColumns = 120;
    return fail(Fault::Corrupt, "{}: {}", database.file().native(),
                one_line(row.text(0), kColumns));
  });
}

Status check_pages(Database& database) {
  const fs::path& file = database.file();
  if (size_of(file) + size_of(with_suffix(file, "-wal")) < kFullCheckBytes) {
    return must_answer_ok(database, "PRAGMA quick_check(1)");
  }
  for (const std::string_view check :
       {"PRAGMA quick_check(run)", "PRAGMA quick_check(task_record)",
        "PRAGMA quick_check(task_need)", "PRAGMA quick_check(effect)",
        "PRAGMA quick_check(orchestrator_task)", "PRAGMA quick_check(agent_lifecycle)",
        "PRAGMA quick_check(gate_result)", "PRAGMA quick_check(child)"}) {
    if (Status good = must_answer_ok(database, check); !good) return good;
  }
  return database.rows("SELECT event, facts FROM execution_trace ORDER BY seq DESC LIMIT 1000", {},
                       [](const Row&) { return Status(); });
}

Status check_newest_run(Database& database) {
  std::string newest;
  Status read = read_runs(database, "", 1, [&](const RunInfo& run) { newest = run.id; });
  if (!read || newest.empty()) return read;
  const Result<StoredRun> stored = read_run(database, newest);
  if (!stored) return passed_on(stored);
  return {};
}

Status use_write_ahead_log(Database& database) {
  std::string mode;
  Status asked = database.rows("PRAGMA journal_mode = WAL", {}, [&](const Row& row) -> Status {
    mode = row.text(0);
    return {};
  });
  if (!asked || mode == "wal") return asked;
  return hinted(fail(Fault::Refused, "{}: no write-ahead log on this file system ({})",
                     database.file().native(), mode),
                "keep the repository on a local disk");
}

/// SQLite takes a file that ends within its first page for a new one, and throws its log away.
Status check_length(const fs::path& file) {
  constexpr std::uintmax_t kSmallestPage = 512;
  const std::uintmax_t size = size_of(file);
  if (size >= kSmallestPage || (size == 0 && size_of(with_suffix(file, "-wal")) == 0)) return {};
  return fail(Fault::Corrupt, "{} was cut to {} bytes", file.native(), size);
}

Result<Database> open_checked(const fs::path& file) {
  if (Status whole = check_length(file); !whole) return passed_on(whole);
  if (Status made = make_file(file); !made) return passed_on(made);
  Result<Database> database = Database::open(file, Lock::Write);
  if (!database) return database;
  const Result<int> version = schema_version(*database);
  if (!version) return passed_on(version);
  if (Status good = check_pages(*database); !good) return passed_on(good);
  if (Status logged = use_write_ahead_log(*database); !logged) return passed_on(logged);
  if (Status up_to_date = migrate(*database, *version); !up_to_date) return passed_on(up_to_date);
  if (Status good = check_newest_run(*database); !good) return passed_on(good);
  Status set = database->script(
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = "
      "16777216");
  if (!set) return passed_on(set);
  database->checkpoint_on_close(true);
  return database;
}

Result<Database> open_for_writing(const fs::path& file) {
  Result<Database> database = open_checked(file);
  if (database || database.error().fault != Fault::Corrupt) return database;
  const Result<fs::path> aside = set_aside(file);
  if (!aside) return passed_on(aside);
  return hinted(fail(Fault::Corrupt, "the database is damaged: {}", database.error().what),
                "it was set aside as " + aside->native() +
                    "; the next `tmux-orch up` begins a new one, branches and worktrees are kept");
}

/// Without the file of its log's index (-shm), which cannot be made on a full disk or in a folder
/// that is not ours: SQLite keeps that in memory for a database nobody else has open. Else
/// Fault::Busy.
Result<Database> open_alone(const fs::path& file) {
  Result<Database> database = Database::open(file, Lock::Write);
  if (!database) return database;
  if (Status set = database->script("PRAGMA locking_mode = EXCLUSIVE"); !set) return passed_on(set);
  return database;
}

Result<Database> open_for_reading(const fs::path& file) {
  const auto no_run = [&] {
    return hinted(fail(Fault::NotFound, "there is no run in {}", file.native()),
                  "start one with `tmux-orch up`");
  };
  std::error_code error;
  if (!fs::exists(file, error) && !error) return no_run();
  Result<Database> database = Database::open(file, Lock::Read);
  if (!database) return database;
  Result<int> version = schema_version(*database);
  if (!version && (version.error().fault == Fault::Io || version.error().fault == Fault::Full)) {
    // What that one has locked would be in the way.
    database = passed_on(version);
    Result<Database> alone = open_alone(file);
    if (alone) version = schema_version(*alone);
    if (version) database = std::move(alone);
  }
  if (!version) return passed_on(version);
  // Made a moment ago.
  if (*version == 0) return no_run();
  return database;
}

}  // namespace

Result<Database> make_database_anew(const fs::path& file) {
  if (any_exists(file)) {
    const Result<fs::path> aside = set_aside(file);
    if (!aside) return passed_on(aside);
  }
  return open_checked(file);
}

Result<Database> open_database(const fs::path& file, Access access) {
  return access == Access::ReadOnly ? open_for_reading(file) : open_for_writing(file);
}

}  // namespace orch::store
