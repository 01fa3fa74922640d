// The reader "spec-kit": `- [ ] T012 [P] [US1] Add the writer in src/csv.cpp (depends on T011)`.
//
// Phases are headings and follow each other, but stories (phases with [US1] tags) only wait for
// what stands before all of them. In a phase a task without [P] waits for all before it, and a run
// of [P] goes together.
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/text/ascii.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

/// `T012`, `T1055`, `T007.1`, `T016b`.
bool is_spec_kit_id(const TaskWords& words) {
  const std::string& id = words.id;
  if (id.size() < 4 || id[0] != 'T') return false;
  return is_digit(id[1]) && is_digit(id[2]) && is_digit(id[3]);
}

bool has_tags(const TaskWords& words) {
  return is_spec_kit_id(words) && (words.parallel || !words.stories.empty());
}

bool in_phase(const Document& document, const Draft& draft) {
  return any_section(document, draft.section,
                     [](const Section& section) { return is_phase(section.title); });
}

void choose(const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
  settle_ids(drafts);
  drop_steps(document, drafts, skipped);
  std::erase_if(drafts, [&](const Draft& draft) {
    const bool stray = !draft.has_id() && !in_phase(document, draft);
    if (stray) skipped.add(draft.line, "outside the phases and without an id");
    return stray;
  });
}

/// A story has its tag on its tasks.
bool has_story(const Reading& reading, const std::vector<int>& items) {
  return std::ranges::any_of(items, [&reading](int index) {
    const std::vector<std::string>& tags = reading.items[static_cast<std::size_t>(index)].tags;
    return std::ranges::any_of(tags, [](const std::string& tag) {
      return tag.size() > 2 && tag.starts_with("US") && is_digit(tag[2]);
    });
  });
}

void order_phases(Reading& reading, const std::vector<int>& outer,
                  const std::vector<std::vector<int>>& items) {
  int barrier = -1;          // the last phase that all after it wait for
  std::vector<int> stories;  // after the barrier
  for (const int group : outer) {
    Group& own = reading.groups[static_cast<std::size_t>(group)];
    own.why = "phase order";
    const bool story = has_story(reading, items[static_cast<std::size_t>(group + 1)]);
    if (!story && !stories.empty()) {
      own.after = stories;
    } else if (barrier >= 0) {
      own.after = {barrier};
    }
    if (story) {
      stories.push_back(group);
    } else {
      barrier = group;
      stories.clear();
    }
  }
}

bool mostly_spec_kit(const Evidence& seen) {
  const std::size_t ids = count_ids(seen.boxes, is_spec_kit_id);
  return ids > 0 && 2 * ids >= seen.boxes.size();
}

}  // namespace

bool has_spec_kit_tags(const Evidence& seen) {
  return mostly_spec_kit(seen) && count_ids(seen.boxes, has_tags) > 0;
}

bool has_spec_kit_phases(const Evidence& seen) {
  const std::size_t bare = count_ids(seen.boxes, [](const TaskWords& words) {
    return is_spec_kit_id(words) && words.style == IdStyle::Bare && words.fields.empty();
  });
  const bool phases = std::ranges::any_of(
      seen.document.sections, [](const Section& section) { return is_phase(section.title); });
  return phases && mostly_spec_kit(seen) && bare == count_ids(seen.boxes, is_spec_kit_id);
}

Reading read_spec_kit(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.parents_by_place = true, .statements = true, .word_order = false};
  Reading reading = read_boxes(*whole, rules, choose);
  const std::vector<int> outer = outer_groups(reading);
  const std::vector<std::vector<int>> sequences = items_by_outer(reading, outer);
  order_phases(reading, outer, sequences);
  for (const std::vector<int>& sequence : sequences)
    order_in_runs(reading.items, sequence, "the order of its phase, not marked [P]");
  reading.sections_are_units = true;
  return reading;
}

}  // namespace orch::tasks
