"""Task files of other conventions, from the file to the merged branch and back into the file."""
import json
import os

from lab import equal, says, test

KIRO = """# Implementation Plan

- [ ] 1. Build the store
  - [ ] 1.1 Write the schema
    - tables for users
    - _Requirements: 1.1_
    ```sh
    echo schema > schema.txt
    ```
  - [ ] 1.2 Write the queries
    - _Requirements: 1.2_
    ```sh
    echo queries > queries.txt
    ```
  - [ ]* 1.3 Property tests of the store
    - _Requirements: 1.1_
- [ ] 2. Build the page
  - _Requirements: 2.1_
  ```sh
  test -f queries.txt
  echo page > page.txt
  ```
"""

# Does one part of its task at a time, and says so.
PARTLY = '''[agents.partly]
prompt = "file"
done = "report"
command = ["sh", "-euc", """
  cp {prompt_file} $LEDGER/prompt.$(ls $LEDGER | wc -l)
  if test -e one.txt; then part=1.2; echo two > two.txt; else part=1.1; echo one > one.txt; fi
  git add -A; git commit -qm $part
  tmux-orch done --items 9.9 2>> $LEDGER/refused || true
  tmux-orch done --items $part; sleep 600"""]
'''

PLAN_MODE = """# Plan: say it
## Changes
### 1. `one.txt` (new)
```sh
echo one > one.txt
```
### 2. `two.txt` (new)
```sh
cat one.txt > two.txt
```
## Verification
- [ ] both are there
"""

TASKMASTER = """{
  "master": {
    "tasks": [
      {"id": 1, "title": "One", "status": "pending", "priority": "high", "dependencies": [],
       "details": "```sh\\necho one > one.txt\\n```"},
      {"id": 2, "title": "Two", "status": "pending", "dependencies": [1],
       "details": "```sh\\ncat one.txt > two.txt\\n```"},
      {"id": 3, "title": "Three", "status": "deferred", "dependencies": []}
    ]
  }
}
"""


def committed(lab, name, text):
    lab.write(name, text)
    lab.commit("tasks")


@test
def a_numbered_plan_is_done_by_major_items_and_ticked_down_to_their_parts(lab):
    committed(lab, "tasks.md", KIRO)
    lab.run("plan", check=0).says("kiro", "5 items make 2 units", "1.1")
    lab.up().ended_with(0).says("2 of 2 tasks merged")
    equal(lab.landed(), ["1", "2"], "landed")
    wanted = KIRO.replace("- [ ] 1. ", "- [x] 1. ").replace("- [ ] 1.1", "- [x] 1.1")
    wanted = wanted.replace("- [ ] 1.2", "- [x] 1.2").replace("- [ ] 2. ", "- [x] 2. ")
    equal(lab.show("main:tasks.md"), wanted, "the marks")
    equal(lab.read("tasks.md"), wanted, "the file of the checkout")


@test
def a_part_that_is_done_lands_and_the_rest_is_the_next_attempt(lab):
    committed(lab, "tasks.md", KIRO.partition("- [ ] 2.")[0])
    lab.config(PARTLY)
    lab.commit("an agent")
    lab.up("--agent", "partly").ended_with(0).says("1 of 1 tasks merged")
    equal(lab.landed(), ["1", "1"], "landed")
    equal([fact[2] for fact in lab.facts("task.partly")], ["merged: 1.1; left: 1.2"], "parts")
    says((lab.ledger / "refused").read_text(), "'9.9' is no part of your task", "its parts are 1.1, 1.2")
    prompts = [path.read_text() for path in sorted(lab.ledger.glob("prompt.*"))]
    says(prompts[0], "## 1.1: Write the schema", "Not required:", "1.3", what="the first prompt")
    says(prompts[-1], "merged already and are not to be done again: 1.1", what="the second prompt")
    says(lab.show("main:tasks.md"), "- [x] 1. Build", "- [x] 1.1", "- [x] 1.2", "- [ ]* 1.3")


@test
def the_numbered_headings_of_a_plan_are_done_in_order_and_ticked(lab):
    committed(lab, "PLAN.md", PLAN_MODE)
    lab.up(file="PLAN.md").ended_with(0).says("2 of 2 tasks merged")
    wanted = PLAN_MODE.replace("### 1. ", "### [x] 1. ").replace("### 2. ", "### [x] 2. ")
    equal(lab.show("main:PLAN.md"), wanted, "the marks")
    equal(lab.show("main:two.txt"), "one\n", "what the second made of the first")


@test
def a_list_of_tasks_in_json_is_ticked_by_one_value(lab):
    committed(lab, ".taskmaster/tasks/tasks.json", TASKMASTER)
    lab.run("up", "-S", lab.socket).ended_with(0).says("taking", "tasks.json", "2 of 2 tasks merged")
    wanted = TASKMASTER.replace('"pending"', '"done"')
    equal(lab.show("main:.taskmaster/tasks/tasks.json"), wanted, "the file")
    equal(lab.landed(), ["1", "2"], "landed")
    plan = lab.run("plan", check=0)
    says(plan.out, "deferred", "0 to do, 2 done", what="the plan")


@test
def a_folder_with_one_task_a_file_is_a_run(lab):
    head = "---\nname: {}\nstatus: open\ndepends_on: [{}]\nparallel: true\n---\n\n# {}\n\n```sh\n{}\n```\n\n- [ ] a criterion\n"
    lab.write("work/001.md", head.format("First", "", "First", "echo 1 > one.txt"))
    lab.write("work/002.md", head.format("Second", "001", "Second", "cat one.txt > two.txt"))
    lab.write("work/epic.md", "---\nname: All\nstatus: open\n---\nAbout it.\n")
    lab.commit("tasks")
    lab.up(file="work").ended_with(0).says("2 of 2 tasks merged")
    equal(lab.landed(), ["001", "002"], "landed")
    for name in ("001", "002"):
        text = lab.show(f"main:work/{name}.md")
        says(text, "status: closed", "- [ ] a criterion", what=name)


@test
def a_task_that_is_a_folder_is_ticked_in_its_record(lab):
    record = '{{\n  "id": "{0}",\n  "title": "{0}",\n  "status": "planning",\n  "blockedBy": [{1}]\n}}\n'
    for folder, id, after in (("06-14-first", "first", ""), ("06-15-second", "second", '"first"')):
        lab.write(f".trellis/tasks/{folder}/task.json", record.format(id, after))
        lab.write(f".trellis/tasks/{folder}/prd.md", f"# {id}\n\n```sh\necho 1 > {id}.txt\n```\n")
    lab.commit("tasks")
    lab.up(file=".trellis/tasks").ended_with(0).says("2 of 2 tasks merged")
    equal(lab.landed(), ["first", "second"], "landed")
    for folder in ("06-14-first", "06-15-second"):
        says(lab.show(f"main:.trellis/tasks/{folder}/task.json"), '"status": "completed"', what=folder)


@test
def a_plan_says_why_and_what_it_left_out(lab):
    lab.write("tasks.md", KIRO + "\n```\n- [ ] an example\n```\n")
    lab.run("plan", "--explain", "1.2", check=0).says("1: Build the store", "unit: 1 and what stands below it", "it waits for nothing")
    lab.run("plan", "--explain", "2", check=0).says("after 1: ")
    lab.run("plan", "--explain", "9").ended_with(1).says("there is no task '9'", "`tmux-orch plan` lists them")
    assert "code fence" not in lab.run("plan", check=0).text, "said without being asked"
    lab.run("plan", "-v", check=0).says("tasks.md:", "in a code fence")
    by_unit = json.loads(lab.run("plan", "--json", "--unit", "task", check=0).out)
    equal([unit["id"] for unit in by_unit["units"]], ["1.1", "1.2", "1.3", "2"], "units")
    whole = json.loads(lab.run("plan", "--json", check=0).out)
    equal([unit["members"] for unit in whole["units"]], [["1.1", "1.2"], ["2"]], "members")
    equal(whole["tasks"][4]["depends"], [], "what the file says")
    lab.run("plan", "--format", "nonsense").ended_with(1).says("there is no task format 'nonsense'", "spec-kit")


@test
def init_writes_the_native_form_and_never_over_a_file(lab):
    lab.write("plan.md", KIRO)
    lab.run("init", "--from", "plan.md", check=0).says("wrote tasks.md")
    lab.run("init").ended_with(1).says("tasks.md exists already", "-o OTHER.md")
    plan = json.loads(lab.run("plan", "tasks.md", "--json", check=0).out)
    equal([(unit["title"], unit["done"]) for unit in plan["units"]],
          [("Build the store", False), ("Build the page", False)], "units")
    # An order that the convention implies stays one.
    says(lab.read("tasks.md"), "  Ordered after: ", what="tasks.md")
    equal(plan["units"][1]["depends"], [], "what the file says that the second waits for")
    lab.run("init", "-o", "-", check=0).says("- [ ] T1: ")
    lab.up().ended_with(0).says("2 of 2 tasks merged")


@test
def what_has_nothing_to_run_says_why(lab):
    lab.write("notes.md", "# Notes\n\nSome words.\n")
    lab.run("plan", "notes.md").ended_with(1).says("there are no tasks in this file")
    lab.write("cut.json", '{"master": {"tasks": [{"id": 1, "title": "x"')
    lab.run("plan", "cut.json").ended_with(1).says("cut.json:1")
    (lab.repo / "empty").mkdir()
    lab.run("plan", "empty").ended_with(1).says("empty")
    (lab.repo / "binary.md").write_bytes(b"\0\1\2")
    lab.run("plan", "binary.md").ended_with(1).says("NUL byte")


@test
def without_a_name_the_newest_file_of_the_usual_places_is_taken(lab):
    lab.run("plan").ended_with(1).says("there is no task file here", "`tmux-orch up FILE`")
    places = ("TODO.md", ".kiro/specs/page/tasks.md", "specs/001-x/tasks.md", "openspec/changes/y/tasks.md")
    for age, place in enumerate(places):
        lab.write(place, f"- [ ] 1. from {place}\n")
        os.utime(lab.repo / place, (1_700_000_000 - age, 1_700_000_000 - age))
    lab.write("openspec/changes/archive/old/tasks.md", "- [ ] 1. over\n")
    for number, place in enumerate(places):
        text = lab.run("plan", check=0)
        says(text.err, f"taking {lab.repo}/{place}", *(["the newest of"] if number < 3 else []))
        says(text.out, f"from {place}")
        (lab.repo / place).unlink()
    lab.write("docs/plans/README.md", "- [ ] 1. no plan\n")
    for place in (".trellis/tasks/a/task.json", "ROADMAP.md", ".cursor/plans/a.plan.md", "docs/plans/a.md"):
        lab.write(place, '{"title": "Read", "status": "planning"}' if place.endswith("json") else "- [ ] 1. Read\n")
        folder = place.removesuffix("/a/task.json")
        lab.run("plan", check=0).says(f"taking {lab.repo}/{folder}", "Read")
    lab.write("backlog/tasks/one.md", "---\nid: X-1\ntitle: One\nstatus: To Do\n---\n")
    lab.run("plan", check=0).says("backlog/tasks", "X-1")
    lab.config('tasks = "mine.txt"\n', base="")
    lab.run("plan").ended_with(1).says("there is no task file mine.txt")
    lab.write("mine.txt", "- [ ] of the configuration\n")
    lab.run("plan", check=0).says("of the configuration")
