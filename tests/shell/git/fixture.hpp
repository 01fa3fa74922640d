#pragma once
// What each git test stands on: a repository, a loop, and the adapter under test.
#include "catch.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "loop/loop.hpp"
#include "tests/fake/temp_repo.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orch::test {

struct Fixture {
  Fixture() : own(std::make_unique<TempRepo>()), repo(*own) {}

  /// A second program on the same repository.
  explicit Fixture(TempRepo& existing) : repo(existing) {}

  /// As the supervisor ends: who looks why a git was late may still be at it.
  ~Fixture() {
    bool over = false;
    children.stop_all(std::chrono::seconds(2), [this, &over] {
      loop.post([this, &over] {
        over = true;
        loop.stop();
      });
    });
    while (!over)
      loop.run();
  }

  std::unique_ptr<TempRepo> own;
  TempRepo& repo;
  loop::Loop loop;
  loop::Children children{loop};
  git::Repository git{loop, children, repo.root(), repo.root() / ".git"};

  template <class T>
  T wait(loop::Job<T> job) {
    std::optional<T> result;
    loop::spawn<T>(std::move(job), [this, &result](T value) {
      result = std::move(value);
      loop.stop();
    });
    while (!result)
      loop.run();
    if (!*result) UNSCOPED_INFO(to_text(result->error()));
    return std::move(*result);
  }

  /// The error of a job that has to fail; an empty one if it did not.
  template <class T>
  Error error(loop::Job<Result<T>> job) {
    const Result<T> result = wait(std::move(job));
    return result ? Error{} : result.error();
  }

  CommitId id(const std::string& rev) const { return CommitId{repo.id(rev)}; }

  git::WorktreeSpec spec(const std::string& task) const {
    git::WorktreeSpec spec;
    spec.path = repo.worktree(task);
    spec.branch = "orch/" + task;
    spec.start = id("main");
    spec.reason = "tmux-orch run=1 task=" + task;
    return spec;
  }

  /// A worktree with a commit that writes one file.
  CommitId worktree_with(const std::string& task, const std::string& file,
                         const std::string& text) {
    const auto made = wait(git.ensure_worktree(spec(task)));
    if (!made) throw std::runtime_error(made.error().what);
    repo.write(repo.worktree(task) / file, text);
    return CommitId{repo.commit_in(repo.worktree(task), "work on " + task)};
  }

  git::RescueRequest rescue(const std::string& task) const {
    git::RescueRequest request;
    request.worktree = repo.worktree(task);
    request.branch = "orch/" + task;
    request.ref = "refs/orch/rescue/" + task;
    request.known = {id("main")};
    return request;
  }

  git::LandingRequest landing(const CommitId& branch) const {
    git::LandingRequest request;
    request.onto = id("main");
    request.branch = branch;
    request.message = "Merge a task\n\nOrch-Task: T1\n";
    request.identity = git::Identity{"A Person", "person@example.org", false};
    request.candidate_ref = "refs/orch/cand/T1";
    return request;
  }
};

}  // namespace orch::test
