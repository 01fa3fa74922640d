// doctor: what a run needs and how it stands, each with what to do about it.
#include "agents/profiles.hpp"
#include "app/ghosts.hpp"
#include "app/preflight.hpp"
#include "app/run_on_disk.hpp"
#include "app/supervisor_client.hpp"
#include "app/trash_place.hpp"
#include "cli/blocking.hpp"
#include "cli/config_here.hpp"
#include "cli/first_minute.hpp"
#include "cli/installed.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "git/repository.hpp"
#include "loop/descriptors.hpp"
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"
#include "orch/core/engine.hpp"
#include "tmuxctl/once.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>

namespace orch::cli {
namespace {

using Checks = std::vector<ui::Check>;

template <class T>
bool add(Checks& checks, std::string name, const Result<T>& result, std::string good) {
  if (result) {
    checks.push_back({std::move(name), true, std::move(good), {}});
  } else {
    checks.push_back({std::move(name), false, result.error().what, result.error().hint});
  }
  return result.has_value();
}

void check_tools(Checks& checks) {
  const Status files = loop::check_descriptors("a run", loop::kDescriptorsOfRun);
  add(checks, "open files", files, "enough");
  Blocking blocking;
  const Result<std::string> tmux = blocking.wait(tmuxctl::check_tmux(blocking.children));
  add(checks, "tmux", tmux, tmux ? *tmux : "");
  const Result<fs::path> shim = find_shim();
  add(checks, "orch-shim", shim, shim ? shim->string() : "");
}

void check_repository(Checks& checks, const git::RepositoryFacts& facts) {
  const OpenedGit git = open_git(facts);
  if (!git) {
    add(checks, "git configuration", git, "");
    return;
  }
  git::Repository& repository = (*git)->repository;
  const Result<git::Identity> identity = (*git)->wait(repository.identity());
  add(checks, "git identity", identity,
      identity ? fmt::format("{} <{}>{}", identity->name, identity->email,
                             identity->fallback ? " (ours: you have none)" : "")
               : "");
  const Result<git::WorktreeStatus> checkout = (*git)->wait(repository.status_of(facts.checkout));
  const std::size_t count = checkout ? checkout->changes.count : 0;
  add(checks, "checkout", checkout,
      count == 0 ? "clean"
                 : fmt::format("{} files are uncommitted: agents do not see them", count));
  checks.push_back(
      {"branch", !facts.branch.empty(), facts.branch.empty() ? "HEAD is detached" : facts.branch,
       facts.branch.empty() ? "`git switch BRANCH`, or `tmux-orch up --base BRANCH`" : ""});
  const app::Paths paths(facts.root);
  std::error_code ec;
  fs::create_directories(paths.home(), ec);
  const bool writable = ::access(paths.home().c_str(), W_OK) == 0;
  checks.push_back(
      {"run folder", writable, paths.home().string(), writable ? "" : "it has to be writable"});
}

/// Of a database that had to be put back the beginning is lost, and an earlier version, whose facts
/// are sentences, may have decided otherwise: there is nothing to compare.
bool is_comparable(const Event& first, const std::vector<Fact>& facts) {
  const bool by_earlier_version = std::ranges::any_of(facts, [](const Fact& fact) {
    return fact.kind == FactKind::RunStarted && fact.reason.kind == ReasonKind::Quoted;
  });
  return std::holds_alternative<RunStarted>(first) && !by_earlier_version;
}

/// The trace, decided once more from its first event, has to lead to the state that was stored.
Result<bool> replays(const app::Paths& paths, const std::string& run) {
  constexpr int kRowsAtOnce = 1000;
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  Engine engine;
  std::int64_t seq = 0;
  std::uint64_t stored = 0;
  while (true) {
    const Result<std::vector<store::TraceRow>> rows = store->trace(run, seq, kRowsAtOnce);
    if (!rows) return passed_on(rows);
    for (const store::TraceRow& row : *rows) {
      const Result<Event> event = decode_event(row.event);
      if (!event) return passed_on(event);
      if (seq == 0 && !is_comparable(*event, row.facts)) return true;
      engine.handle(*event, row.at);
      seq = row.seq;
      stored = row.state_hash;
    }
    if (rows->size() < kRowsAtOnce) return state_hash(engine.state()) == stored;
  }
}

void check_run(Checks& checks, const app::Paths& paths) {
  const Result<app::RunOnDisk> run = app::load_newest(paths);
  if (!run) {
    const bool none = run.error().fault == Fault::NotFound;
    checks.push_back({"run", none, none ? "none yet" : run.error().what, run.error().hint});
    return;
  }
  const std::int64_t pid = app::supervisor_pid(paths);
  const RunPhase phase = run->state.run.phase;
  const bool should_live = phase == RunPhase::Running || phase == RunPhase::TestingBase ||
                           phase == RunPhase::Stopping || phase == RunPhase::Finishing;
  checks.push_back({"supervisor", pid != 0 || !should_live,
                    pid != 0 ? fmt::format("alive, pid {}", pid)
                             : fmt::format("none; the run is {}", to_text(phase)),
                    pid != 0 || !should_live ? "" : "`tmux-orch up` goes on with the run"});
  const Result<bool> replayed = replays(paths, run->info.id);
  const bool agrees = replayed && *replayed;
  checks.push_back({"trace", agrees,
                    agrees     ? "replays to the stored state"
                    : replayed ? "replays to another state than the one stored"
                               : replayed.error().what,
                    agrees ? "" : "the stored state is what counts; please report this"});
  for (const TaskRecord& task : run->state.tasks) {
    const AgentRun& agent = run->state.agent_of(task);
    if (task.cleaned || agent.worktree.empty()) continue;
    std::error_code ec;
    const bool there = fs::exists(agent.worktree, ec);
    if (there) continue;
    checks.push_back({"worktree of " + one_line(task.id().value, 40), false,
                      agent.worktree + " is gone",
                      fmt::format("what was committed is on {}", agent.branch)});
  }
}

void check_trash(Checks& checks) {
  const Result<RunHandle> handle = open_run();
  if (!handle) return;
  const Result<Config> config = config_of(*handle);
  if (!config) return;
  const fs::path trash = app::trash_folder(handle->paths.repository(), config->worktree);
  const std::string warning = app::trash_warning(trash, config->worktrees);
  if (!warning.empty()) checks.push_back({"trash", false, warning, "`tmux-orch rescue list`"});
  const Status room = app::check_free_space(trash, config->worktrees);
  if (!room) checks.push_back({"disk", false, room.error().what, room.error().hint});
}

void check_ghosts(Checks& checks, const app::Paths& paths) {
  const std::vector<app::Ghost> ghosts = app::find_ghosts(paths.home() / "runs");
  if (ghosts.empty()) return;
  constexpr std::size_t kMost = 100;
  std::string kill = "kill";
  for (std::size_t i = 0; i < ghosts.size() && i < kMost; ++i)
    kill += fmt::format(" {}", ghosts[i].pid);
  const std::string more = ghosts.size() == 1 ? "it" : "them";
  checks.push_back({"ghosts", false, app::ghosts_text(ghosts),
                    fmt::format("look at {} with `ps`; `{}` ends {}", more, kill, more)});
}

/// Agents report by it; the shells of their tools look it up as this one does.
void check_reporting(Checks& checks) {
  Blocking blocking;
  loop::Command command;
  command.argv = {"sh", "-c", "command -v tmux-orch"};
  const char* path = std::getenv("PATH");
  const std::string ours = own_program().parent_path().string();
  command.env.emplace_back("PATH", path == nullptr ? ours : std::string(path) + ":" + ours);
  command.timeout = std::chrono::seconds(5);
  command.keep = 1u << 12;
  std::optional<Result<loop::Finished>> finished;
  blocking.children.run(std::move(command), [&](Result<loop::Finished> result) {
    finished = std::move(result);
    blocking.loop.stop();
  });
  while (!finished)
    blocking.loop.run();
  const bool found = *finished && (*finished)->ok();
  checks.push_back({"tmux-orch for agents", found,
                    found ? std::string(trim((*finished)->out)) : "a shell does not find it",
                    found ? "" : "put the folder of tmux-orch into PATH"});
}

std::string told(const app::Finding& finding, std::string_view yes, std::string_view no) {
  switch (finding.known) {
    case app::Known::Yes: return fmt::format("{} ({})", yes, finding.evidence);
    case app::Known::No: return fmt::format("{} (looked at: {})", no, finding.evidence);
    case app::Known::CannotTell: break;
  }
  return fmt::format("whether {} cannot be told", yes);
}

ui::Check check_of(Blocking& blocking, const Config& config, const AgentProfile& profile,
                   const fs::path& root, bool is_default) {
  const app::ProgramVersion version =
      blocking.wait(app::version_of(blocking.children, AgentProfile(profile)));
  const app::Preflight look = look_before_start(config, profile, root);
  std::string text = version.text.empty() ? "does not say its version"
                     : version.measured   ? version.text
                                          : version.text + ", another one than was tried";
  text += "; " + told(look.signed_in, "signed in", "not signed in");
  if (!root.empty()) text += "; " + told(look.trusted, "trusted here", "not trusted here");
  const bool signs_in = look.signed_in.known == app::Known::No;
  const bool missing = signs_in || (!root.empty() && look.trusted.known == app::Known::No);
  const app::Finding& first = signs_in ? look.signed_in : look.trusted;
  return {"agent " + profile.name, !missing || !is_default, std::move(text),
          missing ? fmt::format("`{}` once, and answer what it asks", first.command) : ""};
}

/// The agents that are installed. It is only the one that is taken by itself that must be ready.
void check_agents(Checks& checks, const fs::path& root) {
  const std::optional<Config> config = config_here();
  if (!config) return;
  const Result<std::string> usual = choose_agent(*config, "", is_installed);
  Blocking blocking;
  for (const auto& [name, profile] : config->agents) {
    if (profile.preflight.program.empty() || !is_installed(program_of(profile))) continue;
    checks.push_back(check_of(blocking, *config, profile, root, usual && *usual == name));
  }
}

int doctor(const JsonOptions& options) {
  Checks checks;
  check_tools(checks);
  const Result<git::RepositoryFacts> facts = discover_here();
  check_reporting(checks);
  if (add(checks, "repository", facts, facts ? facts->root.string() : "")) {
    check_repository(checks, *facts);
    check_run(checks, app::Paths(facts->root));
    check_trash(checks);
    check_ghosts(checks, app::Paths(facts->root));
  }
  check_agents(checks, facts ? facts->root : fs::path());
  options.json ? print_json(ui::checks_json(checks)) : print(ui::checks_text(checks));
  const bool well = std::ranges::all_of(checks, [](const ui::Check& check) { return check.ok; });
  return well ? status::kOk : status::kError;
}

}  // namespace

const Verb kDoctorVerb{"doctor", kPeople, "check tools, repository and the state of the run",
                       "tmux-orch doctor", begin<add_json, doctor>};

}  // namespace orch::cli
