// From the file of a ref to a commit that is not ours.
#include "app/integration_watch.hpp"

#include "app/git_pointer.hpp"

#include <chrono>
#include <utility>

namespace orch::app {
namespace {

constexpr Span kBetweenLooks = std::chrono::seconds(10);

}  // namespace

IntegrationWatch::IntegrationWatch(const State& state, const port::Clock& clock,
                                   std::filesystem::path ref, std::function<void(Event)> post)
    : state_(state), clock_(clock), ref_(std::move(ref)), post_(std::move(post)) {}

void IntegrationWatch::look() {
  const RunRecord& run = state_.run;
  if (clock_.now() - looked_ < kBetweenLooks) return;
  if (run.phase != RunPhase::Running || run.landing_under_way() != nullptr) return;
  looked_ = clock_.now();
  const CommitId tip{commit_in(ref_.parent_path(), ref_.filename().string())};
  if (tip.value.empty() || tip == run.integration || tip == told_) return;
  told_ = tip;
  post_(IntegrationMoved{tip});
}

}  // namespace orch::app
