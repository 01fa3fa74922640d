#pragma once
// The reader "headed", and what makes a text look like a list of headings that are tasks.
#include "tasks/items/drafts.hpp"

#include <cstddef>

namespace orch::tasks {

struct HeadedLook {
  std::size_t headings = 0;  ///< that are tasks
  std::size_t boxes = 0;     ///< with ids, outside of the headings
  bool foreign = false;      ///< an id or a field is written as our own form does not
  bool fields = false;
  bool steps = false;   ///< all of them are called Step: a manual may have such
  bool states = false;  ///< a table says how the same tasks are
};

HeadedLook look_for_headings(const Document& document);

Reading read_headed(const Source& source);

}  // namespace orch::tasks
