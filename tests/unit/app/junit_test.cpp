// Names of failed tests out of what test programs write.
#include "app/junit.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <fmt/format.h>

using namespace orch;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

TEST_CASE("failures and errors are named, in suites and without") {
  CHECK(app::failed_tests(R"(<?xml version="1.0"?>
<testsuites><testsuite name="s">
  <testcase classname="math.Add" name="adds"/>
  <testcase classname="math.Add" name="carries"><failure message="1 != 2">text</failure></testcase>
  <testcase name="alone"><error/></testcase>
  <testcase name="left out"><skipped/></testcase>
</testsuite></testsuites>)") == Names{"math.Add.carries", "alone"});
}

TEST_CASE("what is no such text has no names, and a broken one those before the fault") {
  CHECK(app::failed_tests("").empty());
  CHECK(app::failed_tests("not xml").empty());
  CHECK(app::failed_tests("<testsuite><testcase name='a'><failure/></testcase><testcase") ==
        Names{"a"});
}

TEST_CASE("hostile XML is read in bounds and its names are cleaned") {
  CHECK(app::failed_tests("<testcase name='a&#27;[31m&#10;b'><failure/></testcase>")
            .front()
            .find('\x1b') == std::string::npos);
  std::string deep;
  for (int level = 0; level < 100'000; ++level)
    deep += "<a>";
  CHECK(app::failed_tests(deep).empty());
  const std::string bomb =
      "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><testcase name='&b;'><failure/>"
      "</testcase>";
  CHECK(app::failed_tests(bomb) == Names{"&b;"});
  std::string many = "<testsuite>";
  for (int number = 0; number < 1000; ++number)
    many += fmt::format("<testcase name='t{}'><failure/></testcase>", number);
  CHECK(app::failed_tests(many).size() == 200);
}

TEST_CASE("only new files of a folder count") {
  const TemporaryFolder folder;
  REQUIRE(write_file(folder.path() / "b.xml", "<testcase name='b'><failure/></testcase>"));
  REQUIRE(write_file(folder.path() / "a.xml", "<testcase name='a'><failure/></testcase>"));
  REQUIRE(write_file(folder.path() / "old.xml", "<testcase name='old'><failure/></testcase>"));
  REQUIRE(write_file(folder.path() / "a.txt", "<testcase name='txt'><failure/></testcase>"));
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(folder.path() / "old.xml", now - std::chrono::hours(1));
  const auto since = now - std::chrono::minutes(1);
  CHECK(app::failed_tests_in(folder.path(), since) == Names{"a", "b"});
  CHECK(app::failed_tests_in(folder.path() / "old.xml", since).empty());
  CHECK(app::failed_tests_in(folder.path() / "none", since).empty());
}

TEST_CASE("a few are named, the others counted") {
  CHECK(app::failed_text({"a"}) == "a failed");
  CHECK(app::failed_text({"a", "b", "c"}) == "a, b, c failed");
  CHECK(app::failed_text({"a", "b", "c", "d", "e"}) == "a, b, c and 2 more failed");
}
