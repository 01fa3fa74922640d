// Looks at a file whose agent may make anything of it.
#include "app/status_file.hpp"

#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

const std::string kName(kStatusFile);
const std::string kBefore = "status-before";
constexpr std::size_t kLongestNote = 4096;
constexpr std::size_t kLongestExclude = std::size_t{1} << 20;
constexpr int kAppend = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

timespec now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);  // the clock that files are stamped by
  return time;
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino && one.st_mode == other.st_mode &&
         one.st_size == other.st_size && one.st_mtim.tv_sec == other.st_mtim.tv_sec &&
         one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

/// Of the text of a plain file, and else of nothing.
std::string content_id(const fs::path& worktree) {
  const Result<UntrustedFolder> folder = UntrustedFolder::open(worktree);
  const Result<std::string> text =
      folder ? folder->read(kName, kLongestStatusFile) : passed_on(folder);
  return text ? hex(fnv1a(*text)) : std::string();
}

Result<Record> noted_before(const fs::path& attempt) {
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  if (!folder) return passed_on(folder);
  const Result<std::string> text = folder->read(kBefore, kLongestNote);
  if (!text) return passed_on(text);
  return Record::decode(*text);
}

}  // namespace

Status note_status_file(const fs::path& attempt, const fs::path& worktree, bool is_tracked) {
  const timespec began = now();
  Record record;
  record.add("tracked", is_tracked ? 1 : 0);
  record.add("content", content_id(worktree));
  record.add("seconds", static_cast<long long>(began.tv_sec));
  record.add("nanoseconds", static_cast<long long>(began.tv_nsec));
  return write_file(attempt / kBefore, record.encode(), 0600);
}

Status leave_out_status_file(const fs::path& git_dir) {
  const std::string line = "/" + kName;
  const fs::path file = git_dir / "info" / "exclude";
  if (const Status made = make_folders(file.parent_path()); !made) return made;
  // Agents may be able to write there.
  const Result<UntrustedFolder> folder = UntrustedFolder::open(file.parent_path());
  if (!folder) return passed_on(folder);
  const Result<std::string> text = folder->read("exclude", kLongestExclude);
  if (!text && text.error().fault != Fault::NotFound) return passed_on(text);
  if (text) {
    for (const std::string_view known : split_lines(*text))
      if (trim(known) == line) return {};
  }
  // Behind what is there, as others may write to it as well.
  const Fd fd(::open(file.c_str(), kAppend, 0644));
  if (!fd) return errno_failure(errno, "cannot write " + file.native());
  const bool is_broken = text && !text->empty() && !text->ends_with('\n');
  const std::string added = (is_broken ? "\n" : "") + line + "\n";
  if (::write(fd.get(), added.data(), added.size()) != static_cast<ssize_t>(added.size()))
    return errno_failure(errno, "cannot write " + file.native());
  return {};
}

void put_away_status_file(const fs::path& attempt, const fs::path& worktree) {
  const Result<Record> noted = noted_before(attempt);
  if (!noted || noted->number("tracked", 1) != 0) return;

  struct stat info {};

  if (::lstat((worktree / kName).c_str(), &info) != 0 || S_ISDIR(info.st_mode)) return;
  const Result<UntrustedFolder> from = UntrustedFolder::open(worktree);
  const Result<UntrustedFolder> to = UntrustedFolder::open(attempt);
  if (!from) return;
  // On another file system it cannot be moved; all that counted of it is stored.
  if (!to || !from->move(kName, *to)) from->remove(kName);
}

StatusFile::StatusFile(const fs::path& attempt, fs::path worktree, ReportsFor who)
    : attempt_(attempt),
      worktree_(std::move(worktree)),
      who_(std::move(who)),
      last_text_(attempt) {}

/// One that is not started yet has no note.
bool StatusFile::is_expected() {
  if (is_noted_) return !is_tracked_;
  const Result<Record> noted = noted_before(attempt_);
  if (!noted) return false;
  is_noted_ = true;
  is_tracked_ = noted->number("tracked", 1) != 0;
  before_ = noted->get("content");
  began_.tv_sec = noted->number("seconds");
  began_.tv_nsec = noted->number("nanoseconds");
  return !is_tracked_;
}

const StatusFile::Look& StatusFile::look() {
  last_text_.look();
  const bool is_told = std::exchange(who_.last_text, last_text_.name()) != last_text_.name();

  struct stat info {};

  if (!is_expected() || ::lstat((worktree_ / kName).c_str(), &info) != 0) {
    looked_at_.reset();
    return found_ = {};
  }
  if (is_told || !looked_at_ || !is_same(*looked_at_, info)) found_ = read(info);
  looked_at_ = info;
  timespec just_now = now();
  just_now.tv_sec -= 1;
  found_.is_fresh = !is_before(info.st_mtim, just_now);
  return found_;
}

StatusFile::Look StatusFile::read(const struct stat& info) const {
  Look look;
  const Result<UntrustedFolder> folder = UntrustedFolder::open(worktree_);
  if (!folder) return look;
  const Result<std::string> text = folder->read(kName, kLongestStatusFile);
  const bool is_of_before = text && hex(fnv1a(*text)) == before_ && !last_text_.at();
  if (is_of_before) return look;
  look.is_there = true;
  if (!text) {
    look.wrong = S_ISREG(info.st_mode)
                     ? fmt::format("it is larger than {} bytes", kLongestStatusFile)
                     : "it is no plain file";
    return look;
  }
  if (is_before(info.st_mtim, began_)) {
    look.wrong = "it is older than this attempt";
    return look;
  }
  if (last_text_.at() && is_before(info.st_mtim, *last_text_.at())) return look;
  Result<std::optional<AgentReported>> report = read_status_file(*text, who_);
  if (report) {
    look.report = std::move(*report);
  } else {
    look.wrong = report.error().what;
  }
  return look;
}

}  // namespace orch::app
