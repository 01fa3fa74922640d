// Makes units of bundles: their ids, their texts, and what they are for.
#include "tasks/units/units.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/text_id.hpp"
#include "tasks/units/splitting.hpp"
#include "tasks/units/unit_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

namespace {

struct GroupName {
  std::string_view id;  ///< or the words an id is made of
  std::string_view title;
};

/// "1. Storage" -> "1" and "Storage"; anything else keeps its words.
GroupName group_name(std::string_view title) {
  const std::size_t end = title.find_first_not_of("0123456789.");
  std::string_view number = title.substr(0, end);
  while (number.ends_with('.'))
    number.remove_suffix(1);
  const bool has_number = !number.empty() && end != std::string_view::npos && title[end] == ' ';
  if (!has_number) return {title, title};
  return {number, trim(title.substr(end))};
}

/// Leaves the first of each.
void drop_repeated(std::vector<std::string>& words) {
  if (words.size() < 2) return;
  std::unordered_set<std::string> seen;
  std::erase_if(words, [&seen](const std::string& word) { return !seen.insert(word).second; });
}

void append(std::vector<std::string>& words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

class Writer {
 public:
  Writer(const Reading& reading, const Bundles& bundles) : reading_(reading), bundles_(bundles) {
    const bool makes_ids = std::ranges::any_of(
        bundles.bundles, [](const Bundle& bundle) { return bundle.group >= 0; });
    if (!makes_ids) return;
    ids_.expect(reading.items.size());
    for (const Item& item : reading.items)
      ids_.reserve(item.id);
  }

  Unit unit(const Bundle& bundle) {
    Unit unit{.members = bundle.members};
    TaskSpec& spec = unit.spec;
    name(bundle, spec);
    spec.done = bundle.is_done;
    spec.withheld = bundle.withheld;
    spec.human = bundle.human;
    spec.doubt = bundle.doubt;
    const std::vector<int>& all = bundle.is_done ? bundle.context : bundle.members;
    spec.line = all.empty() ? 0 : reading_.items[at(*std::ranges::min_element(all))].line;
    for (const int member : bundle.members)
      spec.items.push_back(item(member).id);
    gather(bundle, spec);
    spec.body = is_single(bundle) ? item(bundle.root).body : text_of(bundle);
    unit.why = why(bundle);
    return unit;
  }

 private:
  const Item& item(int index) const { return reading_.items[at(index)]; }

  static bool is_single(const Bundle& bundle) {
    return bundle.root >= 0 && bundle.members.size() + bundle.context.size() == 1;
  }

  void name(const Bundle& bundle, TaskSpec& spec) {
    if (bundle.group >= 0) {
      const Group& group = reading_.groups[at(bundle.group)];
      const GroupName name = group_name(group.title);
      spec.title = name.title;
      if (bundle.part == 1) last_id_ = ids_.next(name.id);
    } else {
      const Item& root = item(bundle.root);
      spec.title = root.title;
      last_id_ = root.id;
      if (!root.parent.empty() && bundles_.rule != UnitRule::Task)
        spec.parent = TaskId{root.parent};
    }
    spec.id.value = bundle.part == 1 ? last_id_ : fmt::format("{}-{}", last_id_, bundle.part);
    if (bundle.part > 1) spec.title += fmt::format(" (part {})", bundle.part);
  }

  /// What the members say of priority, files, tags, agent, time and scripts.
  void gather(const Bundle& bundle, TaskSpec& spec) const {
    std::optional<Priority> priority;
    for (const int member : bundle.is_done ? bundle.context : bundle.members) {
      const Item& own = item(member);
      const std::optional<Priority> said = own.priority ? own.priority : own.section_priority;
      if (said) priority = priority ? std::min(*priority, *said) : *said;
      append(spec.files, own.files);
      append(spec.creates, own.creates);
      append(spec.tags, own.tags);
      if (spec.agent.empty()) spec.agent = own.agent;
      if (spec.file.empty()) spec.file = own.file;
      if (own.timeout) spec.timeout = spec.timeout ? *spec.timeout + *own.timeout : *own.timeout;
      if (!own.script.empty()) spec.script += (spec.script.empty() ? "" : "\n") + own.script;
    }
    for (std::vector<std::string>* words : {&spec.files, &spec.creates, &spec.tags})
      drop_repeated(*words);
    spec.priority = priority.value_or(Priority::P2);
  }

  std::string text_of(const Bundle& bundle) const {
    std::string text;
    if (bundle.root >= 0) add_paragraph(text, item(bundle.root).body);
    std::vector<int> parts = bundle.members;
    std::erase(parts, bundle.root);
    if (!parts.empty()) add_paragraph(text, "These are its parts; all of them are to be done:");
    for (const int part : parts) {
      add_paragraph(text, fmt::format("## {}: {}", one_line(item(part).id, 80), item(part).title));
      add_paragraph(text, item(part).body);
    }
    std::string optional;
    for (const int other : bundle.context) {
      if (item(other).optional && !item(other).done())
        optional += fmt::format("\n- {}: {}", one_line(item(other).id, 80), item(other).title);
    }
    if (!optional.empty()) add_paragraph(text, "Not required:" + optional);
    if (parts.size() > 1) {
      add_paragraph(text,
                    fmt::format("{}, name them: `tmux-orch done --items {},{}`.", kHowToNameParts,
                                one_line(item(parts[0]).id, 40), one_line(item(parts[1]).id, 40)));
    }
    return text;
  }

  static void add_paragraph(std::string& text, std::string_view paragraph) {
    if (trim(paragraph).empty()) return;
    if (!text.empty()) text += "\n\n";
    text += paragraph;
  }

  std::string why(const Bundle& bundle) const {
    if (!bundle.withheld.empty()) return bundle.withheld;
    if (bundle.group >= 0) {
      return fmt::format("the {} items of '{}'", bundle.members.size(),
                         one_line(reading_.groups[at(bundle.group)].title, 60));
    }
    if (is_single(bundle)) return "an item of its own";
    return fmt::format("{} and what stands below it", one_line(item(bundle.root).id, 40));
  }

  const Reading& reading_;
  const Bundles& bundles_;
  TextIds ids_;
  std::string last_id_;
};

}  // namespace

std::vector<TaskSpec> Units::specs() const {
  std::vector<TaskSpec> all;
  all.reserve(units.size());
  for (const Unit& unit : units)
    all.push_back(unit.spec);
  return all;
}

Units make_units(const Reading& reading, const ItemLinks& links, UnitRule rule, OrderRule order) {
  Units result;
  Bundles bundles = bundles_of(reading, links, rule);
  split_cycles(reading.items, links, bundles, result.problems);
  result.rule = bundles.rule;
  result.why = std::move(bundles.why);
  Writer writer(reading, bundles);
  result.units.reserve(bundles.bundles.size());
  for (const Bundle& bundle : bundles.bundles)
    result.units.push_back(writer.unit(bundle));
  relate_units(reading, links, bundles, order, result.units, result.problems);
  result.unit_of = std::move(bundles.bundle_of);
  return result;
}

Units make_units(const Reading& reading, UnitRule rule, OrderRule order) {
  return make_units(reading, links_of(reading), rule, order);
}

std::size_t count_units(const Reading& reading, const ItemLinks& links, UnitRule rule) {
  Bundles bundles = bundles_of(reading, links, rule);
  std::vector<Problem> untold;
  split_cycles(reading.items, links, bundles, untold);
  return bundles.bundles.size();
}

}  // namespace orch::tasks
