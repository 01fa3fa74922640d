#pragma once
// Where the marks of tasks are, and how they get there: with the commit that lands the work, or on
// the disk.
#include "app/run_context.hpp"
#include "git/values.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::loop {
class Loop;
}

namespace orch::git {
class Repository;
}

namespace orch::app {

class TaskMarks {
 public:
  TaskMarks(loop::Loop& loop, git::Repository& git, const State& state, const RunContext& context);

  loop::Job<TickFile::Ends> tick(const TickFile& effect);

  /// What a landing does with the task file; nothing when it is not in the repository. An empty
  /// task is the landing of the user's own commits. While the file is edited and not committed the
  /// landing leaves it alone: then the mark goes to the disk.
  loop::Job<std::optional<git::TaskFile>> landing_file(TaskId task);

  /// The task files as a fast-forward of the user's checkout has to know them.
  git::EditedFiles edited_files() const;

 private:
  struct Text;
  struct InGit;

  Text text_of(const TaskId& id) const;
  std::optional<InGit> in_git(const fs::path& path) const;
  bool is_home(const InGit& place) const;
  loop::Job<std::optional<std::string>> on_base(const InGit& place);
  std::vector<Text> owed(const Text& own) const;
  static bool is_edited(const Text& own, const std::string& disk, const std::string& committed);
  loop::Job<bool> is_quiet(fs::path path);
  std::string why_not_here(const fs::path& path) const;
  std::vector<std::string> markable(const Text& own, std::string_view text) const;
  TickFile::Ends tick_on_disk(const Text& own) const;
  loop::Job<TickFile::Ends> tick_when_quiet(Text own, InGit place, bool home);

  loop::Loop& loop_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
};

}  // namespace orch::app
