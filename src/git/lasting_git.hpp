#pragma once
// One git that stays and answers each question with a number of lines, in the order of questions.
//
// An error says only that there is no answer: the caller then has a git of its own do it, which is
// slower, and explains what is wrong.
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace orch::git {

class LastingGit {
 public:
  /// The lines, each with its newline. Fault::Refused: git ended and said why.
  using Answer = Result<std::string>;

  /// `command` is the git to start, asked for before each start; one that does not answer for as
  /// long as `patience` is ended.
  LastingGit(loop::Loop& loop, loop::Children& children, std::function<loop::Command()> command,
             Span patience);
  /// Those who wait are told nothing any more.
  ~LastingGit();
  LastingGit(const LastingGit&) = delete;
  LastingGit& operator=(const LastingGit&) = delete;

  loop::Awaiter<Answer> ask(std::string question, std::size_t lines);

  /// Does nobody wait for an answer?
  bool is_idle() const { return open_.empty(); }

  /// The next question is asked of a git that is started anew.
  void restart();

 private:
  struct Question {
    std::size_t lines = 1;
    std::function<void(Answer)> done;
  };

  void begin(std::string text, Question question);
  Status start();
  void take(std::string_view bytes);
  /// Those who wait get the error.
  void give_up(const Error& error);

  loop::Children& children_;
  std::function<loop::Command()> command_;
  Span patience_;
  std::unique_ptr<loop::Children::Pipe> git_;
  std::string text_;  ///< what has come and was not taken
  std::deque<Question> open_;
  int failures_ = 0;  ///< starts since a git has said anything
  loop::Timer late_;
};

}  // namespace orch::git
