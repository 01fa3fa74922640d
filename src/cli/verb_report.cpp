// report: the run's summary and figures.
#include "app/report_files.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/run_view.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "ui/lines.hpp"
#include "ui/status.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace orch::cli {
namespace {

constexpr std::string_view kPageStart = "<!DOCTYPE html>\n<html xmlns=";
constexpr std::string_view kMarkdownStart = "# Run ";

struct Options : JsonOptions {
  bool page = false;
  bool markdown = false;
  std::vector<std::string> file;  ///< one at most; none: the run's folder, or the standard output
};

void add_options(OptionList& list, Options& options) {
  list.flag("--html", options.page, "a page for a browser, into FILE or the run's folder");
  list.flag("--markdown", options.markdown, "the same as Markdown, into FILE or printed");
  add_json(list, options);
  list.words("FILE", options.file, "the file that is written; - prints it", 1);
}

/// Only a report is written over: the name may be one of the user's files by mistake.
Status may_write(const fs::path& file, std::string_view start) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(file, error))) return {};
  const Result<std::string> there = read_file(file);
  if (there && there->starts_with(start)) return {};
  return hinted(fail(Fault::Refused, "{} exists already", one_line(file.native())),
                "name another file, or `-` to print the report");
}

int write_report(const RunHandle& handle, const Options& options) {
  const app::ReportForm form = options.page ? app::ReportForm::Page : app::ReportForm::Markdown;
  const app::RunPaths run(handle.paths.run(handle.run.info.id));
  const std::string named = !options.file.empty() ? options.file.front()
                            : options.markdown    ? "-"
                                                  : "";
  const fs::path file = named.empty() ? run.report_page() : fs::absolute(named);
  const app::ReportSource source{handle.run.state, handle.run.info, run, handle.paths};
  const Result<std::string> text = app::report_text(source, form, file.parent_path());
  if (!text) return complain(text.error());
  if (named == "-") {
    print_file(*text);
    return status::kOk;
  }
  Status written = may_write(file, options.page ? kPageStart : kMarkdownStart);
  if (written) written = write_file(file, *text, 0600);
  if (!written) return complain(written.error());
  print(one_line(file.native()) + "\n");
  return status::kOk;
}

int wrong_call(const char* what) {
  return complain({Fault::BadInput, what, "`tmux-orch report --html FILE` or `--markdown FILE`"});
}

int report(const RunHandle& handle, const Options& options) {
  if (options.page && options.markdown) return wrong_call("--html and --markdown are two reports");
  if (options.page || options.markdown) return write_report(handle, options);
  if (!options.file.empty()) return wrong_call("a file is for --html or --markdown");
  const State state = as_of_now(handle.run.state);
  Result<std::vector<GateRun>> gates = app::gate_runs(handle.paths, handle.run.info.id);
  if (!gates) return complain(gates.error());
  ui::RunView view = view_of(handle);
  view.gates = std::move(*gates);
  options.json ? print_json(ui::report_json(state, view)) : print(ui::summary_text(state, view));
  return status::kOk;
}

}  // namespace

const Verb kReportVerb{"report", kPeople, "the run's summary and figures",
                       "tmux-orch report --html", begin<add_options, report>};

}  // namespace orch::cli
