// A captured screen as rows of plain text.
#include "agents/screen/screen.hpp"

#include "catch.hpp"

using namespace orch;

TEST_CASE("a capture becomes its rows") {
  CHECK(screen_of("one\n\ntwo\n").rows == std::vector<std::string>{"one", "", "two"});
  CHECK(screen_of("one").rows == std::vector<std::string>{"one"});
}

TEST_CASE("escape sequences are left out") {
  CHECK(plain_row("\x1b[1;31mred\x1b[0m, \x1b[38;5;214mbold\x1b[m") == "red, bold");
  CHECK(plain_row("\x1b]0;a title\a>") == ">");
  CHECK(plain_row("\x1b]8;;http://a.b\x1b\\link\x1b]8;;\x1b\\") == "link");
  CHECK(plain_row("\x1b(B\x1b=x\x1b[?25l\r") == "x");
}

TEST_CASE("a sequence without an end hides no text") {
  CHECK(plain_row("\x1b]0;ready > ") == "0;ready > ");
  CHECK(plain_row("a\x1b") == "a");
  CHECK(plain_row("a\x1b[31") == "a");
}

TEST_CASE("other control bytes are left out, and a tab is a space") {
  CHECK(plain_row(std::string("a\0b\tc\x7f", 6)) == "ab c");
}

TEST_CASE("hostile sizes are cut") {
  CHECK(screen_of(std::string(1u << 20, 'x')).rows.front().size() == 4096);
  const Screen many = screen_of(std::string(1u << 20, '\n') + "end");
  CHECK(many.rows.size() == 1000);
  CHECK(many.rows.back() == "end");
}
