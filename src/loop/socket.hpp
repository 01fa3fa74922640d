#pragma once
// The supervisor's Unix socket, and the client that talks to it: lines both ways.
#include "loop/loop.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace orch::loop {

/// Who is at the other end, as the kernel says (SO_PEERCRED).
struct Peer {
  uid_t uid = 0;
  pid_t pid = 0;
};

/// Listens on a path (0600, made in a 0700 folder; any length, by way of /proc/self/fd). Each line
/// of a connection, at most 64 KiB, is handed to `on_line` with a function that answers it, now or
/// later; the next line of that connection waits until then. A connection that neither speaks nor
/// is owed an answer is closed after 10 s. At most 64 are open at a time; others wait to be let in.
class SocketServer {
 public:
  using Reply = std::function<void(std::string line)>;
  using OnLine = std::function<void(const Peer&, std::string_view line, Reply reply)>;

  static Result<std::unique_ptr<SocketServer>> listen(Loop& loop, const std::filesystem::path& path,
                                                      OnLine on_line);
  ~SocketServer();

 private:
  struct Impl;
  explicit SocketServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Blocking, for the command line: connects, sends one line, waits for one line.
/// Fault::NotFound when nobody listens, Fault::TimedOut when no answer comes in time.
Result<std::string> ask(const std::filesystem::path& path, std::string_view line, Span timeout);
/// Connects and sends a line without waiting for an answer, after a spool file was
/// written. Nobody listening is not an error, as the file is there to be read later.
void notify(const std::filesystem::path& path, std::string_view line);

}  // namespace orch::loop
