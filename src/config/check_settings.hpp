#pragma once
// The settings of a test and of a gate, and the lists of them.
#include "config/table_reader.hpp"
#include "orch/config/checks.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

std::span<const Setting<TestCommand>> test_settings();
std::span<const Setting<TestCommand>> gate_settings();

/// They replace those of the layers before.
void read_tests(const SettingReader& reader, std::vector<TestCommand>& target);
/// The same, but a repository's own file can only add some.
void read_gates(const SettingReader& reader, std::vector<TestCommand>& target);

std::span<const Setting<GeneratedFiles>> generated_settings();
void read_generated(const SettingReader& reader, std::vector<GeneratedFiles>& target);

std::span<const Setting<Review>> review_settings();
void read_reviews(const SettingReader& reader, std::vector<Review>& target);

/// As it is written in a file.
inline constexpr std::string_view kUsualProtected =
    R"(["tmux-orch.toml", ".worktreeinclude", ".claude/", ".codex/", ".gemini/", ".qwen/", ".opencode/", )"
    R"(".pi/", ".mcp.json", "opencode.json", "opencode.jsonc", ".gitattributes", ".gitmodules", ".husky/", )"
    R"(".github/workflows/", ".github/actions/", ".gitlab-ci.yml", ".circleci/", ".buildkite/", )"
    R"(".woodpecker/", ".woodpecker.yml", ".drone.yml", ".travis.yml", "Jenkinsfile", )"
    R"("azure-pipelines.yml", "bitbucket-pipelines.yml"])";

/// A repository's own file can only add to what is protected.
void read_protected(const SettingReader& reader, std::vector<std::string>& target);

}  // namespace orch
