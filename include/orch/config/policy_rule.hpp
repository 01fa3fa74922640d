#pragma once
// A rule of the user's for the permissions that agents ask for. src/agents/policy applies them.
#include "orch/core/ruling.hpp"

#include <string>

namespace orch {

struct PolicyRule {
  std::string name;     ///< "rule 2 of tmux-orch.toml"
  std::string agent;    ///< only for agents of this kind; empty: of all
  std::string tool;     ///< only for this one of its tools; empty: for all
  std::string pattern;  ///< RE2's, and valid: the whole subject matches it
  PolicyAnswer answer = PolicyAnswer::Ask;

  bool operator==(const PolicyRule&) const = default;
};

}  // namespace orch
