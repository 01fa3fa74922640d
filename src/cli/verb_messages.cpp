// messages: what agents were told, or are to be.
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "ui/messages.hpp"

namespace orch::cli {
namespace {

int show_messages(const RunHandle& handle, const JsonOptions& options) {
  const State& state = handle.run.state;
  options.json ? print_json(ui::messages_json(state)) : print(ui::messages_text(state));
  return status::kOk;
}

}  // namespace

const Verb kMessagesVerb{"messages", kPeople, "what agents were told, and how far it is",
                         "tmux-orch messages", begin<add_json, show_messages>};

}  // namespace orch::cli
