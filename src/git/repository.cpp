// The calls of a repository, each handed to the part that does it; here is seen what takes turns.
#include "git/repository.hpp"

#include "git/scratch.hpp"

#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

static RepositoryFacts ordinary(const fs::path& root, const fs::path& git_dir) {
  RepositoryFacts facts;
  facts.root = root;
  facts.git_dir = git_dir;
  facts.main = root;
  return facts;
}

Repository::Repository(loop::Loop& loop, loop::Children& children, const RepositoryFacts& facts)
    : git_(loop, children, facts), turns_(loop) {
  sweep_scratch(git_.git_dir);
}

Repository::Repository(loop::Loop& loop, loop::Children& children, const fs::path& root,
                       const fs::path& git_dir)
    : Repository(loop, children, ordinary(root, git_dir)) {}

}  // namespace orch::git
