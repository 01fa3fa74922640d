// Front matter: what people write is read with its places, the rest is an error with its line.
#include "tasks/text/yaml_front.hpp"

#include "catch.hpp"

#include <fmt/format.h>

#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

FrontMatter front_of(const std::string& lines) {
  return front_matter_of("---\n" + lines + "---\nbody\n");
}

std::vector<std::string> texts_of(const FrontMatter& front, std::string_view key) {
  std::vector<std::string> texts;
  const YamlField* field = front.find(key);
  if (field == nullptr) return {"?"};
  for (const YamlScalar& value : field->values)
    texts.push_back(value.text);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("scalars are read with their places") {
  const std::string text =
      "\xEF\xBB\xBF---\r\nid: 001\r\n# remark\r\nTitle: 'it''s: \"so\"'  # x\r\n"
      "name: \"a\\tb\" \r\nstatus: To Do # now\r\nnone: ~\r\nempty:\r\nDue-Date: "
      "2026-01-02\r\n---\r\n"
      "body";
  const FrontMatter front = front_matter_of(text);
  REQUIRE(front.is_there);
  CHECK(front.problems.empty());
  CHECK(front.find("id")->text() == "001");
  CHECK(front.find("title")->text() == "it's: \"so\"");
  CHECK(front.find("name")->text() == "a\tb");
  CHECK(front.find("status")->text() == "To Do");
  CHECK(front.find("none")->text().empty());
  CHECK(front.find("empty")->text().empty());
  CHECK(front.has("due_date"));
  const YamlScalar& status = front.find("status")->values.front();
  CHECK(text.substr(status.offset, status.length) == "To Do");
  const YamlScalar& title = front.find("title")->values.front();
  CHECK(text.substr(title.offset, title.length) == "it''s: \"so\"");
  CHECK(title.line == 4);
  CHECK(text.substr(front.body_offset) == "body");
  CHECK(front.body_line == 11);
}

TEST_CASE("lists are read in each form") {
  const FrontMatter front = front_of(
      "a: [1, 'two, three', \"four\"] # x\nb:\n  - one\n  # remark\n\n  - 'two'\nc:\n- x\n- y # z\n"
      "d: []\ne: [\n  p,\n  q # r\n]\nf: [ ]\ng: end\n");
  CHECK(front.problems.empty());
  CHECK(texts_of(front, "a") == Texts{"1", "two, three", "four"});
  CHECK(texts_of(front, "b") == Texts{"one", "two"});
  CHECK(texts_of(front, "c") == Texts{"x", "y"});
  CHECK(texts_of(front, "d").empty());
  CHECK(texts_of(front, "e") == Texts{"p", "q"});
  CHECK(texts_of(front, "f").empty());
  CHECK(texts_of(front, "g") == Texts{"end"});
}

TEST_CASE("long texts may go over several lines") {
  const FrontMatter front = front_of(
      "title: >-\n  a long\n  title\n\n  twice\nbody: |\n  x: 1\n    - y\nplain: one\n  two\n"
      "quoted: 'it''s\n  long'\nbelow:\n  three\nlist:\n  - >-\n    four\n    five\n  - six\n");
  CHECK(front.problems.empty());
  CHECK(texts_of(front, "title") == Texts{"a long title\ntwice"});
  CHECK(texts_of(front, "body") == Texts{"x: 1\n  - y"});
  CHECK(texts_of(front, "plain") == Texts{"one two"});
  CHECK(texts_of(front, "quoted") == Texts{"it's long"});
  CHECK_FALSE(front.find("quoted")->values.front().on_one_line);
  CHECK(texts_of(front, "below") == Texts{"three"});
  CHECK(texts_of(front, "list") == Texts{"four five", "six"});
  CHECK_FALSE(front.find("title")->values.front().on_one_line);
}

TEST_CASE("mappings are kept apart") {
  const FrontMatter front =
      front_of("a:\n  b: 1\n  c:\n    - 2\nd: {e: 1}\nf:\n  - g: 1\n    h: 2\n  - i\nj: 3\n");
  CHECK(front.problems.empty());
  CHECK(front.find("a")->kind == YamlField::Kind::Other);
  CHECK(front.find("d")->kind == YamlField::Kind::Other);
  CHECK(front.find("f")->kind == YamlField::Kind::Other);
  CHECK(front.find("j")->text() == "3");
}

TEST_CASE("what is not read is an error with its line") {
  struct Case {
    const char* lines;
    int line;
    const char* message;
  };

  for (const Case& one : {
           Case{"a: &x 1\n", 2, "anchors"},
           Case{"a: 1\nb: *x\n", 3, "aliases"},
           Case{"<<: *x\n", 2, "merge keys"},
           Case{"a: !!str 1\n", 2, "tags"},
           Case{"a: 1\na: 2\n", 3, "twice"},
           Case{"a: \"x\n", 2, "not closed"},
           Case{"a: 'x' y\n", 2, "behind the closing quote"},
           Case{"a: [x\n", 2, "not closed"},
           Case{"a: [x] y\n", 2, "behind the list"},
           Case{"a: [x [y]]\nb: [[1]]\n", 2, "behind the list"},
           Case{"a: [[1]]\n", 2, "lists within lists"},
           Case{"a: [*x]\n", 2, "aliases"},
           Case{"a:\n  - &x 1\n", 3, "anchors"},
           Case{"a: \"\\q\"\n", 2, "escape"},
           Case{"words\n", 2, "is not 'name: value'"},
           Case{"  a: 1\n", 2, "is not 'name: value'"},
           Case{"a:\n\t- 1\n", 3, "tab"},
           Case{"a: 1\n  b: 2\n", 3, "does not belong"},
           Case{"a: | x\n  y\n", 2, "behind the |"},
       }) {
    CAPTURE(one.lines);
    const FrontMatter front = front_of(one.lines);
    REQUIRE_FALSE(front.problems.empty());
    CHECK(front.problems[0].severity == Severity::Error);
    CHECK(front.problems[0].line == one.line);
    CHECK(front.problems[0].message.find(one.message) != std::string::npos);
  }
}

TEST_CASE("a text without marks has no front matter") {
  for (const char* text : {"", "---", "---\na: 1\n", "a: 1\n---\n", " ---\na: 1\n---\n", "- a\n"}) {
    CAPTURE(text);
    CHECK_FALSE(front_matter_of(text).is_there);
  }
  CHECK(front_matter_of("---\n---").is_there);
  CHECK_FALSE(front_matter_of("---\n" + std::string(2'000'000, '\n') + "---\n").is_there);
}

TEST_CASE("hostile front matter ends") {
  std::string entries = "a: [";
  std::string fields;
  for (int i = 0; i < 90'000; ++i) {
    entries += "x,";
    fields += fmt::format("k{}:\n- \n", i);
  }
  CHECK(front_of(entries + "]\n").find("a")->values.size() == 90'000);
  CHECK(front_of(fields).fields.size() == 90'000);
  CHECK(front_of("a: " + std::string(500'000, '[') + "\n").problems.size() == 1);
}
