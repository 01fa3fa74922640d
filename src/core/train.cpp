// Which candidates of the train are tested next, which land, and who is to blame.
#include "core/train.hpp"

#include <algorithm>
#include <variant>

namespace orch::train {
namespace {

using enum LandingState;

bool is_member(LandingState state) {
  return state == Ready || state == Testing || state == Green || state == Red || state == Moving;
}

std::size_t count(const RunRecord& run, bool (*matches)(const Landing&)) {
  return static_cast<std::size_t>(std::ranges::count_if(run.landings, matches));
}

bool is_any(const Knowledge& known, LandingState state) {
  return std::ranges::find(known, state) != known.end();
}

/// The first of this state from there on; the end of the train where there is none.
std::size_t find(const Knowledge& known, std::size_t from, LandingState state) {
  const auto begin = known.begin() + static_cast<std::ptrdiff_t>(from);
  return static_cast<std::size_t>(std::find(begin, known.end(), state) - known.begin());
}

/// Behind the last of this state.
std::size_t behind_last(const Knowledge& known, LandingState state) {
  const auto last = std::find(known.rbegin(), known.rend(), state);
  return static_cast<std::size_t>(known.rend() - last);
}

/// Those between a tree that passes and one that fails: as many tests part them as evenly as can
/// be.
std::vector<std::size_t> between(std::size_t begin, std::size_t red, std::size_t free) {
  std::vector<std::size_t> places;
  const std::size_t suspects = red - begin + 1;
  for (std::size_t part = 1; part <= free; ++part) {
    const std::size_t size = suspects * part / (free + 1);
    if (size > 0) places.push_back(begin + size - 1);
  }
  return places;
}

/// The last one, and others spread over the way to it.
std::vector<std::size_t> up_to_end(std::size_t begin, std::size_t end, std::size_t free) {
  std::vector<std::size_t> places;
  const std::size_t tests = std::min(free, end - begin);
  for (std::size_t part = 1; part <= tests; ++part) {
    const std::size_t size = ((end - begin) * part + tests - 1) / tests;
    places.push_back(begin + size - 1);
  }
  return places;
}

/// Each of them has to pass.
std::vector<std::size_t> from_the_front(const Knowledge& known, std::size_t free) {
  std::vector<std::size_t> places;
  const std::size_t red = find(known, 0, Red);
  for (std::size_t place = 0; place < red && places.size() < free; ++place)
    if (known[place] == Ready) places.push_back(place);
  return places;
}

}  // namespace

bool is_tip(const RunRecord& run, const CommitId& commit) {
  return commit == run.integration || (!run.landed.empty() && commit == run.landed);
}

bool goes_on(const State& state, const Landing& landing) {
  if (landing.state == Moving) return true;
  const TaskRecord* task = state.find(landing.task);
  return state.run.phase == RunPhase::Running && task != nullptr && !task->held &&
         task->state == TaskState::Landing;
}

std::vector<const Landing*> members(const State& state) {
  std::vector<const Landing*> found;
  for (const Landing& landing : state.run.landings) {
    if (landing.task.value.empty() || !is_member(landing.state)) continue;
    const bool fits =
        found.empty() ? is_tip(state.run, landing.onto) : landing.onto == found.back()->candidate;
    if (fits && goes_on(state, landing)) found.push_back(&landing);
  }
  return found;
}

bool is_end(const State& state, const CommitId& onto) {
  const std::vector<const Landing*> train = members(state);
  return train.empty() ? is_tip(state.run, onto) : onto == train.back()->candidate;
}

std::size_t longest(const RunRecord& run) {
  // What nobody tests is sure to land: the next is merged onto it meanwhile.
  const bool one_lands =
      std::ranges::find(run.landings, Moving, &Landing::state) != run.landings.end();
  if (!run.rules.tested) return one_lands ? 2 : 1;
  if (run.rules.parallel == 1) return 1;
  const int most = run.rules.in_order ? run.rules.parallel : kLongestTrain;
  return static_cast<std::size_t>(std::clamp(run.train, 1, most));
}

std::size_t length(const RunRecord& run) {
  return count(run, [](const Landing& landing) {
    return landing.state != Waiting && landing.state != Aside && landing.state != Judging;
  });
}

std::size_t free_tests(const RunRecord& run) {
  const std::size_t busy = count(run, [](const Landing& landing) {
    return landing.state == Testing || landing.state == Judging;
  });
  const auto most = static_cast<std::size_t>(run.rules.parallel);
  return most - std::min(most, busy);
}

bool lone_lands(const RunRecord& run) {
  return std::ranges::any_of(run.landings, [](const Landing& landing) {
    return landing.task.value.empty() && landing.state != Waiting;
  });
}

bool has_room(const State& state, const Effect& step) {
  const RunRecord& run = state.run;
  const TaskId& task = task_of(step);
  if (run.rules.parallel == 1 || task.value.empty()) return run.landing_under_way() == nullptr;
  if (lone_lands(run)) return false;
  if (const auto* test = std::get_if<TestLanding>(&step)) {
    // Between others of the train it would be in the place of those that went on meanwhile.
    const auto landing = std::ranges::find(run.landings, task, &Landing::task);
    const bool fits = landing == run.landings.end() || is_end(state, landing->onto);
    return free_tests(run) > 0 && (test->verdict || fits);
  }
  const LandingState same = std::holds_alternative<Land>(step) ? Moving : Preparing;
  return std::ranges::find(run.landings, same, &Landing::state) == run.landings.end();
}

std::vector<std::size_t> to_test(const Knowledge& known, std::size_t planned, std::size_t free,
                                 bool in_order) {
  if (free == 0) return {};
  if (in_order) return from_the_front(known, free);
  const std::size_t begin = std::max(behind_last(known, Green), behind_last(known, Moving));
  const std::size_t red = find(known, begin, Red);
  std::vector<std::size_t> places;
  if (red < known.size()) {
    // What is about to be known of those before it decides where the next tests tell most.
    if (find(known, begin, Testing) < red) return {};
    places = between(begin, red, free);
  } else {
    const std::size_t from = std::max(begin, behind_last(known, Testing));
    places = up_to_end(from, std::max(planned, known.size()), free);
  }
  const auto [first, last] = std::ranges::unique(places);
  places.erase(first, last);
  std::erase_if(places, [&known](std::size_t place) {
    return place >= known.size() || known[place] != Ready;
  });
  return places;
}

std::size_t to_land(const Knowledge& known, bool in_order) {
  const std::size_t green = find(known, 0, Green);
  if (green == known.size() || is_any(known, Moving)) return 0;
  // The shorter ones that are being tested may land by themselves in a moment.
  const bool may_be_alone = find(known, 0, Testing) < green;
  return may_be_alone || (in_order && green > 0) ? 0 : green + 1;
}

bool blames_first(const Knowledge& known, bool in_order) {
  if (known.empty() || known.front() != Red) return false;
  return in_order || (!is_any(known, Testing) && !is_any(known, Green));
}

}  // namespace orch::train
