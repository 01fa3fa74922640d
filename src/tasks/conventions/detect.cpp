// The one table that decides which convention a text follows: the first row that fits wins. Rows
// that leave no doubt stand first, and what any list of boxes or bullets has stands last.
#include "tasks/conventions/detect.hpp"

#include "tasks/conventions/backlog.hpp"
#include "tasks/conventions/beads.hpp"
#include "tasks/conventions/beans.hpp"
#include "tasks/conventions/bullets.hpp"
#include "tasks/conventions/ccpm.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/conventions/cursor.hpp"
#include "tasks/conventions/data_list.hpp"
#include "tasks/conventions/gsd_plan.hpp"
#include "tasks/conventions/sprint_status.hpp"
#include "tasks/conventions/taskmaster.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

struct Row {
  std::string_view convention;
  bool (*fits)(const Evidence& seen);
  std::string_view reason;
};

template <bool (*fits)(const FrontMatter&)>
bool in_front(const Evidence& seen) {
  return fits(seen.front);
}

template <bool (*fits)(const Source&)>
bool in_source(const Evidence& seen) {
  return fits(seen.source);
}

bool has_some_headings(const Evidence& seen) {
  const bool manual =
      seen.headed.steps && !seen.headed.fields && is_manual(seen.document, seen.source.path);
  return seen.headed.headings > 0 && !manual;
}

bool has_headings(const Evidence& seen) {
  return has_some_headings(seen) && seen.headed.boxes <= 2 * seen.headed.headings;
}

bool has_headings_with_fields(const Evidence& seen) {
  return has_headings(seen) && seen.headed.foreign && seen.headed.fields;
}

bool has_headings_of_others(const Evidence& seen) {
  return has_headings(seen) && (seen.headed.foreign || seen.headed.states);
}

bool has_native_ids(const Evidence& seen) {
  return seen.native.tasks > 0 && 2 * seen.native.ids >= seen.native.tasks;
}

bool has_native_fields(const Evidence& seen) {
  return seen.native.fields;
}

bool has_some_ids(const Evidence& seen) {
  return seen.native.ids > 0;
}

bool has_table_and_headings(const Evidence& seen) {
  return seen.table.has_details();
}

bool has_only_a_table(const Evidence& seen) {
  return seen.table.stands_alone();
}

bool has_a_table(const Evidence& seen) {
  return seen.table.rows > 0 && !seen.table.repeats;
}

bool has_bean(const Evidence& seen) {
  return is_bean(seen.front, seen.source.path);
}

constexpr std::array kRows{
    Row{"taskmaster", in_source<has_json_tasks>, "it is JSON with a list of tasks"},
    Row{"beads", in_source<is_beads>, "each line is an issue in JSON"},
    Row{"sprint-status", in_source<has_development_status>, "it has BMAD's development status"},
    Row{"cursor", in_front<has_cursor_todos>, "its front matter has todos, as Cursor writes them"},
    Row{"json", in_source<begins_like_json>, "it is JSON with tasks as objects"},
    Row{"yaml", in_source<is_yaml_file>, "it is YAML with tasks as records"},
    Row{"gsd-plan", in_source<has_gsd_tasks>, "it has tasks in <task> blocks"},
    Row{"beans", has_bean, "its front matter is that of a bean"},
    Row{"backlog", in_front<is_backlog_task>, "its front matter is that of a Backlog.md task"},
    Row{"ccpm", in_front<is_ccpm_epic>, "its front matter is that of an epic"},
    Row{"ccpm", in_front<is_ccpm_task>, "its front matter is that of a ccpm task"},
    Row{"spec-kit", has_spec_kit_tags, "its tasks are written as T001 [P] [US1]"},
    Row{"kiro", has_kiro_requirements, "numbered tasks with their requirements"},
    Row{"records", has_records, "its tasks are written like YAML"},
    Row{"kiro", has_kiro_parts, "numbered tasks with numbered parts"},
    Row{"spec-kit", has_spec_kit_phases, "it has phases with tasks as T001"},
    Row{"openspec", has_numbered_groups, "numbered groups with numbered tasks"},
    Row{"ccpm", in_front<is_front_task>, "its front matter has the fields of a task"},
    Row{"kiro", lies_in_kiro, "it lies in .kiro"},
    Row{"openspec", lies_in_openspec, "it lies in openspec"},
    Row{"table", has_table_and_headings, "it has a table of tasks, and headings that tell more"},
    Row{"headed", has_headings_with_fields, "its headings are tasks with fields"},
    Row{"table", has_only_a_table, "it has a table with one row a task"},
    Row{"openspec", has_numbered_parts, "its tasks are numbered 1.1, 1.2"},
    Row{"conductor", has_conductor_tasks, "its tasks are written as Task: .. in phases"},
    Row{"conductor", lies_in_conductor, "it lies in conductor/tracks"},
    Row{"roadmap", has_roadmap, "it lists phases and tells each in a section of its own"},
    Row{"markdown", has_fields_in_lines, "it has checkboxes with fields in their lines"},
    Row{"headed", has_headings_of_others, "its headings are tasks with ids"},
    Row{"native", has_native_ids, "its tasks have ids"},
    Row{"headed", has_headings, "its headings are tasks with ids"},
    Row{"stages", has_stages, "its headings are phases, milestones, steps or the like, in order"},
    Row{"todo", has_steps_of_plan, "it has the numbered steps of a plan"},
    Row{"openspec", has_boxes_below_numbers, "boxes below numbered headings"},
    Row{"markdown", has_nested_boxes, "it has checkboxes with parts"},
    Row{"native", has_native_fields, "its tasks have fields"},
    Row{"ccpm", in_front<has_status_and_priority>, "its front matter has the fields of a task"},
    Row{"table", has_a_table, "it has a table of tasks"},
    Row{"headed", has_some_headings, "some headings are tasks"},
    Row{"markdown", has_boxes, "it has checkboxes"},
    Row{"native", has_some_ids, "some of its tasks have ids"},
    Row{"ccpm", in_front<has_status>, "its front matter has a status"},
    Row{"todo", has_list_of_bullets, "it is a list of bullets that is called a list of tasks"},
};

}  // namespace

Convention convention_of(const Source& source) {
  const DocumentOf sample(source, sample_of(source.text));
  const Evidence seen(source, *sample);
  const auto row = std::ranges::find_if(kRows, [&seen](const Row& one) { return one.fits(seen); });
  if (row == kRows.end()) return {"markdown", "no other convention fits"};
  return {row->convention, row->reason};
}

}  // namespace orch::tasks
