// What reading task files into items costs, by the readers alone: plain lists of boxes and tasks
// with fields, of one and of ten megabytes. JSON on standard output, with the processor's time as
// well, which other programs disturb less. With --check it is a test, of that time alone: two
// megabytes may not cost much more than ten times a tenth of them.
#include "tasks/conventions/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

using namespace orch;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kRounds = 5;

std::string plain_task(int number) {
  return fmt::format("- [{}] do the thing number {} in lib/m{}.py\n", number % 4 == 0 ? 'x' : ' ',
                     number, number);
}

std::string headed_task(int number) {
  return fmt::format(
      "\n### T-{}: title {}\n\n**Priority:** high\n**Depends on:** {}\n**Files:** `src/a{}.c`\n\n"
      "Some words about it.\n\n- [ ] a criterion\n- [ ] another\n",
      number, number, number == 0 ? "none" : fmt::format("T-{}", number - 1), number);
}

struct Shape {
  std::string_view name;
  std::string (*task)(int number);
};

constexpr std::array kShapes{Shape{"plain", plain_task}, Shape{"headed", headed_task}};

std::string text_of(const Shape& shape, std::size_t bytes) {
  std::string text = "# Tasks\n\n";
  for (int number = 0; text.size() < bytes; ++number)
    text += shape.task(number);
  return text;
}

struct Cost {
  std::size_t bytes = 0;
  std::size_t items = 0;
  double median_ms = 0;
  double median_cpu_ms = 0;
};

double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

double cpu_ms() {
  return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

Cost cost_of(const Shape& shape, std::size_t bytes) {
  const std::string text = text_of(shape, bytes);
  Cost cost{.bytes = text.size()};
  std::vector<double> times;
  std::vector<double> cpu_times;
  for (int i = 0; i < kRounds; ++i) {
    const auto begin = Clock::now();
    const double cpu_begin = cpu_ms();
    cost.items = tasks::read_items({text, "tasks.md"}).reading.items.size();
    cpu_times.push_back(cpu_ms() - cpu_begin);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  cost.median_ms = median(times);
  cost.median_cpu_ms = median(cpu_times);
  return cost;
}

void print_all() {
  std::string rows;
  for (const Shape& shape : kShapes) {
    for (const std::size_t bytes : {1'000'000, 10'000'000}) {
      const Cost cost = cost_of(shape, bytes);
      rows += fmt::format(
          R"({}{{"shape":"{}","bytes":{},"items":{},"median_ms":{:.1f},"median_cpu_ms":{:.1f}}})",
          rows.empty() ? "" : ",\n ", shape.name, cost.bytes, cost.items, cost.median_ms,
          cost.median_cpu_ms);
    }
  }
  fmt::print("[{}]\n", rows);
}

/// Tried again, as another program may have the processor at any moment: what is not linear is not
/// so each time.
bool is_linear(const Shape& shape) {
  constexpr std::size_t kLarge = 2'000'000;
  constexpr double kMost = 1.5;
  constexpr int kTries = 3;
  double ratio = 0;
  for (int i = 0; i < kTries && (i == 0 || ratio > kMost); ++i)
    ratio = cost_of(shape, kLarge).median_cpu_ms / (10 * cost_of(shape, kLarge / 10).median_cpu_ms);
  fmt::print("{}: 2 MB cost {:.2f} times ten times 0.2 MB, at most {}\n", shape.name, ratio, kMost);
  return ratio <= kMost;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argv[1] != std::string_view("--check")) {
    print_all();
    return 0;
  }
  return std::ranges::all_of(kShapes, is_linear) ? 0 : 1;
}
