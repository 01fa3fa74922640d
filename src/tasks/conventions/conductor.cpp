// The reader "conductor": a track's plan.md. Phases come one after the other, and so do the tasks
// of a phase; `[~]` is in progress; a manual check is for a person.
//
//   ## Phase 1: Reading [checkpoint: 1a2b3c4]
//   - [x] Task: Read the options 1a2b3c4
//   - [~] Task: Write the reader
//       - [ ] Write a failing test
//   - [ ] Task: Conductor - User Manual Verification 'Phase 1' (Protocol in workflow.md)
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/items/legend.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

bool is_called_task(const Draft& draft) {
  const std::string words = folded(draft.words.whole);
  return words.starts_with("task:") || words.starts_with("task：");
}

}  // namespace

bool has_conductor_tasks(const Evidence& seen) {
  int called = 0;
  int outermost = 0;
  int end = 0;
  for (const Draft& box : seen.boxes) {
    if (box.line <= end) continue;
    end = box.last_line;
    ++outermost;
    if (is_called_task(box)) ++called;
  }
  return called > 0 && (seen.path_has("conductor/") || 2 * called >= outermost);
}

bool lies_in_conductor(const Evidence& seen) {
  return !seen.boxes.empty() && seen.path_has("conductor/tracks/");
}

Reading read_conductor(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.parents_by_number = true, .word_order = false};
  Reading reading = read_boxes(
      *whole, rules, [](const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
        set_meaning(document, drafts, "~", Standing::InProgress);
        settle_ids(drafts);
        drop_steps(document, drafts, skipped);
      });
  const std::vector<int> outer = outer_groups(reading);
  for (std::vector<int> sequence : items_by_outer(reading, outer)) {
    std::erase_if(sequence, [&reading](int index) {
      return !reading.items[static_cast<std::size_t>(index)].parent.empty();
    });
    order_in_runs(reading.items, sequence, "the order of the phase");
  }
  order_stages(reading);
  return reading;
}

}  // namespace orch::tasks
