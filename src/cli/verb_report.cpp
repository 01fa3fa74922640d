// report: the run's summary and figures.
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/run_view.hpp"
#include "cli/verbs.hpp"
#include "ui/lines.hpp"
#include "ui/status.hpp"

#include <algorithm>

namespace orch::cli {
namespace {

int report(const RunHandle& handle, const JsonOptions& options) {
  State state = handle.run.state;
  if (state.run.ended < state.run.started || state.run.ended == Time{}) {
    // Not over yet: the figures are as of the last event.
    for (const TaskRecord& task : state.tasks) {
      state.run.ended = std::max(state.run.ended, task.changed_at);
    }
  }
  const ui::RunView view = view_of(handle);
  options.json ? print_json(ui::report_json(state, view)) : print(ui::summary_text(state, view));
  return status::kOk;
}

}  // namespace

const Verb kReportVerb{"report", kPeople, "the run's summary and figures",
                       "tmux-orch report --json", begin<add_json, report>};

}  // namespace orch::cli
