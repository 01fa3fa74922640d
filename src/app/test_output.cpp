// Reads the end of the file.
#include "app/test_output.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace orch::app {

std::string end_of_log(const std::string& log, std::size_t most) {
  const Fd file(::open(log.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY));

  struct stat status {};

  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const off_t size = std::min(static_cast<off_t>(most), status.st_size);
  std::string text(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), status.st_size - size);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

std::vector<std::string> last_lines(const std::string& log) {
  constexpr std::size_t kMost = 4096;
  constexpr std::ptrdiff_t kLines = 20;
  const std::string text = end_of_log(log, kMost);
  const std::vector<std::string_view> lines = split_lines(trim(text));
  return {lines.end() - std::min(kLines, std::ssize(lines)), lines.end()};
}

}  // namespace orch::app
