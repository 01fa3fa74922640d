// How long a window takes: over one control client, and by one tmux process per command, in turns
// on the same private server. Prints JSON; the ratios are what can be compared between machines.
#include "../fake/private_tmux.hpp"
#include "loop/child.hpp"
#include "loop/loop.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace tmuxctl;
using Clock = std::chrono::steady_clock;

constexpr int kWindows = 60;
constexpr int kRoundTrips = 400;
constexpr int kPipelined = 2000;

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

template <class T>
T run(orch::loop::Loop& loop, Job<T> job) {
  std::optional<T> value;
  orch::loop::spawn<T>(std::move(job), [&](T result) {
    value = std::move(result);
    loop.stop();
  });
  if (!value) loop.run();
  if (!*value) give_up(orch::to_text(value->error()));
  return std::move(*value);
}

class Bench {
 public:
  Bench() {
    StartSpec spec;
    spec.session = "bench";
    spec.argv = {"sleep", "1000"};
    (void)run(loop_, server_.start(spec));  // gives up by itself
  }

  void windows() {
    std::vector<double> control;
    std::vector<double> process;
    for (int i = 0; i < kWindows; ++i) {
      control.push_back(window_by_control());
      process.push_back(window_by_process());
    }
    print("window", control, process);
  }

  void round_trips() {
    std::vector<double> control;
    std::vector<double> process;
    for (int i = 0; i < kRoundTrips; ++i) {
      const auto start = Clock::now();
      batch(1);
      control.push_back(microseconds_since(start));
      if (i % 4 == 0) process.push_back(command_by_process({"display-message", "-p", "x"}));
    }
    print("command", control, process);
    const auto start = Clock::now();
    batch(kPipelined);
    const double each = microseconds_since(start) / kPipelined;
    fmt::print("  \"command_in_a_batch\": {{\"control_us\": {:.1f}, \"ratio\": {:.1f}}},\n", each,
               median(process) / each);
  }

  void screens() {
    const Result<std::vector<Pane>> panes = run(loop_, server_.list_panes(server_.session()));
    std::vector<double> control;
    std::vector<double> process;
    for (const Pane& pane : *panes) {
      const auto start = Clock::now();
      const Result<Screen> screen = run(loop_, server_.capture(pane.pane));
      control.push_back(microseconds_since(start));
      process.push_back(command_by_process({"capture-pane", "-p", "-t", pane.pane.value}));
    }
    print("screen", control, process);
  }

  void finish() {
    fmt::print("  \"windows_at_the_end\": {}, \"tmux\": \"{}\"\n", 2 * kWindows + 1,
               server_.version());
  }

 private:
  double window_by_control() {
    const auto start = Clock::now();
    const WindowSpec spec{server_.session(), "w", "/", {"sleep", "1000"}};
    const Result<Opened> opened = run(loop_, server_.open_window(spec));
    return microseconds_since(start);
  }

  /// What a program does that has no connection: open, then set it up.
  double window_by_process() {
    const auto start = Clock::now();
    const orch::test::Ran opened = tmux_.tmux({"new-window", "-d", "-P", "-F", "#{window_id}", "-t",
                                               "bench:", "-n", "w", "-c", "/", "sleep", "1000"});
    const std::string id(orch::trim(opened.out));
    tmux_.tmux({"resize-window", "-t", id, "-x", "200", "-y", "50"});
    tmux_.tmux({"set-option", "-w", "-t", id, "remain-on-exit", "on"});
    return microseconds_since(start);
  }

  double command_by_process(const std::vector<std::string>& words) {
    const auto start = Clock::now();
    if (tmux_.tmux(words).code != 0) give_up("a tmux process failed");
    return microseconds_since(start);
  }

  void batch(int count) {
    int answered = 0;
    for (int i = 0; i < count; ++i) {
      server_.send(Line{"display-message -p x"}, [&](const Result<Reply>& reply) {
        if (!reply) give_up(orch::to_text(reply.error()));
        if (++answered == count) loop_.stop();
      });
    }
    loop_.run();
  }

  static void print(const char* what, const std::vector<double>& control,
                    const std::vector<double>& process) {
    const double one = median(control);
    const double other = median(process);
    fmt::print("  \"{}\": {{\"control_us\": {:.0f}, \"process_us\": {:.0f}, \"ratio\": {:.1f}}},\n",
               what, one, other, other / one);
  }

  orch::test::PrivateServer tmux_;
  orch::loop::Loop loop_;
  orch::loop::Children children_{loop_};
  Server server_{loop_, children_, Address::at(tmux_.socket())};
};

}  // namespace

int main() {
  Bench bench;
  fmt::print("{{\n  \"schema\": 1,\n");
  bench.windows();
  bench.round_trips();
  bench.screens();
  bench.finish();
  fmt::print("}}\n");
}
