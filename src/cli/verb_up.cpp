// `up`: begins a run or goes on with it, sees to a supervisor, and shows what happens.
#include "agents/profiles.hpp"
#include "app/begin_run.hpp"
#include "app/git_settings.hpp"
#include "app/ground.hpp"
#include "app/our_processes.hpp"
#include "app/run_on_disk.hpp"
#include "app/supervisor_client.hpp"
#include "app/trash_place.hpp"
#include "cli/ask.hpp"
#include "cli/attach.hpp"
#include "cli/blocking.hpp"
#include "cli/coordinator_choice.hpp"
#include "cli/dry_run.hpp"
#include "cli/first_minute.hpp"
#include "cli/follow.hpp"
#include "cli/installed.hpp"
#include "cli/lost_run.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/rights.hpp"
#include "cli/run_handle.hpp"
#include "cli/signing_choice.hpp"
#include "cli/up_questions.hpp"
#include "cli/verbs.hpp"
#include "cli/worktree_contents.hpp"
#include "config/rules_from.hpp"
#include "git/layout.hpp"
#include "git/repository.hpp"
#include "loop/descriptors.hpp"
#include "orch/base/environment.hpp"
#include "orch/base/text.hpp"
#include "orch/core/state.hpp"
#include "tmuxctl/once.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace orch::cli {
namespace {

struct Options : PlanOptions {
  bool detached = false;
  bool foreground = false;
  bool dry_run = false;
  bool yes = false;
  std::string wait_user;  ///< a span, "forever" or empty
};

void add_options(OptionList& list, Options& options) {
  add_plan(list, options);
  add_rights(list, options.rights);
  list.flag("-d,--detach", options.detached, "start and return at once");
  list.flag("--foreground", options.foreground,
            "print event lines until the run ends (default without a terminal)");
  list.flag("-y,--yes", options.yes, "do not ask before the first run in a repository");
  list.flag("--dry-run", options.dry_run, "the same as `plan`");
  list.flag("--no-write-back", options.no_write_back, "leave the marks in the task file alone");
  list.text("--max-cost", options.max_cost, "dollars that agents may cost before you are asked");
  list.text("--max-turns", options.max_turns, "turns that they may take before you are asked");
  list.text("--wait-user", options.wait_user,
            "how long to wait when only the user can help: 10m, 0s or forever");
  list.text("-L", options.server_name, "name of the tmux server's socket");
  list.text("-S", options.server_path, "path of the tmux server's socket");
}

/// Nobody looks at the terminal of a run that is started in the background.
bool may_ask(const Options& options) {
  return on_terminal() && !options.detached && !options.foreground;
}

Result<Rules> rules_for(const Prepared& prepared) {
  const Config& config = prepared.config;
  Rules rules = rules_from(config);
  rules.only = prepared.view.only;
  const auto wanted = [&](const TaskId& id) {
    return rules.only.empty() || std::ranges::find(rules.only, id) != rules.only.end();
  };
  bool default_needed = false;
  for (const PlannedTask& task : prepared.plan.tasks) {
    if (task.spec.done || !wanted(task.spec.id)) continue;
    if (task.spec.agent.empty()) {
      default_needed = true;
      continue;
    }
    const Result<std::string> chosen = choose_agent(config, task.spec.agent, is_installed);
    if (!chosen) {
      // A line of a file, and not of the command line.
      Failure failure = because(chosen, fmt::format("{}:{}: {}", prepared.view.file, task.spec.line,
                                                    one_line(task.spec.id.value, 40)));
      failure.value().fault = Fault::Refused;
      return failure;
    }
  }
  std::erase_if(rules.route, [&](const std::string& kind) {
    const Result<std::string> chosen = choose_agent(config, kind, is_installed);
    if (!chosen) warn(fmt::format("nothing goes to {}: {}", kind, chosen.error().what));
    return !chosen;
  });
  // The kinds of the route are in use whether or not one of them may be chosen automatically.
  const bool is_routed = !rules.agent_is_named && !rules.route.empty();
  const Result<std::string> chosen =
      choose_agent(config, is_routed ? rules.route.front() : "", is_installed);
  if (!chosen && default_needed) return passed_on(chosen);
  Result<std::string> coordinator = chosen_coordinator(prepared);
  if (!coordinator) return passed_on(coordinator);
  rules.coordinator.agent = std::move(*coordinator);
  // What is done by now may be taken back, and is to be done again then.
  if (chosen) rules.agent = *chosen;
  return rules;
}

Result<std::optional<Span>> wait_limit(const Options& options) {
  if (options.wait_user == "forever") return std::optional<Span>();
  if (options.wait_user.empty()) {
    return on_terminal() ? std::optional<Span>() : std::optional<Span>(Span(0));
  }
  const Result<Span> span = parse_span(options.wait_user);
  if (!span) return because(span, "--wait-user");
  return std::optional<Span>(*span);
}

/// Git keeps `a/b` in a folder `a`, which cannot be where a branch is called `a`: the run's own
/// branch gets the first name that no branch of the user's is in the way of.
Result<std::string> free_branch_folder(Blocking& blocking, git::Repository& repository) {
  constexpr int kMost = 100;
  const std::string usual = app::UpRequest().branch_folder;
  std::string folder = usual;
  for (int number = 1; number <= kMost; ++number) {
    const Result<std::optional<CommitId>> taken = blocking.wait(repository.branch_tip(folder));
    if (!taken) return passed_on(taken);
    if (!*taken) return folder;
    folder = number == 1 ? usual + "-run" : fmt::format("{}-run-{}", usual, number);
  }
  return fail(Fault::Refused, "all branch names from {} to {} are taken", usual, folder);
}

/// Where no configuration says who the user is, every git of the run is told: an agent's commit
/// would fail otherwise.
void give_identity(app::UpRequest& request, const git::Identity& ours) {
  auto [name, email] = callers_identity();
  if (name.empty()) {
    name = ours.name;
    email = ours.email;
    warn(
        fmt::format("git has no identity here: commits are made as {} <{}>; `git config "
                    "user.name` and `user.email` set yours",
                    name, email));
  }
  add_git_setting(request.environment, "user.name", name);
  add_git_setting(request.environment, "user.email", email);
}

/// The rules of the configuration and of what the user answers.
Result<Rules> settle_rules(Prepared& prepared, const Options& options) {
  Result<Rules> rules = rules_for(prepared);
  if (!rules) return passed_on(rules);
  const Status settled = settle_tasks(prepared, *rules, may_ask(options));
  if (!settled) return passed_on(settled);
  const Result<OnOverlap> overlap = settle_overlaps(prepared, options.on_overlap, may_ask(options));
  if (!overlap) return passed_on(overlap);
  if (const Status agents = settle_agents(prepared, *rules); !agents) return passed_on(agents);
  const Result<std::optional<Span>> wait = wait_limit(options);
  if (!wait) return passed_on(wait);
  rules->on_overlap = *overlap;
  rules->wait_user = *wait;
  rules->base = prepared.base;
  if (rules->base.empty()) {
    return hinted(fail(Fault::Refused, "HEAD of {} is detached, so there is no branch to land on",
                       prepared.repository->checkout.string()),
                  "`git switch BRANCH` first, or name one: `tmux-orch up --base BRANCH`");
  }
  return rules;
}

Status tell_contents(OpenGit& git, const Prepared& prepared, const std::string& base,
                     const CommitId& tip) {
  const Status folders = check_sparse_folders(git, prepared, base, tip);
  // A run may have taken a folder away itself.
  const bool goes_on = app::rules_to_go_on_with(app::Paths(prepared.repository->root),
                                                prepared.task_file, prepared.repository->checkout)
                           .has_value();
  if (!folders && !goes_on) return folders;
  if (!folders) warn(folders.error().what);
  const Status submodules = say_without_submodules(git, prepared, tip);
  if (!submodules) return submodules;
  return say_without_filters(git, tip);
}

Result<app::UpRequest> request_for(Prepared& prepared, const Options& options) {
  const git::RepositoryFacts& facts = *prepared.repository;
  Result<Rules> rules = settle_rules(prepared, options);
  if (!rules) return passed_on(rules);
  const Config& config = prepared.config;
  app::UpRequest request;
  const OpenedGit git = open_git_to_begin(facts);
  if (!git) return passed_on(git);
  Blocking& blocking = (*git)->blocking;
  git::Repository& repository = (*git)->repository;
  const Result<std::optional<CommitId>> tip = blocking.wait(repository.branch_tip(rules->base));
  if (!tip) return passed_on(tip);
  if (!*tip) {
    return hinted(fail(Fault::NotFound, "there is no branch '{}' in {}", one_line(rules->base),
                       facts.checkout.string()),
                  "--base names an existing branch; `git branch` lists them");
  }
  request.base_tip = **tip;
  const Status told = tell_contents(**git, prepared, rules->base, request.base_tip);
  if (!told) return passed_on(told);
  request.on_base = [facts, tip = request.base_tip](const CommitId& commit) {
    const OpenedGit own = open_git_to_begin(facts);
    if (!own) return false;
    const Result<bool> contained = (*own)->wait((*own)->repository.is_ancestor(commit, tip));
    return contained && *contained;
  };
  const Result<git::Identity> identity = blocking.wait(repository.identity());
  if (!identity) return passed_on(identity);
  const Status signing = settle_signing(blocking, repository, request.base_tip, may_ask(options));
  if (!signing) return passed_on(signing);
  const Result<git::SignWhen> sign = blocking.wait(repository.signing());
  if (!sign) return passed_on(sign);
  // The merges below a commit of several tasks would have no signature.
  rules->in_order = rules->in_order || *sign == git::SignWhen::AtLanding;
  const Result<std::string> branch_folder = free_branch_folder(blocking, repository);
  if (!branch_folder) return passed_on(branch_folder);
  request.branch_folder = *branch_folder;
  const std::string trash =
      app::trash_warning(app::trash_folder(facts.root, config.worktree), config.worktrees);
  if (!trash.empty()) warn(trash);
  request.task_file = prepared.task_file;
  request.checkout = facts.checkout.string();
  request.tasks = settled_tasks(prepared, *rules);
  request.rules = std::move(*rules);
  request.sight = prepared.sight;
  request.read = {prepared.file.read.format, config.unit, config.order};
  request.config = prepared.saved;
  for (char** entry = environ; *entry != nullptr; ++entry)
    request.environment.emplace_back(*entry);
  if (identity->fallback) give_identity(request, *identity);
  prepared.view.coordinator = request.rules.coordinator.agent;
  compare_rules(prepared);
  request.plan_json = ui::plan_json(prepared.plan, prepared.view, prepared.file);
  return request;
}

/// Where git knows no way from a linked worktree to the main one, the root is written down.
Status tell_where(const git::RepositoryFacts& facts) {
  if (facts.bare || git::lies_in(facts.git_dir, facts.root)) return {};
  return git::remember_root(facts.git_dir, facts.root);
}

Status refuse_inside_agent(const app::Paths& paths) {
  const bool below_shim = !app::shims_above(::getpid(), paths.home()).empty();
  if (std::getenv("TMUX_ORCH_ATTEMPT") == nullptr && !below_shim) return {};
  return hinted(fail(Fault::Refused, "this is the pane of an agent, and a run in a run is not"),
                "start it from a terminal of your own");
}

Status warn_of_changes(const git::RepositoryFacts& facts) {
  const OpenedGit git = open_git_to_begin(facts);
  if (!git) return passed_on(git);
  const Result<git::WorktreeStatus> checkout =
      (*git)->wait((*git)->repository.status_of(facts.checkout));
  if (!checkout) return passed_on(checkout);
  std::size_t count = 0;
  std::vector<std::string> names;
  for (const std::string& name : checkout->changes.names) {
    if (name == ".tmux-orch/" || name == ".worktrees/") continue;
    names.push_back(one_line(name, 60));
    ++count;
  }
  if (count == 0) return {};
  constexpr std::size_t kShown = 3;
  if (names.size() > kShown) names.resize(kShown);
  warn(
      fmt::format("{} {} uncommitted ({}): agents start from the last commit and do not see that; "
                  "commit it first if they should",
                  count, count == 1 ? "file is" : "files are", join(names, ", ")));
  return {};
}

/// What is left of a run whose records were removed would be in the way of a new one. Of what git's
/// configuration was when it began nothing is left: where programs are named in it by now, only the
/// user can say whose they are.
Status make_room(const git::RepositoryFacts& facts, const app::Paths& paths) {
  app::await_put_back(paths);
  if (app::supervisor_alive(paths) || app::supervisor_of(paths.repository())) return {};
  const Result<LostRun> lost = clear_lost_run(facts, paths);
  if (!lost) return passed_on(lost);
  if (!lost->found()) return {};
  const std::string text = "the records of an earlier run were removed: " + lost->text();
  const OpenedGit git = open_git(facts);
  if (!git) return passed_on(git);
  const Result<std::vector<std::string>> programs =
      (*git)->wait((*git)->repository.programs_since({}));
  if (!programs) return passed_on(programs);
  if (programs->empty()) {
    warn(text);
    return {};
  }
  return hinted(fail(Fault::Refused,
                     "{}; its agents may have set what git's configuration says of programs ({}), "
                     "so nothing was started",
                     text, app::some_of(*programs)),
                "look at `git config --local --list`, then call `tmux-orch up` again");
}

/// A run goes by git's configuration as it was when it began, and the next one by what is there.
Status warn_of_programs(const git::RepositoryFacts& facts, const app::Paths& paths) {
  const Result<app::RunOnDisk> run = app::load_newest(paths);
  if (!run) return {};
  const OpenedGit git = open_git(facts);
  if (!git) return passed_on(git);
  const fs::path frozen = app::RunPaths(paths.run(run->info.id)).git();
  const std::string changed =
      (*git)->blocking.wait(app::changed_configuration((*git)->repository, frozen));
  if (!changed.empty()) warn(changed);
  return {};
}

int show(const Options& options, const app::Paths& paths, const app::BegunRun& begun) {
  if (options.detached) {
    print(fmt::format("run {} is {}; `tmux-orch status` and `tmux-orch attach` show it\n", begun.id,
                      begun.resumed ? "going on" : "started"));
    return status::kOk;
  }
  if (options.foreground || !on_terminal()) return follow_run(paths, begun.id);
  const Result<RunHandle> handle = open_run();
  if (!handle) return complain(handle.error());
  const Result<int> shown = show_session(*handle, {});
  if (!shown) return complain(shown.error());
  return after_attach(paths, begun.id);
}

/// Reads the task file, at most so many times, and begins.
int begin_up(const Options& options, int readings) {
  const Status enough = loop::check_descriptors("a run", loop::kDescriptorsOfRun);
  if (!enough) return complain(enough.error());
  auto prepared = prepare(options, true);
  if (!prepared) return prepared.error();
  if (prepared->has_errors) return status::kError;
  const app::Paths paths(prepared->repository->root);
  if (const Status refused = refuse_inside_agent(paths); !refused) {
    return complain(refused.error());
  }
  {
    Blocking blocking;
    const Result<std::string> tmux = blocking.wait(tmuxctl::check_tmux(blocking.children));
    if (!tmux) return complain(tmux.error());
  }
  if (const Result<fs::path> shim = find_shim(); !shim) return complain(shim.error());
  const Status told_of = warn_of_programs(*prepared->repository, paths);
  if (!told_of) return complain(told_of.error());
  if (const Status settled = settle_rights(*prepared, may_ask(options)); !settled) {
    return complain(settled.error());
  }
  const Result<app::UpRequest> request = request_for(*prepared, options);
  if (!request) {
    const int status = complain(request.error());
    return request.error().fault == Fault::NeedsUser ? status::kUserNeeded : status;
  }
  const Status looked = warn_of_changes(prepared->repository.value());
  if (!looked) return complain(looked.error());
  const bool may_show = may_ask(options) && !options.yes;
  const Result<bool> shown = may_show ? show_first(*prepared, request->rules) : Result<bool>(false);
  if (!shown) return complain(shown.error());
  if (!*shown) say_who_starts_alone(*prepared, request->rules);
  if (had_long_tmux_folder() && prepared->config.tmux.socket_path.empty())
    warn("TMUX_TMPDIR is too long for the path of a socket: the tmux server is the one in /tmp");
  if (const Status told = tell_where(*prepared->repository); !told) return complain(told.error());
  if (const Status cleared = make_room(*prepared->repository, paths); !cleared) {
    return complain(cleared.error());
  }
  const Result<app::BegunRun> begun = app::begin_run(paths, *request);
  const bool is_outdated = !begun && begun.error().fault == Fault::Conflict;
  if (is_outdated && readings > 1) return begin_up(options, readings - 1);
  if (!begun) return complain(begun.error());
  if (!begun->resumed && request->branch_folder != app::UpRequest().branch_folder)
    warn(fmt::format("there is a branch called {}, so that of the run is {}",
                     app::UpRequest().branch_folder, begun->integration));
  if (begun->other_settings) {
    warn(
        "a supervisor is at work already and keeps the settings it was started with; to apply "
        "these: `tmux-orch down --keep-agents`, then `tmux-orch up` again");
  }
  // Also where one was found at work: the `up` that has the lock may be killed before it starts
  // one.
  const Status seen_to = app::see_to_supervisor(paths, begun->id, own_program());
  if (!seen_to) return complain(seen_to.error());
  return show(options, paths, *begun);
}

int up(const Options& options) {
  constexpr int kReadings = 3;
  if (const Result<std::optional<Span>> wait = wait_limit(options); !wait)
    return complain(wait.error());
  return options.dry_run ? dry_run(options) : begin_up(options, kReadings);
}

}  // namespace

const Verb kUpVerb{"up", kPeople, "start a run, or go on with it",
                   "tmux-orch up tasks.md --workers 3", begin<add_options, up>};

}  // namespace orch::cli
