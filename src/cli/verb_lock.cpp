// lock and unlock: what an agent changes besides the files that its task names.
#include "cli/agent_context.hpp"
#include "cli/output.hpp"
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
  list.words("PATH", options.paths, "files or folders; all, if none is named", 100);
}

/// From the root of the worktree; as it was named where it is not below it, so that it is refused.
std::string inner_path(const fs::path& worktree, const std::string& named) {
  std::error_code ec;
  fs::path here = fs::canonical(fs::current_path(ec), ec);
  const fs::path path = (here / named).lexically_normal();
  std::string inner = path.lexically_relative(fs::canonical(worktree, ec)).generic_string();
  if (inner.ends_with('/')) inner.pop_back();
  return inner.empty() || inner == "." || inner.starts_with("..") ? named : inner;
}

/// Has it locked any of these?
bool has_locked(const AgentContext& context, const std::vector<std::string>& paths) {
  return std::ranges::any_of(context.run.state.run.locks, [&](const FileLock& lock) {
    const bool is_meant = paths.empty() || std::ranges::find(paths, lock.path) != paths.end();
    return lock.task == context.task && is_meant;
  });
}

int say_paths(const Options& options, ReportKind kind, std::string_view done) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  const fs::path worktree = context->paths.found(context->agent().worktree);
  AgentReported report;
  report.kind = kind;
  for (const std::string& path : options.paths)
    report.items.push_back(inner_path(worktree, path));
  if (kind == ReportKind::Unlock && !has_locked(*context, report.items))
    return complain(Error{Fault::NotFound, "your task has locked none of these",
                          "`tmux-orch status --json` shows all locks"});
  const Result<std::string> answer = ask_now(*context, report);
  if (!answer) return complain(answer.error());
  print(fmt::format("{}\n", done));
  return status::kOk;
}

int lock(const Options& options) {
  return say_paths(options, ReportKind::Lock, "locked until your task is over");
}

int unlock(const Options& options) {
  return say_paths(options, ReportKind::Unlock, "unlocked");
}

}  // namespace

const Verb kLockVerb{"lock", kAgents, "keep others off files that you have to change",
                     "tmux-orch lock src/parser.c", begin<add_paths, lock>};
const Verb kUnlockVerb{"unlock", kAgents, "let others have them again",
                       "tmux-orch unlock src/parser.c", begin<add_some, unlock>};

}  // namespace orch::cli
