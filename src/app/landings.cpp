// Effects that bring work together.
#include "app/landings.hpp"

#include "app/candidate.hpp"
#include "app/executor.hpp"
#include "app/leftovers.hpp"
#include "app/regeneration.hpp"
#include "app/report_files.hpp"
#include "app/reserved.hpp"
#include "app/run_on_disk.hpp"
#include "app/task_marks.hpp"
#include "app/undo.hpp"
#include "app/weakened_tests.hpp"
#include "git/conflict_marks.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/log.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/base/variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace orch::app {
namespace {

/// What this run needs no more: its candidates, and its branch if the base has all of it. A run
/// that goes on after all makes the branch again.
loop::Job<Result<std::size_t>> drop_leftovers(git::Repository& git, const State& state,
                                              const store::RunInfo& info) {
  const std::vector<store::RunInfo> run = {info};
  const Result<std::optional<CommitId>> base = co_await git.branch_tip(state.run.rules.base);
  if (!base) co_return passed_on(base);
  std::vector<std::string> patterns = leftover_patterns(run);
  CommitId tip = base->value_or(CommitId{});
  Result<std::vector<git::OwnRef>> refs =
      co_await git.own_refs(std::move(patterns), std::move(tip));
  if (!refs) co_return passed_on(refs);
  const LeftoverRule rule{.runs_over = {info.id}};
  std::vector<git::OwnRef> going;
  for (Leftover& leftover : judge_leftovers(std::move(*refs), run, rule)) {
    if (leftover.may_go && !leftover.ref.name.starts_with("refs/orch/rescue/"))
      going.push_back(std::move(leftover.ref));
  }
  co_return co_await git.drop_refs(std::move(going));
}

loop::Job<bool> has_marks(git::Repository& git, CommitId commit, std::string file) {
  const Result<std::optional<std::string>> text = co_await git.show_file(commit, file);
  co_return text&&* text&& git::has_conflict_marks(**text);
}

/// Has work been merged into its worktree that its agent had delegated?
bool has_taken_in(const State& state, const TaskId& id) {
  return std::ranges::any_of(state.tasks, [&id](const TaskRecord& task) {
    return task.is_delivered() && task.plan.spec.made_by == id.value;
  });
}

/// Whoever resolves a conflict may forget a part of it, or commit all as it is. Where conflicts
/// were is known of those with what had landed; what was delegated may have conflicted in any file
/// that the task has changed, and `tip` had marks there before.
loop::Job<LandingConflicts> marks_left(git::Repository& git, const State& state, TaskId id,
                                       git::Candidate candidate, CommitId tip) {
  constexpr std::size_t kMostFiles = 200;
  LandingConflicts left;
  const TaskRecord* task = state.find(id);
  if (task == nullptr) co_return left;
  const Reason why = task->returned.why;
  const bool had_some = why.kind == ReasonKind::Conflicting || why.kind == ReasonKind::MarksLeft;
  const std::vector<std::string> known = had_some ? why.names : std::vector<std::string>();
  for (const std::string& file : known) {
    if (co_await has_marks(git, candidate.commit, file)) left.files.push_back(file);
  }
  std::vector<std::string> others;
  if (has_taken_in(state, id) && !task->returned.as_is) others = std::move(candidate.files);
  if (others.size() > kMostFiles) others.resize(kMostFiles);
  for (const std::string& file : others) {
    if (std::ranges::find(known, file) != known.end()) continue;
    if (!co_await has_marks(git, candidate.commit, file)) continue;
    if (!co_await has_marks(git, tip, file)) left.files.push_back(one_line(file, 200));
  }
  left.marks = !left.files.empty();
  co_return left;
}

/// Those of the protected files that the user has not been told of. Of very many some are named,
/// and stand for all.
std::vector<std::string> not_seen(std::vector<std::string> files,
                                  const std::vector<std::string>& seen) {
  constexpr std::size_t kMostNamed = 200;
  for (std::string& file : files)
    file = one_line(file, 200);
  std::erase_if(files, [&seen](const std::string& file) {
    return seen.size() >= kMostNamed || std::ranges::find(seen, file) != seen.end();
  });
  if (files.empty()) return files;
  files.insert(files.end(), seen.begin(), seen.end());
  if (files.size() > kMostNamed) files.resize(kMostNamed);
  return files;
}

/// Of the work itself, not of what was made to land it.
NotDone objects_gone(const Error& error, const TaskId& task) {
  return {.why = fmt::format("{}, as after `git gc --prune=now`", error.what),
          .hint = fmt::format("`{}` lands the files of its worktree, `{}` starts it again and "
                              "saves them",
                              call_about("merge", task.value), call_about("retry", task.value)),
          .whole = true};
}

/// Where the user signs at the end: what they run then, unless they have.
loop::Job<Result<std::optional<StayedBehind>>> left_to_sign(git::Repository& git,
                                                            const State& state,
                                                            const RunContext& context,
                                                            CommitId target) {
  const Result<git::SignWhen> sign = co_await git.signing();
  if (!sign) co_return passed_on(sign);
  if (*sign != git::SignWhen::AtEnd) co_return std::nullopt;
  const std::string& base = state.run.rules.base;
  const Result<std::optional<CommitId>> tip = co_await git.branch_tip(base);
  if (!tip) co_return passed_on(tip);
  if (*tip) {
    const Result<bool> there = co_await git.is_ancestor(target, **tip);
    if (!there) co_return passed_on(there);
    if (*there) co_return std::nullopt;
  }
  const std::vector<git::Holder> holders = git.checked_out_at(base);
  const fs::path checkout = holders.empty() ? git.root() : holders.front().path;
  co_return StayedBehind{
      "what landed is not signed, as you do it yourself",
      fmt::format("git -C {} merge --no-ff --no-overwrite-ignore -S {}",
                  shell_word(checkout.native()), shell_word(context.info.integration))};
}

}  // namespace

Landings::Landings(loop::Loop& loop, git::Repository& git, const State& state,
                   const RunContext& context, TaskMarks& marks, Regeneration& regeneration)
    : loop_(loop),
      git_(git),
      state_(state),
      context_(context),
      marks_(marks),
      regeneration_(regeneration),
      protected_(context.config.merge.protected_files, LetterCase::Any) {}

loop::Job<PrepareLanding::Ends> Landings::prepare(const PrepareLanding& effect) {
  if (!effect.undo.value.empty()) {
    auto ask_undo = prepare_undo(git_, state_, context_, marks_, regeneration_, effect);
    co_return co_await ask_undo;
  }
  const Result<git::Identity> identity = co_await git_.identity();
  if (!identity) co_return not_done(identity.error());
  git::LandingRequest request;
  request.onto = effect.onto;
  request.branch = effect.work;
  request.message = message_of(state_, context_.info.id, effect.task);
  request.identity = *identity;
  request.squash = context_.config.merge.strategy == Strategy::Squash && !effect.task.value.empty();
  if (context_.config.merge.strategy == Strategy::Rebase && !effect.task.value.empty())
    request.part_trailer = fmt::format("Orch-Part: {}\n", one_line(effect.task.value));
  request.candidate_ref = candidate_ref(context_, effect.task);
  auto ask_file = marks_.landing_file(effect.task);
  request.task_file = co_await ask_file;
  if (!effect.task.value.empty()) reserve_places(context_, state_, request);
  request.is_generated = [this](const std::string& path) { return regeneration_.makes(path); };
  if (!effect.task.value.empty()) request.linked = context_.config.worktree_setup.link;
  const Result<git::Landing> landing = co_await git_.prepare_landing(request);
  if (!landing && landing.error().fault == Fault::Corrupt && !effect.task.value.empty())
    co_return objects_gone(landing.error(), effect.task);
  if (!landing) co_return not_done(landing.error());
  if (const auto* conflict = std::get_if<git::MergeConflict>(&*landing)) {
    LandingConflicts conflicts;
    for (const std::string& file : conflict->files)
      conflicts.files.push_back(one_line(file, 200));
    co_return conflicts;
  }
  if (const auto* ours = std::get_if<git::TouchesOurs>(&*landing))
    co_return touches_ours(context_.paths, state_, effect, *ours);
  const auto& made = std::get<git::Candidate>(*landing);
  CommitId candidate = made.commit;
  if (!made.generated.empty()) {
    git::GeneratedRequest anew{.candidate = candidate,
                               .files = made.generated,
                               .identity = *identity,
                               .candidate_ref = request.candidate_ref};
    const Result<CommitId> with_files = co_await regeneration_.run(std::move(anew));
    if (!with_files) co_return not_done(with_files.error());
    candidate = *with_files;
  }
  git::Candidate to_check = made;
  to_check.commit = candidate;
  auto ask_marks = marks_left(git_, state_, effect.task, std::move(to_check), effect.onto);
  LandingConflicts left = co_await ask_marks;
  if (left.marks) co_return left;
  LandingProtected unseen;
  if (!effect.task.value.empty())
    unseen.files = not_seen(protected_.among(made.files), effect.seen);
  if (!unseen.files.empty()) co_return unseen;
  LandingPrepared prepared{candidate};
  if (!effect.task.value.empty()) {
    auto ask_tests = weakened_tests(git_, effect.onto, candidate, made.files);
    prepared.weakened = co_await ask_tests;
  }
  co_return prepared;
}

loop::Job<Result<Checks>> Landings::checks(const TestLanding& effect) {
  std::vector<std::string> changed;
  if (checks_by_file(context_.config)) {
    Result<std::vector<std::string>> files =
        co_await git_.changed_files(effect.onto, effect.candidate);
    if (!files) co_return passed_on(files);
    changed = std::move(*files);
  }
  co_return checks_for(context_.config, state_, effect, changed);
}

Checks Landings::base_checks() const {
  return all_tests(context_.config);
}

/// The candidate as it lands: made on the tip, and signed where the user wants that.
loop::Job<Result<CommitId>> Landings::what_lands(const Land& effect) {
  const std::string ref = "refs/heads/" + context_.info.integration;
  const std::string kept = candidate_ref(context_, effect.task);
  CommitId commit = effect.candidate;
  if (effect.remake || !effect.with.empty()) {
    const Result<git::Identity> identity = co_await git_.identity();
    if (!identity) co_return passed_on(identity);
    git::RemakeRequest request;
    request.candidate = effect.candidate;
    request.onto = effect.onto;
    if (!effect.with.empty()) request.message = message_of_all(state_, context_.info.id, effect);
    request.identity = *identity;
    request.candidate_ref = kept;
    const Result<CommitId> made = co_await git_.made_on_tip(std::move(request));
    if (!made) co_return passed_on(made);
    commit = *made;
  }
  const Result<git::SignWhen> sign = co_await git_.signing();
  if (!sign) co_return passed_on(sign);
  if (*sign != git::SignWhen::AtLanding) co_return commit;
  co_return co_await git_.signed_candidate(commit, kept, ref);
}

loop::Job<Land::Ends> Landings::land(const Land& effect) {
  const std::string ref = "refs/heads/" + context_.info.integration;
  const Result<CommitId> commit = co_await what_lands(effect);
  if (!commit) {
    std::vector<CommitId> known = {effect.onto};
    const Result<bool> whole = co_await git_.has_all_objects(effect.candidate, std::move(known));
    if (whole && !*whole) co_return BranchMoved{effect.onto};
    co_return not_done(commit.error());
  }
  const CommitId candidate = *commit;
  Result<git::LandOutcome> landed = co_await git_.land(ref, candidate, effect.onto);
  if (!landed && landed.error().fault == Fault::NotFound) {
    // Somebody deleted the run's branch; what has landed is known without it.
    const Result<bool> made = co_await git_.ensure_branch(context_.info.integration, effect.onto);
    if (!made) co_return not_done(made.error());
    landed = co_await git_.land(ref, candidate, effect.onto);
  }
  if (!landed && landed.error().fault == Fault::Refused) {
    co_return NotDone{.why = landed.error().what, .hint = fmt::format("`{}`", landed.error().hint)};
  }
  // Objects of the candidate are gone: it is made anew, and tested if it is not the same.
  if (!landed && landed.error().fault == Fault::Corrupt) co_return BranchMoved{effect.onto};
  if (!landed) co_return not_done(landed.error());
  if (const auto* moved = std::get_if<git::TipMoved>(&*landed)) co_return BranchMoved{moved->tip};
  co_return Landed{candidate};
}

loop::Job<FollowBase::Ends> Landings::follow(const FollowBase& effect) {
  const Result<std::optional<StayedBehind>> unsigned_work =
      co_await left_to_sign(git_, state_, context_, effect.target);
  if (!unsigned_work) co_return not_done(unsigned_work.error());
  if (*unsigned_work) co_return **unsigned_work;
  git::FollowRequest request;
  request.branch = state_.run.rules.base;
  request.target = effect.target;
  request.target_name = context_.info.integration;
  request.edited = marks_.edited_files();
  const Result<git::FollowOutcome> followed = co_await git_.follow(request);
  if (!followed && followed.error().fault == Fault::NotFound) {
    co_return StayedBehind{
        .why = fmt::format("there is no branch '{}' any more", request.branch),
        .command = fmt::format("git branch {} {}; or with its new name: tmux-orch up --base NAME",
                               shell_word(request.branch), shell_word(context_.info.integration))};
  }
  if (!followed) co_return not_done(followed.error());
  co_return std::visit(Overloaded{
                           [](const git::Moved&) -> FollowBase::Ends { return Done{}; },
                           [](const git::AlreadyThere&) -> FollowBase::Ends { return Done{}; },
                           [](const git::Diverged& diverged) -> FollowBase::Ends {
                             return BranchMoved{diverged.tip};
                           },
                           [](const git::NotSafe& unsafe) -> FollowBase::Ends {
                             return StayedBehind{unsafe.why, unsafe.command};
                           },
                       },
                       *followed);
}

loop::Job<WriteReport::Ends> Landings::write_report() {
  // All that happened in a run may be much.
  const ReportSource source{with_absolute_paths(state_, context_.paths), context_.info,
                            context_.run, context_.paths};
  std::function<Status()> figures = [source] { return write_figures(source); };
  const Status written = co_await loop::off_loop<Status>(loop_, std::move(figures));
  if (!written) co_return not_done(written.error());
  std::function<Status()> whole = [source] { return write_page(source); };
  const Status page = co_await loop::off_loop<Status>(loop_, std::move(whole));
  // `report --html` makes it another time.
  if (!page) log_line(LogLevel::Warning, "{}", to_text(page.error()));
  const Result<std::size_t> dropped = co_await drop_leftovers(git_, state_, context_.info);
  // They take next to no room: `gc` takes them away another time.
  if (!dropped) log_line(LogLevel::Warning, "{}", to_text(dropped.error()));
  co_return Done{};
}

}  // namespace orch::app
