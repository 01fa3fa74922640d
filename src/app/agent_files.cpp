// What an agent is started with.
#include "app/agent_files.hpp"

#include "agents/reminder.hpp"
#include "agents/start_command.hpp"
#include "agents/status_file.hpp"
#include "app/port_blocks.hpp"
#include "app/reminders.hpp"
#include "app/sandbox_place.hpp"
#include "app/spool.hpp"
#include "config/trusted_roots.hpp"
#include "loop/descriptors.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/environment.hpp"
#include "orch/base/files.hpp"
#include "orch/base/untrusted.hpp"
#include "tasks/source/introduction.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace orch::app {
namespace {

// Set by the terminal or the tmux that `up` may have been started from.
constexpr std::array<std::string_view, 9> kNotForAgents = {
    "TMUX",    "TMUX_PANE", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM",
    "COLUMNS", "LINES",     "PWD",          kPortVariable};

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

class Variables {
 public:
  explicit Variables(std::vector<std::string> list) : list_(std::move(list)) {}

  std::string get(std::string_view name) const {
    const auto found = std::ranges::find(list_, name, [](const auto& v) { return name_of(v); });
    return found == list_.end() ? std::string() : found->substr(name.size() + 1);
  }

  void set(std::string_view name, std::string_view value) {
    std::erase_if(list_, [&](const std::string& v) { return name_of(v) == name; });
    list_.push_back(fmt::format("{}={}", name, value));
  }

  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
};

/// Read anew for each agent, as the user may have written more.
std::string introduction(const RunContext& context, const State& state) {
  int first = 0;
  for (const TaskRecord& task : state.tasks) {
    const int line = task.plan.spec.line;
    if (line > 0 && (first == 0 || line < first)) first = line;
  }
  return tasks::introduction_of(context.paths.found(context.info.task_file), first);
}

std::vector<std::string> merged_needs(const State& state, const TaskRecord& task) {
  std::vector<std::string> names;
  for (const TaskId& id : task.needs) {
    const TaskRecord* need = state.find(id);
    if (need != nullptr && need->state == TaskState::Merged) names.push_back(id.value);
  }
  return names;
}

Status write_profile_files(const fs::path& folder, const StartCommand& command) {
  if (command.files.empty()) return {};
  if (const Status made = make_folders(folder, 0700); !made) return made;
  for (const auto& [name, text] : command.files) {
    const Status written = write_file(folder / name, text, 0600);
    if (!written) return written;
  }
  return {};
}

/// What its hook says at the end of a turn without a report; of one that reports by its end,
/// nothing, nor where the hook cannot know yet whether there is a report; neither of who
/// coordinates, which has no task to report.
Status write_reminder(const fs::path& folder, const AgentProfile& profile, const TaskSpec& task) {
  const bool is_known = profile.reports == ReportBy::Command;
  if (profile.done != DoneBy::Report || !is_known || task.coordinates()) return {};
  return write_file(folder / kReminderText, reminder_text(profile), 0600);
}

/// How the attempt ended that used up the last try is how that one ended.
ReasonKind cause_of(const Reason& failure) {
  const bool is_last = failure.kind == ReasonKind::Attempt && !failure.cause.empty();
  return is_last ? failure.cause.front().kind : failure.kind;
}

/// Who lets it go on that was blocked; empty: the user.
std::string answered_by(const Reason& failure) {
  if (failure.kind != ReasonKind::Answered || failure.names.empty()) return {};
  const std::string& task = failure.names.front();
  return task == kCoordinatorWord ? "the coordinator" : "the agent of " + task;
}

constexpr std::string_view kSession = "session";
constexpr std::string_view kFeedback = "feedback";
const std::string kMarkerCode = "marker-code";
constexpr std::size_t kLongestSession = 200;

/// Which conversation it is to have: that of the attempt before, where its program can go on with
/// it, or one with an id of ours, where it takes one.
void choose_session(AttemptPlace& place, const AgentProfile& profile, const std::string& resume,
                    const std::string& fresh) {
  if (!takes_session(profile)) return;
  place.resumes = goes_on_with(profile, resume);
  if (place.resumes) {
    place.session = resume;
  } else if (!profile.session_args.empty()) {
    place.session = fresh;
  }
}

}  // namespace

void add_variables(const std::map<std::string, std::string>& variables,
                   std::vector<std::string>& list) {
  Variables all(std::move(list));
  for (const auto& [name, value] : variables)
    all.set(name, value);
  list = all.take();
}

std::string session_of(const fs::path& folder) {
  const Result<std::string> id = read_file(folder / kSession, kLongestSession);
  return id && is_session_id(*id) ? *id : std::string();
}

std::string marker_code_of(const fs::path& folder) {
  const Result<UntrustedFolder> attempt = UntrustedFolder::open(folder);
  if (!attempt) return {};
  Result<std::string> code = attempt->read(kMarkerCode, kLongestSession);
  return code ? std::move(*code) : std::string();
}

std::vector<std::string> agent_environment(const RunContext& context, const AgentProfile& profile,
                                           const fs::path& folder) {
  std::vector<std::string> list;
  for (const std::string& variable : context.environment) {
    const std::string_view name = name_of(variable);
    const bool dropped =
        is_git_state(name) || std::ranges::find(kNotForAgents, name) != kNotForAgents.end();
    if (!dropped && variable.find('=') != std::string::npos) list.push_back(variable);
  }
  // A garbage collection in one worktree can take what another has not referenced yet.
  add_git_setting(list, "gc.auto", "0");
  Variables variables(std::move(list));
  // `tmux-orch done` has to be found, even when it was started by its path.
  const std::string path = variables.get("PATH");
  const std::string ours = context.program.parent_path().string();
  variables.set("PATH", path.empty() ? ours : path + ":" + ours);
  if (!folder.empty()) variables.set("TMUX_ORCH_ATTEMPT", folder.string());
  for (const auto& [name, value] : profile.env)
    variables.set(name, value);
  return variables.take();
}

Environment environment_of(const RunContext& context) {
  Environment environment;
  for (const std::string& variable : context.environment)
    if (variable.find('=') != std::string::npos)
      environment.emplace(name_of(variable), variable.substr(name_of(variable).size() + 1));
  return environment;
}

bool is_trusted(const RunContext& context) {
  return is_trusted_root(context.config, environment_of(context), context.paths.repository());
}

std::string prompt_of(const fs::path& attempt) {
  constexpr std::size_t kLongest = 1u << 20;
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  if (!folder) return {};
  Result<std::string> text = folder->read(std::string(shim::attempt_file::kPrompt), kLongest);
  return text ? std::move(*text) : std::string();
}

std::string token_of(const fs::path& folder) {
  const Result<shim::AttemptSpec> spec = shim::read_attempt_spec(folder);
  if (!spec) return {};
  for (const std::string& variable : spec->env)
    if (name_of(variable) == kTokenVariable) return variable.substr(kTokenVariable.size() + 1);
  return {};
}

Status write_agent_files(const RunContext& context, const State& state, const StartAgent& effect,
                         const fs::path& folder, const AgentIdentity& identity, ToldOfBefore before,
                         const std::vector<std::string>& ports) {
  const TaskRecord* task = state.find(effect.task);
  const auto profile = context.config.agents.find(effect.agent);
  if (task == nullptr || profile == context.config.agents.end()) {
    return fail(Fault::BadInput, "there is no agent '{}'", effect.agent);
  }
  // With the folder of its reports, which is watched from the start.
  if (const Status made = make_folders(folder / kSpoolFolder, 0700); !made) return made;
  AttemptPlace place{
      .branch = effect.branch,
      .base = task->plan.spec.is_delegated() ? "what " + task->plan.spec.made_by + " had committed"
                                             : state.run.rules.base,
      .worktree = effect.worktree,
      .prompt_file = (folder / shim::attempt_file::kPrompt).string(),
      .attempt = effect.attempt,
      .last_failure = ui::sentence(effect.last_failure, effect.task),
      .cause = cause_of(effect.last_failure),
      .earlier = std::move(before.work),
      .merged_items = task->items_merged,
      .merged_needs = merged_needs(state, *task),
      .answered_by = answered_by(effect.last_failure),
      .feedback = before.feedback,
      .introduction = introduction(context, state),
      .tests = context.config.merge.tests,
      .unattended = context.config.unattended,
      .trusted = is_trusted(context),
      .sandboxed = is_sandboxed(context.config),
      .sends = context.config.messages.between_agents && !profile->second.screen.empty(),
      .sparse = context.config.worktrees.sparse,
      .agent_id = attempt_key(effect.task, effect.attempt)};
  if (profile->second.reports == ReportBy::Markers) place.marker_code = identity.marker_code;
  if (task->plan.spec.is_delegated()) place.delegated_by = task->plan.spec.made_by;
  for (const Delegation& delegation : state.run.delegations)
    if (delegation.parent == effect.task) place.delegated.push_back(delegation.task.value);
  place.coordinated = state.coordinator() != nullptr;
  choose_session(place, profile->second, effect.resume, identity.session);
  if (place.resumes) place.told = prompt_of(context.run.attempt(effect.task, effect.attempt - 1));
  const Result<StartCommand> command = start_command(profile->second, task->plan.spec, place);
  if (!command) return passed_on(command);
  if (const Status written = write_file(place.prompt_file, command->prompt, 0600); !written) {
    return written;
  }
  const fs::path feedback = folder / kFeedback;
  if (!before.feedback.empty()) {
    const Status written = write_file(feedback, before.feedback, 0600);
    if (!written) return written;
  }
  if (!place.marker_code.empty()) {
    const Status kept = write_file(folder / kMarkerCode, place.marker_code, 0600);
    if (!kept) return kept;
  }
  if (const Status kept = write_file(folder / kSession, place.session, 0600); !kept) return kept;
  if (const Status written = write_profile_files(folder / kAgentFiles, *command); !written) {
    return written;
  }
  if (const Status written = write_reminder(folder, profile->second, task->plan.spec); !written)
    return written;
  shim::AttemptSpec start;
  start.key = attempt_key(effect.task, effect.attempt);
  start.argv = command->argv;
  start.wrapper = command->wrapper;
  start.boxed = place.sandboxed;
  if (place.sandboxed) {
    Result<SandboxPlace> sandbox =
        sandbox_place(context, profile->second, effect.worktree, effect.branch, folder);
    if (!sandbox) return passed_on(sandbox);
    sandbox->only_looks = task->plan.spec.coordinates();
    const std::vector<std::string> words = sandbox_command(*sandbox);
    start.wrapper.insert(start.wrapper.begin(), words.begin(), words.end());
  }
  start.cwd = effect.worktree;
  AgentProfile of_attempt = profile->second;
  of_attempt.env = command->env;
  start.env = agent_environment(context, of_attempt, folder);
  start.env.insert(start.env.end(), ports.begin(), ports.end());
  // Hooks call us by this, whatever PATH they have.
  start.env.push_back(fmt::format("{}={}", kProgramVariable, context.program.string()));
  if (place.sandboxed) add_variables(profile->second.sandbox_env, start.env);
  // Some agents hide the user's own configuration from the gits that they run.
  if (!identity.git.fallback) {
    add_git_setting(start.env, "user.name", identity.git.name);
    add_git_setting(start.env, "user.email", identity.git.email);
  }
  start.env.push_back(fmt::format("{}={}", kTokenVariable, identity.token));
  start.env.push_back(fmt::format("{}={}", kAgentIdVariable, start.key));
  start.env.push_back(
      fmt::format("{}={}", kInboxVariable, context.run.inbox(effect.worker).native()));
  if (!before.feedback.empty())
    start.env.push_back(fmt::format("{}={}", kFeedbackVariable, feedback.string()));
  if (profile->second.keep_tmux) start.inherit = {"TMUX", "TMUX_PANE"};
  if (command->stdin_from_file) start.input = place.prompt_file;
  start.socket = context.paths.socket().string();
  // The tmux server has ours, which is raised.
  start.open_files = loop::first_descriptor_limit();
  start.grace = context.config.limits.stop_grace;
  start.log_segments = 4;
  start.log_segment = context.config.limits.log_bytes / start.log_segments;
  return shim::write_spec(folder, start);
}

}  // namespace orch::app
