// What one event costs the core in runs of different sizes: a progress report, and the events of a
// task from its start to its landing. JSON on standard output. With --check it is a test: in a
// large run the usual event may not cost much more than in a small one.
#include "orch/core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace orch;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kReports = 2000;
constexpr int kLives = 50;  // tasks that go all the way

/// A run with a hundred workers in which every task but the first hundred needs another.
RunStarted start(int tasks) {
  RunStarted event;
  event.rules.agent = "sh";
  event.rules.agents["sh"] = {.done = DoneBy::Exit, .commit = true};
  event.rules.workers = 100;
  for (int i = 0; i < tasks; ++i) {
    TaskSpec spec;
    spec.id = TaskId{fmt::format("T{}", i)};
    spec.title = fmt::format("task {}", i);
    spec.line = i + 1;
    if (i >= 100) spec.depends = {TaskId{fmt::format("T{}", i - 100)}};
    event.tasks.push_back(std::move(spec));
  }
  return event;
}

class Run {
 public:
  explicit Run(int tasks) { handle(start(tasks)); }

  /// Milliseconds that each event took since the last call.
  std::vector<double> take_times() { return std::exchange(times_, {}); }

  void report(int number) {
    const TaskRecord& task = at_work();
    handle(AgentReported{.id = fmt::format("r{}", number),
                         .task = task.id(),
                         .attempt = task.attempts,
                         .kind = ReportKind::Progress,
                         .progress = 0.5});
  }

  /// Ends the effects in flight as long as there are some.
  void settle() {
    while (!engine_.state().pending.empty()) {
      const auto& [id, entry] = *engine_.state().pending.begin();
      handle(EffectEnded{id, success(entry.effect)});
    }
  }

  void finish_one() {
    const TaskRecord& task = at_work();
    handle(AgentExited{task.id(), task.attempts, ExitKind::Code, 0, {}});
    settle();
  }

 private:
  void handle(const Event& event) {
    const auto begin = Clock::now();
    engine_.handle(event, now_);
    (void)engine_.next_wake();
    times_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }

  const TaskRecord& at_work() const {
    return *std::ranges::find(engine_.state().tasks, TaskState::Running, &TaskRecord::state);
  }

  static Outcome success(const Effect& effect) {
    if (std::holds_alternative<CreateWorktree>(effect))
      return WorktreeReady{"w", "b", CommitId{"c"}};
    if (std::holds_alternative<StartAgent>(effect)) return AgentStarted{"@1", "%1", 42};
    if (std::holds_alternative<CollectWork>(effect)) return WorkCollected{CommitId{"c"}, true, {}};
    if (std::holds_alternative<PrepareLanding>(effect)) return LandingPrepared{CommitId{"c"}};
    if (std::holds_alternative<Land>(effect)) return Landed{CommitId{"c"}};
    return Done{};
  }

  Engine engine_;
  Time now_{};
  std::vector<double> times_;
};

struct Figures {
  std::size_t events = 0;
  double median_ms = 0;
  double p99_ms = 0;
};

Figures figures_of(std::vector<double> times) {
  std::ranges::sort(times);
  return {times.size(), times[times.size() / 2], times[times.size() * 99 / 100]};
}

std::string to_json(const Figures& of) {
  return fmt::format(R"({{"events":{},"median_ms":{:.4f},"p99_ms":{:.4f}}})", of.events,
                     of.median_ms, of.p99_ms);
}

struct Costs {
  Figures report;
  Figures life;
};

Costs measure(int tasks) {
  Run run(tasks);
  run.settle();
  run.take_times();
  for (int i = 0; i < kReports; ++i)
    run.report(i);
  Costs costs;
  costs.report = figures_of(run.take_times());
  for (int i = 0; i < std::min(kLives, tasks / 2); ++i)
    run.finish_one();
  costs.life = figures_of(run.take_times());
  return costs;
}

void print_all() {
  std::string rows;
  for (const int tasks : {100, 1000, 10'000}) {
    const Costs costs = measure(tasks);
    rows += fmt::format("{}{{\"tasks\":{},\"report\":{},\"life\":{}}}", rows.empty() ? "" : ",\n ",
                        tasks, to_json(costs.report), to_json(costs.life));
  }
  fmt::print("[{}]\n", rows);
}

/// Medians, as another program may have the processor at any moment. Tried again for the same
/// reason: what grows with the number of tasks grows each time.
bool is_flat(const char* what, Figures Costs::*figures) {
  constexpr double kMost = 4;
  constexpr int kTries = 3;
  double ratio = 0;
  for (int i = 0; i < kTries && (i == 0 || ratio > kMost); ++i)
    ratio = (measure(10'000).*figures).median_ms / (measure(100).*figures).median_ms;
  fmt::print("{}: an event at 10,000 tasks costs {:.2f} times one at 100, at most {}\n", what,
             ratio, kMost);
  return ratio <= kMost;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argv[1] != std::string_view("--check")) {
    print_all();
    return 0;
  }
  const bool reports = is_flat("report", &Costs::report);
  const bool lives = is_flat("life", &Costs::life);
  return reports && lives ? 0 : 1;
}
