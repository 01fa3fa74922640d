#pragma once
// A repository's configuration as it stood when a run began, for every git that works for the run.
//
// Agents may be able to write .git/config and .git/info/attributes. What these name - filters,
// drivers, transports - would run with the rights of the caller of git. So our gits read neither:
// GIT_COMMON_DIR leads them to a folder of ours, where the configuration is a copy and objects,
// refs and all the rest are links into the repository. That costs no process for a call, and there
// is no moment between a check and its use.
//
// Where there is no copy from before agents were at work, what names no program is copied instead.
#include "git/context.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

enum class Settings {
  All,
  Plain,  ///< what is known to run nothing
};

/// A configuration file that says the same as the local settings of `listed`, which is what
/// `config --list -z --show-scope --includes` prints. Without includes (their settings are listed),
/// and without what belongs to one worktree or is told to each git anyway.
std::string frozen_config(std::string_view listed, Settings settings);

/// The settings of `listed` that may name a program, or the way to one, and that `frozen`, a text
/// of frozen_config(), does not have like that; each once.
std::vector<std::string> programs_beyond(std::string_view frozen, std::string_view listed);

/// Has `folder` a frozen configuration?
bool is_frozen(const std::filesystem::path& folder);

/// Writes the copies; `config` is the text of the file. Plain settings have no attributes.
Status freeze_into(const std::filesystem::path& folder, const std::filesystem::path& git_dir,
                   std::string_view config, Settings settings);

/// Makes the links into the repository, wherever it is by now.
Status link_common_dir(const std::filesystem::path& folder, const std::filesystem::path& git_dir);

// The calls of git::Repository, where it is said what they do. ------------------------------------

Job<bool> use_plain(GitContext& git, std::filesystem::path folder,
                    std::filesystem::path common_dir);
Job<std::vector<std::string>> programs_since(GitContext& git, std::filesystem::path folder);

/// The frozen folder that the gits of one repository read; none at first. Outlives its jobs.
class FrozenFolder {
 public:
  Job<bool> freeze(GitContext& git, std::filesystem::path folder, Settings settings);
  Status use(GitContext& git, const std::filesystem::path& folder);
  Status put_back(const std::filesystem::path& git_dir) const;

 private:
  /// What was found there, kept for put_back().
  struct Found {
    std::filesystem::path folder;
    std::string config;
    std::optional<std::string> attributes;
  };

  std::optional<Found> found_;
};

}  // namespace orch::git
