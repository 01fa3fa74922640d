// The control-mode reader against transcripts, cut anywhere, with text that imitates the protocol.
#include "tmuxctl/protocol.hpp"

#include "catch.hpp"
#include "orch/base/variant.hpp"

#include <fmt/format.h>

#include <deque>

namespace {

using namespace tmuxctl;

/// Messages as text, one a line of the expectation.
struct Reading {
  std::vector<std::string> seen;
  std::deque<std::string> fences;  ///< for the blocks with flags 1, in order
  Parser parser{[this](Message message) { take(message); },
                [this]() -> std::string_view {
                  if (fences.empty()) return "";
                  return fences.front();
                }};

  void take(const Message& message) {
    std::visit(
        orch::Overloaded{
            [this](const Block& block) {
              std::string text = fmt::format("{} {}{}", block.guard.number,
                                             block.error ? "error" : "ok", block.guard.flags);
              for (const std::string& line : block.reply.lines)
                text += "|" + line;
              if (!block.reply.fence.empty()) text += "||" + block.reply.fence;
              seen.push_back(text);
              if (block.guard.flags == 1 && !fences.empty()) fences.pop_front();
            },
            [this](const Notice& notice) { seen.push_back(notice.name + ":" + notice.rest); },
            [this](const Exit& exit) { seen.push_back("exit:" + exit.why); },
        },
        message);
  }
};

std::vector<std::string> read(std::string_view stream, std::deque<std::string> fences = {}) {
  Reading reading;
  reading.fences = std::move(fences);
  REQUIRE(reading.parser.feed(stream));
  return reading.seen;
}

/// Reads the stream cut at every byte, and byte by byte; all must agree with it read whole.
std::vector<std::string> read_anyhow(std::string_view stream,
                                     const std::deque<std::string>& fences = {}) {
  const std::vector<std::string> whole = read(stream, fences);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Reading reading;
    reading.fences = fences;
    REQUIRE(reading.parser.feed(stream.substr(0, cut)));
    REQUIRE(reading.parser.feed(stream.substr(cut)));
    if (reading.seen != whole) FAIL("cut at byte " << cut << " reads differently");
  }
  Reading reading;
  reading.fences = fences;
  for (std::size_t i = 0; i < stream.size(); ++i)
    REQUIRE(reading.parser.feed(stream.substr(i, 1)));
  CHECK(reading.seen == whole);
  return whole;
}

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("a session of tmux 3.3a is read the same wherever it is cut") {
  const Seen seen = read_anyhow(
      "%begin 1795233768 274 0\n"
      "%end 1795233768 274 0\n"
      "%session-changed $0 run\n"
      "%begin 1795233768 279 1\n"
      "6047\t$0\n"
      "%end 1795233768 279 1\n"
      "%begin 1795233768 284 1\n"
      "can't find window: @99\n"
      "%error 1795233768 284 1\n"
      "%begin 1795233768 285 0\n"
      "from a hook\n"
      "%end 1795233768 285 0\n"
      "a raw line of a hook\n"
      "%window-add @1\n"
      "%sessions-changed\n"
      "%exit server exited unexpectedly\n");
  CHECK(seen == Seen{"274 ok0", "session-changed:$0 run", "279 ok1|6047\t$0",
                     "284 error1|can't find window: @99", "285 ok0|from a hook",
                     ":a raw line of a hook", "window-add:@1",
                     "sessions-changed:", "exit:server exited unexpectedly"});
}

TEST_CASE("text inside a block is never taken for the protocol") {
  const Seen seen = read_anyhow(
      "%begin 100 7 1\n"
      "%end 100 8 1\n"
      "%end 99 7 1\n"
      "%end 100 7 0\n"
      "%end 100 7 1 \n"
      "%end 100 7\n"
      " %end 100 7 1\n"
      "%begin 100 8 1\n"
      "%exit\n"
      "%output %1 x\n"
      "%error 1 2 3\n"
      "\n"
      "%end 100 7 1\n");
  CHECK(seen == Seen{"7 ok1|%end 100 8 1|%end 99 7 1|%end 100 7 0|%end 100 7 1 |%end 100 7|"
                     " %end 100 7 1|%begin 100 8 1|%exit|%output %1 x|%error 1 2 3|"});
}

TEST_CASE("a fenced block may contain its own guards") {
  const Seen seen = read_anyhow(
      "%begin 100 7 1\n"
      "%end 100 7 1\n"
      "%error 100 7 1\n"
      "%begin 100 8 1\n"
      "F00D \n"
      "%end 100 8 1\n"
      "last row\n"
      "%end 100 7 1\n"
      "%begin 100 8 1\n"
      "FENCE 200 50\n"
      "%end 100 8 1\n"
      "%window-add @1\n",
      {"FENCE "});
  CHECK(seen == Seen{"7 ok1|%end 100 7 1|%error 100 7 1|%begin 100 8 1|F00D |%end 100 8 1|last row"
                     "||200 50",
                     "window-add:@1"});
}

TEST_CASE("what comes between a fenced block and its fence is not lost") {
  const Seen seen = read_anyhow(
      "%begin 100 7 1\n"
      "row\n"
      "%end 100 7 1\n"
      "%window-renamed @1 x\n"
      "%begin 100 8 0\n"
      "a hook\n"
      "%end 100 8 0\n"
      "%begin 100 9 1\n"
      "FENCE \n"
      "%end 100 9 1\n"
      "%begin 100 10 1\n"
      "next\n"
      "%end 100 10 1\n",
      {"FENCE "});
  CHECK(seen == Seen{"7 ok1|row", "window-renamed:@1 x", "8 ok0|a hook", "10 ok1|next"});
}

TEST_CASE("a fenced command that fails is an error and its fence is taken off") {
  const Seen seen = read_anyhow(
      "%begin 100 7 1\n"
      "can't find pane: %9\n"
      "%error 100 7 1\n"
      "%begin 100 8 1\n"
      "FENCE \t\t\n"
      "%end 100 8 1\n"
      "%begin 100 9 1\n"
      "%end 100 9 1\n",
      {"FENCE "});
  CHECK(seen == Seen{"7 error1|can't find pane: %9||\t\t", "9 ok1"});
}

TEST_CASE("blocks of hooks do not use up a fence") {
  const Seen seen = read_anyhow(
      "%begin 100 6 0\n"
      "FENCE \n"
      "%end 100 6 0\n"
      "%begin 100 7 1\n"
      "row\n"
      "%end 100 7 1\n"
      "%begin 100 8 1\n"
      "FENCE x\n"
      "%end 100 8 1\n",
      {"FENCE "});
  CHECK(seen == Seen{"6 ok0|FENCE ", "7 ok1|row||x"});
}

TEST_CASE("malformed guards outside of a block are notices") {
  const Seen seen = read_anyhow("%begin 1 2\n%begin 1 2 x\n%end 1 2 3\n%\n% x\n%begin 1 -2 1\n");
  CHECK(seen == Seen{"begin:1 2", "begin:1 2 x", "end:1 2 3", ":", ":x", "begin:1 -2 1"});
}

TEST_CASE("a reply without end is refused before it fills the memory") {
  Reading reading;
  REQUIRE(reading.parser.feed("%begin 1 2 1\n"));
  const std::string line = std::string((1u << 20) - 1, 'x') + "\n";
  std::size_t taken = 0;
  while (reading.parser.feed(line))
    taken += line.size();
  CHECK(taken <= Parser::kLimit);
  CHECK(taken >= Parser::kLimit - 2 * line.size());
  CHECK(reading.seen.empty());
}

TEST_CASE("a line without end is refused before it fills the memory") {
  Reading reading;
  const std::string piece(1u << 20, 'x');
  std::size_t taken = 0;
  while (reading.parser.feed(piece))
    taken += piece.size();
  CHECK(taken <= Parser::kLimit);
  CHECK(taken >= Parser::kLimit - 2 * piece.size());
}
