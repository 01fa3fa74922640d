// Takes out of the rows of a screen what moves by itself, and makes a number of the rest.
#include "agents/screen/fingerprint.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>

namespace orch {

namespace {

constexpr std::size_t kLongest = 4096;

/// Signs that programs turn or blink: at the start of a row, in a bar, before a running tool.
constexpr auto kMoving =
    std::to_array<std::string_view>({"✶", "✢", "✳", "✻", "✽", "◐", "◑", "◒", "◓", "⬝", "■", "•",
                                     "◦", "●", "○", "\uFE0E", "\uFE0F"});
/// Signs that begin such a row but are usual in texts.
constexpr auto kAlsoAtStart = std::to_array<std::string_view>({"·", "*"});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

template <std::size_t kCount>
std::size_t sign_in(const std::array<std::string_view, kCount>& signs, std::string_view text) {
  const auto* const sign = std::ranges::find_if(
      signs, [text](std::string_view known) { return text.starts_with(known); });
  return sign == signs.end() ? 0 : sign->size();
}

/// The bytes of the sign at the start of `text` if it is one that moves.
std::size_t moving_sign(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text.front()) < 0x80) return 0;
  const bool is_braille =
      text.size() >= 3 && text[0] == '\xE2' && text[1] >= '\xA0' && text[1] <= '\xA3';
  return is_braille ? 3 : sign_in(kMoving, text);
}

std::size_t digits_in(std::string_view text) {
  const auto* const end = std::ranges::find_if_not(text, is_digit);
  return static_cast<std::size_t>(end - text.begin());
}

/// The bytes of "12s", "1.5s", "3m" or "2h" at the start of `text`.
std::size_t running_time(std::string_view text) {
  std::size_t size = digits_in(text);
  if (size == 0) return 0;
  if (text.substr(size).starts_with('.')) size += 1 + digits_in(text.substr(size + 1));
  if (size >= text.size() || std::string_view("hms").find(text[size]) == std::string_view::npos)
    return 0;
  ++size;
  return size < text.size() && is_word(text[size]) ? 0 : size;
}

/// The bytes of "12:48", "00:51:07" or "1:07 AM" at the start of `text`.
std::size_t clock_time(std::string_view text) {
  std::size_t size = digits_in(text);
  if (size == 0 || size > 2) return 0;
  int parts = 0;
  while (text.substr(size).starts_with(':') && digits_in(text.substr(size + 1)) == 2) {
    size += 3;
    ++parts;
  }
  if (parts == 0) return 0;
  const std::string_view rest = text.substr(size);
  if (rest.starts_with(" AM") || rest.starts_with(" PM")) size += 3;
  return size;
}

bool is_tip(std::string_view row) {
  constexpr std::string_view kTip = "Tip: ";
  constexpr std::size_t kFurthest = 12;  // a branch of a tree before it, and no word
  const std::size_t at = row.find(kTip);
  return at <= kFurthest && std::ranges::none_of(row.substr(0, at), is_word);
}

/// The row without the phrase after its spinner, which changes every few seconds: what follows it
/// in brackets stays.
std::string_view without_phrase(std::string_view row) {
  const std::size_t usual = sign_in(kAlsoAtStart, row);
  if (usual == 0 && moving_sign(row) == 0) return row;
  constexpr std::string_view kEllipsis = "…";
  const std::size_t dots = row.find(kEllipsis);
  if (usual != 0 && dots == std::string_view::npos) return row;
  if (row.ends_with(')')) {
    if (const std::size_t bracket = row.rfind(" ("); bracket != std::string_view::npos)
      return row.substr(bracket);
  }
  return dots == std::string_view::npos ? row : row.substr(dots + kEllipsis.size());
}

/// Of the last row, which says what can be done now, only counters are progress: a hint that goes
/// away is none.
std::string counters_in(std::string_view row) {
  std::string counters;
  for (const std::string_view word : split(row, ' ')) {
    if (std::ranges::any_of(word, is_digit)) counters.append(word).push_back(' ');
  }
  return counters;
}

/// Codex blinks "[ ! ] Action Required" in its title.
std::string_view without_blinking(std::string_view title) {
  constexpr std::size_t kMark = 5;
  const bool blinks = title.size() > kMark && title.starts_with("[ ") && title.substr(3, 2) == " ]";
  return blinks ? title.substr(kMark) : title;
}

}  // namespace

std::string steady_row(std::string_view whole) {
  std::string_view row = trim(whole.substr(0, kLongest));
  if (is_tip(row)) return {};
  row = without_phrase(row);
  std::string steady;
  steady.reserve(row.size());
  bool space = false;
  for (std::size_t at = 0; at < row.size();) {
    const std::string_view rest = row.substr(at);
    const bool starts_word = at == 0 || !is_word(row[at - 1]);
    std::size_t moving = moving_sign(rest);
    if (moving == 0 && starts_word) moving = std::max(running_time(rest), clock_time(rest));
    if (moving != 0 || rest.front() == ' ') {
      at += moving != 0 ? moving : 1;
      space = true;
      continue;
    }
    if (space && !steady.empty()) steady += ' ';
    space = false;
    steady += rest.front();
    ++at;
  }
  // What stood there was a running time.
  return steady == "( )" ? std::string() : steady;
}

std::string steady_title(std::string_view title) {
  return steady_row(without_blinking(title));
}

Fingerprint fingerprint(const Screen& screen) {
  Fingerprint print;
  print.push_back(fnv1a(steady_title(screen.title), fnv1a("title\n")));
  if (screen.dead) print.push_back(fnv1a("dead\n"));
  const auto is_blank = [](const std::string& row) { return trim(row).empty(); };
  const auto last = std::ranges::find_if_not(screen.rows.rbegin(), screen.rows.rend(), is_blank);
  for (const std::string& row : screen.rows) {
    std::string steady = steady_row(row);
    if (last != screen.rows.rend() && &row == &*last) steady = counters_in(steady);
    if (!steady.empty()) print.push_back(fnv1a(steady));
  }
  std::ranges::sort(print);
  return print;
}

bool shows_more(const Fingerprint& now, const Fingerprint& before) {
  return !std::ranges::includes(before, now);
}

}  // namespace orch
