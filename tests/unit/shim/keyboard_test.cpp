// A person's keys are told from what the terminal sends by itself.
#include "shim/keyboard.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace orch::shim;
using namespace std::chrono_literals;

namespace {

Keyboard after(std::string_view bytes, Span now = 1000ms) {
  Keyboard keyboard;
  keyboard.read(bytes, now);
  return keyboard;
}

}  // namespace

TEST_CASE("text and pastes open a draft") {
  for (const std::string bytes : {"ab", "  ", "\xc3\xa4", "\x1b[200~a\x1b[201~",
                                  "\x1b[200~a\r\n\x1b[201~", "\x1b[200~\r", "\rab"}) {
    INFO(bytes);
    CHECK(after(bytes).has_draft());
    CHECK(after(bytes).last_typed() == 1000ms);
  }
}

TEST_CASE("one key by itself is no draft: dialogs are answered like that") {
  Keyboard keyboard;
  keyboard.read("2", 1000ms);
  CHECK_FALSE(keyboard.has_draft());
  CHECK(keyboard.last_typed() == 1000ms);
  keyboard.read("1", 9000ms);
  CHECK_FALSE(keyboard.has_draft());
  keyboard.read("1", 9500ms);
  CHECK(keyboard.has_draft());
}

TEST_CASE("Enter, Ctrl-C and Ctrl-U end it") {
  for (const std::string bytes : {"a\r", "a\n", "a\x03", "a\x15", "\x1b[200~a\x1b[201~\r"}) {
    CHECK_FALSE(after(bytes).has_draft());
    CHECK(after(bytes).last_typed() == 1000ms);
  }
}

TEST_CASE("other keys are typing, and leave the draft as it is") {
  for (const std::string key :
       {"\x1b[A", "\x1bOA", "\x1bOP", "\x1b[15~", "\x1b[1;5C", "\x7f", "\t", "\x01",
        "\x1b"
        "b",
        "\x1b\r", "\x1b[13;2u", "\x1b[Z", "\x1b\x1b[A"}) {
    INFO(key.substr(1));
    CHECK(after(key).last_typed() == 1000ms);
    CHECK_FALSE(after(key).has_draft());
    CHECK(after("ab" + key).has_draft());
    CHECK_FALSE(after(key).in_sequence());
  }
}

TEST_CASE("answers of the terminal, mouse and focus are nobody's typing, however they are cut") {
  std::vector<std::string> answers = {"\x1b[12;40R",
                                      "\x1b[?12;40R",
                                      "\x1b[?1;2c",
                                      "\x1b[>84;0;0c",
                                      "\x1b[0n",
                                      "\x1b[?997;1n",
                                      "\x1b[?2026;2$y",
                                      "\x1b[4;2$y",
                                      "\x1b[?5u",
                                      "\x1b[8;50;200t",
                                      "\x1b[I",
                                      "\x1b[O",
                                      "\x1b[<0;12;7M",
                                      "\x1b[<0;12;7m",
                                      "\x1b[32;12;7M",
                                      "\x1b[M !!",
                                      "\x1b[M\x1b\r\x03",
                                      "\x1b]11;rgb:0000/0000/0000\x1b\\",
                                      "\x1b]52;c;YWJj\x07",
                                      "\x1bP>|tmux 3.3a\x1b\\",
                                      "\x1bP1+r544e=78\x1b\\",
                                      "\x1b_Gi=31;OK\x1b\\",
                                      "\x1b[200~\x1b[201~"};
  for (const std::string& answer : answers) {
    INFO(answer.substr(1));
    for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
      Keyboard keyboard;
      keyboard.read(answer.substr(0, cut), 0ms);
      // Later than a key would be told: read() alone never decides that.
      keyboard.read(answer.substr(cut), 70ms);
      CHECK_FALSE(keyboard.last_typed());
      CHECK_FALSE(keyboard.has_draft());
      CHECK_FALSE(keyboard.in_sequence());
    }
    CHECK(after(answer + "ab").has_draft());
  }
}

TEST_CASE("the mouse may send positions of two bytes") {
  Keyboard keyboard;
  keyboard.expect_utf8_mouse(true);
  keyboard.read("\x1b[M \xc2\xa1\xc2\xa2", 0ms);
  CHECK_FALSE(keyboard.last_typed());
  keyboard.read("\x1b[M !!", 0ms);
  CHECK_FALSE(keyboard.last_typed());
  CHECK_FALSE(keyboard.in_sequence());
}

TEST_CASE("a sequence that does not go on was a key") {
  for (const std::string key : {"\x1b", "\x1b]", "\x1b[", "\x1bO", "\x1b_"}) {
    Keyboard keyboard = after(key);
    CHECK(keyboard.in_sequence());
    CHECK(keyboard.next_look() == 1050ms);
    keyboard.advance(1049ms);
    CHECK_FALSE(keyboard.last_typed());
    keyboard.advance(1050ms);
    CHECK(keyboard.last_typed() == 1000ms);
    keyboard.read("ab", 2000ms);
    CHECK(keyboard.has_draft());
  }
  CHECK(after("\x1b]11;rgb:").next_look() == 2000ms);
  CHECK(after("\x1b[1;").next_look() == 2000ms);
}

TEST_CASE("a string that another sequence cuts off is over") {
  CHECK(after("\x1b]11;\x1b[A").last_typed() == 1000ms);
  CHECK(after("\x1bP1\x18"
              "ab")
            .has_draft());
  CHECK_FALSE(after("\x1b]11;\x1b[I").last_typed());
}

TEST_CASE("inside of a paste nothing but its end counts") {
  CHECK(after("\x1b[200~a\x1b[20\x1b[201\r\x03").has_draft());
  CHECK(after("\x1b[200~\x1b[\x1b[201~\r").has_draft() == false);
}
