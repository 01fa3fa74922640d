// Applies the marks that a file's reader found.
#include "tasks/write/marks.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/detect.hpp"
#include "tasks/conventions/reader.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace orch::tasks {

namespace {

constexpr std::string_view kNewBox = "[x] ";  // what ticks a heading without a box

const Reader* chosen(const Source& source, std::string_view format) {
  return find_reader(format.empty() ? convention_of(source).name : format);
}

const std::string& wanted_text(const Mark& mark, bool done) {
  return done ? mark.ticked : mark.unticked;
}

bool says_the_same(const Mark& one, const Mark& other) {
  return one.done == other.done && one.is_failed == other.is_failed;
}

/// How often each id occurs, and the mark of its last one.
struct State {
  int count = 0;
  const Mark* mark = nullptr;
};

std::unordered_map<std::string_view, State> states_of(const std::vector<Item>& items) {
  std::unordered_map<std::string_view, State> states;
  for (const Item& item : items) {
    State& state = states[item.id];
    ++state.count;
    state.mark = item.mark ? &*item.mark : nullptr;
  }
  return states;
}

/// Ids, marks and places of the items of a text that can be read, in the order of their marks.
std::vector<Item> items_by(const Reader& reader, const Source& source) {
  if (!check_text(source.text).empty()) return {};
  std::vector<Item> items = reader.read(source).items;
  std::ranges::stable_sort(
      items, {}, [](const Item& item) { return item.mark ? item.mark->offset : std::size_t{0}; });
  return items;
}

/// The marks of `text` as in `other`, for those ids that are wanted.
template <class Wanted>
std::string with_marks(std::string_view text, std::string_view other, std::string_view path,
                       const Reader& reader, const Wanted& is_wanted) {
  const std::vector<Item> items = items_by(reader, {text, path});
  const std::vector<Item> other_items = items_by(reader, {other, path});
  const auto own = states_of(items);
  const auto wanted = states_of(other_items);
  std::string result;
  result.reserve(text.size());
  std::size_t copied = 0;
  for (const Item& item : items) {
    const auto found = wanted.find(item.id);
    if (found == wanted.end() || found->second.count != 1 || own.at(item.id).count != 1) continue;
    const Mark* target = found->second.mark;
    if (!item.mark || target == nullptr || says_the_same(*target, *item.mark)) continue;
    if (!is_wanted(item.id)) continue;
    const Mark& mark = *item.mark;
    const bool own_box_misses = mark.ticked == kNewBox;
    const bool their_box_misses = target->ticked == kNewBox;
    const bool box_is_new = mark.ticked == "x" && their_box_misses;  // of a heading: take it out
    const std::size_t from = box_is_new ? mark.offset - 1 : mark.offset;
    if (from < copied) continue;
    result += text.substr(copied, from - copied);
    if (!box_is_new) {
      // A tick of its own kind in a heading, "✅ ", comes back as it was.
      const bool is_sign = target->done && !their_box_misses && target->ticked != "x";
      const bool as_there = (!own_box_misses && !their_box_misses) || is_sign;
      result += as_there ? other.substr(target->offset, target->length)
                         : std::string_view(wanted_text(mark, target->done));
    }
    copied = from + (box_is_new ? kNewBox.size() : mark.length);
  }
  result += text.substr(copied);
  return result;
}

}  // namespace

std::string with_marks_of(std::string_view text, std::string_view other, std::string_view path,
                          std::string_view format) {
  if (!check_text(text).empty() || text == other) return std::string(text);
  const Reader* reader = chosen({text, path}, format);
  if (reader == nullptr) return std::string(text);
  return with_marks(text, other, path, *reader, [](const std::string&) { return true; });
}

std::string with_mark_changes(std::string_view text, std::string_view before,
                              std::string_view after, std::string_view path,
                              std::string_view format) {
  if (!check_text(text).empty() || before == after) return std::string(text);
  const Reader* reader = chosen({text, path}, format);
  if (reader == nullptr) return std::string(text);
  const std::vector<Item> old_items = items_by(*reader, {before, path});
  const std::vector<Item> new_items = items_by(*reader, {after, path});
  const auto old_states = states_of(old_items);
  const auto new_states = states_of(new_items);
  return with_marks(text, after, path, *reader, [&](const std::string& id) {
    const auto earlier = old_states.find(id);
    const auto later = new_states.find(id);
    if (earlier == old_states.end() || later == new_states.end()) return false;
    const Mark* was = earlier->second.mark;
    const Mark* is = later->second.mark;
    return was != nullptr && is != nullptr && !says_the_same(*was, *is);
  });
}

}  // namespace orch::tasks
