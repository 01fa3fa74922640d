#pragma once
// The plain values the control library speaks in: ids, commands, what tmux tells of its panes.
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <sys/types.h>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tmuxctl {

using orch::Result;
using orch::Span;
using orch::Status;

/// tmux's own ids: `$1`, `@2`, `%3`. They are unique within one server only: another server, also
/// the next one on the same socket, counts from 0 again.
struct SessionId {
  std::string value;
  auto operator<=>(const SessionId&) const = default;
};

struct WindowId {
  std::string value;
  auto operator<=>(const WindowId&) const = default;
};

struct PaneId {
  std::string value;
  auto operator<=>(const PaneId&) const = default;
};

/// Is `text` an id of the kind that begins with `sigil`? Anything else tmux would take for a name.
bool is_id(char sigil, std::string_view text);

/// Makes a reply safe against its own text: what an agent prints may look like the guard lines that
/// end a reply. A fenced command is followed by `display-message -p` with a random 128-bit word,
/// and ends at the last guard before it. `format` is expanded by tmux at that moment, for `target`.
struct Fence {
  std::string target;
  std::string format;
};

/// One command for tmux on one line; arguments are quoted by quote() (tmuxctl/quote.hpp).
struct Line {
  std::string text;
  /// Reply blocks that tmux sends for it when all goes well: `a ; b` has two, if-shell its own and
  /// that of the branch it takes. source-file, run-shell -C and aliases cannot be counted: not
  /// here.
  int blocks = 1;
  Span timeout = std::chrono::seconds(10);  ///< from the moment it is the oldest without an answer
  std::optional<Fence> fence{};
};

struct Reply {
  std::vector<std::string> lines;
  std::string fence{};  ///< the fence's format as tmux expanded it

  /// The first line, or "".
  std::string_view first() const {
    return lines.empty() ? std::string_view() : std::string_view(lines[0]);
  }
};

/// Can the command that failed with this error have run? True: no answer came (Fault::TimedOut) or
/// the connection broke under it (Fault::Io), so look before sending it again. False: tmux refused
/// it (BadInput, NotFound, Refused), or it was never sent (Busy, Full).
bool may_have_run(const orch::Error& error);

/// A line that tmux sends unasked: `%window-add @3` is {"window-add", "@3"}. What a hook or a
/// broken command prints outside of every reply has no name.
struct Notice {
  std::string name;
  std::string rest;
  bool operator==(const Notice&) const = default;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// How the server and the session are made if they are not there. `argv` has two or more words, or
/// none for the user's login shell: one word alone tmux would hand to a shell.
struct StartSpec {
  std::string session;
  std::string window = "home";  ///< the name of the first window; any text
  std::vector<std::string> argv{};
  std::string cwd = "/";
  Environment env{};                 ///< set in the server, so in all its windows
  std::vector<std::string> unset{};  ///< taken out of the environment, besides tmux's own variables
  /// Ours alone: options of the whole server may be set. Otherwise they all stay as they are, and
  /// only our session and its windows get options of their own.
  bool own_server = true;
  /// Read by the server if this starts it, and only then. Empty: an own server reads none, another
  /// one the user's.
  std::string config{};
  int width = 200;
  int height = 50;
  int history_limit = 5000;  ///< lines a pane; about 1 kB of the server's memory each, up to 5
};

/// `options` are window options (`@name` for one's own) that are there as soon as the window is, so
/// that it can be found again by one of them when the answer was lost.
struct WindowSpec {
  SessionId session;
  /// Any text; shown as it is, but for the backslash that tmux puts before a backslash and `$NAME`,
  /// and octal numbers for control bytes.
  std::string name;
  std::string cwd;  ///< must exist: tmux would start the program somewhere else without a word
  std::vector<std::string> argv;  ///< two or more words; handed to exec as they are
  Environment env{};
  int width = 200;
  int height = 50;
  std::vector<std::pair<std::string, std::string>> options{};
  std::optional<int> index{};  ///< its number; Fault::Conflict: there is one with it
  WindowId after{};            ///< or right behind this one; empty: behind all
};

struct Opened {
  WindowId window;
  PaneId pane;
  pid_t pid = 0;
};

/// Sessions of one group show the same windows, each with an eye of its own.
struct Session {
  SessionId id;
  WindowId window;    ///< that it shows
  std::string group;  ///< empty: it is in none
  std::string name;

  /// Is it the session of this name, or one in a group that was made from it?
  bool shows(std::string_view session) const { return (group.empty() ? name : group) == session; }
};

/// A client that looks at a session.
struct Client {
  bool control = false;  ///< a program in control mode, no terminal
  int columns = 0;       ///< of its terminal
  int rows = 0;
  std::int64_t activity = 0;  ///< when a key was pressed there last, in whole seconds since 1970
  WindowId window;            ///< that it shows
  std::string group;          ///< of its session; empty: it is in none
  std::string session;        ///< its name
};

struct Pane {
  PaneId pane;
  WindowId window;
  int index = 0;  ///< the window's number in its session
  pid_t pid = 0;
  bool dead = false;          ///< its program has ended and remain-on-exit keeps it
  std::int64_t activity = 0;  ///< when it last printed, in whole seconds since 1970
  int history = 0;            ///< lines scrolled out of sight; stands still on the alternate screen
  int cursor_x = 0;
  int cursor_y = 0;
  bool in_mode = false;  ///< the user scrolls in it: keys would go to copy mode
  std::string title;     ///< of the program, untrusted; without control bytes
  std::string option;    ///< the user option that was asked for, or ""
};

/// What a pane shows. In copy mode this is still the program's screen.
struct Screen {
  std::vector<std::string> rows;  ///< history asked for, then exactly `height` rows of the screen
  int width = 0;
  int height = 0;
  int cursor_x = 0;
  int cursor_y = 0;
  bool alternate = false;
  bool in_mode = false;
};

struct CaptureSpec {
  int history = 0;       ///< also so many lines above the screen, as far as there are
  bool colours = false;  ///< keep SGR sequences; they are not reset at the ends of rows
};

/// `target` says whose option it is: `$1` a session's, `@2` a window's, `%3` a pane's.
struct Option {
  std::string target;
  std::string name;
  std::string value;
};

}  // namespace tmuxctl
