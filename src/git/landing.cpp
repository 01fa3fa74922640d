// Lands branches without a checkout: a merge of trees, the task file's tick, a commit, and a
// compare-and-swap.
//
// Agents tick boxes in the task file, too, and ticks on neighbouring lines conflict. So when a
// branch touched that file, all three sides of the merge are first given the marks of the tip it
// lands on: marks then cannot differ, and everything else merges as ever.
#include "git/landing.hpp"

#include "git/attribute_tree.hpp"
#include "git/generated.hpp"
#include "git/history.hpp"
#include "git/lost.hpp"
#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/plain_merge.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/replay.hpp"
#include "git/revert.hpp"
#include "git/scratch_index.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <variant>

namespace orch::git {

namespace {

/// How often a candidate is made anew when a pruning took a part of it at once.
constexpr int kMostCandidates = 3;
constexpr Span kMergeTime = std::chrono::minutes(5);

Failure pruned(const CommitId& candidate) {
  return fail(Fault::Busy, "a git that cleans up took objects of the candidate {}",
              shortened(candidate));
}

bool is_plain_file(const TreeEntry& entry) {
  return entry.mode.starts_with("100");
}

/// The task file of both sides and of where they parted, with the same marks in all three.
struct AgreedTexts {
  std::string branch;
  std::string base;  ///< empty: they have none
  std::string tip;
};

AgreedTexts agreed_texts(const TaskFile& file, const std::optional<std::string>& branch,
                         const std::optional<std::string>& base, const std::string& tip) {
  const bool by_user = file.with_mark_changes && branch && base;
  const std::string marks = by_user ? file.with_mark_changes(tip, *base, *branch) : tip;
  const auto agreed = [&](const std::string& text) { return file.with_marks_of(text, marks); };
  // An agent that deleted the task file did not mean to end the run.
  return {.branch = agreed(branch ? *branch : base.value_or(tip)),
          .base = base ? agreed(*base) : std::string(),
          .tip = agreed(tip)};
}

/// The sides as they are; of those that git has to merge in any case, without bases.
Job<Sides> sides_of(GitContext& git, LandingRequest request) {
  if (request.revert) co_return co_await revert_sides(git, request.onto, request.branch);
  Sides sides{request.onto, request.branch, {}};
  const auto near = co_await near_merge_base(git, request.onto, request.branch);
  if (near && *near) {
    sides.bases = {**near};
    co_return sides;
  }
  if (!request.task_file) co_return sides;
  Call ask = git.call({"merge-base", "--all", request.onto.value, request.branch.value},
                      "compare the branch with where it lands");
  const auto found = co_await git.runner.run(std::move(ask));
  if (!found) co_return passed_on(found);
  if (!found->ok()) co_return sides;
  for (const std::string_view id : split_lines(found->out))
    sides.bases.push_back(CommitId{std::string(id)});
  co_return sides;
}

/// The sides with commits whose task files have the marks of the tip, if the branch touched it.
Job<Sides> with_agreed_marks(GitContext& git, LandingRequest request, Sides sides) {
  const TaskFile file = *request.task_file;
  if (sides.bases.empty()) co_return sides;  // unrelated: the merge says so better
  const CommitId base = sides.bases.front();

  const auto tip_text = co_await show_file(git, request.onto, file.path);
  if (!tip_text) co_return passed_on(tip_text);
  const auto branch_text = co_await show_file(git, request.branch, file.path);
  if (!branch_text) co_return passed_on(branch_text);
  const auto base_text = co_await show_file(git, base, file.path);
  if (!base_text) co_return passed_on(base_text);
  if (!*tip_text || *branch_text == *base_text) co_return sides;

  std::function<AgreedTexts()> work = [file, branch = *branch_text, base = *base_text,
                                       tip = **tip_text] {
    return agreed_texts(file, branch, base, tip);
  };
  const AgreedTexts agreed = co_await loop::off_loop<AgreedTexts>(git.loop, std::move(work));
  if (sides.bases.size() > 1 || !*base_text) {
    std::vector<CommitId> parents = {request.branch};
    auto branch =
        co_await with_file(git, request.branch, file.path, agreed.branch, std::move(parents));
    if (!branch) co_return passed_on(branch);
    sides.branch = std::move(*branch);
    co_return sides;
  }
  std::vector<CommitId> no_parents;
  const auto agreed_base =
      co_await with_file(git, base, file.path, agreed.base, std::move(no_parents));
  if (!agreed_base) co_return passed_on(agreed_base);
  const std::vector<CommitId> parents = {*agreed_base};
  auto branch = co_await with_file(git, request.branch, file.path, agreed.branch, parents);
  if (!branch) co_return passed_on(branch);
  auto onto = co_await with_file(git, request.onto, file.path, agreed.tip, parents);
  if (!onto) co_return passed_on(onto);
  co_return Sides{std::move(*onto), std::move(*branch), parents};
}

/// Does git take names that differ in case for the same file here?
Job<bool> folds_case(GitContext& git) {
  Call ask =
      git.call({"config", "--type=bool", "--get", "core.ignorecase"}, "read core.ignorecase");
  const auto answer = co_await remembered(git, std::move(ask));
  if (!answer) co_return passed_on(answer);
  co_return trim(answer->out) == "true";
}

/// What of the changed files is where files of ours are; nothing when it leaves them alone.
Job<std::optional<TouchesOurs>> meets_ours(GitContext& git, LandingRequest request,
                                           std::vector<std::string> changed) {
  std::vector<std::string> places = request.reserved;
  if (places.empty()) co_return std::nullopt;
  for (const std::string& place : request.reserved_unless_there) {
    std::vector<std::string> there = {place};
    const auto own = co_await tree_entries(git, request.onto.value, std::move(there));
    if (!own) co_return passed_on(own);
    if (own->empty()) places.push_back(place);
  }
  const auto fold = co_await folds_case(git);
  if (!fold) co_return passed_on(fold);
  TouchesOurs touches;
  std::set<std::string> tops;
  for (const std::string& path : changed) {
    for (const std::string& place : places) {
      const std::string_view top = meeting(path, place, *fold);
      if (top.empty()) continue;
      touches.paths.push_back(path);
      tops.emplace(top);
      break;
    }
  }
  if (tops.empty()) co_return std::nullopt;
  for (const std::string& top : tops) {
    std::vector<std::string> paths = {top};
    const auto there = co_await tree_entries(git, request.onto.value, std::move(paths));
    if (!there) co_return passed_on(there);
    (there->empty() ? touches.added : touches.changed).push_back(top);
  }
  co_return touches;
}

/// Links at the places where the set-up made some become what is there in `onto`: they are no work,
/// even where the agent added them.
Job<std::string> without_links(GitContext& git, std::string tree, CommitId onto,
                               std::vector<std::string> linked) {
  if (linked.empty()) co_return tree;
  const auto merged = co_await tree_entries(git, tree, linked);
  if (!merged) co_return passed_on(merged);
  const auto wanted = co_await tree_entries(git, onto.value, linked);
  if (!wanted) co_return passed_on(wanted);
  std::vector<TreeEntry> entries;
  const std::string none(tree.size(), '0');  // as long as this repository's ids are
  for (const TreeEntry& entry : *merged) {
    const bool is_link = entry.mode == "120000";
    const bool there = std::ranges::find(linked, entry.path) != linked.end();
    const bool same = std::ranges::find(*wanted, entry) != wanted->end();
    if (is_link && there && !same) entries.push_back({"0", none, entry.path});
  }
  if (entries.empty()) co_return tree;
  // What the base has there comes back, be it a folder.
  entries.insert(entries.end(), wanted->begin(), wanted->end());
  co_return co_await replace_entries(git, std::move(tree), std::move(entries));
}

/// The tree with the task file as it shall land; the same tree where there is no such file.
Job<std::string> with_task_file(GitContext& git, LandingRequest request, std::string tree) {
  const TaskFile& file = *request.task_file;
  std::vector<std::string> paths = {file.path};
  auto entries = co_await tree_entries(git, tree, paths);
  if (!entries) co_return passed_on(entries);
  CommitId holder{tree};
  if (entries->empty()) {
    // The branch deleted it: the tip's version lives on.
    entries = co_await tree_entries(git, request.onto.value, paths);
    if (!entries) co_return passed_on(entries);
    holder = request.onto;
  }
  if (entries->empty()) co_return tree;
  const TreeEntry entry = entries->front();
  if (entries->size() != 1 || entry.path != file.path || !is_plain_file(entry))
    co_return fail(Fault::Refused, "the task file {} is not a plain file in git",
                   one_line(file.path));
  const auto text = co_await show_file(git, holder, file.path);
  if (!text) co_return passed_on(text);
  std::function<Result<std::string>()> work = [edit = file.edit, merged = **text] {
    return edit(merged);
  };
  const auto edited = co_await loop::off_loop<Result<std::string>>(git.loop, std::move(work));
  if (!edited) co_return because(edited, "cannot mark the task in " + one_line(file.path));
  const auto blob = co_await write_blob(git, *edited);
  if (!blob) co_return passed_on(blob);
  if (*blob == entry.id && holder.value == tree) co_return tree;
  std::vector<TreeEntry> edits = {{entry.mode, *blob, file.path}};
  co_return co_await replace_entries(git, std::move(tree), std::move(edits));
}

/// The merge where no git is needed for it; else empty.
Job<std::string> tree_without_merge(GitContext& git, Sides sides) {
  if (sides.bases.size() != 1) co_return std::string();
  const std::string base = sides.bases.front().value;
  const auto before = co_await tree_of(git, sides.bases.front());
  const auto tip = co_await tree_of(git, sides.onto);
  if (!before) co_return passed_on(before);
  if (!tip) co_return passed_on(tip);
  if (*before == *tip) co_return co_await tree_of(git, sides.branch);
  auto plain = co_await plain_merge(git, base, sides.onto.value, sides.branch.value);
  if (!plain) co_return std::string();
  co_return std::move(*plain);
}

struct MergedTree {
  std::string tree;
  bool clean = true;                     ///< else the conflicting files have marks in it
  std::vector<std::string> conflicting;  ///< may be empty, as where both renamed a folder
  std::vector<std::string> messages;
};

Job<MergedTree> merged_tree(GitContext& git, Sides sides) {
  auto same = co_await tree_without_merge(git, sides);
  if (!same) co_return passed_on(same);
  if (!same->empty()) co_return MergedTree{std::move(*same)};
  Call merge = git.call(
      {"merge-tree", "--write-tree", "-z", "--name-only", sides.onto.value, sides.branch.value},
      fmt::format("merge {} into {}", shortened(sides.branch), shortened(sides.onto)));
  merge.timeout = kMergeTime;
  const auto finished = co_await run_merge(git, merge, sides.onto, sides.branch);
  if (!finished) co_return passed_on(finished);
  auto merged = parse_merge(finished->out);
  // 0 is clean and 1 a conflict, but a commit that does not exist is 1 as well, without a tree.
  if (finished->code > 1 || !merged) co_return failed(merge, *finished);
  if (finished->ok()) co_return MergedTree{std::move(merged->tree)};
  co_return MergedTree{std::move(merged->tree), false, std::move(merged->files),
                       std::move(merged->messages)};
}

/// `merged`: the tree of the merge alone.
Job<CommitId> committed(GitContext& git, LandingRequest request, std::string merged,
                        std::string tree) {
  if (!request.part_trailer.empty() && !request.revert) {
    ReplayRequest replay{.onto = request.onto, .branch = request.branch};
    replay.merged = std::move(merged);
    replay.tree = tree;
    replay.trailer = request.part_trailer;
    replay.last = request.message.substr(request.message.rfind("\n\n") + 2);
    replay.identity = request.identity;
    auto last = co_await replayed(git, std::move(replay));
    if (!last) co_return passed_on(last);
    if (*last) co_return **std::move(last);
  }
  std::vector<CommitId> parents = {request.onto};
  const bool is_merge = !request.squash && request.part_trailer.empty() && !request.revert;
  if (is_merge) parents.push_back(request.branch);
  co_return co_await commit_tree(git, std::move(tree), std::move(parents), request.message,
                                 request.identity);
}

bool is_all_generated(const LandingRequest& request, const std::vector<std::string>& files) {
  return request.is_generated && !files.empty() && std::ranges::all_of(files, request.is_generated);
}

/// The merge, as a commit under its ref.
Job<Landing> merged(GitContext& git, LandingRequest request) {
  auto sides = co_await sides_of(git, request);
  if (sides && request.revert) request.branch = sides->branch;
  if (sides && request.task_file) sides = co_await with_agreed_marks(git, request, *sides);
  if (!sides) co_return passed_on(sides);
  auto merged = co_await merged_tree(git, *sides);
  if (!merged) co_return passed_on(merged);
  std::string tree = std::move(merged->tree);
  Candidate candidate;
  if (!merged->clean) {
    if (!is_all_generated(request, merged->conflicting))
      co_return MergeConflict{std::move(merged->conflicting), std::move(merged->messages)};
    candidate.generated = std::move(merged->conflicting);
    auto whole = co_await with_files_of(git, std::move(tree), candidate.generated, sides->onto,
                                        sides->branch);
    if (!whole) co_return passed_on(whole);
    tree = std::move(*whole);
  }

  std::string merge_tree = tree;
  const CommitId merge{tree};  // compared as if it were a commit
  auto changed = co_await changed_files(git, request.onto, merge);
  if (!changed) co_return passed_on(changed);
  auto ours = co_await meets_ours(git, request, *changed);
  if (!ours) co_return passed_on(ours);
  if (*ours) co_return **std::move(ours);
  auto own_work = co_await without_links(git, std::move(tree), request.onto, request.linked);
  if (!own_work) co_return passed_on(own_work);
  tree = std::move(*own_work);
  const auto onto_tree = co_await tree_of(git, sides->onto);
  if (!onto_tree) co_return passed_on(onto_tree);
  candidate.changed = tree != *onto_tree || !candidate.generated.empty();
  candidate.files = std::move(*changed);
  candidate.tree = tree;
  if (request.task_file) {
    auto ticked = co_await with_task_file(git, request, std::move(tree));
    if (!ticked) co_return passed_on(ticked);
    candidate.tree = std::move(*ticked);
  }
  auto commit = co_await committed(git, request, std::move(merge_tree), candidate.tree);
  if (!commit) co_return passed_on(commit);
  candidate.commit = std::move(*commit);

  failpoint("git.candidate");
  const auto kept = co_await kept_under(git, request.candidate_ref, candidate.commit);
  if (!kept) co_return passed_on(kept);
  co_return candidate;
}

}  // namespace

Job<Landing> prepare_landing(GitContext& git, LandingRequest request) {
  // Until its ref is written, `git gc --prune=now` takes the candidate for garbage.
  for (int number = 1;; ++number) {
    auto landing = co_await merged(git, request);
    if (!landing && landing.error().fault != Fault::Io) co_return landing;
    const auto* candidate = landing ? std::get_if<Candidate>(&*landing) : nullptr;
    if (landing && candidate == nullptr) co_return landing;
    std::vector<CommitId> known = {request.onto};
    if (candidate != nullptr) {
      const auto whole = co_await has_all_objects(git, candidate->commit, known);
      if (!whole) co_return passed_on(whole);
      if (*whole) co_return landing;
    }
    git.restart_gits();
    if (number < kMostCandidates) continue;
    const auto work = co_await has_all_objects(git, request.branch, std::move(known));
    if (work && !*work)
      co_return fail(Fault::Corrupt, "objects of {} are gone", shortened(request.branch));
    if (!landing) co_return landing;
    co_return pruned(candidate->commit);
  }
}

Job<LandOutcome> land(GitContext& git, std::string ref, CommitId candidate, CommitId onto) {
  const auto tip = co_await git::ref(git, ref);
  if (!tip) co_return passed_on(tip);
  if (!*tip) co_return fail(Fault::NotFound, "{} is gone", one_line(ref));
  const auto landed = co_await is_ancestor(git, candidate, **tip);
  if (landed && *landed) co_return Landed{true};
  if (landed && **tip != onto) co_return TipMoved{**tip};
  std::vector<CommitId> known = {onto};
  const auto whole = co_await has_all_objects(git, candidate, std::move(known));
  if (!whole) co_return passed_on(whole);
  if (!*whole)
    co_return fail(Fault::Corrupt, "objects of the candidate {} are gone", shortened(candidate));
  if (!landed) co_return passed_on(landed);
  if (constexpr std::string_view kBranches = "refs/heads/"; ref.starts_with(kBranches)) {
    const std::vector<Holder> holders = checked_out_at(git, ref.substr(kBranches.size()));
    if (!holders.empty())
      co_return hinted(fail(Fault::Refused, "{} is checked out at {}", one_line(ref),
                            one_line(holders.front().path.native())),
                       fmt::format("git -C {} switch --detach",
                                   shell_word(one_line(holders.front().path.native()))));
  }
  failpoint("git.land");
  RefChange move;
  move.name = ref;
  move.to = candidate;
  move.from = onto;
  move.message = "tmux-orch: landed";
  move.doing = "land on " + one_line(ref);
  const auto moved = co_await change_ref(git, std::move(move));
  failpoint("git.landed");
  if (moved) co_return Landed{false};
  const auto now = co_await git::ref(git, ref);
  if (!now) co_return passed_on(now);
  if (*now && **now != onto) co_return TipMoved{**now};
  co_return passed_on(moved);
}

}  // namespace orch::git
