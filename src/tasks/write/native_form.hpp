#pragma once
// Writes tasks in our native form, whatever convention they were read from.
#include "tasks/model/item.hpp"
#include "tasks/units/units.hpp"

#include <string>
#include <vector>

namespace orch::tasks {

/// Markdown that the native reader reads as the same tasks: ids, titles, marks, dependencies, what
/// a convention implied as an order (`Ordered after`), priorities, files, agents and bodies. An id
/// that the native form cannot write gets another name, in the dependencies too.
std::string native_form(const std::vector<TaskSpec>& tasks, const std::string& title);

/// The same of the units of a file; what is held, optional or cancelled is said by a status.
std::string native_form(const Reading& reading, const Units& units, const std::string& title);

}  // namespace orch::tasks
