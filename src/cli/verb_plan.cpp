// `plan`: what `up` would do, and nothing is started.
#include "cli/coordinator_choice.hpp"
#include "cli/dry_run.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "ui/plan_text.hpp"

namespace orch::cli {

namespace {

struct Options : PlanOptions, JsonOptions {
  bool dot = false;
  std::string explain;  ///< of this task
};

void add_options(OptionList& list, Options& options) {
  add_plan(list, options);
  list.flag("--dot", options.dot, "print a graph for Graphviz");
  list.text("--explain", options.explain, "why this task is as it is");
  add_json(list, options);
}

int plan(const Options& options) {
  auto prepared = prepare(options, false);
  if (!prepared) return prepared.error();
  const Result<std::string> coordinator = chosen_coordinator(*prepared);
  if (!coordinator) return complain(coordinator.error());
  prepared->view.coordinator = *coordinator;
  compare_rules(*prepared);
  if (!options.explain.empty()) {
    const auto text = ui::plan_explanation(prepared->plan, prepared->file, options.explain);
    if (!text) return complain(text.error());
    print(*text);
  } else if (options.json) {
    print_json(ui::plan_json(prepared->plan, prepared->view, prepared->file));
  } else if (options.dot) {
    print(ui::plan_dot(prepared->plan, prepared->view));
  } else {
    print(ui::plan_text(prepared->plan, prepared->view, prepared->file));
  }
  return prepared->has_errors ? status::kError : status::kOk;
}

}  // namespace

int dry_run(const PlanOptions& options) {
  return plan({options, {}, false, {}});
}

const Verb kPlanVerb{"plan", kPeople, "show what `up` would do, and start nothing",
                     "tmux-orch plan tasks.md --json", begin<add_options, plan>};

}  // namespace orch::cli
