// The one list of git's variables that are settings.
#include "orch/base/environment.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace orch {
namespace {

constexpr std::string_view kGit = "GIT_";

/// How git finds its configuration, reaches other hosts and asks for passwords. Of what `git
/// rev-parse --local-env-vars` calls local only GIT_CONFIG_COUNT is here: git itself never sets it
/// (`git -c` is told by GIT_CONFIG_PARAMETERS), so it comes from the user's shell or container.
constexpr std::array<std::string_view, 16> kSettings = {
    "GIT_ALLOW_PROTOCOL",      "GIT_ASKPASS",
    "GIT_CEILING_DIRECTORIES", "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",       "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",       "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH",           "GIT_PAGER",
    "GIT_PROTOCOL_FROM_USER",  "GIT_SSH",
    "GIT_SSH_COMMAND",         "GIT_SSH_VARIANT",
    "GIT_TEMPLATE_DIR",        "GIT_TERMINAL_PROMPT",
};

constexpr std::array<std::string_view, 7> kFamilies = {
    "GIT_ATTR_", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_HTTP_",
    "GIT_LFS_",  "GIT_PROXY_",      "GIT_SSL_",
};

}  // namespace

bool is_git_state(std::string_view name) {
  if (!name.starts_with(kGit)) return false;
  const auto leads = [name](std::string_view family) { return name.starts_with(family); };
  return std::ranges::find(kSettings, name) == kSettings.end() &&
         std::ranges::none_of(kFamilies, leads);
}

std::vector<std::string> git_state_here() {
  std::vector<std::string> names;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (is_git_state(name)) names.emplace_back(name);
  }
  return names;
}

void drop_git_state() {
  for (const std::string& name : git_state_here())
    ::unsetenv(name.c_str());
}

void add_git_setting(std::vector<std::string>& environment, std::string_view key,
                     std::string_view value) {
  constexpr std::string_view kCount = "GIT_CONFIG_COUNT=";
  int count = 0;
  std::erase_if(environment, [&](std::string_view entry) {
    if (!entry.starts_with(kCount)) return false;
    const std::string_view number = entry.substr(kCount.size());
    std::from_chars(number.data(), number.data() + number.size(), count);
    return true;
  });
  // One that lies there without being counted must not win.
  const auto set = [&environment](const std::string& name, std::string_view text) {
    std::erase_if(environment, [&](std::string_view entry) { return entry.starts_with(name); });
    environment.push_back(fmt::format("{}{}", name, text));
  };
  set(fmt::format("GIT_CONFIG_KEY_{}=", count), key);
  set(fmt::format("GIT_CONFIG_VALUE_{}=", count), value);
  environment.push_back(fmt::format("{}{}", kCount, count + 1));
}

void take_git_settings(const std::vector<std::string>& environment) {
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (!entry.starts_with(kGit) || equals == std::string::npos) continue;
    const std::string name = entry.substr(0, equals);
    if (!is_git_state(name)) ::setenv(name.c_str(), entry.c_str() + equals + 1, 1);
  }
}

}  // namespace orch
