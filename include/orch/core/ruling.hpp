#pragma once
// What rules of the user's say to a permission that an agent asks for. They are applied outside of
// the core, which acts on what came of it.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

enum class PolicyAnswer : std::uint8_t {
  Ask,  ///< the user answers
  Allow,
  Deny,
};

template <>
struct EnumNames<PolicyAnswer> {
  static constexpr std::pair<PolicyAnswer, std::string_view> kTable[] = {
      {PolicyAnswer::Ask, "ask"}, {PolicyAnswer::Allow, "allow"}, {PolicyAnswer::Deny, "deny"}};
};

/// Longer commands are never answered by a rule.
inline constexpr std::size_t kLongestSubject = 4096;

/// What a permission is asked for: text of the agent's, so nobody's word for anything.
struct Subject {
  std::string tool;  ///< as its program names it; empty: not known
  std::string text;  ///< the command, or the whole text of the dialog; empty: that is not sure

  bool is_sure() const { return !text.empty(); }

  ORCH_FIELDS(tool, text)
  bool operator==(const Subject&) const = default;
};

/// What the rules say to one question.
struct Ruling {
  PolicyAnswer answer = PolicyAnswer::Ask;
  std::string rule;  ///< who says so: "rule 2 of tmux-orch.toml"; empty: none does
  Subject subject;

  ORCH_FIELDS(answer, rule, subject)
  bool operator==(const Ruling&) const = default;
};

/// The user allowed it with `approve --always`: exactly this, by agents of this kind, in this run.
struct Grant {
  std::string agent;
  Subject subject;

  ORCH_FIELDS(agent, subject)
  bool operator==(const Grant&) const = default;
};

/// So many a run; the record of the run is written often.
inline constexpr std::size_t kMostGrants = 50;

}  // namespace orch
