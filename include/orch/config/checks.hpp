#pragma once
// What work has to pass before it lands.
#include "orch/base/time.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace orch {

/// Which work it is for: all that is given has to be so; nothing given: all work.
struct WorkFilter {
  std::vector<std::string> files;   ///< patterns as in `config/path_patterns.hpp`: it changes one
  std::vector<std::string> tags;    ///< its task has one of these
  std::vector<std::string> agents;  ///< one of these kinds did it

  bool operator==(const WorkFilter&) const = default;
};

/// A test, or a gate when it has a name.
struct TestCommand {
  std::vector<std::string> command;
  std::string cwd;  ///< relative to the worktree
  Span timeout = std::chrono::minutes(15);
  WorkFilter when{};
  std::string name{};
  std::string
      junit{};  ///< file or folder, relative to the worktree, where it says which tests failed
  std::map<std::string, std::string> env{};  ///< added to its environment

  bool operator==(const TestCommand&) const = default;
};

/// Files that a command makes of others: where two works conflict in them, it makes them anew.
struct GeneratedFiles {
  std::vector<std::string> files;  ///< patterns as in `config/path_patterns.hpp`
  std::vector<std::string> command;
  std::string cwd;  ///< relative to the worktree
  Span timeout = std::chrono::minutes(15);

  bool operator==(const GeneratedFiles&) const = default;
};

/// An agent that looks at work before it takes its turn to land.
struct Review {
  std::string name;
  std::string agent;   ///< its kind
  std::string prompt;  ///< what it is to look for; empty: the usual faults
  Span timeout = std::chrono::minutes(10);
  bool needed = true;  ///< without an answer the user decides; else the work lands, and it is told
  WorkFilter when{};

  bool operator==(const Review&) const = default;
};

/// Patterns of what no task changes without the user seeing it: how agents are set up, what git
/// does with files, what runs elsewhere.
std::vector<std::string> usual_protected();

}  // namespace orch
