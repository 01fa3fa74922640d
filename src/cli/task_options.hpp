#pragma once
// How people name the task a verb is about.
#include "cli/options.hpp"

#include <string>
#include <vector>

namespace orch::cli {

struct TaskOptions {
  std::vector<std::string> words;  ///< the task, if it is named
  std::string window;              ///< a tmux window id instead, for key bindings
  std::string client;              ///< the tmux client that is told the answer instead of stdout
};

/// `text`: what the task is to the verb.
inline void add_task(OptionList& list, TaskOptions& options, const char* text) {
  list.words("TASK", options.words, text, 1);
  list.text("--window", options.window, "the task of this tmux window instead (@3)");
  list.text("--client", options.client, "tell the answer to this tmux client");
}

}  // namespace orch::cli
