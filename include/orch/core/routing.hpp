#pragma once
// Which kinds of agents a task may be given to, and which of them suits it best.
#include "orch/base/fields.hpp"
#include "orch/core/rules.hpp"
#include "orch/core/task.hpp"

#include <string>
#include <vector>

namespace orch {

/// One kind that a task may go to.
struct KindChoice {
  std::string kind;
  std::vector<std::string> because;  ///< its capabilities that fit
  bool is_spare = false;             ///< only while none of the others can be had

  ORCH_FIELDS(kind, because, is_spare)
  bool operator==(const KindChoice&) const = default;
};

/// The best first; those that suit it as well stay in the order of `rules.route`. A capability that
/// is a tag of the task, or a pattern that one of its files meets, fits. Empty: there is no choice,
/// as it names its kind and may not go to another, or there is one kind for all.
std::vector<KindChoice> choices_for(const TaskSpec& spec, const Rules& rules);

}  // namespace orch
