#pragma once
// What `up` shows before the first run in a repository: what would be done, by whom and with what
// rights. Values in, text out; all that the repository or the task file says is made safe.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace orch::ui {

/// A kind of agent that would be started.
struct FirstKind {
  std::string name;
  std::string version;  ///< empty: not known
  bool measured = true;
  std::size_t tasks = 0;
  std::size_t allowed = 0;    ///< commands that it runs without asking; 0: its program decides
  bool asks_nothing = false;  ///< it runs everything
  bool runs_scripts = false;  ///< it is the `sh` blocks of tasks that it runs
  bool sandboxed = false;     ///< in ours
  std::string wrapper;        ///< one of the user's, as a command line
  std::string missing;        ///< "does not trust this repository yet", or empty
};

struct FirstScreen {
  std::string file;
  std::string format;                                      ///< how it was read, and why so
  std::vector<std::pair<std::string, std::string>> tasks;  ///< those to do: id and title
  std::vector<FirstKind> kinds;
  int workers = 1;
  std::string base;
  std::vector<std::string> tests;  ///< command lines
  std::vector<std::string> runs;   ///< what the repository makes agents run
};

std::string first_screen(const FirstScreen& screen);

}  // namespace orch::ui
