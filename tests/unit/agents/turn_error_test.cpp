// What services say about a turn that failed.
#include "agents/turn_error.hpp"

#include "catch.hpp"

#include <cstdlib>

using namespace orch;
using namespace std::chrono_literals;

namespace {

// 2026-11-30 12:00:00 UTC, a Monday.
constexpr std::time_t kNoon = 1'796'040'000;

ErrorReading read(std::string_view text) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  return read_turn_error(text, kNoon);
}

}  // namespace

TEST_CASE("an error is told by what the service says") {
  const auto [text, error] = GENERATE(table<std::string, TurnError>({
      {"API Error: 500 Internal server error. This is a server-side issue, try again in a moment",
       TurnError::Overloaded},
      {"API Error: 529 {\"type\":\"overloaded_error\"}", TurnError::Overloaded},
      {"We're currently experiencing high demand, which may cause temporary errors.",
       TurnError::Overloaded},
      {"stream disconnected before completion", TurnError::Overloaded},
      {"[API Error: terminated]", TurnError::Overloaded},
      {"Connection dropped (ECONNRESET)", TurnError::Overloaded},
      {"server_error", TurnError::Overloaded},
      {"exceeded retry limit, last status: 429 Too Many Requests", TurnError::RateLimit},
      {"Rate limit reached for requests. Please try again later.", TurnError::RateLimit},
      {"You've hit your usage limit.", TurnError::RateLimit},
      {"429 You exceeded your current quota, please check your plan and billing details",
       TurnError::Quota},
      {"Credit balance is too low", TurnError::Quota},
      {"401 Incorrect API key provided", TurnError::SignIn},
      {"Login expired · Please run /login", TurnError::SignIn},
      {"Prompt is too long", TurnError::ContextFull},
      {"Codex ran out of room in the model's context window", TurnError::ContextFull},
      {"JSON parsing failed", TurnError::Malformed},
      {"the model refused", TurnError::Refused},
      {"something went wrong", TurnError::Other},
      {"", TurnError::Other},
  }));
  INFO(text);
  CHECK(read(text).error == error);
}

TEST_CASE("a time to wait is read from the words around it") {
  const auto [text, opens] = GENERATE(table<std::string, Span>({
      {"429 rate limit: please try again in 20s", 21s},
      {"429 rate limit: try again in 1.5s", 2s},
      {"usage limit: try again in 3 days 4 hours 5 minutes.", 76h + 5min + 1s},
      {"429: retry after 30 seconds", 31s},
      {"429, retry-after: 30s", 31s},
      {"Your quota will reset after 17h35m2s.", 17h + 35min + 3s},
      {"You've hit your limit · resets 3pm (UTC)", 3h},
      {"You've hit your limit · resets at 15:30", 3h + 30min},
      {"You've hit your limit · resets 11am", 23h},
      {"You've hit your weekly limit · resets Dec 3, 3pm", 75h},
      {"usage limit, try again at Dec 1st, 2026 3:14 PM.", 27h + 14min},
      {"429 Too Many Requests", 0s},
      {"429 after 3 tries", 0s},
      {"429 You exceeded your quota (Retrying in 36s, attempt 1/10)", 0s},
      {"429: try again in 4000 days", 0s},
      {"500 Internal error, try again in a moment", 0s},
      {"529 overloaded, retrying in 500ms", 0s},
  }));
  INFO(text);
  CHECK(read(text).opens_in == opens);
}

TEST_CASE("a quota that opens again is a limit") {
  CHECK(read("quota exceeded, it will reset after 2h").error == TurnError::RateLimit);
  CHECK(read("quota exceeded, check your plan").error == TurnError::Quota);
  CHECK(read("quota exceeded [retrying in 18s attempt #4]").error == TurnError::Quota);
}

TEST_CASE("the name of an error gives way to a text that says more") {
  const ErrorReading limit = read("rate_limit");
  CHECK(says_more(read("429 You exceeded your current quota"), limit));
  CHECK(says_more(read("429 Too many requests, try again in 20s"), limit));
  CHECK(says_more(read("Prompt is too long"), read("invalid_request")));
  CHECK_FALSE(says_more(read("429 Too many requests"), limit));
  CHECK_FALSE(says_more(read("Prompt is too long"), limit));
  CHECK_FALSE(says_more(read("something went wrong"), limit));
  CHECK_FALSE(says_more(limit, read("billing_error")));
}

TEST_CASE("no text is too long or too strange to be read") {
  CHECK(read(std::string(1 << 20, '9')).error == TurnError::Other);
  CHECK(read("429 try again in " + std::string(10000, '9') + "s").opens_in == 0s);
  CHECK(read("429 resets 99:99pm").opens_in <= 8 * 24h);
  CHECK(read("429 resets Feb 99, 3pm").opens_in <= 8 * 24h);
}
