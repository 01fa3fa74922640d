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

}  // namespace

Detection detect_openspec(const Source& source) {
  const DocumentOf sample(source, sample_of(source.text));
  const Document& document = *sample;
  std::vector<Problem> ignored;
  Skipped skipped(ignored);
  const std::vector<Draft> drafts = box_drafts(document, skipped);
  if (drafts.empty()) return {};
  const std::size_t parts = count_ids(drafts, is_part);
  const std::size_t majors = count_ids(drafts, [](const TaskWords& words) {
    return words.style == IdStyle::Number && words.id.find('.') == std::string::npos;
  });
  const auto below = static_cast<std::size_t>(std::ranges::count_if(
      drafts, [&](const Draft& draft) { return below_number(document, draft); }));
  const bool path = source.path.find("openspec/") != std::string_view::npos;
  if (2 * parts >= drafts.size() && majors < parts) {
    if (below > 0 || path) return {85, "numbered groups with numbered tasks"};
    return {75, "its tasks are numbered 1.1, 1.2"};
  }
  if (path) return {80, "it lies in openspec"};
  const std::size_t ids = count_ids(drafts, [](const TaskWords& words) {
    return words.style != IdStyle::None && words.style != IdStyle::Label;
  });
  if (ids == 0 && 10 * below >= 9 * drafts.size()) return {66, "boxes below numbered headings"};
  return {};
}

Reading read_openspec(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.parents_by_number = true};
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
  for (std::size_t i = 1; i < outer.size(); ++i) {
    Group& group = reading.groups[static_cast<std::size_t>(outer[i])];
    group.after.push_back(outer[i - 1]);
    group.why = "the order of the groups";
  }
  return reading;
}

}  // namespace orch::tasks
