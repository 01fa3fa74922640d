// What a repository makes agents run.
#include "app/obeyed_files.hpp"

#include "config/document.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

struct Obeyed {
  std::string_view folder;  ///< empty: the root
  std::string_view name;
};

constexpr Obeyed kFiles[] = {
    {".claude", "settings.json"},
    {".claude", "settings.local.json"},
    {"", ".mcp.json"},
    {".codex", "config.toml"},
    {".codex", "hooks.json"},
    {".gemini", "settings.json"},
    {".qwen", "settings.json"},
    {"", "opencode.json"},
    {"", "opencode.jsonc"},
    {".opencode", "plugin"},
    {".opencode", "opencode.json"},
};

/// What of a file starts something, or says what may be.
constexpr std::string_view kWords[] = {"hooks",      "mcpServers",  "mcp_servers", "mcp",
                                       "statusLine", "permissions", "permission",  "apiKeyHelper",
                                       "notify",     "plugin",      "env"};

std::string contents(const UntrustedFolder& place, const Obeyed& file) {
  constexpr std::size_t kLargest = 1u << 20;
  const Result<std::string> text = place.read(std::string(file.name), kLargest);
  if (!text) return "cannot be read";
  const bool toml = file.name.ends_with(".toml");
  std::vector<std::string> found;
  for (const std::string_view word : kWords) {
    const auto value =
        value_in(*text, toml ? DocumentFormat::Toml : DocumentFormat::Json, {std::string(word)});
    if (!value) return "cannot be read";
    if (*value && !(*value)->empty()) found.emplace_back(word);
  }
  return join(found, ", ");
}

}  // namespace

std::vector<std::string> obeyed_files(const fs::path& checkout) {
  std::vector<std::string> found;
  for (const Obeyed& file : kFiles) {
    const fs::path folder = file.folder.empty() ? checkout : checkout / file.folder;
    std::error_code ec;
    const fs::file_status status = fs::symlink_status(folder / file.name, ec);
    if (status.type() == fs::file_type::not_found || status.type() == fs::file_type::none) continue;
    std::string name((fs::path(file.folder) / file.name).string());
    const Result<UntrustedFolder> place = UntrustedFolder::open(folder);
    std::string inside =
        place && status.type() == fs::file_type::regular ? contents(*place, file) : std::string();
    found.push_back(inside.empty() ? std::move(name) : fmt::format("{} ({})", name, inside));
  }
  return found;
}

}  // namespace orch::app
