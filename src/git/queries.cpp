// What is asked of git without changing anything.
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "git/scratch.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

static fs::path resolved(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored);
}

Repository::Repository(loop::Loop& loop, loop::Children& children, const RepositoryFacts& facts)
    : loop_(loop),
      root_(resolved(facts.root)),
      git_dir_(resolved(facts.git_dir)),
      main_(facts.main.empty() ? facts.main : resolved(facts.main)),
      bare_(facts.bare),
      runner_(loop, children),
      turns_(loop) {
  sweep_scratch(git_dir_);
}

static RepositoryFacts ordinary(const fs::path& root, const fs::path& git_dir) {
  RepositoryFacts facts;
  facts.root = root;
  facts.git_dir = git_dir;
  facts.main = root;
  return facts;
}

Repository::Repository(loop::Loop& loop, loop::Children& children, const fs::path& root,
                       const fs::path& git_dir)
    : Repository(loop, children, ordinary(root, git_dir)) {}

Call Repository::call(std::vector<std::string> args, std::string doing) const {
  Call call;
  call.place = Place{git_dir_, root_};
  call.args = std::move(args);
  call.doing = std::move(doing);
  return call;
}

Result<Place> Repository::place_of(const fs::path& worktree) const {
  const fs::path path = resolved(worktree);
  if (path == main_) return Place{git_dir_, main_};
  if (const auto registration = find_registration(git_dir_, path))
    return Place{registration->admin, registration->path};
  return fail(Fault::NotFound, "{} is not a worktree of {}", one_line(worktree.native()),
              one_line(root_.native()));
}

/// What a killed git of ours may have left locked in a linked worktree: nothing is ours in the
/// person's.
std::vector<fs::path> Repository::own_locks(const Place& place) const {
  if (place.git_dir == git_dir_) return {};
  std::vector<fs::path> locks = {place.git_dir};
  const auto registration = find_registration(git_dir_, place.work_tree);
  if (registration && !registration->branch().empty())
    locks.push_back(git_dir_ / "refs/heads" / (registration->branch() + ".lock"));
  return locks;
}

Job<std::string> Repository::line(Call call) {
  Result<std::string> text = co_await runner_.output(std::move(call));
  if (!text) co_return passed_on(text);
  if (text->ends_with('\n')) text->pop_back();
  co_return text;
}

Job<std::optional<CommitId>> Repository::resolve(std::string rev) {
  Call ask = call({"rev-parse", "--verify", "--quiet", "--end-of-options", rev + "^{commit}"},
                  fmt::format("look up {}", one_line(rev, 80)));
  const auto found = co_await runner_.run(std::move(ask));
  if (!found) co_return passed_on(found);
  // A name that cannot be one at all is an error to git; to the caller it is just not there.
  if (!found->ok()) co_return std::nullopt;
  co_return CommitId{std::string(trim(found->out))};
}

Job<std::string> Repository::tree_of(CommitId commit) {
  Call ask = call({"rev-parse", "--verify", "--end-of-options", commit.value + "^{tree}"},
                  fmt::format("read commit {}", shortened(commit)));
  co_return co_await line(std::move(ask));
}

Job<bool> Repository::is_ancestor(CommitId ancestor, CommitId descendant) {
  Call ask = call({"merge-base", "--is-ancestor", ancestor.value, descendant.value},
                  fmt::format("compare {} with {}", shortened(ancestor), shortened(descendant)));
  const auto answer = co_await runner_.run(ask);
  if (!answer) co_return passed_on(answer);
  if (answer->code > 1) co_return failed(ask, *answer);
  co_return answer->code == 0;
}

Job<bool> Repository::are_related(CommitId one, CommitId other) {
  Call ask = call({"merge-base", one.value, other.value},
                  fmt::format("compare {} with {}", shortened(one), shortened(other)));
  const auto answer = co_await runner_.run(ask);
  if (!answer) co_return passed_on(answer);
  if (answer->code > 1) co_return failed(ask, *answer);
  co_return answer->code == 0;
}

Job<std::optional<CommitId>> Repository::branch_tip(std::string branch) {
  co_return co_await ref("refs/heads/" + branch);
}

Job<std::optional<CommitId>> Repository::ref(std::string name) {
  Call ask = call({"show-ref", "--verify", "--hash", name}, "read " + one_line(name));
  const auto found = co_await runner_.run(std::move(ask));
  if (!found) co_return passed_on(found);
  if (!found->ok()) co_return std::nullopt;
  co_return CommitId{std::string(trim(found->out))};
}

Job<std::vector<Worktree>> Repository::list_worktrees() {
  Call ask = call({"worktree", "list", "--porcelain", "-z"}, "list worktrees");
  ask.live = true;
  const auto text = co_await line(std::move(ask));
  if (!text) co_return passed_on(text);
  co_return parse_worktrees(*text);
}

std::vector<Holder> Repository::checked_out_at(std::string_view branch) const {
  std::vector<Holder> holders;
  const auto look = [&](const fs::path& dir, const fs::path& path, std::string_view on) {
    if (on == branch || branch_held_by_operation(dir) == branch)
      holders.push_back(Holder{path, operation_in(dir)});
  };
  // The HEAD of a bare repository is nobody's checkout.
  if (!bare_) look(git_dir_, main_, branch_in(git_dir_));
  for (const Registration& found : registrations(git_dir_))
    look(found.admin, found.path, found.branch());
  return holders;
}

Job<Identity> Repository::identity() {
  Call ask =
      call({"-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"}, "read your identity");
  ask.live = true;
  const auto answer = co_await runner_.run(std::move(ask));
  if (!answer) co_return passed_on(answer);
  const auto identity = answer->ok() ? parse_identity(answer->out) : std::nullopt;
  co_return identity.value_or(Identity{"tmux-orch", "tmux-orch@localhost", true});
}

Job<std::vector<TreeEntry>> Repository::tree_entries(std::string tree,
                                                     std::vector<std::string> paths) {
  std::vector<std::string> args = {"ls-tree", "-r", "-z", "--full-tree", tree, "--"};
  args.insert(args.end(), paths.begin(), paths.end());
  Call ask = call(std::move(args), fmt::format("read {}", tree));
  ask.env.emplace_back("GIT_LITERAL_PATHSPECS", "1");
  const auto text = co_await runner_.output(std::move(ask));
  if (!text) co_return passed_on(text);
  co_return parse_tree(*text);
}

Job<std::optional<std::string>> Repository::show_file(CommitId commit, std::string path) {
  std::vector<std::string> paths = {path};
  const auto entries = co_await tree_entries(commit.value, std::move(paths));
  if (!entries) co_return passed_on(entries);
  const auto file = std::find_if(entries->begin(), entries->end(), [&path](const TreeEntry& entry) {
    return entry.path == path && entry.mode.starts_with("100");
  });
  if (file == entries->end()) co_return std::nullopt;
  Call read = call({"cat-file", "blob", file->id}, "read " + one_line(path));
  auto text = co_await runner_.output(std::move(read));
  if (!text) co_return passed_on(text);
  co_return std::move(*text);
}

Job<std::vector<std::string>> Repository::changed_files(CommitId from, CommitId to) {
  Call ask = call({"diff-tree", "-r", "-z", "--name-only", "--no-renames", from.value, to.value},
                  fmt::format("compare {} with {}", shortened(from), shortened(to)));
  const auto text = co_await runner_.output(std::move(ask));
  if (!text) co_return passed_on(text);
  co_return parse_names(*text);
}

Job<loop::Command> Repository::diff_for_terminal(std::vector<std::string> args, fs::path worktree) {
  // A submodule has a configuration of its own: nothing is asked of it.
  args.insert(args.begin(), {"diff", "--ignore-submodules=dirty", "--submodule=short"});
  Call show = call(std::move(args), "show a difference");
  Place read{git_dir_, {}};
  if (!worktree.empty()) {
    const Result<Place> place = place_of(worktree);
    if (!place) co_return passed_on(place);
    read = show.place = *place;
  }
  const auto readable = co_await runner_.check_readable(std::move(read), show.doing);
  if (!readable) co_return passed_on(readable);
  co_return runner_.for_terminal(show);
}

Job<WorktreeStatus> Repository::status_of(fs::path worktree) {
  WorktreeStatus status;
  const Result<Place> place = place_of(worktree);
  if (!place && place.error().fault == Fault::NotFound) co_return status;
  if (!place) co_return passed_on(place);

  std::error_code ignored;
  status.exists = fs::is_directory(place->work_tree, ignored);
  status.operation = operation_in(place->git_dir);
  if (!status.exists) {
    const auto registration = find_registration(git_dir_, place->work_tree);
    if (registration) status.branch = registration->branch();
    Call ask = call({"rev-parse", "--verify", "--quiet", "HEAD"}, "read HEAD");
    ask.place = *place;
    const auto head = co_await runner_.run(std::move(ask));
    if (!head) co_return passed_on(head);
    if (head->ok()) status.head = CommitId{std::string(trim(head->out))};
    co_return status;
  }
  Call ask = call({"status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal",
                   "--ignore-submodules=dirty"},
                  "read the status of " + one_line(worktree.native()));
  ask.place = *place;
  const auto text = co_await runner_.output(ask);
  if (!text) co_return passed_on(text);
  std::set<std::string> no_work = brought_in(*place);
  ParsedStatus parsed = parse_status(*text, no_work);
  const auto untouched = co_await as_checked_out(std::move(ask), parsed.edited);
  if (!untouched) co_return passed_on(untouched);
  no_work.insert(untouched->begin(), untouched->end());
  if (!untouched->empty()) parsed = parse_status(*text, no_work);
  status.head = std::move(parsed.head);
  status.branch = std::move(parsed.branch);
  status.changes = std::move(parsed.changes);
  status.unmerged = std::move(parsed.unmerged);
  co_return status;
}

}  // namespace orch::git
