// From the database and the run's folder to the text of a report.
#include "app/report_files.hpp"

#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/core/stage.hpp"
#include "ui/markup.hpp"
#include "ui/report_page.hpp"
#include "ui/status.hpp"

#include <sys/stat.h>

#include <map>
#include <vector>

namespace orch::app {
namespace {

/// A run under way is over as far as the report goes: with its last event.
Time end_of(const State& state, const std::vector<PastEvent>& past) {
  if (state.run.ended != Time{} && state.run.ended >= state.run.started) return state.run.ended;
  return past.empty() ? state.run.started : past.back().at;
}

/// Of a file, as a page in `folder` leads to it; empty: there is none. An agent may have put a link
/// in its place.
std::string url_of(const fs::path& file, const ReportSource& source, const fs::path& folder) {
  struct stat attributes {};

  if (::lstat(file.c_str(), &attributes) != 0 || !S_ISREG(attributes.st_mode)) return {};
  const bool beside = folder == source.run.root();
  const std::string path = beside ? file.lexically_relative(folder).native() : file.native();
  return (beside ? "" : "file://") + ui::url_path(path);
}

std::map<TaskId, std::string> log_urls(const ReportSource& source, const fs::path& folder) {
  std::map<TaskId, std::string> urls;
  for (const TaskRecord& task : source.state.tasks) {
    if (task.attempts == 0) continue;
    const fs::path log = source.run.attempt(task.id(), task.attempts) / shim::attempt_file::kOutput;
    std::string url = url_of(log, source, folder);
    if (!url.empty()) urls[task.id()] = std::move(url);
  }
  return urls;
}

}  // namespace

Result<std::vector<GateRun>> gate_runs(const Paths& paths, const std::string& run) {
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  return store->gate_runs(run);
}

Status write_figures(const ReportSource& source) {
  Result<std::vector<GateRun>> gates = gate_runs(source.paths, source.info.id);
  if (!gates) return passed_on(gates);
  ui::RunView view;
  view.run = source.info.id;
  view.gates = std::move(*gates);
  const std::string summary = ui::summary_text(source.state, view);
  if (Status written = write_file(source.run.summary(), summary, 0600); !written) return written;
  return write_file(source.run.report(), ui::report_json(source.state, view), 0600);
}

Status write_page(const ReportSource& source) {
  const Result<std::string> page = report_text(source, ReportForm::Page, source.run.root());
  if (!page) return passed_on(page);
  return write_file(source.run.report_page(), *page, 0600);
}

Result<std::string> report_text(const ReportSource& source, ReportForm form,
                                const fs::path& folder) {
  const Result<store::Store> store =
      store::Store::open(source.paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  const Result<std::vector<PastEvent>> past = store->history(source.info.id);
  if (!past) return passed_on(past);
  Result<std::vector<GateRun>> gates = store->gate_runs(source.info.id);
  if (!gates) return passed_on(gates);
  for (GateRun& gate : *gates)
    gate.log = gate.passed() ? "" : url_of(source.paths.found(gate.log), source, folder);
  State state = source.state;
  state.run.ended = end_of(state, *past);
  const ui::Timeline timeline = ui::timeline_of(state, *past, state.run.ended);
  ui::ReportView view{.run = source.info.id,
                      .task_file = fs::path(source.info.task_file).filename().native(),
                      .logs = log_urls(source, folder),
                      .gates = std::move(*gates)};
  return form == ReportForm::Page ? ui::report_page(state, timeline, view)
                                  : ui::report_markdown(state, timeline, *past, view);
}

}  // namespace orch::app
