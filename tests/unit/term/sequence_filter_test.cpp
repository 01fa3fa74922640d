// What of untrusted output gets to the terminal emulation.
#include "term/sequence_filter.hpp"

#include "catch.hpp"

#include <string>

using namespace orch::term;

namespace {

std::string passed(std::string_view bytes) {
  SequenceFilter filter;
  std::string out;
  filter.pass(bytes, out);
  return out;
}

}  // namespace

TEST_CASE("text and the movement of the cursor get through, written anew") {
  CHECK(passed("a\tb\r\n\u00e9\u4e2d") == "a\tb\r\n\u00e9\u4e2d");
  CHECK(passed("\x1b[H\x1b[3;4H\x1b[;7H\x1b[2J\x1b[K") == "\x1b[H\x1b[3;4H\x1b[;7H\x1b[2J\x1b[K");
  CHECK(passed("\x1b[007;0000000004H") == "\x1b[7;4H");
  CHECK(passed("\x1b"
               "7\x1b"
               "8\x1b"
               "c") ==
        "\x1b"
        "7\x1b"
        "8\x1b"
        "c");
  CHECK(passed("\x1b[s\x1b[u") ==
        "\x1b"
        "7\x1b"
        "8");
  CHECK(passed("\x1b[?1049;25h\x1b[?47l") == "\x1b[?1049h\x1b[?1047l");
}

TEST_CASE("what draws nothing does not get through") {
  CHECK(passed("\x1b[31;1ma\x1b[0m") == "a");
  CHECK(passed("\x1b]2;a title\x07"
               "b\x1b]2;with \x01 controls\x1b\\c") == "bc");
  CHECK(passed("\x1bPq\x07"
               "d\x1b_x\x1b\\e") == "de");
  CHECK(passed("\x1b[c\x1b[6n\x1b[?69h\x1b[1;5s\x1b[3J\x1b[>1u\x1b[!p\x1b#6\x1bN").empty());
  CHECK(passed(std::string_view("a\0\x7f\x07"
                                "b",
                                5)) == "ab");
}

TEST_CASE("line-drawing characters are those of Unicode") {
  CHECK(passed("q\x1b(0\u00e9qX\x1b(Bq") == "q\u00e9\u2500Xq");
  CHECK(passed("\x1b)0q\x0Ex\x0Fx\x0E\x1b"
               "cx") ==
        "q\u2502x\x1b"
        "cx");
}

TEST_CASE("numbers are few and small") {
  CHECK(passed("\x1b[99999999999999999999A") == "\x1b[9999A");
  CHECK(passed("\x1b[1" + std::string(100'000, ';') + "H").empty());
  CHECK(passed("\x1b[1;2;3;4;5;6H") == "\x1b[1;2H");
}

TEST_CASE("broken characters and control characters of two bytes are replaced") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(passed("a\xff"
               "b") == "a" + mark + "b");
  CHECK(passed("\xc2\x85") == mark);
  CHECK(passed("\xe4\xb8x") == mark + "x");
  CHECK(passed("\xe4\xb8\x1b[A") == mark + "\x1b[A");
  CHECK(passed("\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf") == mark + mark + mark + mark);
}

TEST_CASE("a sequence or character that is cut anywhere is the same") {
  const std::string text =
      "a\x1b[?1049;7h\x1b[3;4H\u4e2d\x1b]2;x\x1b\\\x1b(0\x1b[sq\x1b[31mz\xe4\x1b[A";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    SequenceFilter filter;
    std::string out;
    filter.pass(std::string_view(text).substr(0, cut), out);
    filter.pass(std::string_view(text).substr(cut), out);
    CHECK(out == passed(text));
  }
}

TEST_CASE("a program that draws is told from one that prints lines") {
  CHECK_FALSE(moves_cursor("plain\r\nlines\n 10%\r 20%\r\n"));
  CHECK_FALSE(
      moves_cursor("\x1b[1;31mred\x1b[0m\x1b[K\n\x1b]2;title\x07\x1b[?2004h\x1b[?25l\x1b[>1u"));
  CHECK_FALSE(moves_cursor("\x1b]2;\x07[H"));
  CHECK(moves_cursor("\x1b[H"));
  CHECK(moves_cursor("\x1b[2A"));
  CHECK(moves_cursor("\x1b[?1049h"));
  CHECK(moves_cursor(std::string(100'000, 'x') + "\x1b[3;1H"));
}
