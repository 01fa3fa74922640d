#include "orch/base/text.hpp"

#include "catch.hpp"

#include <cerrno>

using namespace orch;
using namespace std::chrono_literals;
using Views = std::vector<std::string_view>;

TEST_CASE("splitting keeps empty parts") {
  CHECK(split("a,,b,", ',') == Views{"a", "", "b", ""});
  CHECK(split("", ',') == Views{""});
}

TEST_CASE("lines end in LF or CRLF and the last need not end") {
  CHECK(split_lines("a\r\nb\n\nc") == Views{"a", "b", "", "c"});
  CHECK(split_lines("a\n") == Views{"a"});
  CHECK(split_lines("").empty());
  CHECK(split_lines("\n") == Views{""});
  CHECK(split_lines("a\rb\n") == Views{"a\rb"});
}

TEST_CASE("white space is trimmed at both ends only") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \n").empty());
}

TEST_CASE("parts are joined and ASCII is lowered") {
  CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(join({}, ", ").empty());
  CHECK(lower("AbZ-[\xC3\x84") == "abz-[\xC3\x84");
}

TEST_CASE("the nearest name is the one with the fewest mistakes") {
  const std::vector<std::string> verbs{"up", "plan", "status", "attach", "logs", "send", "merge"};
  CHECK(nearest("stauts", verbs) == "status");
  CHECK(nearest("lgos", verbs) == "logs");
  CHECK(nearest("Merge", verbs) == "merge");
  CHECK(nearest("mergee", verbs) == "merge");
  CHECK(nearest("pu", verbs) == "up");
  CHECK(nearest("frobnicate", verbs).empty());
  CHECK(nearest("x", verbs).empty());
  CHECK(nearest("", verbs).empty());
  CHECK(nearest(std::string(100'000, 'a'), verbs).empty());
}

TEST_CASE("a span of time needs a unit") {
  CHECK(*parse_span("250ms") == 250ms);
  CHECK(*parse_span("90s") == 90s);
  CHECK(*parse_span("1h30m") == 90min);
  CHECK(*parse_span("2d") == 48h);
  CHECK(*parse_span("1m500ms") == 60'500ms);
  CHECK(*parse_span("0s") == 0ms);
  for (const char* wrong :
       {"", "10", "s", "-1s", "+1s", "1h30", "30m1h", "1m1m", "1.5h", "1 s", "1x", "s1", "1S"}) {
    CAPTURE(wrong);
    REQUIRE_FALSE(parse_span(wrong));
    CHECK(parse_span(wrong).error().fault == Fault::BadInput);
  }
  CHECK_FALSE(parse_span("9999999999999999999999s"));
  CHECK_FALSE(parse_span("9223372036854775807d"));
  CHECK(parse_span("36500d"));
  CHECK_FALSE(parse_span("36500d1ms"));
}

TEST_CASE("a span of time is shown with the two units that matter") {
  CHECK(span_text(0ms) == "0s");
  CHECK(span_text(250ms) == "250ms");
  CHECK(span_text(4'299ms) == "4.2s");
  CHECK(span_text(9'999ms) == "9.9s");
  CHECK(span_text(59'999ms) == "59s");
  CHECK(span_text(200s) == "3m 20s");
  CHECK(span_text(62min) == "1h 02m");
  CHECK(span_text(51h) == "2d 03h");
  CHECK(span_text(-90s) == "-1m 30s");
  CHECK(span_text(Span::min()).starts_with("-"));
}

TEST_CASE("the hash is FNV-1a of 64 bits") {
  CHECK(hex(fnv1a("")) == "cbf29ce484222325");
  CHECK(hex(fnv1a("a")) == "af63dc4c8601ec8c");
  CHECK(hex(fnv1a("foobar")) == "85944171f73967e8");
  CHECK(fnv1a("bar", fnv1a("foo")) == fnv1a("foobar"));
  CHECK(hex(10) == "000000000000000a");
}

TEST_CASE("an error carries what was being done, its kind and its hint") {
  const Result<int> failed = hinted(fail(Fault::Conflict, "{} moved", "main"), "try again");
  const Result<int> outer = because(failed, "cannot land T3");
  CHECK(outer.error().fault == Fault::Conflict);
  CHECK(to_text(outer.error()) == "cannot land T3: main moved\ntry again");
  const Status other = passed_on(failed);
  CHECK(other.error() == failed.error());
}

TEST_CASE("the system's error tells its kind") {
  CHECK(errno_failure(ENOENT, "cannot open x").value() ==
        Error{Fault::NotFound, "cannot open x: No such file or directory", {}});
  CHECK(errno_failure(ENOSPC, "x").value().fault == Fault::Full);
  CHECK(errno_failure(EACCES, "x").value().fault == Fault::Io);
}
