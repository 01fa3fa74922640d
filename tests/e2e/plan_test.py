"""What `plan` and `up` make of what stands in a task file: what is shown, held back, asked about and left out."""
import json

from lab import Skip, equal, says, script, test


@test
def only_shows_these_and_names_what_they_wait_for(lab):
    lab.tasks(script("true"), script("true", id="T2", fields=["Depends: T1"]), script("true", id="T3"))
    plan = lab.run("plan", "--only", "t1", check=0)
    assert "T2" not in plan.out and "T3" not in plan.out, plan.out
    lab.run("plan", "--only", "T2,T3", check=0).says("T2", "needs T1, which is left out by --only", "1 to do")
    for verb in ("plan", "up"):
        lab.run(verb, "--only", "T9").ended_with(2).says("--only names T9, and there is no such task", "did you mean 'T1'")
    lab.run("plan", "--only", "nothing-like-it").ended_with(2).says("tasks: T1, T2, T3")
    equal([unit["id"] for unit in json.loads(lab.run("plan", "--only", "T1,t1", "--json", check=0).out)["units"]], ["T1"], "units")


@test
def a_dependency_on_no_task_is_a_warning_and_the_run_starts(lab):
    lab.tasks(script("echo x > x.txt", fields=["Depends: F01-006"]), script("echo y > y.txt", id="T2", fields=["Depends: T1"]))
    plan = lab.run("plan", check=0).says("tasks.md:1: warning: T1 depends on 'F01-006', which is no task here")
    equal(plan.text.count("F01-006"), 1, "how often it is said")
    assert "after F01-006" not in plan.out, plan.out
    lab.run("plan", "--explain", "T1", check=0).says("not after F01-006: it is no task of the file")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"], "landed")


RECORDS = {
    "one.md": "---\nid: A\ntitle: One\nstatus: open\ndepends_on: [B-7]\n---\n```sh\necho a > a.txt\n```\n",
    "two.yaml": "id: A\ntitle: Two\nstatus: open\ndepends_on: [B-7]\ndescription: |\n  ```sh\n  echo b > b.txt\n  ```\n",
    "three.json": '{"id": "A", "title": "Three", "status": "open", "dependsOn": ["B-7"],\n'
    ' "description": "```sh\\necho c > c.txt\\n```"}\n',
    "four.json": '{"tasks": [{"id": "A", "title": "Four", "status": "open", "dependsOn": ["B-7"],\n'
    ' "description": "```sh\\necho d > d.txt\\n```"}]}\n',
}


@test
def a_record_that_depends_on_another_file_is_started_with_a_warning(lab):
    for name, text in RECORDS.items():
        lab.write(name, text)
    lab.commit("tasks")
    for number, name in enumerate(RECORDS):
        ended = lab.up(file=name).ended_with(0).says(f"{name}:1: warning: A depends on 'B-7', which is no")
        equal(ended.text.count("B-7"), 1, "how often it is said")
        assert (lab.repo / f"{'abcd'[number]}.txt").exists(), ended.text


@test
def an_id_used_twice_is_told_once(lab):
    first, again = script("true"), script("true", title="another task")
    lab.tasks(first, again)
    plan = lab.run("plan", check=0).says("warning: two tasks are called 'T1'", "this one is called 'T1-2'")
    equal(plan.text.count("two tasks"), 1, "how often it is said")
    lab.tasks(first, again, script("true", id="T2", fields=["Depends: T1"]))
    equal(lab.up().ended_with(1).text.count("two tasks are called 'T1'"), 1, "how often it is said")
    for name in ("a", "b"):
        lab.write(f"folder/{name}.md", f"---\nid: X\ntitle: {name}\nstatus: open\n---\n")
    equal(lab.run("plan", "folder").ended_with(1).text.count("error: "), 1, "errors")


@test
def a_cycle_is_an_error_that_is_told_once(lab):
    lab.tasks(script("true", fields=["Depends: T2"]), script("true", id="T2", fields=["Depends: T1"]))
    for verb in ("plan", "up"):
        equal(lab.run(verb).ended_with(1).text.count("these tasks wait for each other"), 1, "how often it is said")


@test
def a_file_of_many_tasks_is_one_line_of_the_plan(lab):
    lab.tasks(*(script("true", id=f"T{number}", fields=["Files: a.c"]) for number in (1, 2, 3)))
    plan = lab.run("plan", check=0).says("a.c: T1, T2, T3 touch it and run one after the other")
    equal(plan.out.count("a.c"), 1, "lines about it")
    equal(len(json.loads(lab.run("plan", "--json").out)["conflicts"]), 3, "conflicts in JSON")
    lab.run("plan", "--on-overlap", "continue").says("a.c: T1, T2, T3 touch it and may run at the same time")


PHASES = """# Tasks
## Phase 1: Base
- [ ] T001 Make it
## Phase 2: More
- [ ] T002 [P] Write this in a.md
- [ ] T003 [P] Write that in b.md
- [ ] T004 [P] Write the rest in c.md
"""


@test
def the_stated_order_leaves_out_what_a_convention_implies(lab):
    lab.write("tasks.md", PHASES)
    args = ("--unit", "task", "--agent", "sh")
    lab.run("plan", *args, check=0).says("group 2", "at most 3 at once; 4 with --order stated")
    wide = lab.run("plan", *args, "--order", "stated", check=0)
    says(wide.out, "at most 4 at once;")
    assert "group 2" not in wide.out and "--order" not in wide.out, wide.out
    lab.config('order = "stated"\n' + lab.read("tmux-orch.toml"), base="")
    lab.run("plan", *args, check=0).says("at most 4 at once")
    lab.run("plan", "--order", "any").ended_with(2)


@test
def other_units_are_offered_with_their_numbers(lab):
    lab.write("tasks.md", PHASES)
    lab.run("plan", check=0).says("2 units; --unit task gives 4")
    by_rule = json.loads(lab.run("plan", "--json").out)["unit_counts"]
    equal((by_rule["task"], by_rule["group"]), (4, 2), "units by rule")


@test
def an_answer_on_the_terminal_is_a_line_of_its_own(lab):
    lab.tasks(script("true", fields=["Files: a.c"]), script("true", id="T2", fields=["Files: a.c"]))
    terminal = lab.terminal(lab.binary, "up")
    terminal.until("a.c: T1, T2 touch it", "run those one after the other")
    terminal.keys("x", "Enter")
    terminal.until("T1 and T2 both touch a.c: nothing was started", "ended with 1")


def read_as(lab, key, *texts):
    """Writes the task file, if the readers find what this is about in it."""
    lab.tasks(*texts)
    lab.commit("tasks")
    if not any(unit[key] for unit in json.loads(lab.run("plan", "--json").out)["units"]):
        raise Skip(f"no reader says that a task is {key}")


def for_a_person(lab):
    read_as(
        lab, "human", script("echo x > x.txt"), "- [ ] T2: Sign in to the console (human)\n",
        script("echo y > y.txt", id="T3", fields=["Depends: T2"]),
    )


def tick(lab, line):
    lab.write("tasks.md", lab.read("tasks.md").replace(f"- [ ] {line}", f"- [x] {line}"))


@test
def what_is_for_a_person_is_left_and_what_needs_it_comes_with_the_next_up(lab):
    for_a_person(lab)
    lab.run("plan", check=0).says("for a person:", "needs T2, which is for a person", "1 to do")
    lab.up().ended_with(4).says("for you:", "T2", "tick it in the file")
    equal(lab.landed(), ["T1"], "landed")
    equal(json.loads(lab.run("report", "--json").out)["forUser"], ["T2"], "forUser")
    tick(lab, "T2")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T3"], "landed")


@test
def a_task_for_a_person_is_ticked_while_the_run_waits(lab):
    for_a_person(lab)
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1")
    says(lab.task("T3")["why"], "waits for you: T2", what="why T3 waits")
    assert "T2" in lab.status()["needs_user"], lab.status()["needs_user"]
    tick(lab, "T2")
    lab.until_landed("T1", "T3")


def in_doubt(lab):
    read_as(
        lab, "doubt", "## Part 1 - Season - \u2705 done\n", script("echo x > x.txt"), "## Part 2 - Shop\n",
        script("echo y > y.txt", id="T2"),
    )


@test
def what_may_be_done_is_held_without_a_terminal(lab):
    in_doubt(lab)
    lab.up().ended_with(4).says("a task is open: T1; held", "for you:")
    equal(lab.landed(), ["T2"], "landed")
    lab.up("--only", "T1").ended_with(0)
    equal(lab.landed(), ["T2", "T1"], "landed")


@test
def what_may_be_done_is_asked_about_on_a_terminal(lab):
    in_doubt(lab)
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("a task is open: T1", "skip these, as they are done (s, the default), do them (d), or quit (q)?")
    terminal.keys("q", "Enter")
    terminal.until("nothing was started", "ended with 1")
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("skip these")
    terminal.keys("d", "Enter")
    lab.until(lambda: sorted(lab.landed()) == ["T1", "T2"], "both landed")


@test
def what_was_answered_is_not_asked_again_when_the_run_goes_on(lab):
    read_as(
        lab, "doubt", "## Part 1 - Season - \u2705 done\n", script("echo x > x.txt"), "## Part 2 - Shop\n",
        script("test -e $LEDGER/go", "echo y > y.txt", id="T2"),
    )
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("skip these")
    terminal.keys("s", "Enter")
    lab.until(lambda: lab.run("status").code == 0, "a run")
    lab.until_over()
    equal(lab.landed(), [], "landed")
    assert "held" not in lab.up(check=3).text
    (lab.ledger / "go").touch()
    assert "held" not in lab.up(check=0).text
    equal(lab.landed(), ["T2"], "landed")


@test
def what_was_skipped_is_done_when_it_is_asked_for_after_all(lab):
    read_as(
        lab, "doubt", "## Part 1 - Season - \u2705 done\n", script("echo x > x.txt"), "## Part 2 - Shop\n",
        script("test -e $LEDGER/go", id="T2"),
    )
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("skip these")
    terminal.keys("s", "Enter")
    lab.until(lambda: lab.run("status").code == 0, "a run")
    lab.until_state("T2", "failed")
    lab.until_over()
    lab.up("--only", "T1")
    lab.until_landed("T1")


def mostly_unread(lab):
    task = "# Plan\n\n## T1: Write it\nDepends: none\n\n```sh\necho x > x.txt\n```\n"
    lab.write("tasks.md", task + "\n## Rest\n\n- [ ] Build the parser\n- [ ] Write the printer\n- [ ] Add the docs\n")
    lab.commit("tasks")
    if "look like work" not in lab.run("plan").text:
        raise Skip("no reader counts what looks like work and is in no task")


@test
def a_file_that_is_mostly_unread_is_read_all_the_same_without_a_terminal(lab):
    mostly_unread(lab)
    ended = lab.up().ended_with(0).says("warning: 3 entries look like work and are in no task; 1 task was read")
    assert "(x, the default)" not in ended.text, ended.text
    equal(json.loads(lab.run("report", "--json").out)["unread"], 3, "unread")


@test
def a_file_that_is_mostly_unread_is_asked_about_on_a_terminal(lab):
    mostly_unread(lab)
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("look like work", "go on with what was read (g), or stop (x, the default)?")
    terminal.keys("Enter")
    terminal.until("nothing was started", "ended with 1")
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("go on with what was read (g)")
    terminal.keys("g", "Enter")
    lab.until_landed("T1")


@test
def that_most_of_a_file_is_unread_is_not_asked_again_when_the_run_goes_on(lab):
    mostly_unread(lab)
    lab.write("tasks.md", lab.read("tasks.md").replace("echo x", "test -e $LEDGER/go && echo x"))
    lab.commit("later")
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    terminal.until("go on with what was read (g)")
    terminal.keys("g", "Enter")
    lab.until(lambda: lab.run("status").code == 0, "a run")
    lab.until_state("T1", "failed")
    lab.until_over()
    (lab.ledger / "go").touch()
    terminal = lab.terminal(lab.binary, "up", "-S", lab.socket)
    lab.until_landed("T1")
    assert "go on with what was read" not in terminal.screen(), terminal.screen()
