// JSON with places: what is read, where it stands, and what is refused with which line.
#include "tasks/text/json_place.hpp"

#include "catch.hpp"

#include <fmt/format.h>

#include <string>

using namespace orch;
using namespace orch::tasks;

TEST_CASE("values keep their places") {
  const std::string text = "{\n \"a\": [1, \"two\", null],\n \"b\": {\"c\": -1.5e3}\n}\n";
  const JsonText json(text);
  REQUIRE_FALSE(json.problem());
  const auto members = json.root().members();
  REQUIRE(members.size() == 2);
  CHECK(members[0].first == "a");
  const auto items = members[0].second.items();
  REQUIRE(items.size() == 3);
  CHECK(items[0].raw() == "1");
  CHECK(items[1].text() == "two");
  CHECK(text.substr(items[1].offset(), 5) == "\"two\"");
  CHECK(items[2].is(JsonKind::Null));
  CHECK(members[1].second.find("c")->raw() == "-1.5e3");
  CHECK_FALSE(json.root().find("c"));
  CHECK(LineCounter(text).line_of(members[1].second.offset()) == 3);
}

TEST_CASE("escapes are read") {
  const JsonText json(
      R"(["a\"\\\/\b\f\n\r\t", "\u00e9\u20ac", "\ud83d\ude00", "\ud83d", "\u0000"])");
  REQUIRE_FALSE(json.problem());
  const auto items = json.root().items();
  CHECK(items[0].text() == "a\"\\/\b\f\n\r\t");
  CHECK(items[1].text() == "é€");
  CHECK(items[2].text() == "😀");
  CHECK(items[3].text() == "\xEF\xBF\xBD");
  CHECK(items[4].text() == "\xEF\xBF\xBD");
}

TEST_CASE("what is no JSON is named with its line") {
  struct Case {
    const char* text;
    int line;
    const char* message;
  };

  for (const Case& one : {
           Case{"", 1, "it has no value"},
           Case{"{\n\"a\": 1,\n}", 3, "a name in quotes"},
           Case{"{\n\"a\" 1}", 2, "a colon"},
           Case{"[1\n2]", 2, "a comma"},
           Case{"[1,\n]", 2, "a value should"},
           Case{"[1}", 1, "a list ends with '}'"},
           Case{"{\"a\": 1]", 1, "an object ends with ']'"},
           Case{"[1]\n[2]", 2, "follows its end"},
           Case{"[\n\"abc", 2, "within a string"},
           Case{"[\n{\"a\": 1", 2, "the object that begins in line 2"},
           Case{"[\"a\nb\"]", 1, "beyond its line"},
           Case{"[\"\\x\"]", 1, "unknown escape"},
           Case{"[\"\\u12g4\"]", 1, "unknown escape"},
           Case{"[01]", 1, "a number"},
           Case{"[1.]", 1, "a number"},
           Case{"[-]", 1, "a number"},
           Case{"[truer]", 1, "a comma"},
           Case{"[nul]", 1, "a value should"},
       }) {
    CAPTURE(one.text);
    const JsonText json(one.text);
    REQUIRE(json.problem());
    CHECK(json.problem()->line == one.line);
    CHECK(json.problem()->message.find(one.message) != std::string::npos);
  }
}

TEST_CASE("JSON cut anywhere is refused") {
  const std::string text = R"({"a": ["x\u00e9", {"b": [true, null, -1.5]}], "c": "d"})";
  REQUIRE_FALSE(JsonText(text).problem());
  for (std::size_t length = 0; length < text.size(); ++length)
    CHECK(JsonText(std::string_view(text).substr(0, length)).problem());
}

TEST_CASE("deep and huge JSON is refused") {
  const JsonText deep(std::string(10'000, '['));
  REQUIRE(deep.problem());
  CHECK(deep.problem()->message.find("nested deeper") != std::string::npos);
  std::string many = "[";
  for (int i = 0; i < 4'100'000; ++i)
    many += "1,";
  const JsonText huge(many);
  REQUIRE(huge.problem());
  CHECK(huge.problem()->message.find("million values") != std::string::npos);
}

TEST_CASE("lines are counted forwards and backwards") {
  LineCounter lines("a\nb\nc\n");
  CHECK(lines.line_of(4) == 3);
  CHECK(lines.line_of(0) == 1);
  CHECK(lines.line_of(2) == 2);
  CHECK(lines.line_of(100) == 4);
}
