// One configuration file: every setting, and every mistake in its own words.
#include "catch.hpp"
#include "reading.hpp"

#include <random>

using namespace orch;
using namespace std::chrono_literals;
using test::problems_in;
using test::problems_text;
using test::read_file_text;

using Texts = std::vector<std::string>;

TEST_CASE("without any file there are the defaults, the built-in agents and rules") {
  const ConfigReading reading = parse_config({}, {}, {});
  REQUIRE(problems_text(reading).empty());
  Config config = reading.config;
  std::string names;
  for (const auto& [name, profile] : config.agents) {
    CHECK(profile.name == name);
    names += name + " ";
  }
  CHECK(names == "claude codex gemini opencode pi qwen sh ");
  config.agents.clear();
  config.anomalies.clear();
  CHECK(config == Config{});
}

TEST_CASE("the built-in agents ask before they do what cannot be undone") {
  const auto agents = parse_config({}, {}, {}).config.agents;
  for (const auto& [name, profile] : agents) {
    if (name == "sh") continue;
    INFO(name);
    CHECK(profile.prompt == PromptBy::Argument);
    CHECK(profile.done == DoneBy::Report);
    CHECK(profile.automatic);
    CHECK(profile.resumes);
    CHECK(profile.command.front() == name);
    Texts words = profile.command;
    words.insert(words.end(), profile.asking_flags.begin(), profile.asking_flags.end());
    for (const std::string& word : words) {
      CHECK(word.find("dangerously") == std::string::npos);
      CHECK(word.find("yolo") == std::string::npos);
      CHECK(word.find('\n') == std::string::npos);
    }
  }
  CHECK(agents.at("claude").command == Texts{"claude", "{session}", "{rights}", "--settings",
                                             "{attempt_folder}/files/settings.json",
                                             "{mcp}--mcp-config={attempt_folder}/files/mcp.json"});
  CHECK(agents.at("claude").asking_flags ==
        Texts{"--permission-mode", "acceptEdits", "--allowedTools={allow}",
              "{mcp}--allowedTools=mcp__tmux-orch",
              "--disallowedTools=Bash(git *diff *--output*),Bash(git *log *--output*),"
              "Bash(git *show *--output*)"});
  // Its hooks follow, which have a test of their own.
  Texts codex = agents.at("codex").command;
  REQUIRE(codex.size() > 8);
  codex.resize(8);
  CHECK(codex == Texts{"codex", "{session}", "--no-daemon", "{rights}", "-c",
                       "allow_login_shell=false", "--add-dir", "{attempt_folder}"});
  CHECK(agents.at("codex").asking_flags == Texts{"-s", "workspace-write", "-a", "never"});
  CHECK(agents.at("codex").commit);
  AgentProfile shell{.name = "sh", .command = {"sh", "-eu", "{prompt_file}"}};
  shell.prompt = PromptBy::Script;
  shell.done = DoneBy::Exit;
  shell.commit = true;
  shell.automatic = false;
  shell.usage.format = UsageFormat::Free;
  CHECK(agents.at("sh") == shell);
}

namespace {

constexpr const char* kEverything = R"(
base = "develop"
tasks = "plan/tasks.md"
workers = 7
branch = "task-{id}/{attempt}"
worktree = "../trees/{num}"
agent = "mine"
write_back = false
unattended = true
sandbox = true
sandbox_read = ["/opt"]
sandbox_write = ["~/.cargo"]
trusted_roots = ["/r"]
[worktree_setup]
copy = [".env", "a/b c"]
link = ["node_modules"]
run = ["npm ci", ["sh", "-c", "a && b"]]
timeout = "90s"
fingerprint = ["package-lock.json", "apps/*/Cargo.lock"]
[routing]
kinds = ["mine", "codex"]
failover_after = "20m"
[limits]
task_timeout = "1h30m"
attempts = 1
retry_delay = "0s"
stop_grace = "250ms"
stall = "2m"
hand_back = "45s"
lock = "7m"
made_tasks = 3
made_depth = 4
made_kinds = ["mine"]
auto_texts = 4
auto_restarts = 6
task_cost = 0.5
task_turns = 8
run_cost = 3
run_turns = 70
continue_after = ["2m", "3m"]
log_bytes = 65536
[merge]
strategy = "squash"
follow = "never"
test_base = false
rounds = 3
parallel = 4
caches = ["build"]
[[merge.test]]
command = ["make", "check"]
cwd = "apps/api"
timeout = "5m"
[[merge.test]]
command = "ninja -C build test"
[tmux]
server = "socket:work"
socket_path = "/tmp/s"
prefix = "M-a"
history = 0
[agents.mine]
command = "mine --go {prompt_file}"
prompt = "file"
done = "exit"
commit = true
automatic = false
resumes = true
session_args = ["--id", "{session}"]
resume = ["--resume={session}"]
takes_texts_busy = true
forgets_prompt = true
mcp = false
compact_command = "/compact"
exit_command = "/exit"
interrupt_keys = ["Escape"]
interrupt_after = "9m"
max_parallel = 2
capabilities = ["backend", "*.sql"]
wrapper = ["nice", "-n", "5"]
env = { A = "1", B_C = "two words" }
keep_tmux = true
allow = ["make *", "git status"]
allow_format = "[{command}]"
allow_exact = "{quoted}"
files = { "a.toml" = "x = {allow}" }
asking_flags = ["--ask"]
unattended_flags = ["--all"]
trust_flags = ["--trust"]
sandbox_env = { BOXED = "1" }
home_writable = [".mine"]
home_protected = [".mine/settings"]
)";

}  // namespace

TEST_CASE("every setting arrives where it belongs") {
  const ConfigReading reading = read_file_text(kEverything);
  ;
  REQUIRE(problems_text(reading).empty());
  CHECK_FALSE(reading.has_errors());

  Config expected = parse_config({}, {}, {}).config;
  expected.base = "develop";
  expected.tasks = "plan/tasks.md";
  expected.workers = 7;
  expected.branch = "task-{id}/{attempt}";
  expected.worktree = "../trees/{num}";
  expected.agent = "mine";
  expected.write_back = false;
  expected.routing = {{"mine", "codex"}, 20min};
  expected.worktree_setup = {{".env", "a/b c"},
                             {"node_modules"},
                             {{"npm", "ci"}, {"sh", "-c", "a && b"}},
                             90s,
                             {"package-lock.json", "apps/*/Cargo.lock"}};
  expected.limits = {90min, 1, 0s,           250ms,           2min,         45s,
                     4,     6, {500'000, 8}, {3'000'000, 70}, {2min, 3min}, 65536};
  expected.limits.lock = 7min;
  expected.limits.made = {3, 4, {"mine"}};
  expected.merge = {
      Strategy::Squash,
      Follow::Never,
      {{{"make", "check"}, "apps/api", 5min}, {{"ninja", "-C", "build", "test"}, "", 15min}},
      false,
      3,
      {"build"}};
  expected.merge.parallel = 4;
  expected.tmux = {"socket:work", "/tmp/s", "M-a", 0};
  expected.agents["mine"] = {"mine",
                             {"mine", "--go", "{prompt_file}"},
                             PromptBy::File,
                             DoneBy::Exit,
                             true,
                             false,
                             true,
                             {"--id", "{session}"},
                             {"--resume={session}"},
                             true,
                             true,
                             "/compact",
                             "/exit",
                             {"Escape"},
                             9min,
                             2,
                             {"backend", "*.sql"},
                             {"nice", "-n", "5"},
                             {{"A", "1"}, {"B_C", "two words"}},
                             true,
                             {"make *", "git status"},
                             "[{command}]",
                             "{quoted}",
                             {{"a.toml", "x = {allow}"}},
                             {"--ask"},
                             {"--all"},
                             {"--trust"},
                             {{"BOXED", "1"}},
                             {".mine"},
                             {".mine/settings"}};
  expected.agents["mine"].mcp = false;
  expected.unattended = true;
  expected.sandbox = SandboxRule::On;
  expected.sandbox_read = {"/opt"};
  expected.sandbox_write = {"~/.cargo"};
  expected.trusted_roots = {"/r"};
  CHECK(reading.config == expected);
}

TEST_CASE("an unknown key is an error that knows what was meant") {
  CHECK(problems_in("\n worker = 3\n") == "f:2:2: unknown key 'worker'\n  did you mean 'workers'?");
  CHECK(problems_in("[limits]\ntask_timout = \"5m\"") ==
        "f:2:1: unknown key 'limits.task_timout'\n  did you mean 'limits.task_timeout'?");
  CHECK(problems_in("[merge]\ntask_timeout = \"5m\"") ==
        "f:2:1: unknown key 'merge.task_timeout'\n  did you mean 'limits.task_timeout'?");
  CHECK(problems_in("[limit]\nstall = \"5m\"") ==
        "f:1:2: unknown key 'limit'\n  did you mean 'limits'?");
  CHECK(problems_in("[agents.claude]\nparallel = 2") ==
        "f:2:1: unknown key 'agents.claude.parallel'\n  known here: command, prompt, done, "
        "reports, commit, "
        "automatic, resumes, session_args, resume, review, takes_texts_busy, forgets_prompt, "
        "mcp, compact_command, exit_command, "
        "interrupt_keys, "
        "interrupt_after, max_parallel, capabilities, start_gap, failed_start, preflight, wrapper, "
        "env, "
        "keep_tmux, allow, allow_format, "
        "allow_exact, files, asking_flags, unattended_flags, trust_flags, sandbox_env, "
        "home_writable, home_protected, screen, command_dialogs, usage");
  CHECK(problems_in("[[merge.test]]\ncommand = \"a\"\ntime_out = \"1s\"") ==
        "f:3:1: unknown key 'merge.test.time_out'\n  did you mean 'merge.test.timeout'?");
  CHECK(
      problems_in("xyzzy = 1") ==
      "f:1:1: unknown key 'xyzzy'\n  known here: base, tasks, unit, order, format, workers, "
      "branch, "
      "worktree, agent, routing, "
      "write_back, worktree_setup, worktrees, limits, merge, gate, review, tmux, notify, messages, "
      "coordinator, "
      "push, "
      "unattended, sandbox, sandbox_read, sandbox_write, trusted_roots, policy, prices, anomalies, "
      "agents");
  CHECK(problems_in("\"a\\u001b[31m\\n\" = 1").find('\x1b') == std::string::npos);
}

TEST_CASE("which conversation an agent goes on with is said by its id") {
  CHECK(problems_in("[agents.claude]\nresume = [\"--continue\"]")
            .starts_with("f:2:10: 'agents.claude.resume' does not say which conversation"));
  CHECK(problems_in("[agents.claude]\nresume = [\"-r\", \"{session}\"]").empty());
  CHECK(problems_in("[agents.claude]\nresume = []").empty());
}

TEST_CASE("the built-in agents may run nothing that leaves their worktree") {
  for (const auto& [name, profile] : parse_config({}, {}, {}).config.agents) {
    INFO(name);
    for (const std::string& entry : profile.allow) {
      INFO(entry);
      for (const char* never : {"push", "config", "stash", "update-ref", "branch -", "reset", "gc",
                                "prune", "checkout", "switch", " -c", "approve", "abort T", "down"})
        CHECK((entry.find(never) == std::string::npos || entry == "git branch --show-current"));
      CHECK_FALSE(entry.starts_with("git *"));
      CHECK_FALSE(entry.starts_with("tmux-orch *"));
    }
  }
}

TEST_CASE("a file of an agent has a name in its own folder") {
  CHECK(problems_in("[agents.x]\ncommand = \"x\"\nfiles = { \"../a\" = \"\" }") ==
        "f:3:20: '../a' is not a file's name");
}

TEST_CASE("a value of the wrong type is an error that says what stands there") {
  CHECK(problems_in("workers = \"three\"") ==
        "f:1:11: 'workers' must be a number, not the text \"three\"");
  CHECK(problems_in("workers = 2.5") == "f:1:11: 'workers' must be a number, not a fraction");
  CHECK(problems_in("base = 1") == "f:1:8: 'base' must be text, not a number");
  CHECK(problems_in("base = 2024-01-01") == "f:1:8: 'base' must be text, not a date or time");
  CHECK(problems_in("write_back = 1") ==
        "f:1:14: 'write_back' must be true or false, not a number");
  CHECK(problems_in("limits = 3") == "f:1:10: 'limits' must be a table, not a number");
  CHECK(problems_in("agents = []") ==
        "f:1:10: 'agents' must be a table, not a list\n  write [agents.NAME]");
  CHECK(problems_in("agents.claude = true") ==
        "f:1:17: 'agents.claude' must be a table, not true or false");
  CHECK(problems_in("[merge.test]\ncommand = \"a\"") ==
        "f:1:1: 'merge.test' must be a list of tables, not a table\n  write [[merge.test]]");
  CHECK(problems_in("merge.test = [\"make\"]") ==
        "f:1:15: 'merge.test' must be a list of tables, not the text \"make\"\n"
        "  write [[merge.test]]");
  CHECK(problems_in("worktree_setup.copy = \".env\"") ==
        "f:1:23: 'worktree_setup.copy' must be a list of paths, not the text \".env\"");
  CHECK(problems_in("worktree_setup.copy = [\".env\", 3]") ==
        "f:1:32: 'worktree_setup.copy[1]' must be text, not a number");
  CHECK(problems_in("worktree_setup.run = \"npm ci\"") ==
        "f:1:22: 'worktree_setup.run' must be a list of commands, not the text \"npm ci\"");
  CHECK(problems_in("agents.claude.env = [\"A=1\"]") ==
        "f:1:21: 'agents.claude.env' must be a table of texts, not a list");
  CHECK(problems_in("agents.claude.env = { A = 1 }") ==
        "f:1:27: 'agents.claude.env.A' must be text, not a number");
  CHECK(problems_in("agents.claude.env = { \"A=B\" = \"1\" }") ==
        "f:1:31: 'A=B' is not a variable's name");
  CHECK(problems_in("base = \"a\\u0000b\"") == "f:1:8: 'base' has a zero byte in it");
}

TEST_CASE("a number out of its range is an error") {
  CHECK(problems_in("workers = 0") == "f:1:11: 'workers' must be from 1 to 1000, not 0");
  CHECK(problems_in("workers = 1001") == "f:1:11: 'workers' must be from 1 to 1000, not 1001");
  CHECK(problems_in("workers = -1") == "f:1:11: 'workers' must be from 1 to 1000, not -1");
  CHECK(problems_in("workers = 4294967297") ==
        "f:1:11: 'workers' must be from 1 to 1000, not 4294967297");
  CHECK(problems_in("limits.attempts = 0") ==
        "f:1:19: 'limits.attempts' must be from 1 to 100, not 0");
  CHECK(problems_in("tmux.history = -1") ==
        "f:1:16: 'tmux.history' must be from 0 to 1000000, not -1");
  CHECK(problems_in("limits.log_bytes = 1") ==
        "f:1:20: 'limits.log_bytes' must be from 65536 to 1099511627776, not 1");
  CHECK(problems_in("workers = 1").empty());
  CHECK(problems_in("workers = 1000").empty());
}

TEST_CASE("a length of time needs a number and a unit") {
  CHECK(problems_in("limits.stall = 60") ==
        "f:1:16: 'limits.stall' must be a length of time, not a number\n"
        "  add a unit: \"30s\", \"10m\", \"1h30m\"");
  CHECK(problems_in("limits.stall = \"60\"") ==
        "f:1:16: 'limits.stall': '60' is not a length of time\n"
        "  write a number and a unit: 250ms, 90s, 30m, 1h30m, 2d");
  CHECK(problems_in("limits.stall = \"-5s\"") ==
        "f:1:16: 'limits.stall': '-5s' is not a length of time\n"
        "  write a number and a unit: 250ms, 90s, 30m, 1h30m, 2d");
  CHECK(problems_in("limits.task_timeout = \"0s\"") ==
        "f:1:23: 'limits.task_timeout' must be at least 1ms, not 0s");
}

TEST_CASE("a choice names what can be chosen") {
  CHECK(problems_in("merge.strategy = \"octopus\"") ==
        "f:1:18: 'merge.strategy' cannot be \"octopus\"\n  it can be merge, rebase or squash");
  CHECK(problems_in("merge.follow = \"\"") ==
        "f:1:16: 'merge.follow' cannot be \"\"\n  it can be landing, end or never");
  CHECK(problems_in("agents.claude.done = true") ==
        "f:1:22: 'agents.claude.done' must be text, not true or false");
  for (const char* wrong : {"socket:", "socket:/tmp/x", "mine", ""}) {
    CHECK(problems_in("tmux.server = \"" + std::string(wrong) + "\"") ==
          "f:1:15: 'tmux.server' cannot be \"" + std::string(wrong) +
              "\"\n  it can be private, default or socket:NAME; a path is tmux.socket_path");
  }
  CHECK(
      problems_in("tmux.prefix = \"C-a C-b\"") ==
      "f:1:15: 'tmux.prefix' must be one key\n  write it as tmux does: \"C-o\", \"M-a\", \"F12\"");
}

TEST_CASE("a command names a program and needs no shell") {
  const std::string hint =
      "\n  write it as a list: [\"program\", \"argument\"], or [\"sh\", \"-c\", \"...\"]";
  CHECK(problems_in("worktree_setup.run = [\"a\", \"npm ci && b\"]") ==
        "f:1:28: 'worktree_setup.run[1]': \"npm ci && b\" needs a shell, and none is used" + hint);
  for (const char* character : {"'", "`", "$", "|", "&", ";", "<", ">"}) {
    const std::string command = std::string("echo x") + character;
    CHECK(problems_in("agents.claude.command = \"" + command + "\"") ==
          "f:1:25: 'agents.claude.command': \"" + command + "\" needs a shell, and none is used" +
              hint);
  }
  CHECK(problems_in("worktree_setup.run = [[]]") ==
        "f:1:23: 'worktree_setup.run[0]' names no program");
  CHECK(problems_in("worktree_setup.run = [\" \"]") ==
        "f:1:23: 'worktree_setup.run[0]' names no program");
  CHECK(problems_in("agents.claude.command = [\"\"]") ==
        "f:1:25: 'agents.claude.command' names no program");
  CHECK(problems_in("agents.claude.command = 3") ==
        "f:1:25: 'agents.claude.command' must be a command, not a number");
  CHECK(problems_in("merge.test = [{ command = [] }]") ==
        "f:1:27: 'merge.test.command' names no program");
  CHECK(problems_in("[[merge.test]]\ncwd = \"a\"") ==
        "f:1:1: an entry of 'merge.test' has no 'command'");
  CHECK(read_file_text("worktree_setup.run = [\"  a \\t b  \"]").config.worktree_setup.run ==
        std::vector<Texts>{{"a", "b"}});
  CHECK(read_file_text("agents.claude.command = []").config.agents.at("claude").command.empty());
}

TEST_CASE("paths of a worktree stay inside of it") {
  for (const char* wrong : {"/etc/passwd", "..", "a/../../b", "../x"}) {
    CHECK(problems_in("worktree_setup.copy = [\"" + std::string(wrong) + "\"]") ==
          "f:1:24: 'worktree_setup.copy[0]': \"" + std::string(wrong) +
              "\" must be a path below the repository");
  }
  CHECK(problems_in("worktree_setup.link = [\"\"]") ==
        "f:1:24: 'worktree_setup.link[0]': \"\" must be a path below the repository");
  CHECK(problems_in("[[merge.test]]\ncommand=\"a\"\ncwd = \"../x\"") ==
        "f:3:7: 'merge.test.cwd': \"../x\" must be a path below the repository");
  CHECK(problems_in("worktree_setup.copy = [\"a/../b\", \"..x\", \"./c\"]").empty());
}

TEST_CASE("folders of sparse worktrees are named as git names them") {
  CHECK(problems_in("worktrees.sparse = [\"a\", \"/b\"]") ==
        "f:1:26: 'worktrees.sparse[1]': \"/b\" must be a path below the repository");
  for (const char* wrong : {".", "./", "a/..", "a\\nb", "a\\u007f"}) {
    const std::string problems = problems_in("worktrees.sparse = [\"" + std::string(wrong) + "\"]");
    CHECK(problems.starts_with("f:1:20: 'worktrees.sparse': \""));
    CHECK(problems.ends_with(
        "\" names no folder\n  name folders below the repository's root, or none "
        "for all of it"));
  }
  CHECK(
      read_file_text("worktrees.sparse = [\"a/\", \"./b//c\", \"d e\"]").config.worktrees.sparse ==
      Texts{"a", "b/c", "d e"});
}

TEST_CASE("where a setting was written last is known afterwards") {
  const ConfigReading reading = parse_config(
      {{"own", "worktrees.sparse = [\"a\"]"}, {"repo", "\n[worktrees]\nsparse = [\"b\"]"}}, {}, {});
  CHECK(to_text(reading.problem_with("worktrees.sparse", "wrong", "mend it")) ==
        "repo:3:1: wrong\n  mend it");
  CHECK(to_text(reading.problem_with("worktrees.keep", "wrong", {})) == "worktrees.keep: wrong");
}

TEST_CASE("a pattern that cannot name a branch or a folder is an error") {
  CHECK(problems_in("branch = \"x/{task}\"") ==
        "f:1:10: 'branch': {task} is not a placeholder\n"
        "  the placeholders are {id}, {num}, {slug}, {agent}, {attempt} and {run}");
  CHECK(problems_in("branch = \"x/{id\"") ==
        "f:1:10: 'branch': \"x/{id\" has a '{' without its '}'");
  CHECK(problems_in("branch = \"a b/{id}\"") ==
        R"(f:1:10: 'branch': "a b/T1" cannot be a branch: it has one of ' ~^:?*[\' in it)");
  CHECK(problems_in("branch = \"orch/{slug}\"") ==
        "f:1:10: 'branch' gives every task the same name\n  put {id} or {num} into it");
  CHECK(problems_in("worktree = \"~/trees/{id}\"") ==
        "f:1:12: 'worktree': \"~/trees/T1\" cannot be a worktree: it begins with '~', which only a "
        "shell understands");
  CHECK(problems_in("worktree = \"trees\"") ==
        "f:1:12: 'worktree' gives every task the same name\n  put {id} or {num} into it");
}

TEST_CASE("the base must be a branch's name") {
  CHECK(problems_in("base = \"-f\"") ==
        "f:1:8: 'base': \"-f\" cannot be a branch: it begins with '-'");
  CHECK(problems_in("base = \"\"").empty());
}

TEST_CASE("an agent nobody knows is an error where it is named") {
  CHECK(problems_in("\nagent = \"cluade\"") ==
        "f:2:1: there is no agent 'cluade'\n  did you mean 'claude'?");
  CHECK(problems_in("agent = \"xyzzy-agent\"") ==
        "f:1:1: there is no agent 'xyzzy-agent'\n"
        "  it can be auto, claude, codex, gemini, opencode, pi, qwen or sh");
  CHECK(problems_in("agent = \"claude\"\nagents.claude.command = []") ==
        "f:1:1: agent 'claude' is switched off\n"
        "  give agents.claude.command a value, or choose another agent");
}

TEST_CASE("a new agent needs a name, a command and a way to see its task") {
  CHECK(problems_in("[agents.cluade]\nmax_parallel = 2") ==
        "f:1:9: agent 'cluade' has no 'command'\n  did you mean 'agents.claude'?");
  CHECK(problems_in("[agents.my-own-thing]") ==
        "f:1:9: agent 'my-own-thing' has no 'command'\n  for example command = [\"my-own-thing\"]");
  CHECK(problems_in("[agents.x]\ncommand = \"x\"\nprompt = \"file\"") ==
        "f:3:1: agent 'x' would never see its task\n"
        "  put {prompt_file} into its command, or choose another 'prompt'");
  CHECK(problems_in("[agents.sh]\ncommand = \"bash\"") ==
        "f:2:1: agent 'sh' would never see its task\n"
        "  put {prompt_file} into its command, or choose another 'prompt'");
  for (const char* wrong : {"", "a b", "a.b", "-x", "auto", "a/b", "ä"}) {
    CHECK(problems_in("[agents.\"" + std::string(wrong) + "\"]\ncommand = \"x\"") ==
          "f:1:9: '" + std::string(wrong) +
              "' cannot be an agent's name\n"
              "  a name has letters, digits, '-' and '_', at most 40, and is not 'auto'");
  }
}

TEST_CASE("what is not TOML is reported with its place") {
  CHECK(problems_in("workers = 3\nbase = \n") ==
        "f:2:8: not valid TOML: key-value pair: expected value, saw '\\n'");
  CHECK(problems_in("workers = 3\nworkers = 4\n").starts_with("f:2:11: not valid TOML: "));
  CHECK(problems_in("\xff\xfe").starts_with("f:1:1: not valid TOML: "));
  CHECK(problems_in(std::string(3000, '[')).starts_with("f:1:"));
}

TEST_CASE("all mistakes are reported, in the order of their lines") {
  const ConfigReading reading = read_file_text(R"(write_back = "yes"
workers = 0
foo = 1
agent = "nobody at all"
[limits]
stall = "x"
attempts = 3)");
  CHECK(reading.has_errors());
  std::vector<int> lines;
  for (const ConfigProblem& problem : reading.problems) {
    lines.push_back(problem.problem.line);
  }
  CHECK(lines == std::vector<int>{1, 2, 3, 4, 6});
  CHECK(reading.config.limits.attempts == 3);
}

TEST_CASE("a damaged file gives problems with a place, or a valid configuration") {
  std::mt19937 random(1);
  const std::string whole = kEverything;
  const std::string bytes = std::string(1, '\0') + "\xff[]{}\"'=.\n#9-e\\";
  int wrong = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string text = whole;
    for (int k = 0; k <= i % 4; ++k) {
      const std::size_t at = std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random);
      const char byte =
          bytes[std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(random)];
      if (k % 2 == 0) {
        text[at] = byte;
      } else {
        text.erase(at, 3);
      }
    }
    const ConfigReading reading = read_file_text(text);
    for (const ConfigProblem& problem : reading.problems) {
      const bool good = problem.source == "f" && problem.problem.line > 0 &&
                        problem.problem.column > 0 && !problem.problem.message.empty();
      if (!good) FAIL(to_text(problem) << " in " << text);
    }
    if (reading.has_errors()) ++wrong;
  }
  CHECK(wrong > 1'000);
}
