// Whether two works merge, asked without a trace.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

std::size_t files_below(const fs::path& folder) {
  const fs::recursive_directory_iterator begin(folder);
  return static_cast<std::size_t>(std::distance(begin, fs::recursive_directory_iterator()));
}

}  // namespace

TEST_CASE("works that change the same lines conflict, and nothing is left of the question") {
  Fixture fixture;
  const CommitId one = fixture.worktree_with("one", "README.md", "one\n");
  const CommitId other = fixture.worktree_with("other", "README.md", "other\n");
  const std::size_t before = files_below(fixture.repo.root() / ".git");
  const auto files = fixture.wait(fixture.git.conflicting_files(one, other));
  REQUIRE(files);
  CHECK(*files == std::vector<std::string>{"README.md"});
  CHECK(files_below(fixture.repo.root() / ".git") == before);
}

TEST_CASE("works that merge have no conflict, and one that is gone is an error") {
  Fixture fixture;
  const CommitId one = fixture.worktree_with("one", "a", "one\n");
  const CommitId other = fixture.worktree_with("other", "b", "other\n");
  const auto files = fixture.wait(fixture.git.conflicting_files(one, other));
  REQUIRE(files);
  CHECK(files->empty());
  const CommitId none{std::string(40, '1')};
  CHECK_FALSE(fixture.wait(fixture.git.conflicting_files(one, none)));
}
