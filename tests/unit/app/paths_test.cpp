// Paths as they are stored: they move along with the repository.
#include "app/paths.hpp"

#include "catch.hpp"

using orch::app::Paths;

TEST_CASE("what lies in a repository or right next to it is stored relative to its root") {
  const Paths paths("/home/me/repo");
  CHECK(paths.kept("/home/me/repo") == ".");
  CHECK(paths.kept("/home/me/repo/docs/tasks.md") == "docs/tasks.md");
  CHECK(paths.kept("/home/me/feature") == "../feature");
  CHECK(paths.kept("/tmp/tasks.md") == "/tmp/tasks.md");
  CHECK(paths.kept("").empty());
}

TEST_CASE("a stored path is found from the root as it is now") {
  const Paths paths("/elsewhere/renamed");
  CHECK(paths.found(".") == "/elsewhere/renamed");
  CHECK(paths.found("docs/tasks.md") == "/elsewhere/renamed/docs/tasks.md");
  CHECK(paths.found("../feature") == "/elsewhere/feature");
  CHECK(paths.found("/tmp/tasks.md") == "/tmp/tasks.md");
  CHECK(paths.found("").empty());
}
