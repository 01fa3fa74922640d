#pragma once
// What a reader makes of a task file: its items, as the file writes them, and the groups (phases,
// stories, sections) they stand in. Which of them one agent gets together is decided in units.hpp.
#include "orch/core/task.hpp"
#include "tasks/model/mark.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// How far an item is, as the file says. Only an open one, or one in progress, is ever started.
enum class Standing : std::uint8_t {
  Open,
  InProgress,
  Done,
  Cancelled,  ///< what waits for it does not wait any more
  Deferred,   ///< `[~]`, "deferred": not now
  Held,       ///< its section says that it must not be started yet
};

/// An item that comes first although the file does not name it: the format's own order.
struct Order {
  std::string id;
  std::string why;  ///< "phase order", "not marked [P]"

  bool operator==(const Order&) const = default;
};

/// A phase, a story, a section.
struct Group {
  std::string title;
  int line = 0;
  int parent = -1;         ///< index of the group it lies in
  std::vector<int> after;  ///< indices of the groups that come first; earlier ones only
  std::string why;         ///< the reason for `after`: "phase order"
  std::optional<Priority> priority;

  bool operator==(const Group&) const = default;
};

/// One task as its file writes it: a box, a heading, a row, a record.
struct Item {
  std::string id;       ///< as written; made of the words or the file's name where there is none
  bool has_id = false;  ///< the file writes it
  std::string title;    ///< of the first line, without box, id and tags
  std::string body;     ///< all that belongs to it, for the prompt; without the title
  std::string script;   ///< its fenced `sh` blocks, joined
  std::string file;     ///< relative to the folder that was read; empty: the file itself
  int line = 0;         ///< from 1
  Standing standing = Standing::Open;
  std::string status;                  ///< as written, where the file has a word for it
  bool optional = false;               ///< `[ ]*`: never started unless it is asked for by its id
  bool human = false;                  ///< marked for a person: no agent gets it unless told
  std::string doubt;                   ///< "line 3 says that it is done": held until the user says
  std::vector<std::string> depends;    ///< what the file says; ids as the items are called
  std::vector<Order> after;            ///< what the format implies
  std::vector<std::string> conflicts;  ///< never at the same time: `conflicts_with:`
  std::optional<bool> parallel;        ///< `[P]`, `(P)`, `parallel: false`
  std::optional<Priority> priority;    ///< its own
  std::optional<Priority> section_priority;  ///< of the section or story it stands in
  std::vector<std::string> files;            ///< paths and patterns, those in `creates` included
  std::vector<std::string> creates;
  std::vector<std::string> tags;
  std::string agent;
  std::optional<Span> timeout;
  std::string parent;        ///< id of the item it is a part of; empty: none
  int group = -1;            ///< index; -1: none
  std::optional<Mark> mark;  ///< where and how it is ticked; none: this format cannot say it

  bool done() const { return standing == Standing::Done; }
};

class Document;

/// A text and where it is from.
struct Source {
  std::string_view text;  ///< valid UTF-8 without NUL
  std::string_view path;  ///< as the user gave it, may be empty; a hint, never opened
  /// The blocks of the text or of its beginning, where somebody has read them already.
  const Document* document = nullptr;
};

/// Entries of lists that are no items and belong to none.
struct Outside {
  int boxes = 0;
  int bullets = 0;
  int numbered = 0;
  int work = 0;  ///< how many of them look like work that should have been read

  bool operator==(const Outside&) const = default;
};

struct Reading {
  std::vector<Item> items;  ///< in the order of the text
  std::vector<Group> groups;
  Outside outside;
  bool says_waits = false;  ///< half of the items or more have a field for what they wait for
  bool sections_are_units = false;  ///< the items are steps of the sections they stand in
  std::vector<Problem> problems;    ///< errors, and notes on what is skipped or doubtful
};

}  // namespace orch::tasks
