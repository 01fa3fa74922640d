#pragma once
// Carries bytes between the pane's terminal and the agent's, unchanged, and into the log. What
// comes from the pane goes by way of the judge of the input.
#include "orch/base/files.hpp"
#include "shim/input_judge.hpp"
#include "shim/logs.hpp"

#include <poll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orch::shim {

enum class Got { Some, Nothing, End };

/// Reads once from a descriptor that does not block; appends.
Got read_some(int fd, std::string& into);

/// The outer terminal may go away (hangup) and the inner one may be left by all its users, in any
/// order. While the outer one takes nothing the inner one is not read, so that the agent waits as
/// it would without us.
class Relay {
 public:
  Relay(int outer, RotatedLog& log, InputJudge& judge) : outer_(outer), log_(log), judge_(judge) {}

  void connect(Fd inner_master) { inner_ = std::move(inner_master); }

  /// What poll() should look at, and what to do with its answer.
  std::array<pollfd, 2> interests() const;
  void turn(const std::array<pollfd, 2>& ready);
  /// When turn() wants to be called even if nothing can be read or written.
  std::optional<Span> next_look() const;

  /// The agent has ended: it gets no more input, and its last output is taken even when the outer
  /// terminal is slow.
  void drain();
  /// After drain(): asks the outer terminal to answer once it has taken in everything before
  /// (device status report), as tmux loses the last output of a pane whose program ends at once.
  void ask_for_sign();

  /// The agent's terminal has this size from now on, which is noted in the log.
  void note_size(int rows, int columns);

  /// A line of our own for the user.
  void say(std::string_view text) { to_outer_ += text; }

  int inner() const { return inner_.get(); }

  bool inner_open() const { return static_cast<bool>(inner_); }

  bool outer_open() const { return outer_ >= 0; }

  bool sign_came() const { return mode_ == Mode::Answered; }

  std::size_t unwritten() const { return to_outer_.size(); }

  /// Of the agent's output.
  std::uint64_t bytes() const { return bytes_; }

 private:
  enum class Mode { Relaying, Draining, Asking, Answered };

  void read_outer();
  void read_inner();
  void feed_inner();
  void lose_outer();

  int outer_;  // the Terminal's; -1 once it is gone
  Fd inner_;
  RotatedLog& log_;
  InputJudge& judge_;
  Mode mode_ = Mode::Relaying;
  std::string to_inner_;
  std::string to_outer_;
  std::string answer_;
  std::uint64_t bytes_ = 0;
};

}  // namespace orch::shim
