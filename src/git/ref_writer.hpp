#pragma once
// Changes refs by gits that stay: `update-ref --stdin`, one for each text that goes into the logs
// of refs. Each change is a transaction of its own, and nothing is locked between two.
//
// An error says only that it is not known to be made, as in git/lasting_git.hpp.
#include "git/lasting_git.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace orch::git {

class RefWriter {
 public:
  /// `command` is the git to start, given the text for the logs; empty: none.
  RefWriter(loop::Loop& loop, loop::Children& children,
            std::function<loop::Command(const std::string&)> command);
  ~RefWriter();
  RefWriter(const RefWriter&) = delete;
  RefWriter& operator=(const RefWriter&) = delete;

  /// `line` is one of update-ref(1), `--stdin`. Fault::Refused: git said why it was not made.
  loop::Job<Result<bool>> change(std::string message, std::string line);
  /// The next change is made by a git that is started anew.
  void restart();

 private:
  struct Kept;

  /// nullptr: all are at work with other texts.
  Kept* git_for(const std::string& message);
  void end_idle();

  static constexpr std::size_t kMostKept = 6;

  std::array<std::unique_ptr<Kept>, kMostKept> kept_;  ///< the one used last is the first
  bool aging_ = false;
  loop::Timer age_;
};

}  // namespace orch::git
