// Lifts edges from items to units, and adds the order of groups and what must not run at once.
#include "tasks/units/unit_order.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"

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
  Relations(const Reading& reading, const ItemLinks& links, const Bundles& bundles, OrderRule order,
            std::vector<Unit>& units, std::vector<Problem>& problems)
      : items_(reading.items),
        groups_(reading.groups),
        links_(links),
        bundles_(bundles),
        is_strict_(order == OrderRule::Strict),
        units_(units),
        problems_(problems),
        children_(reading.items.size()),
        known_(units.size()) {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (links.parents[i] >= 0) children_[at(links.parents[i])].push_back(static_cast<int>(i));
  }

  void relate() {
    for (std::size_t unit = 0; unit < units_.size(); ++unit)
      take_edges(static_cast<int>(unit));
    for (std::size_t unit = 0; unit < units_.size(); ++unit)
      keep_apart(static_cast<int>(unit));
    if (is_strict_) order_groups();
  }

 private:
  TaskSpec& spec(int unit) const { return units_[at(unit)].spec; }

  /// The item and those above it that are in its unit or in none: what holds for these holds for
  /// it.
  template <class Take>
  void with_ancestors(int item, int unit, Take take) const {
    int steps = 0;
    for (int own = item; own >= 0 && steps < kDeepest; own = links_.parents[at(own)], ++steps) {
      const int home = bundles_.bundle_of[at(own)];
      if (own == item || home < 0 || home == unit) take(own);
    }
  }

  void take_edges(int unit) {
    for (const int member : bundles_.bundles[at(unit)].members) {
      with_ancestors(member, unit, [&](int item) {
        for (std::size_t i = 0; i < links_.depends[at(item)].size(); ++i)
          depend(unit, item, i);
        if (!is_strict_) return;
        for (std::size_t i = 0; i < links_.after[at(item)].size(); ++i) {
          for_units_of(links_.after[at(item)][i], [&](int other) {
            if (!is_passed_over(other)) follow(unit, other, items_[at(item)].after[i].why);
          });
        }
      });
    }
  }

  /// `number`: of the dependency, among those of the item.
  void depend(int unit, int item, std::size_t number) {
    const int place = links_.depends[at(item)][number];
    if (place < 0) {
      // An id that is no task: said by the plan, with the others of its kind.
      add_depends(unit, items_[at(item)].depends[number]);
      return;
    }
    const Item& needed = items_[at(place)];
    // A cycle of items was reported as such; as one of units it would be told again.
    if (item != place && links_.component[at(item)] == links_.component[at(place)]) return;
    // What is done holds nothing up, also when its unit has other items left.
    const int home = bundles_.bundle_of[at(place)];
    const bool finished = needed.done() || needed.standing == Standing::Cancelled;
    if (finished && home >= 0 && !bundles_.bundles[at(home)].is_done) return;
    if (needed.optional && !needed.done()) {
      note(items_[at(item)].line,
           fmt::format("{} is optional: {} does not wait for it", one_line(needed.id, 40),
                       one_line(items_[at(item)].id, 40)));
      if (bundle_lacks(place)) return;
    }
    for_units_of(place, [&](int other) {
      if (other != unit) add_depends(unit, spec(other).id.value);
    });
  }

  /// Is the item in a unit that will end without it?
  bool bundle_lacks(int item) const {
    const int bundle = bundles_.bundle_of[at(item)];
    if (bundle < 0) return false;
    return std::ranges::find(bundles_.bundles[at(bundle)].members, item) ==
           bundles_.bundles[at(bundle)].members.end();
  }

  void add_depends(int unit, const std::string& id) {
    if (known_[at(unit)].insert(id).second) spec(unit).depends.push_back(TaskId{id});
  }

  /// The unit of the item, or those of all its descendants. -1 is no item.
  template <class Take>
  void for_units_of(int place, Take take) const {
    if (place < 0) return;
    std::vector<int> open{place};
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
    const TaskId& id = spec(other).id;
    if (known_[at(unit)].contains(id.value)) return;  // the file says so
    spec(unit).after.try_emplace(id, why);
  }

  /// Of two that must not run at the same time the later one in the file waits.
  void keep_apart(int unit) {
    for (const int member : bundles_.bundles[at(unit)].members) {
      for (const int place : links_.conflicts[at(member)]) {
        for_units_of(place, [&](int other) {
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
  const ItemLinks& links_;
  const Bundles& bundles_;
  bool is_strict_;
  std::vector<Unit>& units_;
  std::vector<Problem>& problems_;
  std::vector<std::vector<int>> children_;
  std::vector<std::unordered_set<std::string_view>> known_;  // what each unit depends on
  std::vector<std::vector<int>> units_in_;  // each group and those inside it, ascending
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
    if (!units_in_[at(before)].empty()) {
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
  std::vector<int> all = units_in_[at(group)];
  if (!first) std::erase_if(all, [this](int unit) { return is_passed_over(unit); });
  std::unordered_map<std::string_view, int> inside;
  for (const int unit : all)
    inside.emplace(spec(unit).id.value, unit);
  std::set<int> not_an_end;
  const auto edge = [&](int unit, const TaskId& id) {
    const auto found = inside.find(id.value);
    if (found != inside.end()) not_an_end.insert(first ? unit : found->second);
  };
  for (const int unit : all) {
    for (const TaskId& id : spec(unit).depends)
      edge(unit, id);
    for (const auto& [id, why] : spec(unit).after)
      edge(unit, id);
  }
  std::vector<int> ends;
  for (const int unit : all)
    if (!not_an_end.contains(unit)) ends.push_back(unit);
  return ends.empty() ? all : ends;
}

void Relations::order_groups() {
  units_in_.resize(groups_.size());
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    const Bundle& bundle = bundles_.bundles[unit];
    if (bundle.is_done) continue;
    for (const int member : bundle.members) {
      for (int own = items_[at(member)].group; own >= 0; own = groups_[at(own)].parent) {
        std::vector<int>& all = units_in_[at(own)];
        const bool is_new = all.empty() || all.back() != static_cast<int>(unit);
        if (is_new) all.push_back(static_cast<int>(unit));
      }
    }
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
    if (units_in_[group].empty()) continue;
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

void relate_units(const Reading& reading, const ItemLinks& links, const Bundles& bundles,
                  OrderRule order, std::vector<Unit>& units, std::vector<Problem>& problems) {
  Relations(reading, links, bundles, order, units, problems).relate();
}

}  // namespace orch::tasks
