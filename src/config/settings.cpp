// The table of all settings, and how a table of TOML is read by it.
#include "config/settings.hpp"

#include "config/agent_settings.hpp"
#include "config/anomaly_settings.hpp"
#include "config/check_settings.hpp"
#include "config/names.hpp"
#include "config/policy_settings.hpp"
#include "config/preflight_settings.hpp"
#include "config/price_settings.hpp"
#include "config/screen_settings.hpp"
#include "config/setting_kinds.hpp"
#include "config/table_reader.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace orch {

namespace {

constexpr int kMostWorkers = 1000;
constexpr int kMostAttempts = 100;
constexpr int kMostTexts = 1000;
constexpr int kMostPressure = 100;
constexpr int kMostRounds = 20;
constexpr int kMostTests = 16;  // side by side
constexpr int kMostHistory = 1'000'000;
constexpr std::int64_t kLeastLog = 64LL << 10;
constexpr std::int64_t kMostLog = 1LL << 40;
constexpr int kMostPorts = 1000;
constexpr int kFirstPort = 1024;
constexpr int kLastPort = 65'000;
constexpr int kMostMessages = 100'000;
constexpr int kMostOpenOfOne = 1000;
constexpr int kMostOpen = 5000;
constexpr Span kShortestSpan{1};

void read_base(const SettingReader& reader, Config& config);
void read_push_remote(const SettingReader& reader, Config& config);
void read_push_branch(const SettingReader& reader, Config& config);
void read_server(const SettingReader& reader, Config& config);

using Expand = Result<std::string> (*)(std::string_view pattern, const NameFields& fields);

/// A pattern is tried out on a harmless task, so that its mistakes show before anything starts.
void read_name_pattern(const SettingReader& reader, std::string& target, Expand expand) {
  std::optional<std::string> pattern = reader.any_text();
  if (!pattern) return;
  const Result<std::string> sample =
      expand(*pattern, {TaskId{"T1"}, 1, "title", "agent", 1, "run"});
  if (!sample) {
    const Error& error = sample.error();
    return reader.wrong(fmt::format("'{}': {}", reader.path(), error.what), error.hint);
  }
  if (pattern->find("{id}") == std::string::npos && pattern->find("{num}") == std::string::npos) {
    return reader.wrong(fmt::format("'{}' gives every task the same name", reader.path()),
                        "put {id} or {num} into it");
  }
  target = std::move(*pattern);
}

constexpr int kMostTurns = 1'000'000;

void read_sandbox(const SettingReader& reader, Config& config) {
  if (const bool* given = std::get_if<bool>(&reader.value().content)) {
    if (!*given && reader.only_narrows()) return reader.not_yours();
    config.sandbox = *given ? SandboxRule::On : SandboxRule::Off;
    return;
  }
  const auto* text = std::get_if<std::string>(&reader.value().content);
  if (text == nullptr || *text != "auto") return reader.wrong_kind("true, false or \"auto\"");
  if (reader.only_narrows()) return reader.not_yours();
  config.sandbox = SandboxRule::Auto;
}

constexpr auto kSettings = std::to_array<Setting<Config>>({
    {"base", "text", "\"\"",
     "The branch the work lands on. Empty: the one that is checked out when the run begins; `up` "
     "goes on with the branch of the run.",
     read_base},
    {"tasks", "text", "\"\"",
     "The task file, when the command line names none. Empty: the usual places are searched.",
     [](const SettingReader& in, Config& to) { in.text(to.tasks); }},
    {"unit", "`auto`, `task`, `group` or `phase`", "\"auto\"",
     "What one agent gets: each `task`, a `group` of them (an item with its children, a story, a "
     "section), a `phase`, or what the file's convention suggests.",
     [](const SettingReader& in, Config& to) { in.choice(to.unit); }},
    {"order", "`strict` or `stated`", "\"strict\"",
     "Which order of tasks counts: `stated` is what their fields say, `strict` also what the "
     "file's convention implies.",
     [](const SettingReader& in, Config& to) { in.choice(to.order); }},
    {"format", "text", "\"\"", "The convention of the task file. Empty: it is found out.",
     [](const SettingReader& in, Config& to) { in.text(to.format); }},
    {"workers", "number, 1 to 1000", "5", "How many agents work at the same time at most.",
     [](const SettingReader& in, Config& to) { in.number(to.workers, 1, kMostWorkers); }},
    {"branch", "pattern", "\"orch/{id}\"", "The name of a task's branch.",
     [](const SettingReader& in, Config& to) { read_name_pattern(in, to.branch, branch_name); }},
    {"worktree", "pattern", "\".worktrees/{id}\"",
     "The folder of a task's worktree, from the repository's root or absolute.",
     [](const SettingReader& in, Config& to) { read_name_pattern(in, to.worktree, folder_name); }},
    {"agent", "text", "\"auto\"",
     "The agent for tasks that name none. `auto`: the first automatic one that is installed, by "
     "name.",
     [](const SettingReader& in, Config& to) { in.text(to.agent); }},
    {"routing.kinds", "list of texts", "[]",
     "The kinds of agents that tasks which name none may go to, where `agent` is `auto`.",
     [](const SettingReader& in, Config& to) { in.texts(to.routing.kinds); }},
    {"routing.failover_after", "time", "\"0s\"",
     "When a kind is paused for so long, or stopped, another one of `routing.kinds` goes on with "
     "its "
     "tasks, in the same worktrees; also with those that name it. `0s`: never.",
     [](const SettingReader& in, Config& to) { in.span(to.routing.failover_after, Span{0}); },
     SetBy::User},
    {"write_back", "true or false", "true", "Tick a merged task in the task file.",
     [](const SettingReader& in, Config& to) { in.flag(to.write_back); }},

    {"worktree_setup.copy", "list of paths", "[]",
     "Files that git does not track, copied into each new worktree.",
     [](const SettingReader& in, Config& to) { in.inner_paths(to.worktree_setup.copy); }},
    {"worktree_setup.link", "list of paths", "[]",
     "Files and folders that are linked into it instead.",
     [](const SettingReader& in, Config& to) { in.inner_paths(to.worktree_setup.link); }},
    {"worktree_setup.run", "list of commands", "[]",
     "Commands run in each new worktree, one after the other, before its agent starts.",
     [](const SettingReader& in, Config& to) { in.commands(to.worktree_setup.run); }},
    {"worktree_setup.timeout", "time", "\"10m\"", "How long each of these commands may take.",
     [](const SettingReader& in, Config& to) {
       in.span(to.worktree_setup.timeout, kShortestSpan);
     }},
    {"worktree_setup.fingerprint", "list of paths", "[]",
     "Files that decide what these commands make, such as `package-lock.json`; a pattern with `*` "
     "as well. While they are the same, a worktree from the pool has it already. Empty: the "
     "commands run for each task.",
     [](const SettingReader& in, Config& to) { in.inner_paths(to.worktree_setup.fingerprint); }},
    {"worktree_setup.ports", "number", "10",
     "How many TCP ports each worktree has for itself, from `$TMUX_ORCH_PORT` on; 0: none.",
     [](const SettingReader& in, Config& to) {
       in.number(to.worktree_setup.ports, 0, kMostPorts);
     }},
    {"worktree_setup.port_base", "number", "20000", "The first port that a worktree may have.",
     [](const SettingReader& in, Config& to) {
       in.number(to.worktree_setup.port_base, kFirstPort, kLastPort);
     }},
    {"worktree_setup.submodules", "true or false", "true",
     "Whether the submodules that your checkout has are checked out in it, and for the tests.",
     [](const SettingReader& in, Config& to) { in.flag(to.worktree_setup.submodules); }},

    {"worktrees.caches", "list of paths", "[]",
     "What git ignores and is deleted with a worktree instead of kept in the trash: a name at any "
     "depth, a path from the root, or a pattern with `*`.",
     [](const SettingReader& in, Config& to) { in.inner_paths(to.worktrees.caches); }},
    {"worktrees.pool", "number, or `auto`", "\"auto\"",
     "How many worktrees are kept when their tasks are over, for the next ones. `auto`: as many as "
     "there is use for, and none when the run is over; 0: none.",
     [](const SettingReader& in, Config& to) { read_count(in, to.worktrees.pool, kMostWorkers); }},
    {"worktrees.keep", "list of paths", "[]",
     "What git ignores and stays in such a worktree, so that the next task finds it: `target`, "
     "`node_modules`. Tasks share it then.",
     [](const SettingReader& in, Config& to) { in.inner_paths(to.worktrees.keep); }},
    {"worktrees.sparse", "list of paths", "[]",
     "The only folders that the worktrees of tasks have, besides the files at the root. Empty: "
     "all.",
     [](const SettingReader& in, Config& to) { read_folders(in, to.worktrees.sparse); }},
    {"worktrees.trash", "size", "\"\"",
     "How large the trash may get before you are asked to look at it. Empty: 5 GB, or 5 % of the "
     "disk where that is less.",
     [](const SettingReader& in, Config& to) { read_size(in, to.worktrees.trash_bytes); }},
    {"worktrees.free", "size", "\"\"",
     "No agent is started while less of the disk is free. Empty: 500 MB, or 1 % of the disk where "
     "that is less.",
     [](const SettingReader& in, Config& to) { read_size(in, to.worktrees.free_bytes); }},

    {"limits.task_timeout", "time", "\"30m\"",
     "How long an attempt may work; then its work is saved and it counts as failed.",
     [](const SettingReader& in, Config& to) { in.span(to.limits.task_timeout, kShortestSpan); }},
    {"limits.attempts", "number, 1 to 100", "3", "How often a task is tried before it has failed.",
     [](const SettingReader& in, Config& to) { in.number(to.limits.attempts, 1, kMostAttempts); }},
    {"limits.retry_delay", "time", "\"1s\"",
     "The wait before the second attempt; doubled for each further one, at most 5 minutes.",
     [](const SettingReader& in, Config& to) { in.span(to.limits.retry_delay, Span{0}); }},
    {"limits.stop_grace", "time", "\"5s\"",
     "The time an agent gets to end by itself: after its `exit_command`, and after SIGTERM before "
     "it "
     "is killed.",
     [](const SettingReader& in, Config& to) { in.span(to.limits.stop_grace, Span{0}); }},
    {"limits.stall", "time", "\"60s\"",
     "How long an agent may be busy without progress before it is shown as stalled.",
     [](const SettingReader& in, Config& to) { in.span(to.limits.stall, kShortestSpan); }},
    {"limits.made_tasks", "number, 0 to 1000", "20",
     "So many tasks agents may make in a run, by delegating or as a coordinator.",
     [](const SettingReader& in, Config& to) { in.number(to.limits.made.tasks, 0, 1000); },
     SetBy::User},
    {"limits.made_depth", "number, 1 to 10", "2",
     "How deep delegating goes: with 2, what was delegated may be delegated on once.",
     [](const SettingReader& in, Config& to) { in.number(to.limits.made.depth, 1, 10); },
     SetBy::User},
    {"limits.made_kinds", "list of texts", "[]",
     "The kinds of agents that such tasks may go to. Empty: those whose screens are read, and none "
     "that runs what it is told as a script.",
     [](const SettingReader& in, Config& to) { in.texts(to.limits.made.kinds); }, SetBy::User},
    {"limits.lock", "time", "\"1h\"",
     "How long an agent may have a path locked (`tmux-orch lock`) before you are told.",
     [](const SettingReader& in, Config& to) { in.span(to.limits.lock, kShortestSpan); }},
    {"limits.hand_back", "time", "\"60s\"",
     "How long you may stop typing in an agent's window, its input empty, before it is no longer "
     "taken to be yours.",
     [](const SettingReader& in, Config& to) { in.span(to.limits.hand_back, kShortestSpan); }},
    {"limits.auto_texts", "number, 0 to 1000", "10",
     "How many texts tmux-orch itself types for a task, in all its attempts; then you are asked.",
     [](const SettingReader& in, Config& to) { in.number(to.limits.auto_texts, 0, kMostTexts); }},
    {"limits.auto_restarts", "number, 0 to 1000", "5",
     "How often tmux-orch itself begins a task again, whatever the reason; then you are asked. "
     "Never "
     "less than `limits.attempts` needs.",
     [](const SettingReader& in, Config& to) {
       in.number(to.limits.auto_restarts, 0, kMostTexts);
     }},
    {"limits.task_cost", "number", "0",
     "What a task may cost in dollars, in all its attempts; then you are asked. 0: any amount.",
     [](const SettingReader& in, Config& to) { read_cost(in, to.limits.task_budget.cost); },
     SetBy::User},
    {"limits.task_turns", "number, 0 to 1000000", "0",
     "How many turns the agents of a task may do; then you are asked. 0: any number.",
     [](const SettingReader& in, Config& to) {
       in.number(to.limits.task_budget.turns, 0, kMostTurns);
     },
     SetBy::User},
    {"limits.run_cost", "number", "0", "The same as `task_cost` for all tasks of a run together.",
     [](const SettingReader& in, Config& to) { read_cost(in, to.limits.run_budget.cost); },
     SetBy::User},
    {"limits.run_turns", "number, 0 to 1000000", "0",
     "The same as `task_turns` for all tasks of a run together.",
     [](const SettingReader& in, Config& to) {
       in.number(to.limits.run_budget.turns, 0, kMostTurns);
     },
     SetBy::User},
    {"limits.continue_after", "list of times", "[\"1m\", \"5m\", \"15m\"]",
     "When an agent is told to continue whose turn ended in an error that passes by itself: after "
     "the first one of its attempt, the second, and so on; then you are asked. `[]`: never.",
     [](const SettingReader& in, Config& to) {
       in.spans(to.limits.continue_after, kShortestSpan);
     }},
    {"limits.log_bytes", "number, from 65536", "67108864",
     "How many bytes of each attempt's output are kept; the oldest go first.",
     [](const SettingReader& in, Config& to) {
       in.number(to.limits.log_bytes, kLeastLog, kMostLog);
     }},
    {"limits.idle_agents", "number, -1 to 1000", "-1",
     "How many agents that are done may wait in their windows until their work has landed; of "
     "more, those that wait for the longest are ended. -1: as many as `workers`.",
     [](const SettingReader& in, Config& to) {
       in.number(to.limits.idle_agents, -1, kMostWorkers);
     }},
    {"limits.memory_free", "size", "\"\"",
     "No further agent is started while less memory is available on the machine. Empty: 2 GB, or a "
     "fifth of all where that is less.",
     [](const SettingReader& in, Config& to) { read_size(in, to.limits.memory_free); }},
    {"limits.memory_pressure", "number, 0 to 100", "10",
     "Nor while programs had to wait for memory in more than so many percent of the last ten "
     "seconds (`/proc/pressure/memory`). 0: that does not matter.",
     [](const SettingReader& in, Config& to) {
       in.number(to.limits.memory_pressure, 0, kMostPressure);
     }},

    {"merge.strategy", "`merge`, `rebase` or `squash`", "\"merge\"",
     "`merge`: the task's commits and a merge commit. `rebase`: its commits one after the other on "
     "what has landed. `squash`: one commit a task.",
     [](const SettingReader& in, Config& to) { in.choice(to.merge.strategy); }},
    {"merge.follow", "`landing`, `end` or `never`", "\"landing\"",
     "When your branch follows the landed work: after each task, at the end, or when you do it.",
     [](const SettingReader& in, Config& to) { in.choice(to.merge.follow); }},
    {"merge.test_base", "true or false", "true",
     "Run the tests on the base first, and start nothing when they fail there.",
     [](const SettingReader& in, Config& to) { in.flag(to.merge.test_base); }},
    {"merge.rounds", "number, 0 to 20", "2",
     "How often the work of a task that conflicts or fails the tests goes back to its agent; then "
     "it "
     "is left to you.",
     [](const SettingReader& in, Config& to) { in.number(to.merge.rounds, 0, kMostRounds); }},
    {"merge.parallel", "number, 1 to 16", "1",
     "How many merges are tested side by side, each in a checkout of its own.",
     [](const SettingReader& in, Config& to) { in.number(to.merge.parallel, 1, kMostTests); }},
    {"merge.caches", "list of paths", "[]",
     "Ignored folders that are kept from one test run to the next.",
     [](const SettingReader& in, Config& to) { in.inner_paths(to.merge.caches); }},
    {"merge.protected", "list of texts", kUsualProtected,
     "Patterns of files: a task that changes one lands only after you have seen it.",
     [](const SettingReader& in, Config& to) { read_protected(in, to.merge.protected_files); },
     SetBy::Narrowing},
    {"merge.test", "list of tables", "[]", "The tests each task must pass before it lands.",
     [](const SettingReader& in, Config& to) { read_tests(in, to.merge.tests); }},
    {"merge.generated", "list of tables", "[]",
     "Files that a command makes anew where works conflict in them, such as lock files.",
     [](const SettingReader& in, Config& to) { read_generated(in, to.merge.generated); }},
    {"gate", "list of tables", "[]", "What it has to pass besides, by name.",
     [](const SettingReader& in, Config& to) { read_gates(in, to.gates); }, SetBy::Narrowing},
    {"review", "list of tables", "[]", "The agents that look at it before that, by name.",
     [](const SettingReader& in, Config& to) { read_reviews(in, to.reviews); }, SetBy::Narrowing},

    {"tmux.server", "`private`, `default` or `socket:NAME`", "\"private\"",
     "The tmux server the agents live in: one of their own, yours, or the one of that name (`-L`).",
     read_server},
    {"tmux.socket_path", "text", "\"\"",
     "The path of a tmux server's socket (`-S`), absolute or from the repository's root. Set, it "
     "wins over `tmux.server`.",
     [](const SettingReader& in, Config& to) { in.text(to.tmux.socket_path); }},
    {"tmux.prefix", "key", "\"C-o\"", "The key that opens the menu on the private server.",
     [](const SettingReader& in, Config& to) { read_key(in, to.tmux.prefix); }},
    {"tmux.history", "number, 0 to 1000000", "5000", "Lines of scroll-back of each window.",
     [](const SettingReader& in, Config& to) { in.number(to.tmux.history, 0, kMostHistory); }},

    {"notify.command", "command", "[]",
     "Run when something begins to need you: `{title}`, `{text}` and `{task}` stand for what it "
     "is.",
     [](const SettingReader& in, Config& to) { in.command_or_none(to.notify_command); },
     SetBy::User},

    {"messages.between_agents", "true or false", "true",
     "Agents may write to one another with `tmux-orch send`; if not, to you only.",
     [](const SettingReader& in, Config& to) { in.flag(to.messages.between_agents); }},
    {"messages.per_pair", "number, 1 to 100000", "10",
     "How many messages an agent may send one receiver within `messages.window`; more are refused, "
     "and you are told.",
     [](const SettingReader& in, Config& to) {
       in.number(to.messages.per_pair, 1, kMostMessages);
     }},
    {"messages.window", "time", "\"10m\"", "The time that begins with the first of them.",
     [](const SettingReader& in, Config& to) { in.span(to.messages.window, kShortestSpan); }},
    {"messages.open_per_agent", "number, 1 to 1000", "32",
     "How many messages may wait for one agent, or be unread by you; more are refused.",
     [](const SettingReader& in, Config& to) {
       in.number(to.messages.open_per_agent, 1, kMostOpenOfOne);
     }},
    {"messages.open_per_run", "number, 1 to 5000", "500", "How many may wait in the whole run.",
     [](const SettingReader& in, Config& to) {
       in.number(to.messages.open_per_run, 1, kMostOpen);
     }},

    {"coordinator.agent", "text", "\"\"",
     "The kind of agent that coordinates the others, in a window of its own. Empty: none does.",
     [](const SettingReader& in, Config& to) { in.text(to.coordinator.agent); }, SetBy::User},
    {"coordinator.digest", "time", "\"30s\"",
     "So often it is told of what needs a decision, not more.",
     [](const SettingReader& in, Config& to) { in.span(to.coordinator.digest, kShortestSpan); }},

    {"push.when", "`never`, `landing` or `end`", "\"never\"",
     "When what has landed is pushed to a remote: after each landing, or at the end of the run.",
     [](const SettingReader& in, Config& to) { in.choice(to.push.when); }, SetBy::User},
    {"push.remote", "text", "\"origin\"", "Where to: a remote of the repository's, or a URL.",
     read_push_remote, SetBy::User},
    {"push.branch", "pattern", "\"\"",
     "The branch there; `{base}` and `{run}` stand for your branch and the run. Empty: called as "
     "your branch.",
     read_push_branch, SetBy::User},
    {"push.command", "command", "[]",
     "Run once at the end, when all is pushed: `{branch}`, `{base}`, `{run}`, `{title}` and "
     "`{body_file}`, a text that names the tasks, stand for what they say.",
     [](const SettingReader& in, Config& to) { in.command_or_none(to.push.command); }, SetBy::User},

    {"unattended", "true or false", "false",
     "Agents ask nothing: each is started with its `unattended_flags`.",
     [](const SettingReader& in, Config& to) { in.right(to.unattended, true); }, SetBy::Narrowing},
    {"sandbox", "true, false or `auto`", "\"auto\"",
     "Put agents into a sandbox (bubblewrap). `auto`: with `unattended`.", read_sandbox,
     SetBy::Narrowing},
    {"sandbox_read", "list of texts", "[]",
     "What agents see in the sandbox of places that are hidden there: absolute paths, or from "
     "`~/`.",
     [](const SettingReader& in, Config& to) { read_places(in, to.sandbox_read); }, SetBy::User},
    {"sandbox_write", "list of texts", "[]", "What agents may write in it besides.",
     [](const SettingReader& in, Config& to) { read_places(in, to.sandbox_write); }, SetBy::User},
    {"trusted_roots", "list of texts", "[]",
     "The repositories that you trust, as absolute paths or from `~/`: agents there are started "
     "with their `trust_flags`.",
     [](const SettingReader& in, Config& to) { read_places(in, to.trusted_roots); }, SetBy::User},
    {"policy", "list of tables", "[]",
     "Rules for the permissions that agents ask for. Those of all layers count together.",
     [](const SettingReader& in, Config& to) { read_policy(in, to.policy); }, SetBy::Narrowing},

    {"prices", "table of tables", "{}", "What you pay for models, by name.",
     [](const SettingReader& in, Config& to) { read_prices(in, to.prices); }, SetBy::User},
    {"anomalies", "table of tables", "the built-in rules",
     "What is done about agents with which something is wrong, by the name of that.",
     [](const SettingReader& in, Config& to) { read_anomalies(in, to.anomalies); }, SetBy::User},

    {"agents", "table of tables", "the built-in agents", "The kinds of agents, by name.",
     [](const SettingReader& in, Config& to) { read_agents(in, to.agents); }},
});

void read_base(const SettingReader& reader, Config& config) {
  std::optional<std::string> base = reader.any_text();
  if (!base) return;
  const Status good = base->empty() ? Status{} : check_branch_name(*base);
  if (!good) return reader.wrong(fmt::format("'base': {}", good.error().what));
  config.base = std::move(*base);
}

void read_push_remote(const SettingReader& reader, Config& config) {
  std::optional<std::string> remote = reader.any_text();
  if (!remote) return;
  if (remote->empty() || remote->front() == '-')
    return reader.wrong(fmt::format("'push.remote' cannot be \"{}\"", one_line(*remote, 40)),
                        "`git remote` lists those that there are");
  config.push.remote = std::move(*remote);
}

void read_push_branch(const SettingReader& reader, Config& config) {
  std::optional<std::string> branch = reader.any_text();
  if (!branch) return;
  std::string name = *branch;
  for (const std::string_view place : {"{base}", "{run}"})
    for (std::size_t at = name.find(place); at != std::string::npos; at = name.find(place))
      name.replace(at, place.size(), "x");
  if (name.find_first_of("{}") != std::string::npos)
    return reader.wrong("'push.branch' has a '{' or '}' of no placeholder",
                        "the placeholders are {base} and {run}");
  const Status good = name.empty() ? Status{} : check_branch_name(name);
  if (!good) return reader.wrong(fmt::format("'push.branch': {}", good.error().what));
  config.push.branch = std::move(*branch);
}

void read_server(const SettingReader& reader, Config& config) {
  std::optional<std::string> server = reader.any_text();
  if (!server) return;
  constexpr std::string_view kSocket = "socket:";
  const bool is_socket = server->starts_with(kSocket) && server->size() > kSocket.size() &&
                         server->find('/') == std::string::npos;
  if (server != "private" && server != "default" && !is_socket) {
    return reader.wrong(fmt::format("'tmux.server' cannot be \"{}\"", one_line(*server, 40)),
                        "it can be private, default or socket:NAME; a path is tmux.socket_path");
  }
  config.tmux.server = std::move(*server);
}

template <class Owner>
void add_texts(std::span<const Setting<Owner>> settings, std::string_view prefix,
               std::vector<SettingText>& texts) {
  for (const Setting<Owner>& setting : settings) {
    const std::string path = fmt::format("{}{}", prefix, setting.path);
    const bool is_table = path == "agents" || path == "prices" || path == "anomalies";
    if (!is_table) texts.push_back({path, setting.type, setting.initial, setting.meaning});
    if (path == "merge.test") {
      add_texts<TestCommand>(test_settings(), "merge.test.", texts);
    } else if (path == "merge.generated") {
      add_texts<GeneratedFiles>(generated_settings(), "merge.generated.", texts);
    } else if (path == "gate") {
      add_texts<TestCommand>(gate_settings(), "gate.", texts);
    } else if (path == "review") {
      add_texts<Review>(review_settings(), "review.", texts);
    } else if (path == "policy") {
      add_texts<PolicyRule>(policy_settings(), "policy.", texts);
    } else if (path == "prices") {
      add_texts<Price>(price_settings(), "prices.MODEL.", texts);
    } else if (path == "anomalies") {
      add_texts<AnomalyRule>(anomaly_settings(), "anomalies.NAME.", texts);
    } else if (path == "agents") {
      const std::string agent = fmt::format("{}NAME.", kAgentPrefix);
      add_texts<AgentProfile>(agent_settings(), agent, texts);
      add_texts<Evidence>(evidence_settings(), agent + "preflight.trusted.", texts);
      add_texts<ScreenRule>(screen_settings(), agent + "screen.", texts);
    }
  }
}

}  // namespace

std::vector<SettingText> setting_texts() {
  std::vector<SettingText> texts;
  add_texts<Config>(kSettings, "", texts);
  return texts;
}

std::vector<std::string> setting_paths(const Config& config) {
  std::vector<std::string> paths;
  paths.reserve(kSettings.size() + config.agents.size() * agent_settings().size());
  for (const Setting<Config>& setting : kSettings) {
    paths.emplace_back(setting.path);
  }
  for (const auto& [name, profile] : config.agents) {
    for (const Setting<AgentProfile>& setting : agent_settings()) {
      paths.push_back(fmt::format("{}{}.{}", kAgentPrefix, name, setting.path));
    }
  }
  for (const auto& [name, rule] : config.anomalies)
    for (const Setting<AnomalyRule>& setting : anomaly_settings())
      paths.push_back(fmt::format("anomalies.{}.{}", name, setting.path));
  return paths;
}

void read_settings(const TomlValue::Table& table, Config& config, Findings& findings) {
  TableReader<Config>(kSettings, "", config, findings, findings.from_repository).read(table);
}

}  // namespace orch
