// `plan`: what `up` would do, and nothing is started.
#include "cli/output.hpp"
#include "cli/prepare.hpp"
#include "cli/verbs.hpp"
#include "ui/plan_text.hpp"

namespace orch::cli {

int verb_plan(const Options& options) {
  const std::optional<Prepared> prepared = prepare(options, false);
  if (!prepared) return status::kError;
  if (!options.explain.empty()) {
    const auto text = ui::plan_explanation(prepared->plan, prepared->file, options.explain);
    if (!text) return complain(text.error());
    print(*text);
  } else if (options.json) {
    print_json(ui::plan_json(prepared->plan, prepared->view, prepared->file));
  } else if (options.dot) {
    print(ui::plan_dot(prepared->plan));
  } else {
    print(ui::plan_text(prepared->plan, prepared->view, prepared->file));
  }
  return prepared->has_errors ? status::kError : status::kOk;
}

}  // namespace orch::cli
