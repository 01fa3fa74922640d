#pragma once
// What has landed goes to a remote, where the user wants that, and their command is run at the end.
// Nothing waits for it but the end of the run.
#include "core/turn.hpp"

namespace orch::pushes {

/// The newest that there is, not each: one push at a time.
void push_if_due(Turn& turn);
/// When nothing else is left to do. False: there is nothing more to push, or it was tried.
bool push_at_end(Turn& turn);
/// Has more landed since, or does it go elsewhere?
bool is_outdated(const RunRecord& run, const CommitId& effect_target, const std::string& to);
/// The run goes on: what could not be pushed is tried again.
void begin_anew(RunRecord& run);

void on(Turn& turn, const PushBranch& effect, const PushBranch::Ends& end);
void on(Turn& turn, const RunPushCommand& effect, const RunPushCommand::Ends& end);

}  // namespace orch::pushes
