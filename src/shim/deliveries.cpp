// Reads texts, makes records, writes answers.
#include "shim/deliveries.hpp"

#include "orch/attempt/attempt.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "shim/takeover.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <utility>

namespace orch::shim {
namespace {

// Of what somebody wants to say to an agent; the agent can write here, too.
constexpr std::size_t kLongestText = 1u << 20;
constexpr std::size_t kLongestName = 16;

bool is_there(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool sync_folder(const std::filesystem::path& path) {
  const Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && ::fsync(folder.get()) == 0;
}

}  // namespace

FolderDeliveries::FolderDeliveries(std::filesystem::path attempt, std::string key,
                                   std::filesystem::path socket)
    : attempt_(std::move(attempt)), key_(std::move(key)), socket_(std::move(socket)) {}

std::optional<std::string> FolderDeliveries::text(const std::string& id) {
  Result<std::string> text = read_file(delivery_text(attempt_, id), kLongestText);
  if (!text) return std::nullopt;
  return std::move(*text);
}

bool FolderDeliveries::is_open(const std::string& id) {
  return is_there(delivery_open(attempt_, id));
}

std::optional<std::string> FolderDeliveries::key(const std::string& id) {
  Result<std::string> name = read_file(delivery_key(attempt_, id), kLongestName);
  if (!name) return std::nullopt;
  return std::move(*name);
}

bool FolderDeliveries::is_recorded(const std::string& id) {
  return is_there(delivery_record(attempt_, id));
}

// O_EXCL and not write_file(), which would take the place of a record that is there.
bool FolderDeliveries::record(const std::string& id) {
  const std::filesystem::path path = delivery_record(attempt_, id);
  const Fd made(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made) return false;
  if (::fsync(made.get()) != 0 || !sync_folder(path.parent_path())) {
    // Nothing was typed, so nothing may say that it was.
    ::unlink(path.c_str());
    return false;
  }
  failpoint("shim.delivery.recorded");
  return true;
}

// An answer that cannot be written is missed by the supervisor, which orders again and gets it
// then.
void FolderDeliveries::answer(const std::string& id, DeliveryAnswer answer) {
  (void)write_answer(attempt_, id, answer);
  failpoint("shim.delivery.answered");
  tell_supervisor();
}

void FolderDeliveries::person_typed(bool draft, bool tell) {
  const std::string_view left = draft ? attempt_file::kDraft : std::string_view();
  (void)write_file(attempt_ / attempt_file::kTyped, left, 0600);
  if (tell) tell_supervisor();
}

void FolderDeliveries::tell_supervisor() const {
  notify(socket_, "typed " + key_ + "\n");
}

}  // namespace orch::shim
