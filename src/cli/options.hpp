#pragma once
// The command line as plain values: the only thing verbs know of it.
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace orch::cli {

struct Options {
  std::string verb;
  std::string folder;  ///< -C: as if started there
  bool json = false;
  std::vector<std::string> words;  ///< what the verb is about: a file, a task, a text

  // up, plan
  bool detached = false;
  bool foreground = false;
  bool dry_run = false;
  std::optional<std::string> workers;
  std::optional<std::string> agent;
  std::optional<std::string> base;
  std::vector<std::string> only;
  std::string on_overlap;  ///< sequential, continue, cancel; empty: ask, or sequential
  std::optional<std::string> unit;
  std::optional<std::string> format;
  std::string from;                 ///< init: the file that is read
  std::string output = "tasks.md";  ///< init: the file that is written
  std::string explain;              ///< plan: of this task
  bool verbose = false;             ///< plan: also what was skipped
  bool no_write_back = false;
  std::string wait_user;                   ///< a span, "forever" or empty
  std::optional<std::string> server_name;  ///< -L
  std::optional<std::string> server_path;  ///< -S
  bool dot = false;

  // the others
  bool all = false;
  bool keep_agents = false;
  bool follow = false;
  bool fix = false;
  int lines = 0;       ///< logs, events: only the last N; 0: all
  int attempt = 0;     ///< logs: 0 is the newest
  std::string window;  ///< a tmux window id instead of a task, for key bindings
  std::string client;  ///< the tmux client that is told the answer instead of stdout
  std::string message;
  bool no_changes = false;
  std::vector<std::string> items;  ///< done: only these parts
  std::string run;                 ///< supervise: the run's id
  std::string to;                  ///< rescue restore: a branch or a folder; empty: after its name
  std::string older_than;          ///< gc: a span; empty: 14 days
};

/// Parsed options, or the exit status of a command line that ends here (help, version, a mistake).
std::variant<Options, int> parse_options(int argc, char** argv);

}  // namespace orch::cli
