// Boxes, ids and ids made of words.
#include "tasks/text/syntax.hpp"

#include "catch.hpp"
#include "tasks/text/text_id.hpp"

#include <string>
#include <tuple>

using namespace orch::tasks;

namespace {

using Split = std::tuple<IdForm, std::string, std::string>;

Split split(std::string_view words) {
  const IdAndTitle found = split_id(words);
  return {found.form, std::string(found.id), std::string(found.title)};
}

}  // namespace

TEST_CASE("a box is one of three marks with white space or nothing after it") {
  CHECK(box_at("[ ] a")->rest == "a");
  CHECK(box_at("[x]")->done);
  CHECK(box_at("[X]\ta ")->rest == "a");
  for (const char* none : {"[]", "[ ]a", "[x](link)", "[y] a", "[  ] a", " [ ] a", "[ ", ""})
    CHECK_FALSE(box_at(none));
}

TEST_CASE("an id is a token with a digit and a colon") {
  CHECK(split("T1: Write it") == Split(IdForm::Strong, "T1", "Write it"));
  CHECK(split("api-2.b:  Write: it ") == Split(IdForm::Strong, "api-2.b", "Write: it"));
  CHECK(split("T1:") == Split(IdForm::Strong, "T1", "T1"));
}

TEST_CASE("an id is bold, or stands after a number sign") {
  CHECK(split("**T1** Write it") == Split(IdForm::Strong, "T1", "Write it"));
  CHECK(split("**T1:** Write it") == Split(IdForm::Strong, "T1", "Write it"));
  CHECK(split("**T1**: Write it") == Split(IdForm::Strong, "T1", "Write it"));
  CHECK(split("**V1-1.** Write it") == Split(IdForm::Strong, "V1-1", "Write it"));
  CHECK(split("**T1: Write** it") == Split(IdForm::Strong, "T1", "Write** it"));
  CHECK(split("**auth**: Write it") == Split(IdForm::Label, "auth", "Write it"));
  CHECK(split("#auth Write it") == Split(IdForm::Strong, "auth", "Write it"));
  CHECK(split("#12: Write it") == Split(IdForm::Strong, "12", "Write it"));
}

TEST_CASE("capitals and numbers may be an id") {
  for (const char* id : {"T1", "T001", "TASK-12", "V1-1", "T007.1", "T016b"})
    CHECK(split(std::string(id) + " Write it") == Split(IdForm::Bare, id, "Write it"));
  CHECK(split("T002 \xE2\x80\x94 Title.") == Split(IdForm::Bare, "T002", "Title."));
  CHECK(split("T2. Title") == Split(IdForm::Bare, "T2", "Title"));
}

TEST_CASE("words are not ids") {
  for (const char* words :
       {"Write it", "auth: Write it", "Python3 support", "v2 is out", "https://x1.org/", "P0: now",
        "P1 later", "1.2 Write", "**Important** thing", "**not closed", "# heading", "#", "",
        "2fa: x", "**two words**: x", "T1:x", "**P0**: x"})
    CHECK(split(words) == Split(IdForm::None, "", words));
}

TEST_CASE("an id made of words is short, readable and keeps other scripts") {
  CHECK(text_id("Add retry to the uploader!") == "add-retry-to-the-uploader");
  CHECK(text_id("Add retry to the uploader of pictures") == "add-retry-to-the-uploader");
  CHECK(text_id("  Don't `rm -rf /`; $(touch x) ") == "dont-rm-rf-touch-x");
  CHECK(text_id("Добавить повтор") == "Добавить-повтор");
  CHECK(text_id("🚀 Ship “it”") == "ship-it");
  CHECK(text_id(std::string(300, 'a')) == std::string(25, 'a'));
  CHECK(text_id("a/../../b") == "a-b");
  CHECK(text_id("🚀").starts_with("task-"));
  CHECK(text_id("🚀") != text_id("🔥"));
}

TEST_CASE("equal words are numbered and never meet an id that was given") {
  TextIds ids;
  ids.reserve("fix-it-2");
  CHECK(ids.next("Fix it") == "fix-it");
  CHECK(ids.next("Fix it!") == "fix-it-3");
  CHECK(ids.next("Fix it 3") == "fix-it-3-2");
  CHECK(ids.next("Fix it") == "fix-it-4");
}
