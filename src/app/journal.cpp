// The trace once more as a text file.
#include "app/journal.hpp"

#include "orch/base/text.hpp"
#include "ui/lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

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

struct LastLine {
  std::int64_t seq = 0;
  std::int64_t end = 0;  ///< a half line after it is cut off
};

std::int64_t seq_of(std::string_view line) {
  std::int64_t seq = 0;
  if (line.starts_with(kStart))
    std::from_chars(line.data() + kStart.size(), line.data() + line.size(), seq);
  return seq;
}

/// The last complete line in a piece of the file; nothing: the piece does not have a whole one.
std::optional<LastLine> last_line_in(std::string_view piece, std::int64_t begins_at) {
  const std::size_t end = piece.rfind('\n');
  if (end == std::string_view::npos) return {};
  const std::size_t before = end == 0 ? std::string_view::npos : piece.rfind('\n', end - 1);
  if (before == std::string_view::npos && begins_at > 0) return {};
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return LastLine{seq_of(piece.substr(begin, end - begin)),
                  begins_at + static_cast<std::int64_t>(end) + 1};
}

Result<std::string> read_from(int file, std::int64_t from, std::size_t size) {
  std::string piece(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t n = ::pread(file, piece.data() + have, size - have,
                              static_cast<off_t>(from) + static_cast<off_t>(have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno_failure(errno, "cannot read the end of the event log");
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  piece.resize(have);
  return piece;
}

/// From the end of the file backwards, so that a long run costs no more than a short one.
Result<LastLine> last_line(int file) {
  const std::int64_t size = ::lseek(file, 0, SEEK_END);
  if (size < 0) return errno_failure(errno, "cannot read the event log");
  for (std::int64_t length = 64 * 1024;; length *= 2) {
    const std::int64_t from = std::max<std::int64_t>(0, size - length);
    const Result<std::string> piece = read_from(file, from, static_cast<std::size_t>(size - from));
    if (!piece) return passed_on(piece);
    if (const std::optional<LastLine> last = last_line_in(*piece, from)) return *last;
    if (from == 0) return LastLine{};
  }
}

}  // namespace

Status Journal::open(const std::filesystem::path& file, const store::Store& store,
                     const std::string& run) {
  file_ = Fd(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file_) return errno_failure(errno, fmt::format("cannot open {}", file.string()));
  const Result<LastLine> last = last_line(file_.get());
  if (!last) return passed_on(last);
  if (::ftruncate(file_.get(), static_cast<off_t>(last->end)) != 0) {
    return errno_failure(errno, fmt::format("cannot write {}", file.string()));
  }
  std::int64_t seq = last->seq;
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
