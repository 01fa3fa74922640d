// Ticking every task of many files: exactly one place changes, and all else reads the same.
#include "as_tasks.hpp"
#include "catch.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/write/marks.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

/// Two texts are equal but for one stretch: what stands there in each.
struct Difference {
  std::size_t offset = 0;
  std::string before;
  std::string after;
};

Difference difference(std::string_view a, std::string_view b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head])
    ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  return {head, std::string(a.substr(head, a.size() - head - tail)),
          std::string(b.substr(head, b.size() - head - tail))};
}

void check_same_but_done(std::vector<Item> before, std::vector<Item> after, std::size_t ticked) {
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CAPTURE(before[i].id, before[i].line);
    CHECK(after[i].id == before[i].id);
    CHECK(after[i].title == before[i].title);
    CHECK(after[i].depends == before[i].depends);
    CHECK(after[i].files == before[i].files);
    CHECK(after[i].parent == before[i].parent);
    CHECK(after[i].line == before[i].line);
    if (i == ticked)
      CHECK(after[i].standing == Standing::Done);
    else
      CHECK(after[i].standing == before[i].standing);
  }
}

void tick_each(const std::string& text, const std::string& path) {
  const ReadFile file = read_items({text, path});
  const std::vector<Item>& items = file.reading.items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const auto same = std::ranges::count(items, item.id, &Item::id);
    if (!item.mark || same > 1) continue;
    CAPTURE(path, file.format, item.id, item.line);
    const bool done = item.done();
    REQUIRE(item.mark->done == done);
    REQUIRE(set_mark(text, {item.id}, done, path) == text);
    const Result<std::string> ticked = set_mark(text, {item.id}, !done, path);
    REQUIRE(ticked);
    const Difference change = difference(text, *ticked);
    CHECK(change.offset >= item.mark->offset);
    CHECK(change.offset + change.before.size() <= item.mark->offset + item.mark->length);
    CHECK(change.after.find('\n') == std::string::npos);
    if (!done) check_same_but_done(items, read_items({*ticked, path}).reading.items, i);
    if (!done) CHECK(with_marks_of(*ticked, text, path) == text);
  }
}

}  // namespace

TEST_CASE("each task of each convention is ticked in one place") {
  for (const char* text :
       {"- [ ] 1. Base\r\n  - [ ] 1.1 Part\r\n  - [ ]* 1.2 Test\r\n- [-] 2. Next\r\n  - _Needs: 1_",
        "\xEF\xBB\xBF## 1. Base\n\n- [ ] 1.1 One\n- [x] 1.2 Two\n\n## 2. More\n- [ ] 2.1 Three",
        "## Phase 1: Base\n- [ ] T001 One\n- [X] T002 [P] Two\n- [] T003 [P] [US1] Three\n",
        "### TASK-1: One\n**Status:** pending\n**Depends on:** none\n\n### TASK-2: Two\n"
        "**Status:** done\n\n### TASK-3: Three\n**Priority:** high\n",
        "### Step 0.1 [x] - One\n### Step 0.2 [ ] - Two\nDepends on: Step 0.1\n",
        "# T-7: One\n\n- **Status**: OPEN\n- **Depends**: T-6\n",
        "| ID | Task | Status |\n|---|---|---|\n| A1 | One | Todo |\n| A2 | Two | \xE2\x9C\x85 "
        "Done |\n",
        "| id | files | depends-on |\n|---|---|---|\n| T1 | a.c | - |\n| \xE2\x9C\x85 T2 | b.c | "
        "T1 |\n",
        "| Task | Priority |\n|---|---|\n| [ ] `A-1` - One | P1 |\n| [x] `A-2` - Two | P2 |\n",
        "- id: a\n  title: One\n  status: [ ]\n  depends_on: []\n- id: b\n  title: Two\n"
        "  status: pending\n  depends_on: [a]\n- id: c\n  title: Three\n  status: []\n",
        "* [ ] one\n\t* [ ] two\n\t\t* [~] three\n* [v] four\n*   [ ]\tfive",
        "- [ ] **A-1.** One\n- [ ] `A-2` - Two\n- [ ] #A3 three [depends: A-1] @x\n"})
    tick_each(text, "");
}

// Hidden, as it needs files from outside: a meson test of its own runs it, or says that it was
// skipped.
TEST_CASE("each task of a folder of real files is ticked in one place", "[.real-files]") {
  const char* folder = std::getenv("ORCH_TASK_FILES");
  REQUIRE(folder != nullptr);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    tick_each(text.str(), entry.path().string());
  }
}
