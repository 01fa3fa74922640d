// The trace once more as a text file.
#include "app/journal.hpp"

#include "orch/base/text.hpp"
#include "ui/lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

namespace orch::app {
namespace {

constexpr int kRowsAtOnce = 1000;
// A line begins with its number, so that the last one can be read without a JSON parser.
constexpr std::string_view kStart = "{\"seq\":";

std::string line_of(const store::TraceRow& row) {
  return fmt::format(
      "{}{},\"run\":\"{}\",\"at_ms\":{},\"wall_ms\":{},\"event\":{},\"facts\":{}}}\n", kStart,
      row.seq, row.run, to_ms(row.at), row.wall_ms, row.event, ui::facts_json(row.facts));
}

/// The number of the last complete line, and where it ends: a half line after it is cut off.
std::pair<std::int64_t, std::size_t> last_line(const std::string& text) {
  const std::size_t end = text.rfind('\n');
  if (end == std::string::npos) return {0, 0};
  const std::size_t before = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  std::int64_t seq = 0;
  const std::string_view line = std::string_view(text).substr(begin, end - begin);
  if (line.starts_with(kStart)) {
    std::from_chars(line.data() + kStart.size(), line.data() + line.size(), seq);
  }
  return {seq, end + 1};
}

}  // namespace

Status Journal::open(const std::filesystem::path& file, const store::Store& store,
                     const std::string& run) {
  std::int64_t seq = 0;
  std::size_t length = 0;
  if (const Result<std::string> text = read_file(file, 1u << 30)) {
    std::tie(seq, length) = last_line(*text);
  }
  file_ = Fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file_) return errno_failure(errno, fmt::format("cannot open {}", file.string()));
  if (::ftruncate(file_.get(), static_cast<off_t>(length)) != 0) {
    return errno_failure(errno, fmt::format("cannot write {}", file.string()));
  }
  while (true) {
    const Result<std::vector<store::TraceRow>> rows = store.trace(run, seq, kRowsAtOnce);
    if (!rows) return passed_on(rows);
    for (const store::TraceRow& row : *rows)
      append(row);
    if (rows->size() < kRowsAtOnce) return {};
    seq = rows->back().seq;
  }
}

void Journal::append(const store::TraceRow& row) {
  const std::string line = line_of(row);
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t n = ::write(file_.get(), line.data() + written, line.size() - written);
    if (n < 0 && errno == EINTR) continue;
    // The database has it; a half line is cut off and completed by the next open().
    if (n <= 0) return;
    written += static_cast<std::size_t>(n);
  }
}

}  // namespace orch::app
