// What `up` and `plan` have in common.
#include "cli/prepare.hpp"

#include "cli/chosen_tasks.hpp"
#include "cli/config_here.hpp"
#include "cli/find_tasks.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/rights.hpp"
#include "cli/run_handle.hpp"
#include "config/rules_from.hpp"
#include "git/repository.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tasks/source/task_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace orch::cli {
namespace {

std::vector<ConfigFlag> flags_of(const PlanOptions& options) {
  std::vector<ConfigFlag> flags;
  const auto add = [&](const char* name, const char* key, const std::optional<std::string>& text) {
    if (text) flags.push_back({name, key, *text});
  };
  add("--format", "format", options.format);
  add("--unit", "unit", options.unit);
  add("--order", "order", options.order);
  add("--workers", "workers", options.workers);
  add("--agent", "agent", options.agent);
  add("--base", "base", options.base);
  add("--coordinator", "coordinator.agent", options.coordinator);
  add("--max-cost", "limits.run_cost", options.max_cost);
  add("--max-turns", "limits.run_turns", options.max_turns);
  std::optional<std::string> socket = options.server_path;
  std::error_code ec;
  // Seen from other folders it would be another one.
  if (socket) socket = fs::absolute(*socket, ec).string();
  add("-S", "tmux.socket_path", socket);
  if (options.server_name) {
    flags.push_back({"-L", "tmux.server", "socket:" + *options.server_name});
  }
  if (options.no_write_back) flags.push_back({"--no-write-back", "write_back", "false"});
  const std::vector<ConfigFlag> rights = rights_flags(options.rights);
  flags.insert(flags.end(), rights.begin(), rights.end());
  return flags;
}

Result<app::SavedConfig> read_layers(const fs::path& folder, const PlanOptions& options) {
  app::SavedConfig saved;
  const Environment environment = own_environment();
  for (const auto& [file, owner] : config_files(folder, environment)) {
    std::error_code ec;
    if (!fs::exists(file, ec)) continue;
    const Result<std::string> text = read_file(file, 4u << 20);
    if (!text) return passed_on(text);
    saved.layers.push_back({file.string(), *text, owner});
  }
  for (const auto& [name, value] : environment) {
    if (sets_something(name)) saved.environment.emplace(name, value);
  }
  saved.flags = flags_of(options);
  return saved;
}

/// Takes the configuration that counts in the folder. The exit status: what is wrong was said.
int configure(Prepared& prepared, const PlanOptions& options, const fs::path& folder) {
  const Result<app::SavedConfig> saved = read_layers(folder, options);
  if (!saved) return complain(saved.error());
  prepared.saved = *saved;
  ConfigReading reading = prepared.saved.read();
  for (const ConfigProblem& problem : reading.problems)
    warn(to_text(problem));
  prepared.config = std::move(reading.config);
  if (!reading.has_errors()) return status::kOk;
  const bool is_of_options =
      std::ranges::all_of(reading.problems, [](const ConfigProblem& problem) {
        return problem.problem.severity != Severity::Error || problem.source.starts_with("--");
      });
  return is_of_options ? status::kUsage : status::kError;
}

/// What is checked out now says where a new run lands, and nothing about one that has begun.
std::string base_for(const Prepared& prepared, const std::string& task_file) {
  if (!prepared.config.base.empty()) return prepared.config.base;
  const git::RepositoryFacts& facts = *prepared.repository;
  const auto rules = app::rules_to_go_on_with(app::Paths(facts.root), task_file, facts.checkout);
  return rules && !rules->base.empty() ? rules->base : facts.branch;
}

Result<app::TaskSight> look_at(const Prepared& prepared, const fs::path& path) {
  const git::RepositoryFacts& facts = *prepared.repository;
  const std::string base = base_for(prepared, path.string());
  const OpenedGit git = open_git_to_begin(facts);
  if (!git) return passed_on(git);
  const auto before = app::seen_before(app::Paths(facts.root), path.string());
  Blocking& blocking = (*git)->blocking;
  return blocking.wait(app::see_tasks(blocking.loop, blocking.children, (*git)->repository,
                                      app::TaskPlace{path, base}, before));
}

/// What was found out once stays so for the run: an edit must not turn one convention into another.
void fix_choices(Prepared& prepared) {
  const auto set = [&](const char* flag, const char* key, std::string_view text) {
    std::erase_if(prepared.saved.flags, [key](const ConfigFlag& one) { return one.key == key; });
    prepared.saved.flags.push_back({flag, key, std::string(text)});
  };
  set("--format", "format", prepared.file.read.format);
  set("--unit", "unit", to_text(prepared.config.unit));
  set("--order", "order", to_text(prepared.config.order));
}

/// The file named or found, and what git has of it. One that is not on the disk may be on the base.
Result<app::TaskSight> see_file(const Prepared& prepared, const PlanOptions& options,
                                const std::vector<fs::path>& folders) {
  const std::string argument = options.words.empty() ? "" : options.words[0];
  const Result<FoundTasks> file = find_tasks(argument, prepared.config.tasks, folders);
  if (file && !file->reason.empty()) warn(file->reason);
  const std::string& named = argument.empty() ? prepared.config.tasks : argument;
  if (!file && (named.empty() || !prepared.repository)) return passed_on(file);
  fs::path path = file ? file->path : fs::weakly_canonical(folders.front() / named);
  if (file) {
    const Result<tasks::Loaded> loaded = tasks::load_source(path);
    if (!loaded) return passed_on(loaded);
    path = loaded->path;
    if (!prepared.repository) return app::TaskSight{.disk = *loaded, .stored = {}, .commit = {}};
  }
  Result<app::TaskSight> sight = look_at(prepared, path);
  if (sight && app::counting(*sight) == nullptr) return passed_on(file);
  return sight;
}

bool complain_about(const Prepared& prepared, bool verbose) {
  bool errors = false;
  for (const Problem& problem : ui::problems_of(prepared.plan, prepared.view)) {
    if (problem.severity == Severity::Note && !verbose) continue;
    warn(ui::problem_text(prepared.view.file, problem));
    errors = errors || problem.severity == Severity::Error;
  }
  return errors;
}

std::string unread_text(const tasks::Reading& reading) {
  const int work = reading.outside.work;
  const std::size_t items = reading.items.size();
  return fmt::format("{} in no task; {} read",
                     work == 1 ? "1 entry looks like work and is"
                               : fmt::format("{} entries look like work and are", work),
                     items == 1 ? "1 task was" : fmt::format("{} tasks were", items));
}

void make_plan_of_file(Prepared& prepared) {
  const tasks::Reading& reading = prepared.file.read.reading;
  prepared.plan = make_plan(prepared.file.units.specs());
  prepared.view.problems = prepared.file.problems();
  if (ui::is_mostly_unread(reading)) {
    prepared.view.problems.push_back(
        {Severity::Warning, 0, 0, unread_text(reading), "`tmux-orch plan -v` names them"});
  }
}

/// The plan by the order that only the fields say; nothing where nothing else is implied.
std::optional<Plan> plan_as_stated(const tasks::TaskFile& file, const Config& config) {
  const bool implies = std::ranges::any_of(
      file.units.units, [](const tasks::Unit& unit) { return !unit.spec.after.empty(); });
  if (!implies || config.order == OrderRule::Stated) return {};
  return make_plan(
      tasks::make_units(file.read.reading, file.links, config.unit, OrderRule::Stated).specs());
}

}  // namespace

void add_reading(OptionList& list, ReadingOptions& options) {
  list.choice("--unit", options.unit, "what one agent is given: auto, task, group or phase",
              {"auto", "task", "group", "phase"});
  list.choice(
      "--order", options.order,
      "which order of tasks counts: strict (also what the file implies) or stated (only what "
      "its fields say)",
      {"strict", "stated"});
  list.text("--format", options.format, "read the task file by this convention");
  list.flag("-v,--verbose", options.verbose, "also name what in the task file is no task, and why");
}

void add_plan(OptionList& list, PlanOptions& options) {
  list.words("FILE", options.words, "task file; without it the usual places are searched", 1);
  list.text("--workers", options.workers, "agents at work at a time (1 to 1000)");
  list.text("--agent", options.agent, "kind of agent for tasks that name none");
  list.text("--coordinator", options.coordinator,
            "kind of an agent that coordinates the others, in a window of its own");
  list.text("--base", options.base, "branch to start from and to land on");
  list.list("--only", options.only, "run just these tasks: ID,ID,...");
  list.choice("--on-overlap", options.on_overlap,
              "tasks that touch the same files: sequential, continue or cancel",
              {"sequential", "continue", "cancel"});
  add_reading(list, options);
}

namespace {

/// Who would get what, as far as that can be told before anybody is at work.
void route(Prepared& prepared) {
  const Rules rules = rules_from(prepared.config);
  for (const PlannedTask& task : prepared.plan.tasks) {
    std::vector<KindChoice> choices = choices_for(task.spec, rules);
    if (!choices.empty()) prepared.view.routed.emplace(task.spec.id, std::move(choices));
  }
}

}  // namespace

tl::expected<Prepared, int> prepare(const PlanOptions& options, bool needs_repository) {
  Prepared prepared;
  std::error_code ec;
  fs::path folder = fs::current_path(ec);
  const Result<git::RepositoryFacts> facts = discover_here();
  if (facts) {
    prepared.repository = *facts;
    folder = facts->checkout;
  } else if (needs_repository) {
    return tl::unexpected(complain(facts.error()));
  }
  if (const int wrong = configure(prepared, options, folder); wrong != status::kOk)
    return tl::unexpected(wrong);
  Result<app::TaskSight> sight = see_file(prepared, options, {fs::current_path(ec), folder});
  if (!sight) return tl::unexpected(complain(sight.error()));
  prepared.sight = std::move(*sight);
  const tasks::Loaded* loaded = app::counting(prepared.sight);
  if (!prepared.sight.home && prepared.sight.stored)
    warn(fmt::format("{} is read as '{}' has it, which is not what is checked out here",
                     loaded->path.native(), one_line(prepared.sight.branch)));
  prepared.task_file = loaded->path.string();
  if (prepared.repository) prepared.base = base_for(prepared, prepared.task_file);
  const Config& config = prepared.config;
  prepared.file = tasks::read_task_file(*loaded, config.format, config.unit, config.order);
  prepared.view = {
      .file = loaded->path.lexically_proximate(fs::current_path(ec)).string(),
      .agent = config.agent,
      .workers = config.workers,
      .on_overlap = from_text<OnOverlap>(options.on_overlap).value_or(OnOverlap::Sequential)};
  make_plan_of_file(prepared);
  route(prepared);
  prepared.has_errors = complain_about(prepared, options.verbose);
  Result<std::vector<TaskId>> only = chosen_tasks(prepared.file, options.only);
  if (!only) return tl::unexpected(complain(only.error()));
  prepared.view.only = std::move(*only);
  fix_choices(prepared);
  return prepared;
}

void compare_rules(Prepared& prepared) {
  const tasks::TaskFile& file = prepared.file;
  for (const UnitRule rule : {UnitRule::Task, UnitRule::Group, UnitRule::Phase}) {
    const bool is_own = rule == prepared.config.unit;
    prepared.view.unit_counts.emplace_back(
        rule,
        is_own ? file.units.units.size() : tasks::count_units(file.read.reading, file.links, rule));
  }
  prepared.view.stated = plan_as_stated(file, prepared.config);
}

}  // namespace orch::cli
