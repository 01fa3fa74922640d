// The count of reminders, as files.
#include "app/reminders.hpp"

#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/random.hpp"
#include "orch/base/untrusted.hpp"
#include "orch/core/agent_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <system_error>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = "reminders";
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 4096;
constexpr auto kTypingLasts = std::chrono::seconds(10);

bool is_there(const fs::path& attempt, std::string_view name) {
  std::error_code ec;
  return fs::exists(fs::symlink_status(attempt / name, ec));
}

/// Did a person type in its window a moment ago? `typed` is written to by the shim.
bool is_being_typed(const fs::path& attempt) {
  std::error_code ec;
  const fs::path typed = attempt / shim::attempt_file::kTyped;
  const auto changed = fs::last_write_time(typed, ec);
  if (ec) return false;
  return fs::file_time_type::clock::now() - changed < kTypingLasts;
}

/// O_EXCL: two who come at the same time do not take the same one.
bool make_once(const fs::path& file, std::string_view text) {
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return false;
  if (::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return true;
  // There is no room on the disk: nobody has been told, so nothing is taken.
  ::unlink(file.c_str());
  return false;
}

}  // namespace

bool take_reminder(const fs::path& attempt, std::string_view who) {
  if (!make_folders(attempt / kFolder, 0700)) return false;
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt / kFolder);
  if (!folder) return false;
  for (int number = 1; number <= kReminders; ++number) {
    const std::string name = fmt::format("{}", number);
    if (make_once(attempt / kFolder / name, who)) return true;
    const Result<std::string> taken = folder->read(name, kLongestName);
    if (taken && *taken == who) return true;
  }
  return false;
}

std::string reminder_at_turn_end(const fs::path& attempt, bool supervised) {
  if (!supervised || is_there(attempt, kReported) || is_there(attempt, kQuiet)) return {};
  if (is_being_typed(attempt)) return {};
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  if (!folder) return {};
  const Result<std::string> text = folder->read(std::string(kReminderText), kLongestText);
  if (!text || text->empty() || !take_reminder(attempt, random_hex())) return {};
  return *text;
}

void mark(const fs::path& attempt, std::string_view name, bool there) {
  const fs::path file = attempt / name;
  std::error_code ec;
  if (there) {
    make_once(file, {});
  } else {
    fs::remove(file, ec);
  }
}

}  // namespace orch::app
