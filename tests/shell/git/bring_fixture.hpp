#pragma once
// A task's work that conflicts with the base, or does not.
#include "fixture.hpp"

#include <string>

namespace orch::test {

/// The task has changed `file`, and so has the base since, where it `conflicts`.
inline git::BringRequest work_behind(Fixture& fixture, const std::string& task,
                                     const std::string& file, bool conflicts) {
  git::BringRequest request;
  request.work = fixture.worktree_with(task, file, "mine\n");
  fixture.repo.write(conflicts ? file : "other." + task, "theirs of " + task + "\n");
  fixture.repo.commit("T0: theirs");
  request.worktree = fixture.repo.worktree(task);
  request.branch = "orch/" + task;
  request.reason = fixture.spec(task).reason;
  request.base = fixture.id("main");
  request.message = "Merge main\n";
  request.identity = git::Identity{"A Person", "person@example.org", false};
  request.rescue_ref = "refs/orch/rescue/" + task;
  return request;
}

}  // namespace orch::test
