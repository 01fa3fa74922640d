// Names and rules by the run's configuration.
#include "app/task_place.hpp"

#include "app/trash_place.hpp"
#include "config/names.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {

std::string reason_for(const RunContext& context, const TaskId& task) {
  return fmt::format("tmux-orch run={} task={}", context.info.id, slug(task.value));
}

std::string rescue_ref(const RunContext& context, const TaskId& task, int attempt) {
  return fmt::format("refs/orch/rescue/{}/{}.{}", context.info.id, slug(task.value), attempt);
}

git::CachePatterns caches_of(const RunContext& context) {
  git::CachePatterns caches = context.config.worktrees.caches;
  // These are paths from the top.
  for (const std::string& path : context.config.merge.caches)
    caches.push_back(path.find('/') == std::string::npos ? path + '/' : path);
  return caches;
}

fs::path submodules_of(const RunContext& context) {
  if (!context.config.worktree_setup.submodules) return {};
  return context.info.repository;
}

git::TrashPlan trash_for(const RunContext& context, const TaskId& task, int attempt,
                         std::string why) {
  git::TrashPlan plan;
  plan.folder = trash_folder(context.paths.repository(), context.config.worktree);
  plan.label.run = context.info.id;
  plan.label.task = task.value;
  plan.label.attempt = attempt;
  plan.label.why = std::move(why);
  plan.caches = caches_of(context);
  return plan;
}

}  // namespace orch::app
