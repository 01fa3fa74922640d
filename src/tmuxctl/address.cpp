// Names and paths of tmux sockets.
#include "tmuxctl/address.hpp"

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace tmuxctl {

using orch::Fault;

std::string tmux_tmpdir() {
  const char* folder = std::getenv("TMUX_TMPDIR");
  return folder == nullptr ? "" : folder;
}

std::vector<std::string> Address::argv() const {
  return {"tmux", "-u", is_path_ ? "-S" : "-L", value_};
}

std::filesystem::path Address::socket(std::string_view tmux_tmpdir) const {
  if (is_path_) return value_;
  std::error_code ignored;  // what cannot be looked at is not a folder for tmux either
  const bool usable = !tmux_tmpdir.empty() && std::filesystem::is_directory(tmux_tmpdir, ignored);
  const std::filesystem::path folder = usable ? tmux_tmpdir : "/tmp";
  return folder / fmt::format("tmux-{}", getuid()) / value_;
}

std::string Address::text() const {
  return fmt::format("{} {}", is_path_ ? "-S" : "-L", value_);
}

orch::Status Address::check(std::string_view tmux_tmpdir) const {
  if (value_.empty()) return orch::fail(Fault::BadInput, "the tmux socket has no name");
  if (value_.find('\0') != std::string::npos)
    return orch::fail(Fault::BadInput, "the tmux socket's name contains a zero byte");
  if (!is_path_ && value_.find('/') != std::string::npos)
    return orch::fail(Fault::BadInput, "'{}' is a path, not the name of a tmux socket", value_);
  const std::string path = socket(tmux_tmpdir).native();
  if (path.size() < sizeof(sockaddr_un::sun_path)) return {};
  return orch::hinted(
      orch::fail(Fault::BadInput, "the path of tmux's socket is too long ({} bytes of {}): {}",
                 path.size(), sizeof(sockaddr_un::sun_path) - 1, path),
      "choose a shorter one: `tmux-orch up -S /tmp/NAME`");
}

}  // namespace tmuxctl
