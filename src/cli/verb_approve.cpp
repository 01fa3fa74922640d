// approve: the user's answer to the question that an agent asks on its screen.
#include "agents/screen/dialog.hpp"
#include "app/tmux_host.hpp"
#include "cli/ask.hpp"
#include "cli/ask_with_text.hpp"
#include "cli/blocking.hpp"
#include "cli/output.hpp"
#include "cli/pane_screen.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/once.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace orch::cli {
namespace {

struct Options : TaskOptions {
  bool deny = false;
  bool always = false;
  bool choose = false;
  std::string option;
  std::string question;
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent asks");
  list.flag("--deny", options.deny, "say no");
  list.flag("--always", options.always, "say yes, and to the same again in this run");
  list.flag("--choose", options.choose, "show the question with its options, and ask you");
  list.text("--option", options.option, "choose the option with this label, or that begins so");
  list.text("--question", options.question,
            "only if it is this question that it asks, as `status --json` names it");
}

Error asks_nothing(const TaskId& task) {
  return {Fault::NotFound,
          fmt::format("the agent of {} asks nothing that can be answered here",
                      one_line(task.value, 80)),
          fmt::format("`tmux-orch attach {}` shows its window", task.value)};
}

Error asks_another(const TaskId& task) {
  return {Fault::NotFound,
          fmt::format("the agent of {} asks something else by now", one_line(task.value, 80)),
          fmt::format("`{}` shows it", call_about("approve --choose", task.value))};
}

/// What its pane shows, if that is the question that is known.
Result<Dialog> shown_question(const RunHandle& handle, const AgentRun& agent) {
  const Result<Config> config = config_of(handle);
  if (!config) return passed_on(config);
  const Result<PaneScreen> shown = screen_in(handle, *config, agent);
  if (!shown) return passed_on(shown);
  const std::optional<Dialog> dialog = dialog_of(shown->screen);
  if (!dialog || dialog->id != agent.turn.question) return Failure(asks_nothing(agent.task));
  return *dialog;
}

/// What is asked of the supervisor, and for which label.
struct Answer {
  orch::Verb verb = orch::Verb::Answer;
  std::string label = "yes";
};

/// What the user chooses on the terminal; nothing: none.
std::optional<Answer> chosen_answer(const AgentRun& agent, const Dialog& dialog) {
  std::string text = fmt::format("{} asks: {}\n\n", one_line(agent.task.value, 80), dialog.text);
  for (std::size_t place = 0; place < dialog.options.size(); ++place)
    text += fmt::format("  {}. {}\n", place + 1, dialog.options[place].label);
  const bool may_always = agent.turn.ruling.subject.is_sure() && dialog.approving() != nullptr;
  if (may_always) text += "  a. Yes, and tmux-orch says yes to the same again in this run\n";
  print(text);
  const char answer = ask("\nthe number of your answer (Enter: none): ", '0');
  if (answer == 'a' && may_always) return Answer{orch::Verb::AnswerAlways};
  const auto place = static_cast<std::size_t>(answer - '1');
  if (answer < '1' || place >= dialog.options.size()) return std::nullopt;
  return Answer{.label = dialog.options[place].label};
}

/// A key binding has no terminal: the question opens on that of the client that pressed it.
int choose_in_popup(const RunHandle& handle, const Options& options, const std::string& window) {
  const Result<Config> config = config_of(handle);
  if (!config) return complain(config.error());
  const tmuxctl::Address address =
      app::tmux_server(config->tmux, handle.paths.repository()).address;
  Blocking blocking;
  // A client that has gone meanwhile does not want to know.
  (void)blocking.wait(
      tmuxctl::open_popup(blocking.children, address, options.client,
                          {own_program().string(), "-C", handle.paths.repository().string(),
                           "approve", "--choose", "--window", window}));
  return status::kOk;
}

/// Nothing: the user chose none.
std::optional<Answer> answer_of(const AgentRun& agent, const Dialog& dialog,
                                const Options& options) {
  if (options.always) return Answer{orch::Verb::AnswerAlways};
  if (options.deny) return Answer{.label = "no"};
  if (!options.option.empty()) return Answer{.label = options.option};
  if (!options.choose) return Answer{};
  return chosen_answer(agent, dialog);
}

int approve(const RunHandle& handle, const Options& options) {
  if (options.always && (options.deny || options.choose || !options.option.empty())) {
    return complain(Error{Fault::BadInput, "--always says yes, and no other option goes with it",
                          "tmux-orch approve T3 --always"});
  }
  const Result<TaskId> task = task_of(handle, options, "approve");
  if (!task) return complain(task.error());
  const TaskRecord* known = handle.run.state.find(*task);
  const AgentRun agent = known == nullptr ? AgentRun() : handle.run.state.agent_of(*known);
  if (options.choose && !options.client.empty())
    return choose_in_popup(handle, options, agent.window);
  if (agent.turn.question.empty()) return complain(asks_nothing(*task));
  if (!options.question.empty() && options.question != agent.turn.question)
    return complain(asks_another(*task));
  const Result<Dialog> dialog = shown_question(handle, agent);
  if (!dialog) return complain(dialog.error());
  const std::optional<Answer> answer = answer_of(agent, *dialog, options);
  if (!answer) return status::kOk;
  if (dialog->answered_by(answer->label) == nullptr) {
    return complain(Error{Fault::BadInput, dialog->no_option(answer->label),
                          fmt::format("`tmux-orch approve {} --option LABEL`", task->value)});
  }
  UserAsked request{answer->verb, *task, agent.turn.question};
  const Result<std::string> asked = ask_with_text(handle, std::move(request), answer->label);
  if (!asked) return complain(asked.error());
  const bool always = answer->verb == orch::Verb::AnswerAlways;
  print(fmt::format("'{}' is answered to{}: {}\n", one_line(answer->label, 80),
                    always ? ", and from now on in this run to the same" : "",
                    agent.turn.evidence));
  return status::kOk;
}

}  // namespace

const Verb kApproveVerb{"approve", kPeople, "answer the question that an agent asks",
                        "tmux-orch approve T3 --deny", begin<add_options, approve>};

}  // namespace orch::cli
