#pragma once
// What an agent is told about work of its that did not land.
#include "orch/config/config.hpp"

#include <string>
#include <vector>

namespace orch {

/// A file that both sides have changed.
struct ReturnedFile {
  std::string path;
  std::vector<std::string> own;     ///< lines of the difference that the agent made
  std::vector<std::string> others;  ///< of that which landed
  std::vector<std::string> by;      ///< what landed it: "T2: greet"
};

struct ReturnPlace {
  /// How far the worktree is from what the work has to fit.
  enum class Base {
    Merged,     ///< it has all of it
    Conflicts,  ///< a merge is under way
    NotMerged,  ///< the agent has to merge it
    Fresh,      ///< an attempt that begins there
  };
  std::string task;
  std::string branch;               ///< the base's name
  std::string commit;               ///< what of it the work has to fit
  std::string reason;               ///< why it did not land, as a part of a sentence
  std::vector<std::string> output;  ///< the last lines of the tests
  Base base = Base::NotMerged;
  std::string why_not;  ///< it could not be merged for the agent; empty: nobody tried
  std::vector<std::string> conflicts;
  std::vector<ReturnedFile> files;  ///< some of those
  std::string earlier;              ///< the ref of the work that did not land; empty: none
  std::vector<TestCommand> tests;
};

/// All that others wrote stands behind `> `, without control characters.
std::string return_text(const AgentProfile& profile, const ReturnPlace& place);

}  // namespace orch
