// What is read from the conventions of other tools and people, in small texts.
#include "catch.hpp"
#include "tasks/conventions/reader.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts)
    all += (all.empty() ? "" : ",") + part;
  return all;
}

/// "T1 title x <T0 P1 src/a.c ^parent": what is empty is left out.
std::string shown(const Item& item) {
  std::string text = item.has_id ? item.id + " " : "- ";
  text += item.title;
  if (item.done()) text += " x";
  if (!item.depends.empty()) text += " <" + joined(item.depends);
  const auto priority = item.priority ? item.priority : item.section_priority;
  if (priority) text += fmt::format(" P{}", static_cast<int>(*priority));
  if (!item.files.empty()) text += " " + joined(item.files);
  if (!item.parent.empty()) text += " ^" + item.parent;
  return text;
}

struct Read {
  std::string format;
  std::vector<std::string> items;
  Reading reading;

  explicit Read(std::string_view text) {
    ReadFile file = read_items({text, {}});
    format = file.format;
    for (const Item& item : file.reading.items)
      items.push_back(shown(item));
    reading = std::move(file.reading);
  }

  std::vector<std::string> after(std::size_t item) const {
    std::vector<std::string> ids;
    for (const Order& order : reading.items.at(item).after)
      ids.push_back(order.id);
    return ids;
  }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("spec-kit: ids, tags, paths, dependencies in prose") {
  const Read read(
      "# Tasks: thing\n\n## Format: `[ID] [P?] [Story]`\n- [ ] T000 sample\n\n## Phase 1: Setup\n"
      "- [x] T001 Make folders src/ and docs/\n- [ ] T002 [P] Write C:\\work\\a.ts and `go.mod`\n"
      "- [ ] T003 [P] Use Next.js, `npm run x`, /api/things and @a/b in src/{a,b}.ts\n\n"
      "## Phase 2: User Story 1 (Priority: P1)\n"
      "- [ ] T004 [P] [US1] Add tests/a_test.py:10-20 (depends on T001\xE2\x80\x93T003)\n"
      "- [ ] T005 [US1] Join (makes T004 pass; depends on T004)\n  - [ ] step\n\n"
      "## Phase 3: User Story 2 (P2)\n- [ ] T006b [US2] More, not depends on `^build`\n\n"
      "## Dependencies\n\n```\nT006b: More (depends on T001)\nT001\xE2\x86\x92T003 "
      "together\n```\n\n"
      "## Parallel Example\n- [ ] T005 again\n");
  CHECK(read.format == "spec-kit");
  CHECK(read.items ==
        Words{"T001 Make folders src/ and docs/ x src/,docs/",
              "T002 Write C:\\work\\a.ts and `go.mod` C:\\work\\a.ts,go.mod",
              "T003 Use Next.js, `npm run x`, /api/things and @a/b in src/{a,b}.ts src/{a,b}.ts",
              "T004 Add tests/a_test.py:10-20 (depends on T001\xE2\x80\x93T003) <T001,T002,T003 P1 "
              "tests/a_test.py",
              "T005 Join (makes T004 pass; depends on T004) <T004 P1",
              "T006b More, not depends on `^build` <T001 P2"});
  CHECK(read.after(1) == Words{"T001"});
  CHECK(read.after(2) == Words{"T001"});
  CHECK(read.after(4) == Words{"T004"});
  REQUIRE(read.reading.groups.size() == 4);
  CHECK(read.reading.groups[2].after == std::vector<int>{1});
  CHECK(read.reading.groups[3].after == std::vector<int>{1});
}

TEST_CASE("kiro: parts by number, optional ones, footers in any language") {
  const Read read(
      "# Plan\n\n- [ ] 1. Base\n- [x] 1.1 Part in src/a.ts\n  - _\xD0\xA2\xD1\x80\xD0\xB5\xD0\xB1: "
      "1.2_\n"
      "- [ ]* 1.2 Test it (P10)\n- [-] 2. Next\n    - [ ] 2.1 (P) One\n      - _Depends: 1.1_\n"
      "   - [ ] 2.2 (P) Two\n- [ ] 3 Checkpoint\n");
  CHECK(read.format == "kiro");
  CHECK(read.items == Words{"1 Base", "1.1 Part in src/a.ts x src/a.ts ^1", "1.2 Test it (P10) ^1",
                            "2 Next", "2.1 One <1.1 ^2", "2.2 Two ^2", "3 Checkpoint"});
  CHECK(read.reading.items[2].optional);
  CHECK(read.reading.items[3].standing == Standing::InProgress);
  CHECK(read.reading.items[4].parallel == true);
  CHECK(read.after(4) == Words{"1.1"});
  CHECK(read.after(5) == Words{"1.1"});
  CHECK(read.after(6) == Words{"2.1", "2.2"});
}

TEST_CASE("a plan in a fence that is never closed is read") {
  const Read read("```markdown\n# Plan\n- [ ] 1. Base\n  - [ ] 1.1 Part\n");
  CHECK(read.items == Words{"1 Base", "1.1 Part ^1"});
}

TEST_CASE("openspec: numbered groups in order") {
  const Read read(
      "## 1. Store\n\n- [ ] 1.1 `src/a.ts`: add it\n      over two lines\n- [x] **Task 1.2: Move** "
      "now\n\n"
      "## 2. Show\n- [ ] 2.1 Draw `dependsOn` of 1.1\n");
  CHECK(read.format == "openspec");
  CHECK(read.items ==
        Words{"1.1 `src/a.ts`: add it src/a.ts", "1.2 Move now x", "2.1 Draw `dependsOn` of 1.1"});
  CHECK(read.reading.items[0].body == "over two lines");
  CHECK(read.after(1) == Words{"1.1"});
  CHECK(read.reading.groups.at(1).after == std::vector<int>{0});
  const Read unnumbered("# T\n\n### 1. Look\n- [ ] see\n### 2. Do\n- [ ] act\n");
  CHECK(unnumbered.format == "openspec");
  CHECK(unnumbered.items == Words{"- see", "- act"});
}

TEST_CASE("headed: fields, steps, groups, inverse edges and wildcards") {
  const Read read(
      "# Plan\n\n- [ ] API-1 listed\n\n## Phase 1: Base\n\n### API-1: One\n**Priority:** P0 "
      "(first)\n"
      "**Blocks:** DOC-*\n**Files to create:**\n- `src/a.rs` (new)\n- src/b.rs\n\n**Tasks:**\n"
      "- [ ] step\n\n### API-2: Two\n- **Status:** \xE2\x9C\x85 Complete | **Depends on:** "
      "api-1\n\n"
      "## Phase 2: Papers\n### DOC-1: Three\n**Depends on:** All API-* tasks\n**Estimate:** 1 h\n\n"
      "## Blockers\n### BUG-1: None\n\n## Definition of Done\n- [ ] tested\n");
  CHECK(read.format == "headed");
  CHECK(read.items ==
        Words{"API-1 One P0 src/a.rs,src/b.rs", "API-2 Two x <API-1", "DOC-1 Three <API-1,API-2"});
  CHECK(read.reading.items[0].body.find("- [ ] step") != std::string::npos);
}

TEST_CASE("headed: ranges of numbers, words of other languages") {
  const Read tasks(
      "## Task 1: One\n**Dependencies:** None\n## Task 2: Two\n**Dependencies:** Task 1\n"
      "## Task 3: Three\n**Dependencies:** Task 1-2 (in 5 days)\n");
  CHECK(tasks.items == Words{"1 One", "2 Two <1", "3 Three <1,2"});
  const Read japanese(
      "### T01 One\n- \xE5\x84\xAA\xE5\x85\x88\xE5\xBA\xA6\xEF\xBC\x9A\xE9\xAB\x98\n### T02 Two\n"
      "- \xE4\xBE\x9D\xE5\xAD\x98: T01\n- \xE7\x8A\xB6\xE6\x85\x8B: \xE5\xAE\x8C\xE4\xBA\x86\n");
  CHECK(japanese.items == Words{"T01 One P1", "T02 Two x <T01"});
  const Read spanish(
      "## Urgente\n### 1. **Uno**\n**Estado:** Pendiente\n\n### 2. **Dos** \xE2\x8F\xB8\n"
      "**Depende de:** 1\n**Prioridad:** Baja\n");
  CHECK(spanish.items == Words{"1 Uno P0", "2 Dos <1 P3"});
  const Read german(
      "### A-1: Eins\n**Priorit\xC3\xA4t:** Hoch\n### A-2: Zwei\n**Abh\xC3\xA4ngig von:** A-1\n"
      "**Stand:** in Arbeit\n");
  CHECK(german.items == Words{"A-1 Eins P1", "A-2 Zwei <A-1"});
  CHECK(german.reading.items[1].standing == Standing::InProgress);
}

TEST_CASE("headed: what only looks like an id is none") {
  const Read read(
      "### E2E-1: One\n**Depends on:** 2-3 days of work\n### E2E-2: Two\n"
      "**Depends on:** E2E-1 \xE3\x80\x9C E2E-1, F03 is deployed\n**Files:** Makefile, N/A\n"
      "It depends on `x`. E2E-1 depends on E2E-2 in no way.\n### E2E-3: Three\n"
      "**Depends on:** all previous tasks\n\n## 1. Scope\n## M1 - Base\n**Status:** open\n");
  CHECK(read.items == Words{"E2E-1 One", "E2E-2 Two <E2E-1 Makefile", "E2E-3 Three <E2E-1,E2E-2"});
  const Read boxes("## 1. [x] One\n## 2. [ ] Two\n- depends on 1\n");
  CHECK(boxes.items == Words{"1 One x", "2 Two <1"});
}

TEST_CASE("headed: one task a file, and a box in the heading") {
  const Read one(
      "# T-047: Export\n\n- **Status**: DONE\n- **Depends**: T-023\n\n## Acceptance\n- [ ] a\n");
  CHECK(one.items == Words{"T-047 Export x <T-023"});
  const Read named(
      "# Task: Export\n\n**Status:** open\n**Priority:** P1\n\n## Acceptance\n- [ ] a\n");
  CHECK(named.items == Words{"- Task: Export P1"});
  const Read steps(
      "### Step 0.1 [x] \xE2\x80\x94 One\n### Step 0.2 [ ] \xE2\x80\x94 Two\nDepends on: 0.1\n");
  CHECK(steps.items == Words{"0.1 One x", "0.2 Two <0.1"});
}

TEST_CASE("tables: columns by their header, boards by their section") {
  const Read table(
      "| # | Aufgabe | Status | Priorit\xC3\xA4t | Abh\xC3\xA4ngig von |\n|---|---|---|---|---|\n"
      "| 1 | Eins | erledigt | hoch | - |\n| 2 | Zwei | offen | P3 | 1 |\n");
  CHECK(table.format == "table");
  CHECK(table.items == Words{"1 Eins x P1", "2 Zwei <1 P3"});
  const Read board(
      "## Blocked\n| Task | Priority |\n|---|---|\n| `A-2` - Two | P2 |\n\n## Done\n"
      "| Task | Priority |\n|---|---|\n| `A-1` - One | P1 |\n");
  CHECK(board.items == Words{"A-2 Two P2", "A-1 One x P1"});
  CHECK(board.reading.items[0].standing == Standing::Held);
  CHECK_FALSE(board.reading.items[0].mark);
  CHECK(Read("| Command | Meaning |\n|---|---|\n| a | b |\n").items.empty());
}

TEST_CASE("records: like YAML, without the template") {
  const Read read(
      "- id: < name >\n  description: what\n  status: []\n---\n- id: a\n  description: One\n"
      "  priority: 1\n  status: [x]\n---\n- id: b\n  title: 'Two'\n  depends_on:\n    - a\n");
  CHECK(read.format == "records");
  CHECK(read.items == Words{"a One x P1", "b Two <a"});
}

TEST_CASE("lists: inline fields, leading priorities, sections that say something") {
  const Read agents(
      "### Phase 1 [parallel: false]\n- [x] #A1 One\n- [ ] #A2 Two [depends: A1] @bob\n"
      "- [ ] #A3 Three (owner: eve) (scope: `src/x/**`) (depends: a1, A2) (began: today)\n");
  CHECK(agents.items == Words{"A1 One x", "A2 Two <A1", "A3 Three <A1,A2 src/x/**"});
  CHECK(agents.reading.items[1].tags == Words{"@bob"});
  const Read plain(
      "## High priority\n- [ ] [P2] one\n- [ ] two\n\nAcceptance:\n- [ ] works\n\n"
      "## Deferred\n- [ ] three\n\n## Do not start\n- [ ] four\n- [ ] ~~five~~\n");
  CHECK(plain.items == Words{"- one P2", "- two P1", "- three", "- four", "- five"});
  CHECK(plain.reading.items[2].standing == Standing::Deferred);
  CHECK(plain.reading.items[3].standing == Standing::Held);
  CHECK(plain.reading.items[4].standing == Standing::Cancelled);
  const Read worded("- [x] Task 1: One\n- [x] tested\n- [ ] Task 2: Two\n- [ ] tested\n");
  CHECK(worded.items == Words{"1 One x", "2 Two"});
}

TEST_CASE("todo: bullets without boxes where the file says that they are tasks") {
  CHECK(Read("# TODO\n* one\n  * detail\n* two\n").items == Words{"- one", "- two"});
  CHECK(Read("# tasks.md\n\n## Questions\n- why\n\n## Soon\n- [ai] **a** b\n\n## Done\n- "
             "[2026-01-02] c\n")
            .items == Words{"- a b", "- c x"});
  CHECK(Read("# Sprint board\n\n## Before\n- one\n\n## In progress\n- _nothing_\n\n## Done\n- "
             "two\n")
            .items == Words{"- one", "- two x"});
  for (const char* none :
       {"# Guide\n- one\n", "# Agent Tasks are files\n## Requirements\n- one\n",
        "---\nname: a\ndescription: b\n---\n# Tasks\n- one\n", "# Links\n- [a](b)\n"})
    CHECK(Read(none).items.empty());
}

TEST_CASE("ranges: words, number signs and names between their ends") {
  const Read read(
      "## Task 1: One\n**Dependencies:** None\n## Task 2: Two\n**Dependencies:** Task 1\n"
      "## Task 3: Three\n**Dependencies:** Task 1 to Task 2\n## Task 4: Four\n"
      "**Dependencies:** Tasks #1 - #3\n## Task 5: Five\nIt depends on tasks 2 through 4.\n"
      "## Task 6: Six\n**Dependencies:** Task 1 and Task 3; **Blocks:** Task 7\n"
      "## Task 7: Seven\n**Priority:** high, **Depends on:** 1, 2\n");
  CHECK(read.items == Words{"1 One", "2 Two <1", "3 Three <1,2", "4 Four <1,2,3", "5 Five <2,3,4",
                            "6 Six <1,3", "7 Seven <1,2,6 P1"});
  const Read table(
      "| # | Task | Deps | Done |\n|---|---|---|---|\n| 1.1 | One | - | \xE2\x9C\x85 |\n"
      "| 1.2 | Two | 1.1 | x |\n| 1.3 | Three | 1.1\xE2\x80\x93"
      "1.2 | |\n");
  CHECK(table.items == Words{"1.1 One x", "1.2 Two x <1.1", "1.3 Three <1.1,1.2"});
}

TEST_CASE("headed: signs around the id, states after the title, milestones outside") {
  const Read read(
      "# Backlog\n\n### \xE2\x9C\x85 W-1: One\n- Priority: high\n\n### \xE2\xAC\x9C W-2: Two\n"
      "- Depends on: W-1\n\n### W-3: Three [DONE]\n\n## Goals\n- [ ] **M1**: W-1 and W-2\n");
  CHECK(read.format == "headed");
  CHECK(read.items == Words{"W-1 One x P1", "W-2 Two <W-1", "W-3 Three x"});
}

TEST_CASE("tables: headings tell more about some rows") {
  const Read read(
      "| ID | Task | Status |\n|---|---|---|\n| A-1 | One | done |\n| A-2 | Two | open |\n"
      "| A-3 | Three | open |\n\n## Details\n\n### A-2\nDepends on: A-1\n\n- [ ] step\n");
  CHECK(read.format == "table");
  CHECK(read.items == Words{"A-1 One x", "A-2 Two <A-1", "A-3 Three"});
  CHECK(read.reading.items[1].body.find("- [ ] step") != std::string::npos);
  const Read all(
      "| ID | Name | Status |\n|---|---|---|\n| A-1 | One | done |\n\n## A-1: One\nText\n");
  CHECK(all.format == "headed");
  CHECK(all.items == Words{"A-1 One x"});
}

TEST_CASE("lists: ids in links, priorities at the end, checks and legends") {
  const Read links(
      "- [x] [T-1: One](t/T-1.md)\n- [ ] [T-2 Two](t/T-2.md) (depends on T-1)\n"
      "- [ ] [T-3](t/T-3.md) Three \xE2\x80\x94 depends: T-1, T-2\n");
  CHECK(links.items[0] == "T-1 One x");
  CHECK(links.items[1].ends_with("<T-1"));
  CHECK(links.reading.items[2].depends == Words{"T-1", "T-2"});
  CHECK(Read("# Index\n1. [One](01.md)\n2. [Two](02.md)\n3. [Three](03.md)\n").items.size() == 3);
  CHECK(Read("# Links\n- [One](one.md)\n- [Two](two.md)\n- [Three](3.md)\n").items.empty());
  CHECK(Read("- [ ] One **(P0)**\n- [ ] Two [P3]\n").items == Words{"- One P0", "- Two P3"});
  CHECK(Read("- [ ] One (P1, 2 h)\n- [ ] Two\n").items[0] == "- One (P1, 2 h) P1");
  CHECK(Read("- [ ] open\n- [x] done\n\n## Now\n- [ ] One\n").items == Words{"- One"});
  const Read checks(
      "- [ ] T1: One in src/a.c\n- [ ] T2: Two (depends on T1)\n\n## Definition of Done (each)\n"
      "- [ ] formatted\n\n## Release checklist\n- [ ] tagged\n\n## Soon\n- [ ] Phase 1 complete\n");
  CHECK(checks.items == Words{"T1 One in src/a.c src/a.c", "T2 Two (depends on T1) <T1"});
  const Read worded(
      "- [ ] **Task 1**: One\n  - Depends on: none\n- [ ] **Task 2**: Two\n"
      "  - Depends on: Task 1\n\n## Verification\n- [ ] tests pass\n");
  CHECK(worded.items == Words{"1 One", "2 Two <1"});
}

TEST_CASE("headed: fields in a table below the heading") {
  const Read read(
      "### T1: One\n| Field | Value |\n|---|---|\n| **Status** | Done |\n| Priority | P1 |\n\n"
      "### T2: Two\n| Field | Value |\n|---|---|\n| Depends on | T1 |\n| Files | `a.c` |\n");
  CHECK(read.items == Words{"T1 One x P1", "T2 Two <T1 a.c"});
}

TEST_CASE("headed: a field that says 'none' names no task") {
  const Read read(
      "### T1: One\n**Depends on:** None\n### T2: Two\n**Depends on:** None (with T1)\n"
      "### T3: Three\n**Depends on:** T2 (not T1)\n");
  CHECK(read.items == Words{"T1 One", "T2 Two", "T3 Three <T2"});
}

TEST_CASE("tables: one task in two of them, and plans without a status") {
  CHECK(Read("| ID | Task | Status |\n|---|---|---|\n| T1 | One | done |\n| T2 | Two | open |\n\n"
             "| ID | Depends on |\n|---|---|\n| T1 | - |\n| T2 | T1 |\n")
            .items == Words{"T1 One x", "T2 Two <T1"});
  CHECK(Read("| ID | Task | Status |\n|---|---|---|\n| T1 | One | done |\n| T1 | Two | open |\n")
            .items.size() == 2);
  CHECK(Read("| ID | Task | Effort |\n|---|---|---|\n| A-1 | One | 1 h |\n| A-2 | Two | 2 h |\n")
            .items == Words{"A-1 One", "A-2 Two"});
  CHECK(Read("| # | Item | Due |\n|---|---|---|\n| 1 | Report | May |\n").items.empty());
}

TEST_CASE("headings of manuals and catalogues are no tasks") {
  CHECK(Read("# How to release\n\n## Step 1: Tag\nSo.\n\n## Step 2: Push\nSo.\n").items.empty());
  CHECK(Read("# Prompts\n\n### 1. Refactor\n**Agent:** a\n**Duration:** 1 h\n\n### 2. Review\n"
             "**Agent:** b\n**Duration:** 1 h\n")
            .items.empty());
  CHECK(Read("## Step 1: Tag\nStatus: done\n\n## Step 2: Push\nSo.\n").items ==
        Words{"1 Tag x", "2 Push"});
}

TEST_CASE("todo: numbered lists, states at the end, links as files") {
  CHECK(Read("# TODO\n\n1. one\n2. two\n").items == Words{"- one", "- two"});
  CHECK(Read("# TODO\n\n- one - done\n- two\n").items == Words{"- one x", "- two"});
  const Read table(
      "| # | Task | File | Status |\n|---|---|---|---|\n"
      "| 1 | One | [a](t/01.md) | done |\n| 2 | Two | [b.c](../b.c), d.c | open |\n");
  CHECK(table.items == Words{"1 One x t/01.md", "2 Two b.c,d.c"});
}

TEST_CASE("lists: forms of ids") {
  for (const char* id : {"[T1]", "(T1)", "`T1`", "**[T1]**", "Task T1:", "T1 (P1):", "Task 1",
                         "001", "1 -", "1.", "1\\.", "**1.**", "A.1"}) {
    CAPTURE(id);
    std::string other(id);
    other.replace(other.rfind('1', other.find("(P")), 1, "2");
    const Read read(fmt::format("- [ ] {} One\n- [ ] {} Two\n  - Priority: low\n", id, other));
    REQUIRE(read.reading.items.size() == 2);
    CHECK(read.reading.items[0].has_id);
    CHECK(read.reading.items[0].title.ends_with("One"));
    CHECK(read.reading.items[1].id.ends_with('2'));
  }
  const Read bold("- [ ] **T1 One**\n- [ ] **T2 Two** more\n  - Depends on: T1\n");
  CHECK(bold.items == Words{"T1 One", "T2 Two more <T1"});
  CHECK(Read("- [ ] 3 - 5 days\n- [ ] Step back\n").items == Words{"- 3 - 5 days", "- Step back"});
}

TEST_CASE("tables: ids under 'Task', boxes under nothing") {
  CHECK(Read("| Task | Description | Status |\n|---|---|---|\n| K-1 | One | done |\n"
             "| K-2 | Two | open |\n")
            .items == Words{"K-1 One x", "K-2 Two"});
  CHECK(Read("| | ID | Task |\n|---|---|---|\n| [x] | K-1 | One |\n| [ ] | K-2 | Two |\n").items ==
        Words{"K-1 One x", "K-2 Two"});
}
