// Orders are taken out of the input, and nothing else is changed or delayed.
#include "shim/order_filter.hpp"

#include "catch.hpp"
#include "orch/attempt/delivery.hpp"

#include <array>
#include <random>
#include <string>

using namespace orch;
using namespace orch::shim;
using namespace std::chrono_literals;

namespace {

const std::string kId = "0123456789abcdef0123456789abcdef";
const std::string kOrder = delivery_order(kId);
const std::string kBegin = "\x1b[200~";
const std::string kEnd = "\x1b[201~";

/// What got through, with `{ID}` where an order was.
struct Through {
  OrderFilter filter;
  std::string seen = {};

  void add(const std::vector<OrderFilter::Piece>& pieces) {
    for (const auto& piece : pieces)
      seen += piece.order.empty() ? piece.bytes : "{" + piece.order + "}";
  }

  void read(std::string_view bytes, Span now = 0ms) { add(filter.read(bytes, now)); }

  void advance(Span now) { add(filter.advance(now)); }
};

const std::string kTaken = "{" + kId + "}";

struct Case {
  std::string input;
  std::string seen;
};

const std::vector<Case> kCases = {
    {kOrder, kTaken},
    {kBegin + kOrder + kEnd, kTaken},
    {"a" + kOrder + "b", "a" + kTaken + "b"},
    {"a" + kBegin + kOrder + kEnd + "b", "a" + kTaken + "b"},
    {kOrder + kOrder, kTaken + kTaken},
    {kBegin + kOrder + kEnd + kBegin + kOrder + kEnd, kTaken + kTaken},
    // The signs of a paste with more in it stay.
    {kBegin + kOrder + "x" + kEnd, kTaken + kBegin + "x" + kEnd},
    {kBegin + "x" + kOrder + kEnd, kBegin + "x" + kTaken + kEnd},
    {kBegin + kOrder + kOrder + kEnd, kTaken + kBegin + kTaken + kEnd},
    {kBegin + kEnd, kBegin + kEnd},
    {kBegin + kBegin + kOrder + kEnd, kBegin + kTaken},
    // What only begins as one.
    {"\x1b\x1b" + kOrder, "\x1b\x1b" + kTaken},
    {"\x1b_tmux-orch deliver 0123" + kOrder, "\x1b_tmux-orch deliver 0123" + kTaken},
    {kOrder.substr(0, 40) + "!", kOrder.substr(0, 40) + "!"},
    {"\x1b_tmux-orch deliver ABCDEF\x1b\\", "\x1b_tmux-orch deliver ABCDEF\x1b\\"},
    {"\x1b_tmux-orch deliver " + kId + "0\x1b\\", "\x1b_tmux-orch deliver " + kId + "0\x1b\\"},
    {"\x1b_tmux-orch deliver " + kId + "\x07", "\x1b_tmux-orch deliver " + kId + "\x07"},
    {kOrder.substr(1), kOrder.substr(1)},
    {"\x1b[A\x1bOP\x1b[1;5C\x1b[2~\x1b[20~", "\x1b[A\x1bOP\x1b[1;5C\x1b[2~\x1b[20~"},
    {std::string("\0\xff\x1b[200\0", 8), std::string("\0\xff\x1b[200\0", 8)},
};

}  // namespace

TEST_CASE("an order is taken out, with the signs of the paste around it, and all else stays") {
  for (const Case& one : kCases) {
    Through whole;
    whole.read(one.input);
    CHECK((whole.seen == one.seen));
    CHECK_FALSE(whole.filter.next_look());
  }
}

TEST_CASE("it does not matter in which pieces the input comes") {
  for (const Case& one : kCases) {
    Through bytes;
    for (const char byte : one.input)
      bytes.read(std::string_view(&byte, 1));
    CHECK((bytes.seen == one.seen));
    for (std::size_t cut = 0; cut <= one.input.size(); ++cut) {
      Through two;
      two.read(one.input.substr(0, cut), 0ms);
      two.read(one.input.substr(cut), 49ms);
      CHECK((two.seen == one.seen));
    }
  }
}

TEST_CASE("what is no beginning of an order is passed on at once") {
  for (const std::string keys :
       {"a", "\x1b[A", "\x1b\x1b[A", "\x1bx", "\x1b[200~a", "\x1b[?1;2c"}) {
    Through through;
    through.read(keys);
    CHECK(through.seen == keys);
    CHECK_FALSE(through.filter.next_look());
  }
}

TEST_CASE("an Escape alone waits for 50 ms and is not changed by what comes later") {
  Through through;
  through.read("\x1b", 1000ms);
  CHECK(through.seen.empty());
  CHECK(through.filter.next_look() == 1050ms);
  through.advance(1049ms);
  CHECK(through.seen.empty());
  through.advance(1050ms);
  CHECK(through.seen == "\x1b");
  CHECK_FALSE(through.filter.next_look());
  through.read("[A", 2000ms);
  CHECK(through.seen == "\x1b[A");
  through.read("\x1b", 3000ms);
  through.advance(3050ms);
  through.read("\x1b", 4000ms);
  through.advance(4050ms);
  through.read("abc", 4051ms);
  CHECK(through.seen == "\x1b[A\x1b\x1b\x61\x62\x63");
}

TEST_CASE("an order that was stuck on its way is not typed") {
  const std::string input = kBegin + kOrder + kEnd;
  for (std::size_t cut = 1; cut < input.size(); ++cut) {
    Through through;
    through.read(input.substr(0, cut), 0ms);
    through.advance(5000ms);
    const std::string early = through.seen;
    through.read(input.substr(cut), 6000ms);
    INFO("cut after " << cut << " bytes");
    CHECK(through.seen.find(kTaken) != std::string::npos);
    CHECK_FALSE(through.filter.next_look());
    // Never a sign without its counterpart, if only the sign itself was late.
    if (cut <= kBegin.size()) CHECK((through.seen == kBegin + kTaken + kEnd));
    if (cut >= kBegin.size() + kOrder.size() && early == kTaken) CHECK(through.seen == kTaken);
  }
}

TEST_CASE("an order that is cut is passed on after a second") {
  Through through;
  through.read(kOrder.substr(0, 30), 0ms);
  CHECK(through.filter.next_look() == 1000ms);
  through.advance(1000ms);
  CHECK(through.seen == kOrder.substr(0, 30));
  through.read("k", 5000ms);
  CHECK(through.seen == kOrder.substr(0, 30) + "k");
}

TEST_CASE("input of any kind comes out as it went in, in any pieces and after any time") {
  const std::array<std::string, 12> parts = {"\x1b", "[",  "200~",  "201~",
                                             "_",    "a",  "\x1b[", kBegin,
                                             kEnd,   "\\", kOrder,  "tmux-orch deliver "};
  std::mt19937 random(11);
  const auto one_of = [&](std::size_t count) { return static_cast<std::size_t>(random()) % count; };
  for (int round = 0; round < 3000; ++round) {
    const bool with_orders = round % 2 == 0;
    std::string input;
    while (input.size() < 60) {
      const std::string& part = parts[one_of(parts.size())];
      if (with_orders || part != kOrder) input += part;
    }
    Through whole;
    Through pieces;
    Through late;
    whole.read(input);
    Span now = 0ms;
    for (std::size_t at = 0; at < input.size();) {
      const std::size_t size = 1 + one_of(9);
      pieces.read(input.substr(at, size), now);
      late.read(input.substr(at, size), now);
      now += 1000ms * one_of(3);
      late.advance(now);
      at += size;
    }
    for (Through* one : {&whole, &pieces, &late})
      one->advance(now + 2000ms);
    CHECK((pieces.seen == whole.seen));
    if (!with_orders) {
      CHECK((whole.seen == input));
      CHECK((late.seen == input));
    }
  }
}
