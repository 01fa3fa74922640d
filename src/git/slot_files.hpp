#pragma once
// The files of a slot: what they depend on, a look over them, and the way from one commit to the
// next.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/slot_look.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orch::git {

/// The umask of this program, which all that it starts inherits.
mode_t current_umask();
/// Of all that the files of a checkout depend on besides the commit.
std::string settings_print(const GitContext& git);
/// look_over_slot() in a thread.
Job<SlotLook> look_over(GitContext& git, std::filesystem::path folder,
                        std::vector<std::string> keep, std::optional<Tidying> tidying);
/// Brings the files of a worktree in which nobody's work is from one commit to another.
Job<bool> bring_files(GitContext& git, Registration registration, CommitId from, CommitId to);

}  // namespace orch::git
