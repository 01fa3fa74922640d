#pragma once
// Reads objects by one git that stays: `cat-file --batch-command`, which git has since 2.36.
//
// An error says only that it could not be asked: the caller then has a git of its own do it, which
// is slower, and explains what is wrong.
#include "git/object_stream.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace orch::git {

class ObjectReader {
 public:
  using Answer = ObjectStream::Answer;

  /// `command` is the git to start, asked for before each start.
  ObjectReader(loop::Loop& loop, loop::Children& children, std::function<loop::Command()> command);
  /// Those who wait are told nothing any more.
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  /// The object of that name, without its bytes; nothing: there is none. One that was pruned may
  /// still be found.
  loop::Awaiter<Answer> look(std::string name);
  /// The same with its bytes; Fault::Full: these are more than `most`.
  loop::Awaiter<Answer> read(std::string name, std::size_t most);
  /// The next question is asked of a git that is started anew.
  void restart();

 private:
  struct Question {
    std::optional<std::size_t> most;  ///< bytes; nothing: of no interest
    std::function<void(Answer)> done;
  };

  loop::Awaiter<Answer> ask(std::string name, std::optional<std::size_t> most);
  void begin(const std::string& name, Question question);
  Status start();
  void take(std::string_view bytes);
  /// Those who wait get the error.
  void give_up(const Error& error);

  loop::Children& children_;
  std::function<loop::Command()> command_;
  std::unique_ptr<loop::Children::Pipe> git_;
  ObjectStream stream_;
  std::deque<Question> open_;
  int failures_ = 0;  ///< since the last answer
  loop::Timer patience_;
};

}  // namespace orch::git
