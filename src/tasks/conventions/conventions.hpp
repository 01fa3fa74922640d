#pragma once
// The conventions that people already have, each described at the top of its file: how it is
// recognised, and its reader.
#include "tasks/conventions/evidence.hpp"

namespace orch::tasks {

bool has_spec_kit_tags(const Evidence& seen);
bool has_spec_kit_phases(const Evidence& seen);
Reading read_spec_kit(const Source& source);

bool has_kiro_requirements(const Evidence& seen);
bool has_kiro_parts(const Evidence& seen);
bool lies_in_kiro(const Evidence& seen);
Reading read_kiro(const Source& source);

bool has_numbered_groups(const Evidence& seen);
bool has_numbered_parts(const Evidence& seen);
bool lies_in_openspec(const Evidence& seen);
bool has_boxes_below_numbers(const Evidence& seen);
Reading read_openspec(const Source& source);

bool has_records(const Evidence& seen);
Reading read_records(const Source& source);

bool has_fields_in_lines(const Evidence& seen);
bool has_nested_boxes(const Evidence& seen);
bool has_boxes(const Evidence& seen);
Reading read_markdown(const Source& source);

bool has_conductor_tasks(const Evidence& seen);
bool lies_in_conductor(const Evidence& seen);
Reading read_conductor(const Source& source);

bool has_roadmap(const Evidence& seen);
Reading read_roadmap(const Source& source);

bool has_stages(const Evidence& seen);
Reading read_stages(const Source& source);

bool has_list_of_bullets(const Evidence& seen);
bool has_steps_of_plan(const Evidence& seen);
Reading read_todo(const Source& source);

}  // namespace orch::tasks
