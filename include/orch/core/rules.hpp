#pragma once
// What the core decides by: the part of the configuration that is written into the run's first
// event, so that a replay needs nothing else.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/anomaly.hpp"
#include "orch/core/budget.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/usage.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch {

/// When an agent counts as finished.
enum class DoneBy : std::uint8_t {
  Report,  ///< it says so (`tmux-orch done`); ending without a word is a failed attempt
  Exit,    ///< it ends with status 0
};

template <>
struct EnumNames<DoneBy> {
  static constexpr std::pair<DoneBy, std::string_view> kTable[] = {{DoneBy::Report, "report"},
                                                                   {DoneBy::Exit, "exit"}};
};

/// When the user's branch follows the run's integration branch.
enum class Follow : std::uint8_t { Landing, End, Never };

template <>
struct EnumNames<Follow> {
  static constexpr std::pair<Follow, std::string_view> kTable[] = {
      {Follow::Landing, "landing"}, {Follow::End, "end"}, {Follow::Never, "never"}};
};

/// When what has landed is pushed to a remote.
enum class PushWhen : std::uint8_t { Never, Landing, End };

template <>
struct EnumNames<PushWhen> {
  static constexpr std::pair<PushWhen, std::string_view> kTable[] = {
      {PushWhen::Never, "never"}, {PushWhen::Landing, "landing"}, {PushWhen::End, "end"}};
};

/// What to do with ready tasks that name the same files (A5).
enum class OnOverlap : std::uint8_t { Sequential, Continue, Cancel };

template <>
struct EnumNames<OnOverlap> {
  static constexpr std::pair<OnOverlap, std::string_view> kTable[] = {
      {OnOverlap::Sequential, "sequential"},
      {OnOverlap::Continue, "continue"},
      {OnOverlap::Cancel, "cancel"}};
};

struct AgentRules {
  DoneBy done = DoneBy::Report;
  bool commit = false;
  bool resumes = false;
  int max_parallel = 0;
  bool seen = false;              ///< there are rules for what its screen shows
  bool takes_texts_busy = false;  ///< its program queues a text, or turns to it, while it works
  Span interrupt_after{0};        ///< a turn that has stalled for so long is ended; 0: none is
  /// Until one has got to work no other is started: it asks the user something first.
  bool first_alone = false;
  Span start_gap{0};  ///< between the starts of two
  Span failed_start{
      0};  ///< one that fails sooner, without a word, has failed to start; 0: none has
  UsageFormat usage = UsageFormat::Unknown;  ///< who says what it uses
  bool interruptible = false;                ///< there are keys that end its turn
  std::vector<std::string> capabilities{};   ///< tags, and patterns of files, that suit it
  /// A prompt whose first request failed is no part of its conversation.
  bool forgets_prompt = false;
  bool runs_text = false;  ///< what it is told is a script, and is run without a question
  std::string compact{};   ///< the text that has its program shorten its conversation; empty: none

  ORCH_FIELDS(done, commit, resumes, max_parallel, seen, takes_texts_busy, interrupt_after,
              first_alone, start_gap, failed_start, usage, interruptible, capabilities,
              forgets_prompt, runs_text, compact)
  bool operator==(const AgentRules&) const = default;
};

/// An agent that looks at work before it lands.
struct ReviewRule {
  std::string name;
  bool needed = true;  ///< without an answer of it the user decides

  ORCH_FIELDS(name, needed)
  bool operator==(const ReviewRule&) const = default;
};

/// What agents may say to one another.
struct MessageRules {
  bool between_agents = true;  ///< those that do tasks, to others than the user
  int per_pair = 10;           ///< from one to another, in a window
  Span window = std::chrono::minutes(10);
  int open_per_agent = 32;  ///< so many wait for one at most
  int open_per_run = 500;

  ORCH_FIELDS(between_agents, per_pair, window, open_per_agent, open_per_run)
  bool operator==(const MessageRules&) const = default;
};

/// An agent that gives work to the others.
struct CoordinatorRules {
  std::string agent{};                     ///< its kind; empty: there is none
  Span digest = std::chrono::seconds(30);  ///< so often it is told of what happened, not more

  ORCH_FIELDS(agent, digest)
  bool operator==(const CoordinatorRules&) const = default;
};

/// Tasks that agents make.
struct MadeRules {
  int tasks = 20;                    ///< so many in a run
  int depth = 2;                     ///< what is delegated may be delegated on so often
  std::vector<std::string> kinds{};  ///< of agents that they go to; empty: all that run no scripts

  ORCH_FIELDS(tasks, depth, kinds)
  bool operator==(const MadeRules&) const = default;
};

struct Rules {
  int workers = 5;
  int attempts = 3;
  Span task_timeout = std::chrono::minutes(30);
  Span retry_delay = std::chrono::seconds(1);
  int auto_texts = 10;    ///< so many texts of ours are typed for a task, not more
  int auto_restarts = 5;  ///< so often a task is begun again by itself, whatever the reason
  Budget task_budget{};   ///< of each task
  Budget run_budget{};    ///< of all of them together
  /// When an agent whose turn failed for a passing reason is told to continue: after the first
  /// failure of its attempt, the second, and so on; after these the user is asked.
  std::vector<Span> continue_after{std::chrono::minutes(1), std::chrono::minutes(5),
                                   std::chrono::minutes(15)};
  OnOverlap on_overlap = OnOverlap::Sequential;
  std::string agent;  ///< kind of agent for tasks that name none; already chosen, never "auto"
  bool agent_is_named = false;  ///< by the user: tasks that name none go to it as if they did
  /// Kinds that tasks which name none may go to, by what suits them; empty: all go to `agent`.
  std::vector<std::string> route;
  /// A kind that is paused for so long has its tasks go on with another one of the route, those
  /// that name it as well; nothing: never.
  std::optional<Span> failover_after;
  std::map<std::string, AgentRules> agents;
  std::vector<TaskId> only;     ///< run just these; empty: all
  std::vector<TaskId> started;  ///< doubtful ones that the user wants done all the same
  std::vector<TaskId> skipped;  ///< doubtful ones that count as done, as their file says
  /// Entries of the task file that look like work and are in no task, where these are most of it;
  /// decides nothing, and is told at the end.
  int unread = 0;
  std::string base;     ///< the user's branch
  bool tested = false;  ///< are there test commands?
  bool test_base = true;
  bool write_back = true;
  Follow follow = Follow::Landing;
  /// How long a run that can only go on with the user's help waits for it; nothing: for ever.
  std::optional<Span> wait_user;
  std::uint64_t seed = 0;  ///< for the jitter of retry delays
  /// So many agents may wait in their windows until their work has landed; -1: as many as workers.
  int idle_agents = -1;
  /// So often the work of a task that does not land is given back to its agent; then the user
  /// decides.
  int rounds = 2;
  std::vector<ReviewRule> reviews{};  ///< in their order
  Prices prices{};                    ///< the user's, of models whose program names no cost
  AnomalyRules anomalies{};
  int parallel = 1;       ///< so many candidates are tested side by side
  bool in_order = false;  ///< each candidate lands as it is: several do not land as one commit
  PushWhen push = PushWhen::Never;
  std::string push_remote{};
  std::string push_to{};      ///< remote and branch: another destination has another one
  bool push_command = false;  ///< there is one to be run at the end, when all is pushed
  MessageRules messages{};
  CoordinatorRules coordinator{};
  MadeRules made{};
  Span lock_warning = std::chrono::hours(1);  ///< a path that is locked for so long is told of

  ORCH_FIELDS(workers, attempts, task_timeout, retry_delay, auto_texts, auto_restarts, task_budget,
              run_budget, continue_after, on_overlap, agent, agent_is_named, route, failover_after,
              agents, only, started, skipped, unread, base, tested, test_base, write_back, follow,
              wait_user, seed, idle_agents, rounds, reviews, prices, anomalies, parallel, in_order,
              push, push_remote, push_command, push_to, messages, coordinator, made, lock_warning)
  bool operator==(const Rules&) const = default;
};

}  // namespace orch
