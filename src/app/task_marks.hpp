#pragma once
// Where the marks of tasks are, and how they get there: with the commit that lands the work, or on
// the disk. A task file may be large: it is read, parsed and written in a thread, and what the loop
// knew before is looked at again afterwards.
#include "app/run_context.hpp"
#include "git/landing_values.hpp"
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

  /// The same for what takes a merged task back, and its mark.
  loop::Job<std::optional<git::TaskFile>> undo_file(TaskId task);

  /// The task files as a fast-forward of the user's checkout has to know them.
  git::EditedFiles edited_files() const;

 private:
  enum class Sign : std::uint8_t;
  struct Text;
  struct InGit;
  struct Seen;
  struct Edit;

  Text text_of(const TaskId& id) const;
  std::optional<InGit> in_git(const fs::path& path) const;
  bool is_home(const InGit& place) const;
  loop::Job<std::optional<std::string>> on_base(const InGit& place);
  std::vector<Text> owed(const Text& own) const;
  loop::Job<std::optional<git::TaskFile>> file_for(Text own, bool of_task);
  static bool is_edited(const Text& own, const std::string& disk, const std::string& committed);
  loop::Job<Seen> see(Text own, std::optional<std::string> landed,
                      std::optional<std::string> committed);
  loop::Job<bool> is_quiet(fs::path path);
  std::string why_not_here(const fs::path& path, const Edit& edit) const;
  loop::Job<Edit> edit_of(Text own);
  loop::Job<TickFile::Ends> tick_on_disk(Text own);
  loop::Job<TickFile::Ends> tick_when_quiet(Text own, InGit place, bool home);

  loop::Loop& loop_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
};

}  // namespace orch::app
