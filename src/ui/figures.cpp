// Counts the tasks of a run.
#include "ui/figures.hpp"

#include <fmt/format.h>

namespace orch::ui {
namespace {

double ratio(Span of, Span to) {
  return to.count() == 0 ? 0 : static_cast<double>(of.count()) / static_cast<double>(to.count());
}

void count(Figures& figures, TaskState state) {
  switch (state) {
    case TaskState::Merged: ++figures.successful; break;
    case TaskState::Failed: ++figures.failed; break;
    case TaskState::Unreachable: ++figures.unreachable; break;
    case TaskState::Aborted: ++figures.aborted; break;
    case TaskState::Waiting:
    case TaskState::Preparing:
    case TaskState::Running:
    case TaskState::Checking:
    case TaskState::Queued:
    case TaskState::Landing:
    case TaskState::PartLanded:
    case TaskState::Stopping:
    case TaskState::Saving:
    case TaskState::Blocked: ++figures.open; break;
  }
}

}  // namespace

double Figures::speedup() const {
  return ratio(sequential, parallel);
}

double Figures::utilisation() const {
  return ratio(sequential, parallel * workers);
}

Figures figures_of(const State& state) {
  Figures figures;
  figures.workers = state.run.rules.workers;
  figures.parallel = state.run.ended - state.run.started;
  for (const TaskRecord& task : state.tasks) {
    if (!task.counts()) continue;
    figures.sequential += task.worked;
    if (task.plan.spec.is_delegated()) {
      ++figures.delegated;
      figures.delivered += task.is_delivered() ? 1 : 0;
    } else {
      ++figures.total;
      count(figures, task.state);
    }
  }
  return figures;
}

std::string delegated_text(const Figures& figures) {
  if (figures.delegated == 0) return {};
  return fmt::format("{} of {} delegated by agents delivered to them", figures.delivered,
                     figures.delegated);
}

}  // namespace orch::ui
