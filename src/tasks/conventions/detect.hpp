#pragma once
// Which convention a text follows.
#include "tasks/model/item.hpp"

#include <string_view>

namespace orch::tasks {

struct Convention {
  std::string_view name;    ///< of the reader
  std::string_view reason;  ///< "it has checkboxes"
};

/// The first one that fits. What fits none is "markdown", which then says that it has no tasks.
Convention convention_of(const Source& source);

}  // namespace orch::tasks
