#pragma once
// The report on a run as a page and as Markdown, from what is stored of it.
#include "app/paths.hpp"
#include "orch/base/result.hpp"
#include "orch/core/state.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace orch::app {

enum class ReportForm : std::uint8_t { Page, Markdown };

/// All that a report is made of; nothing in it changes any more.
struct ReportSource {
  State state;  ///< with absolute paths
  store::RunInfo info;
  RunPaths run;
  std::filesystem::path database;
};

/// For a file in `folder`, from where its links lead to the output of agents. Reads the run's
/// stored events, and that takes longer the longer the run was.
Result<std::string> report_text(const ReportSource& source, ReportForm form,
                                const std::filesystem::path& folder);

}  // namespace orch::app
