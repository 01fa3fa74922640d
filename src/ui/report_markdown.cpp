// The report as Markdown, to be pasted into an issue or read in an editor.
#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "ui/figures.hpp"
#include "ui/gate_times.hpp"
#include "ui/markup.hpp"
#include "ui/open_tasks.hpp"
#include "ui/report_page.hpp"
#include "ui/sentences.hpp"
#include "ui/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace orch::ui {
namespace {

using Out = std::back_insert_iterator<std::string>;

void add_figure_lines(std::string& text, const State& state, const ReportView& view) {
  const Figures figures = figures_of(state);
  fmt::format_to(Out(text), "# Run {}\n\n{} of {} tasks merged onto {}", markdown_text(view.run),
                 figures.successful, figures.total, markdown_text(state.run.rules.base));
  if (!view.task_file.empty())
    fmt::format_to(Out(text), ", from {}", markdown_text(view.task_file));
  text += ".\n\n| figure | |\n|---|---|\n";
  const auto add = [&](const char* name, const std::string& figure) {
    if (!figure.empty()) fmt::format_to(Out(text), "| {} | {} |\n", name, figure);
  };
  const auto add_count = [&](const char* name, int count) {
    add(name, count > 0 ? fmt::format("{}", count) : std::string());
  };
  add_count("failed", figures.failed);
  add_count("unreachable", figures.unreachable);
  add_count("aborted", figures.aborted);
  add_count("open", figures.open);
  add("delegated", delegated_text(figures));
  add("run", span_text(figures.parallel));
  add("work of agents", span_text(figures.sequential));
  add("speedup", fmt::format("{:.1f}", figures.speedup()));
  add("workers", fmt::format("{}", figures.workers));
  add("utilisation", fmt::format("{:.0f} %", 100 * figures.utilisation()));
  const UsageSum used = sum_of_run(state);
  add("tokens", tokens_cell(used));
  add("cost", cost_cell(used));
  if (!view.gates.empty()) add("tests and gates", span_text(time_of(view.gates)));
  add_count("blocked by gates", state.run.gate_blocks);
  add_count("failed tests", state.run.test_failures);
  add_count("flaky tests", state.run.flaky_tests);
}

void add_left_lines(std::string& text, const State& state) {
  std::string items;
  for (const OpenTask& open : open_tasks(state)) {
    fmt::format_to(Out(items), "- **{}** {}{}{}{}{}\n", markdown_text(open.id.value, 40),
                   markdown_text(open.state), open.why.empty() ? "" : ": ",
                   markdown_sentence(open.why), open.how.empty() ? "" : "; ",
                   markdown_sentence(open.how));
    if (!open.worktree.empty()) {
      fmt::format_to(Out(items), "  - worktree {}, branch {}\n", markdown_text(open.worktree),
                     markdown_text(open.branch));
    }
    for (const std::string& ref : open.rescues)
      fmt::format_to(Out(items), "  - saved as {}\n", markdown_text(ref));
  }
  for (const TaskRecord& task : state.tasks) {
    if (!is_left_to_user(state, task)) continue;
    fmt::format_to(Out(items), "- **{}** for you: {}\n", markdown_text(task.id().value, 40),
                   markdown_sentence(what_user_does(task)));
  }
  if (!state.run.why.empty())
    fmt::format_to(Out(items), "- {}\n", markdown_sentence(sentence(state.run.why)));
  if (!state.run.behind_why.empty()) {
    fmt::format_to(Out(items), "- {} does not follow: {}\n", markdown_text(state.run.rules.base),
                   markdown_sentence(sentence(state.run.behind_why)));
  }
  if (!items.empty()) text += "\n## Left to do\n\n" + items;
}

void add_weakened_lines(std::string& text, const State& state) {
  std::string items;
  for (const TaskRecord& task : state.tasks)
    for (const std::string& how : task.weakened)
      fmt::format_to(Out(items), "- **{}** {}\n", markdown_text(task.id().value, 40),
                     markdown_text(how));
  if (!items.empty()) text += "\n## Tests that tasks weakened\n\n" + items;
}

void add_wait_lines(std::string& text, const State& state, const Timeline& timeline) {
  const std::vector<WaitSum> sums = wait_sums(state, timeline);
  if (sums.empty()) return;
  text += "\n## What tasks waited for\n\n| for | in all | tasks | longest |\n|---|---|---|---|\n";
  for (const WaitSum& sum : sums) {
    fmt::format_to(Out(text), "| {} | {} | {} | {}, {} |\n", sum.cause, span_text(sum.sum),
                   sum.tasks, span_text(sum.longest), markdown_text(sum.who.value, 40));
  }
}

void add_gate_lines(std::string& text, const State& state, const ReportView& view) {
  const std::vector<GateTime> times = gate_times(state, view.gates);
  if (times.empty()) return;
  text +=
      "\n## Tests and gates\n\n| of | test or gate | runs | in all | failed | last failure |\n"
      "|---|---|---|---|---|---|\n";
  for (const GateTime& time : times) {
    const std::string& who = time.task.value.empty() ? state.run.rules.base : time.task.value;
    fmt::format_to(Out(text), "| {} | {}{} | {} | {} | {} | {} |\n", markdown_text(who, 40),
                   time.gate.empty() ? "" : markdown_text(time.gate, 40) + ": ",
                   markdown_text(time.command, 100), time.runs, span_text(time.took), time.failures,
                   time.failure);
  }
}

void add_tasks(std::string& text, const State& state) {
  text +=
      "\n## Tasks\n\n| task | state | agent | attempts | worked | tokens | cost | commit |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const TaskRecord& task : state.tasks) {
    if (!task.counts() && !task.plan.spec.coordinates()) continue;
    UsageSum used;
    add_used(used, state.run, task);
    fmt::format_to(Out(text), "| {} {} | {} | {} | {} | {} | {} | {} | {} |\n",
                   markdown_text(task.id().value, 40), markdown_text(task.plan.spec.title, 100),
                   shown_state(task), markdown_text(state.agent_of(task).kind, 30), task.attempts,
                   span_text(task.worked), tokens_cell(used), cost_cell(used),
                   markdown_text(task.merged.value.substr(0, 10)));
  }
}

/// What the event log has for those who watch a run.
constexpr std::array kNotTold{FactKind::TaskProgress, FactKind::TaskStarted, FactKind::TaskDone,
                              FactKind::TaskIdle,     FactKind::TaskTold,    FactKind::TaskReminded,
                              FactKind::TaskTicked,   FactKind::TaskSaved,   FactKind::BaseTested,
                              FactKind::Other};

bool is_told(const Fact& fact) {
  return std::ranges::find(kNotTold, fact.kind) == kNotTold.end();
}

void add_events(std::string& text, const Timeline& timeline, const std::vector<PastEvent>& past) {
  constexpr std::size_t kMost = 500;
  std::vector<std::string> lines;
  for (const PastEvent& event : past) {
    for (const Fact& fact : event.facts) {
      if (!is_told(fact)) continue;
      const std::string who =
          fact.task.value.empty() ? "" : "**" + markdown_text(fact.task.value, 40) + "** ";
      lines.push_back(fmt::format("- {} {}{}: {}\n", span_text(event.at - timeline.whole.from), who,
                                  markdown_text(to_text(fact.kind)),
                                  markdown_sentence(sentence(fact), 300)));
    }
  }
  if (lines.empty()) return;
  text += "\n## What happened\n\n";
  const std::size_t first = lines.size() > kMost ? lines.size() - kMost : 0;
  if (first > 0) fmt::format_to(Out(text), "- {} earlier: `tmux-orch events`\n", first);
  for (std::size_t i = first; i < lines.size(); ++i)
    text += lines[i];
}

}  // namespace

std::string report_markdown(const State& state, const Timeline& timeline,
                            const std::vector<PastEvent>& past, const ReportView& view) {
  std::string text;
  add_figure_lines(text, state, view);
  add_left_lines(text, state);
  add_weakened_lines(text, state);
  add_wait_lines(text, state, timeline);
  if (!timeline.conflicts.empty()) text += "\n## Conflicts\n\n";
  for (const Conflict& conflict : timeline.conflicts) {
    const std::string who = conflict.task.value.empty() ? "the base" : conflict.task.value;
    fmt::format_to(Out(text), "- {} **{}** {}\n", span_text(conflict.at - timeline.whole.from),
                   markdown_text(who, 40),
                   markdown_sentence(sentence(conflict.what, conflict.task)));
  }
  add_gate_lines(text, state, view);
  add_tasks(text, state);
  add_events(text, timeline, past);
  return text;
}

}  // namespace orch::ui
