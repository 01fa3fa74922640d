// Which windows are resized, to what, and when.
#include "app/window_sizes.hpp"

#include "catch.hpp"

using namespace orch;
using namespace orch::app;
using namespace std::chrono_literals;

namespace {

const tmuxctl::WindowId kA{"@1"};
const tmuxctl::WindowId kB{"@2"};

tmuxctl::Client client(int columns, int rows, std::int64_t activity,
                       const tmuxctl::WindowId& window = kA) {
  tmuxctl::Client made;
  made.window = window;
  made.columns = columns;
  made.rows = rows;
  made.activity = activity;
  return made;
}

using Clients = std::vector<tmuxctl::Client>;
using Changes = std::vector<WindowSizes::Change>;

struct Bench {
  WindowSizes sizes;
  Time now = at_ms(0);
  std::set<tmuxctl::WindowId> windows{};
  std::set<tmuxctl::WindowId> busy{};

  Bench() {
    sizes.look({}, {}, {}, now);
    windows = {kA, kB};
  }

  Changes after(Span span, const Clients& clients) {
    now += span;
    return sizes.look(windows, clients, busy, now);
  }
};

}  // namespace

TEST_CASE("a window is as large as the terminal of whoever looks at it and typed last") {
  struct Row {
    Clients clients;
    std::optional<WindowSize> size;
  };

  tmuxctl::Client program = client(300, 90, 9);
  program.control = true;
  const Row rows[] = {
      {{}, std::nullopt},
      {{client(120, 37, 1)}, WindowSize{120, 36}},
      {{client(120, 37, 1), client(90, 31, 2)}, WindowSize{90, 30}},
      {{client(120, 37, 2), client(90, 31, 1)}, WindowSize{120, 36}},
      {{client(120, 37, 2), client(90, 31, 2)}, WindowSize{90, 30}},
      {{client(120, 37, 1), client(90, 31, 2, kB)}, WindowSize{120, 36}},
      {{client(20, 5, 1)}, kLeastSize},
      {{client(5000, 5000, 1)}, kMostSize},
      {{client(120, 37, 1), program}, WindowSize{120, 36}},
      {{program}, std::nullopt},
  };
  for (const Row& row : rows)
    CHECK(size_for(kA, row.clients) == row.size);
}

TEST_CASE("only what is looked at is resized, when its size has stood for 300 ms") {
  Bench bench;
  CHECK(bench.after(1s, {client(120, 37, 1)}).empty());
  CHECK(bench.sizes.next_look() == bench.now + 300ms);
  CHECK(bench.after(200ms, {client(110, 37, 1)}).empty());
  CHECK(bench.after(299ms, {client(110, 37, 1)}).empty());
  CHECK(bench.after(1ms, {client(110, 37, 1)}) == Changes{{kA, {110, 36}}});
  CHECK(bench.after(10s, {client(110, 37, 1)}).empty());
  CHECK_FALSE(bench.sizes.next_look());
}

TEST_CASE("nothing is resized while something is typed into it, and then it is") {
  Bench bench;
  bench.busy = {kA};
  bench.after(1s, {client(120, 37, 1)});
  CHECK(bench.after(20s, {client(120, 37, 1)}).empty());
  bench.busy.clear();
  CHECK(bench.after(1s, {client(120, 37, 1)}).size() == 1);
}

TEST_CASE("a window that nobody looks at any more is as it was after 10 s") {
  Bench bench;
  bench.after(1s, {client(120, 37, 1)});
  bench.after(1s, {client(120, 37, 1)});
  CHECK(bench.after(1s, {}).empty());
  CHECK(bench.after(9999ms, {}).empty());
  CHECK(bench.after(1ms, {}) == Changes{{kA, kUnwatchedSize}});
  CHECK(bench.after(1h, {}).empty());
  SECTION("and once more if that failed") {
    bench.sizes.failed(kA);
    CHECK(bench.after(1s, {}).size() == 1);
  }
}

TEST_CASE("what an earlier supervisor left in another size is as it was, too") {
  WindowSizes sizes;
  CHECK(sizes.look({kA}, {}, {}, at_ms(0)).empty());
  CHECK(sizes.look({kA}, {}, {}, at_ms(10'000)) == Changes{{kA, kUnwatchedSize}});
}
