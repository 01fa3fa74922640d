// Finds what is finished by finishing some items, and edits their marks.
#include "tasks/write/tick.hpp"

#include "tasks/conventions/reader.hpp"
#include "tasks/model/index.hpp"
#include "tasks/units/links.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace orch::tasks {

namespace {

/// Ids that occur twice name nothing.
std::vector<bool> chosen_of(const std::vector<Item>& items, const std::vector<std::string>& ids) {
  std::unordered_map<std::string_view, int> by_id;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto [found, is_new] = by_id.emplace(items[i].id, static_cast<int>(i));
    if (!is_new) found->second = -1;
  }
  std::vector<bool> chosen(items.size());
  for (const std::string& id : ids) {
    const auto found = by_id.find(id);
    if (found != by_id.end() && found->second >= 0) chosen[at(found->second)] = true;
  }
  return chosen;
}

/// Adds the items all of whose required children are done now. Children stand below their parents,
/// so one pass from the end sees each child before its parent.
void add_finished_parents(const Reading& reading, std::vector<bool>& chosen) {
  const std::vector<Item>& items = reading.items;
  const std::vector<int> parents = links_of(reading).parents;
  std::vector<int> open(items.size());
  std::vector<bool> has_chosen(items.size());
  for (int i = static_cast<int>(items.size()) - 1; i >= 0; --i) {
    const Item& item = items[at(i)];
    if (has_chosen[at(i)] && open[at(i)] == 0) chosen[at(i)] = true;
    const bool left =
        !chosen[at(i)] && !item.done() && !item.optional && item.standing != Standing::Cancelled;
    if (parents[at(i)] < 0 || parents[at(i)] >= i) continue;
    if (left) ++open[at(parents[at(i)])];
    if (chosen[at(i)]) has_chosen[at(parents[at(i)])] = true;
  }
}

/// Adds the items above them. Children stand below their parents, so one pass from the end sees
/// each child before its parent.
void add_parents(const Reading& reading, std::vector<bool>& chosen) {
  const std::vector<int> parents = links_of(reading).parents;
  for (int i = static_cast<int>(reading.items.size()) - 1; i >= 0; --i)
    if (chosen[at(i)] && parents[at(i)] >= 0 && parents[at(i)] < i)
      chosen[at(parents[at(i)])] = true;
}

/// Writes from the end, so that the earlier offsets stay right.
std::string with_marks(std::string text, std::vector<Mark> marks, std::string Mark::*what) {
  std::ranges::sort(marks, std::ranges::greater(), &Mark::offset);
  for (const Mark& mark : marks)
    text.replace(mark.offset, mark.length, mark.*what);
  return text;
}

bool may_fail(const Item& item) {
  return item.mark && !item.mark->failed.empty() && !item.done();
}

}  // namespace

std::string with_ticks(const Source& source, std::string_view format,
                       const std::vector<std::string>& ids) {
  std::string text(source.text);
  const Reading reading = read_items(source, format).reading;
  const std::vector<Item>& items = reading.items;
  std::vector<bool> chosen = chosen_of(items, ids);
  add_finished_parents(reading, chosen);
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (chosen[i] && items[i].mark && !items[i].mark->done) marks.push_back(*items[i].mark);
  }
  return with_marks(std::move(text), std::move(marks), &Mark::ticked);
}

std::string with_failures(const Source& source, std::string_view format,
                          const std::vector<std::string>& ids) {
  const std::vector<Item> items = read_items(source, format).reading.items;
  const std::vector<bool> chosen = chosen_of(items, ids);
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (chosen[i] && may_fail(items[i]) && !items[i].mark->is_failed)
      marks.push_back(*items[i].mark);
  }
  return with_marks(std::string(source.text), std::move(marks), &Mark::failed);
}

std::string without_ticks(const Source& source, std::string_view format,
                          const std::vector<std::string>& ids) {
  const Reading reading = read_items(source, format).reading;
  std::vector<bool> chosen = chosen_of(reading.items, ids);
  add_parents(reading, chosen);
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    const std::optional<Mark>& mark = reading.items[i].mark;
    if (chosen[i] && mark && mark->done) marks.push_back(*mark);
  }
  return with_marks(std::string(source.text), std::move(marks), &Mark::unticked);
}

Ticked ticked_in(const Source& source, std::string_view format,
                 const std::vector<std::string>& ids) {
  const std::vector<Item> items = read_items(source, format).reading.items;
  const std::vector<bool> chosen = chosen_of(items, ids);
  Ticked ticked = Ticked::Nowhere;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!chosen[i] || !items[i].mark) continue;
    if (!items[i].mark->done) return Ticked::No;
    ticked = Ticked::Yes;
  }
  return ticked;
}

Ticked open_in(const Source& source, std::string_view format, const std::vector<std::string>& ids) {
  const std::vector<Item> items = read_items(source, format).reading.items;
  const std::vector<bool> chosen = chosen_of(items, ids);
  Ticked open = Ticked::Nowhere;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!chosen[i] || !items[i].mark) continue;
    if (items[i].mark->done) return Ticked::No;
    open = Ticked::Yes;
  }
  return open;
}

Ticked failed_in(const Source& source, std::string_view format,
                 const std::vector<std::string>& ids) {
  const std::vector<Item> items = read_items(source, format).reading.items;
  const std::vector<bool> chosen = chosen_of(items, ids);
  Ticked failed = Ticked::Nowhere;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!chosen[i] || !may_fail(items[i])) continue;
    if (!items[i].mark->is_failed) return Ticked::No;
    failed = Ticked::Yes;
  }
  return failed;
}

std::vector<std::string> with_same_title(const Source& source, std::string_view before,
                                         std::string_view format, std::vector<std::string> ids) {
  std::unordered_map<std::string, std::string> titles;
  const Source earlier{before, source.path};
  for (Item& item : read_items(earlier, format).reading.items)
    titles.emplace(std::move(item.id), std::move(item.title));
  for (const Item& item : read_items(source, format).reading.items) {
    const auto found = titles.find(item.id);
    if (found != titles.end() && found->second != item.title) std::erase(ids, item.id);
  }
  return ids;
}

}  // namespace orch::tasks
