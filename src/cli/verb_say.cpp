// blocked, notify: what an agent tells in its own words.
#include "cli/agent_context.hpp"
#include "cli/output.hpp"
#include "cli/say.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> words;
};

void add_options(OptionList& list, Options& options) {
  list.needed_words("TEXT", options.words, "what to tell");
}

template <ReportKind kKind>
int tell(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  AgentReported event;
  event.kind = kKind;
  event.text = options.words.empty() ? "" : options.words[0];
  if (trim(event.text).empty())
    return complain(Error{Fault::BadInput, "there is no text", "say in a few words what it is"});
  if (kKind != ReportKind::Notify) return report(*context, event);
  const Result<std::string> said = say(*context, event);
  if (!said) return complain(said.error());
  print(fmt::format("{}: {}\n", one_line(context->task.value, 80), one_line(*said)));
  return status::kOk;
}

}  // namespace

const Verb kBlockedVerb{"blocked", kAgents, "say that the task cannot go on, and why",
                        "tmux-orch blocked \"the API key is missing\"",
                        begin<add_options, tell<ReportKind::Blocked>>};
const Verb kNotifyVerb{"notify", kAgents, "tell the user something",
                       "tmux-orch notify \"found a second bug\"",
                       begin<add_options, tell<ReportKind::Notify>>};

}  // namespace orch::cli
