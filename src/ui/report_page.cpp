// The report's page, from its head to what is left to do.
#include "ui/report_page.hpp"

#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "ui/figures.hpp"
#include "ui/gate_times.hpp"
#include "ui/markup.hpp"
#include "ui/open_tasks.hpp"
#include "ui/report_style.hpp"
#include "ui/sentences.hpp"
#include "ui/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace orch::ui {
namespace {

using Out = std::back_insert_iterator<std::string>;

void add_head(std::string& page, const ReportView& view) {
  fmt::format_to(
      Out(page),
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head>"
      "<meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\"/>"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\"/>"
      "<title>Run {}</title><style>{}</style></head><body>\n",
      html_text(view.run), kReportStyle);
}

void add_figure(std::string& page, const char* name, const std::string& figure) {
  fmt::format_to(Out(page), "<div><dt>{}</dt><dd>{}</dd></div>", name, html_text(figure));
}

void add_count(std::string& page, const char* name, int count) {
  if (count > 0) add_figure(page, name, fmt::format("{}", count));
}

void add_figures(std::string& page, const State& state, const ReportView& view) {
  const Figures figures = figures_of(state);
  const UsageSum used = sum_of_run(state);
  fmt::format_to(Out(page), "<h1>Run {}</h1>\n<p>{} of {} tasks merged onto <code>{}</code>",
                 html_text(view.run), figures.successful, figures.total,
                 html_text(state.run.rules.base));
  if (!view.task_file.empty())
    fmt::format_to(Out(page), ", from <code>{}</code>", html_text(view.task_file));
  if (const std::string delegated = delegated_text(figures); !delegated.empty())
    page += "; " + delegated;
  page += ".</p>\n<dl>";
  add_figure(page, "merged", fmt::format("{} / {}", figures.successful, figures.total));
  add_count(page, "failed", figures.failed);
  add_count(page, "unreachable", figures.unreachable);
  add_count(page, "aborted", figures.aborted);
  add_count(page, "open", figures.open);
  add_figure(page, "run", span_text(figures.parallel));
  add_figure(page, "work of agents", span_text(figures.sequential));
  add_figure(page, "speedup", fmt::format("{:.1f}", figures.speedup()));
  add_figure(page, "workers", fmt::format("{}", figures.workers));
  add_figure(page, "utilisation", fmt::format("{:.0f} %", 100 * figures.utilisation()));
  if (const std::string tokens = tokens_cell(used); !tokens.empty())
    add_figure(page, "tokens", tokens);
  if (const std::string cost = cost_cell(used); !cost.empty()) add_figure(page, "cost", cost);
  if (!view.gates.empty()) add_figure(page, "tests and gates", span_text(time_of(view.gates)));
  add_count(page, "blocked by gates", state.run.gate_blocks);
  add_count(page, "failed tests", state.run.test_failures);
  add_count(page, "flaky tests", state.run.flaky_tests);
  page += "</dl>\n";
}

void add_left(std::string& page, const State& state) {
  std::string items;
  for (const OpenTask& open : open_tasks(state)) {
    fmt::format_to(Out(items), "<li><code>{}</code> {}{}{}", html_text(open.id.value, 40),
                   html_text(open.state), open.why.empty() ? "" : ": ", html_sentence(open.why));
    if (!open.how.empty()) fmt::format_to(Out(items), "; {}", html_sentence(open.how));
    if (!open.worktree.empty()) {
      fmt::format_to(Out(items),
                     "<p class=\"dim\">worktree <code>{}</code>, branch <code>{}"
                     "</code></p>",
                     html_text(open.worktree), html_text(open.branch));
    }
    for (const std::string& ref : open.rescues)
      fmt::format_to(Out(items), "<p class=\"dim\">saved as <code>{}</code></p>", html_text(ref));
    items += "</li>\n";
  }
  for (const TaskRecord& task : state.tasks) {
    if (!is_left_to_user(state, task)) continue;
    fmt::format_to(Out(items), "<li><code>{}</code> for you: {}</li>\n",
                   html_text(task.id().value, 40), html_sentence(what_user_does(task)));
  }
  if (!state.run.why.empty())
    fmt::format_to(Out(items), "<li>{}</li>\n", html_sentence(sentence(state.run.why)));
  if (!state.run.behind_why.empty()) {
    fmt::format_to(Out(items), "<li><code>{}</code> does not follow: {}",
                   html_text(state.run.rules.base), html_sentence(sentence(state.run.behind_why)));
    if (!state.run.behind_command.empty())
      fmt::format_to(Out(items), "<p>Later: <code>{}</code></p>",
                     html_text(state.run.behind_command));
    items += "</li>\n";
  }
  if (items.empty()) return;
  fmt::format_to(Out(page), "<h2>Left to do</h2>\n<ul>\n{}</ul>\n", items);
}

void add_weakened(std::string& page, const State& state) {
  std::string items;
  for (const TaskRecord& task : state.tasks)
    for (const std::string& how : task.weakened)
      fmt::format_to(Out(items), "<li><code>{}</code> {}</li>\n", html_text(task.id().value, 40),
                     html_text(how));
  if (items.empty()) return;
  fmt::format_to(Out(page), "<h2>Tests that tasks weakened</h2>\n<ul>\n{}</ul>\n", items);
}

void add_waits(std::string& page, const State& state, const Timeline& timeline) {
  const std::vector<WaitSum> sums = wait_sums(state, timeline);
  if (sums.empty()) return;
  page +=
      "<h2>What tasks waited for</h2>\n<table class=\"waits\"><thead><tr><th>for</th>"
      "<th>in all</th><th>tasks</th><th>longest</th></tr></thead><tbody>\n";
  for (const WaitSum& sum : sums) {
    fmt::format_to(Out(page),
                   "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}, <code>{}</code></td></tr>\n",
                   sum.cause, span_text(sum.sum), sum.tasks, span_text(sum.longest),
                   html_text(sum.who.value, 40));
  }
  page += "</tbody></table>\n";
}

void add_conflicts(std::string& page, const Timeline& timeline) {
  constexpr std::size_t kMost = 200;
  if (timeline.conflicts.empty()) return;
  page +=
      "<h2>Conflicts</h2>\n<table class=\"conflicts\"><thead><tr><th>after</th><th>task</th>"
      "<th>what</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(kMost, timeline.conflicts.size()); ++i) {
    const Conflict& conflict = timeline.conflicts[i];
    const std::string who = conflict.task.value.empty() ? "the base" : conflict.task.value;
    fmt::format_to(Out(page), "<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
                   span_text(conflict.at - timeline.whole.from), html_text(who, 40),
                   html_sentence(sentence(conflict.what, conflict.task)));
  }
  page += "</tbody></table>\n";
  if (timeline.conflicts.size() > kMost)
    fmt::format_to(Out(page), "<p>and {} more</p>\n", timeline.conflicts.size() - kMost);
}

void add_gate(std::string& page, const State& state, const GateTime& time) {
  const std::string& of = time.task.value.empty() ? state.run.rules.base : time.task.value;
  const std::string name = time.gate.empty() ? "" : html_text(time.gate, 40) + " ";
  fmt::format_to(Out(page), "<tr><td><code>{}</code></td><td>{}<code>{}</code></td>",
                 html_text(of, 40), name, html_text(time.command, 100));
  fmt::format_to(Out(page), "<td>{}</td><td>{}</td><td>", time.runs, span_text(time.took));
  if (time.failures > 1) fmt::format_to(Out(page), "{}, last: ", time.failures);
  page += time.failure;
  if (!time.log.empty())
    fmt::format_to(Out(page), " <a href=\"{}\">log</a>", html_text(time.log, 4000));
  page += "</td></tr>\n";
}

void add_gates(std::string& page, const State& state, const ReportView& view) {
  constexpr std::size_t kMost = 1000;
  const std::vector<GateTime> times = gate_times(state, view.gates);
  if (times.empty()) return;
  page +=
      "<h2>Tests and gates</h2>\n<table class=\"gates\"><thead><tr><th>of</th><th>test or gate"
      "</th><th>runs</th><th>in all</th><th>failed</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(kMost, times.size()); ++i)
    add_gate(page, state, times[i]);
  page += "</tbody></table>\n";
  if (times.size() > kMost) fmt::format_to(Out(page), "<p>and {} more</p>\n", times.size() - kMost);
}

const char* tone_of(TaskState state) {
  if (state == TaskState::Merged) return "good";
  return is_final(state) || state == TaskState::Blocked ? "bad" : "dim";
}

void add_task(std::string& page, const State& state, const TaskRecord& task, const Reason& why,
              const ReportView& view) {
  constexpr std::size_t kCommit = 10;
  UsageSum used;
  add_used(used, state.run, task);
  fmt::format_to(Out(page), "<tr><td class=\"s {}\">{}</td><td><code>{}</code> {}",
                 tone_of(task.state), shown_state(task), html_text(task.id().value, 40),
                 html_text(task.plan.spec.title, 100));
  if (!why.empty())
    fmt::format_to(Out(page), "<p>{}</p>", html_sentence(sentence(why, task.id()), 300));
  if (task.plan.spec.is_made())
    fmt::format_to(Out(page), "<p>made by {}</p>", html_text(task.plan.spec.made_by, 40));
  const std::string& kind = state.agent_of(task).kind;
  fmt::format_to(Out(page), "</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>",
                 html_text(kind, 30),
                 task.attempts > 0 ? fmt::format("{}", task.attempts) : std::string(),
                 task.worked > Span{0} ? span_text(task.worked) : std::string(), tokens_cell(used),
                 cost_cell(used));
  if (!task.merged.empty())
    fmt::format_to(Out(page), "<code>{}</code>", html_text(task.merged.value.substr(0, kCommit)));
  page += "</td><td>";
  if (const auto log = view.logs.find(task.id()); log != view.logs.end())
    fmt::format_to(Out(page), "<a href=\"{}\">log</a>", html_text(log->second, 4000));
  page += "</td></tr>\n";
}

void add_tasks(std::string& page, const State& state, const ReportView& view) {
  page +=
      "<h2>Tasks</h2>\n<table class=\"tasks\"><thead><tr><th>state</th><th>task</th><th>agent</th>"
      "<th>attempts</th><th>worked</th><th>tokens</th><th>cost</th><th>commit</th><th></th></tr>"
      "</thead><tbody>\n";
  const WaitingReasons reasons(state);
  for (const TaskRecord& task : state.tasks)
    if (task.counts() || task.plan.spec.coordinates())
      add_task(page, state, task, reasons.shown(task), view);
  page += "</tbody></table>\n";
}

}  // namespace

std::vector<WaitSum> wait_sums(const State& state, const Timeline& timeline) {
  std::vector<WaitSum> sums;
  for (const WaitCause& cause : kWaitCauses)
    sums.push_back({.cause = cause.name, .sum = {}, .tasks = 0, .longest = {}, .who = {}});
  for (std::size_t place = 0; place < state.tasks.size(); ++place) {
    if (!state.tasks[place].counts()) continue;
    const Waits waits = waits_of(state, timeline, place);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const Span span = waits.*kWaitCauses[i].span;
      if (span <= Span{0}) continue;
      sums[i].sum += span;
      ++sums[i].tasks;
      if (span <= sums[i].longest) continue;
      sums[i].longest = span;
      sums[i].who = state.tasks[place].id();
    }
  }
  std::erase_if(sums, [](const WaitSum& sum) { return sum.tasks == 0; });
  return sums;
}

std::string report_page(const State& state, const Timeline& timeline, const ReportView& view) {
  std::string page;
  add_head(page, view);
  add_figures(page, state, view);
  add_left(page, state);
  add_weakened(page, state);
  page += "<h2>Where the time went</h2>\n" + timeline_html(state, timeline);
  add_waits(page, state, timeline);
  add_conflicts(page, timeline);
  add_gates(page, state, view);
  add_tasks(page, state, view);
  return page + "</body></html>\n";
}

}  // namespace orch::ui
