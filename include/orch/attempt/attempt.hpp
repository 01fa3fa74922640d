#pragma once
// What the supervisor and the shim tell each other: the files of an attempt and of a gate run.
//
// An attempt is one start of one agent; its folder is the truth about it. The supervisor writes
// `spec`, then opens a window that runs `orch-shim FOLDER`; everything else is the shim's:
//
//   spec        what to run; 0600, as it holds the environment
//   lock        locked (lock_file) while the shim lives, and so while anything of the agent's may
//   claim       which shim took it, made once and for ever; a second one starts nothing
//   pids        shim and agent, there before the agent's first instruction
//   exit        how it ended; absent when the shim was killed, which kills the agent too
//   output.log  what the agent printed; output.log.1 is older, and so on. Where its terminal got
//               another size, CSI 8 ; rows ; columns t stands in between
//   typed       changed when a person typed in the pane, at most once a second, and when what they
//               typed has become a draft ("draft") or is none any more (empty)
//
//   claim  exit  lock    | what it means
//   no     no    free    | nothing ran: the window may be opened (again)
//   no     no    locked  | a shim is about to claim it
//   yes    no    locked  | it runs, or is being ended
//   yes    no    free    | the shim was killed, or could not write `exit` (full disk)
//   yes    yes   any     | over
//
// Texts for the agent lie in `deliveries` (orch/attempt/delivery.hpp).
//
// `orch-shim gate FOLDER` runs commands one after the other: `spec`, `lock`, `log`, `result`. No
// `result` and `lock` free: it was killed or stopped, and nothing is known.
//
// All but the logs are Records; the name of each field stands after its member. Files are complete
// as soon as they can be seen. A missing one is Fault::NotFound, a broken one Fault::Corrupt.
#include "orch/base/enum_names.hpp"
#include "orch/base/process.hpp"
#include "orch/base/record.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::shim {

namespace attempt_file {
inline constexpr std::string_view kSpec = "spec";
inline constexpr std::string_view kLock = "lock";
inline constexpr std::string_view kClaim = "claim";
inline constexpr std::string_view kPids = "pids";
inline constexpr std::string_view kExit = "exit";
inline constexpr std::string_view kOutput = "output.log";
inline constexpr std::string_view kTyped = "typed";
/// What its program was told first.
inline constexpr std::string_view kPrompt = "prompt.txt";
inline constexpr std::string_view kDraft = "draft";  ///< what `typed` has while there is one
/// What its tools were called for, where an extension of ours in its program writes that down.
inline constexpr std::string_view kCalls = "calls.jsonl";
inline constexpr std::string_view kGateLog = "log";
inline constexpr std::string_view kGateResult = "result";
}  // namespace attempt_file

/// Exit statuses of the shim itself. Otherwise it ends as the agent did: its code, or 128 + signal.
namespace shim_status {
inline constexpr int kUsage = 64;        ///< wrong arguments
inline constexpr int kBadSpec = 65;      ///< no `spec`, or one it does not understand
inline constexpr int kSystem = 71;       ///< no terminal, folder not writable
inline constexpr int kTaken = 75;        ///< another shim has this folder
inline constexpr int kNotStarted = 127;  ///< `exit` (or `result`) says why
inline constexpr int kSignalBase = 128;
}  // namespace shim_status

/// How a program ended.
enum class EndKind {
  Code,        ///< "code": it exited
  Signal,      ///< "signal": a signal that was not ours killed it
  Stopped,     ///< "stopped": the shim was asked to end it (SIGTERM)
  Hangup,      ///< "hangup": its terminal went away (window or tmux server killed)
  TimedOut,    ///< "timed-out": it took too long (gates only)
  NotStarted,  ///< "not-started": nothing ran; `reason` says why
};

}  // namespace orch::shim

namespace orch {

template <>
struct EnumNames<shim::EndKind> {
  static constexpr std::pair<shim::EndKind, std::string_view> kTable[] = {
      {shim::EndKind::Code, "code"},          {shim::EndKind::Signal, "signal"},
      {shim::EndKind::Stopped, "stopped"},    {shim::EndKind::Hangup, "hangup"},
      {shim::EndKind::TimedOut, "timed-out"}, {shim::EndKind::NotStarted, "not-started"}};
};

}  // namespace orch

namespace orch::shim {

/// What is known of a program that ended. `code` or `signal` is set whenever it was reaped, so also
/// for Stopped, Hangup and TimedOut.
struct ProcessEnd {
  EndKind ending = EndKind::Code;  // ending
  int code = 0;                    // code
  int signal = 0;                  // signal
  std::string reason;              // reason: for the user; empty unless NotStarted
  Span ran{0};                     // ran_ms: monotonic
  std::uint64_t bytes = 0;         // bytes: of output
  int left_over = 0;               // left_over: processes it left, which were ended
  int survivors = 0;               // survivors: those that even SIGKILL did not end

  bool ok() const { return ending == EndKind::Code && code == 0; }

  bool operator==(const ProcessEnd&) const = default;
};

struct AttemptSpec {
  std::string key;                       // key: names the attempt in messages to the socket
  std::vector<std::string> argv;         // argv...: argv[0] is looked up in PATH of `env`
  std::vector<std::string> wrapper;      // wrapper...: put in front of argv (sandbox, ssh ...)
  bool boxed = false;                    // boxed: 1: the wrapper ends when what it started has, and
                                         // kills that when it ends itself, so it is asked last
  std::string cwd;                       // cwd: must exist
  std::vector<std::string> env;          // env...: NAME=VALUE, complete
  std::vector<std::string> inherit;      // inherit...: names also taken from the pane's own
                                         // environment, as TERM always is
  std::string input;                     // input: file given as stdin; empty: the terminal
  std::string socket;                    // socket: told of start, end, answers to
                                         // deliveries and typing; may be empty
  std::uint64_t open_files = 0;          // open_files: soft limit of open files, as far as the
                                         // hard one allows; 0: that of the tmux server
  Span grace = std::chrono::seconds(5);  // grace_ms: from SIGTERM to SIGKILL
  std::int64_t log_segment = 8 << 20;    // log_segment: bytes; 0: no log
  int log_segments = 4;                  // log_segments: files kept, the newest included

  bool operator==(const AttemptSpec&) const = default;
};

struct AttemptClaim {
  std::string key;          // key
  std::string nonce;        // nonce: 32 hexadecimal digits
  std::string pane;         // pane: "%3", from TMUX_PANE; empty outside tmux
  std::string tmux_socket;  // tmux_socket: from TMUX
  ProcessId tmux;           // tmux.pid, tmux.start, tmux.boot: the server, as pane ids are its own
  ProcessId shim;           // shim.pid, shim.start, shim.boot

  bool operator==(const AttemptClaim&) const = default;
};

struct AttemptPids {
  std::string key;  // key
  ProcessId shim;   // shim.pid, shim.start, shim.boot
  ProcessId agent;  // agent.pid, agent.start, agent.boot: also leads its session
  std::string pty;  // pty: the agent's terminal, "/dev/pts/7"

  bool operator==(const AttemptPids&) const = default;
};

struct AttemptExit {
  std::string key;              // key
  ProcessEnd outcome;           // its fields
  std::int64_t started_ms = 0;  // started_ms: Unix time
  std::int64_t ended_ms = 0;    // ended_ms: Unix time
  std::string log_error;        // log_error: why output.log is incomplete; empty if it is not

  bool operator==(const AttemptExit&) const = default;
};

struct GateCommand {
  std::vector<std::string> argv;            // argv...
  std::string cwd;                          // cwd
  Span timeout = std::chrono::minutes(10);  // timeout_ms
  std::vector<std::string> env{};           // env...: NAME=VALUE, added to what all have

  bool operator==(const GateCommand&) const = default;
};

struct GateSpec {
  std::string key;                       // key
  std::string tree;                      // tree: the git tree that is tested; copied to `result`
  std::vector<GateCommand> commands;     // command...: each a Record
  std::vector<std::string> env;          // env...: NAME=VALUE, complete
  Span grace = std::chrono::seconds(5);  // grace_ms
  std::string title{};                   // title: for people; may be empty

  bool operator==(const GateSpec&) const = default;
};

struct GateResult {
  std::string key;                   // key
  std::string tree;                  // tree
  bool passed = false;               // passed: 1 or 0
  std::vector<ProcessEnd> outcomes;  // outcome...: each a Record; ends with the first failure
  std::int64_t started_ms = 0;       // started_ms: Unix time
  std::int64_t ended_ms = 0;         // ended_ms: Unix time
  std::string log_error;             // log_error: why `log` is incomplete; empty if it is not

  bool operator==(const GateResult&) const = default;
};

/// `mode` is "agent" or "gate" in the file, so that neither is taken for the other.
Record to_record(const AttemptSpec& spec);
Record to_record(const AttemptClaim& claim);
Record to_record(const AttemptPids& pids);
Record to_record(const AttemptExit& exit);
Record to_record(const GateSpec& spec);
Record to_record(const GateResult& result);

Status write_spec(const std::filesystem::path& folder, const AttemptSpec& spec);
Status write_spec(const std::filesystem::path& folder, const GateSpec& spec);

Result<AttemptSpec> read_attempt_spec(const std::filesystem::path& folder);
Result<AttemptClaim> read_claim(const std::filesystem::path& folder);
Result<AttemptPids> read_pids(const std::filesystem::path& folder);
Result<AttemptExit> read_exit(const std::filesystem::path& folder);
Result<GateSpec> read_gate_spec(const std::filesystem::path& folder);
Result<GateResult> read_gate_result(const std::filesystem::path& folder);

}  // namespace orch::shim
