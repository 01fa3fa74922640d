// How many commits a second the store takes in a run of 1000 tasks: synchronous=NORMAL, as for most
// events, and FULL, as for landings, in turns on the same file. JSON on standard output.
#include "orch/core/engine.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

using namespace orch;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kTasks = 1000;
constexpr int kTurns = 10;
constexpr int kCommits = 100;  // of each kind in a turn

RunStarted start() {
  RunStarted event;
  event.rules.agent = "sh";
  event.rules.agents["sh"] = {};
  for (int i = 0; i < kTasks; ++i) {
    TaskSpec spec;
    spec.id = TaskId{fmt::format("T{}", i)};
    spec.title = fmt::format("task {}", i);
    spec.body = std::string(800, 'x');
    event.tasks.push_back(spec);
  }
  return event;
}

struct Series {
  std::vector<double> ms;

  double median() {
    std::ranges::sort(ms);
    return ms[ms.size() / 2];
  }

  double p99() const { return ms[ms.size() * 99 / 100]; }

  double per_second() const {
    double all = 0;
    for (const double one : ms) {
      all += one;
    }
    return 1000.0 * static_cast<double>(ms.size()) / all;
  }

  std::string json() {
    const double middle = median();
    return fmt::format(R"({{"per_second":{:.0f},"median_ms":{:.4f},"p99_ms":{:.4f}}})",
                       per_second(), middle, p99());
  }
};

/// Commits one changed task `kCommits` times.
Status measure(store::Store& store, Engine& engine, bool durable, Series& series) {
  for (int i = 0; i < kCommits; ++i) {
    const TaskId task{fmt::format("T{}", (i * 37) % kTasks)};
    const bool held = engine.state().find(task)->held;
    const Event event = UserAsked{held ? Verb::Release : Verb::Hold, task};
    Decision decision = engine.handle(event, at_ms(1));
    decision.durable = durable;
    const auto before = Clock::now();
    const Result<std::int64_t> seq = store.commit("run", event, decision, engine.state(), {}, 0);
    const std::chrono::duration<double, std::milli> took = Clock::now() - before;
    if (!seq) return passed_on(seq);
    series.ms.push_back(took.count());
  }
  return {};
}

Status run(const std::filesystem::path& file) {
  Result<store::Store> store = store::Store::open(file, store::Access::ReadWrite);
  if (!store) return passed_on(store);
  if (Status begun = store->begin_run({"run", "", "", "", "", 0, 0}); !begun) return begun;
  Engine engine;
  const Event event = start();
  const Decision decision = engine.handle(event, at_ms(0));
  const auto before = Clock::now();
  const Result<std::int64_t> seq = store->commit("run", event, decision, engine.state(), {}, 0);
  const std::chrono::duration<double, std::milli> first = Clock::now() - before;
  if (!seq) return passed_on(seq);

  Series normal;
  Series full;
  for (int turn = 0; turn < kTurns; ++turn) {
    if (Status done = measure(*store, engine, false, normal); !done) return done;
    if (Status done = measure(*store, engine, true, full); !done) return done;
  }
  fmt::print(R"({{"benchmark":"store_commit","tasks":{},"first_ms":{:.1f},"normal":{},"full":{},)"
             R"("normal_to_full":{:.2f}}})"
             "\n",
             kTasks, first.count(), normal.json(), full.json(),
             normal.per_second() / full.per_second());
  return {};
}

}  // namespace

/// An argument names the folder to measure in: what FULL costs depends on its disk.
int main(int argc, char** argv) {
  const std::filesystem::path parent =
      argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  std::string folder = parent / "orch-bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  const Status done = run(std::filesystem::path(folder) / "orch.db");
  std::filesystem::remove_all(folder);
  if (done) return 0;
  fmt::print(stderr, "store_commit: {}\n", to_text(done.error()));
  return 1;
}
