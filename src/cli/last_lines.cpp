// Reads the ends of the logs that have changed.
#include "cli/last_lines.hpp"

#include "orch/attempt/attempt.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"
#include "term/size_mark.hpp"
#include "term/terminal.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace orch::cli {
namespace {

constexpr std::int64_t kEnd = 8 << 10;  // bytes of a log that are read

std::string read_end(const Fd& file, std::int64_t size) {
  const std::int64_t from = std::max<std::int64_t>(0, size - kEnd);
  std::string bytes(static_cast<std::size_t>(size - from), '\0');
  const ssize_t read = ::pread(file.get(), bytes.data(), bytes.size(), from);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read)));
  if (from == 0) return bytes;
  // Not from the middle of a sequence.
  const std::size_t start = bytes.find_first_of("\x1b\n");
  return start == std::string::npos ? bytes : bytes.substr(start);
}

template <class Lines>
std::string last_of(const Lines& lines) {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (const std::string_view text = trim(*line); !text.empty()) return one_line(text);
  return {};
}

/// Of a program that draws on its terminal, the last row of what that shows.
std::string last_line(const std::string& log) {
  const std::string text = term::without_sizes(log);
  if (!term::moves_cursor(text)) return last_of(split_lines(text));
  term::Terminal terminal;
  terminal.feed(log);
  return last_of(terminal.last_screen());
}

}  // namespace

void LastLines::look(const app::RunPaths& files, const std::vector<Shown>& shown) {
  std::map<TaskId, Seen> seen;
  std::map<TaskId, std::string> lines;
  for (const Shown& one : shown) {
    const Result<UntrustedFolder> folder =
        UntrustedFolder::open(files.attempt(one.task, one.attempt));
    if (!folder) continue;
    const Result<Fd> file = folder->file(std::string(shim::attempt_file::kOutput));

    struct stat status {};

    if (!file || ::fstat(file->get(), &status) != 0) continue;
    const Seen now{one.attempt, status.st_size, status.st_mtim};
    const Seen& before = seen_[one.task];
    const bool same = before.attempt == now.attempt && before.size == now.size &&
                      before.written.tv_sec == now.written.tv_sec &&
                      before.written.tv_nsec == now.written.tv_nsec;
    lines[one.task] = same ? std::move(lines_[one.task]) : last_line(read_end(*file, now.size));
    seen[one.task] = now;
  }
  seen_ = std::move(seen);
  lines_ = std::move(lines);
}

}  // namespace orch::cli
