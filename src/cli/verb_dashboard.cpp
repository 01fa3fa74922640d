// dashboard: the run on all of the terminal, and keys to act.
#include "cli/dashboard.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/run_view.hpp"
#include "cli/say.hpp"
#include "cli/verbs.hpp"
#include "ui/status.hpp"

namespace orch::cli {
namespace {

int dashboard(const RunHandle& handle, const NoOptions&) {
  if (is_in_agents_pane())
    return complain(Error{Fault::Refused, "the dashboard is for the user",
                          "`tmux-orch status` shows the same"});
  const Status shown = show_dashboard(handle, Place::Terminal);
  if (shown) return status::kOk;
  if (!shown.error().hint.empty()) complain(shown.error());
  print(ui::status_text(handle.run.state, view_of(handle)));
  return status::kOk;
}

}  // namespace

const Verb kDashboardVerb{"dashboard", kPeople, "the run on all of the terminal, with keys to act",
                          "tmux-orch dashboard", begin<no_options, dashboard>};

}  // namespace orch::cli
