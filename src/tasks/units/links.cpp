// Looks ids up, and gives sections to the boxes that are called like them.
#include "tasks/units/links.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace orch::tasks {

namespace {

/// Where the item of an id stands in the file.
class Places {
 public:
  explicit Places(const std::vector<Item>& items) {
    places_.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      places_.emplace(items[i].id, static_cast<int>(i));
  }

  int of(std::string_view id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? -1 : found->second;
  }

  std::vector<int> of(const std::vector<std::string>& ids) const {
    std::vector<int> places;
    places.reserve(ids.size());
    for (const std::string& id : ids)
      places.push_back(of(id));
    return places;
  }

  std::vector<int> of(const std::vector<Order>& orders) const {
    std::vector<int> places;
    places.reserve(orders.size());
    for (const Order& order : orders)
      places.push_back(of(order.id));
    return places;
  }

 private:
  std::unordered_map<std::string_view, int> places_;
};

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
  if (reading.groups.empty()) return;
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
    if (parents[i] < 0 && group >= 0) parents[i] = owner[at(group)];
  }
}

std::vector<int> needs_of(const std::vector<Item>& items, int item,
                          const std::vector<int>& depends) {
  std::vector<int> needs;
  if (items[at(item)].done()) return needs;
  for (const int needed : depends)
    if (needed >= 0 && needed != item && !items[at(needed)].done()) needs.push_back(needed);
  return needs;
}

}  // namespace

ItemLinks links_of(const Reading& reading) {
  const std::vector<Item>& items = reading.items;
  const Places places(items);
  ItemLinks links;
  for (const Item& item : items) {
    links.parents.push_back(item.parent.empty() ? -1 : places.of(item.parent));
    links.depends.push_back(places.of(item.depends));
    links.after.push_back(places.of(item.after));
    links.conflicts.push_back(places.of(item.conflicts));
    const int own = static_cast<int>(links.needs.size());
    links.needs.push_back(needs_of(items, own, links.depends.back()));
  }
  adopt_sections(reading, links.parents);
  links.component = components_of(links.needs);
  return links;
}

}  // namespace orch::tasks
