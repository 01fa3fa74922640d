#include "config/path_patterns.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using orch::LetterCase;
using orch::PathPatterns;

namespace {

bool fits(const std::string& pattern, const std::string& path) {
  return PathPatterns({pattern}).fits(path);
}

}  // namespace

TEST_CASE("a name fits at any depth, with all that is below") {
  CHECK(fits(".mcp.json", ".mcp.json"));
  CHECK(fits(".mcp.json", "apps/web/.mcp.json"));
  CHECK(fits(".claude", ".claude/settings.json"));
  CHECK(fits(".claude/", "apps/.claude/hooks/stop.sh"));
  CHECK(fits("*.lock", "apps/Cargo.lock"));
  CHECK_FALSE(fits(".mcp.json", "x.mcp.json"));
  CHECK_FALSE(fits(".mcp.json", ".mcpXjson"));
  CHECK_FALSE(fits(".claude", ".claude-code/settings.json"));
  CHECK_FALSE(fits(".claude/", ".claude"));
}

TEST_CASE("a path fits from the root") {
  CHECK(fits(".github/workflows/", ".github/workflows/ci.yml"));
  CHECK(fits("/Makefile", "Makefile"));
  CHECK(fits("apps/*/ci.yml", "apps/web/ci.yml"));
  CHECK(fits("apps/**/ci.yml", "apps/ci.yml"));
  CHECK(fits("apps/**/ci.yml", "apps/a/b/ci.yml"));
  CHECK(fits("**/ci.yml", "a/b/ci.yml"));
  CHECK(fits("apps/**", "apps/a/b"));
  CHECK_FALSE(fits("apps/*/ci.yml", "apps/a/b/ci.yml"));
  CHECK_FALSE(fits(".github/workflows/", "vendor/.github/workflows/ci.yml"));
  CHECK_FALSE(fits("/Makefile", "sub/Makefile"));
  CHECK_FALSE(fits("a?c", "a/c"));
}

TEST_CASE("paths are bytes, and patterns are texts") {
  CHECK(fits("a b", "a b"));
  CHECK(fits("*", "line\nbreak"));
  CHECK(fits("\xff*", "\xff\xfe"));
  CHECK(fits("a+(b)", "a+(b)"));
  CHECK_FALSE(fits("a+", "aa"));
  CHECK_FALSE(PathPatterns({}).fits("a"));
  CHECK(PathPatterns({"tmux-orch.toml"}, LetterCase::Any).fits("Tmux-Orch.TOML"));
  CHECK(PathPatterns({"x", "y"}).among({"a", "y", "x"}) == std::vector<std::string>{"y", "x"});
}

TEST_CASE("many stars take no more than linear time") {
  std::string pattern;
  for (int i = 0; i < 30; ++i)
    pattern += "*a";
  CHECK_FALSE(fits(pattern + "b", std::string(20'000, 'a')));
}
