// progress: the agent says how far its task is.
#include "cli/agent_context.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> words;  ///< the fraction, and a text
};

void add_options(OptionList& list, Options& options) {
  list.needed_words("FRACTION", options.words, "0 to 1, and a text if you like");
}

int progress(const Options& options) {
  const Result<AgentContext> context = find_agent_context();
  if (!context) return complain(context.error());
  AgentReported event;
  event.kind = ReportKind::Progress;
  char* end = nullptr;
  event.progress = std::strtod(options.words[0].c_str(), &end);
  const bool number = end != options.words[0].c_str() && *end == '\0';
  if (!number || !(event.progress >= 0 && event.progress <= 1)) {
    return complain(
        Error{Fault::BadInput,
              fmt::format("'{}' is not a number from 0 to 1", one_line(options.words[0], 40)),
              "tmux-orch progress 0.5 \"tests written\""});
  }
  if (options.words.size() > 1) event.text = options.words[1];
  return report(*context, event);
}

}  // namespace

const Verb kProgressVerb{"progress", kAgents, "say how far the task is, from 0 to 1",
                         "tmux-orch progress 0.5 \"tests written\"", begin<add_options, progress>};

}  // namespace orch::cli
