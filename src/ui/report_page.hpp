#pragma once
// The report on a run for people who were not there: a page of HTML that needs no network and no
// script, and the same as Markdown.
#include "orch/core/gate_run.hpp"
#include "orch/core/stage.hpp"
#include "orch/core/state.hpp"
#include "ui/timeline.hpp"

#include <map>
#include <string>
#include <vector>

namespace orch::ui {

/// What the report says besides the run's state.
struct ReportView {
  std::string run;
  std::string task_file;
  std::map<TaskId, std::string> logs;  ///< URLs of the output of the last attempts
  std::vector<GateRun> gates{};        ///< that have run; their logs are URLs, or empty
};

/// Well-formed XML as well. Whatever tasks and agents have written is text in it, cut to what can
/// be read in a row.
std::string report_page(const State& state, const Timeline& timeline, const ReportView& view);

/// The bars of workers and landings, and what their colours mean; a part of the page.
std::string timeline_html(const State& state, const Timeline& timeline);

/// `past` is what the timeline was made of.
std::string report_markdown(const State& state, const Timeline& timeline,
                            const std::vector<PastEvent>& past, const ReportView& view);

/// A cause of waiting, with what all tasks waited for it.
struct WaitCause {
  const char* name;
  Span Waits::*span;
};

/// In the order in which they are shown.
inline constexpr WaitCause kWaitCauses[] = {{"another task whose work it needs", &Waits::need},
                                            {"a file that another task had", &Waits::file},
                                            {"a worker, or leave to start", &Waits::worker},
                                            {"the tests of the base", &Waits::base},
                                            {"the tests of the merged tree", &Waits::tests},
                                            {"a review", &Waits::reviews},
                                            {"its turn to land", &Waits::queue},
                                            {"a person", &Waits::person},
                                            {"the run to go on", &Waits::stopped}};

/// One cause, over all tasks of the run.
struct WaitSum {
  const char* cause = "";
  Span sum{0};
  int tasks = 0;  ///< that waited for it
  Span longest{0};
  TaskId who;  ///< waited longest
};

/// Those causes that there were.
std::vector<WaitSum> wait_sums(const State& state, const Timeline& timeline);

}  // namespace orch::ui
