// docs/tools.md names every action and every argument.
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tools/tools.hpp"

#include <filesystem>

using namespace orch;

namespace {

/// The part of the page below this heading.
std::string part(std::string_view heading) {
  const auto page = read_file(std::filesystem::path(ORCH_DOCS) / "tools.md");
  REQUIRE(page);
  const std::size_t from = page->find(heading);
  REQUIRE(from != std::string::npos);
  return page->substr(from, page->find("\n## ", from) - from);
}

}  // namespace

TEST_CASE("the page of the tools names every action and every argument") {
  for (const tools::Tool* tool : tools::all_tools()) {
    const std::string text = part("## `" + std::string(tool->name) + "`");
    for (const tools::Action& action : tool->actions) {
      INFO(tool->name << " " << action.name);
      CHECK(text.find("| `" + std::string(action.name) + "` |") != std::string::npos);
      for (const tools::Argument& argument : action.arguments) {
        INFO(argument.name);
        CHECK(text.find("`" + std::string(argument.name) + "`") != std::string::npos);
      }
    }
  }
}
