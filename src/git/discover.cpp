// Finds the repository that a folder lies in, and says in plain words why there is none to use.
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"

#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

Failure not_usable(const fs::path& folder, std::string_view git_error) {
  const std::string name = one_line(folder.native());
  if (git_error.find("not a git repository") != std::string_view::npos)
    return hinted(fail(Fault::NotFound, "{} is not in a git repository", name),
                  fmt::format("cd {} && git init && git add -A && git commit -m 'first commit'",
                              shell_word(name)));
  if (git_error.find("dubious ownership") != std::string_view::npos)
    return hinted(
        fail(Fault::Refused, "git does not trust {}, as it belongs to another user", name),
        fmt::format("git config --global --add safe.directory {}", shell_word(name)));
  return fail(Fault::Io, "cannot use the git repository at {}: {}", name, reason_of(git_error));
}

struct Layout {
  bool bare = false;
  bool inside_git_dir = false;
  fs::path own_git_dir;  ///< of the worktree asked about
  fs::path git_dir;      ///< shared
};

/// The answers come one a line, in the order asked. A newline in a path is not supported by git
/// here; the path is then wrong and the next command says so.
std::optional<Layout> parse_layout(std::string_view text) {
  const auto lines = split_lines(text);
  if (lines.size() != 4) return std::nullopt;
  return Layout{lines[0] == "true", lines[1] == "true", fs::path(lines[2]), fs::path(lines[3])};
}

Failure no_commits(const fs::path& root) {
  return hinted(fail(Fault::NotFound, "{} has no commits yet", one_line(root.native())),
                "git add -A && git commit -m 'first commit'");
}

}  // namespace

Job<RepositoryFacts> Repository::discover(loop::Loop& loop, loop::Children& children,
                                          fs::path folder) {
  std::error_code error;
  const fs::path given = std::exchange(folder, fs::canonical(folder, error));
  if (error) co_return errno_failure(error.value(), "cannot use " + one_line(given.native()));

  Runner runner(loop, children);
  std::vector<std::string> questions = {
      "rev-parse",           "--path-format=absolute", "--is-bare-repository",
      "--is-inside-git-dir", "--absolute-git-dir",     "--git-common-dir"};
  const auto answers = co_await runner.search(folder, std::move(questions));
  if (!answers) co_return passed_on(answers);
  if (!answers->ok()) co_return not_usable(folder, answers->err);
  const auto layout = parse_layout(answers->out);
  if (!layout)
    co_return fail(Fault::Io, "git describes {} in a way not known here", folder.native());

  const bool linked = layout->own_git_dir != layout->git_dir;
  if (layout->bare && !linked)
    co_return hinted(fail(Fault::Refused, "{} is a bare repository", one_line(folder.native())),
                     "git clone it, and start in the clone: agents need a branch to land on");
  if (layout->inside_git_dir)
    co_return hinted(
        fail(Fault::Refused, "{} is inside git's own folder", one_line(folder.native())),
        "cd to the files of the project");

  std::vector<std::string> top_question = {"rev-parse", "--show-toplevel"};
  const auto top = co_await runner.search(folder, std::move(top_question));
  if (!top) co_return passed_on(top);
  if (!top->ok()) co_return not_usable(folder, top->err);
  std::string_view top_line = top->out;
  if (top_line.ends_with('\n')) top_line.remove_suffix(1);

  RepositoryFacts facts;
  facts.git_dir = layout->git_dir;
  facts.called_from = fs::path(top_line);
  facts.in_linked_worktree = linked;
  facts.root = facts.called_from;

  Repository repository(loop, children, facts.called_from, facts.git_dir);
  if (linked) {
    const auto worktrees = co_await repository.list_worktrees();
    if (!worktrees) co_return passed_on(worktrees);
    if (worktrees->empty() || worktrees->front().bare)
      co_return hinted(fail(Fault::Refused, "the main worktree of {} is a bare repository",
                            one_line(folder.native())),
                       "git clone it, and start in the clone");
    facts.root = worktrees->front().path;
    repository.root_ = facts.root;
  }
  // No `git status` here: it would run what the configuration names, agents' words included.
  const auto head = co_await repository.resolve("HEAD");
  if (!head) co_return passed_on(head);
  if (!*head) co_return no_commits(facts.root);
  facts.head = **head;
  facts.branch = branch_in(facts.git_dir);
  co_return facts;
}

}  // namespace orch::git
