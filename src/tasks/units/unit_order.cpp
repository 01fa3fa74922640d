// Lifts edges from items to units, and adds the order of groups and what must not run at once.
#include "tasks/units/unit_order.hpp"

#include "orch/base/text.hpp"
#include "orch/core/task_graph.hpp"
#include "tasks/model/index.hpp"
#include "tasks/units/splitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

/// More edges than this between two groups are led through one unit of the first.
constexpr std::size_t kMostBetweenGroups = 10'000;
constexpr std::size_t kMostNotes = 100;

class Relations {
 public:
  Relations(const Reading& reading, const Bundles& bundles, OrderRule order,
            std::vector<TaskSpec>& specs, std::vector<Problem>& problems)
      : items_(reading.items),
        groups_(reading.groups),
        bundles_(bundles),
        is_strict_(order == OrderRule::Strict),
        specs_(specs),
        problems_(problems),
        parent_(parents_of(reading)),
        children_(reading.items.size()),
        component_(components_of(item_edges(reading.items))),
        known_(specs.size()) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      by_id_.emplace(items_[i].id, static_cast<int>(i));
      if (parent_[i] >= 0) children_[at(parent_[i])].push_back(static_cast<int>(i));
    }
  }

  void relate() {
    for (std::size_t unit = 0; unit < specs_.size(); ++unit)
      take_edges(static_cast<int>(unit));
    for (std::size_t unit = 0; unit < specs_.size(); ++unit)
      keep_apart(static_cast<int>(unit));
    if (is_strict_) order_groups();
  }

 private:
  /// The item and those above it that are in no unit themselves: what holds for these holds for it.
  template <class Take>
  void with_ancestors(int item, Take take) const {
    for (int own = item, steps = 0; own >= 0 && steps < kDeepest; own = parent_[at(own)], ++steps) {
      if (own == item || bundles_.bundle_of[at(own)] < 0) take(items_[at(own)]);
    }
  }

  void take_edges(int unit) {
    for (const int member : bundles_.bundles[at(unit)].members) {
      with_ancestors(member, [&](const Item& item) {
        for (const std::string& id : item.depends)
          depend(unit, item, id);
        if (!is_strict_) return;
        for (const Order& order : item.after) {
          for_units_of(order.id, [&](int other) {
            if (!is_passed_over(other)) follow(unit, other, order.why);
          });
        }
      });
    }
  }

  void depend(int unit, const Item& item, const std::string& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      // An id that is no task: said by the plan, with the others of its kind.
      add_depends(unit, TaskId{id});
      return;
    }
    const Item& needed = items_[at(found->second)];
    const int own = static_cast<int>(&item - items_.data());
    // A cycle of items was reported as such; as one of units it would be told again.
    if (own != found->second && component_[at(own)] == component_[at(found->second)]) return;
    // What is done holds nothing up, also when its unit has other items left.
    const int home = bundles_.bundle_of[at(found->second)];
    const bool finished = needed.done() || needed.standing == Standing::Cancelled;
    if (finished && home >= 0 && !bundles_.bundles[at(home)].is_done) return;
    if (needed.optional && !needed.done()) {
      note(item.line, fmt::format("{} is optional: {} does not wait for it",
                                  one_line(needed.id, 40), one_line(item.id, 40)));
      if (bundle_lacks(found->second)) return;
    }
    for_units_of(id, [&](int other) {
      if (other != unit) add_depends(unit, specs_[at(other)].id);
    });
  }

  /// Is the item in a unit that will end without it?
  bool bundle_lacks(int item) const {
    const int bundle = bundles_.bundle_of[at(item)];
    if (bundle < 0) return false;
    return std::ranges::find(bundles_.bundles[at(bundle)].members, item) ==
           bundles_.bundles[at(bundle)].members.end();
  }

  void add_depends(int unit, const TaskId& id) {
    if (known_[at(unit)].insert(id.value).second) specs_[at(unit)].depends.push_back(id);
  }

  /// The unit of the item, or those of all its descendants.
  template <class Take>
  void for_units_of(std::string_view id, Take take) const {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    std::vector<int> open{found->second};
    std::set<int> taken;
    while (!open.empty()) {
      const int item = open.back();
      open.pop_back();
      if (!taken.insert(item).second) continue;
      const int bundle = bundles_.bundle_of[at(item)];
      if (bundle >= 0) take(bundle);
      for (const int child : children_[at(item)])
        if (bundle < 0 || is_for_people(bundles_.bundle_of[at(child)])) open.push_back(child);
    }
  }

  /// An item is not done before its last part is, whoever does that.
  bool is_for_people(int bundle) const { return bundle >= 0 && bundles_.bundles[at(bundle)].human; }

  /// What is not started by itself comes in its place, and what follows does not wait for it: the
  /// order is the convention's, not the work's.
  bool is_passed_over(int bundle) const {
    return bundle >= 0 && !bundles_.bundles[at(bundle)].withheld.empty();
  }

  void follow(int unit, int other, const std::string& why) {
    if (unit == other || bundles_.bundles[at(other)].is_done) return;
    if (known_[at(unit)].contains(specs_[at(other)].id.value)) return;  // the file says so
    specs_[at(unit)].after.try_emplace(specs_[at(other)].id, why);
  }

  /// Of two that must not run at the same time the later one in the file waits.
  void keep_apart(int unit) {
    for (const int member : bundles_.bundles[at(unit)].members) {
      for (const std::string& id : items_[at(member)].conflicts) {
        for_units_of(id, [&](int other) {
          follow(std::max(unit, other), std::min(unit, other), "they conflict");
        });
      }
    }
  }

  void order_groups();
  std::vector<int> came_before(int group) const;
  std::vector<int> ends_of(int group, bool first) const;

  void note(int line, std::string text) {
    if (++notes_ > kMostNotes) return;
    problems_.push_back({Severity::Note, line, 0, std::move(text), {}});
  }

  static constexpr int kDeepest = 1000;

  const std::vector<Item>& items_;
  const std::vector<Group>& groups_;
  const Bundles& bundles_;
  bool is_strict_;
  std::vector<TaskSpec>& specs_;
  std::vector<Problem>& problems_;
  std::vector<int> parent_;
  std::vector<std::vector<int>> children_;
  std::vector<int> component_;  // items of one wait for each other
  std::unordered_map<std::string_view, int> by_id_;
  std::vector<std::unordered_set<std::string>> known_;
  std::vector<std::vector<int>> units_;  // of each group and those inside it, ascending
  std::size_t notes_ = 0;
};

/// The groups that come first, those inherited from around it included; where one has nothing left
/// to do, those before that.
std::vector<int> Relations::came_before(int group) const {
  std::vector<int> open;
  for (int own = group; own >= 0; own = groups_[at(own)].parent)
    open.insert(open.end(), groups_[at(own)].after.begin(), groups_[at(own)].after.end());
  std::vector<int> found;
  std::set<int> taken;
  while (!open.empty()) {
    const int before = open.back();
    open.pop_back();
    if (!taken.insert(before).second) continue;
    if (!units_[at(before)].empty()) {
      found.push_back(before);
      continue;
    }
    for (int own = before; own >= 0; own = groups_[at(own)].parent)
      open.insert(open.end(), groups_[at(own)].after.begin(), groups_[at(own)].after.end());
  }
  return found;
}

/// The units of a group that wait for none of it, or those that none of it waits for.
std::vector<int> Relations::ends_of(int group, bool first) const {
  std::vector<int> all = units_[at(group)];
  if (!first) std::erase_if(all, [this](int unit) { return is_passed_over(unit); });
  std::unordered_map<std::string_view, int> inside;
  for (const int unit : all)
    inside.emplace(specs_[at(unit)].id.value, unit);
  std::set<int> not_an_end;
  const auto edge = [&](int unit, const TaskId& id) {
    const auto found = inside.find(id.value);
    if (found != inside.end()) not_an_end.insert(first ? unit : found->second);
  };
  for (const int unit : all) {
    for (const TaskId& id : specs_[at(unit)].depends)
      edge(unit, id);
    for (const auto& [id, why] : specs_[at(unit)].after)
      edge(unit, id);
  }
  std::vector<int> ends;
  for (const int unit : all)
    if (!not_an_end.contains(unit)) ends.push_back(unit);
  return ends.empty() ? all : ends;
}

void Relations::order_groups() {
  units_.resize(groups_.size());
  for (std::size_t unit = 0; unit < specs_.size(); ++unit) {
    const Bundle& bundle = bundles_.bundles[unit];
    if (bundle.is_done) continue;
    std::set<int> groups;
    for (const int member : bundle.members) {
      for (int own = items_[at(member)].group; own >= 0; own = groups_[at(own)].parent)
        groups.insert(own);
    }
    for (const int group : groups)
      units_[at(group)].push_back(static_cast<int>(unit));
  }

  struct Ends {
    std::vector<int> first, last;
  };

  std::vector<Ends> ends;
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    const int number = static_cast<int>(group);
    ends.push_back({ends_of(number, true), ends_of(number, false)});
  }
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    if (units_[group].empty()) continue;
    for (const int before : came_before(static_cast<int>(group))) {
      const std::string& said = groups_[group].why;
      const std::string why = said.empty() ? "the order of the sections" : said;
      std::vector<int> last = ends[at(before)].last;
      if (last.size() * ends[group].first.size() > kMostBetweenGroups) {
        for (std::size_t i = 0; i + 1 < last.size(); ++i)
          follow(last.back(), last[i], why);
        last = {last.back()};
      }
      for (const int unit : ends[group].first) {
        for (const int other : last)
          follow(unit, other, why);
      }
    }
  }
}

}  // namespace

void relate_units(const Reading& reading, const Bundles& bundles, OrderRule order,
                  std::vector<TaskSpec>& specs, std::vector<Problem>& problems) {
  Relations(reading, bundles, order, specs, problems).relate();
}

}  // namespace orch::tasks
