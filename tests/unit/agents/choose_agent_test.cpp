// Which agent a task gets.
#include "agents/profiles.hpp"
#include "catch.hpp"
#include "config/layers.hpp"

#include <set>

using namespace orch;

namespace {

std::function<bool(const std::string&)> only(std::set<std::string> programs) {
  return
      [programs = std::move(programs)](const std::string& name) { return programs.contains(name); };
}

Config config_of(const std::string& text = "") {
  return parse_config({{"f", text}}, {}, {}).config;
}

}  // namespace

TEST_CASE("auto takes the first installed automatic agent by name") {
  CHECK(*choose_agent(config_of(), "", only({"claude", "codex", "sh"})) == "claude");
  CHECK(*choose_agent(config_of(), "", only({"qwen", "opencode", "sh"})) == "opencode");
  CHECK(*choose_agent(config_of("agents.claude.command = []"), "auto",
                      only({"claude", "pi", "codex"})) == "codex");
  CHECK(*choose_agent(config_of("agents.claude.automatic = false"), "auto",
                      only({"claude", "pi"})) == "pi");
  CHECK(*choose_agent(config_of("agent = \"pi\""), "auto", only({"claude", "pi"})) == "claude");
}

TEST_CASE("the configured agent is taken when a task wants none, and a task's wish wins") {
  const Config config = config_of("agent = \"pi\"");
  CHECK(*choose_agent(config, "", only({"claude", "pi"})) == "pi");
  CHECK(*choose_agent(config, "claude", only({"claude", "pi"})) == "claude");
  CHECK(*choose_agent(config, "sh", only({"sh"})) == "sh");
}

TEST_CASE("a wrapped agent needs the program that wraps it") {
  const Config config = config_of("agents.claude.wrapper = [\"podman\", \"run\"]");
  CHECK(choose_agent(config, "claude", only({"podman"})));
  CHECK(choose_agent(config, "claude", only({"claude"})).error().what ==
        "agent 'claude' needs 'podman', which is not installed");
}

TEST_CASE("when no automatic agent is installed the choices are listed") {
  CHECK(choose_agent(config_of(), "", only({"sh"})).error() ==
        Error{Fault::NotFound,
              "none of these agents is installed: claude, codex, gemini, opencode, pi, qwen",
              "install one, or name another with --agent NAME (--agent sh runs the tasks' sh "
              "blocks)"});
  Config none;
  CHECK(choose_agent(none, "", only({})).error() ==
        Error{Fault::NotFound, "no agent may be chosen automatically",
              "install one, or name another with --agent NAME"});
}

TEST_CASE("an agent that cannot be had is an error that says what can") {
  CHECK(choose_agent(config_of(), "codex", only({"sh", "claude"})).error() ==
        Error{Fault::NotFound, "agent 'codex' needs 'codex', which is not installed",
              "installed: claude, sh"});
  CHECK(choose_agent(config_of(), "codex", only({})).error().hint ==
        "no other agent is installed either");
  CHECK(choose_agent(config_of(), "codx", only({})).error() ==
        Error{Fault::BadInput, "there is no agent 'codx'", "did you mean 'codex'?"});
  CHECK(choose_agent(config_of(), "my-own-thing", only({})).error() ==
        Error{Fault::BadInput, "there is no agent 'my-own-thing'",
              "it can be auto, claude, codex, gemini, opencode, pi, qwen, sh"});
  CHECK(choose_agent(config_of("agents.pi.command = []"), "pi", only({"pi"})).error() ==
        Error{Fault::Refused, "agent 'pi' is switched off",
              "give agents.pi.command a value, or choose another agent"});
}
