#pragma once
// The files of a slot: what they depend on, a look over them, and the way from one commit to the
// next.
#include "git/context.hpp"
#include "git/registration.hpp"
#include "git/slot_look.hpp"

#include <sys/types.h>

#include <filesystem>
#include <memory>
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
                        std::vector<std::string> keep,
                        std::optional<Tidying> tidying = std::nullopt,
                        std::shared_ptr<FolderWatches> watches = nullptr);
/// No attributes differ, which would change files that are the same in both commits.
Job<bool> same_attributes(GitContext& git, CommitId one, CommitId other);
/// Are these files, byte for byte, what the commit has? False also where they are too many or too
/// large to be read here, or where a checkout would convert them. `Begun`: or the beginning of it,
/// as a git that was killed leaves a file.
enum class Stored { Whole, Begun };
Job<bool> are_as_stored(GitContext& git, std::filesystem::path worktree, CommitId commit,
                        std::vector<std::string> paths, Stored how = Stored::Whole);
/// Writes them as a checkout does, whatever is there.
Job<bool> write_again(GitContext& git, Registration registration, std::vector<std::string> paths);
/// Fills the index anew, without what an agent had marked entries with, and refreshes all of them.
Job<bool> fresh_index(GitContext& git, Registration registration, CommitId commit);
/// Brings the files of a worktree in which nobody's work is from one commit to another.
Job<bool> bring_files(GitContext& git, Registration registration, CommitId from, CommitId to);

}  // namespace orch::git
