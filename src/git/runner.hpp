#pragma once
// The one place that starts git: settings, environment, time-out, retries, and errors as sentences.
#include "git/odd_files.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace orch::git {

/// Where a command works. Both paths are always told to git, so that it never searches: in a
/// worktree whose `.git` file an agent deleted it would find the user's checkout further up.
struct Place {
  std::filesystem::path git_dir;
  std::filesystem::path work_tree;
};

/// So much is read of a list that has a line for each file.
inline constexpr std::size_t kLongestList = 512u << 20;

/// Named members only, never built inside a co_await expression (g++ 12).
struct Call {
  Place place;
  std::vector<std::string> args;
  std::string doing;  ///< "make the worktree for T1": errors read "cannot make ...: ..."
  std::string input;
  std::vector<std::pair<std::string, std::string>> env;
  Span timeout = std::chrono::seconds(60);
  /// Reads the repository's configuration as it is now, although a run has frozen it. For commands
  /// that run nothing it names, and need git's own common folder or the newest settings.
  bool live = false;
  std::size_t keep = 16u << 20;  ///< bytes of output; more of it is Fault::Full
  bool stoppable = false;        ///< when the run is stopped
  /// What a killed git of ours may have left locked; such a lock is removed once it is stale.
  /// A folder stands for everything in it.
  std::vector<std::filesystem::path> owned;
};

class Runner {
 public:
  Runner(loop::Loop& loop, loop::Children& children) : loop_(loop), children_(children) {}

  /// From here on all calls but the live ones have that GIT_COMMON_DIR (see git/frozen.hpp), and
  /// fetch what is missing from its remotes or, where `is_offline`, nothing.
  void use_common_dir(std::filesystem::path folder, bool is_offline) {
    common_dir_ = std::move(folder);
    is_offline_ = is_offline;
  }

  /// Where gits read the configuration from; empty: from git's own folder.
  const std::filesystem::path& common_dir() const { return common_dir_; }

  /// The command of a git whose output is for the user, on our terminal.
  loop::Command for_terminal(const Call& call) const;

  /// A git that stays, for Children::open().
  loop::Command lasting(const Call& call) const { return command_of(call); }

  /// Whatever exit status git ends with is a value; an Error means that it did not end by itself,
  /// could not get a lock for about 15 s (Fault::Busy), or waited for what is no file
  /// (Fault::Refused).
  loop::Job<Result<loop::Finished>> run(Call call);
  /// Standard output of a git that ended with 0; anything else is an Error.
  loop::Job<Result<std::string>> output(Call call);
  /// Fault::Refused names a FIFO or device in the place of a text that git would read there, and
  /// wait for; true: there is none. For gits that nobody watches.
  loop::Job<Result<bool>> check_readable(Place place, std::string doing);
  /// A program other than git, without retries: find(1).
  loop::Job<Result<std::string>> other(loop::Command command, std::string doing);
  /// Without a place: git looks for the repository itself.
  loop::Job<Result<loop::Finished>> search(std::filesystem::path folder,
                                           std::vector<std::string> args);

 private:
  loop::Command command_of(const Call& call) const;
  Reads reads_of(const Place& place) const;

  loop::Loop& loop_;
  loop::Children& children_;
  std::filesystem::path common_dir_;  ///< empty: git's own
  bool is_offline_ = false;
};

/// "cannot <doing>: <git's sentence>"
Failure failed(const Call& call, const loop::Finished& finished);

}  // namespace orch::git
