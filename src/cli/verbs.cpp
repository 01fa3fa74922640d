// The one table of verbs.
#include "cli/verbs.hpp"

#include "cli/output.hpp"
#include "cli/run_handle.hpp"

#include <array>

namespace orch::cli {
namespace {

constexpr std::array kVerbs{
    &kUpVerb,        &kPlanVerb,      &kInitVerb,     &kStatusVerb,     &kAttachVerb,
    &kDashboardVerb, &kLogsVerb,      &kEventsVerb,   &kDiffVerb,       &kApproveVerb,
    &kSendVerb,      &kMessagesVerb,  &kAbortVerb,    &kRetryVerb,      &kMergeVerb,
    &kUndoVerb,      &kHoldVerb,      &kReleaseVerb,  &kDownVerb,       &kReportVerb,
    &kVerifyVerb,    &kRescueVerb,    &kGcVerb,       &kWorktreesVerb,  &kDoctorVerb,
    &kPeekVerb,      &kExplainVerb,   &kAgentsVerb,   &kCompletionVerb, &kDoneVerb,
    &kBlockedVerb,   &kProgressVerb,  &kDelegateVerb, &kLockVerb,       &kUnlockVerb,
    &kCompactVerb,   &kNotifyVerb,    &kWhoamiVerb,   &kHookVerb,       &kCallVerb,
    &kMcpVerb,       &kSuperviseVerb, &kWatchVerb,    &kFailpointsVerb, &kManPagesVerb,
};

}  // namespace

void add_json(OptionList& list, JsonOptions& options) {
  list.flag("--json", options.json, "print JSON");
}

int on_newest_run(const std::function<int(const RunHandle&)>& run) {
  const Result<RunHandle> handle = open_run();
  return handle ? run(*handle) : complain(handle.error());
}

std::span<const Verb* const> verbs() {
  return kVerbs;
}

}  // namespace orch::cli
