#pragma once
// What the user's rules say to a permission that an agent asks for.
//
// Whatever is read here is an agent's: the screen, and what its hooks have said. A rule answers
// only where it is sure what for. With the forms of its profile that is the command which its hook
// has named, if the dialog shows exactly that one; without them the whole text of the dialog. What
// is not sure, cut, or too long is left to the user.
#include "agents/screen/dialog.hpp"
#include "orch/base/result.hpp"
#include "orch/config/config.hpp"
#include "orch/core/activity.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace orch {

/// What this dialog asks for; without a text where that is not sure. `own` is what the agent's
/// program said last.
Subject subject_of(const Dialog& dialog, const AgentProfile& profile, const OwnWord& own);

/// Does the dialog ask for exactly this?
bool asks_for(const Dialog& dialog, const AgentProfile& profile, const Subject& subject);

/// The rules of the configuration, compiled.
class Policy {
 public:
  /// Of no rules: it asks.
  Policy();
  /// Fault::BadInput: a pattern is wrong.
  static Result<Policy> compile(const std::vector<PolicyRule>& rules);

  Policy(Policy&&) noexcept;
  Policy& operator=(Policy&&) noexcept;
  ~Policy();

  /// Of the rules that match one that denies goes first, then one that asks, then one that allows
  /// or a grant.
  Ruling judge(const AgentProfile& profile, const Subject& subject,
               const std::vector<Grant>& grants) const;

 private:
  struct Compiled;
  std::vector<Compiled> rules_;
};

}  // namespace orch
