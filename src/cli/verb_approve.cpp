// approve: the user's answer to the question that an agent asks on its screen.
#include "cli/ask_with_text.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

struct Options : TaskOptions {
  bool deny = false;
  std::string option;
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent asks");
  list.flag("--deny", options.deny, "say no");
  list.text("--option", options.option, "choose the option with this label, or that begins so");
}

int approve(const RunHandle& handle, const Options& options) {
  const Result<TaskId> task = task_of(handle, options, "approve");
  if (!task) return complain(task.error());
  const TaskRecord* known = handle.run.state.find(*task);
  const AgentTurn turn = known == nullptr ? AgentTurn() : handle.run.state.agent_of(*known).turn;
  if (turn.question.empty()) {
    return complain(Error{Fault::NotFound,
                          fmt::format("the agent of {} asks nothing that can be answered here",
                                      one_line(task->value, 80)),
                          fmt::format("`tmux-orch attach {}` shows its window", task->value)});
  }
  UserAsked request{orch::Verb::Answer, *task, turn.question};
  const std::string answer = !options.option.empty() ? options.option : options.deny ? "no" : "yes";
  const Status asked = ask_with_text(handle, std::move(request), answer);
  if (!asked) return complain(asked.error());
  print(fmt::format("'{}' is answered to: {}\n", one_line(answer, 80), turn.evidence));
  return status::kOk;
}

}  // namespace

const Verb kApproveVerb{"approve", kPeople, "answer the question that an agent asks",
                        "tmux-orch approve T3 --deny", begin<add_options, approve>};

}  // namespace orch::cli
