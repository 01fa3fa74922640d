// The bytes of commits and trees.
#include "git/commit_object.hpp"

#include "catch.hpp"
#include "git/tree_edit.hpp"
#include "git/trees.hpp"

#include <string>

using namespace orch;
using namespace orch::git;

namespace {

const std::string kId = "f280f2272c69726300cf7696e050dfb6e8b965d4";
const Identity kPerson{"A Person", "person@example.org"};

}  // namespace

TEST_CASE("a moment has the time zone in hours and minutes") {
  CHECK(git_date(5, 0) == "5 +0000");
  CHECK(git_date(5, 5 * 3600 + 1800) == "5 +0530");
  CHECK(git_date(5, -(3 * 3600 + 1800)) == "5 -0330");
  CHECK(git_date(5, -60) == "5 -0001");
}

TEST_CASE("a person is named without what would break the line") {
  CHECK(git_person(kPerson) == "A Person <person@example.org>");
  CHECK(git_person({" <Ü. O'Neil>., ", "<a b@c>"}) == "Ü. O'Neil <a b@c>");
  CHECK(git_person({"a\nb<c>d", "x@y"}) == "abcd <x@y>");
  CHECK_FALSE(git_person({" .,", "x@y"}));
  CHECK_FALSE(git_person({"A", ""}));
}

TEST_CASE("a commit that git would change is left to git") {
  CHECK(commit_object(kId, {}, "text\n", kPerson, "5 +0000") ==
        "tree " + kId +
            "\nauthor A Person <person@example.org> 5 +0000\n"
            "committer A Person <person@example.org> 5 +0000\n\ntext\n");
  CHECK_FALSE(commit_object(kId, {}, "latin \xe4\n", kPerson, "5 +0000"));
  CHECK_FALSE(commit_object(kId, {}, std::string("a\0b", 3), kPerson, "5 +0000"));
  CHECK_FALSE(commit_object(kId, {CommitId{kId}, CommitId{kId}}, "twice\n", kPerson, "5 +0000"));
  CHECK_FALSE(commit_object(kId, {}, "text\n", {"", "x@y"}, "5 +0000"));
}

TEST_CASE("a tree has its entries in the order of git") {
  const auto bytes = tree_object({{"100644", kId, "a0"},
                                  {"040000", kId, "a"},
                                  {"100755", kId, "a-b"},
                                  {"120000", kId, "a.c"}});
  REQUIRE(bytes);
  const auto entries = parse_tree_object(*bytes, 20);
  REQUIRE(entries);
  std::string names;
  for (const TreeEntry& entry : *entries)
    names += entry.path + ' ';
  CHECK(names == "a-b a.c a a0 ");
  CHECK(tree_object({}) == "");
  CHECK_FALSE(tree_object({{"100664", kId, "old"}}));
  CHECK_FALSE(tree_object({{"100644", "f2", "short"}}));
  CHECK_FALSE(tree_object({{"100644", std::string(40, 'G'), "no id"}}));
}
