#pragma once
// The reader "native": boxes and headings with ids, and fields below them.
//
//   - [ ] T1: Write the parser           syntax.hpp says what an id is
//     Depends: T0                        fields.hpp says which fields there are
//     Files: src/parser.c (create)
//     All other lines are the body, the agent's prompt.
//     ```sh                              also what the shell agent runs
//     make parser
//     ```
//
//   ## T2: Write the printer             a heading with an id, up to the next heading of its level
//   Depends: T1                          or above, or the next task heading; `## [x] T2: ..` is
//   done
//   - [ ] boxes here are its body
//
// A box without an id is a task too, called after its words. A heading is only a group if other
// tasks with ids stand below it, unless it has a box or fields of its own.
#include "tasks/conventions/reader.hpp"

namespace orch::tasks {

Detection detect_native(const Source& source);
Reading read_native(const Source& source);

}  // namespace orch::tasks
