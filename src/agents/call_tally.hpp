#pragma once
// What an agent has done with its tools, as its program has written it down: how many calls in a
// row have failed, how many were the same or two or three by turns, and which files they have
// written.
//
// A row is over where a call is another one, and where somebody says something to the agent: what
// was said may have helped. The tally depends on nothing but the calls, so that it is the same
// again where they are read once more.
#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// How a call ended.
enum class CallEnd : std::uint8_t {
  Good,
  Failed,
  Malformed,  ///< and so it was not tried
};

struct ToolCall {
  std::string id;
  std::string tool;
  std::string input;                  ///< all that it was given
  std::string shown;                  ///< of that, what tells most
  std::vector<std::string> writes{};  ///< files, where it is there to write such
  bool polls = false;                 ///< to ask again and again is what it is for
};

/// Calls that follow each other.
struct CallRow {
  std::int64_t length = 0;
  std::int64_t serial = 0;  ///< of the last one, of all calls so far
  std::string last;         ///< the last one as one line: untrusted text

  bool operator==(const CallRow&) const = default;
};

class CallTally {
 public:
  /// One that is known by its id already counts no more.
  void begin(const ToolCall& call);

  /// The call has ended; once.
  void end(std::string_view id, CallEnd how);

  /// Somebody has said something to the agent.
  void speak();

  /// So many are known so far.
  std::int64_t calls() const { return calls_; }

  /// The same call, or the same two or three by turns; then `last` names all of them.
  const CallRow& same() const { return same_; }

  const CallRow& failed() const { return failed_; }

  const CallRow& malformed() const { return malformed_; }

  /// As they were named, each once, in the order in which they were written first; not all where
  /// they are very many.
  const std::vector<std::string>& written() const { return written_; }

 private:
  struct Call {
    std::uint64_t id = 0;  ///< stands for it, however long it is
    std::string text;
    std::vector<std::string> writes;
    std::int64_t serial = 0;
    bool ended = false;
  };

  /// One that is compared with those after it.
  struct Compared {
    std::uint64_t whole = 0;  ///< stands for its tool and all that this was given
    std::string text;
  };

  static constexpr std::size_t kMostByTurns = 3;

  void compare(Compared call);
  std::string by_turns(std::size_t turns) const;

  std::int64_t calls_ = 0;
  std::deque<Call> known_;         ///< the last ones
  std::deque<Compared> compared_;  ///< of those that are compared the last ones, the latest first
  /// By how many calls before: so many calls in a row are the same as the one that was then.
  std::array<std::int64_t, kMostByTurns> repeated_{};
  CallRow same_;
  CallRow failed_;
  CallRow malformed_;
  std::vector<std::string> written_;
};

}  // namespace orch
