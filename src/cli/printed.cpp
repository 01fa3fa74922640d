// Reads the log, and has a terminal show it.
#include "cli/printed.hpp"

#include "cli/output.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"
#include "term/size_mark.hpp"
#include "term/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace orch::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kSegments = 8;
constexpr std::size_t kLargestSegment = 1u << 28;

/// The end of a log that is rendered: the rest of a large one would take seconds and is rarely
/// wanted.
std::string_view rendered_part(std::string_view log) {
  constexpr std::size_t most = std::size_t{16} << 20;
  if (log.size() <= most) return log;
  warn(fmt::format("of {} MB of output, the last {} are shown; --raw shows all", log.size() >> 20,
                   most >> 20));
  log.remove_prefix(log.size() - most);
  // Not from the middle of a sequence.
  const std::size_t start = log.find_first_of("\x1b\n");
  return log.substr(start == std::string_view::npos ? 0 : start);
}

}  // namespace

std::string whole_log(const fs::path& folder) {
  std::string text;
  const std::string name(shim::attempt_file::kOutput);
  const Result<UntrustedFolder> place = UntrustedFolder::open(folder);
  for (int i = kSegments; place && i >= 0; --i) {
    const std::string file = i == 0 ? name : fmt::format("{}.{}", name, i);
    if (const Result<std::string> part = place->read(file, kLargestSegment)) text += *part;
  }
  return text;
}

std::string shown(std::string_view text, int last_lines) {
  const std::vector<std::string_view> lines = split_lines(text);
  const auto wanted = static_cast<std::size_t>(std::max(0, last_lines));
  const std::size_t from = wanted > 0 && lines.size() > wanted ? lines.size() - wanted : 0;
  std::string out;
  for (std::size_t i = from; i < lines.size(); ++i)
    out += one_line(lines[i]) + "\n";
  return out;
}

std::string rendered(std::string_view log, bool only_screen) {
  term::Terminal terminal;
  terminal.feed(rendered_part(log));
  std::string text;
  if (!only_screen) {
    if (terminal.dropped_lines() > 0)
      warn(fmt::format("{} lines before these are left out; --raw shows all",
                       terminal.dropped_lines()));
    for (const std::string& line : terminal.scrolled_out())
      text += line + "\n";
    for (const std::string& row : terminal.covered())
      text += row + "\n";
  }
  for (const std::string& row : terminal.last_screen())
    text += row + "\n";
  return text;
}

std::string last_lines(const fs::path& attempt, int lines) {
  const std::string log = whole_log(attempt);
  const std::string text = term::without_sizes(log);
  return shown(term::moves_cursor(text) ? rendered(log, false) : text, lines);
}

}  // namespace orch::cli
