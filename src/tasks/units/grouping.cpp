// Gives each item to a bundle: its root item's, its section's, or one of its own.
#include "tasks/units/grouping.hpp"

#include "tasks/model/index.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace orch::tasks {

namespace {

/// What an item inherits: nothing below a deferred item is started either.
Standing standing_of(const Item& item, Standing above) {
  const bool open = item.standing == Standing::Open || item.standing == Standing::InProgress;
  const bool stops =
      above == Standing::Cancelled || above == Standing::Deferred || above == Standing::Held;
  return open && stops ? above : item.standing;
}

/// "deferred (line 12)": why what stands so is not started.
std::string withheld_because(int line, Standing standing, bool human, const std::string& doubt) {
  switch (standing) {
    case Standing::Deferred: return fmt::format("deferred (line {})", line);
    case Standing::Held: return fmt::format("not to be started yet (line {})", line);
    case Standing::Cancelled: return fmt::format("cancelled (line {})", line);
    case Standing::Open:
    case Standing::InProgress:
    case Standing::Done: break;
  }
  return human ? fmt::format("for a person (line {})", line) : doubt;
}

class Grouping {
 public:
  /// `steps`: the items are steps of a section, so that its headings inside mean nothing.
  Grouping(const Reading& reading, const ItemLinks& links, UnitRule rule, bool by_section,
           bool steps)
      : reading_(reading),
        parent_(links.parents),
        rule_(rule),
        by_section_(by_section),
        steps_(steps) {
    has_child_.resize(items().size());
    for (const int parent : parent_)
      if (parent >= 0) has_child_[at(parent)] = true;
    inherit();
    leave_to_people();
    find_titles();
  }

  std::vector<Bundle> take(std::vector<int>& bundle_of) {
    bundle_of.assign(items().size(), -1);
    std::vector<Key> keys;
    for (int item = 0; item < count(); ++item)
      keys.push_back(key_for(item));
    part_withheld(keys);
    std::vector<int> numbers(items().size() + reading_.groups.size(), -1);
    for (int item = 0; item < count(); ++item) {
      const int bundle = bundle_for(keys[at(item)], numbers);
      bundle_of[at(item)] = bundle;
      if (bundle >= 0) add(bundles_[at(bundle)], item);
    }
    leave_to_children();
    for (Bundle& bundle : bundles_)
      bundle.is_done = bundle.members.empty();
    return std::move(bundles_);
  }

 private:
  const std::vector<Item>& items() const { return reading_.items; }

  int count() const { return static_cast<int>(items().size()); }

  /// Parents stand before their children in every convention; one that does not gives nothing on.
  void inherit() {
    standing_.reserve(items().size());
    root_.reserve(items().size());
    optional_.reserve(items().size());
    for (int item = 0; item < count(); ++item) {
      const int parent = parent_[at(item)];
      const bool known = parent >= 0 && parent < item;
      standing_.push_back(
          standing_of(items()[at(item)], known ? standing_[at(parent)] : Standing::Open));
      root_.push_back(known ? root_[at(parent)] : item);
      optional_.push_back(items()[at(item)].optional || (known && optional_[at(parent)]));
      human_.push_back(items()[at(item)].human || (known && human_[at(parent)]));
      const std::string& doubt = items()[at(item)].doubt;
      doubt_.push_back(doubt.empty() && known ? doubt_[at(parent)] : doubt);
    }
  }

  /// An item is done with its children: where a person has to do all that is left of them, no agent
  /// can do it. Children stand after their parents.
  void leave_to_people() {
    std::vector<int> left(items().size());
    std::vector<int> for_agents(items().size());
    for (int item = count() - 1; item >= 0; --item) {
      if (left[at(item)] > 0 && for_agents[at(item)] == 0) human_[at(item)] = true;
      const int parent = parent_[at(item)];
      const bool counts = parent >= 0 && parent < item && is_open(item) && !optional_[at(item)];
      if (!counts) continue;
      ++left[at(parent)];
      if (!human_[at(item)]) ++for_agents[at(parent)];
    }
  }

  bool is_open(int item) const {
    return standing_[at(item)] != Standing::Done && standing_[at(item)] != Standing::Cancelled;
  }

  /// What a bundle is known by: the item at its root, or its group; neither: the item is in none.
  struct Key {
    int root = -1;
    int group = -1;

    bool names_one() const { return root >= 0 || group >= 0; }
  };

  /// Its place in a list that has one for each item, then one for each group.
  std::size_t place_of(const Key& key) const {
    return key.group >= 0 ? items().size() + at(key.group) : at(key.root);
  }

  static Key alone(int item) { return {.root = item}; }

  static Key whole(int group) { return {.group = group}; }

  /// What must not be started is never part of a unit that is.
  void part_withheld(std::vector<Key>& keys) const {
    std::vector<bool> has_startable(items().size() + reading_.groups.size());
    for (int item = 0; item < count(); ++item) {
      const bool startable = is_open(item) && !is_withheld(item) && !optional_[at(item)];
      if (startable && keys[at(item)].names_one()) has_startable[place_of(keys[at(item)])] = true;
    }
    for (int item = 0; item < count(); ++item) {
      const Key& key = keys[at(item)];
      const bool parts =
          key.names_one() && is_open(item) && is_withheld(item) && has_startable[place_of(key)];
      if (parts) keys[at(item)] = alone(item);
    }
  }

  Key key_for(int item) const {
    const Item& own = items()[at(item)];
    // A file of its own is work for one agent, whatever it is a part of.
    if (!own.file.empty()) return alone(item);
    const int root = root_[at(item)];
    if (rule_ == UnitRule::Task) {
      // A parent is done when its children are: it is their context.
      return has_child_[at(item)] ? Key{} : alone(item);
    }
    if (is_withheld(item) && !is_withheld(root)) return alone(item);
    const bool whole_section = rule_ == UnitRule::Phase || steps_;
    // What was adopted belongs where its box stands, not below the heading that is called the same.
    const bool adopted = root != item && own.parent.empty();
    const int nearest = adopted ? items()[at(root)].group : own.group;
    const int group = whole_section ? outermost(nearest) : nearest;
    const bool has_family = root != item || has_child_[at(item)];
    if (rule_ == UnitRule::Phase && group >= 0) return whole(group);
    if (has_family) return alone(root);
    if (by_section_ && group >= 0) return whole(group);
    return alone(item);
  }

  bool is_withheld(int item) const {
    return standing_[at(item)] == Standing::Deferred || standing_[at(item)] == Standing::Held ||
           (is_open(item) && (human_[at(item)] || !doubt_[at(item)].empty()));
  }

  /// Not the heading of the whole file: that holds everything together.
  int outermost(int group) const {
    while (group >= 0) {
      const int above = reading_.groups[at(group)].parent;
      if (above < 0 || is_title_[at(above)]) break;
      group = above;
    }
    return group;
  }

  void find_titles() {
    const std::vector<Group>& groups = reading_.groups;
    std::vector<int> inside(groups.size());
    int all = 0;
    for (const Item& item : items()) {
      if (item.group < 0) continue;
      ++all;
      ++inside[at(item.group)];
    }
    // Groups stand before those inside them.
    for (std::size_t i = groups.size(); i-- > 0;) {
      if (groups[i].parent >= 0) inside[at(groups[i].parent)] += inside[i];
    }
    is_title_.resize(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const bool inside_title = groups[i].parent < 0 || is_title_[at(groups[i].parent)];
      is_title_[i] = inside_title && inside[i] == all;
    }
  }

  /// `numbers`: of the bundles so far, by the places of their keys.
  int bundle_for(const Key& key, std::vector<int>& numbers) {
    if (!key.names_one()) return -1;
    int& number = numbers[place_of(key)];
    if (number < 0) {
      number = static_cast<int>(bundles_.size());
      bundles_.push_back({.root = key.root, .group = key.group});
    }
    return number;
  }

  void add(Bundle& bundle, int item) {
    const Standing standing = standing_[at(item)];
    const bool finished = standing == Standing::Done || standing == Standing::Cancelled;
    const bool left_out = finished || (optional_[at(item)] && bundle.root != item);
    (left_out ? bundle.context : bundle.members).push_back(item);
    if (left_out) return;
    const bool startable = standing == Standing::Open || standing == Standing::InProgress;
    if (optional_[at(item)]) {
      bundle.withheld = "optional";
    } else if (bundle.withheld.empty() && (!startable || is_withheld(item))) {
      const bool human = human_[at(item)];
      bundle.withheld = withheld_because(items()[at(item)].line, standing, human, doubt_[at(item)]);
      bundle.human = startable && human;
      if (startable && !human) bundle.doubt = doubt_[at(item)];
    }
  }

  /// An item is done with the last of its required children: it is not one to be done by itself.
  void leave_to_children() {
    std::vector<const Bundle*> has_children(items().size());  // the last that has any of the item
    for (Bundle& bundle : bundles_) {
      for (const int member : bundle.members) {
        const int parent = parent_[at(member)];
        if (parent >= 0) has_children[at(parent)] = &bundle;
      }
      std::erase_if(bundle.members,
                    [&](int member) { return has_children[at(member)] == &bundle; });
    }
  }

  const Reading& reading_;
  const std::vector<int>& parent_;
  UnitRule rule_;
  bool by_section_;
  bool steps_;
  std::vector<bool> is_title_;  // of each group
  std::vector<int> root_;
  std::vector<Standing> standing_;
  std::vector<bool> optional_;
  std::vector<bool> human_;
  std::vector<std::string> doubt_;
  std::vector<bool> has_child_;
  std::vector<Bundle> bundles_;
};

}  // namespace

Bundles bundles_of(const Reading& reading, const ItemLinks& links, UnitRule rule) {
  Bundles result{.rule = rule};
  const bool sections = reading.sections_are_units;
  if (rule == UnitRule::Auto) {
    result.rule = UnitRule::Group;
    result.why = sections ? "a section is one piece of work here"
                          : "an item with all that stands below it is one piece of work";
  }
  const bool by_section = rule == UnitRule::Group || sections;
  Grouping grouping(reading, links, result.rule, by_section, sections);
  result.bundles = grouping.take(result.bundle_of);
  return result;
}

}  // namespace orch::tasks
