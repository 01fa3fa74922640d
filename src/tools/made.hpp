#pragma once
// Tasks that a call makes: from its arguments to what the run is asked for.
#include "orch/base/result.hpp"
#include "orch/core/task.hpp"
#include "tools/tool.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::tools {

/// What is the same for all tasks of a call.
struct Making {
  std::string prompt;  ///< `{{task}}` in it is the title of each
  std::string prefix;  ///< of their ids
  std::vector<std::string> needs;
  std::vector<std::string> files;
  std::string history{};  ///< stands behind the prompt, and is no part of what a shell agent runs
};

/// One to be made.
struct Wanted {
  std::string title;
  std::string agent;  ///< kind; empty: as the run decides
};

/// The specs; ids are made of prefix and title ("fix the parser" becomes fix-the-parser), and none
/// is there twice. Fault::BadInput: too many, no title, a title that gives no id.
Result<std::vector<TaskSpec>> made_specs(const Making& making, const std::vector<Wanted>& wanted);

/// "Fix the parser!" becomes "fix-the-parser", of 40 bytes at most.
std::string id_of(std::string_view title);

}  // namespace orch::tools
