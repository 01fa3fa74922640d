// Git merges; the text says what came of it.
#include "app/return_work.hpp"

#include "agents/return_text.hpp"
#include "app/executor.hpp"
#include "app/merge_into.hpp"
#include "app/test_output.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {
namespace {

constexpr std::size_t kMostFiles = 4;
constexpr std::size_t kMostLines = 30;

/// What of the base is merged into whose worktree.
struct Place : WorktreePlace {
  CommitId base;
};

loop::Job<Result<git::BroughtBase>> bring(git::Repository& git, const State& state,
                                          const RunContext& context, Place place) {
  return merge_into(git, context, place, place.base, state.run.rules.base);
}

ReturnPlace told(const State& state, const RunContext& context, const Place& place,
                 const Reason& why) {
  ReturnPlace told;
  told.task = place.task.value;
  told.branch = state.run.rules.base;
  told.commit = place.base.value;
  told.reason = ui::sentence(why, place.task);
  if (is_of_check(why.kind)) told.output = last_lines(why.path);
  told.tests = context.config.merge.tests;
  return told;
}

/// What both sides have made of the files in which they conflict: of help, and not more.
loop::Job<std::vector<ReturnedFile>> files_of(git::Repository& git, CommitId work, CommitId base,
                                              std::vector<std::string> conflicts) {
  std::vector<ReturnedFile> files;
  Result<std::vector<git::ConflictSides>> sides = co_await git.sides_of(
      std::move(work), std::move(base), std::move(conflicts), kMostFiles, kMostLines);
  if (!sides) co_return files;
  for (git::ConflictSides& side : *sides)
    files.push_back(
        {std::move(side.path), std::move(side.own), std::move(side.others), std::move(side.by)});
  co_return files;
}

loop::Job<ReturnPlace> with_base(git::Repository& git, ReturnPlace told, Place place,
                                 git::BroughtBase brought) {
  switch (brought.how) {
    case git::BroughtBase::How::Merged: told.base = ReturnPlace::Base::Merged; break;
    case git::BroughtBase::How::NotDone: told.why_not = std::move(brought.why); break;
    case git::BroughtBase::How::Conflicts: {
      told.base = ReturnPlace::Base::Conflicts;
      told.conflicts = brought.conflicts;
      told.files = co_await files_of(git, std::move(place.work), std::move(place.base),
                                     std::move(brought.conflicts));
    }
  }
  co_return told;
}

std::string text_of(const RunContext& context, const std::string& agent, const ReturnPlace& told) {
  const auto profile = context.config.agents.find(agent);
  const bool is_known = profile != context.config.agents.end();
  return return_text(is_known ? profile->second : AgentProfile(), told);
}

}  // namespace

loop::Job<ReturnWork::Ends> return_work(git::Repository& git, const State& state,
                                        const RunContext& context, const ReturnWork& effect) {
  Place place{
      {effect.task, effect.attempt, effect.agent, effect.worktree, effect.branch, effect.work},
      effect.base};
  ReturnPlace what = told(state, context, place, effect.why);
  if (effect.untouched) {
    what.why_not = "a person is at work in its window";
  } else {
    Result<git::BroughtBase> brought = co_await bring(git, state, context, place);
    if (!brought) co_return not_done(brought.error());
    what = co_await with_base(git, std::move(what), std::move(place), std::move(*brought));
  }
  co_return WorkReturned{text_of(context, effect.agent, what)};
}

loop::Job<std::string> feedback_for(git::Repository& git, const State& state,
                                    const RunContext& context, const StartAgent& effect) {
  const TaskRecord* task = state.find(effect.task);
  const auto profile = context.config.agents.find(effect.agent);
  if (effect.last_failure.kind == ReasonKind::Answered) co_return effect.last_failure.text;
  if (task == nullptr || task->returned.why.empty() || profile == context.config.agents.end())
    co_return std::string();
  const CommitId work = task->returned.work;
  Place place{{effect.task, effect.attempt, effect.agent, effect.worktree, effect.branch, {}},
              state.run.integration};
  ReturnPlace what = told(state, context, place, task->returned.why);
  if (!profile->second.resumes) {
    what.base = ReturnPlace::Base::Fresh;
    if (!task->rescues.empty()) what.earlier = task->rescues.back();
    co_return text_of(context, effect.agent, what);
  }
  Result<git::BroughtBase> brought = co_await bring(git, state, context, place);
  place.work = work;
  if (brought) {
    what = co_await with_base(git, std::move(what), std::move(place), std::move(*brought));
  } else {
    what.why_not = brought.error().what;
  }
  co_return text_of(context, effect.agent, what);
}

}  // namespace orch::app
