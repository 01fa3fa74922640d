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
  std::set<std::string> records;
  bool disk_is_full = false;
  std::vector<std::string> answers;
  std::vector<bool> typed;

  std::optional<std::string> text(const std::string& id) override {
    return texts.contains(id) ? std::optional(texts[id]) : std::nullopt;
  }

  bool is_recorded(const std::string& id) override { return records.contains(id); }

  bool record(const std::string& id) override { return !disk_is_full && records.insert(id).second; }

  void answer(const std::string& id, DeliveryAnswer answer) override {
    answers.push_back(std::string(1, id[0]) + " " + std::string(to_text(answer)));
  }

  void person_typed(bool tell) override { typed.push_back(tell); }
};

/// A judge with a terminal that takes `room` bytes at a time.
struct Bench {
  FakeDeliveries world;
  InputJudge judge{world};
  Span now = 100s;
  bool line_mode = false;
  std::size_t room = 1u << 20;
  std::string unwritten = {};
  std::string agent = {};  ///< what it got

  Bench() { world.texts = {{kId, "first"}, {kOther, "second"}}; }

  /// One turn, as the relay has it.
  void turn(std::string_view bytes = {}) {
    if (!bytes.empty()) judge.read(bytes, line_mode, now);
    judge.advance(now);
    unwritten += judge.take();
    agent += unwritten.substr(0, room);
    unwritten.erase(0, room);
    if (!unwritten.empty()) return;
    judge.all_written(now);
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

TEST_CASE("the agent's wish for signs around a paste is met") {
  Bench bench;
  bench.world.texts[kId] = "one\ntwo\n";
  SECTION("it has none") {
    bench.turn(kOrder);
    CHECK(bench.got() == "one\rtwo");
  }
  SECTION("it has") {
    bench.judge.read_output("\x1b[?1049;2004h");
    bench.turn(kOrder);
    CHECK(bench.got() == "\x1b[200~one\rtwo\x1b[201~");
  }
  SECTION("no more") {
    bench.judge.read_output("\x1b[?2004h\x1b[?2004l");
    bench.turn(kOrder);
    CHECK(bench.got() == "one\rtwo");
  }
  SECTION("Enter alone needs none") {
    bench.world.texts[kId] = "\n";
    bench.judge.read_output("\x1b[?2004h");
    bench.turn(kOrder);
    bench.pass(300ms);
    CHECK(bench.got() == "\r");
    CHECK(bench.answered() == Lines{"a passed"});
  }
}

TEST_CASE("a text can neither end its paste nor press a key") {
  Bench bench;
  bench.judge.read_output("\x1b[?2004h");
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
    bench.judge.read_output("\x1b[?2004h");
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
