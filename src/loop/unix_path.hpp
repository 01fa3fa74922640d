#pragma once
// Addresses of Unix sockets at paths of any length.
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <string>

namespace orch::loop {

/// A socket's address has room for 107 bytes, so the folder is held open and named by /proc. The
/// address is good as long as this lives.
struct UnixPath {
  Fd folder;
  std::string name;
  sockaddr_un address{};

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

/// Fault::NotFound when the folder is missing.
Result<UnixPath> unix_path(const std::filesystem::path& path);

}  // namespace orch::loop
