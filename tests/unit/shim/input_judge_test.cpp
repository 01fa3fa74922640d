// Deliveries from the order to the answer, and when they are refused.
#include "shim/input_judge.hpp"

#include "catch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace orch;
using namespace orch::shim;
using namespace std::chrono_literals;

namespace {

const std::string kId(32, 'a');
const std::string kOther(32, 'b');
const std::string kOrder = "\x1b[200~" + delivery_order(kId) + "\x1b[201~";
const std::string kOtherOrder = "\x1b[200~" + delivery_order(kOther) + "\x1b[201~";

class FakeDeliveries : public Deliveries {
 public:
  std::map<std::string, std::string> texts;
  std::map<std::string, std::string> keys;
  std::set<std::string> records;
  std::set<std::string> open;
  bool disk_is_full = false;
  std::vector<std::string> answers;
  std::vector<bool> typed;
  std::vector<bool> drafts;

  std::optional<std::string> text(const std::string& id) override {
    return texts.contains(id) ? std::optional(texts[id]) : std::nullopt;
  }

  bool is_open(const std::string& id) override { return open.contains(id); }

  bool is_recorded(const std::string& id) override { return records.contains(id); }

  bool record(const std::string& id) override { return !disk_is_full && records.insert(id).second; }

  void answer(const std::string& id, DeliveryAnswer answer) override {
    answers.push_back(std::string(1, id[0]) + " " + std::string(to_text(answer)));
  }

  std::optional<std::string> key(const std::string& id) override {
    return keys.contains(id) ? std::optional(keys[id]) : std::nullopt;
  }

  void person_typed(bool draft, bool tell) override {
    typed.push_back(tell);
    drafts.push_back(draft);
  }
};

/// A judge with a terminal that takes `room` bytes at a time.
struct Bench {
  FakeDeliveries world;
  InputJudge judge{world};
  Span now = 100s;
  bool line_mode = false;
  bool draws = true;  ///< what it got, at once
  std::size_t room = 1u << 20;
  std::string unwritten = {};
  std::string agent = {};  ///< what it got

  Bench() { world.texts = {{kId, "first"}, {kOther, "second"}}; }

  /// One turn, as the relay has it.
  void turn(std::string_view bytes = {}) {
    if (!bytes.empty()) judge.read(bytes, line_mode, now);
    judge.advance(now);
    unwritten += judge.take();
    const bool gets = !unwritten.empty();
    agent += unwritten.substr(0, room);
    unwritten.erase(0, room);
    if (!unwritten.empty()) return;
    judge.all_written(now);
    if (gets && draws) judge.read_output("x", now);
    unwritten = judge.take();
  }

  void pass(Span time) {
    for (const Span until = now + time; now < until; now += 1ms)
      turn();
    turn();
  }

  std::string got() { return std::exchange(agent, {}); }

  std::vector<std::string> answered() { return std::exchange(world.answers, {}); }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a text is recorded and typed, and Enter follows after 300 ms of nothing") {
  Bench bench;
  bench.turn(kOrder);
  CHECK(bench.got() == "first");
  CHECK(bench.world.records.contains(kId));
  CHECK(bench.judge.next_look() == bench.now + 300ms);
  bench.pass(299ms);
  CHECK(bench.got().empty());
  CHECK(bench.answered().empty());
  bench.pass(1ms);
  CHECK(bench.got() == "\r");
  CHECK(bench.answered() == Lines{"a passed"});
  CHECK_FALSE(bench.judge.next_look());
}

TEST_CASE("Enter waits until the agent has drawn the text, for two seconds at most") {
  Bench bench;
  bench.draws = false;
  bench.turn(kOrder);
  CHECK(bench.got() == "first");
  SECTION("it draws late, and more than once") {
    bench.pass(900ms);
    bench.judge.read_output("fir", bench.now);
    bench.pass(200ms);
    bench.judge.read_output("first", bench.now);
    bench.pass(299ms);
    CHECK(bench.got().empty());
    bench.pass(1ms);
    CHECK(bench.got() == "\r");
  }
  SECTION("it never does") {
    bench.pass(1999ms);
    CHECK(bench.got().empty());
    bench.pass(1ms);
    CHECK(bench.got() == "\r");
  }
  SECTION("it never stops") {
    for (int look = 0; look < 20; ++look) {
      bench.judge.read_output("spinner", bench.now);
      bench.pass(100ms);
    }
    CHECK(bench.got() == "\r");
  }
}

TEST_CASE("no Enter follows an open text, and what waited meanwhile comes after the pause") {
  Bench bench;
  bench.world.open = {kId};
  bench.turn(kOrder);
  bench.turn("x");
  CHECK(bench.got() == "first");
  bench.pass(299ms);
  CHECK(bench.answered().empty());
  bench.pass(1ms);
  CHECK(bench.answered() == Lines{"a passed"});
  CHECK(bench.got() == "x");
  bench.world.keys[kOther] = "Enter";
  bench.pass(2s);
  bench.turn(kOtherOrder);
  CHECK(bench.got() == "\r");
}

TEST_CASE("the agent's wish for signs around a paste is met") {
  Bench bench;
  bench.world.texts[kId] = "one\ntwo\n";
  SECTION("it has none") {
    bench.turn(kOrder);
    CHECK(bench.got() == "one\rtwo");
  }
  SECTION("it has") {
    bench.judge.read_output("\x1b[?1049;2004h", bench.now);
    bench.turn(kOrder);
    CHECK(bench.got() == "\x1b[200~one\rtwo\x1b[201~");
  }
  SECTION("no more") {
    bench.judge.read_output("\x1b[?2004h\x1b[?2004l", bench.now);
    bench.turn(kOrder);
    CHECK(bench.got() == "one\rtwo");
  }
  SECTION("Enter alone needs none") {
    bench.world.texts[kId] = "\n";
    bench.judge.read_output("\x1b[?2004h", bench.now);
    bench.turn(kOrder);
    bench.pass(300ms);
    CHECK(bench.got() == "\r");
    CHECK(bench.answered() == Lines{"a passed"});
  }
}

TEST_CASE("a text can neither end its paste nor press a key") {
  Bench bench;
  bench.judge.read_output("\x1b[?2004h", bench.now);
  bench.world.texts[kId] =
      "a\x1b[201~\rrm\x03\x04\x1b\x1b[A\tb\x7f\xc2\x9b"
      "c\xc3\xa4" +
      delivery_order(kOther);
  bench.turn(kOrder);
  bench.pass(300ms);
  CHECK(bench.got() ==
        "\x1b[200~a[201~rm[A\tbc\xc3\xa4_tmux-orch deliver " + kOther + "\\\x1b[201~\r");
  CHECK(bench.answered() == Lines{"a passed"});
}

TEST_CASE("an order that is given again types nothing again") {
  Bench bench;
  for (int i = 0; i < 20; ++i)
    bench.turn(kOrder);
  CHECK(bench.got() == "first");
  CHECK(bench.answered().empty());
  bench.pass(300ms);
  CHECK(bench.got() == "\r");
  CHECK(bench.answered() == Lines{"a passed"});
  bench.turn(kOrder + kOrder);
  CHECK(bench.answered() == Lines{"a passed", "a passed"});
  CHECK(bench.got().empty());
}

TEST_CASE("of two deliveries the second has to come later") {
  Bench bench;
  bench.turn(kOrder + kOtherOrder);
  CHECK(bench.answered() == Lines{"b busy"});
  bench.pass(300ms);
  CHECK(bench.answered() == Lines{"a passed"});
  bench.turn(kOtherOrder);
  bench.pass(300ms);
  CHECK(bench.got() == "first\rsecond\r");
  CHECK(bench.answered() == Lines{"b passed"});
}

TEST_CASE("a text that cannot be had or recorded is not typed") {
  Bench bench;
  SECTION("no text") {
    bench.world.texts.clear();
  }
  SECTION("no record") {
    bench.world.disk_is_full = true;
  }
  SECTION("a line that the terminal would cut") {
    bench.line_mode = true;
    bench.world.texts[kId] = "short\n" + std::string(4096, 'x') + "\nshort";
  }
  SECTION("the same with the signs of a paste") {
    bench.line_mode = true;
    bench.judge.read_output("\x1b[?2004h", bench.now);
    bench.world.texts[kId] = std::string(4090, 'x');
  }
  bench.turn(kOrder);
  CHECK(bench.got().empty());
  CHECK(bench.answered() == Lines{"a missing"});
  CHECK(bench.world.records.empty());
}

TEST_CASE("lines that the terminal can hold are typed in line mode, longer ones only without it") {
  Bench bench;
  bench.line_mode = GENERATE(true, false);
  const std::string line(bench.line_mode ? 4095 : 100'000, 'x');
  bench.world.texts[kId] = line + "\n" + line;
  bench.turn(kOrder);
  CHECK((bench.got() == line + "\r" + line));
}

TEST_CASE("nothing is typed while a person is at it") {
  Bench bench;
  SECTION("a draft stands, however old") {
    bench.turn("half a sentence");
    bench.pass(60s);
    bench.turn(kOrder);
    CHECK(bench.answered() == Lines{"a typing"});
    bench.turn("\r");
    bench.pass(9s);
    bench.turn(kOrder);
    CHECK(bench.answered() == Lines{"a typing"});
    CHECK(bench.got() == "half a sentence\r");
    bench.pass(1s);
  }
  SECTION("a key without a draft") {
    bench.turn("\x1b[A");
    bench.pass(9999ms);
    bench.turn(kOrder);
    CHECK(bench.answered() == Lines{"a typing"});
    CHECK(bench.got() == "\x1b[A");
    bench.pass(1ms);
  }
  SECTION("an Escape just before the order") {
    bench.turn("\x1b" + kOrder);
    CHECK(bench.answered() == Lines{"a typing"});
    CHECK(bench.got() == "\x1b");
    bench.pass(11s);
  }
  bench.turn(kOrder);
  bench.pass(300ms);
  CHECK(bench.got() == "first\r");
  CHECK(bench.answered() == Lines{"a passed"});
}

TEST_CASE("answers of the terminal keep nobody from typing") {
  Bench bench;
  const std::string answers = "\x1b[I\x1b[?1;2c\x1b]11;rgb:0/0/0\x1b\\\x1b[<0;3;4M";
  bench.turn(answers + kOrder);
  CHECK(bench.got() == answers + "first");
  bench.pass(300ms);
  // Nor does the sign of a paste that came too early to be taken out.
  bench.turn("\x1b[200~");
  bench.pass(100ms);
  bench.turn(kOtherOrder.substr(6));
  bench.pass(300ms);
  CHECK(bench.answered() == Lines{"a passed", "b passed"});
}

TEST_CASE("what is pressed during a delivery comes after Enter, complete and in order") {
  Bench bench;
  bench.room = 2;
  std::string keys;
  bench.turn(kOrder);
  for (int i = 0; i < 100; ++i) {
    const std::string key = i % 3 == 0 ? "\x1b[A" : std::to_string(i);
    bench.turn(key);
    bench.pass(3ms);
    keys += key;
  }
  bench.pass(1s);
  CHECK(bench.got() == "first\r" + keys);
  // That was a person.
  bench.turn(kOtherOrder);
  CHECK(bench.answered() == Lines{"a passed", "b typing"});
}

TEST_CASE("the order may come in pieces at every byte, among keys") {
  const std::string input = "\r" + kOrder + "keys";
  for (std::size_t cut = 0; cut <= input.size(); ++cut) {
    Bench bench;
    bench.turn("\r");
    bench.pass(10s);
    const std::string all = kOrder + "keys";
    bench.turn(all.substr(0, std::min(cut, all.size())));
    bench.turn(all.substr(std::min(cut, all.size())));
    bench.pass(400ms);
    INFO("cut at " << cut);
    CHECK(bench.got() == "\rfirst\rkeys");
    CHECK(bench.answered() == Lines{"a passed"});
  }
}

TEST_CASE("a long text goes through a terminal that takes little, and Enter waits for all of it") {
  Bench bench;
  std::string text;
  std::string typed;
  for (int line = 0; line < 500; ++line) {
    text += "line " + std::to_string(line) + std::string(35, '.') + "\n";
    typed += "line " + std::to_string(line) + std::string(35, '.') + "\r";
  }
  typed.pop_back();
  bench.world.texts[kId] = text;
  bench.room = 100;
  bench.turn(kOrder);
  while (!bench.unwritten.empty()) {
    CHECK_FALSE(bench.judge.next_look());
    bench.now += 5ms;
    bench.turn();
  }
  CHECK((bench.got() == typed));
  CHECK(bench.judge.next_look() == bench.now + 300ms);
  bench.pass(300ms);
  CHECK(bench.got() == "\r");
}

TEST_CASE("not too much is kept waiting") {
  Bench bench;
  bench.turn(std::string(100'000, 'x') + "\r");
  CHECK_FALSE(bench.judge.is_full());
  bench.pass(10s);
  bench.turn(kOrder);
  bench.turn(std::string(100'000, 'x'));
  CHECK(bench.judge.is_full());
  bench.pass(1s);
  CHECK_FALSE(bench.judge.is_full());
}

TEST_CASE("that a person types is noted once a second and with a draft, and told when they begin") {
  Bench bench;
  bench.turn("\x1b[I");
  CHECK(bench.world.typed.empty());
  for (int i = 0; i < 25; ++i) {
    bench.turn("a");
    bench.pass(100ms);
  }
  CHECK(bench.world.typed == std::vector<bool>{true, false, false, false});
  bench.pass(10s);
  bench.turn("\r");
  CHECK(bench.world.typed == std::vector<bool>{true, false, false, false, true});
  bench.pass(20s);
  bench.turn("\x1b");
  bench.pass(200ms);
  CHECK(bench.world.typed.size() == 6);
}

TEST_CASE("the keys that end a turn may be ordered") {
  const auto [name, bytes] =
      GENERATE(table<std::string, std::string>({{"Escape", "\x1b"}, {"C-c", "\x03"}}));
  Bench bench;
  bench.world.keys = {{kId, name}};
  bench.turn(kOrder);
  CHECK(bench.got() == bytes);
  CHECK(bench.world.typed.empty());
}

TEST_CASE("a key that is ordered is pressed once, without Enter, and is nobody's typing") {
  Bench bench;
  bench.world.keys = {{kId, "2"}, {kOther, "Down"}};
  bench.turn(kOrder);
  CHECK(bench.got() == "2");
  CHECK(bench.answered() == Lines{"a passed"});
  bench.turn(kOrder);
  CHECK(bench.got().empty());
  CHECK(bench.answered() == Lines{"a passed"});
  CHECK(bench.world.typed.empty());
  SECTION("an arrow has the form that the agent wants") {
    const bool application = GENERATE(true, false);
    if (application) bench.judge.read_output("\x1b[?1h", bench.now);
    bench.turn(kOtherOrder);
    CHECK(bench.got() == (application ? "\x1bOB" : "\x1b[B"));
  }
  SECTION("and neither in the same second as a person's, who may have answered") {
    bench.turn("1");
    bench.got();
    bench.pass(999ms);
    bench.turn(kOtherOrder);
    CHECK(bench.answered() == Lines{"b typing"});
    bench.pass(1ms);
    bench.turn(kOtherOrder);
    CHECK(bench.got() == "\x1b[B");
  }
  SECTION("nor one that is none") {
    bench.world.keys[kOther] = "rm -rf";
    bench.turn(kOtherOrder);
    CHECK(bench.got().empty());
    CHECK(bench.answered() == Lines{"b missing"});
  }
}

TEST_CASE("that a draft is there or gone is noted at once") {
  Bench bench;
  bench.turn("a");
  bench.turn("b");
  bench.turn("c");
  CHECK(bench.world.drafts == std::vector<bool>{false, true});
  bench.turn("\r");
  CHECK(bench.world.drafts == std::vector<bool>{false, true, false});
  CHECK(bench.world.typed == std::vector<bool>{true, false, false});
}
