// What reading a screen of 200 columns and 50 rows costs, by the rules of each built-in agent: of a
// full screen, of one that looks like many states, and of its fingerprint. JSON on standard output.
// With --check it is a test: the usual reading takes less than 200 microseconds.
#include "agents/screen/classify.hpp"
#include "agents/screen/fingerprint.hpp"
#include "config/layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace orch;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kRows = 50;
constexpr std::size_t kColumns = 200;
constexpr int kTimes = 500;
constexpr double kMost = 200;

std::string filled(std::string row) {
  constexpr std::string_view kText = "  the quick brown fox (12s) jumps over * the lazy dog: 1/2";
  while (row.size() < kColumns)
    row += kText;
  row.resize(kColumns);
  return row;
}

Screen text_screen() {
  return {.rows = std::vector<std::string>(kRows, filled("  ")), .title = "a title"};
}

/// Each row begins as many patterns do.
Screen hard_screen() {
  const std::vector<std::string> begins{"● API Error: ",     "✻ Weaving… (", "• Working (9s ",
                                        " ⠼ Working",        "■ broken ",    " Do you want ",
                                        "     ▣  Build · A "};
  Screen screen{.title = "✳ a title"};
  for (std::size_t i = 0; i < kRows; ++i)
    screen.rows.push_back(filled(begins[i % begins.size()]));
  return screen;
}

/// The median, in microseconds.
template <class Work>
double cost_of(const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < kTimes; ++i) {
    const auto begin = Clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const bool checks = argc > 1 && std::string_view(argv[1]) == "--check";
  const Screen text = text_screen();
  const Screen hard = hard_screen();
  double most = 0;
  std::string agents;
  for (const auto& [name, profile] : parse_config({}, {}, {}).config.agents) {
    const auto begin = Clock::now();
    const Result<ScreenRules> rules = ScreenRules::compile(profile.screen);
    const double compiled = std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
    if (!rules) return 1;
    const double usual = cost_of([&] { (void)rules->classify(text); });
    const double hardest = cost_of([&] { (void)rules->classify(hard); });
    most = std::max({most, usual, hardest});
    agents +=
        fmt::format(R"({}{{"agent":"{}","compile_us":{:.0f},"text_us":{:.1f},"hard_us":{:.1f}}})",
                    agents.empty() ? "" : ",\n ", name, compiled, usual, hardest);
  }
  const double print = cost_of([&] { (void)fingerprint(hard); });
  fmt::print("{{\"rows\":{},\"columns\":{},\"fingerprint_us\":{:.1f},\"agents\":[\n {}]}}\n", kRows,
             kColumns, print, agents);
  return checks && most > kMost ? 1 : 0;
}
