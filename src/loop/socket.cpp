// The supervisor's end of its Unix socket.
#include "loop/socket.hpp"

#include "loop/descriptors.hpp"
#include "loop/stream.hpp"
#include "loop/unix_path.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <set>
#include <utility>

namespace orch::loop {
namespace {

constexpr std::size_t kMostConnections = 64;
constexpr std::size_t kLongestLine = 64u << 10;
constexpr Span kTimeout = std::chrono::seconds(10);

// Shared, as the server may be destroyed while it runs.
using SharedOnLine = std::shared_ptr<const SocketServer::OnLine>;

/// One client. The server owns it, and for the time of a callback the callback does.
class SocketConnection : public std::enable_shared_from_this<SocketConnection> {
 public:
  /// `gone` is the last call, after which the server has forgotten the connection.
  SocketConnection(Loop& loop, SharedOnLine on_line, std::function<void(SocketConnection&)> gone)
      : on_line_(std::move(on_line)),
        gone_(std::move(gone)),
        stream_(loop),
        timeout_(loop, [this] { close(); }) {}

  Stream& stream() { return stream_; }

  void begin() {
    peer_ = ask_peer();
    timeout_.once(kTimeout);
    const auto on_end = [this] {
      ended_ = true;
      next_line();
    };
    stream_.read([this](std::string_view bytes) { on_bytes(bytes); }, on_end);
  }

 private:
  Peer ask_peer() {
    uv_os_fd_t fd = -1;
    ucred peer{};
    socklen_t size = sizeof peer;
    uv_fileno(reinterpret_cast<uv_handle_t*>(stream_.uv()), &fd);
    // Nobody rather than root when the kernel does not say.
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {~uid_t{}, 0};
    return {peer.uid, peer.pid};
  }

  void on_bytes(std::string_view bytes) {
    received_ += bytes;
    if (received_.size() > 2 * kLongestLine) return close();
    next_line();
  }

  /// Hands over the next line, unless the one before is not answered yet.
  void next_line() {
    if (busy_) return;
    const std::size_t end = received_.find('\n');
    if (std::min(end, received_.size()) > kLongestLine) return close();
    if (end == std::string::npos) {
      if (ended_) close();
      return;
    }
    const std::string line = received_.substr(0, end);
    received_.erase(0, end + 1);
    busy_ = true;
    timeout_.cancel();
    const auto on_line = on_line_;
    (*on_line)(peer_, line, [weak = weak_from_this(), number = number_](std::string text) {
      if (const auto self = weak.lock()) self->answer(number, std::move(text));
    });
  }

  void answer(std::uint64_t number, std::string text) {
    if (number != number_ || !stream_.is_open()) return;
    ++number_;
    timeout_.once(kTimeout);
    text += '\n';
    stream_.write(std::move(text), [this](bool arrived) {
      if (!arrived) return close();
      busy_ = false;
      next_line();
    });
  }

  void close() {
    if (!stream_.is_open()) return;
    const auto self = shared_from_this();
    stream_.close();
    timeout_.cancel();
    gone_(*this);
  }

  SharedOnLine on_line_;
  std::function<void(SocketConnection&)> gone_;
  Stream stream_;
  Timer timeout_;  // runs while it is the client's turn
  Peer peer_;
  std::string received_;
  std::uint64_t number_ = 0;  // of the line to be answered; a second answer finds another
  bool busy_ = false;         // from a line until its answer is taken
  bool ended_ = false;        // the client says no more, but may still listen
};

}  // namespace

struct SocketServer::Impl {
  Impl(Loop& events, UnixPath at, OnLine told)
      : loop(events),
        path(std::move(at)),
        on_line(std::make_shared<const OnLine>(std::move(told))),
        listener(new uv_pipe_t) {
    uv_pipe_init(loop.uv(), listener, 0);
    listener->data = this;
  }

  ~Impl() {
    if (bound) ::unlinkat(path.folder.get(), path.name.c_str(), 0);
    uv_close(reinterpret_cast<uv_handle_t*>(listener),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_pipe_t*>(closed); });
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// The errno of what went wrong, or 0.
  int open() {
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return errno;

    struct stat old {};

    const bool stale =
        ::fstatat(path.folder.get(), path.name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0;
    // The one who calls this holds the supervisor's lock, so nobody listens on an old socket.
    if (stale && S_ISSOCK(old.st_mode)) ::unlinkat(path.folder.get(), path.name.c_str(), 0);
    // On Linux bind gives the file the mode that the descriptor has: it is never open to others.
    ::fchmod(fd.get(), S_IRUSR | S_IWUSR);
    if (::bind(fd.get(), path.get(), sizeof path.address) != 0) return errno;
    bound = true;
    if (const int error = uv_pipe_open(listener, fd.get()); error != 0) return -error;
    fd.release();
    return -uv_listen(reinterpret_cast<uv_stream_t*>(listener), kMostConnections,
                      [](uv_stream_t* uv, int status) {
                        if (status == 0) static_cast<Impl*>(uv->data)->let_in();
                      });
  }

  /// libuv holds back further clients until the one that waits is accepted.
  void let_in() {
    const bool full = connections.size() >= kMostConnections;
    client_waits = full || (!connections.empty() && !has_descriptors(kDescriptorsInReserve));
    if (client_waits) return;
    const auto made =
        std::make_shared<SocketConnection>(loop, on_line, [this](SocketConnection& connection) {
          connections.erase(connection.shared_from_this());
          if (client_waits) let_in();
        });
    auto* client = reinterpret_cast<uv_stream_t*>(made->stream().uv());
    if (uv_accept(reinterpret_cast<uv_stream_t*>(listener), client) != 0) return;
    connections.insert(made);
    made->begin();
  }

  Loop& loop;
  UnixPath path;
  std::shared_ptr<const OnLine> on_line;
  uv_pipe_t* listener;
  std::set<std::shared_ptr<SocketConnection>> connections;
  bool bound = false;
  bool client_waits = false;
};

SocketServer::SocketServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SocketServer::~SocketServer() = default;

Result<std::unique_ptr<SocketServer>> SocketServer::listen(Loop& loop,
                                                           const std::filesystem::path& path,
                                                           OnLine on_line) {
  if (path.has_parent_path()) {
    if (const Status made = make_folders(path.parent_path(), 0700); !made) return passed_on(made);
  }
  auto at = unix_path(path);
  if (!at) return passed_on(at);
  auto impl = std::make_unique<Impl>(loop, std::move(*at), std::move(on_line));
  if (const int error_number = impl->open(); error_number != 0) {
    return errno_failure(error_number, fmt::format("cannot listen on {}", path.native()));
  }
  return std::unique_ptr<SocketServer>(new SocketServer(std::move(impl)));
}

}  // namespace orch::loop
