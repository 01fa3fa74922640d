#pragma once
// The kinds of agents, for people and as JSON (names: docs/commands.md).
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace orch::ui {

/// What is known of a program before it is started.
struct KnownOf {
  std::optional<bool> is_so;  ///< nothing: it cannot be told
  std::string evidence;       ///< the file or variable that shows it
  std::string command;        ///< what mends it
};

/// One kind of agent.
struct AgentRow {
  std::string name;
  std::string program;
  std::string path;                   ///< where it is; empty: it is not installed
  bool switched_off = false;          ///< its command is empty
  std::string version;                ///< empty: it does not say
  std::vector<std::string> measured;  ///< versions that its profile was tried with
  KnownOf signed_in;
  std::optional<KnownOf> trusted;  ///< of this repository; nothing: there is none here
  std::size_t screen_rules = 0;
  bool hooks = false;      ///< its program tells us by hooks what it is at
  bool resumes = false;    ///< a further attempt goes on with the conversation
  bool automatic = false;  ///< may be taken by `agent = "auto"`
};

/// What is written next to a screen that was recorded.
struct RecordedScreen {
  std::string agent;
  std::string version;  ///< of its program; empty: it does not say
  std::string title;
  int width = 0;
  int height = 0;
  std::string state;  ///< as it was read
  std::string rule;   ///< that decided
  bool dead = false;
};

std::string recorded_json(const RecordedScreen& screen);

std::string agents_text(const std::vector<AgentRow>& rows);
std::string agents_json(const std::vector<AgentRow>& rows);

}  // namespace orch::ui
