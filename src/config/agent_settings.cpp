// The settings of one kind of agent.
#include "config/agent_settings.hpp"

#include "config/preflight_settings.hpp"
#include "config/screen_settings.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>

namespace orch {

namespace {

constexpr int kMostParallel = 1000;

/// To switch an agent off is to narrow what there is.
void read_command(const SettingReader& reader, std::vector<std::string>& command) {
  const auto* list = std::get_if<TomlValue::List>(&reader.value().content);
  const bool is_off = list != nullptr && list->empty();
  if (reader.only_narrows() && !is_off) return reader.not_yours();
  reader.command_or_none(command);
}

/// A form that shows no command, or begins with it, would fit whatever stands there.
void read_command_dialogs(const SettingReader& reader, std::vector<std::string>& target) {
  std::vector<std::string> forms;
  reader.texts(forms);
  for (const std::string& form : forms) {
    if (!form.starts_with('{') && form.find("{command}") != std::string::npos) continue;
    return reader.wrong(fmt::format("'{}': \"{}\" does not show what is asked for", reader.path(),
                                    one_line(form, 60)),
                        "begin it with words, and put {command} where the command stands");
  }
  target = std::move(forms);
}

/// A program that goes on with its newest conversation may take another attempt's, or the user's.
void read_resume(const SettingReader& reader, std::vector<std::string>& target) {
  std::vector<std::string> words;
  reader.texts(words);
  const auto names_it = [](const std::string& word) {
    return word.find("{session}") != std::string::npos;
  };
  if (!words.empty() && std::ranges::none_of(words, names_it)) {
    return reader.wrong(
        fmt::format("'{}' does not say which conversation is to be gone on with", reader.path()),
        "put {session} where its id stands; that of the newest one may be another's");
  }
  target = std::move(words);
}

void read_review(const SettingReader& reader, std::vector<std::string>& target) {
  std::vector<std::string> words;
  reader.texts(words);
  if (!words.empty() && std::ranges::find(words, "{prompt}") == words.end())
    return reader.wrong(fmt::format("'{}' does not say where the prompt stands", reader.path()),
                        "give {prompt} as a word of its own");
  target = std::move(words);
}

void read_folder(const SettingReader& reader, std::string& target) {
  std::optional<std::string> folder = reader.any_text();
  if (!folder) return;
  const bool is_good = *folder == "~" || folder->starts_with("~/") || folder->starts_with('/');
  if (!is_good) {
    return reader.wrong(fmt::format("'{}' must be an absolute path", reader.path()),
                        "begin it with / or ~/");
  }
  target = std::move(*folder);
}

constexpr auto kAgentSettings = std::to_array<Setting<AgentProfile>>({
    {"command", "command", "required",
     "What starts the agent. `{prompt_file}`, `{worktree}` and `{attempt_folder}` are replaced by "
     "paths; a word with `{allow}` is there once for each command it may run, and the word "
     "`{rights}` "
     "is replaced by the options below. `[]`: this agent is switched off.",
     [](const SettingReader& in, AgentProfile& to) { read_command(in, to.command); },
     SetBy::Narrowing},
    {"prompt", "`argument`, `file`, `stdin` or `script`", "\"argument\"",
     "How it gets its task: as last argument, in `{prompt_file}`, as its input, or, with `script`, "
     "only the task's `sh` blocks in `{prompt_file}`.",
     [](const SettingReader& in, AgentProfile& to) { in.choice(to.prompt); }, SetBy::User},
    {"done", "`report` or `exit`", "\"report\"",
     "When it is done: when it runs `tmux-orch done`, or when it ends with status 0.",
     [](const SettingReader& in, AgentProfile& to) { in.choice(to.done); }},
    {"reports", "`command`, `file` or `markers`", "\"command\"",
     "How it is told to report: by `tmux-orch done` and the like, by `agent-status.json`, or by "
     "marker lines, which count with `markers` alone.",
     [](const SettingReader& in, AgentProfile& to) { in.choice(to.reports); }, SetBy::User},
    {"commit", "true or false", "false", "Commit for it what it left uncommitted when it is done.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.commit); }},
    {"automatic", "true or false", "true", "May be taken by `agent = \"auto\"`.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.automatic); }},
    {"resumes", "true or false", "false",
     "A second attempt goes on in the worktree of the first; otherwise it starts from a clean one.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.resumes); }},
    {"session_args", "list of texts", "[]",
     "What the word `{session}` in `command` stands for, where its program takes the id of its "
     "conversation from us: `{session}` in it is replaced by that id. Empty: it has its own.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.session_args); }, SetBy::User},
    {"resume", "list of texts", "[]",
     "What it stands for instead in an attempt that goes on in the worktree of the one before: its "
     "program then goes on with that conversation. `{session}` in it is that conversation's id. "
     "Empty: it begins a new one.",
     [](const SettingReader& in, AgentProfile& to) { read_resume(in, to.resume); }, SetBy::User},
    {"review", "list of texts", "[]",
     "The command by which it answers `{prompt}` once, without a terminal and without changing "
     "files. Empty: it makes no reviews.",
     [](const SettingReader& in, AgentProfile& to) { read_review(in, to.review); }, SetBy::User},
    {"takes_texts_busy", "true or false", "false",
     "Its program takes a text while it works, and queues it or turns to it: then `send --now` "
     "types it at once.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.takes_texts_busy); }, SetBy::User},
    {"forgets_prompt", "true or false", "false",
     "Its program drops a prompt whose first request failed: the prompt is typed once more then, "
     "and not that it is to continue.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.forgets_prompt); }, SetBy::User},
    {"mcp", "true or false", "true",
     "It gets our [tools](tools.md) by the Model Context Protocol, as far as its profile says how: "
     "texts that begin with `{mcp}` in `command`, its options, `env` and lines of `files` are left "
     "out without.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.mcp); }, SetBy::User},
    {"compact_command", "text", "\"\"",
     "What is typed at its prompt to have its program shorten its conversation.",
     [](const SettingReader& in, AgentProfile& to) { in.text(to.compact_command); }, SetBy::User},
    {"exit_command", "text", "\"\"", "What is typed at its prompt to end its program.",
     [](const SettingReader& in, AgentProfile& to) { in.text(to.exit_command); }, SetBy::User},
    {"interrupt_keys", "list of texts", "[]",
     "The keys (`Escape`, `C-c`) that end its turn and not its program.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.interrupt_keys); }, SetBy::User},
    {"interrupt_after", "time", "\"0s\"",
     "How long one may be busy without progress before these keys are pressed and it is told to "
     "continue, twice at most in an attempt. `0s`: never.",
     [](const SettingReader& in, AgentProfile& to) { in.span(to.interrupt_after, Span{0}); },
     SetBy::User},
    {"max_parallel", "number, 0 to 1000", "0",
     "How many of this kind work at the same time at most. 0: as many as there are workers.",
     [](const SettingReader& in, AgentProfile& to) {
       in.number(to.max_parallel, 0, kMostParallel);
     }},
    {"capabilities", "list of texts", "[]",
     "What suits it: tags of tasks, and patterns of their files (with `/`, `*` or `.` in them). Of "
     "`routing.kinds` a task goes to the one with the most that fit.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.capabilities); }},
    {"start_gap", "time", "\"0s\"", "The time between the starts of two of this kind.",
     [](const SettingReader& in, AgentProfile& to) { in.span(to.start_gap, Span{0}); }},
    {"failed_start", "time", "\"10s\"",
     "One that ends sooner with a status other than 0, without a report and without work, has "
     "failed to start: that is no attempt, and two in a row stop the kind. `0s`: that is never so.",
     [](const SettingReader& in, AgentProfile& to) { in.span(to.failed_start, Span{0}); }},
    {"preflight.program", "text", "\"\"",
     "The program that all this holds for: where `command` starts another one, nothing is told.",
     [](const SettingReader& in, AgentProfile& to) { in.text(to.preflight.program); }, SetBy::User},
    {"preflight.version", "list of texts", "[]",
     "With these arguments its program says its version. Empty: it is not asked.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.preflight.version); },
     SetBy::User},
    {"preflight.versions", "list of texts", "[]", "The versions that this profile was tried with.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.preflight.versions); },
     SetBy::User},
    {"preflight.trusted", "list of tables", "[]",
     "What shows that its program trusts the repository: one of these is enough. Empty: that "
     "cannot be told.",
     [](const SettingReader& in, AgentProfile& to) { read_evidence(in, to.preflight.trusted); },
     SetBy::User},
    {"preflight.signed_in", "list of tables", "[]", "The same for that you are signed in.",
     [](const SettingReader& in, AgentProfile& to) { read_evidence(in, to.preflight.signed_in); },
     SetBy::User},
    {"preflight.sign_in", "list of texts", "[]",
     "The command by which you sign in. Empty: its program asks when it is started.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.preflight.sign_in); },
     SetBy::User},
    {"wrapper", "command", "[]", "Put in front of the command: a sandbox, `nice`, `srun`.",
     [](const SettingReader& in, AgentProfile& to) { in.command_or_none(to.wrapper); },
     SetBy::User},
    {"env", "table of texts", "{}",
     "Variables added to its environment; `{attempt_folder}`, `{worktree}` and `{prompt_file}` are "
     "replaced.",
     [](const SettingReader& in, AgentProfile& to) { in.variables(to.env); }, SetBy::User},
    {"keep_tmux", "true or false", "false", "Leave `TMUX` and `TMUX_PANE` in its environment.",
     [](const SettingReader& in, AgentProfile& to) { in.flag(to.keep_tmux); }, SetBy::User},
    {"allow", "list of commands", "[]",
     "What it may run without asking, where its command or files have `{allow}`. ` *` at the end: "
     "with any arguments. `{worktree}` is replaced, each git command may also have `-C` and that "
     "path, and the commands of `merge.test` are added.",
     [](const SettingReader& in, AgentProfile& to) { in.allowed(to.allow); }, SetBy::Narrowing},
    {"allow_format", "text", "\"\"",
     "How its program wants one of these written: `{command}` is replaced by it, and `{quoted}` by "
     "it in double quotes.",
     [](const SettingReader& in, AgentProfile& to) { in.text(to.allow_format); }, SetBy::User},
    {"allow_exact", "text", "\"\"", "The same for one without further arguments. Empty: alike.",
     [](const SettingReader& in, AgentProfile& to) { in.text(to.allow_exact); }, SetBy::User},
    {"files", "table of texts", "{}",
     "Files that are written into `{attempt_folder}/files` before it starts, by name, with the "
     "same replaced as in the command.",
     [](const SettingReader& in, AgentProfile& to) { in.files(to.files); }, SetBy::User},
    {"asking_flags", "list of texts", "[]",
     "What the word `{rights}` in its command stands for: options with which its program asks.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.asking_flags); }, SetBy::User},
    {"unattended_flags", "list of texts", "[]",
     "What it stands for with `unattended`: options with which its program asks nothing.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.unattended_flags); }, SetBy::User},
    {"trust_flags", "list of texts", "[]",
     "Options with which its program does not ask whether the folder is trusted; part of "
     "`{rights}` where you trust the repository, or said `unattended`.",
     [](const SettingReader& in, AgentProfile& to) { in.texts(to.trust_flags); }, SetBy::User},
    {"sandbox_env", "table of texts", "{}", "Variables added to its environment in the sandbox.",
     [](const SettingReader& in, AgentProfile& to) { in.variables(to.sandbox_env); }, SetBy::User},
    {"home_writable", "list of paths", "[]",
     "Its program's own files and folders, from your home folder: it may write them in the "
     "sandbox.",
     [](const SettingReader& in, AgentProfile& to) { in.inner_paths(to.home_writable); },
     SetBy::User},
    {"home_protected", "list of paths", "[]",
     "Those of them that it may not: what would run something when you use that program.",
     [](const SettingReader& in, AgentProfile& to) { in.inner_paths(to.home_protected); },
     SetBy::User},
    {"screen", "list of tables", "[]",
     "The rules by which its screen is read, in their order: the first that fits decides. A list "
     "takes the place of the one before it.",
     [](const SettingReader& in, AgentProfile& to) { read_screen_rules(in, to.screen); },
     SetBy::User},
    {"command_dialogs", "list of texts", "[]",
     "How its program asks whether it may run a command that its hook has named: the rows above "
     "the options, with `{command}` for the command and `{rest}` for the rest of a row. Empty: "
     "rules go by the whole text of the dialog.",
     [](const SettingReader& in, AgentProfile& to) {
       read_command_dialogs(in, to.command_dialogs);
     },
     SetBy::User},
    {"usage.format", "`unknown`, `free`, `hook`, `claude`, `codex`, `qwen` or `gemini`",
     "\"unknown\"",
     "Where its tokens and cost are known from: nowhere, it uses no model, an extension of ours in "
     "its program, or the file of its conversation, as that program writes it. Its calls of tools "
     "are known from that file as well; with `hook` from `calls.jsonl` in `$TMUX_ORCH_ATTEMPT`, "
     "where the extension writes them.",
     [](const SettingReader& in, AgentProfile& to) { in.choice(to.usage.format); }, SetBy::User},
    {"usage.folder", "text", "\"~\"",
     "Such files are read below this folder only: an absolute path, or from `~`.",
     [](const SettingReader& in, AgentProfile& to) { read_folder(in, to.usage.folder); },
     SetBy::User},
    {"usage.folder_env", "text", "\"\"",
     "The variable of its environment that names another folder, where it is set.",
     [](const SettingReader& in, AgentProfile& to) { in.text(to.usage.folder_env); }, SetBy::User},
    {"usage.file", "path", "\"\"",
     "That file, where its program does not name it to our hooks: from that folder, with `*` for "
     "any part of a name, `{session}` for the id of the conversation and `{session_start}` for the "
     "first 8 characters of it. Empty: our hooks are told.",
     [](const SettingReader& in, AgentProfile& to) { in.inner_path(to.usage.file); }, SetBy::User},
});

bool is_agent_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  constexpr std::size_t kLongest = 40;
  return !name.empty() && name.size() <= kLongest && name != "auto" && name.front() != '-' &&
         std::ranges::all_of(name, allowed);
}

}  // namespace

std::span<const Setting<AgentProfile>> agent_settings() {
  return kAgentSettings;
}

void read_agents(const SettingReader& reader, std::map<std::string, AgentProfile>& agents) {
  const auto* table = std::get_if<TomlValue::Table>(&reader.value().content);
  if (table == nullptr) return reader.wrong_kind("a table", "write [agents.NAME]");
  Findings& findings = reader.findings();
  for (const TomlEntry& entry : *table) {
    const Origin origin{findings.source, entry.place};
    if (!is_agent_name(entry.key)) {
      findings.add(origin, fmt::format("'{}' cannot be an agent's name", one_line(entry.key, 40)),
                   "a name has letters, digits, '-' and '_', at most 40, and is not 'auto'");
      continue;
    }
    const std::string path = std::string(kAgentPrefix) + entry.key;
    const auto* settings = std::get_if<TomlValue::Table>(&entry.value.content);
    if (settings == nullptr) {
      SettingReader(path, entry.value, findings).wrong_kind("a table");
      continue;
    }
    findings.origins.emplace(path, origin);
    const bool is_new = !agents.contains(entry.key);
    AgentProfile& profile = agents[entry.key];
    profile.name = entry.key;
    if (is_new) profile.of_repository = findings.from_repository;
    const bool only_narrows = findings.from_repository && !profile.of_repository;
    TableReader<AgentProfile>(kAgentSettings, path + ".", profile, findings, only_narrows)
        .read(*settings);
  }
}

}  // namespace orch
