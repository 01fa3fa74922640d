#include "catch.hpp"
#include "orch/base/terminal_text.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

using namespace orch;

TEST_CASE("ordinary text of any language is left as it is") {
  for (const char* text :
       {"plain", "Z\u00fcrich \u6771\u4eac", "\U0001F680 \u2764\uFE0F", "\\u202e"}) {
    CHECK(one_line(text) == text);
  }
}

TEST_CASE("line ends and tabs become spaces") {
  CHECK(one_line("a\nb\r\nc\td") == "a b c d");
}

TEST_CASE("control bytes and escape sequences become visible") {
  CHECK(one_line("\x1b[2J\x1b]0;x\a") == "^[[2J^[]0;x^G");
  CHECK(one_line("progress\rdone\x7f\b") == "progress^Mdone^?^H");
  CHECK(one_line(std::string_view("\0", 1)) == "^@");
  CHECK(one_line("\u009b31m") == "\\u009b31m");
}

TEST_CASE("what turns or hides text becomes visible") {
  CHECK(one_line("a\u202eb") == "a\\u202eb");
  CHECK(one_line("\u2066\u2069\u200e\u200f\u061c") == "\\u2066\\u2069\\u200e\\u200f\\u061c");
  CHECK(one_line("\u200b\u200d\u2060\ufeff\u00ad") == "\\u200b\\u200d\\u2060\\ufeff\\u00ad");
  CHECK(one_line("a\u2028b\u2029c") == "a\\u2028b\\u2029c");
  CHECK(one_line("\U000E0041") == "\\ue0041");
}

TEST_CASE("broken UTF-8 becomes replacement characters and takes nothing after it away") {
  const std::string mark = "\uFFFD";
  CHECK(one_line("\xff") == mark);
  CHECK(one_line("\x80z") == mark + "z");
  CHECK(one_line("\x9b"
                 "31m") == mark + "31m");  // a bare C1 byte acts in some terminals
  CHECK(one_line("\xe2\x80"
                 "a") == mark + "a");           // cut short
  CHECK(one_line("\xe2\x1b") == mark + "^[");   // an escape where a continuation is due
  CHECK(one_line("\xc0\x9b") == mark + mark);   // overlong escape
  CHECK(one_line("\xe0\x80\x9b") == mark);      // overlong
  CHECK(one_line("\xed\xa0\x80") == mark);      // surrogate
  CHECK(one_line("\xf4\x90\x80\x80") == mark);  // past the last
  CHECK(one_line("\xf5\x80") == mark + mark);
  CHECK(one_line("\xf0\x9f\x9a") == mark);
}

TEST_CASE("a line is cut to columns with an ellipsis") {
  CHECK(one_line("abcdef", 6) == "abcdef");
  CHECK(one_line("abcdefg", 6) == "abcde\u2026");
  CHECK(one_line("\u6771\u4eac\u90fd", 4) == "\u6771\u2026");
  CHECK(one_line("\u6771\u4eac\u90fd", 6) == "\u6771\u4eac\u90fd");
  CHECK(one_line("\u6771\u4eac\u90fd", 1) == "\u2026");
  CHECK(one_line("\U0001F680\U0001F680\U0001F680", 6) == "\U0001F680\U0001F680\U0001F680");
  CHECK(one_line("\U0001F680\U0001F680\U0001F680", 5) == "\U0001F680\U0001F680\u2026");
  CHECK(one_line("\U0001F680\U0001F680\U0001F680", 4) == "\U0001F680\u2026");
  CHECK(one_line("a\x1b", 2) == "a\u2026");
  CHECK(one_line("ab", 1) == "\u2026");
  CHECK(one_line("ab", 0).empty());
  CHECK(one_line("", 0).empty());
  CHECK(one_line(std::string(1u << 20, 'x'), 3) == "xx\u2026");
}

TEST_CASE("no bytes whatever let a control character through") {
  std::string bytes;
  std::uint64_t state = 1;
  for (int i = 0; i < 200'000; ++i) {
    state = fnv1a("x", state);
    // Leading and continuation bytes of what is dangerous come often.
    constexpr std::string_view often = "\xe2\x80\xc2\x9b\x1b\xae\xa8\xed\xf0\x8b";
    bytes += state % 3 == 0 ? static_cast<char>(state >> 32) : often[(state >> 32) % often.size()];
  }
  const std::string line = one_line(bytes);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  CHECK(std::none_of(line.begin(), line.end(), is_control));
  CHECK(line.find("\xc2\x9b") == std::string::npos);
  CHECK(line.find("\xe2\x80\xae") == std::string::npos);
  CHECK(one_line(line) == line);
}

TEST_CASE("lines and colours of our own stay, and nothing else that acts on a terminal") {
  CHECK(shown_lines("a\nb\x1b[1;31mc", Colours::Kept) == "a\nb\x1b[1;31mc");
  CHECK(shown_lines("a\nb\x1b[1;31mc") == "a\nb^[[1;31mc");
  CHECK(shown_lines("\x1b[2J\x1b]0;x\a\x1b[3", Colours::Kept) == "^[[2J^[]0;x^G^[[3");
  CHECK(shown_lines("\u009b31m \u202e \r\n") == "\\u009b31m \\u202e ^M\n");
}

TEST_CASE("JSON keeps its values without a character that acts on a terminal") {
  CHECK(inert_json("{\"a\":\"Z\u00fcrich \U0001F680\"}\n") ==
        "{\"a\":\"Z\u00fcrich \U0001F680\"}\n");
  CHECK(inert_json("\"\u009b \u202e \u2066 \u2028 \x7f\"") ==
        "\"\\u009b \\u202e \\u2066 \\u2028 \\u007f\"");
  CHECK(inert_json("\"\U000E0041\"") == "\"\\udb40\\udc41\"");
}
