#pragma once
// Everything the user can set, as values. Read from TOML by src/config/layers.cpp.
#include "orch/base/enum_names.hpp"
#include "orch/base/time.hpp"
#include "orch/config/checks.hpp"
#include "orch/config/policy_rule.hpp"
#include "orch/config/preflight_rule.hpp"
#include "orch/config/screen_rule.hpp"
#include "orch/config/unit_rule.hpp"
#include "orch/config/usage_rule.hpp"
#include "orch/core/anomaly.hpp"
#include "orch/core/rules.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace orch {

/// How an agent's command is given its task.
enum class PromptBy : std::uint8_t {
  Argument,  ///< appended to the command as its last argument
  File,      ///< written to a file; `{prompt_file}` in the command is replaced by its path
  Stdin,     ///< the file is the program's standard input
  Script,    ///< only the task's `sh` blocks, written to `{prompt_file}`: for agents that run them
};

template <>
struct EnumNames<PromptBy> {
  static constexpr std::pair<PromptBy, std::string_view> kTable[] = {
      {PromptBy::Argument, "argument"},
      {PromptBy::File, "file"},
      {PromptBy::Stdin, "stdin"},
      {PromptBy::Script, "script"}};
};

/// How an agent is told to report.
enum class ReportBy : std::uint8_t {
  Command,  ///< it calls our program
  File,     ///< it writes agent-status.json (agents/status_file.hpp)
  Markers,  ///< it prints marker lines (agents/marker_lines.hpp), which are believed of no other
};

template <>
struct EnumNames<ReportBy> {
  static constexpr std::pair<ReportBy, std::string_view> kTable[] = {
      {ReportBy::Command, "command"}, {ReportBy::File, "file"}, {ReportBy::Markers, "markers"}};
};

/// Are agents put into a sandbox?
enum class SandboxRule : std::uint8_t {
  Auto,  ///< where they ask nothing
  On,
  Off,
};

/// A kind of agent. Profiles are data: nothing in the program knows any of them by name.
struct AgentProfile {
  std::string name;
  std::vector<std::string> command;  ///< empty: switched off
  PromptBy prompt = PromptBy::Argument;
  DoneBy done = DoneBy::Report;
  bool commit = false;    ///< commit for it what it left uncommitted when it is done
  bool automatic = true;  ///< may be taken by `agent = "auto"`
  bool resumes = false;   ///< a retry keeps the worktree; otherwise it starts clean
  /// What `{session}` in the command stands for: with an id of ours, and where it is to go on with
  /// the conversation of that id.
  std::vector<std::string> session_args;
  std::vector<std::string> resume;
  bool takes_texts_busy = false;            ///< a text that is typed while it works is not lost
  bool forgets_prompt = false;              ///< one whose first request failed
  std::string compact_command;              ///< typed at its prompt it shortens its conversation
  std::string exit_command;                 ///< typed at its prompt it ends its program
  std::vector<std::string> interrupt_keys;  ///< by tmux's names: they end a turn, and no more
  Span interrupt_after{0};                  ///< of a turn without progress; 0: never
  int max_parallel = 0;                     ///< 0: no limit of its own
  std::vector<std::string> capabilities;    ///< tags, and patterns of files, that suit it
  std::vector<std::string> wrapper;         ///< put in front of the command (sandbox, ssh, srun)
  std::map<std::string, std::string> env;   ///< added to its environment
  bool keep_tmux = false;                   ///< leave TMUX and TMUX_PANE in its environment
  /// Commands it may run without asking; see src/agents/allowed.hpp.
  std::vector<std::string> allow;
  std::string allow_format;                  ///< how its program wants one of them written
  std::string allow_exact;                   ///< and one without arguments; empty: alike
  std::map<std::string, std::string> files;  ///< by name: written for each attempt
  /// What `{rights}` in its command stands for: how its program asks before it does something ...
  std::vector<std::string> asking_flags;
  /// ... or, where the user said `unattended`, asks nothing ...
  std::vector<std::string> unattended_flags;
  /// ... and what skips its own question whether the folder is trusted, where the user trusts it.
  std::vector<std::string> trust_flags;
  std::map<std::string, std::string> sandbox_env;  ///< added to its environment in our sandbox
  /// Files and folders of its program in the home folder that it may write in our sandbox, and
  /// which of them it may not.
  std::vector<std::string> home_writable;
  std::vector<std::string> home_protected;
  bool of_repository = false;                    ///< the repository's own file made this kind up
  Span start_gap{0};                             ///< between the starts of two
  Span failed_start = std::chrono::seconds(10);  ///< one that fails sooner did not get to work
  PreflightRules preflight;
  std::vector<ScreenRule> screen;  ///< how its screen is read; the first that fits decides
  /// How it asks to run a command that its hook has named (agents/screen/shown_command.hpp).
  std::vector<std::string> command_dialogs;
  UsageRule usage;  ///< where it is written down what it uses
  /// How it answers one prompt without a terminal, reading only; empty: it cannot.
  std::vector<std::string> review{};
  ReportBy reports = ReportBy::Command;
  /// It gets our tools by MCP: what its command, options, environment and files have behind
  /// `{mcp}`.
  bool mcp = true;

  bool operator==(const AgentProfile&) const = default;
};

struct WorktreeSetup {
  std::vector<std::string> copy;  ///< untracked files copied from the main worktree
  std::vector<std::string> link;  ///< or linked
  std::vector<std::vector<std::string>>
      run;  ///< commands, each argv; a string is split at white space
  Span timeout = std::chrono::minutes(10);
  /// paths and patterns of files: while these are the same, `run` would make the same
  std::vector<std::string> fingerprint;
  int ports = 10;  ///< of each worktree's block; 0: it has none
  int port_base = 20'000;
  bool submodules = true;  ///< those of the user's checkout are checked out

  bool operator==(const WorktreeSetup&) const = default;
};

/// What is kept of worktrees when they go, and how much room it may take.
struct WorktreeRules {
  std::vector<std::string> caches;  ///< ignored names, paths and patterns that are not kept
  std::int64_t trash_bytes = 0;     ///< 0: 5 GB, or 5 % of the disk where that is less
  std::int64_t free_bytes = 0;      ///< 0: 500 MB, or 1 % of the disk where that is less
  int pool = -1;  ///< worktrees kept for further tasks; -1: as many as the run has use for
  std::vector<std::string> keep;    ///< ignored files and folders that stay in those
  std::vector<std::string> sparse;  ///< folders that worktrees of tasks have; empty: all

  bool operator==(const WorktreeRules&) const = default;
};

enum class Strategy : std::uint8_t { Merge, Rebase, Squash };

template <>
struct EnumNames<Strategy> {
  static constexpr std::pair<Strategy, std::string_view> kTable[] = {
      {Strategy::Merge, "merge"}, {Strategy::Rebase, "rebase"}, {Strategy::Squash, "squash"}};
};

struct MergeRules {
  Strategy strategy = Strategy::Merge;
  Follow follow = Follow::Landing;
  std::vector<TestCommand> tests;
  bool test_base = true;            ///< the base must pass its own tests before anything starts
  int rounds = 2;                   ///< so often work that does not land goes back to its agent
  std::vector<std::string> caches;  ///< ignored paths kept between test runs
  /// Patterns: what a task changes of these lands only after the user has seen it.
  std::vector<std::string> protected_files = usual_protected();
  int parallel = 1;  ///< so many candidates are tested side by side
  std::vector<GeneratedFiles> generated;

  bool operator==(const MergeRules&) const = default;
};

/// What has landed goes to a remote, never by force.
struct PushRules {
  PushWhen when = PushWhen::Never;
  std::string remote = "origin";
  std::string branch;                ///< a pattern; empty: called as the base
  std::vector<std::string> command;  ///< run once at the end, when all is pushed; empty: none

  bool operator==(const PushRules&) const = default;
};

struct Limits {
  Span task_timeout = std::chrono::minutes(30);
  int attempts = 3;
  Span retry_delay = std::chrono::seconds(1);  ///< doubled each time, at most 5 min, +-25 %
  Span stop_grace = std::chrono::seconds(5);   ///< between TERM and KILL
  Span stall = std::chrono::seconds(60);       ///< silence after which an agent shows as stalled
  Span hand_back = std::chrono::seconds(60);   ///< quiet after which a window is ours again
  int auto_texts = 10;                         ///< of ours, for one task
  int auto_restarts = 5;                       ///< of one task
  Budget task_budget{};                        ///< what a task may use before the user is asked
  Budget run_budget{};                         ///< and all of them together
  /// When an agent is told to continue after a failed turn, by how often it was in its attempt.
  std::vector<Span> continue_after{std::chrono::minutes(1), std::chrono::minutes(5),
                                   std::chrono::minutes(15)};
  std::int64_t log_bytes = 64LL << 20;  ///< kept of each attempt's output
  int idle_agents = -1;                 ///< that wait for their landing; -1: as many as workers
  std::int64_t memory_free = 0;         ///< bytes; 0: 2 GB, or a fifth of all where that is less
  int memory_pressure = 10;             ///< per cent; 0: no matter
  MadeRules made{};                     ///< tasks that agents make
  Span lock = std::chrono::hours(1);    ///< a path may be locked so long before the user is told

  bool operator==(const Limits&) const = default;
};

struct TmuxRules {
  std::string server = "private";  ///< "private", "default" or "socket:NAME"
  std::string socket_path;         ///< -S; wins over server
  std::string prefix = "C-o";      ///< the key that opens the menu on the run's own server
  int history = 5000;              ///< lines of scroll-back of each window

  bool operator==(const TmuxRules&) const = default;
};

struct Routing {
  std::vector<std::string> kinds;  ///< that tasks may go to, by what suits them
  Span failover_after{0};          ///< a pause of so long has another kind go on; 0: never

  bool operator==(const Routing&) const = default;
};

struct Config {
  std::string base;   ///< branch to land on; empty: the one that is checked out
  std::string tasks;  ///< task file; empty: the argument, or the usual places
  UnitRule unit = UnitRule::Auto;
  OrderRule order = OrderRule::Strict;
  std::string format;  ///< the convention of the task file; empty: it is found out
  int workers = 5;
  std::string branch = "orch/{id}";
  std::string worktree = ".worktrees/{id}";
  std::string agent = "auto";
  Routing routing;
  bool write_back = true;  ///< tick merged tasks in the task file
  WorktreeSetup worktree_setup;
  WorktreeRules worktrees;
  Limits limits;
  MergeRules merge;
  std::vector<TestCommand> gates;
  std::vector<Review> reviews;
  TmuxRules tmux;
  bool unattended = false;  ///< agents ask nothing
  SandboxRule sandbox = SandboxRule::Auto;
  /// What agents may read and write in the sandbox besides; absolute, or from `~/`.
  std::vector<std::string> sandbox_read;
  std::vector<std::string> sandbox_write;
  /// Repositories in which agents need not ask whether the folder is trusted; absolute.
  std::vector<std::string> trusted_roots;
  std::vector<PolicyRule> policy;  ///< of all layers: the strongest that matches decides
  /// Run when something begins to need the user; empty: nothing is.
  std::vector<std::string> notify_command;
  PushRules push;
  std::map<std::string, AgentProfile> agents;
  Prices prices;           ///< of models whose program names no cost
  AnomalyRules anomalies;  ///< what is done about agents with which something is wrong
  MessageRules messages{};
  CoordinatorRules coordinator{};

  bool operator==(const Config&) const = default;
};

}  // namespace orch
