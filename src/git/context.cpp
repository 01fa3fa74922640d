// Where the repository and its worktrees are, and the small calls that every step makes.
#include "git/context.hpp"

#include "git/locks.hpp"
#include "git/registration.hpp"
#include "git/scratch.hpp"
#include "git/values.hpp"
#include "orch/base/text.hpp"

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

static fs::path canonical_path(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored);
}

static loop::Command lasting(const GitContext& git, Call call) {
  call.args.insert(call.args.begin(), {"-c", std::string(kStays)});
  loop::Command command = git.runner.lasting(call);
  // It stays, and keeps no folder of the user's busy.
  command.cwd = "/";
  return command;
}

static loop::Command reads_objects(const GitContext& git) {
  return lasting(git, git.call({"cat-file", "--batch-command"}, "read objects"));
}

static loop::Command writes_objects(const GitContext& git, ObjectType type) {
  std::vector<std::string> args = {"hash-object",  "-w",           "-t", std::string(to_text(type)),
                                   "--no-filters", "--stdin-paths"};
  return lasting(git, git.call(std::move(args), "write objects"));
}

/// One that finds a lock gives way to a git of its own, which waits for it.
static loop::Command changes_refs(const GitContext& git, const std::string& message) {
  std::vector<std::string> args = {"-c", "core.filesRefLockTimeout=100", "-c",
                                   "core.packedRefsTimeout=100", "update-ref"};
  if (!message.empty()) args.insert(args.end(), {"-m", message});
  args.emplace_back("--stdin");
  return lasting(git, git.call(std::move(args), "change refs"));
}

GitContext::GitContext(loop::Loop& on, loop::Children& children, const RepositoryFacts& facts)
    : loop(on),
      root(canonical_path(facts.root)),
      git_dir(canonical_path(facts.git_dir)),
      main(facts.main.empty() ? facts.main : canonical_path(facts.main)),
      bare(facts.bare),
      runner(on, children),
      objects(on, children, [this] { return reads_objects(*this); }),
      writer(
          on, children, [this](ObjectType type) { return writes_objects(*this, type); }, git_dir),
      refs(on, children,
           [this](const std::string& message) { return changes_refs(*this, message); }),
      adds(on, 1),
      prepares(on, 1) {
  sweep_scratch(git_dir);
}

void GitContext::use_common_dir(fs::path folder, bool is_offline) {
  runner.use_common_dir(std::move(folder), is_offline);
  restart_gits();
  answers.clear();
  indexed.clear();
  parents.clear();
}

void GitContext::restart_gits() {
  objects.restart();
  writer.restart();
  refs.restart();
}

Call GitContext::call(std::vector<std::string> args, std::string doing) const {
  Call call;
  call.place = Place{git_dir, root};
  call.args = std::move(args);
  call.doing = std::move(doing);
  return call;
}

Job<std::string> GitContext::line(Call call) {
  Result<std::string> text = co_await runner.output(std::move(call));
  if (!text) co_return passed_on(text);
  if (text->ends_with('\n')) text->pop_back();
  co_return text;
}

Result<Place> GitContext::place_of(const fs::path& worktree) const {
  const fs::path path = canonical_path(worktree);
  if (path == main) return Place{git_dir, main};
  if (const auto registration = find_registration(git_dir, path))
    return Place{registration->admin, registration->path};
  return fail(Fault::NotFound, "{} is not a worktree of {}", one_line(worktree.native()),
              one_line(root.native()));
}

std::vector<fs::path> GitContext::own_locks(const Place& place) const {
  if (place.git_dir == git_dir) return {};
  std::vector<fs::path> locks = {place.git_dir};
  const std::string branch = branch_in(place.git_dir);
  if (!branch.empty()) locks.push_back(git_dir / "refs/heads" / (branch + ".lock"));
  return locks;
}

}  // namespace orch::git
