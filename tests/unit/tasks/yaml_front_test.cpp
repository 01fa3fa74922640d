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
  const DataValue* value = front.find(key);
  if (value == nullptr) return {"?"};
  if (value->is_scalar()) return {value->text};
  for (const DataValue& entry : value->items)
    texts.push_back(entry.text);
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
  CHECK(front.text_of("id") == "001");
  CHECK(front.text_of("title") == "it's: \"so\"");
  CHECK(front.text_of("name") == "a\tb");
  CHECK(front.text_of("status") == "To Do");
  CHECK(front.text_of("none").empty());
  CHECK(front.text_of("empty").empty());
  CHECK(front.has("due_date"));
  const DataValue& status = *front.find("status");
  CHECK(text.substr(status.offset, status.length) == "To Do");
  const DataValue& title = *front.find("title");
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
  CHECK_FALSE(front.find("quoted")->on_one_line);
  CHECK(texts_of(front, "below") == Texts{"three"});
  CHECK(texts_of(front, "list") == Texts{"four five", "six"});
  CHECK_FALSE(front.find("title")->on_one_line);
}

TEST_CASE("maps within lists and lists within lists are read") {
  const FrontMatter front = front_of(
      "a:\n  b: 1\n  c:\n    - 2\nd: {e: 1}\nf:\n  - g: 1\n    h: two\n  - i\nj: [[1], 3]\n");
  CHECK(front.problems.empty());
  CHECK(front.find("a")->find("b")->text == "1");
  CHECK(front.find("a")->find("c")->items.at(0).text == "2");
  CHECK(front.find("d")->find("e")->text == "1");
  CHECK(front.find("d")->find("x") == nullptr);
  const DataValue& two = *front.find("f")->items.at(0).find("h");
  CHECK(two.text == "two");
  CHECK(two.line == 9);
  CHECK(front.find("j")->items.at(0).items.at(0).text == "1");
}

TEST_CASE("places count bytes, not characters") {
  const std::string text = "---\ntitle: 優先 \xF0\x9F\x8E\xAF é\nstatus: 'open'\n---\n";
  const FrontMatter front = front_matter_of(text);
  const DataValue& status = *front.find("status");
  CHECK(text.substr(status.offset, status.length) == "open");
  CHECK(status.line == 3);
  CHECK(status.quoted);
}

TEST_CASE("what people write and mean is read although it is no YAML") {
  const std::string text =
      "title: Fix: the cache: all of it # now\nowner: @me\nnote: |\n  a: b: c\n"
      "steps:\n  - id: x\n    content: Say: no\nend: \"a: b\"\n";
  const FrontMatter front = front_of(text);
  CHECK(front.problems.empty());
  CHECK(front.text_of("title") == "Fix: the cache: all of it");
  CHECK(front.text_of("owner") == "@me");
  CHECK(front.text_of("note") == "a: b: c");
  CHECK(front.find("steps")->items.at(0).find("content")->text == "Say: no");
  CHECK(front.text_of("end") == "a: b");
}

TEST_CASE("a mistake costs one field") {
  const FrontMatter front = front_of("a: 1\nb: [x\n# c\nc: 'y' z\nd: 4\n");
  CHECK(front.text_of("a") == "1");
  CHECK(front.find("b")->is(DataValue::Kind::Refused));
  CHECK(front.find("c")->is(DataValue::Kind::Refused));
  CHECK(front.text_of("d") == "4");
  REQUIRE(front.problems.size() == 2);
  CHECK(front.problems[0].line == 3);
  CHECK(front.problems[1].line == 5);
}

TEST_CASE("a whole file may be YAML") {
  const FrontMatter yaml = fields_of_yaml("\xEF\xBB\xBF# T-1\nid: T-1\nstatus: done\n");
  CHECK(yaml.comment == "T-1");
  CHECK(yaml.find("status")->offset == 25);
  CHECK(yaml.find("status")->line == 3);
  CHECK_FALSE(fields_of_yaml(std::string(2'000'000, '#')).is_there);
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
           Case{"a: &x [1]\n", 2, "anchors"},
           Case{"a: 1\na: 2\n", 3, "twice"},
           Case{"a: \"x\n", 2, "quoted scalar"},
           Case{"b: 1\na: 'x' y\n", 3, "no YAML"},
           Case{"a: [x\n", 2, "flow sequence"},
           Case{"a: [x] y\n", 2, "no YAML"},
           Case{"a: [*x]\n", 2, "aliases"},
           Case{"a:\n  - &x 1\n", 3, "anchors"},
           Case{"a: \"\\q\"\n", 2, "escape"},
           Case{"words\n", 2, "is not 'name: value'"},
           Case{"a: 1\nwords\n", 3, "is not 'name: value'"},
           Case{"a:\n\t- 1\n", 3, "no YAML"},
           Case{"a: 1\n  b: 2\n", 3, "no YAML"},
           Case{"a: | x\n  y\n", 2, "no YAML"},
           Case{"a: \x01\n", 2, "control characters"},
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
  CHECK(front_of(entries + "]\n").find("a")->items.size() == 90'000);
  CHECK(front_of(fields).fields.size() == 90'000);
  CHECK(front_of("a: " + std::string(500'000, '[') + "\n").problems.size() == 1);
  std::string deep;
  for (int i = 0; i < 1'000; ++i)
    deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK_FALSE(front_of(deep).problems.empty());
  std::string broken;
  for (int i = 0; i < 60'000; ++i)
    broken += fmt::format("k{}: [\n", i);
  CHECK(front_of(broken).problems.size() > 1);
}
