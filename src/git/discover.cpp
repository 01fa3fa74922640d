// Finds the repository that a folder lies in, and says in plain words why there is none to use.
#include "git/discover.hpp"

#include "git/git_errors.hpp"
#include "git/layout.hpp"
#include "git/parse.hpp"
#include "git/registration.hpp"
#include "git/usual_layout.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <cstdlib>
#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

/// An agent whose worktree is gone stands in the root or at home: a repository there would take in
/// all that the user has.
bool may_become_repository(const fs::path& folder) {
  const char* home = std::getenv("HOME");
  return folder != folder.root_path() && (home == nullptr || folder != fs::path(home));
}

Failure not_usable(const fs::path& folder, std::string_view git_error) {
  const std::string name = one_line(folder.native());
  if (git_error.find("not a git repository") != std::string_view::npos) {
    const Failure none = fail(Fault::NotFound, "{} is not in a git repository", name);
    if (!may_become_repository(folder)) return none;
    return hinted(none,
                  fmt::format("cd {} && git init && git add -A && git commit -m 'first commit'",
                              shell_word(name)));
  }
  if (git_error.find("dubious ownership") != std::string_view::npos)
    return hinted(
        fail(Fault::Refused, "git does not trust {}, as it belongs to another user", name),
        fmt::format("git config --global --add safe.directory {}", shell_word(name)));
  return fail(Fault::Io, "cannot use the git repository at {}: {}", name, reason_of(git_error));
}

Failure no_commits(const fs::path& root) {
  return hinted(fail(Fault::NotFound, "{} has no commits yet", one_line(root.native())),
                "git add -A && git commit -m 'first commit'");
}

Failure no_checkout(const fs::path& folder) {
  return hinted(fail(Fault::Refused, "{} is a bare repository", one_line(folder.native())),
                "start in one of its worktrees: agents need a branch to land on; `git worktree add "
                "../main main` makes one");
}

Failure not_among_files(const fs::path& folder, bool in_git_dir) {
  const std::string name = one_line(folder.native());
  if (in_git_dir)
    return hinted(fail(Fault::Refused, "{} is inside git's own folder", name),
                  "cd to the files of the project");
  return hinted(
      fail(Fault::Refused, "the files of the repository at {} lie elsewhere", name),
      "`git config core.worktree` says where: git does not find the repository from there, so "
      "clone it and start in the clone");
}

/// What git says of the worktree that it was asked in. A path may have newlines in it, so it is the
/// last answer.
struct Own {
  bool bare = false;
  bool in_work_tree = false;
  bool in_git_dir = false;
  fs::path git_dir;
};

std::optional<Own> parse_own(std::string_view text) {
  const auto next = [&text]() -> std::optional<std::string_view> {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
  };
  const auto bare = next();
  const auto work_tree = next();
  const auto git_dir = next();
  if (!git_dir) return std::nullopt;
  return Own{*bare == "true", *work_tree == "true", *git_dir == "true", fs::path(text)};
}

std::string without_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

/// Asks git's plumbing in one folder, or about one git folder.
class Questions {
 public:
  Questions(loop::Loop& loop, loop::Children& children, fs::path folder)
      : runner_(loop, children), folder_(std::move(folder)) {}

  /// The answer without the newline at its end; any path may be in it.
  Job<std::string> ask(std::vector<std::string> args) {
    const auto answer = co_await runner_.search(folder_, std::move(args));
    if (!answer) co_return passed_on(answer);
    if (!answer->ok()) co_return not_usable(folder_, answer->err);
    co_return without_newline(answer->out);
  }

  Job<bool> is_bare(fs::path git_dir) {
    std::vector<std::string> args = {"--git-dir=" + git_dir.native(), "rev-parse",
                                     "--is-bare-repository"};
    const auto answer = co_await ask(std::move(args));
    if (!answer) co_return passed_on(answer);
    co_return *answer == "true";
  }

  /// The main worktree; empty: bare, or nobody knows.
  Job<fs::path> main_of(RepositoryFacts facts) {
    if (facts.bare) co_return fs::path();
    if (!facts.in_linked_worktree) co_return facts.checkout;
    const auto configured = co_await configured_worktree(facts.git_dir);
    if (!configured || !configured->empty()) co_return configured;
    const fs::path around = facts.git_dir.parent_path();
    co_return lies_in(facts.git_dir, around) ? around : fs::path();
  }

 private:
  /// core.worktree, as submodules have it; empty if it is not set.
  Job<fs::path> configured_worktree(fs::path git_dir) {
    std::vector<std::string> args = {"--git-dir=" + git_dir.native(), "config", "core.worktree"};
    const auto answer = co_await runner_.search(folder_, std::move(args));
    if (!answer) co_return passed_on(answer);
    if (!answer->ok()) co_return fs::path();
    std::error_code error;
    const fs::path found = fs::canonical(git_dir / without_newline(answer->out), error);
    co_return error ? fs::path() : found;
  }

  Runner runner_;
  fs::path folder_;
};

/// What is ours is found from everywhere in the repository at one place.
fs::path root_of(const RepositoryFacts& facts) {
  if (facts.bare) {
    const fs::path around = facts.git_dir.parent_path();
    return git_dir_at(around) == facts.git_dir ? around : facts.git_dir;
  }
  if (lies_in(facts.git_dir, facts.main)) return facts.main;
  const fs::path remembered = remembered_root(facts.git_dir);
  if (!remembered.empty()) return remembered;
  return facts.main.empty() ? facts.checkout : facts.main;
}

/// What git says of the folder; `root` is left open.
Job<RepositoryFacts> facts_by_git(loop::Loop& loop, loop::Children& children, fs::path folder) {
  Questions questions(loop, children, folder);
  std::vector<std::string> shared_question = {"rev-parse", "--path-format=absolute",
                                              "--git-common-dir"};
  const auto shared = co_await questions.ask(std::move(shared_question));
  if (!shared) co_return passed_on(shared);
  std::vector<std::string> own_questions = {"rev-parse", "--is-bare-repository",
                                            "--is-inside-work-tree", "--is-inside-git-dir",
                                            "--absolute-git-dir"};
  const auto answers = co_await questions.ask(std::move(own_questions));
  if (!answers) co_return passed_on(answers);
  const auto own = parse_own(*answers);
  if (!own) co_return fail(Fault::Io, "git describes {} in a way not known here", folder.native());

  RepositoryFacts facts;
  std::error_code error;
  facts.git_dir = fs::weakly_canonical(*shared, error);
  facts.in_linked_worktree = fs::weakly_canonical(own->git_dir, error) != facts.git_dir;
  facts.bare = own->bare;
  if (facts.in_linked_worktree) {
    // For git a linked worktree is never bare, whatever it is linked to.
    const auto bare = co_await questions.is_bare(facts.git_dir);
    if (!bare) co_return passed_on(bare);
    facts.bare = *bare;
  }
  if (own->in_work_tree && !own->in_git_dir) {
    std::vector<std::string> top_question = {"rev-parse", "--show-toplevel"};
    const auto top = co_await questions.ask(std::move(top_question));
    if (!top) co_return passed_on(top);
    facts.checkout = *top;
  } else if (!facts.bare) {
    co_return not_among_files(folder, own->in_git_dir);
  }
  const auto main = co_await questions.main_of(facts);
  if (!main) co_return passed_on(main);
  facts.main = *main;
  co_return facts;
}

}  // namespace

Job<RepositoryFacts> locate(loop::Loop& loop, loop::Children& children, fs::path folder) {
  std::error_code error;
  const fs::path given = std::exchange(folder, fs::canonical(folder, error));
  if (error) co_return errno_failure(error.value(), "cannot use " + one_line(given.native()));

  std::optional<RepositoryFacts> found = facts_by_files(folder);
  if (!found) {
    Result<RepositoryFacts> asked = co_await facts_by_git(loop, children, folder);
    if (!asked) co_return asked;
    found = std::move(*asked);
  }
  RepositoryFacts facts = std::move(*found);
  if (facts.in_linked_worktree) {
    const auto registration = find_registration(facts.git_dir, facts.checkout);
    facts.in_worktree_of_ours = registration && registration->is_ours();
  }
  facts.root = root_of(facts);
  // A call from the main worktree of a separate git folder says where that is, for calls that
  // cannot know.
  if (facts.main.empty() && !facts.bare && git_dir_at(facts.root) == facts.git_dir)
    facts.main = facts.root;
  co_return facts;
}

Job<RepositoryFacts> discover(loop::Loop& loop, loop::Children& children, fs::path folder) {
  auto facts = co_await locate(loop, children, folder);
  if (!facts) co_return facts;
  if (facts->checkout.empty()) co_return no_checkout(folder);
  GitContext git(loop, children, *facts);
  const Result<Place> place = git.place_of(facts->checkout);
  if (!place) co_return passed_on(place);
  // No `git status` here: it would run what the configuration names, agents' words included.
  Call ask = git.call({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}, "read HEAD");
  ask.place = *place;
  ask.live = true;
  const auto head = co_await git.runner.run(std::move(ask));
  if (!head) co_return passed_on(head);
  if (!head->ok()) co_return no_commits(facts->checkout);
  facts->head = CommitId{std::string(trim(head->out))};
  facts->branch = branch_in(place->git_dir);
  co_return facts;
}

}  // namespace orch::git
