#pragma once
// Short ways to write a configuration and to name what is wrong with it.
#include "config/layers.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::test {

/// The reading of one file called "f".
inline ConfigReading read_file_text(std::string_view text) {
  return parse_config({{"f", std::string(text)}}, {}, {});
}

/// All problems as the user sees them, one after the other.
inline std::string problems_text(const ConfigReading& reading) {
  std::string text;
  for (const ConfigProblem& problem : reading.problems) {
    text += (text.empty() ? "" : "\n") + to_text(problem);
  }
  return text;
}

inline std::string problems_in(std::string_view text) {
  return problems_text(read_file_text(text));
}

}  // namespace orch::test
