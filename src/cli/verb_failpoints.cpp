// failpoints: where tests may kill the supervisor.
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/core/effect.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

int failpoints(const NoOptions&) {
  for (const std::string_view name : effect_names()) {
    for (const char* point : {"before_intent", "after_intent", "after_effect"}) {
      print(fmt::format("{}.{}\n", name, point));
    }
  }
  return status::kOk;
}

}  // namespace

const Verb kFailpointsVerb{"failpoints", kHidden, "the points where tests may kill the supervisor",
                           "tmux-orch failpoints", begin<no_options, failpoints>};

}  // namespace orch::cli
