// Rules against subjects.
#include "agents/policy.hpp"

#include "agents/screen/shown_command.hpp"
#include "orch/base/text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace orch {
namespace {

constexpr std::int64_t kPatternMemory = 1 << 20;
constexpr std::string_view kGrant = "`approve --always`";

bool asks_permission(const OwnWord& own) {
  return own.activity == Activity::Asking && own.kind == "permission";
}

/// How strong an answer is against others.
int strength(PolicyAnswer answer) {
  switch (answer) {
    case PolicyAnswer::Deny: return 2;
    case PolicyAnswer::Ask: return 1;
    case PolicyAnswer::Allow: break;
  }
  return 0;
}

}  // namespace

struct Policy::Compiled {
  PolicyRule rule;
  std::unique_ptr<RE2> pattern;

  /// Where the tool is not known, the subject is a dialog's text and no command. A rule that takes
  /// rights away counts all the same; one that gives them has to be meant for it.
  bool matches(const AgentProfile& profile, const Subject& subject) const {
    if (!rule.agent.empty() && rule.agent != profile.name) return false;
    const bool gives = rule.answer == PolicyAnswer::Allow;
    const bool is_command = !subject.tool.empty();
    if (!is_command && gives && (rule.agent.empty() || !rule.tool.empty())) return false;
    if (is_command && !rule.tool.empty() && rule.tool != subject.tool) return false;
    return RE2::FullMatch(subject.text, *pattern);
  }
};

Subject subject_of(const Dialog& dialog, const AgentProfile& profile, const OwnWord& own) {
  Subject subject;
  if (profile.command_dialogs.empty()) {
    subject.text = dialog.text;
  } else if (asks_permission(own) && !own.asks_for.tool.empty()) {
    subject = own.asks_for;
  }
  return asks_for(dialog, profile, subject) ? subject : Subject();
}

bool asks_for(const Dialog& dialog, const AgentProfile& profile, const Subject& subject) {
  if (!subject.is_sure() || subject.text.size() > kLongestSubject) return false;
  if (profile.command_dialogs.empty()) return dialog.is_whole && dialog.text == subject.text;
  return shows_command(dialog, profile.command_dialogs, subject.text);
}

Policy::Policy() = default;
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;
Policy::~Policy() = default;

Result<Policy> Policy::compile(const std::vector<PolicyRule>& rules) {
  Policy policy;
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kPatternMemory);
  for (const PolicyRule& rule : rules) {
    auto pattern = std::make_unique<RE2>(rule.pattern, options);
    if (!pattern->ok())
      return fail(Fault::BadInput, "{}: {}", rule.name, one_line(pattern->error(), 100));
    policy.rules_.push_back({rule, std::move(pattern)});
  }
  return policy;
}

Ruling Policy::judge(const AgentProfile& profile, const Subject& subject,
                     const std::vector<Grant>& grants) const {
  Ruling ruling{.subject = subject};
  if (!subject.is_sure()) return ruling;
  if (std::ranges::find(grants, Grant{profile.name, subject}) != grants.end()) {
    ruling.answer = PolicyAnswer::Allow;
    ruling.rule = kGrant;
  }
  for (const Compiled& compiled : rules_) {
    const PolicyRule& rule = compiled.rule;
    const bool is_stronger = ruling.rule.empty() || strength(rule.answer) > strength(ruling.answer);
    if (!is_stronger || !compiled.matches(profile, subject)) continue;
    ruling.answer = rule.answer;
    ruling.rule = rule.name;
  }
  return ruling;
}

}  // namespace orch
