// supervise: the supervisor itself.
#include "app/compose.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "loop/descriptors.hpp"
#include "orch/base/log.hpp"

namespace orch::cli {
namespace {

struct Options {
  std::string run;  ///< its id
};

void add_options(OptionList& list, Options& options) {
  list.needed_word("RUN", options.run, "the run's id");
}

Status supervise_here(const std::string& run) {
  // Before anything is opened: what is open by then counts.
  const Status enough = loop::check_descriptors("a run", loop::kDescriptorsOfRun);
  if (!enough) return enough;
  Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return passed_on(facts);
  const Result<fs::path> shim = find_shim();
  if (!shim) return passed_on(shim);
  return app::supervise(std::move(*facts), run, {.program = own_program(), .shim = *shim});
}

int supervise(const Options& options) {
  const Status ended = supervise_here(options.run);
  if (ended) return status::kOk;
  log_line(LogLevel::Error, "{}", to_text(ended.error()));
  return status::kError;
}

}  // namespace

const Verb kSuperviseVerb{"supervise", kHidden, "the supervisor itself; started by `up`",
                          "tmux-orch supervise 20260101-120000-0001",
                          begin<add_options, supervise>};

}  // namespace orch::cli
