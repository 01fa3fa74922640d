// What `cat-file --batch-command` prints, however it is cut into pieces.
#include "git/object_stream.hpp"

#include "catch.hpp"
#include "git/trees.hpp"

#include <string>

using namespace orch;
using namespace orch::git;

namespace {

const std::string kId = "f280f2272c69726300cf7696e050dfb6e8b965d4";

std::string object_text(const std::string& bytes) {
  return kId + " blob " + std::to_string(bytes.size()) + "\n" + bytes + "\n";
}

}  // namespace

TEST_CASE("answers are taken in order, whatever pieces they come in") {
  const std::string text = kId + " commit 12\n" + object_text("a\nb\n") + "nothing missing\n" +
                           "f2 ambiguous\n" + object_text("");
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    ObjectStream stream;
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      stream.feed(text.substr(at, piece));
      while (true) {
        auto answer = found.empty() ? stream.next_info() : stream.next_contents(100);
        if (!answer) break;
        REQUIRE(*answer);
        found.push_back(**answer ? (**answer)->type + ":" + (**answer)->bytes : "none");
      }
    }
    CHECK(found == std::vector<std::string>{"commit:", "blob:a\nb\n", "none", "none", "blob:"});
  }
}

TEST_CASE("an object that is too large is read over") {
  ObjectStream stream;
  stream.feed(object_text("123456").substr(0, 50));
  const auto large = stream.next_contents(5);
  REQUIRE(large);
  CHECK(large->error().fault == Fault::Full);
  stream.feed(object_text("123456").substr(50) + object_text("ok"));
  const auto next = stream.next_contents(5);
  REQUIRE((next && *next && **next));
  CHECK((**next)->bytes == "ok");
}

TEST_CASE("what is no answer ends the reading") {
  for (const std::string& text :
       {std::string("fatal: something\n"), kId + " blob x\n", std::string(10'000, 'x')}) {
    ObjectStream stream;
    stream.feed(text);
    const auto answer = stream.next_info();
    REQUIRE(answer);
    CHECK(answer->error().fault == Fault::Corrupt);
  }
}

TEST_CASE("a tree object that is cut is none") {
  const std::string id(20, '\x01');
  const std::string entry = std::string("40000 dir") + '\0' + id;
  const auto whole = parse_tree_object(entry + "100644 a b" + '\0' + id, 20);
  REQUIRE(whole);
  REQUIRE(whole->size() == 2);
  CHECK((*whole)[0].mode == "040000");
  CHECK((*whole)[0].path == "dir");
  CHECK((*whole)[1].path == "a b");
  for (std::size_t end = 1; end < entry.size(); ++end)
    CHECK_FALSE(parse_tree_object(entry.substr(0, end), 20));
}
