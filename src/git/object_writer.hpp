#pragma once
// Writes objects by gits that stay: `hash-object --stdin-paths`, one for each type of object.
//
// An error says only that it could not be written so, as in git/lasting_git.hpp.
#include "git/lasting_git.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace orch::git {

enum class ObjectType { Blob, Tree, Commit };

/// "blob", "tree" or "commit"
std::string_view to_text(ObjectType type);

/// Is the object in a file of its own? A pack that has it may be gone the next moment while a git
/// that stays still has it open.
bool is_loose(const std::filesystem::path& git_dir, std::string_view id);

class ObjectWriter {
 public:
  /// `command` is the git to start for a type; `git_dir` has the temporary files.
  ObjectWriter(loop::Loop& loop, loop::Children& children,
               std::function<loop::Command(ObjectType)> command, std::filesystem::path git_dir);
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  /// The id of an object with exactly these bytes, which is loose when this returns.
  loop::Job<Result<std::string>> write(ObjectType type, std::string bytes);
  /// The next object is written by a git that is started anew.
  void restart();

 private:
  static constexpr std::size_t kTypes = 3;

  std::filesystem::path git_dir_;
  std::array<std::unique_ptr<LastingGit>, kTypes> gits_;  ///< by type
  unsigned files_ = 0;                                    ///< temporary ones, so far
};

}  // namespace orch::git
