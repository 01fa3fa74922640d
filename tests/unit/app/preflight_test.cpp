// Is an agent's program signed in, and does it trust the repository?
#include "app/preflight.hpp"

#include "app/last_words.hpp"
#include "app/obeyed_files.hpp"
#include "catch.hpp"
#include "config/layers.hpp"
#include "orch/base/files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

using namespace orch;
namespace fs = std::filesystem;

namespace {

struct Home {
  Home() {
    std::string name = (fs::temp_directory_path() / "orch-preflight-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }

  ~Home() {
    std::error_code ec;
    fs::remove_all(folder, ec);
  }

  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder / name).parent_path());
    REQUIRE(write_file(folder / name, text));
  }

  /// Of a built-in profile, for the repository /srv/repo.
  app::Preflight look(const std::string& kind, std::vector<std::string> more = {}) const {
    more.push_back("HOME=" + folder.string());
    const ConfigReading reading = parse_config({}, {}, {});
    return app::preflight(reading.config.agents.at(kind), "/srv/repo", more);
  }

  fs::path folder;
};

}  // namespace

TEST_CASE("of a new user's programs trust and sign-in are missing, with the command to run") {
  const Home home;
  const app::Preflight claude = home.look("claude");
  CHECK(claude.trusted.known == app::Known::No);
  CHECK(claude.trusted.command == "cd /srv/repo && claude");
  CHECK(claude.signed_in.known == app::Known::No);
  CHECK(home.look("codex").trusted.known == app::Known::No);
  CHECK(home.look("codex").signed_in.command == "codex login");
  CHECK(home.look("gemini").trusted.known == app::Known::No);
  // What a profile says nothing of cannot be told.
  CHECK(home.look("qwen").trusted.known == app::Known::CannotTell);
  CHECK_FALSE(home.look("opencode").is_missing());
  CHECK_FALSE(home.look("pi").is_missing());
  CHECK_FALSE(home.look("sh").is_missing());
}

TEST_CASE("trust is that of this repository, as each program writes it down") {
  const Home home;
  home.write(".claude.json", R"({"projects": {"/srv/repo": {"hasTrustDialogAccepted": true}}})");
  CHECK(home.look("claude").trusted.known == app::Known::Yes);
  home.write(".claude.json", R"({"projects": {"/srv/repo": {"hasTrustDialogAccepted": false}}})");
  CHECK(home.look("claude").trusted.known == app::Known::No);
  home.write(".claude.json", R"({"projects": {"/srv": {"hasTrustDialogAccepted": true}}})");
  CHECK(home.look("claude").trusted.known == app::Known::No);
  home.write(".codex/config.toml", "[projects.\"/srv/repo\"]\ntrust_level = \"trusted\"\n");
  CHECK(home.look("codex").trusted.known == app::Known::Yes);
  home.write(".codex/config.toml", "[projects.\"/srv/repo\"]\ntrust_level = \"untrusted\"\n");
  CHECK(home.look("codex").trusted.known == app::Known::No);
  home.write(".gemini/trustedFolders.json", R"({"/srv": "TRUST_FOLDER"})");
  CHECK(home.look("gemini").trusted.known == app::Known::Yes);
  home.write(".gemini/trustedFolders.json", R"({"/srv/repo": "DO_NOT_TRUST"})");
  CHECK(home.look("gemini").trusted.known == app::Known::No);
}

TEST_CASE("a file that cannot be read tells nothing") {
  const Home home;
  const std::string deep(200'000, '[');
  home.write(".claude.json", deep);
  CHECK(home.look("claude").trusted.known == app::Known::CannotTell);
  home.write(".claude.json", "[1, 2]");
  CHECK(home.look("claude").trusted.known == app::Known::No);
  fs::create_directories(home.folder / ".codex/config.toml");
  CHECK(home.look("codex").trusted.known == app::Known::CannotTell);
}

TEST_CASE("signed in is who has a key, an account or a provider of models") {
  const Home home;
  CHECK(home.look("claude", {"ANTHROPIC_API_KEY=x"}).signed_in.evidence == "$ANTHROPIC_API_KEY");
  CHECK(home.look("claude", {"ANTHROPIC_API_KEY="}).signed_in.known == app::Known::No);
  home.write(".claude.json", R"({"oauthAccount": {"a": 1}})");
  CHECK(home.look("claude").signed_in.known == app::Known::Yes);
  home.write(".codex/config.toml", "model_provider = \"mine\"\n");
  CHECK(home.look("codex").signed_in.known == app::Known::Yes);
  home.write(".gemini/.env", "GEMINI_API_KEY=x\n");
  CHECK(home.look("gemini").signed_in.known == app::Known::CannotTell);
}

TEST_CASE("a folder that a variable names takes the place of the usual one") {
  const Home home;
  home.write("moved/config.toml", "[projects.\"/srv/repo\"]\ntrust_level = \"trusted\"\n");
  CHECK(home.look("codex", {"CODEX_HOME=" + (home.folder / "moved").string()}).trusted.known ==
        app::Known::Yes);
}

TEST_CASE("nothing is told of another program, of one in a wrapper, or by an option of its own") {
  const Home home;
  ConfigReading reading = parse_config({}, {}, {});
  AgentProfile claude = reading.config.agents.at("claude");
  const std::vector<std::string> environment{"HOME=" + home.folder.string()};
  claude.command.front() = "/opt/bin/claude";
  CHECK(app::preflight(claude, "/r", environment).is_missing());
  claude.command.front() = "/opt/bin/mine";
  CHECK_FALSE(app::preflight(claude, "/r", environment).is_missing());
  claude.command.front() = "claude";
  claude.wrapper = {"bwrap"};
  CHECK_FALSE(app::preflight(claude, "/r", environment).is_missing());
  AgentProfile gemini = reading.config.agents.at("gemini");
  gemini.command.emplace_back("--skip-trust");
  CHECK(app::preflight(gemini, "/r", environment).trusted.known == app::Known::Yes);
  gemini = reading.config.agents.at("gemini");
  CHECK(app::preflight(gemini, "/r", environment, true).trusted.known == app::Known::Yes);
  claude = reading.config.agents.at("claude");
  CHECK(app::preflight(claude, "/r", environment, true).trusted.known == app::Known::No);
}

TEST_CASE("the version is found in what a program says") {
  CHECK(app::version_in("2.1.329 (Claude Code)\n") == "2.1.329");
  CHECK(app::version_in("codex-cli 0.169.0") == "0.169.0");
  CHECK(app::version_in("node 24: v1.18.33.") == "1.18.33");
  CHECK(app::version_in("no 1 knows").empty());
  CHECK(app::version_in(std::string(1000, '1') + ".1").empty());
}

TEST_CASE("the last words are the last rows of the terminal") {
  const Home home;
  CHECK(app::last_words(home.folder).empty());
  home.write("output.log", "one\r\n\033[31mtwo\033[0m\r\n\r\nthree \033]0;title\007\r\nfour\r\n");
  CHECK(app::last_words(home.folder) == "two / three / four");
}

TEST_CASE("the files of a repository that agents obey are listed with what is in them") {
  const Home home;
  CHECK(app::obeyed_files(home.folder).empty());
  home.write(".claude/settings.json",
             R"({"hooks": {"Stop": []}, "permissions": {"allow": ["x"]}})");
  home.write(".codex/config.toml", "[mcp_servers.a]\ncommand = \"x\"\n");
  fs::create_symlink("/dev/zero", home.folder / ".mcp.json");
  home.write("opencode.json", "{");
  CHECK(app::obeyed_files(home.folder) ==
        std::vector<std::string>{".claude/settings.json (hooks, permissions)", ".mcp.json",
                                 ".codex/config.toml (mcp_servers)",
                                 "opencode.json (cannot be read)"});
}
