// What is asked of git without changing anything.
#include "git/queries.hpp"

#include "git/history.hpp"
#include "git/parse.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/trees.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

Job<std::optional<CommitId>> resolve(GitContext& git, std::string rev) {
  Call ask = git.call({"rev-parse", "--verify", "--quiet", "--end-of-options", rev + "^{commit}"},
                      fmt::format("look up {}", one_line(rev, 80)));
  const auto found = co_await git.runner.run(std::move(ask));
  if (!found) co_return passed_on(found);
  // A name that cannot be one at all is an error to git; to the caller it is just not there.
  if (!found->ok()) co_return std::nullopt;
  co_return CommitId{std::string(trim(found->out))};
}

Job<std::string> tree_of(GitContext& git, CommitId commit) {
  const std::string tree = commit.value + "^{tree}";
  auto found = co_await git.objects.look(tree);
  if (found && *found) co_return std::move((**found).id);
  Call ask = git.call({"rev-parse", "--verify", "--end-of-options", commit.value + "^{tree}"},
                      fmt::format("read commit {}", shortened(commit)));
  co_return co_await git.line(std::move(ask));
}

Job<bool> is_ancestor(GitContext& git, CommitId ancestor, CommitId descendant) {
  const auto down = co_await reaches(git, descendant, ancestor);
  if (down && *down) co_return true;
  // Nothing is both before and after another one.
  const auto up = co_await reaches(git, ancestor, descendant);
  if (up && *up) co_return false;
  Call ask =
      git.call({"merge-base", "--is-ancestor", ancestor.value, descendant.value},
               fmt::format("compare {} with {}", shortened(ancestor), shortened(descendant)));
  const auto answer = co_await git.runner.run(ask);
  if (!answer) co_return passed_on(answer);
  if (answer->code > 1) co_return failed(ask, *answer);
  co_return answer->code == 0;
}

Job<bool> are_related(GitContext& git, CommitId one, CommitId other) {
  Call ask = git.call({"merge-base", one.value, other.value},
                      fmt::format("compare {} with {}", shortened(one), shortened(other)));
  const auto answer = co_await git.runner.run(ask);
  if (!answer) co_return passed_on(answer);
  if (answer->code > 1) co_return failed(ask, *answer);
  co_return answer->code == 0;
}

Job<std::optional<CommitId>> branch_tip(GitContext& git, std::string branch) {
  co_return co_await ref(git, "refs/heads/" + branch);
}

Job<std::optional<CommitId>> ref(GitContext& git, std::string name) {
  if (std::string id = loose_ref(git, name); !id.empty()) {
    const auto commit = co_await git.objects.look(id);
    if (commit && *commit) co_return CommitId{std::move(id)};
  }
  if (is_absent(git, name)) co_return std::nullopt;
  Call ask = git.call({"show-ref", "--verify", "--hash", name}, "read " + one_line(name));
  const auto found = co_await git.runner.run(std::move(ask));
  if (!found) co_return passed_on(found);
  if (!found->ok()) co_return std::nullopt;
  co_return CommitId{std::string(trim(found->out))};
}

Job<std::vector<Worktree>> list_worktrees(GitContext& git) {
  Call ask = git.call({"worktree", "list", "--porcelain", "-z"}, "list worktrees");
  ask.live = true;
  const auto text = co_await git.line(std::move(ask));
  if (!text) co_return passed_on(text);
  co_return parse_worktrees(*text);
}

std::vector<Holder> checked_out_at(const GitContext& git, std::string_view branch) {
  std::vector<Holder> holders;
  const auto holds = [branch](const fs::path& dir) {
    return branch_in(dir) == branch || branch_held_by_operation(dir) == branch;
  };
  // The HEAD of a bare repository is nobody's checkout.
  if (!git.bare && holds(git.git_dir))
    holders.push_back(Holder{git.main, operation_in(git.git_dir)});
  // There may be a thousand of them, and each landing asks: the rest is read of those that hold it.
  for (const fs::path& admin : registered_folders(git.git_dir)) {
    if (holds(admin)) holders.push_back(Holder{read_registration(admin).path, operation_in(admin)});
  }
  return holders;
}

Job<Identity> identity(GitContext& git) {
  Call ask = git.call({"-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"},
                      "read your identity");
  ask.live = true;
  const auto answer = co_await remembered(git, std::move(ask));
  if (!answer) co_return passed_on(answer);
  const auto identity = answer->ok() ? parse_identity(answer->out) : std::nullopt;
  co_return identity.value_or(Identity{"tmux-orch", "tmux-orch@localhost", true});
}

Job<std::vector<TreeEntry>> tree_entries(GitContext& git, std::string tree,
                                         std::vector<std::string> paths) {
  auto entries = co_await entries_at(git, tree, paths);
  if (entries) co_return std::move(*entries);
  std::vector<std::string> args = {"ls-tree", "-r", "-z", "--full-tree", tree, "--"};
  args.insert(args.end(), paths.begin(), paths.end());
  Call ask = git.call(std::move(args), fmt::format("read {}", tree));
  ask.env.emplace_back("GIT_LITERAL_PATHSPECS", "1");
  const auto text = co_await git.runner.output(std::move(ask));
  if (!text) co_return passed_on(text);
  co_return parse_tree(*text);
}

Job<std::optional<std::string>> show_file(GitContext& git, CommitId commit, std::string path) {
  std::vector<std::string> paths = {path};
  const auto entries = co_await tree_entries(git, commit.value, std::move(paths));
  if (!entries) co_return passed_on(entries);
  const auto file = std::find_if(entries->begin(), entries->end(), [&path](const TreeEntry& entry) {
    return entry.path == path && entry.mode.starts_with("100");
  });
  if (file == entries->end()) co_return std::nullopt;
  auto blob = co_await git.objects.read(file->id, Call().keep);
  if (blob && *blob) co_return std::move((**blob).bytes);
  Call read = git.call({"cat-file", "blob", file->id}, "read " + one_line(path));
  auto text = co_await git.runner.output(std::move(read));
  if (!text) co_return passed_on(text);
  co_return std::move(*text);
}

Job<std::vector<std::string>> changed_files(GitContext& git, CommitId from, CommitId to) {
  const auto changes = co_await changes_between(git, from.value, to.value);
  if (changes) {
    std::vector<std::string> paths;
    for (const ChangedEntry& change : *changes)
      paths.push_back(change.path);
    co_return paths;
  }
  Call ask =
      git.call({"diff-tree", "-r", "-z", "--name-only", "--no-renames", from.value, to.value},
               fmt::format("compare {} with {}", shortened(from), shortened(to)));
  const auto text = co_await git.runner.output(std::move(ask));
  if (!text) co_return passed_on(text);
  co_return parse_names(*text);
}

Job<CommittedWork> committed_work(GitContext& git, CommitId from, CommitId to) {
  constexpr std::size_t kSubjects = 10;
  CommittedWork work;
  Call ask = git.call({"log", "-z", "-n", "5000", "--no-merges", "--no-show-signature",
                       "--format=%s", from.value + ".." + to.value, "--"},
                      fmt::format("list the commits up to {}", shortened(to)));
  const auto text = co_await git.runner.output(std::move(ask));
  if (!text) co_return passed_on(text);
  work.subjects = parse_names(*text);
  work.commits = work.subjects.size();
  if (work.commits > kSubjects) work.subjects.resize(kSubjects);
  const auto files = co_await changed_files(git, std::move(from), std::move(to));
  if (!files) co_return passed_on(files);
  work.files = files->size();
  co_return work;
}

/// `which`: what git-log(1) is to list.
Job<std::vector<LandedCommit>> landed_commits(GitContext& git, std::vector<std::string> which,
                                              CommitId to) {
  // Unfolded, no trailer has a newline, whatever an agent has written into its messages.
  Call ask = git.call({"log", "-z", "--first-parent", "--no-show-signature",
                       "--format=%H%n%T%n%(trailers:key=Orch-Task,valueonly,unfold,separator=%x2c)"
                       "%n%(trailers:key=Orch-Part,valueonly,unfold,separator=%x2c)%n%s"},
                      fmt::format("list the commits up to {}", shortened(to)));
  ask.args.insert(ask.args.end(), which.begin(), which.end());
  ask.args.emplace_back("--");
  const auto text = co_await git.runner.output(std::move(ask));
  if (!text) co_return passed_on(text);
  constexpr std::size_t kFields = 5;
  std::vector<LandedCommit> commits;
  for (const std::string& record : parse_names(*text)) {
    const std::vector<std::string_view> fields = split(record, '\n');
    if (fields.size() != kFields) continue;
    commits.push_back({CommitId{std::string(fields[0])}, std::string(fields[1]),
                       std::string(fields[4]), fields[2].empty() && !fields[3].empty()});
  }
  co_return commits;
}

Job<std::vector<LandedCommit>> first_parents(GitContext& git, CommitId from, CommitId to) {
  std::vector<std::string> which = {from.value + ".." + to.value};
  co_return co_await landed_commits(git, std::move(which), std::move(to));
}

Job<std::optional<CommitId>> before_landing(GitContext& git, CommitId landed) {
  std::vector<std::string> which = {"-n", std::to_string(kMostParts + 2), landed.value};
  const auto commits = co_await landed_commits(git, std::move(which), landed);
  if (!commits) co_return passed_on(commits);
  for (std::size_t place = 1; place < commits->size(); ++place)
    if (!(*commits)[place].is_part) co_return (*commits)[place].commit;
  co_return std::nullopt;
}

Job<loop::Command> diff_for_terminal(GitContext& git, std::vector<std::string> args,
                                     fs::path worktree) {
  // A submodule has a configuration of its own: nothing is asked of it.
  args.insert(args.begin(), {"diff", "--ignore-submodules=dirty", "--submodule=short"});
  Call show = git.call(std::move(args), "show a difference");
  Place read{git.git_dir, {}};
  if (!worktree.empty()) {
    const Result<Place> place = git.place_of(worktree);
    if (!place) co_return passed_on(place);
    read = show.place = *place;
  }
  const auto readable = co_await git.runner.check_readable(std::move(read), show.doing);
  if (!readable) co_return passed_on(readable);
  co_return git.runner.for_terminal(show);
}

Job<std::vector<std::string>> edited_in(GitContext& git, fs::path checkout) {
  const Result<Place> place = git.place_of(checkout);
  if (!place) co_return passed_on(place);
  Call ask = git.call({"diff", "--name-only", "-z", "--no-ext-diff", "--ignore-submodules=all"},
                      "look at the files of " + one_line(checkout.native()));
  ask.place = *place;
  const auto names = co_await git.runner.output(std::move(ask));
  if (!names) co_return passed_on(names);
  co_return parse_names(*names);
}

/// Is each of the commits a few commits below one of the others? False: not there, or not known.
static Job<bool> all_near(GitContext& git, std::vector<CommitId> commits,
                          std::vector<CommitId> safe) {
  for (const CommitId& commit : commits) {
    bool found = false;
    for (std::size_t i = 0; i < safe.size() && !found; ++i) {
      const auto reached = co_await reaches(git, safe[i], commit);
      found = reached && *reached;
    }
    if (!found) co_return false;
  }
  co_return true;
}

Job<bool> all_within(GitContext& git, std::vector<CommitId> commits, std::vector<CommitId> safe) {
  std::erase_if(commits, [](const CommitId& commit) { return commit.empty(); });
  std::erase_if(safe, [](const CommitId& commit) { return commit.empty(); });
  const auto near = co_await all_near(git, commits, safe);
  if (near && *near) co_return true;
  Call ask = git.call({"rev-list", "--max-count=1", "--ignore-missing"}, "compare commits");
  for (const CommitId& commit : commits)
    ask.args.push_back(commit.value);
  ask.args.emplace_back("--not");
  for (const CommitId& commit : safe)
    ask.args.push_back(commit.value);
  const auto outside = co_await git.line(std::move(ask));
  if (!outside) co_return passed_on(outside);
  co_return outside->empty();
}

Job<std::vector<ChangedEntry>> changed_entries(GitContext& git, CommitId from, CommitId to) {
  auto changes = co_await changes_between(git, from.value, to.value);
  if (changes) co_return std::move(*changes);
  Call compare = git.call(
      {"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from.value, to.value},
      "compare commits");
  const auto text = co_await git.runner.output(std::move(compare));
  if (!text) co_return passed_on(text);
  co_return parse_raw_diff(*text);
}

}  // namespace orch::git
