// Asks git's side what was made, and says why it cannot be kept.
#include "app/set_up_once.hpp"

#include "app/pool_place.hpp"
#include "app/trash_place.hpp"
#include "git/repository.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::app {
namespace {

/// Is there anything to be kept for, and anybody to keep it for?
bool is_wanted(const Config& config) {
  const WorktreeSetup& set_up = config.worktree_setup;
  return !set_up.fingerprint.empty() && !set_up.run.empty() && has_pool(config);
}

std::vector<std::string> brought_by(const WorktreeSetup& set_up,
                                    const std::vector<std::string>& included) {
  std::vector<std::string> brought = set_up.copy;
  brought.insert(brought.end(), included.begin(), included.end());
  brought.insert(brought.end(), set_up.link.begin(), set_up.link.end());
  return brought;
}

/// All of the configuration that decides what the commands make.
std::string text_of(const WorktreeSetup& set_up) {
  Record record;
  for (const std::string& path : set_up.copy)
    record.add("copy", path);
  for (const std::string& path : set_up.link)
    record.add("link", path);
  for (const std::vector<std::string>& argv : set_up.run) {
    record.add("run", static_cast<long long>(argv.size()));
    for (const std::string& word : argv)
      record.add("word", word);
  }
  for (const std::string& pattern : set_up.fingerprint)
    record.add("fingerprint", pattern);
  return record.encode();
}

}  // namespace

loop::Job<Result<MadeBefore>> made_before(git::Repository& git, const RunContext& context,
                                          fs::path worktree,
                                          const std::vector<std::string>& included) {
  const WorktreeSetup& set_up = context.config.worktree_setup;
  MadeBefore before;
  if (is_wanted(context.config)) {
    git::SetUpPrintRequest request;
    request.worktree = worktree;
    request.source = context.info.repository;
    request.brought = brought_by(set_up, included);
    request.patterns = set_up.fingerprint;
    request.settings = text_of(set_up);
    Result<git::SetUpPrint> print = co_await git.print_set_up(std::move(request));
    if (!print) co_return passed_on(print);
    before.print = std::move(print->print);
    for (const std::string& pattern : print->missing)
      before.notes.push_back(
          fmt::format("there is no {} for worktree_setup.fingerprint", one_line(pattern, 100)));
  }
  fs::path trash = trash_folder(context.paths.repository(), context.config.worktree);
  const Result<bool> made = co_await git.has_made(worktree, before.print, std::move(trash));
  if (!made) co_return passed_on(made);
  before.is_there = *made;
  co_return before;
}

loop::Job<Status> begin_making(git::Repository& git, const RunContext& context, fs::path worktree,
                               const std::vector<std::string>& included) {
  const WorktreeSetup& set_up = context.config.worktree_setup;
  if (set_up.copy.empty() && set_up.link.empty() && included.empty()) co_return Status();
  std::vector<std::string> links = set_up.link;
  const Result<bool> noted = co_await git.note_set_up(std::move(worktree), std::move(links));
  if (!noted) co_return passed_on(noted);
  co_return Status();
}

loop::Job<Result<std::string>> keep_made(git::Repository& git, const RunContext& context,
                                         fs::path worktree, std::string print,
                                         const std::vector<std::string>& included) {
  git::MadeRequest request;
  request.worktree = std::move(worktree);
  request.print = std::move(print);
  request.brought = brought_by(context.config.worktree_setup, included);
  request.keep = context.config.worktrees.keep;
  const Result<git::Made> made = co_await git.list_made(std::move(request));
  if (!made) co_return passed_on(made);
  if (made->is_kept || made->why_not.empty()) co_return std::string();
  if (made->names_folder)
    co_return fmt::format(
        "it {}, so no worktree is kept for another task: have it write paths that do not depend on "
        "the folder, or leave out worktree_setup.fingerprint",
        made->why_not);
  co_return fmt::format("it {}, so it runs for each task, whatever worktree_setup.fingerprint says",
                        made->why_not);
}

}  // namespace orch::app
