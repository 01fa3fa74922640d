// The reader "openspec": `## 1. Group` and `- [ ] 1.1 title`, or boxes without numbers below
// numbered headings. Groups follow each other, and so do the tasks of a group.
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

bool is_part(const TaskWords& words) {
  return (words.style == IdStyle::Number || words.style == IdStyle::Word) &&
         words.id.find('.') != std::string::npos;
}

bool is_numbered(const Section& section) {
  return task_words(section.title).style == IdStyle::Number;
}

bool below_number(const Document& document, const Draft& draft) {
  return any_section(document, draft.section, is_numbered);
}

bool mostly_parts(const Evidence& seen) {
  const std::size_t parts = count_ids(seen.boxes, is_part);
  const std::size_t majors = count_ids(seen.boxes, [](const TaskWords& words) {
    return words.style == IdStyle::Number && words.id.find('.') == std::string::npos;
  });
  return !seen.boxes.empty() && 2 * parts >= seen.boxes.size() && majors < parts;
}

std::size_t count_below_numbers(const Evidence& seen) {
  return static_cast<std::size_t>(std::ranges::count_if(
      seen.boxes, [&](const Draft& draft) { return below_number(seen.document, draft); }));
}

}  // namespace

bool has_numbered_groups(const Evidence& seen) {
  return mostly_parts(seen) && (seen.path_has("openspec/") || count_below_numbers(seen) > 0);
}

bool has_numbered_parts(const Evidence& seen) {
  return mostly_parts(seen);
}

bool lies_in_openspec(const Evidence& seen) {
  return !seen.boxes.empty() && seen.path_has("openspec/");
}

bool has_boxes_below_numbers(const Evidence& seen) {
  const std::size_t ids = count_ids(seen.boxes, [](const TaskWords& words) {
    return words.style != IdStyle::None && words.style != IdStyle::Label;
  });
  return !seen.boxes.empty() && ids == 0 && 10 * count_below_numbers(seen) >= 9 * seen.boxes.size();
}

Reading read_openspec(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.parents_by_number = true, .word_order = false};
  Reading reading =
      read_boxes(*whole, rules,
                 [](const Document&, std::vector<Draft>& drafts, Skipped&) { settle_ids(drafts); });
  const std::vector<int> outer = outer_groups(reading);
  std::vector<std::vector<int>> sequences = items_by_outer(reading, outer);
  for (std::vector<int>& sequence : sequences) {
    std::erase_if(sequence, [&reading](int index) {
      return !reading.items[static_cast<std::size_t>(index)].parent.empty();
    });
  }
  for (const std::vector<int>& sequence : sequences)
    order_in_runs(reading.items, sequence, "the order of its group");
  for (std::size_t i = 1; i < outer.size() && !reading.says_waits; ++i) {
    Group& group = reading.groups[static_cast<std::size_t>(outer[i])];
    group.after.push_back(outer[i - 1]);
    group.why = "the order of the groups";
  }
  reading.sections_are_units = true;
  return reading;
}

}  // namespace orch::tasks
