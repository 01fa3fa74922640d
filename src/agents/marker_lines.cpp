// From rows to the lines that only the agent of this attempt can have meant.
#include "agents/marker_lines.hpp"

#include "agents/screen/prompt_box.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace orch {
namespace {

constexpr std::string_view kBegin = "TMUX-ORCH[";
constexpr std::size_t kCodeSize = 8;
constexpr std::size_t kMostRows = 12;  // of one line
constexpr std::size_t kLongestMarker = 300;
constexpr std::size_t kMostKeys = 1000;
/// What programs put before what their agent says; not what they put before a user's words, the
/// output of a tool, or the side of a box.
constexpr std::string_view kBullets[] = {"●", "⏺", "•", "✦", "✧", "◆", "-", "*"};

bool is_code(std::string_view code) {
  return code.size() == kCodeSize && std::ranges::all_of(code, [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

std::string without_blanks(std::string_view text) {
  std::string compact;
  for (const char c : text)
    if (c != ' ' && c != '\t') compact += c;
  return compact;
}

std::string_view after_bullet(std::string_view row) {
  row = trim(row);
  for (const std::string_view bullet : kBullets)
    if (row.starts_with(bullet)) return trim(row.substr(bullet.size()));
  return row;
}

/// The rest of the line without its end, which may be broken as well.
std::string_view without_end(std::string_view text, std::size_t signs) {
  while (signs > 0 && !text.empty()) {
    if (text.back() != ' ') --signs;
    text.remove_suffix(1);
  }
  return trim(text);
}

std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text = trim(text.substr(word.size()));
  return word;
}

std::optional<double> fraction(std::string_view word) {
  const std::string text(word);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool is_number = !text.empty() && *end == '\0' && text.find_first_of("xXnN") == text.npos;
  return is_number && value >= 0 && value <= 1 ? std::optional(value) : std::nullopt;
}

std::optional<MarkerLine> read(std::string_view text) {
  MarkerLine line;
  const std::string_view word = take_word(text);
  if (word == "PROGRESS") {
    line.kind = ReportKind::Progress;
    const std::optional<double> progress = fraction(take_word(text));
    if (!progress) return std::nullopt;
    line.progress = *progress;
  } else if (word == "BLOCKED") {
    line.kind = ReportKind::Blocked;
    if (text.empty()) return std::nullopt;
  } else if (word != "DONE") {
    return std::nullopt;
  }
  line.text = one_line(text, kLongestMarker);
  return line;
}

/// The line that begins in this row.
std::optional<MarkerLine> line_at(const std::vector<std::string>& rows, std::size_t at,
                                  std::size_t end, std::string_view code) {
  const std::string begin = fmt::format("{}{}]", kBegin, code);
  const std::string close = fmt::format("[{}]", code);
  const std::string_view first = after_bullet(rows[at]);
  if (!first.starts_with(begin)) return std::nullopt;
  std::string text(trim(first.substr(begin.size())));
  for (std::size_t row = at; row < std::min(end, at + kMostRows); ++row) {
    if (row > at) {
      const std::string_view more = trim(rows[row]);
      if (more.empty() || after_bullet(more).starts_with(kBegin)) return std::nullopt;
      text += fmt::format(" {}", more);
    }
    std::string key = without_blanks(text);
    if (!key.ends_with(close)) continue;
    key.resize(key.size() - close.size());
    // What an agent that did not understand repeats of its prompt.
    if (key.find(close) != std::string::npos) return std::nullopt;
    std::optional<MarkerLine> line = read(without_end(text, close.size()));
    if (line) line->key = std::move(key);
    return line;
  }
  return std::nullopt;
}

}  // namespace

std::string marker_code(std::string_view random) {
  return std::string(random.substr(0, kCodeSize));
}

std::vector<MarkerLine> marker_lines(const Screen& screen, std::string_view code) {
  std::vector<MarkerLine> lines;
  if (!is_code(code)) return lines;
  const std::size_t end = rows_above_box(screen);
  for (std::size_t at = 0; at < end; ++at)
    if (auto line = line_at(screen.rows, at, end, code)) lines.push_back(std::move(*line));
  return lines;
}

AgentReported report_of(const MarkerLine& line, const ReportsFor& who) {
  AgentReported report;
  report.id = report_id("marker", {who.task, who.attempt, who.agent_id}, line.key);
  report.task = who.task;
  report.attempt = who.attempt;
  report.kind = line.kind;
  report.text = line.text;
  report.progress = line.progress;
  return report;
}

std::string without_markers(std::string text) {
  for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at))
    text.replace(at, kBegin.size(), "TMUX-ORCH (");
  return text;
}

std::vector<MarkerLine> MarkerTracker::see(std::vector<MarkerLine> lines, bool counts,
                                           const std::string& last_text) {
  if (std::exchange(last_text_, last_text) != last_text && before_.size() < kMostKeys)
    before_.merge(shown_);
  shown_.clear();
  for (const MarkerLine& line : lines)
    shown_.insert(line.key);
  if (!counts) return {};
  std::erase_if(lines, [this](const MarkerLine& line) { return before_.contains(line.key); });
  return lines;
}

}  // namespace orch
