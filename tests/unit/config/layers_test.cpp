// How files, environment and flags lie over each other.
#include "catch.hpp"
#include "reading.hpp"

using namespace orch;
using namespace std::chrono_literals;
using test::problems_text;

using Texts = std::vector<std::string>;

TEST_CASE("a later layer wins key by key") {
  const ConfigReading reading =
      parse_config({{"user", "workers = 2\nbase = \"a\"\nwrite_back = false\nlimits.attempts = 9"},
                    {"repo", "workers = 3\nbase = \"b\"\nlimits.stall = \"5s\""}},
                   {{"TMUX_ORCH_WORKERS", "4"}, {"PATH", "/bin"}}, {{"--workers", "workers", "5"}});
  REQUIRE(problems_text(reading).empty());
  CHECK(reading.config.workers == 5);
  CHECK(reading.config.base == "b");
  CHECK_FALSE(reading.config.write_back);
  CHECK(reading.config.limits.attempts == 9);
  CHECK(reading.config.limits.stall == 5s);
}

TEST_CASE("an agent is overlaid key by key, its variables one by one, lists as a whole") {
  const ConfigReading reading =
      parse_config({{"user",
                     "[agents.claude]\nmax_parallel = 3\nenv = { A = \"1\", B = \"1\" }\n"
                     "[[merge.test]]\ncommand = \"one\"\n[[merge.test]]\ncommand = \"two\""},
                    {"repo",
                     "[agents.claude]\nresumes = false\nenv = { B = \"2\" }\n"
                     "[[merge.test]]\ncommand = \"three\""}},
                   {}, {});
  REQUIRE(problems_text(reading).empty());
  const AgentProfile& claude = reading.config.agents.at("claude");
  CHECK(claude.command.front() == "claude");
  CHECK(claude.max_parallel == 3);
  CHECK_FALSE(claude.resumes);
  CHECK(claude.env == std::map<std::string, std::string>{{"A", "1"}, {"B", "2"}});
  CHECK(reading.config.merge.tests == std::vector<TestCommand>{{{"three"}, "", 15min}});
}

TEST_CASE("every kind of setting can come from the environment") {
  const ConfigReading reading =
      parse_config({{"repo", "[agents.my-agent]\ncommand = \"x\""}},
                   {{"TMUX_ORCH_BASE", "1"},
                    {"TMUX_ORCH_WRITE_BACK", "false"},
                    {"TMUX_ORCH_LIMITS_TASK_TIMEOUT", "5m"},
                    {"TMUX_ORCH_MERGE_STRATEGY", "squash"},
                    {"TMUX_ORCH_WORKTREE_SETUP_COPY", ".env  b.txt"},
                    {"TMUX_ORCH_WORKTREE_SETUP_LINK", R"(["a b", "c"])"},
                    {"TMUX_ORCH_WORKTREE_SETUP_RUN", "npm ci"},
                    {"TMUX_ORCH_MERGE_TEST", R"([{ command = ["make", "x y"] }])"},
                    {"TMUX_ORCH_AGENTS_CLAUDE_MAX_PARALLEL", "2"},
                    {"TMUX_ORCH_AGENTS_CLAUDE_ENV", R"({ A = "1" })"},
                    {"TMUX_ORCH_AGENTS_MY_AGENT_COMMAND", "y -z"}},
                   {});
  REQUIRE(problems_text(reading).empty());
  const Config& config = reading.config;
  CHECK(config.base == "1");
  CHECK_FALSE(config.write_back);
  CHECK(config.limits.task_timeout == 5min);
  CHECK(config.merge.strategy == Strategy::Squash);
  CHECK(config.worktree_setup.copy == Texts{".env", "b.txt"});
  CHECK(config.worktree_setup.link == Texts{"a b", "c"});
  CHECK(config.worktree_setup.run == std::vector<Texts>{{"npm", "ci"}});
  CHECK(config.merge.tests == std::vector<TestCommand>{{{"make", "x y"}, "", 15min}});
  CHECK(config.agents.at("claude").max_parallel == 2);
  CHECK(config.agents.at("claude").env.at("A") == "1");
  CHECK(config.agents.at("my-agent").command == Texts{"y", "-z"});
}

TEST_CASE("text that only looks like TOML stays text") {
  for (const char* text :
       {"true", "3", "\"quoted\"", "[x]", "{}", "a # b", "3\nworkers = 9", "'"}) {
    const ConfigReading reading = parse_config({}, {{"TMUX_ORCH_TASKS", text}}, {});
    CHECK(problems_text(reading).empty());
    CHECK(reading.config.tasks == text);
    CHECK(reading.config.workers == 5);
  }
}

TEST_CASE("an empty variable does not count, and variables of ours are no settings") {
  const ConfigReading reading = parse_config({},
                                             {{"TMUX_ORCH_WORKERS", ""},
                                              {"TMUX_ORCH_FAILPOINT", "x"},
                                              {"TMUX_ORCH_ATTEMPT", "/x"},
                                              {"TMUX_ORCHWORKERS", "x"},
                                              {"WORKERS", "7"}},
                                             {});
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.workers == 5);
}

TEST_CASE("a mistake outside of a file is reported under the name of its variable or flag") {
  const auto with_variable = [](const char* name, const char* text) {
    return problems_text(parse_config({}, {{name, text}}, {}));
  };
  CHECK(with_variable("TMUX_ORCH_WORKERS", "many") ==
        "TMUX_ORCH_WORKERS: 'workers' must be a number, not the text \"many\"");
  CHECK(with_variable("TMUX_ORCH_WORKERS", "3\nx = 1") ==
        "TMUX_ORCH_WORKERS: 'workers' must be a number, not the text \"3 x = 1\"");
  CHECK(with_variable("TMUX_ORCH_LIMITS_STALL", "60") ==
        "TMUX_ORCH_LIMITS_STALL: 'limits.stall' must be a length of time, not the text \"60\"\n"
        "  add a unit: \"30s\", \"10m\", \"1h30m\"");
  CHECK(with_variable("TMUX_ORCH_WORKER", "3") ==
        "TMUX_ORCH_WORKER: no setting has this name\n  did you mean TMUX_ORCH_WORKERS?");

  const auto with_flag = [](const char* key, const char* text) {
    return problems_text(parse_config({}, {}, {{"--set", key, text}}));
  };
  CHECK(with_flag("workers", "0") == "--set: 'workers' must be from 1 to 1000, not 0");
  CHECK(with_flag("limits.stal", "5s") ==
        "--set: unknown key 'limits.stal'\n  did you mean 'limits.stall'?");
  CHECK(with_flag("limits", "5s") == "--set: 'limits' must be a table, not the text \"5s\"");
  CHECK(with_flag("", "5s").starts_with("--set: unknown key ''\n  known here: base, "));
  CHECK(with_flag("agent", "nobody-there") ==
        "--set: there is no agent 'nobody-there'\n"
        "  it can be auto, claude, codex, gemini, opencode, pi, qwen or sh");
}

TEST_CASE("a variable of somebody else's is worth a warning only") {
  const ConfigReading reading = parse_config({}, {{"TMUX_ORCH_SOMETHING_ELSE", "1"}}, {});
  CHECK(problems_text(reading) == "TMUX_ORCH_SOMETHING_ELSE: no setting has this name");
  CHECK_FALSE(reading.has_errors());
}

TEST_CASE("problems come in the order of the layers, and one bad layer hides no other") {
  const ConfigReading reading =
      parse_config({{"z", "= broken"}, {"a", "agent = \"nobody-there\"\nworkers = 0"}},
                   {{"TMUX_ORCH_WORKERS", "x"}}, {{"--base", "bass", "x"}});
  std::string sources;
  for (const ConfigProblem& problem : reading.problems) {
    sources += problem.source + " ";
  }
  CHECK(sources == "z a a TMUX_ORCH_WORKERS --base ");
}
