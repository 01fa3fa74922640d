// lock and unlock: what an agent changes besides the files that its task names. People take locks
// away.
#include "cli/agent_context.hpp"
#include "cli/ask_with_text.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/say.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
};

void add_paths(OptionList& list, Options& options) {
  list.needed_words("PATH", options.paths, "files or folders, as they are named here");
}

void add_some(OptionList& list, Options& options) {
  list.words("[TASK] [PATH]...", options.paths,
             "for you: the task, and what it has locked as `tmux-orch status` names it; for an "
             "agent: files or folders of its own; all, if none is named",
             100);
}

/// What an agent named, from the root of its worktree; empty: it is not below that.
struct Named {
  std::string path;
  std::string target;  ///< where its links lead
};

std::string below(const fs::path& worktree, const fs::path& path) {
  std::string inner = path.lexically_normal().lexically_relative(worktree).generic_string();
  if (inner.ends_with('/')) inner.pop_back();
  return inner == "." || inner.starts_with("..") ? std::string() : inner;
}

Named find_named(const fs::path& worktree, const std::string& text) {
  std::error_code ec;
  const fs::path root = fs::canonical(worktree, ec);
  const fs::path full = fs::canonical(fs::current_path(ec), ec) / text;
  const fs::path target = fs::weakly_canonical(full, ec);
  return {below(root, full), ec ? std::string() : below(root, target)};
}

/// Others may change a file by any of its names: its own is what counts. What is not below the
/// worktree stays as it was named, so that it is refused.
Result<std::vector<std::string>> targets_of(const fs::path& worktree,
                                            const std::vector<std::string>& paths) {
  std::vector<std::string> targets;
  for (const std::string& text : paths) {
    Named named = find_named(worktree, text);
    if (!named.path.empty() && named.target.empty())
      return hinted(fail(Fault::Refused, "'{}' leads out of the worktree", one_line(text, 200)),
                    "lock what is in the worktree itself");
    targets.push_back(named.path.empty() ? text : std::move(named.target));
  }
  return targets;
}

/// Has it locked any of these?
bool has_locked(const AgentContext& context, const std::vector<std::string>& paths) {
  return std::ranges::any_of(context.run.state.run.locks, [&](const FileLock& lock) {
    const bool is_meant = paths.empty() || std::ranges::find(paths, lock.path) != paths.end();
    return lock.task == context.task && is_meant;
  });
}

int say_paths(const AgentContext& context, ReportKind kind, std::vector<std::string> paths,
              const std::string& done) {
  AgentReported report;
  report.kind = kind;
  report.items = std::move(paths);
  const Result<std::string> answer = ask_now(context, report);
  if (!answer) return complain(answer.error());
  print(fmt::format("{}\n", done));
  return status::kOk;
}

int lock(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  if (context->record().plan.spec.coordinates())
    return complain(Error{Fault::Refused, "who coordinates changes no file, and so locks none",
                          "the agent of a task locks what it has to change"});
  const Result<std::vector<std::string>> paths =
      targets_of(context->paths.found(context->agent().worktree), options.paths);
  if (!paths) return complain(paths.error());
  return say_paths(*context, ReportKind::Lock, *paths,
                   fmt::format("locked until your task is over: {}", one_line(join(*paths, ", "))));
}

int unlock_as_agent(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  const fs::path worktree = context->paths.found(context->agent().worktree);
  std::vector<std::string> paths;
  for (const std::string& text : options.paths) {
    // A link may lead elsewhere by now.
    const Named named = find_named(worktree, text);
    paths.insert(paths.end(), {named.path, named.target});
  }
  if (!has_locked(*context, paths))
    return complain(Error{Fault::NotFound, "your task has locked none of these",
                          "`tmux-orch status` shows all locks"});
  return say_paths(*context, ReportKind::Unlock, std::move(paths), "unlocked");
}

int unlock_as_user(const Options& options) {
  const Result<RunHandle> handle = open_run();
  if (!handle) return complain(handle.error());
  TaskOptions named;
  named.words = options.paths;
  const Result<TaskId> task = task_of(*handle, named, "unlock");
  if (!task) return complain(task.error());
  const std::vector<std::string> paths(options.paths.begin() + 1, options.paths.end());
  const Result<std::string> answer =
      ask_with_text(*handle, UserAsked{orch::Verb::Unlock, *task}, join(paths, "\n"));
  if (!answer) return complain(answer.error());
  const std::string gone = paths.empty() ? "anything" : one_line(join(paths, ", "));
  print(fmt::format("{} does not have {} locked any more\n", one_line(task->value, 80), gone));
  return status::kOk;
}

int unlock(const Options& options) {
  return is_in_agents_pane() ? unlock_as_agent(options) : unlock_as_user(options);
}

}  // namespace

const Verb kLockVerb{"lock", kAgents, "keep others off files that you have to change",
                     "tmux-orch lock src/parser.c", begin<add_paths, lock>};
const Verb kUnlockVerb{"unlock", kAgents, "let others have them again",
                       "tmux-orch unlock src/parser.c", begin<add_some, unlock>};

}  // namespace orch::cli
