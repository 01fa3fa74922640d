#pragma once
// The status file of an attempt (agents/status_file.hpp), as it is found in a worktree that its
// agent can write: a report only if it was written after the attempt began and did not come with
// the checkout. It is never work: git is told to leave it out, and it goes with the attempt.
#include "agents/status_file.hpp"
#include "app/last_text.hpp"
#include "orch/base/result.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

namespace orch::app {

/// Before the agent starts: what is there already, so that it counts for nothing. `is_tracked`: it
/// came with the checkout, and is a file of the project.
Status note_status_file(const std::filesystem::path& attempt, const std::filesystem::path& worktree,
                        bool is_tracked);

/// No git takes the file for work from now on, unless it is tracked: `git_dir` is the common one.
Status leave_out_status_file(const std::filesystem::path& git_dir);

/// The attempt is over: the file goes to its folder, unless it came with the checkout.
void put_away_status_file(const std::filesystem::path& attempt,
                          const std::filesystem::path& worktree);

class StatusFile {
 public:
  /// Also of an attempt that is still to begin: until then there is no report of it.
  StatusFile(const std::filesystem::path& attempt, std::filesystem::path worktree, ReportsFor who);

  struct Look {
    bool is_there = false;                ///< a file that may be a report of this attempt
    std::optional<AgentReported> report;  ///< that it is
    std::string wrong;                    ///< why it is none; empty: nothing is wrong with it
    bool is_fresh = false;                ///< it was written just now, so perhaps not to its end
  };

  /// May there be a report at all?
  bool is_expected();

  /// A call to the file system where it is as it was.
  const Look& look();

 private:
  Look read(const struct stat& info) const;

  std::filesystem::path attempt_;
  std::filesystem::path worktree_;
  ReportsFor who_;
  LastText last_text_;
  bool is_noted_ = false;
  bool is_tracked_ = false;
  timespec began_{};
  std::string before_;  ///< what was there at its start
  std::optional<struct stat> looked_at_;
  Look found_;
};

}  // namespace orch::app
