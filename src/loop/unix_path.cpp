// Makes socket addresses out of paths of any length.
#include "loop/unix_path.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace orch::loop {

Result<UnixPath> unix_path(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  UnixPath made{Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), path.filename(), {}};
  if (!made.folder) {
    return errno_failure(errno, fmt::format("cannot open the folder {}", folder.native()));
  }
  const std::string short_path = fmt::format("/proc/self/fd/{}/{}", made.folder.get(), made.name);
  if (short_path.size() >= sizeof made.address.sun_path) {
    return fail(Fault::BadInput, "the name of the socket {} is too long", path.native());
  }
  made.address.sun_family = AF_UNIX;
  std::ranges::copy(short_path, std::begin(made.address.sun_path));
  return made;
}

}  // namespace orch::loop
