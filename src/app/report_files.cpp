// From the database and the run's folder to the text of a report.
#include "app/report_files.hpp"

#include "orch/attempt/attempt.hpp"
#include "orch/core/stage.hpp"
#include "ui/markup.hpp"
#include "ui/report_page.hpp"

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

std::map<TaskId, std::string> log_urls(const ReportSource& source, const fs::path& folder) {
  std::map<TaskId, std::string> urls;
  const bool beside = folder == source.run.root();
  for (const TaskRecord& task : source.state.tasks) {
    if (task.attempts == 0) continue;
    const fs::path log = source.run.attempt(task.id(), task.attempts) / shim::attempt_file::kOutput;

    struct stat attributes {};

    // An agent may have put a link in its place.
    if (::lstat(log.c_str(), &attributes) != 0 || !S_ISREG(attributes.st_mode)) continue;
    const std::string path = beside ? log.lexically_relative(folder).native() : log.native();
    urls[task.id()] = (beside ? "" : "file://") + ui::url_path(path);
  }
  return urls;
}

}  // namespace

Result<std::string> report_text(const ReportSource& source, ReportForm form,
                                const fs::path& folder) {
  const Result<store::Store> store = store::Store::open(source.database, store::Access::ReadOnly);
  if (!store) return passed_on(store);
  const Result<std::vector<PastEvent>> past = store->history(source.info.id);
  if (!past) return passed_on(past);
  State state = source.state;
  state.run.ended = end_of(state, *past);
  const ui::Timeline timeline = ui::timeline_of(state, *past, state.run.ended);
  ui::ReportView view{.run = source.info.id,
                      .task_file = fs::path(source.info.task_file).filename().native(),
                      .logs = log_urls(source, folder)};
  return form == ReportForm::Page ? ui::report_page(state, timeline, view)
                                  : ui::report_markdown(state, timeline, *past, view);
}

}  // namespace orch::app
