// Splitting, joining and comparing text; spans of time as text; hashes.
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace orch {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.push_back(text.substr(from));
  return parts;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  const std::size_t ended = lines.size() - 1;
  for (std::size_t i = 0; i < ended; ++i) {
    if (lines[i].ends_with('\r')) lines[i].remove_suffix(1);
  }
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string lower(std::string_view ascii) {
  std::string text(ascii);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Insertions, deletions, changes and swaps of neighbours that make one word of the other.
static std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  constexpr std::size_t longest = 64;  // the cost is quadratic, and nobody mistypes a paragraph
  if (word.size() > longest) return {};
  std::string best;
  std::size_t best_distance = word.size() / 3 + 2;
  for (const std::string& name : names) {
    if (name.size() > longest) continue;
    const std::size_t distance = edit_distance(lower(word), lower(name));
    if (distance >= best_distance || distance >= std::max(word.size(), name.size())) continue;
    best_distance = distance;
    best = name;
  }
  return best;
}

namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};

constexpr std::array kUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                            Unit{"s", 1'000}, Unit{"ms", 1}};

Failure bad_span(std::string_view text) {
  return hinted(fail(Fault::BadInput, "'{}' is not a length of time", one_line(text, 40)),
                "write a number and a unit: 250ms, 90s, 30m, 1h30m, 2d");
}

}  // namespace

Result<Span> parse_span(std::string_view text) {
  constexpr std::int64_t most_days = 36'500;
  std::int64_t total = 0;
  std::string_view left = text;
  const Unit* unit = kUnits.begin();  // each part must have a smaller unit than the one before
  do {
    std::int64_t count = 0;
    const auto [stop, code] = std::from_chars(left.data(), left.data() + left.size(), count);
    if (code != std::errc{} || count < 0) return bad_span(text);
    left.remove_prefix(static_cast<std::size_t>(stop - left.data()));
    const std::size_t letters = std::min(left.find_first_of("0123456789"), left.size());
    unit = std::find_if(unit, kUnits.end(),
                        [&](const Unit& one) { return one.name == left.substr(0, letters); });
    if (unit == kUnits.end()) return bad_span(text);
    left.remove_prefix(letters);
    const std::int64_t limit = most_days * kUnits.front().ms;
    if (count > (limit - total) / unit->ms) {
      return fail(Fault::BadInput, "'{}' is longer than a hundred years", one_line(text, 40));
    }
    total += count * unit->ms;
    ++unit;
  } while (!left.empty());
  return Span(total);
}

std::string span_text(Span span) {
  const std::int64_t ms = span.count();
  if (ms < 0)
    return "-" + span_text(Span(ms == std::numeric_limits<Span::rep>::min()
                                    ? std::numeric_limits<Span::rep>::max()
                                    : -ms));
  const std::int64_t seconds = ms / 1000;
  const std::int64_t minutes = seconds / 60;
  const std::int64_t hours = minutes / 60;
  if (hours >= 24) return fmt::format("{}d {:02}h", hours / 24, hours % 24);
  if (hours > 0) return fmt::format("{}h {:02}m", hours, minutes % 60);
  if (minutes > 0) return fmt::format("{}m {:02}s", minutes, seconds % 60);
  if (ms == 0) return "0s";
  if (seconds == 0) return fmt::format("{}ms", ms);
  if (seconds >= 10) return fmt::format("{}s", seconds);
  return fmt::format("{}.{}s", seconds, ms % 1000 / 100);
}

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed) {
  constexpr std::uint64_t prime = 0x100000001b3ULL;
  std::uint64_t hash = seed;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  }
  return hash;
}

std::string hex(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

}  // namespace orch
