#pragma once
// A phase plan of GSD (NN-NN-PLAN.md): tasks as blocks, done one after the other.
//
//   <task type="auto">
//     <name>Task 1: Create the bot</name>
//     <files>src/bot.ts, src/log.ts</files>
//     <action>..</action> <verify>..</verify> <done>..</done>
//   </task>
//
// Of type `checkpoint:..` are those that wait for a person. What the front matter says of other
// plans lies outside of the file. The format has no place to say that a task is done.
#include "tasks/model/item.hpp"

namespace orch::tasks {

bool has_gsd_tasks(const Source& source);
Reading read_gsd_plan(const Source& source);

}  // namespace orch::tasks
