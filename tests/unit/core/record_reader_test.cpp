// What the short way of the codec reads, the long way reads as well, and as the same.
#include "core/record_reader.hpp"

#include "catch.hpp"
#include "full_values.hpp"
#include "orch/core/codec.hpp"

#include <random>

using namespace orch;
using namespace orch::test;

namespace {

/// A blank is something that the short way does not read.
std::string for_long_way(const std::string& text) {
  return " " + text;
}

/// Does the short way read it? What it reads is then compared.
bool is_read(const std::string& text) {
  TaskRecord task;
  if (!RecordReader(text).read_whole(task)) return false;
  INFO(text);
  const Result<TaskRecord> again = decode_task(for_long_way(text));
  REQUIRE(again);
  REQUIRE(task == *again);
  return true;
}

template <class T>
bool is_read_as(const std::string& text, const T& wanted) {
  T value;
  return RecordReader(text).read_whole(value) && value == wanted;
}

}  // namespace

TEST_CASE("records as they are stored are read the short way") {
  CHECK(is_read(encode(full_task())));
  CHECK(is_read(encode(TaskRecord{})));
  CHECK(is_read_as(encode(full_agent()), full_agent()));
  CHECK(is_read_as(encode(full_message()), full_message()));
  CHECK(is_read_as(encode(full_run().rules), full_run().rules));
  RunRecord run = full_run();
  run.rules = {};
  CHECK(is_read_as(encode(run), run));
}

TEST_CASE("whatever becomes of a stored record, both ways agree on it") {
  std::mt19937 dice(11);
  TaskRecord task = full_task();
  task.plan.spec.body = "a \"quoted\" \\ word,\n\ttabs, \xc3\xa9, \xe2\x82\xac and \x01";
  const std::string good = encode(task);
  constexpr std::string_view kBytes = "{}[]\",:\\0123456789-.eE+ntrue\x01\x80\xff ";
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    const std::size_t at = dice() % text.size();
    switch (dice() % 4) {
      case 0: text.resize(at); break;
      case 1: text.erase(at, 1 + dice() % 3); break;
      case 2: text.insert(at, 1, kBytes[dice() % kBytes.size()]); break;
      default: text[at] = kBytes[dice() % kBytes.size()];
    }
    read += is_read(text) ? 1 : 0;
  }
  // A letter of a text, a digit: most of the others are no JSON any more.
  CHECK(read > 1000);
}

TEST_CASE("what is written in another way is left to the long one") {
  for (const std::string text : {R"({"attempts":1,"agent":2})",
                                 R"({"agent":1,"agent":2})",
                                 R"({"agent": 1})",
                                 R"({"colour":"red"})",
                                 R"({"why":"a sentence"})",
                                 R"({"agent":01})",
                                 R"({"agent":-0x1})",
                                 R"({"agent":1.0})",
                                 R"({"progress":1.})",
                                 R"({"progress":.5})",
                                 R"({"last_note":"\u0101"})",
                                 R"({"last_note":"\u00e9"})",
                                 R"({"last_note":"\u00"})",
                                 R"({"last_note":"\x"})",
                                 "{\"last_note\":\"\x80\"}",
                                 "{\"last_note\":\"\n\"}",
                                 R"({"agent":99999999999999999999})",
                                 R"({"held":null})",
                                 R"({"state":"merge"})",
                                 R"({"agent":1},)",
                                 "",
                                 "null",
                                 "[]"}) {
    INFO(text);
    CHECK_FALSE(is_read(text));
  }
}
