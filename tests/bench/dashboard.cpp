// What the dashboard of a run with many tasks costs: a board after something was stored, a frame
// after a key. JSON on standard output. With --check it is a test: with a thousand tasks the first
// frame takes less than 100 ms with its board, and a key less than 20.
#include "dashboard/frame.hpp"
#include "dashboard/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace orch;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kTimes = 50;
constexpr int kMany = 1000;
constexpr dashboard::Size kSize{200, 50};
constexpr double kMostForBoard = 100;
constexpr double kMostForKey = 20;

/// Each needs the one before it; every tenth has landed.
State state_of(int tasks) {
  State state;
  state.run.phase = RunPhase::Running;
  state.run.rules.base = "main";
  for (int number = 0; number < tasks; ++number) {
    TaskRecord task;
    task.plan.spec.id = TaskId{fmt::format("T{}", number)};
    task.plan.spec.title = "a task with a title of the usual length";
    task.state = number % 10 == 0 ? TaskState::Merged : TaskState::Waiting;
    if (number > 0) task.needs = {TaskId{fmt::format("T{}", number - 1)}};
    state.tasks.push_back(std::move(task));
  }
  return state;
}

/// The median, in milliseconds.
template <class Work>
double cost_of(const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < kTimes; ++i) {
    const auto begin = Clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

struct Cost {
  double board = 0;  ///< and its first frame
  double key = 0;    ///< that scrolls by a page
};

Cost cost_with(int tasks) {
  const State state = state_of(tasks);
  dashboard::Board board;
  dashboard::View view;
  dashboard::Frame frame;
  const auto draw = [&] {
    view = dashboard::settled(std::move(view), board, {}, kSize);
    frame = dashboard::frame_of(board, view, {}, kSize);
  };
  Cost cost;
  cost.board = cost_of([&] {
    board = dashboard::board_of(state, {.run = "a run"});
    draw();
  });
  cost.key = cost_of([&] {
    const dashboard::Key key{dashboard::KeyKind::PageDown};
    view = dashboard::press(board, std::move(view), frame, key).view;
    draw();
  });
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  const Cost few = cost_with(kMany / 10);
  const Cost many = cost_with(kMany);
  fmt::print("{{\"board_ms\":{{\"100\":{:.3f},\"1000\":{:.3f}}},", few.board, many.board);
  fmt::print("\"key_ms\":{{\"100\":{:.3f},\"1000\":{:.3f}}}}}\n", few.key, many.key);
  const bool checks = argc > 1 && std::string_view(argv[1]) == "--check";
  return checks && (many.board > kMostForBoard || many.key > kMostForKey) ? 1 : 0;
}
