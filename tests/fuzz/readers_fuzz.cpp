// Feeds any bytes to the readers of task files and checks what every reading promises.
//
// The first byte chooses the reader; one choice is the one that detection takes, others read the
// text as a folder of files that are separated by form feeds. The targets beside this one are for
// the grammars below the readers. meson.build says how they are driven.
#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"
#include "promise.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/source/folder.hpp"
#include "tasks/source/task_file.hpp"
#include "tasks/write/marks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

using namespace orch;
using namespace orch::tasks;
using fuzz::require;

namespace {

constexpr std::size_t kMostTicks = 6;  // each reads the whole text again

bool ids_are_unique(const std::vector<Item>& items) {
  std::unordered_set<std::string_view> ids;
  return std::ranges::all_of(items,
                             [&ids](const Item& item) { return ids.insert(item.id).second; });
}

void check_item(const Item& item, std::string_view text, std::size_t groups) {
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  require(!item.id.empty(), "every item has an id");
  require(item.line >= 1 && item.line <= lines, "an item's line is in the text");
  require(item.group >= -1 && item.group < static_cast<int>(groups), "an item's group is there");
  if (!item.mark) return;
  const Mark& mark = *item.mark;
  require(mark.offset <= text.size() && mark.length <= text.size() - mark.offset,
          "a mark is in the text");
  require(mark.ticked != mark.unticked, "a tick changes something");
}

void check_groups(const std::vector<Group>& groups) {
  for (int i = 0; i < static_cast<int>(groups.size()); ++i) {
    const Group& group = groups[static_cast<std::size_t>(i)];
    require(group.parent < i, "a group lies in an earlier one");
    require(std::ranges::all_of(group.after, [i](int other) { return other >= 0 && other < i; }),
            "a group comes after earlier ones");
  }
}

/// Ticks one item and reads again: the same items, and only that one is ticked otherwise.
void check_tick(const Reader& reader, std::string_view text, const std::vector<Item>& items,
                std::size_t index) {
  const Mark& mark = *items[index].mark;
  std::string changed(text);
  changed.replace(mark.offset, mark.length, mark.done ? mark.unticked : mark.ticked);
  const std::vector<Item> again = reader.read({changed, {}}).items;
  require(again.size() == items.size(), "a tick adds and removes no item");
  for (std::size_t i = 0; i < items.size(); ++i) {
    require(again[i].line == items[i].line, "a tick moves no item");
    require(again[i].mark.has_value() == items[i].mark.has_value(), "a tick keeps the marks");
    if (!again[i].mark) continue;
    require(again[i].mark->done == (i == index ? !mark.done : items[i].mark->done),
            "a tick is one item's");
  }
  const bool same_ids = std::ranges::equal(items, again, {}, &Item::id, &Item::id);
  require(same_ids, "a tick renames nothing");
  if (ids_are_unique(items)) {
    require(with_marks_of(changed, text, {}, reader.name) == text, "a tick can be taken back");
  }
}

void check_reader(const Reader& reader, std::string_view text) {
  const Reading reading = reader.read({text, {}});
  require(std::ranges::is_sorted(reading.items, {}, &Item::line), "items are in order");
  check_groups(reading.groups);
  std::size_t ticks = 0;
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    check_item(reading.items[i], text, reading.groups.size());
    if (reading.items[i].mark && ++ticks <= kMostTicks) check_tick(reader, text, reading.items, i);
  }
}

/// `ending` is what the files are called after their number.
void check_folder(std::string_view text, std::string_view ending) {
  std::vector<NamedText> files;
  for (const std::string_view part : split(text, '\f'))
    files.push_back({std::to_string(files.size() + 1) + std::string(ending), std::string(part)});
  const FolderReading folder = read_folder(files);
  for (const Item& item : folder.reading.items) {
    const auto file = std::ranges::find(files, item.file, &NamedText::name);
    require(file != files.end(), "an item's file is there");
    check_item(item, file->text, 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array<std::string_view, 3> kEndings{".md", ".yaml", "/task.json"};
  const std::string_view text = fuzz::text_of(bytes, size);
  const std::size_t choice = bytes[0] % (readers().size() + 1 + kEndings.size());
  if (choice == readers().size()) {
    const TaskFile file = read_task_file({.text = std::string(text)}, "", UnitRule::Auto);
    make_plan(file.units.specs());
  } else if (choice > readers().size()) {
    check_folder(text, kEndings[choice - readers().size() - 1]);
  } else if (check_text(text).empty()) {
    check_reader(readers()[choice], text);
  }
  return 0;
}
