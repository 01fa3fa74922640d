// A terminal's screen from the bytes that a program printed.
#include "term/terminal.hpp"

#include "catch.hpp"
#include "term/size_mark.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace orch::term;
using Texts = std::vector<std::string>;

namespace {

Texts screen_of(std::string_view bytes) {
  Terminal terminal;
  terminal.feed(bytes);
  return terminal.screen();
}

Texts last_screen_of(std::string_view bytes) {
  Terminal terminal;
  terminal.feed(bytes);
  return terminal.last_screen();
}

Texts scrolled_out(const Terminal& terminal) {
  return {terminal.scrolled_out().begin(), terminal.scrolled_out().end()};
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i)
    text += "line " + std::to_string(i) + "\r\n";
  return text;
}

constexpr const char* kEnter = "\x1b[?1049h";
constexpr const char* kLeave = "\x1b[?1049l";

}  // namespace

TEST_CASE("text stands where the cursor was put") {
  CHECK(screen_of("").empty());
  CHECK(screen_of("one\r\ntwo  ") == Texts{"one", "two"});
  CHECK(screen_of("\x1b[2;3Hx\x1b[1;1Hy") == Texts{"y", "  x"});
  CHECK(screen_of("abcdef\x1b[4D\x1b[K") == Texts{"ab"});
  CHECK(screen_of("abcdef\x1b[1;3H\x1b[2P") == Texts{"abef"});
  CHECK(screen_of("abcdef\x1b[1;3H\x1b[2@") == Texts{"ab  cdef"});
  CHECK(screen_of("abcdef\x1b[1;3H\x1b[2X") == Texts{"ab  ef"});
  CHECK(screen_of("a\r\nb\r\nc\x1b[2;1H\x1b[L") == Texts{"a", "", "b", "c"});
  CHECK(screen_of("a\r\nb\r\nc\x1b[2;1H\x1b[M") == Texts{"a", "c"});
  CHECK(screen_of("\x1b(0qx\x1b(Bq") == Texts{"\u2500\u2502q"});
}

TEST_CASE("a long line wraps, and a wide character does not stand at two rows") {
  CHECK(screen_of(std::string(201, 'a')) == Texts{std::string(200, 'a'), "a"});
  CHECK(screen_of(std::string(199, 'a') + "\u4e2d") == Texts{std::string(199, 'a'), "\u4e2d"});
}

TEST_CASE("half a wide character that is overwritten leaves no half") {
  CHECK(screen_of("\u4e2d\u6587\x1b[1;1Hx") == Texts{"x \u6587"});
  CHECK(screen_of("\u4e2d\u6587\x1b[1;2Hx") == Texts{" x\u6587"});
  CHECK(screen_of("\u4e2d\u6587\x1b[1;2H\x1b[P") == Texts{" \u6587"});
  CHECK(screen_of("e\u0301x") == Texts{"e\u0301x"});
}

TEST_CASE("lines that scroll out are kept, the last ones") {
  Terminal terminal;
  terminal.feed(numbered_lines(52));
  CHECK(scrolled_out(terminal) == Texts{"line 1", "line 2", "line 3"});
  CHECK(terminal.screen().front() == "line 4");
  terminal.feed(numbered_lines(static_cast<int>(kKeptLines)));
  CHECK(terminal.scrolled_out().size() == kKeptLines);
  CHECK(terminal.dropped_lines() == 3);
}

TEST_CASE("what scrolls in a region at the foot, or on the alternate screen, scrolls nothing out") {
  Terminal terminal;
  terminal.feed("top\x1b[2;50r\x1b[50;1H" + numbered_lines(60));
  CHECK(terminal.screen().front() == "top");
  terminal.feed(kEnter + numbered_lines(60));
  CHECK(terminal.scrolled_out().empty());
}

TEST_CASE("the alternate screen is a screen of its own") {
  const std::string shell = "shell\r\n";
  const std::string drawn = shell + kEnter + "\x1b[Hthe tui";
  CHECK(screen_of(drawn) == Texts{"the tui"});
  CHECK(last_screen_of(drawn) == Texts{"the tui"});
  CHECK(screen_of(drawn + kLeave) == Texts{"shell"});
}

TEST_CASE("the last screen is the alternate one as it was left, and what came after it") {
  const std::string drawn = std::string("shell\r\n") + kEnter + "\x1b[Hthe tui" + kLeave;
  CHECK(last_screen_of(drawn) == Texts{"the tui"});
  CHECK(last_screen_of(drawn + "bye\r\n") == Texts{"the tui", "bye"});
  CHECK(last_screen_of(drawn + numbered_lines(60)).front() == "line 12");
  CHECK(last_screen_of(std::string("shell") + kEnter + "x\x1b[2J" + kLeave) == Texts{"shell"});
}

TEST_CASE("what the alternate screen covered can be told from what came after it") {
  Terminal terminal;
  terminal.feed("shell\r\n");
  CHECK(terminal.covered().empty());
  terminal.feed(kEnter + std::string("the tui"));
  CHECK(terminal.covered() == Texts{"shell"});
  terminal.feed(kLeave + std::string("bye\r\n"));
  CHECK(terminal.covered() == Texts{"shell"});
  terminal.feed(numbered_lines(60));
  CHECK(terminal.covered().empty());
}

TEST_CASE("a reset clears the screen and shows the main one") {
  CHECK(screen_of("abc\x1b[5;9r\x1b[4h\x1b"
                  "cx") == Texts{"x"});
  Terminal terminal;
  terminal.feed(kEnter +
                std::string("tui\x1b"
                            "c") +
                numbered_lines(51));
  CHECK(scrolled_out(terminal) == Texts{"line 1", "line 2"});
  CHECK(terminal.last_screen().front() == "line 3");
}

TEST_CASE("a title with controls and unknown sequences leave nothing on the screen") {
  CHECK(screen_of("\x1b]2;ti\x01tle\r\n\x1b[Hx\x07y") == Texts{"xy"});
  CHECK(screen_of("a\x1bPq#0;2;0;0;0\x1b\\\x1b[38;2;1;2;3mb\x1b[1;2;3;4;5;6;7;8;9;10;11;12mc") ==
        Texts{"abc"});
}

TEST_CASE("bytes cut anywhere give the same screen") {
  const std::string text = std::string("a\u4e2d\x1b[3;4H\u00e9") + kEnter +
                           "\x1b[2;2Hin\x1b]0;t\x1b\\" + kLeave + "\x1b[1;31mb\x1b[Kc";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Terminal terminal;
    terminal.feed(std::string_view(text).substr(0, cut));
    terminal.feed(std::string_view(text).substr(cut));
    CHECK(terminal.screen() == screen_of(text));
    CHECK(terminal.last_screen() == last_screen_of(text));
  }
}

TEST_CASE("a line of a megabyte fills the screen and what is kept") {
  Terminal terminal;
  terminal.feed(std::string(1'000'000, 'x'));
  CHECK(terminal.screen().size() == 50);
  CHECK(terminal.scrolled_out().size() == 4'950);
}

TEST_CASE("hostile bytes are harmless") {
  const auto repeated = [](std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes)
      text += piece;
    return text;
  };
  for (const char* piece : {"\n",
                            "\x1b[L",
                            "\x1b[9999@",
                            "\x1b[9999S",
                            "\x1b[?1049h\x1b[?1049l",
                            "\x1b[4hx",
                            "\xcc\x81",
                            "x\xcc\x81\xcc\x81",
                            "\xcc\x81\x0f",
                            "\xc2\x85",
                            "\x1b[2147483647;2147483647H",
                            "\x1b[;;;;;;;;;;;;;;;;;;;;;;;;A",
                            "\x1b[200;200r\x1b[?6h\x1b[9999T",
                            "\x1b[b",
                            "x\x1b[9999b",
                            "\x1b[1;3r\x1b[?6hx\x1b[9999B\x1bM",
                            "\x1b[?7lxxxxx\xe4\xb8\xad\x1b[9999P",
                            "\x1b]2;",
                            "\x1bP",
                            "\x1b#6\x1b[9999I",
                            "\x1b[1048576Z\t"}) {
    INFO(piece);
    const Texts screen = screen_of(repeated(piece, 200'000));
    CHECK(screen.size() <= 50);
    for (const std::string& row : screen)
      CHECK(std::ranges::none_of(row, [](char c) { return c >= 0 && (c < 0x20 || c == 0x7F); }));
  }
}

TEST_CASE("what is printed after a mark of a size is for a terminal of that size") {
  const std::string small = "\x1b[8;24;80t";
  CHECK(screen_of(small + std::string(81, 'x')) == Texts{std::string(80, 'x'), "x"});
  CHECK(screen_of("\x1b[1;100Hright" + small + "\x1b[2J\x1b[1;80Hx") ==
        Texts{std::string(79, ' ') + "x"});
  CHECK(screen_of(small + "\x1b[8;50;200t\x1b[50;1Hfoot").size() == 50);
  CHECK(screen_of(std::string(kEnter) + small + "\x1b[99;1Hfoot").size() == 24);
  Terminal terminal;
  terminal.feed(numbered_lines(30) + small + "more");
  CHECK(terminal.screen().front() == "line 8");
  CHECK(terminal.screen().back() == "more");
  CHECK(scrolled_out(terminal).back() == "line 7");
}

TEST_CASE("marks of sizes are found among other bytes, whoever wrote them") {
  CHECK(without_sizes("a\x1b[8;24;80tb\x1b[8;24t\x1b[8;1;2tc") == "ab\x1b[8;24tc");
  CHECK_FALSE(find_size("\x1b[8;24;80"));
  CHECK_FALSE(find_size("\x1b[8;99999999999;80t"));
  const auto tiny = find_size("\x1b[8;-1;1t");
  REQUIRE(tiny);
  CHECK(tiny->rows == 5);
  CHECK(tiny->columns == 20);
}
