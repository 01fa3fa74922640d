// delegate: the agent of a task has another one do a part of it.
#include "app/reminders.hpp"
#include "cli/agent_context.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/say.hpp"
#include "cli/verbs.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> words;  ///< the kind of agent, and the text
};

void add_options(OptionList& list, Options& options) {
  list.needed_words("KIND TEXT", options.words, "the kind of agent, and what it is told");
}

/// Where its branch begins: at what is committed here.
Result<git::WorktreeStatus> look_at_worktree(const AgentContext& context) {
  const Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return passed_on(facts);
  const OpenedGit git = open_git_as_agent(*facts);
  if (!git) return passed_on(git);
  return (*git)->wait((*git)->repository.status_of(context.agent().worktree));
}

int delegate(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  if (options.words.size() != 2) {
    return complain(Error{Fault::BadInput, "a kind of agent and one text are needed",
                          "tmux-orch delegate codex 'write the tests for src/parser.c'"});
  }
  const Result<git::WorktreeStatus> work = look_at_worktree(*context);
  if (!work) return complain(work.error());
  AgentReported report;
  report.kind = ReportKind::Delegate;
  report.to = one_line(options.words[0], 80);
  report.text = options.words[1];
  report.head = work->head;
  const Result<std::string> answer = ask_now(*context, report);
  if (!answer) return complain(answer.error());
  // Its turn may end before the supervisor says so.
  app::mark(context->folder, app::kQuiet, true);
  const std::string& id = *answer;
  print(fmt::format(
      "{} is made. End your turn when you have nothing else to do: you are told what came of it.\n",
      id.empty() ? "the task" : one_line(id, 80)));
  if (work->changes.count > 0)
    print("What you have not committed is not there: it begins at your last commit.\n");
  return status::kOk;
}

}  // namespace

const Verb kDelegateVerb{"delegate", kAgents, "have another agent do a part of the task",
                         "tmux-orch delegate codex 'write the tests for src/parser.c'",
                         begin<add_options, delegate>};

}  // namespace orch::cli
