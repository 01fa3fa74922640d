// An ordered table of what services say, and two ways to name a time.
#include "agents/turn_error.hpp"

#include "orch/base/text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace orch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestError = 2000;
constexpr Span kFurthest = 8 * 24h;

struct Saying {
  TurnError error;
  const char* pattern;
};

// The first that is found counts: a quota that is used up is told with the status of a rate limit,
// and a conversation that is too long as a bad request.
constexpr Saying kSayings[] = {
    {TurnError::ContextFull,
     R"(prompt is too long|context limit|context (length|window) exceeded|(exceeds?|maximum).{0,30}context|ran out of room|too many tokens|input.{0,20}too (long|large))"},
    {TurnError::Quota,
     R"(quota|billing|credit|payment|insufficient (funds|balance)|out of (usage|extra)|usage credits|spend(ing)? limit|402\b)"},
    {TurnError::SignIn,
     R"(\b401\b|\b403\b|authenticat|unauthori[sz]ed|api.?key|/login|log(ged)? ?in|sign(ed)? ?in|oauth|session (has )?expired|permission_error|permission denied)"},
    {TurnError::RateLimit,
     R"(\b429\b|rate.?limit|too many requests|resource.?exhausted|(usage|weekly|hourly|session|daily|hour|week|your).{0,12} limit|limit reached|hit your)"},
    {TurnError::Refused, R"(refus|usage polic|content.?(policy|filter)|safety|flagged)"},
    {TurnError::Overloaded,
     R"(\b5[0-9]{2}\b|overload|high demand|server.?error|server.?side|unavailable|time(d)?.?out|connection|econn|etimedout|enotfound|socket|network|fetch failed|terminated|disconnected|stream (closed|ended)|try again later|api_error)"},
    {TurnError::Malformed,
     R"(json|parse|parsing|malformed|unexpected (token|end)|invalid (response|stream))"},
};

struct Unit {
  const char* word;
  Span length;
};

constexpr Unit kUnits[] = {{"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}};

/// "1h 2m 3.5s", "3 days 4 hours", "20 seconds".
Span length_of(std::string_view words) {
  static const RE2 kPart(R"(([0-9]{1,6})(?:\.[0-9]+)?\s*([a-z]+))");
  Span length{0};
  std::string number;
  std::string unit;
  re2::StringPiece rest(words.data(), words.size());
  while (RE2::FindAndConsume(&rest, kPart, &number, &unit)) {
    const auto known = std::ranges::find_if(
        kUnits, [&unit](const Unit& one) { return unit.starts_with(one.word); });
    if (unit == "ms" || known == std::end(kUnits)) continue;
    length += std::stol(number) * known->length;
  }
  // A part of a second is waited for as well.
  return length == Span{0} ? length : length + 1s;
}

/// That it is "retrying in 20s" is what a program plans, and nothing that its service says.
std::optional<Span> span_in(std::string_view text) {
  static const RE2 kSpan(
      R"((?:again|retry\b|reset|resets|available|wait|opens)[^.0-9]{0,24}?\b(?:in|after|for|at least)?:?\s*)"
      R"(((?:[0-9]+(?:\.[0-9]+)?\s*(?:ms|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b[\s,]*(?:and\s+)?)+|)"
      R"((?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+(?:\.[0-9]+)?s)\b))");
  std::string words;
  if (!RE2::PartialMatch(text, kSpan, &words)) return std::nullopt;
  return length_of(words);
}

int month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto* const found = std::ranges::find(kMonths, name.substr(0, 3));
  return found == kMonths.end() ? -1 : static_cast<int>(found - kMonths.begin());
}

/// "resets 3pm", "resets Oct 3, 3:30 pm", "try again at 15:00": the next time that it is so late.
std::optional<Span> until_clock_in(std::string_view text, std::time_t now) {
  static const RE2 kClock(
      R"((?:again|resets?|available)\s*(?:at |on )?\s*(?:([a-z]{3,9})\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s*(?:[0-9]{4},?)?\s*(?:at)?\s*)?)"
      R"(\b([0-9]{1,2})(?::([0-9]{2}))?\s*([ap])?\.?(?:m\b)?)");
  std::string month;
  std::string day;
  std::string hour;
  std::string minute;
  std::string half;
  if (!RE2::PartialMatch(text, kClock, &month, &day, &hour, &minute, &half)) return std::nullopt;
  if (minute.empty() && half.empty()) return std::nullopt;  // a number, and no time
  std::tm when{};
  ::localtime_r(&now, &when);
  when.tm_hour = std::stoi(hour) % (half.empty() ? 24 : 12) + (half == "p" ? 12 : 0);
  when.tm_min = minute.empty() ? 0 : std::stoi(minute);
  when.tm_sec = 0;
  when.tm_isdst = -1;
  if (!day.empty()) {
    if (month_of(month) < 0) return std::nullopt;
    when.tm_mon = month_of(month);
    when.tm_mday = std::stoi(day);
  }
  std::time_t at = std::mktime(&when);
  if (at < now && day.empty()) {
    ++when.tm_mday;
    when.tm_isdst = -1;
    at = std::mktime(&when);
  }
  // It has just opened: a minute of it is over.
  return at < now ? std::optional<Span>(1s) : std::optional<Span>(std::chrono::seconds(at - now));
}

TurnError error_of(std::string_view text) {
  static const auto* const kPatterns = [] {
    auto* patterns = new std::array<std::unique_ptr<RE2>, std::size(kSayings)>;
    std::ranges::transform(kSayings, patterns->begin(), [](const Saying& saying) {
      return std::make_unique<RE2>(saying.pattern);
    });
    return patterns;
  }();
  for (std::size_t place = 0; place < kPatterns->size(); ++place)
    if (RE2::PartialMatch(text, *(*kPatterns)[place])) return kSayings[place].error;
  return TurnError::Other;
}

}  // namespace

ErrorReading read_turn_error(std::string_view text, std::time_t now) {
  const std::string said = lower(text.substr(0, kLongestError));
  ErrorReading reading{.error = error_of(said)};
  if (!is_passing(reading.error) && reading.error != TurnError::Quota) return reading;
  std::optional<Span> opens = span_in(said);
  if (!opens) opens = until_clock_in(said, now);
  if (!opens || *opens <= Span{0} || *opens > kFurthest) return reading;
  reading.opens_in = *opens;
  // What is used up until a time that it names is a limit.
  if (reading.error == TurnError::Quota) reading.error = TurnError::RateLimit;
  return reading;
}

bool says_more(const ErrorReading& shown, const ErrorReading& said) {
  if (said.error == TurnError::Other) return shown.error != TurnError::Other;
  if (said.error == shown.error) return said.opens_in == Span{0} && shown.opens_in > Span{0};
  return said.error == TurnError::RateLimit && shown.error == TurnError::Quota;
}

}  // namespace orch
