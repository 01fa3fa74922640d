// Gives each item to a bundle: its root item's, its section's, or one of its own.
#include "tasks/units/grouping.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

namespace {

/// In lower case, without emphasis, and with single spaces.
std::string plain_title(std::string_view title) {
  std::string plain;
  for (const char c : lower(title)) {
    if (c == '*' || c == '_' || c == '`' || (c == ' ' && plain.ends_with(' '))) continue;
    plain += c;
  }
  return std::string(trim(plain));
}

/// Is `title` what the section is called, perhaps with more words after it? One word says too
/// little.
bool names_section(std::string_view title, std::string_view section) {
  if (section.find(' ') == std::string_view::npos || !title.starts_with(section)) return false;
  if (title.size() == section.size()) return true;
  const char next = title[section.size()];
  const bool goes_on = (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9');
  return !goes_on && static_cast<unsigned char>(next) < 0x80;
}

/// Items of a section that is called like an item before it become that item's parts.
void adopt_sections(const Reading& reading, std::vector<int>& parents) {
  constexpr std::size_t kMostCompared = 1'000'000;
  std::vector<std::string> titles;
  for (const Item& item : reading.items)
    titles.push_back(plain_title(item.title));
  std::vector<int> owner(reading.groups.size(), -1);
  std::size_t compared = 0;
  for (std::size_t group = 0; group < reading.groups.size(); ++group) {
    const std::string section = plain_title(reading.groups[group].title);
    for (std::size_t i = 0; i < titles.size() && ++compared < kMostCompared; ++i) {
      const Item& item = reading.items[i];
      if (item.line >= reading.groups[group].line || item.group == static_cast<int>(group)) break;
      if (names_section(titles[i], section)) owner[group] = static_cast<int>(i);
    }
  }
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const int group = reading.items[i].group;
    if (parents[i] < 0 && group >= 0) parents[i] = owner[static_cast<std::size_t>(group)];
  }
}

/// What an item inherits: nothing below a deferred item is started either.
Standing standing_of(const Item& item, Standing above) {
  const bool open = item.standing == Standing::Open || item.standing == Standing::InProgress;
  const bool stops =
      above == Standing::Cancelled || above == Standing::Deferred || above == Standing::Held;
  return open && stops ? above : item.standing;
}

class Grouping {
 public:
  /// `steps`: the items are steps of a section, so that its headings inside mean nothing.
  Grouping(const Reading& reading, UnitRule rule, bool by_section, bool steps)
      : reading_(reading),
        rule_(rule),
        by_section_(by_section),
        steps_(steps),
        parent_(parents_of(reading)) {
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
    for (int item = 0; item < count(); ++item) {
      const int bundle = bundle_for(keys[at(item)]);
      bundle_of[at(item)] = bundle;
      if (bundle >= 0) add(bundles_[at(bundle)], item);
    }
    for (Bundle& bundle : bundles_) {
      leave_to_children(bundle);
      bundle.is_done = bundle.members.empty();
    }
    return std::move(bundles_);
  }

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }

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

  /// What a bundle is known by: its kind (0: none), and its group or the item at its root.
  struct Key {
    int kind = 0;
    int number = -1;
    int root = -1;
    int group = -1;
  };

  static Key alone(int item) { return {1, item, item, -1}; }

  /// What must not be started is never part of a unit that is.
  void part_withheld(std::vector<Key>& keys) const {
    std::map<std::pair<int, int>, bool> has_startable;
    const auto key_of = [&keys](int item) {
      return std::pair(keys[at(item)].kind, keys[at(item)].number);
    };
    for (int item = 0; item < count(); ++item) {
      const bool startable = is_open(item) && !is_withheld(item) && !optional_[at(item)];
      if (startable) has_startable[key_of(item)] = true;
    }
    for (int item = 0; item < count(); ++item) {
      const bool parts = keys[at(item)].kind != 0 && is_open(item) && is_withheld(item) &&
                         has_startable.contains(key_of(item));
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
    if (rule_ == UnitRule::Phase && group >= 0) return {2, group, -1, group};
    if (has_family) return alone(root);
    if (by_section_ && group >= 0) return {2, group, -1, group};
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

  int bundle_for(const Key& key) {
    if (key.kind == 0) return -1;
    const auto [found, is_new] =
        numbers_.emplace(std::pair(key.kind, key.number), static_cast<int>(bundles_.size()));
    if (is_new) bundles_.push_back({.root = key.root, .group = key.group});
    return found->second;
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
      Item said = items()[at(item)];
      said.standing = standing;
      said.human = human_[at(item)];
      said.doubt = doubt_[at(item)];
      bundle.withheld = withheld_because(said);
      bundle.human = startable && said.human;
      if (startable && !said.human) bundle.doubt = said.doubt;
    }
  }

  /// An item is done with the last of its required children: it is not one to be done by itself.
  void leave_to_children(Bundle& bundle) const {
    std::unordered_set<int> parents;
    for (const int member : bundle.members)
      parents.insert(parent_[at(member)]);
    std::erase_if(bundle.members, [&](int member) { return parents.contains(member); });
  }

  const Reading& reading_;
  UnitRule rule_;
  bool by_section_;
  bool steps_;
  std::vector<bool> is_title_;  // of each group
  std::vector<int> parent_;
  std::vector<int> root_;
  std::vector<Standing> standing_;
  std::vector<bool> optional_;
  std::vector<bool> human_;
  std::vector<std::string> doubt_;
  std::vector<bool> has_child_;
  std::map<std::pair<int, int>, int> numbers_;
  std::vector<Bundle> bundles_;
};

}  // namespace

std::vector<int> parents_of(const Reading& reading) {
  const std::vector<Item>& items = reading.items;
  std::unordered_map<std::string_view, int> by_id;
  for (std::size_t i = 0; i < items.size(); ++i)
    by_id.emplace(items[i].id, static_cast<int>(i));
  std::vector<int> parents;
  parents.reserve(items.size());
  for (const Item& item : items) {
    const auto found = item.parent.empty() ? by_id.end() : by_id.find(item.parent);
    parents.push_back(found == by_id.end() ? -1 : found->second);
  }
  adopt_sections(reading, parents);
  return parents;
}

std::string withheld_because(const Item& item) {
  switch (item.standing) {
    case Standing::Deferred: return fmt::format("deferred (line {})", item.line);
    case Standing::Held: return fmt::format("not to be started yet (line {})", item.line);
    case Standing::Cancelled: return fmt::format("cancelled (line {})", item.line);
    case Standing::Open:
    case Standing::InProgress:
    case Standing::Done: break;
  }
  if (item.human) return fmt::format("for a person (line {})", item.line);
  if (!item.doubt.empty()) return item.doubt;
  return item.optional ? "optional" : "";
}

Bundles bundles_of(const Reading& reading, UnitRule rule) {
  Bundles result{.rule = rule};
  const bool sections = reading.sections_are_units;
  if (rule == UnitRule::Auto) {
    result.rule = UnitRule::Group;
    result.why = sections ? "a section is one piece of work here"
                          : "an item with all that stands below it is one piece of work";
  }
  const bool by_section = rule == UnitRule::Group || sections;
  Grouping grouping(reading, result.rule, by_section, sections);
  result.bundles = grouping.take(result.bundle_of);
  return result;
}

}  // namespace orch::tasks
