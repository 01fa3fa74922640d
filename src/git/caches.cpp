// Names and signs of cache folders.
#include "git/caches.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>

namespace orch::git {

namespace {

constexpr std::array<std::string_view, 18> kNames{
    "node_modules",  "bower_components", "__pycache__", ".gradle",    ".mypy_cache",
    ".pytest_cache", ".ruff_cache",      ".tox",        ".nox",       ".eggs",
    ".parcel-cache", ".turbo",           ".svelte-kit", ".dart_tool", ".terraform",
    ".direnv",       ".pnpm-store",      ".ccache",
};

/// What lies in a cache: CACHEDIR.TAG is a convention of all tools (bford.info/cachedir), Cargo's
/// of `target`; then Cargo, Python's venv, CMake, Meson, Maven.
constexpr std::array<std::string_view, 6> kSigns{"CACHEDIR.TAG",  ".rustc_info.json",
                                                 "pyvenv.cfg",    "CMakeCache.txt",
                                                 "meson-private", "maven-status"};

std::string without_slash(std::string_view path) {
  while (path.ends_with('/'))
    path.remove_suffix(1);
  return std::string(path);
}

}  // namespace

bool is_declared_cache(std::string_view path, const CachePatterns& patterns) {
  const std::string whole = without_slash(path);
  const std::string name = whole.substr(whole.rfind('/') + 1);
  return std::ranges::any_of(patterns, [&](const std::string& declared) {
    const std::string pattern = without_slash(declared);
    const bool is_path = declared.find('/') != std::string::npos;
    const char* const tried = is_path ? whole.c_str() : name.c_str();
    return ::fnmatch(pattern.c_str(), tried, FNM_PATHNAME) == 0;
  });
}

bool is_known_cache(Below& worktree, std::string_view path) {
  const std::string folder = without_slash(path);
  const auto info = worktree.look(folder);
  if (!info || !S_ISDIR(info->st_mode)) return false;
  const std::string_view name = std::string_view(folder).substr(folder.rfind('/') + 1);
  if (std::ranges::find(kNames, name) != kNames.end()) return true;
  return std::ranges::any_of(kSigns, [&](std::string_view sign) {
    return worktree.look(folder + '/' + std::string(sign)).has_value();
  });
}

}  // namespace orch::git
