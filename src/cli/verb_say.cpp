// blocked, notify: what an agent tells in its own words.
#include "cli/agent_context.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> words;
};

void add_options(OptionList& list, Options& options) {
  list.needed_words("TEXT", options.words, "what to tell");
}

template <ReportKind kKind>
int say(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  AgentReported event;
  event.kind = kKind;
  event.text = options.words.empty() ? "" : options.words[0];
  if (trim(event.text).empty())
    return complain(Error{Fault::BadInput, "there is no text", "say in a few words what it is"});
  return report(*context, event);
}

}  // namespace

const Verb kBlockedVerb{"blocked", kAgents, "say that the task cannot go on, and why",
                        "tmux-orch blocked \"the API key is missing\"",
                        begin<add_options, say<ReportKind::Blocked>>};
const Verb kNotifyVerb{"notify", kAgents, "tell the user something",
                       "tmux-orch notify \"found a second bug\"",
                       begin<add_options, say<ReportKind::Notify>>};

}  // namespace orch::cli
