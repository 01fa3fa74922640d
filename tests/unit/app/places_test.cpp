// Paths as they are stored: they move along with the repository.
#include "app/places.hpp"

#include "catch.hpp"

using orch::app::Places;

TEST_CASE("what lies in a repository or right beside it is stored relative to its root") {
  const Places places("/home/me/repo");
  CHECK(places.kept("/home/me/repo") == ".");
  CHECK(places.kept("/home/me/repo/docs/tasks.md") == "docs/tasks.md");
  CHECK(places.kept("/home/me/feature") == "../feature");
  CHECK(places.kept("/tmp/tasks.md") == "/tmp/tasks.md");
  CHECK(places.kept("").empty());
}

TEST_CASE("a stored path is found from the root as it is now") {
  const Places places("/elsewhere/renamed");
  CHECK(places.found(".") == "/elsewhere/renamed");
  CHECK(places.found("docs/tasks.md") == "/elsewhere/renamed/docs/tasks.md");
  CHECK(places.found("../feature") == "/elsewhere/feature");
  CHECK(places.found("/tmp/tasks.md") == "/tmp/tasks.md");
  CHECK(places.found("").empty());
}
