// The timeline of a run as bars. They stretch with the page, so the words stand outside of them.
#include "orch/base/text.hpp"
#include "ui/markup.hpp"
#include "ui/report_page.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

namespace orch::ui {
namespace {

constexpr double kWidth = 1000;
constexpr double kThinnest = 0.7;  ///< of a bar that is to be seen
constexpr int kHeight = 16;
constexpr std::size_t kMostLanes = 8;  ///< of what has no worker

struct Look {
  Stage stage;
  char letter;  ///< its class
  const char* name;
};

constexpr Look kLooks[] = {{Stage::Preparing, 'p', "preparing"},
                           {Stage::Working, 'w', "working"},
                           {Stage::Person, 'u', "waiting for a person"},
                           {Stage::Checking, 'c', "checking"},
                           {Stage::Reviewing, 'r', "reviewing"},
                           {Stage::Queued, 'q', "queued"},
                           {Stage::Landing, 'l', "landing"},
                           {Stage::Testing, 't', "testing"},
                           {Stage::Ending, 'e', "ending"}};

const Look* look_of(Stage stage) {
  const auto* found = std::ranges::find(kLooks, stage, &Look::stage);
  return found == std::end(kLooks) ? nullptr : found;
}

struct Bar {
  const TaskRecord* task = nullptr;
  StageSpan span;
};

class Scale {
 public:
  explicit Scale(const Interval& whole) : whole_(whole) {}

  double x(Time at) const {
    const auto all = static_cast<double>(whole_.length().count());
    return all <= 0 ? 0 : kWidth * static_cast<double>((at - whole_.from).count()) / all;
  }

  /// The outline of a bar.
  std::string path(const Interval& when) const {
    const double from = x(when.from);
    const double width = std::max(kThinnest, x(when.to) - from);
    return fmt::format("M{:.1f} 0h{:.1f}v{}h-{:.1f}z", from, width, kHeight, width);
  }

 private:
  Interval whole_;
};

/// Of what a lane has in one go of a task: preparing, working and so on.
std::string tooltip(const std::vector<Bar>& bars) {
  const TaskRecord& task = *bars.front().task;
  std::string text = html_text(task.id().value, 40) + " " + html_text(task.plan.spec.title, 60);
  std::map<Stage, Span> spans;
  for (const Bar& bar : bars)
    spans[bar.span.stage] += bar.span.when.length();
  for (const auto& [stage, span] : spans)
    text += fmt::format("\n{} {}", look_of(stage)->name, span_text(span));
  return text;
}

/// Bars of one task in a row, with a title; those of the same stage are one path.
std::string group(const Scale& scale, const std::vector<Bar>& bars) {
  if (bars.empty()) return {};
  std::map<char, std::string> paths;
  for (const Bar& bar : bars)
    paths[look_of(bar.span.stage)->letter] += scale.path(bar.span.when);
  std::string text = fmt::format("<g><title>{}</title>", tooltip(bars));
  for (const auto& [letter, path] : paths)
    text += fmt::format("<path class=\"{}\" d=\"{}\"/>", letter, path);
  return text + "</g>";
}

std::string lane(const std::string& name, const std::string& drawing) {
  return fmt::format(
      "<div class=\"lane\"><span>{}</span><svg viewBox=\"0 0 1000 {}\" "
      "preserveAspectRatio=\"none\">{}</svg></div>\n",
      name, kHeight, drawing);
}

std::string lane_of(const std::string& name, const Scale& scale, const std::vector<Bar>& bars) {
  std::string drawing;
  std::vector<Bar> same;
  for (const Bar& bar : bars) {
    if (!same.empty() && same.front().task != bar.task)
      drawing += group(scale, std::exchange(same, {}));
    same.push_back(bar);
  }
  return lane(name, drawing + group(scale, same));
}

/// All bars that `shows`, each lane in the order of their begin.
template <class Shows>
std::vector<Bar> bars_where(const State& state, const Timeline& timeline, const Shows& shows) {
  std::vector<Bar> bars;
  for (std::size_t place = 0; place < timeline.tasks.size(); ++place) {
    if (!state.tasks[place].counts()) continue;
    for (const StageSpan& span : timeline.tasks[place])
      if (look_of(span.stage) != nullptr && shows(span))
        bars.push_back({&state.tasks[place], span});
  }
  std::ranges::stable_sort(bars, {}, [](const Bar& bar) { return bar.span.when.from; });
  return bars;
}

/// Bars that do not overlap share a lane; what does not fit into so many lanes is left out.
std::vector<std::vector<Bar>> packed(const std::vector<Bar>& bars) {
  std::vector<std::vector<Bar>> lanes;
  for (const Bar& bar : bars) {
    const auto free = std::ranges::find_if(lanes, [&](const std::vector<Bar>& one) {
      return one.back().span.when.to <= bar.span.when.from;
    });
    if (free != lanes.end()) {
      free->push_back(bar);
    } else if (lanes.size() < kMostLanes) {
      lanes.push_back({bar});
    }
  }
  return lanes;
}

std::string packed_lanes(const std::string& name, const Scale& scale,
                         const std::vector<Bar>& bars) {
  std::string text;
  for (const std::vector<Bar>& one : packed(bars))
    text += lane_of(text.empty() ? name : std::string(), scale, one);
  return text;
}

/// Is it a worker's to be at this, unless it has gone on to another task?
bool is_workers(Stage stage) {
  return stage == Stage::Preparing || stage == Stage::Working || stage == Stage::Person ||
         stage == Stage::Ending;
}

std::string worker_lanes(const State& state, const Timeline& timeline, const Scale& scale) {
  std::map<int, std::vector<Bar>> workers;
  for (int worker = 1; worker <= state.run.rules.workers; ++worker)
    workers[worker];
  for (const Bar& bar : bars_where(state, timeline, [](const StageSpan& span) {
         return span.worker > 0 && is_workers(span.stage);
       }))
    workers[bar.span.worker].push_back(bar);
  std::string text;
  for (const auto& [worker, bars] : workers)
    text += lane_of(fmt::format("worker {}", worker), scale, bars);
  return text;
}

/// How many waited for their turn, as steps.
std::string queue_lane(const State& state, const Timeline& timeline, const Scale& scale) {
  std::map<Time, int> changes;
  for (const Bar& bar : bars_where(
           state, timeline, [](const StageSpan& span) { return span.stage == Stage::Queued; })) {
    ++changes[bar.span.when.from];
    --changes[bar.span.when.to];
  }
  int most = 0;
  int now = 0;
  for (const auto& [at, change] : changes)
    most = std::max(most, now += change);
  if (most == 0) return {};
  std::string path = fmt::format("M0 {}", kHeight);
  now = 0;
  for (const auto& [at, change] : changes) {
    now += change;
    path += fmt::format("H{:.1f}V{:.1f}", scale.x(at), kHeight - kHeight * now / double(most));
  }
  return lane("queued", fmt::format("<title>up to {} tasks waited for their turn to land</title>"
                                    "<path class=\"q\" d=\"{}z\"/>",
                                    most, path));
}

std::string clock_text(std::int64_t wall_ms, bool with_day) {
  const auto seconds = static_cast<time_t>(wall_ms / 1000);

  struct tm parts {};

  ::localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size =
      ::strftime(text.data(), text.size(), with_day ? "%d %b %H:%M" : "%H:%M:%S", &parts);
  return {text.data(), size};
}

std::string axis(const Timeline& timeline) {
  constexpr int kParts = 4;
  constexpr auto kDay = Span(24LL * 60 * 60 * 1000);
  const Span whole = timeline.whole.length();
  std::string text = "<div class=\"lane axis\"><span></span><p>";
  for (int i = 0; i <= kParts; ++i) {
    const std::int64_t at = timeline.wall_begin_ms + whole.count() * i / kParts;
    text += fmt::format("<i>{}</i>", clock_text(at, whole > kDay));
  }
  return text + "</p></div>\n";
}

std::string legend() {
  std::string text = "<p class=\"legend\">";
  for (const Look& look : kLooks)
    text += fmt::format("<span><b class=\"{}\"></b>{}</span> ", look.letter, look.name);
  return text + "</p>\n";
}

}  // namespace

std::string timeline_html(const State& state, const Timeline& timeline) {
  const bool is_known =
      std::ranges::any_of(timeline.tasks, [](const auto& spans) { return !spans.empty(); });
  if (!is_known) return "<p>The times of the tasks of this run were not stored.</p>\n";
  const Scale scale(timeline.whole);
  const auto has_no_worker = [](const StageSpan& span) {
    return span.worker == 0 && is_workers(span.stage);
  };
  const auto lands = [](const StageSpan& span) {
    return span.stage == Stage::Checking || span.stage == Stage::Reviewing ||
           span.stage == Stage::Landing || span.stage == Stage::Testing;
  };
  return legend() + worker_lanes(state, timeline, scale) +
         packed_lanes("no worker", scale, bars_where(state, timeline, has_no_worker)) +
         queue_lane(state, timeline, scale) +
         packed_lanes("landing", scale, bars_where(state, timeline, lands)) + axis(timeline);
}

}  // namespace orch::ui
