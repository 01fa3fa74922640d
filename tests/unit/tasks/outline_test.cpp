// The masked copy has the same blocks, and chunks give the same blocks as a whole.
#include "tasks/markdown/outline.hpp"

#include "catch.hpp"
#include "tasks/markdown/mask.hpp"

#include <fmt/format.h>

#include <string>

using namespace orch;
using namespace orch::tasks;

TEST_CASE("the mask keeps what makes blocks and every length") {
  CHECK(masked("- [ ] a *b* `c` <d> &e; \\f ![g](h)") == "- x x a xbx xcx xd> xe; xf xxgx(h)");
  for (const char* kept :
       {"```sh", "~~~", "> - 1. + * # a", "***", "_ _ _", "- - -", "<!-- a", "  -->", "<![CDATA[",
        "]]>", "</script>", "===", "\t\tcode", "``` a`b"}) {
    CAPTURE(kept);
    CHECK(masked(kept) == kept);
  }
  CHECK(masked("a\r\nb\rc\r") == "a\r\nb c ");
}

TEST_CASE("nesting is cut at 64 columns") {
  std::string deep;
  for (int i = 0; i < 100; ++i)
    deep += "- ";
  CHECK(masked(deep + "[ ] a") == deep.substr(0, 64) + [] {
    std::string rest;
    for (int i = 32; i < 100; ++i)
      rest += "x ";
    return rest + "x x x";
  }());
}

TEST_CASE("blocks are found with their lines") {
  const std::string text =
      "\xEF\xBB\xBF# H\n\n- [ ] a\n  ```\n  b\n- [x] c\n\n\n<!-- d\n\n-->\n\n> - [ ] e\n\n```\n- [ "
      "] f\n```\n";
  using Kind = Block::Kind;
  const Outline outline = outline_of(text);
  const auto offset = [&text](const char* of) { return static_cast<std::uint32_t>(text.find(of)); };
  CHECK(outline.blocks == std::vector<Block>{
                              {Kind::Heading, false, 1, 1, 1, offset("H")},
                              {Kind::Box, false, 0, 3, 5, offset("[ ] a")},
                              {Kind::Fence, false, 0, 4, 5, 0},
                              {Kind::Box, false, 0, 6, 6, offset("[x] c")},
                              {Kind::Comment, false, 0, 9, 11, 0},
                              {Kind::Box, true, 0, 13, 13, offset("[ ] e")},
                              {Kind::Fence, false, 0, 15, 17, 0},
                          });
  CHECK(outline.problems.empty());
}

TEST_CASE("a text of many chunks has the blocks of each of its parts") {
  std::string text;
  int items = 0;
  while (text.size() < (5u << 20)) {
    text += fmt::format("- [ ] item {}\n  text\n\n  ```sh\n- [ ] swallowed?\n  ```\n\n", items++);
    if (items % 5000 == 0) text += "# heading\n\n```\n- [ ] fenced\n```\n\n";
  }
  const Outline outline = outline_of(text);
  int boxes = 0;
  int fences = 0;
  for (const Block& block : outline.blocks) {
    if (block.kind == Block::Kind::Box) ++boxes;
    if (block.kind == Block::Kind::Fence) ++fences;
    CHECK((block.kind != Block::Kind::Box || text[block.offset] == '['));
  }
  CHECK(boxes == 2 * items);
  CHECK(fences > items);
  CHECK(outline.problems.empty());
}

TEST_CASE("a fence that lies across a border of chunks stays one") {
  std::string text = "- [ ] a\n\n```\n";
  while (text.size() < (3u << 20))
    text += "- [ ] in the fence\n";
  text += "```\n- [ ] b\n";
  const Outline outline = outline_of(text);
  REQUIRE(outline.blocks.size() == 3);
  CHECK(outline.blocks[1].kind == Block::Kind::Fence);
  CHECK(outline.blocks[2].offset == text.size() - 6);
  CHECK(outline.problems.empty());
}
