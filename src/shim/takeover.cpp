// Lock, claim, and the notification of the supervisor.
#include "shim/takeover.hpp"

#include "orch/base/failpoint.hpp"
#include "orch/base/process.hpp"
#include "orch/base/random.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace orch::shim {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// TMUX is "SOCKET,PID,SESSION"; the socket's path may hold commas itself.
void add_tmux(AttemptClaim& claim) {
  const std::string tmux = variable("TMUX");
  const std::size_t session = tmux.rfind(',');
  if (session == std::string::npos || session == 0) return;
  const std::size_t server = tmux.rfind(',', session - 1);
  if (server == std::string::npos) return;
  pid_t pid = 0;
  std::from_chars(tmux.data() + server + 1, tmux.data() + session, pid);
  claim.tmux_socket = tmux.substr(0, server);
  claim.tmux = identify(pid);
}

}  // namespace

Result<Fd> take_over(const std::filesystem::path& folder, const std::string& key) {
  auto lock = lock_file(folder / attempt_file::kLock);
  if (!lock) return lock;
  failpoint("shim.locked");
  AttemptClaim claim{.key = key, .nonce = random_hex(), .pane = variable("TMUX_PANE")};
  claim.shim = identify(::getpid());
  add_tmux(claim);
  // A link is as exclusive as O_EXCL, and what appears is complete.
  const std::filesystem::path draft = folder / (".claim-" + claim.nonce);
  const std::filesystem::path final = folder / attempt_file::kClaim;
  if (auto written = write_file(draft, to_record(claim).encode(), 0600); !written) {
    return passed_on(written);
  }
  const int error_number = ::link(draft.c_str(), final.c_str()) == 0 ? 0 : errno;
  ::unlink(draft.c_str());
  if (error_number == EEXIST) return fail(Fault::Busy, "{} exists", final.native());
  if (error_number != 0) return errno_failure(error_number, "cannot make " + final.native());
  failpoint("shim.claimed");
  return lock;
}

void notify(const std::filesystem::path& socket, const std::string& line) {
  if (socket.empty()) return;
  // By way of the folder's descriptor, as an address holds only 107 bytes.
  const Fd folder(::open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const Fd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const std::string path =
      fmt::format("/proc/self/fd/{}/{}", folder.get(), socket.filename().native());
  sockaddr_un address{};
  if (!folder || !client || path.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    ::send(client.get(), line.data(), line.size(), MSG_NOSIGNAL);
  }
}

void complain(const std::string& text) {
  const std::string line = "orch-shim: " + text + "\n";
  // Nobody left to tell if this fails.
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace orch::shim
