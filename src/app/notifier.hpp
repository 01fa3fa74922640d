#pragma once
// Runs the user's own command when something begins to need them. Nothing waits for it.
#include "loop/child.hpp"
#include "orch/core/fact.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace orch::app {

class Notifier {
 public:
  /// `command`: argv with `{title}`, `{text}` and `{task}` in it; empty: nobody is told.
  Notifier(loop::Children& children, std::vector<std::string> command);

  /// One command at a time; of many facts in a row the first ones are told, and how many more.
  void tell(const Fact& fact);

 private:
  struct Note {
    std::string task;
    std::string text;
  };

  void run_next();

  loop::Children& children_;
  std::vector<std::string> command_;
  std::deque<Note> waiting_;
  std::size_t left_out_ = 0;
  bool running_ = false;
};

}  // namespace orch::app
