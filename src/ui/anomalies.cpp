// A sentence for each anomaly, and the end of it for each action.
#include "ui/anomalies.hpp"

#include "orch/core/anomaly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace orch::ui {
namespace {

template <class Kind>
struct Part {
  Kind kind;
  std::string_view text;
};

// {0}: how much there is of it, {1}: the evidence.
constexpr Part<Anomaly> kFound[] = {
    {Anomaly::ToolErrors, "{0} calls of its tools have failed in a row, the last one: {1}"},
    {Anomaly::MalformedCalls,
     "{0} calls of its tools in a row could not be read, the last one: {1}"},
    {Anomaly::Loop, "its last {0} calls were the same again and again: {1}"},
    {Anomaly::Context, "its conversation is {0} % full: {1}"},
    {Anomaly::OutsideEdit, "it has written outside of its worktree: {1}"},
    {Anomaly::Scope, "it has written what its task does not name: {1}"},
    {Anomaly::BlankStart, "nothing has been on its screen for {0} s since it was started"},
    {Anomaly::Frozen, "its processes have been stopped for {0} s: {1}"},
    {Anomaly::RunawayOutput, "it prints {0} MB a minute"},
    {Anomaly::OtherBranch, "its worktree is not on its own branch: {1}"},
    {Anomaly::OtherWorktree, "it has written where others are at work: {1}"},
    {Anomaly::Conflict, "its commits conflict with those of {1}"},
    {Anomaly::BadReport, "its agent-status.json is no report: {1}"},
};

constexpr Part<AnomalyAction> kDone[] = {
    {AnomalyAction::Note, ""},
    {AnomalyAction::Message, "; it is told so when its turn is over"},
    {AnomalyAction::Interrupt, "; its turn is interrupted, and it is told so"},
    {AnomalyAction::Restart, "; its attempt is ended"},
    {AnomalyAction::Abort, "; its attempt is ended, and it waits for you"},
    {AnomalyAction::Pause, "; no agent of its kind is started for a while"},
    {AnomalyAction::Tell, ""},
};

template <class Kind, std::size_t Count>
std::string_view text_of(const Part<Kind> (&table)[Count], std::string_view name) {
  const auto* const row =
      std::ranges::find_if(table, [name](const auto& one) { return to_text(one.kind) == name; });
  return row == std::end(table) ? std::string_view() : row->text;
}

}  // namespace

std::string anomaly_text(const Reason& reason) {
  constexpr std::size_t kNames = 3;
  if (reason.names.size() < kNames) return reason.text;
  const std::string& rule = reason.names[0];
  const std::string found =
      fmt::format(fmt::runtime(text_of(kFound, rule)), reason.number, reason.text);
  return fmt::format("{} ({}): {}{}", rule, reason.names[1], found,
                     text_of(kDone, reason.names[2]));
}

}  // namespace orch::ui
