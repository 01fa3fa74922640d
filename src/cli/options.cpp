// The command line as plain values; the only file that knows the parser library.
#include "cli/options.hpp"

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <sstream>

#include <CLI/CLI.hpp>

namespace orch::cli {
namespace {

void add_tmux(CLI::App& verb, Options& o) {
  verb.add_option("-L", o.server_name, "name of the tmux server's socket");
  verb.add_option("-S", o.server_path, "path of the tmux server's socket");
}

/// How a task file is read.
void add_reading(CLI::App& verb, Options& o) {
  verb.add_option("--unit", o.unit, "what one agent is given: auto, task, group or phase")
      ->check(CLI::IsMember({"auto", "task", "group", "phase"}));
  verb.add_option("--format", o.format, "read the task file by this convention");
  verb.add_flag("-v,--verbose", o.verbose, "also name what in the task file is no task, and why");
}

void add_plan(CLI::App& verb, Options& o) {
  verb.add_option("FILE", o.words, "task file; without it the usual places are searched")
      ->expected(0, 1);
  verb.add_option("--workers", o.workers, "agents at work at a time (1 to 1000)");
  verb.add_option("--agent", o.agent, "kind of agent for tasks that name none");
  verb.add_option("--base", o.base, "branch to start from and to land on");
  verb.add_option("--only", o.only, "run just these tasks: ID,ID,...")->delimiter(',');
  verb.add_option("--on-overlap", o.on_overlap,
                  "tasks that touch the same files: sequential, continue or cancel")
      ->check(CLI::IsMember({"sequential", "continue", "cancel"}));
  add_reading(verb, o);
}

void add_up(CLI::App& verb, Options& o) {
  add_plan(verb, o);
  verb.add_flag("-d,--detach", o.detached, "start and return at once");
  verb.add_flag("--foreground", o.foreground,
                "print event lines until the run ends (default without a terminal)");
  verb.add_flag("--dry-run", o.dry_run, "the same as `plan`");
  verb.add_flag("--no-write-back", o.no_write_back, "leave the marks in the task file alone");
  verb.add_option("--wait-user", o.wait_user,
                  "how long to wait when only a person can help: 10m, 0s or forever");
  add_tmux(verb, o);
}

void add_flags_of(CLI::App& verb, std::string_view name, Options& o) {
  const auto task = [&](const char* text) {
    verb.add_option("TASK", o.words, text)->expected(0, 1);
    verb.add_option("--window", o.window, "the task of this tmux window instead (@3)");
    verb.add_option("--client", o.client, "tell the answer to this tmux client");
  };
  const auto json = [&] { verb.add_flag("--json", o.json, "print JSON"); };
  if (name == "up") return add_up(verb, o);
  if (name == "plan") {
    add_plan(verb, o);
    verb.add_flag("--dot", o.dot, "print a graph for Graphviz");
    verb.add_option("--explain", o.explain, "why this task is as it is");
    return json();
  }
  if (name == "init") {
    verb.add_option("--from", o.from, "the task file, or folder, that is read");
    verb.add_option("-o,--output", o.output, "the file that is written; - prints it");
    return add_reading(verb, o);
  }
  if (name == "status" || name == "report" || name == "whoami") return json();
  if (name == "doctor") return json();
  if (name == "rescue") {
    verb.add_option("ACTION", o.words, "list; show, restore or drop, and a name")->expected(0, 2);
    verb.add_option("--to", o.to, "restore: the branch, or the folder, that is made for it");
    return json();
  }
  if (name == "events") {
    verb.add_flag("-f,--follow", o.follow, "go on until the run ends");
    verb.add_option("-n", o.lines, "only the last N");
    return json();
  }
  if (name == "logs") {
    task("the task whose agent's output is shown");
    verb.add_flag("-f,--follow", o.follow, "go on while the agent runs");
    verb.add_option("-n", o.lines, "only the last N lines");
    verb.add_option("--attempt", o.attempt, "of this attempt instead of the newest");
    return;
  }
  if (name == "attach") return task("the task whose window to go to");
  if (name == "abort" || name == "hold" || name == "release") {
    task("the task");
    verb.add_flag("--all", o.all, "every task that is not over");
    return;
  }
  if (name == "retry" || name == "merge" || name == "diff") return task("the task");
  if (name == "down") {
    verb.add_flag("--keep-agents", o.keep_agents, "agents go on; only the supervisor ends");
    return;
  }
  if (name == "gc") {
    verb.add_flag("--dry-run", o.dry_run, "only show what would go");
    verb.add_option("--older-than", o.older_than, "rescues go after this time (336h, 14 days)");
    return;
  }
  if (name == "done") {
    verb.add_option("-m,--message", o.message, "what was done");
    verb.add_flag("--no-changes", o.no_changes, "nothing had to be changed, on purpose");
    verb.add_option("--items", o.items, "only these parts of the task, with commas between")
        ->delimiter(',');
    return;
  }
  if (name == "blocked" || name == "notify") {
    verb.add_option("TEXT", o.words, "what to tell")->required();
    return;
  }
  if (name == "progress") {
    verb.add_option("FRACTION", o.words, "0 to 1, and a text if you like")->required();
    return;
  }
  if (name == "supervise") verb.add_option("RUN", o.run, "the run's id")->required();
}

}  // namespace

std::variant<Options, int> parse_options(int argc, char** argv) {
  Options options;
  CLI::App app{
      "Runs several coding agents at once on one git repository, each in its own tmux window and\n"
      "worktree, and lands their branches one at a time, tested.\n\n"
      "  tmux-orch up tasks.md          start, or go on, and watch\n"
      "  tmux-orch status               what every task is doing",
      "tmux-orch"};
  app.set_version_flag("--version", std::string("tmux-orch ") + kVersion);
  app.add_option("-C", options.folder, "work as if started in this folder");
  app.require_subcommand(1);
  for (const VerbEntry& verb : verbs()) {
    CLI::App* sub = app.add_subcommand(std::string(verb.name), std::string(verb.summary));
    sub->footer(fmt::format("Example:\n  {}", verb.example));
    sub->group(std::string(verb.group));
    add_flags_of(*sub, verb.name, options);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    constexpr int kUsage = 2;
    // It repeats the words of the command line, so it speaks by way of us.
    std::ostringstream help;
    std::ostringstream complaint;
    const bool wrong = app.exit(problem, help, complaint) != 0;
    print(help.str());
    print_error(complaint.str());
    return wrong ? kUsage : 0;
  }
  options.verb = app.get_subcommands().front()->get_name();
  return options;
}

}  // namespace orch::cli
