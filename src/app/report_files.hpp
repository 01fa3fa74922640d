#pragma once
// The reports on a run, from what is stored of it.
#include "app/paths.hpp"
#include "orch/base/result.hpp"
#include "orch/core/gate_run.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

enum class ReportForm : std::uint8_t { Page, Markdown };

/// All that a report is made of; nothing in it changes any more.
struct ReportSource {
  State state;  ///< with absolute paths
  store::RunInfo info;
  RunPaths run;
  Paths paths;
};

/// What tests and gates have run, for the summary and the metrics.
Result<std::vector<GateRun>> gate_runs(const Paths& paths, const std::string& run);

/// Summary and metrics, and the page, in the run's folder.
Status write_figures(const ReportSource& source);
Status write_page(const ReportSource& source);

/// For a file in `folder`, from where its links lead to the output of agents. Reads the run's
/// stored events, and that takes longer the longer the run was.
Result<std::string> report_text(const ReportSource& source, ReportForm form,
                                const std::filesystem::path& folder);

}  // namespace orch::app
