#pragma once
// beads' `issues.jsonl`: one issue a line, as JSON. It is an export of a store, so nothing in it
// can be ticked: what is done must be told to the store itself.
#include "tasks/model/item.hpp"

namespace orch::tasks {

bool is_beads(const Source& source);
Reading read_beads(const Source& source);

}  // namespace orch::tasks
