// agents test: has an agent do a small task in a throw-away worktree, and tells step by step what
// came of it.
#include "agents/profiles.hpp"
#include "agents/sandbox.hpp"
#include "app/agent_trial.hpp"
#include "app/our_processes.hpp"
#include "app/preflight.hpp"
#include "cli/agent_actions.hpp"
#include "cli/ask.hpp"
#include "cli/config_here.hpp"
#include "cli/first_minute.hpp"
#include "cli/installed.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;
using app::StepEnd;
using app::TrialStep;

constexpr Span kLongest = 1h;

void tell(const TrialStep& step) {
  const std::string_view end = step.end == StepEnd::Ok       ? "ok"
                               : step.end == StepEnd::Failed ? "FAILED"
                                                             : "skipped";
  print(fmt::format("{:8} {:18} {:>6.1f} s  {}\n", end, step.name,
                    static_cast<double>(step.took.count()) / 1000, one_line(step.evidence, 400)));
  if (!step.advice.empty()) print(fmt::format("         {}\n", one_line(step.advice, 400)));
}

bool tell_known(std::string name, const app::Finding& finding) {
  TrialStep step{.name = std::move(name), .evidence = finding.evidence, .advice = {}};
  if (finding.known == app::Known::CannotTell) {
    step.end = StepEnd::Skipped;
    step.evidence = "cannot be told";
  }
  if (finding.known == app::Known::No) {
    step.end = StepEnd::Failed;
    step.evidence = "looked at in vain: " + finding.evidence;
    step.advice = fmt::format("`{}` once, and answer what it asks", finding.command);
  }
  tell(step);
  return step.end != StepEnd::Failed;
}

/// What can be told before anything is started.
bool is_ready(Blocking& blocking, const Config& config, const AgentProfile& profile,
              const fs::path& root) {
  const std::string path = installed_path(program_of(profile));
  if (path.empty()) {
    tell({.name = "program found",
          .end = StepEnd::Failed,
          .evidence = fmt::format("there is no {} in PATH", program_of(profile)),
          .advice = "install it, or name another one in `agents." + profile.name + ".command`"});
    return false;
  }
  tell({.name = "program found", .evidence = path, .advice = {}});
  const std::int64_t began = loop::Loop::boottime_ms();
  const app::ProgramVersion version =
      blocking.wait(app::version_of(blocking.children, AgentProfile(profile), 20s));
  TrialStep step{.name = "version", .evidence = version.text, .advice = {}};
  step.took = Span(loop::Loop::boottime_ms() - began);
  if (version.text.empty()) {
    step.end = StepEnd::Skipped;
    step.evidence = "it does not say";
  } else if (!version.measured && !profile.preflight.versions.empty()) {
    step.evidence +=
        fmt::format(" (its profile was tried with {})", join(profile.preflight.versions, ", "));
  }
  tell(step);
  const app::Preflight look = look_before_start(config, profile, root);
  const bool signed_in = tell_known("signed in", look.signed_in);
  const bool trusted = tell_known("trusted", look.trusted);
  return signed_in && trusted;
}

/// Does the user want it?
int asked(const AgentProfile& profile, const AgentsOptions& options, const std::string& place) {
  print(fmt::format(
      "This starts {} in a throw-away worktree below {} and has it write a file,\ncommit it and "
      "report: one paid request, or a few. Nothing of it stays; your branches, your run\nand your "
      "configuration are not touched.\n",
      profile.name, place));
  if (profile.of_repository) {
    print(fmt::format("The repository's own file says what is started: {}\n",
                      one_line(join(profile.command, " "), 300)));
  }
  if (options.yes) return status::kOk;
  if (!on_terminal()) {
    complain(Error{Fault::NeedsUser, "there is no terminal to ask on: nothing was started",
                   fmt::format("`tmux-orch agents test {} -y`", profile.name)});
    return status::kUserNeeded;
  }
  if (ask("Go on? [y/N] ", 'n') == 'y') return status::kOk;
  complain(Error{Fault::Refused, "nothing was started", {}});
  return status::kError;
}

/// An agent starts no other one.
bool is_inside_agent(const app::Paths& paths) {
  return std::getenv("TMUX_ORCH_ATTEMPT") != nullptr ||
         !app::shims_above(::getpid(), paths.home()).empty();
}

/// The trial, and its end also where somebody presses C-c.
int try_it(OpenGit& git, const app::Paths& paths, app::TrialPlan plan) {
  Blocking& blocking = git.blocking;
  bool interrupted = false;
  bool good = false;
  Status clean;
  {
    app::AgentTrial trial(blocking.loop, blocking.children, git.repository, paths, std::move(plan),
                          tell);
    const auto stop = [&] {
      interrupted = true;
      trial.interrupt();
    };
    const loop::SignalWatch interrupt(blocking.loop, SIGINT, stop);
    const loop::SignalWatch term(blocking.loop, SIGTERM, stop);
    const loop::SignalWatch hangup(blocking.loop, SIGHUP, stop);
    good = blocking.wait(trial.run());
    clean = blocking.wait(trial.clean_up());
    bool stopped = false;
    blocking.children.stop_all(2s, [&] {
      stopped = true;
      blocking.loop.stop();
    });
    while (!stopped)
      blocking.loop.run();
  }
  if (!clean) {
    complain(clean.error());
    warn("the next `tmux-orch agents test` takes away what is left");
    return status::kError;
  }
  if (interrupted) return status::kCtrlC;
  return good ? status::kOk : status::kError;
}

}  // namespace

int test_agent(const std::string& kind, const AgentsOptions& options) {
  Span timeout = 3min;
  if (!options.timeout.empty()) {
    const Result<Span> given = parse_span(options.timeout);
    if (!given) return complain(given.error());
    timeout = std::min(*given, kLongest);
  }
  std::optional<Config> config = config_here();
  if (!config) return status::kError;
  const Result<AgentProfile> profile = profile_named(*config, kind);
  if (!profile) return complain(profile.error());
  if (profile->command.empty()) {
    return complain(Error{Fault::Refused, fmt::format("agent '{}' is switched off", kind),
                          fmt::format("`agents.{}.command` switches it on", kind)});
  }
  const Result<git::RepositoryFacts> facts = discover_here();
  if (!facts) return complain(facts.error());
  const Result<fs::path> shim = find_shim();
  if (!shim) return complain(shim.error());
  const app::Paths paths(facts->root);
  if (is_inside_agent(paths)) {
    return complain(Error{Fault::Refused,
                          "this is the pane of an agent, and it starts no other one",
                          "start it from a terminal of your own"});
  }
  if (is_sandboxed(*config)) {
    return complain(Error{Fault::Refused, "an agent cannot be tried in the sandbox",
                          "switch `sandbox` off for a trial, or start a run of one small task"});
  }
  const int wanted = asked(*profile, options, paths.home().string());
  if (wanted != status::kOk) return wanted;
  const OpenedGit git = open_git(*facts);
  if (!git) return complain(git.error());
  if (!is_ready((*git)->blocking, *config, *profile, facts->root)) return status::kError;
  app::TrialPlan plan{.context = {.info = {},
                                  .config = std::move(*config),
                                  .paths = paths,
                                  .run = {},
                                  .environment = environment_here(),
                                  .program = own_program(),
                                  .shim = *shim},
                      .kind = kind,
                      .head = facts->head,
                      .timeout = timeout};
  return try_it(**git, paths, std::move(plan));
}

}  // namespace orch::cli
