#pragma once
// Tells a lock file that a killed git left from one that is held.
#include "orch/base/time.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// A younger lock is believed to be held, whatever else is seen.
inline constexpr Span kStaleAfter = std::chrono::seconds(10);

/// The setting by which a git is known that stays and waits for questions (git/lasting_git.hpp): it
/// locks nothing while it waits, and one that does not answer is ended before a lock is stale.
inline constexpr std::string_view kStays = "tmux-orch.stays=true";

/// Does any process hold the file open, or does a git process that may take locks work in one of
/// the two folders (by its current folder or its GIT_DIR)? Git closes some locks before it lets go
/// of them, `git commit -a` keeps one closed for as long as the editor is open: hence the second
/// question.
bool is_in_use(const std::filesystem::path& lock, const std::filesystem::path& git_dir,
               const std::filesystem::path& work_tree);

/// Removes the lock if it is older than `min_age` and not in use. True when it is gone.
bool clear_stale_lock(const std::filesystem::path& lock, const std::filesystem::path& git_dir,
                      const std::filesystem::path& work_tree, Span min_age = kStaleAfter);

/// Removes what a git that was killed left on the packed refs and on these refs
/// ("refs/heads/orch/T1"): with it git refuses to change them, and to collect garbage.
void clear_stale_ref_locks(const std::filesystem::path& git_dir,
                           const std::filesystem::path& work_tree,
                           const std::vector<std::string>& refs, Span min_age = kStaleAfter);

/// All lock files directly in `git_dir`, for a worktree that nobody but us works in.
bool clear_stale_locks(const std::filesystem::path& git_dir, const std::filesystem::path& work_tree,
                       Span min_age);

/// Does any process whose files we may see work in the folder, or have one of its files open?
/// Takes some microseconds for each process of the machine, so it belongs in a thread.
bool is_entered(const std::filesystem::path& folder);

}  // namespace orch::git
