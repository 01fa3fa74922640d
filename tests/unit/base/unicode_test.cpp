// Widths and lower case of scripts that are not ASCII.
#include "orch/base/unicode.hpp"

#include "catch.hpp"
#include "orch/base/text.hpp"

using namespace orch;

TEST_CASE("a text is as wide as a terminal shows it") {
  CHECK(display_width("") == 0);
  CHECK(display_width("T001 abc") == 8);
  CHECK(display_width("Gr\u00f6\u00dfe") == 5);
  CHECK(display_width("\u6771\u4eac") == 4);
  CHECK(display_width("\uff21\uff22") == 4);          // full-width letters
  CHECK(display_width("\ud55c\uae00") == 4);          // Hangul
  CHECK(display_width("\U0001F680 x") == 4);          // a rocket
  CHECK(display_width("e\u0301") == 1);               // an accent of its own
  CHECK(display_width("\u2764\ufe0f") == 1);          // a variation selector adds nothing
  CHECK(display_width("\u2713 \u2026 \u2014") == 5);  // signs of one column
}

TEST_CASE("broken UTF-8 is as wide as it has bytes") {
  CHECK(display_width("\xff\xfe") == 2);
  CHECK(display_width("a\xe6\x9d") == 3);
}

TEST_CASE("padding counts columns, not bytes") {
  CHECK(padded("ab", 4) == "ab  ");
  CHECK(padded("\u6771", 4) == "\u6771  ");
  CHECK(padded("\u6771\u4eac", 3) == "\u6771\u4eac");
  CHECK(padded("", 2) == "  ");
}

TEST_CASE("letters of every script become small, one for one") {
  CHECK(lower_case("Status: DONE") == "status: done");
  CHECK(lower_case("\u00c4NDERUNG stra\u00dfe") == "\u00e4nderung stra\u00dfe");
  CHECK(lower_case("\u0421\u0422\u0410\u0422\u0423\u0421") ==
        "\u0441\u0442\u0430\u0442\u0443\u0441");
  CHECK(lower_case("\u0141\u00d3D\u0179") == "\u0142\u00f3d\u017a");            // Polish
  CHECK(lower_case("\u0395\u03a1\u0393\u039f") == "\u03b5\u03c1\u03b3\u03bf");  // Greek
  CHECK(lower_case("\u6771\u4eac \U0001F680") == "\u6771\u4eac \U0001F680");
}

TEST_CASE("what is no UTF-8 is left as it is") {
  CHECK(lower_case("A\xffZ") == "a\xffz");
  CHECK(lower_case("A\xc3") == "a\xc3");
}

TEST_CASE("a text of marks alone is cut too") {
  std::string marks = "e";
  for (int i = 0; i < 10'000; ++i)
    marks += "\u0301";
  CHECK(one_line(marks, 10).size() < 400);
  CHECK(one_line(marks, 10).ends_with("\u2026"));
  CHECK(one_line("e\u0301", 1) == "e\u0301");
}

TEST_CASE("text is UTF-8 where all of it is characters") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("a\u00e9\u4e2d\U0001f600"));
  for (const char* text : {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "\xef\xbf\xbe", "\xef\xb7\x90"})
    CHECK_FALSE(is_utf8(text));
}
