#pragma once
// A task as its file describes it, before anything has happened to it.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/role.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch {

/// P0 goes before everything; a task that names none is P2; P4 is for some day.
enum class Priority : std::uint8_t { P0, P1, P2, P3, P4 };

template <>
struct EnumNames<Priority> {
  static constexpr std::pair<Priority, std::string_view> kTable[] = {{Priority::P0, "P0"},
                                                                     {Priority::P1, "P1"},
                                                                     {Priority::P2, "P2"},
                                                                     {Priority::P3, "P3"},
                                                                     {Priority::P4, "P4"}};
};

struct TaskSpec {
  TaskId id;
  std::string title;
  std::string body;    ///< the prompt: the rest of the item, fields taken out
  std::string script;  ///< the fenced `sh` blocks of the body, joined; what a shell agent runs
  bool done = false;
  std::vector<TaskId> depends;          ///< what the file says
  std::map<TaskId, std::string> after;  ///< what its convention implies, each with the reason
  std::vector<std::string> items;  ///< of the file that are to be done; empty: the one called id
  std::string file;                ///< in the folder of tasks; empty: there is one file
  std::string withheld;            ///< why it is not started unless it is asked for
  bool human = false;              ///< withheld, as it is for a person; what needs it waits for it
  std::string doubt;               ///< withheld until the user says: "line 1 says that it is done"
  Priority priority = Priority::P2;
  std::vector<std::string> creates;  ///< files it makes (`Files: create a.c`)
  std::vector<std::string> files;    ///< every file it touches, the created ones included
  std::vector<std::string> tags;
  std::string agent;  ///< the kind of agent it asks for; empty: the default
  std::optional<Span> timeout;
  std::optional<TaskId> parent;
  int line = 0;  ///< where its item starts, from 1
  /// Who made it while the run went on: "user", or the id of the task whose agent did. Empty: it is
  /// of the task file, as all that follows edits and marks is.
  std::string made_by;

  /// A coordinator is a task that has an agent, and none of those that the run is for.
  Role role = Role::Implementer;

  /// Of one that the agent of `made_by` has delegated: where its branch begins. Its work goes there
  /// instead of landing.
  CommitId delegated_at{};

  bool is_delegated() const { return !delegated_at.empty(); }

  bool is_made() const { return !made_by.empty(); }

  bool coordinates() const { return role == Role::Coordinator; }

  ORCH_FIELDS(id, title, body, script, done, depends, after, items, file, withheld, human, doubt,
              priority, creates, files, tags, agent, timeout, parent, line, made_by, role,
              delegated_at)
  bool operator==(const TaskSpec&) const = default;
};

/// What the user said of doubts: `started` are to be done and held back no more, `skipped` count as
/// done, as their file says. Where there is no doubt the answer means nothing.
void settle_doubts(std::vector<TaskSpec>& tasks, const std::vector<TaskId>& started,
                   const std::vector<TaskId>& skipped);

/// Do both ask for the same? Marks, places and what the file lists as left to do do not count.
bool same_work(TaskSpec first, TaskSpec second);

enum class Severity : std::uint8_t { Error, Warning, Note };

template <>
struct EnumNames<Severity> {
  static constexpr std::pair<Severity, std::string_view> kTable[] = {
      {Severity::Error, "error"}, {Severity::Warning, "warning"}, {Severity::Note, "note"}};
};

/// Something wrong or doubtful in a text of the user's, with its place and what to do.
struct Problem {
  Severity severity = Severity::Error;
  int line = 0;    ///< from 1; 0: the whole file
  int column = 0;  ///< from 1; 0: the whole line
  std::string message;
  std::string hint;

  bool operator==(const Problem&) const = default;
};

/// What a reader made of one task file.
struct TaskList {
  std::string format;  ///< "native", "markdown"
  std::string reason;  ///< why that format was taken
  std::vector<TaskSpec> tasks;
  std::vector<Problem> problems;

  bool operator==(const TaskList&) const = default;
};

}  // namespace orch
