#pragma once
// What an agent is told about work that it has delegated.
#include <string>
#include <vector>

namespace orch {

struct DelegatedPlace {
  std::string task;        ///< the id of what was delegated
  std::string commit;      ///< what came of it; empty: nothing that could be merged
  bool is_done = false;    ///< false: it has failed, or was aborted
  std::string said;        ///< what its agent said at the end
  std::string why;         ///< why it is not done, as a sentence
  std::string begun_at{};  ///< not merged, as it is built on this, which is not in the branch
  bool is_merged = false;  ///< into the branch of who has delegated it
  std::vector<std::string> conflicts;  ///< paths; a merge is under way
  std::string why_not;                 ///< it was not merged
};

/// What others wrote stands behind `> `, without control characters.
std::string delegated_text(const DelegatedPlace& place);

}  // namespace orch
