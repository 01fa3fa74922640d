// Draws the edges that a convention implies, between items and between groups.
#include "tasks/items/order.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>

namespace orch::tasks {

bool starts_by_itself(const Item& item) {
  return !item.optional && !item.human && item.standing != Standing::Deferred &&
         item.standing != Standing::Held;
}

void order_in_runs(std::vector<Item>& items, const std::vector<int>& sequence, std::string_view why,
                   bool unsaid) {
  int barrier = -1;      // the last one that is not parallel
  std::vector<int> run;  // the parallel ones after it
  const auto wait_for = [&](Item& item, int before) {
    item.after.push_back({items[at(before)].id, std::string(why)});
  };
  for (const int index : sequence) {
    Item& item = items[at(index)];
    const bool parallel = item.parallel.value_or(unsaid);
    if (!parallel && !run.empty()) {
      for (const int before : run)
        wait_for(item, before);
    } else if (barrier >= 0) {
      wait_for(item, barrier);
    }
    if (!starts_by_itself(item)) continue;
    if (parallel) {
      run.push_back(index);
    } else {
      barrier = index;
      run.clear();
    }
  }
}

std::vector<int> outer_groups(const Reading& reading) {
  std::vector<int> roots;
  for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
    if (reading.groups[at(i)].parent < 0) roots.push_back(i);
  }
  std::vector<int> outer;
  for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
    const int parent = reading.groups[at(i)].parent;
    const bool below_title = roots.size() == 1 && parent == roots.front();
    const bool is_root = parent < 0 && roots.size() > 1;
    if (below_title || is_root) outer.push_back(i);
  }
  // "## Tasks" and the like may stand between the title and the phases.
  if (outer.size() == 1) {
    std::vector<int> deeper;
    for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
      if (reading.groups[at(i)].parent == outer.front()) deeper.push_back(i);
    }
    if (deeper.size() > 1) outer = deeper;
  }
  if (outer.empty()) outer = roots;
  std::ranges::sort(outer, {}, [&reading](int group) { return reading.groups[at(group)].line; });
  return outer;
}

/// "the order of the phases".
std::string order_of(const std::optional<Stage>& stage) {
  constexpr std::array<std::string_view, 7> kWords{"phase",     "milestone", "stage", "sprint",
                                                   "iteration", "wave",      "week"};
  const bool known = stage && std::ranges::find(kWords, stage->word) != kWords.end();
  return fmt::format("the order of the {}s", known ? stage->word : "section");
}

bool is_stage(const Group& group) {
  return stage_of(group.title).has_value();
}

/// "Final verification wave", "Phase: clean-up": after all stages, though it has no number.
bool is_last_stage(const Group& group) {
  const std::string title = lower(group.title);
  return title.starts_with("final ") || title.starts_with("phase: ") ||
         title.find("(after all") != title.npos;
}

void order_stages(Reading& reading) {
  std::unordered_map<int, int> last;  // by the group around them
  for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
    Group& group = reading.groups[at(i)];
    const std::optional<Stage> stage = stage_of(group.title);
    if (!stage && is_last_stage(group)) {
      group.why = order_of(stage);
      for (int before = 0; before < i; ++before)
        if (reading.groups[at(before)].parent == group.parent) group.after.push_back(before);
    }
    if (!stage || reading.says_waits) continue;
    const auto [before, is_first] = last.emplace(group.parent, i);
    if (is_first) continue;
    group.after.push_back(before->second);
    group.why = order_of(stage);
    before->second = i;
  }
}

std::vector<int> outer_of_each(const Reading& reading, const std::vector<int>& outer) {
  std::vector<int> found(reading.groups.size(), -1);
  for (const int group : outer)
    found[at(group)] = group;
  for (std::size_t i = 0; i < found.size(); ++i) {  // groups come after those around them
    const int parent = reading.groups[i].parent;
    if (found[i] < 0 && parent >= 0) found[i] = found[at(parent)];
  }
  return found;
}

std::vector<std::vector<int>> items_by_outer(const Reading& reading,
                                             const std::vector<int>& outer) {
  const std::vector<int> outer_of = outer_of_each(reading, outer);
  std::vector<std::vector<int>> lists(reading.groups.size() + 1);
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    const int group = reading.items[i].group;
    lists[group < 0 ? 0 : at(outer_of[at(group)] + 1)].push_back(static_cast<int>(i));
  }
  return lists;
}

}  // namespace orch::tasks
