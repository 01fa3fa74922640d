#pragma once
// The reader "native", and what makes a text look like our own form.
#include "tasks/items/drafts.hpp"

#include <cstddef>
#include <vector>

namespace orch::tasks {

struct NativeLook {
  std::size_t tasks = 0;  ///< 0: it is not our form
  std::size_t ids = 0;    ///< tasks with an id that is sure
  bool fields = false;    ///< one of them has a field
};

/// `boxes`: box_drafts() of the document.
NativeLook look_for_native(const Document& document, const std::vector<Draft>& boxes);

Reading read_native(const Source& source);

}  // namespace orch::tasks
