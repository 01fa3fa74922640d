#pragma once
// Has the person committed on the base what the run does not have yet?
#include "app/world.hpp"
#include "loop/job.hpp"
#include "orch/core/ids.hpp"

#include <optional>

namespace orch::app {

/// The base branch's tip if the integration branch does not contain it.
loop::Job<std::optional<CommitId>> base_news(World& world);

}  // namespace orch::app
