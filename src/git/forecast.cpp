// A merge whose objects go to a folder of their own, which is gone when it is known how it ended.
#include "git/forecast.hpp"

#include "git/attribute_tree.hpp"
#include "git/parse.hpp"
#include "git/scratch.hpp"
#include "orch/base/files.hpp"

#include <fmt/format.h>

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

class ScratchObjects {
 public:
  explicit ScratchObjects(const fs::path& git_dir)
      : folder_(scratch_name(git_dir, kScratchForecast, this)) {}

  ScratchObjects(const ScratchObjects&) = delete;
  ScratchObjects& operator=(const ScratchObjects&) = delete;

  ~ScratchObjects() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace

Job<std::vector<std::string>> conflicting_files(GitContext& git, CommitId one, CommitId other) {
  const ScratchObjects scratch(git.git_dir);
  if (const Status made = make_folders(scratch.folder()); !made) co_return passed_on(made);
  Call merge =
      git.call({"merge-tree", "--write-tree", "-z", "--name-only", one.value, other.value},
               fmt::format("see whether {} and {} merge", shortened(one), shortened(other)));
  merge.env.emplace_back("GIT_OBJECT_DIRECTORY", scratch.folder().native());
  merge.env.emplace_back("GIT_ALTERNATE_OBJECT_DIRECTORIES", (git.git_dir / "objects").native());
  const auto finished = co_await run_merge(git, merge, one, other);
  if (!finished) co_return passed_on(finished);
  auto merged = parse_merge(finished->out);
  // 0 is clean and 1 a conflict, but a commit that does not exist is 1 as well, without a tree.
  if (finished->code > 1 || !merged) co_return failed(merge, *finished);
  if (finished->ok()) merged->files.clear();
  co_return std::move(merged->files);
}

}  // namespace orch::git
