// Names, records and places in the trash.
#include "git/trash.hpp"

#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kPrivate = 0700;
constexpr int kMostEntries = 100'000;
constexpr std::size_t kNamesShown = 5;
constexpr std::string_view kSetAside = ".going-";
constexpr std::size_t kLongestRecord = 1u << 20;

Record record_for(const TrashEntry& entry) {
  Record record;
  record.add("run", entry.label.run);
  record.add("task", entry.label.task);
  record.add("attempt", static_cast<long long>(entry.label.attempt));
  record.add("why", entry.label.why);
  record.add("from", entry.from.native());
  record.add("moved_at", static_cast<long long>(entry.moved_at));
  record.add("tree", entry.tree);
  record.add("files", static_cast<long long>(entry.left.files));
  record.add("bytes", static_cast<long long>(entry.left.bytes));
  for (const std::string& name : entry.left.names)
    record.add("name", name);
  for (const std::string& name : entry.left.repositories)
    record.add("repository", name);
  return record;
}

void fill_from(const Record& record, TrashEntry& entry) {
  entry.label.run = record.get("run");
  entry.label.task = record.get("task");
  entry.label.attempt = static_cast<int>(record.number("attempt"));
  entry.label.why = record.get("why");
  entry.from = record.get("from");
  entry.moved_at = record.number("moved_at", entry.moved_at);
  entry.tree = record.get("tree");
  entry.left.files = static_cast<std::size_t>(record.number("files"));
  entry.left.bytes = static_cast<std::uint64_t>(record.number("bytes"));
  entry.left.names = record.all("name");
  entry.left.repositories = record.all("repository");
}

bool is_entry_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos;
}

std::int64_t changed_at(const fs::path& folder) {
  struct stat info {};

  return ::lstat(folder.c_str(), &info) == 0 ? info.st_ctim.tv_sec : 0;
}

}  // namespace

fs::path Trash::record_of(const std::string& name) const {
  return folder_ / ".records" / name;
}

Status Trash::make() const {
  const Status parent = make_folders(folder_.parent_path());
  if (!parent) return parent;
  const Status made = make_folders(folder_ / ".records", kPrivate);
  if (!made) return made;
  // An earlier version made it readable for others.
  if (::chmod(folder_.c_str(), kPrivate) != 0)
    return errno_failure(errno, "cannot make " + one_line(folder_.native()) + " private");
  const fs::path ignore = folder_ / ".gitignore";
  std::error_code error;
  return fs::exists(ignore, error) ? Status() : write_file(ignore, "*\n");
}

Result<TrashEntry> Trash::claim(const std::string& name, const TrashLabel& label,
                                const fs::path& from) const {
  const Status made = make();
  if (!made) return passed_on(made);
  TrashEntry entry;
  for (int number = 1; number < kMostEntries; ++number) {
    entry.name = fmt::format("{}-{}", name, number);
    entry.folder = folder_ / entry.name;
    std::error_code error;
    if (fs::exists(record_of(entry.name), error)) continue;
    if (::mkdir(entry.folder.c_str(), kPrivate) == 0) break;
    if (errno != EEXIST)
      return errno_failure(errno, "cannot make " + one_line(entry.folder.native()));
  }
  entry.from = from;
  entry.label = label;
  entry.moved_at = std::time(nullptr);
  const Status saved = save(entry);
  if (!saved) return passed_on(saved);
  return entry;
}

Status Trash::save(const TrashEntry& entry) const {
  return write_file(record_of(entry.name), record_for(entry).encode(), 0600);
}

TrashEntry Trash::read(const std::string& name) const {
  TrashEntry entry;
  entry.name = name;
  entry.folder = folder_ / name;
  entry.moved_at = changed_at(entry.folder);
  const Result<std::string> text = read_file(record_of(name), kLongestRecord);
  if (!text) return entry;
  const Result<Record> record = Record::decode(*text);
  if (record) fill_from(*record, entry);
  return entry;
}

std::vector<TrashEntry> Trash::entries() const {
  std::vector<TrashEntry> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    std::error_code unreadable;
    if (is_entry_name(name) && fs::is_directory(at->symlink_status(unreadable)))
      entries.push_back(read(name));
  }
  std::ranges::sort(entries, [](const TrashEntry& one, const TrashEntry& other) {
    return std::pair(one.moved_at, one.name) < std::pair(other.moved_at, other.name);
  });
  return entries;
}

Result<TrashEntry> Trash::find(const std::string& name) const {
  std::error_code error;
  if (is_entry_name(name) && fs::is_directory(fs::symlink_status(folder_ / name, error)))
    return read(name);
  return hinted(fail(Fault::NotFound, "there is no '{}' in the trash", one_line(name, 80)),
                "tmux-orch rescue list");
}

Result<fs::path> Trash::room_for_gone() const {
  const Status made = make_folders(gone(), kPrivate);
  if (!made) return passed_on(made);
  std::string pattern = gone() / "XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    return errno_failure(errno, "cannot make a folder in " + one_line(gone().native()));
  return fs::path(pattern);
}

Status Trash::expire(std::int64_t now_s) const {
  const std::int64_t oldest =
      now_s - std::chrono::duration_cast<std::chrono::seconds>(kTrashAge).count();
  for (const TrashEntry& entry : entries()) {
    if (entry.moved_at >= oldest) break;
    if (Status dropped = drop(entry); !dropped) return dropped;
  }
  return {};
}

Status Trash::set_gone_aside() const {
  std::error_code error;
  if (!fs::exists(gone(), error)) return {};
  std::string pattern = folder_ / fmt::format("{}XXXXXX", kSetAside);
  if (::mkdtemp(pattern.data()) == nullptr)
    return errno_failure(errno, "cannot make a folder in " + one_line(folder_.native()));
  fs::rename(gone(), pattern, error);
  if (error) return errno_failure(error.value(), "cannot empty " + one_line(folder_.native()));
  return {};
}

std::vector<std::string> Trash::set_aside() const {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().native().starts_with(kSetAside)) found.push_back(at->path());
  }
  return found;
}

Status Trash::drop(const TrashEntry& entry) const {
  std::error_code error;
  // Most often nothing is left in it.
  if (!fs::remove(entry.folder, error) && error) {
    const Result<fs::path> room = room_for_gone();
    if (!room) return passed_on(room);
    fs::rename(entry.folder, *room, error);
    if (error)
      return errno_failure(error.value(), "cannot delete " + one_line(entry.folder.native()));
  }
  fs::remove(record_of(entry.name), error);
  return {};
}

static std::string description(const Leftovers& left, std::string_view kind) {
  std::vector<std::string> parts;
  for (const std::string& name : left.repositories) {
    if (parts.size() == kNamesShown) break;
    parts.push_back("the git repository " + one_line(name, 100));
  }
  if (left.files > 0) {
    std::vector<std::string> names(
        left.names.begin(),
        left.names.begin() + static_cast<std::ptrdiff_t>(std::min(left.names.size(), kNamesShown)));
    std::string files =
        fmt::format("{} {}{}: {}", left.files, kind, left.files == 1 ? "file" : "files",
                    one_line(join(names, ", "), 300));
    if (left.files > names.size()) files += fmt::format(" and {} more", left.files - names.size());
    parts.push_back(std::move(files));
  }
  return join(parts, ", ");
}

std::string describe(const Leftovers& left) {
  return description(left, "");
}

std::string describe_ignored(const Leftovers& left) {
  return description(left, "ignored ");
}

}  // namespace orch::git
