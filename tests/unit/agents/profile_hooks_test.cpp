// The hooks that the built-in agents are started with.
#include "agents/hook_call.hpp"
#include "agents/profiles.hpp"
#include "agents/start_command.hpp"
#include "catch.hpp"
#include "config/layers.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace orch;

namespace {

AgentProfile profile(const std::string& name) {
  return parse_config({}, {}, {}).config.agents.at(name);
}

StartCommand started(const AgentProfile& profile) {
  AttemptPlace place;
  place.prompt_file = "/attempt/prompt.md";
  return expand_command(profile, "go", place);
}

const std::string kCall = R"([ ! -x "$ORCH_PROGRAM" ] || exec "$ORCH_PROGRAM" hook )";

}  // namespace

TEST_CASE("each event of a settings file calls the hook that is named so") {
  for (const std::string name : {"claude", "qwen"}) {
    INFO(name);
    const auto settings = nlohmann::json::parse(started(profile(name)).files.at("settings.json"));
    CHECK(settings.size() == 2);
    CHECK(settings.at("hooks").contains("Stop"));
    for (const auto& [event, groups] : settings.at("hooks").items()) {
      CHECK(groups.at(0).at("hooks").at(0).at("command") == kCall + event);
      // Those that say nothing of what the agent is at tell the session.
      CHECK(read_hook_input(event, "{}").call.event == event);
    }
  }
}

TEST_CASE("what pi and opencode load tells of events by names that mean something") {
  const std::map<std::string, std::vector<std::string>> told = {
      {"pi", {"UserPromptSubmit", "Stop", "StopFailure", "Interrupt"}},
      {"opencode",
       {"UserPromptSubmit", "Idle", "StopFailure", "Interrupt", "PermissionRequest",
        "PostToolUse"}}};
  for (const auto& [name, events] : told) {
    const std::string script = profile(name).files.at("hooks.js");
    for (const std::string& event : events) {
      INFO(name << ": " << event);
      CHECK(script.find('"' + event + '"') != std::string::npos);
      CHECK(read_hook_input(event, "{}").call.activity != Activity::Unknown);
    }
    CHECK(has_hooks(profile(name)));
  }
  // What the hook says at this event, opencode cannot have its agent do.
  CHECK(profile("opencode").files.at("hooks.js").find("\"Stop\"") == std::string::npos);
  CHECK_FALSE(has_hooks(profile("gemini")));
}

TEST_CASE("agents that speak MCP get our tools, unless the user says no") {
  const auto server = [](const std::string& json, const char* group) {
    return nlohmann::json::parse(json).at(group).at("tmux-orch");
  };
  for (const std::string name : {"claude", "qwen"}) {
    INFO(name);
    const char* const file = name == "claude" ? "mcp.json" : "settings.json";
    const auto mine = server(started(profile(name)).files.at(file), "mcpServers");
    CHECK(mine.at("command") == "tmux-orch");
    CHECK(mine.at("args") == nlohmann::json::array({"mcp"}));
  }
  const StartCommand opencode = started(profile("opencode"));
  CHECK(server(opencode.env.at("OPENCODE_CONFIG_CONTENT"), "mcp").at("command").size() == 2);
  for (const std::string name : {"claude", "codex", "opencode", "qwen"}) {
    INFO(name);
    AgentProfile without = profile(name);
    CHECK(started(without).argv.size() + started(without).env.size() > 1);
    without.mcp = false;
    const StartCommand start = started(without);
    std::string all;
    for (const std::string& word : start.argv)
      all += word + '\n';
    for (const auto& texts : {start.env, start.files})
      for (const auto& [key, text] : texts)
        all += text + '\n';
    CHECK(all.find("mcp") == std::string::npos);
  }
}

TEST_CASE("codex trusts each of our hooks by its own hash and no others") {
  const AgentProfile codex = profile("codex");
  std::string all;
  for (const std::string& word : codex.command)
    all += word + "\n";
  CHECK(all.find("bypass") == std::string::npos);
  int hooks = 0;
  for (const char* event :
       {"SessionStart", "UserPromptSubmit", "PermissionRequest", "Stop", "Interrupt"}) {
    INFO(event);
    // The hash is of this very text: `hooks/list` of codex's app-server says it for another.
    const std::string timeout = std::string(event) == "Interrupt" ? "3" : "5";
    const std::string text = std::string("hooks.") + event +
                             R"(=[{hooks=[{type="command",command=')" + kCall + event +
                             "',timeout=" + timeout + "}]}]";
    CHECK(std::ranges::count(codex.command, text) == 1);
    ++hooks;
  }
  std::size_t hashes = 0;
  for (std::size_t at = all.find("trusted_hash"); at != std::string::npos;
       at = all.find("trusted_hash", at + 1))
    ++hashes;
  CHECK(hashes == static_cast<std::size_t>(hooks));
}
