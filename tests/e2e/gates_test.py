"""What has to pass before work lands: tests and gates for some of the work, and files that nobody changes unseen."""
import contextlib
import json
import sqlite3

from lab import NO_ROUNDS, equal, says, script, test

# What is tested is written down, with what it found in its environment.
TRACE = """
[[merge.test]]
command = ["sh", "-c", "echo all >> $LEDGER/ran"]

[[merge.test]]
command = ["sh", "-c", "echo api >> $LEDGER/ran"]
when = { files = ["apps/api/"] }

[[gate]]
name = "security"
command = ["sh", "-c", "echo gate $TMUX_ORCH_TASK $(git diff --name-only $TMUX_ORCH_ONTO HEAD) >> $LEDGER/ran; ! grep -rq SECRET *.txt"]
when = { tags = ["money"] }
"""


def ran(lab):
    return (lab.ledger / "ran").read_text().split("\n")[:-1]


@test
def tests_and_gates_run_for_the_work_that_they_are_for(lab):
    lab.config("[merge]\ntest_base = false\n" + TRACE)
    lab.tasks(
        script("mkdir -p apps/api", "echo 1 > apps/api/a.c", id="T1"),
        script("echo 2 > b.txt", id="T2", fields=["Depends: T1", "Tags: money"]),
        script("echo 3 > c.txt", id="T3", fields=["Depends: T2"]),
    )
    lab.up()
    lab.until_landed("T1", "T2", "T3")
    equal(ran(lab), ["all", "api", "all", "gate T2 b.txt", "all"], "what has run")
    lab.run("verify", check=0).says("the tests have passed on the tree of each of 3 commits")


@test
def the_report_says_what_tests_and_gates_took_and_how_they_failed(lab):
    lab.config(NO_ROUNDS + """
[[merge.test]]
command = ["sleep", "0.2"]

[[gate]]
name = "scan"
command = ["sh", "-c", "grep -qs SECRET *.txt && exit 7; exit 0"]
""")
    lab.tasks(script("echo SECRET > a.txt"), script("echo 2 > b.txt", id="T2"))
    lab.up("--wait-user", "0s")
    report = json.loads(lab.run("report", "--json", check=0).out)
    equal(report["baseGates"][0]["command"], "sleep 0.2", "of the base")
    test, gate = report["tasks"][0]["gates"]
    equal((test["gate"], test["runs"], test["failures"], test["exitStatus"]), (None, 2, 0, None), "the test")
    equal((gate["gate"], gate["runs"], gate["failures"], gate["exitStatus"]), ("scan", 2, 2, 7), "the gate")
    equal((lab.repo / gate["log"]).is_file(), True, "its log is there")
    assert 0.4 <= test["seconds"] <= report["gateTime"] < 20, report
    with contextlib.closing(sqlite3.connect(lab.repo / ".tmux-orch/orch.db")) as store:
        rows = store.execute("select passed, gate, exit_status, duration_ms >= 200, log from gate_result where exit_status = 7").fetchall()
    equal(rows, [(0, "scan", 7, 1, gate["log"])], "what is stored")
    lab.run("report", "--markdown", check=0).says("## Tests and gates", "| T1 | scan: ", "| exit 7 |")
    lab.run("report", check=0).says("tests and gates ran ")


@test
def what_a_gate_blocks_goes_back_and_does_not_land(lab):
    lab.config("[merge]\nrounds = 1\n" + TRACE)
    lab.tasks(script('cp "${TMUX_ORCH_FEEDBACK:-/dev/null}" $LEDGER/feedback', "echo SECRET $TMUX_ORCH_ATTEMPT > b.txt", id="T1",
                     fields=["Tags: money"]))
    lab.up()
    lab.until_state("T1", "failed")
    says(lab.task("T1")["why"], "was returned 1 time; the gate security blocks it: `sh -c")
    says((lab.ledger / "feedback").read_text(), "Your work on T1 did not land: the gate security blocks it")
    report = json.loads(lab.run("report", "--json", check=0).out)
    equal(report["gateBlocks"], 2, "blocks")
    equal(report["testFailures"], 0, "failed tests")
    equal((lab.repo / "b.txt").exists(), False, "b.txt on the base")


@test
def a_protected_file_lands_when_the_user_has_seen_it(lab):
    lab.tasks(
        script("mkdir -p .github/workflows", "echo steal > .github/workflows/ci.yml", "echo 1 > a.txt", id="T1"),
        script("mkdir -p sub/.Claude", "echo {} > sub/.Claude/settings.json", id="T2"),
        script("echo 3 > c.txt", id="T3"),
    )
    lab.begin("--wait-user", "60s")
    lab.until_landed("T3")
    lab.until_state("T1", "blocked")
    lab.until_state("T2", "blocked")
    says(lab.task("T1")["why"], "it changes .github/workflows/ci.yml, which waits for you: `tmux-orch diff T1` shows it, "
         "`tmux-orch merge T1` lands it; or `tmux-orch abort T1`")
    says(lab.task("T2")["why"], "it changes sub/.Claude/settings.json, which waits for you")
    lab.run("diff", "T1", check=0).says("+steal")
    lab.run("merge", "T1", check=0)
    lab.until_landed("T3", "T1")
    equal(lab.read(".github/workflows/ci.yml"), "steal\n", "what landed")
    lab.run("abort", "T2", check=0)
    lab.until_state("T2", "aborted")


@test
def tests_that_a_task_deletes_or_skips_are_named_in_the_report(lab):
    lab.write("tests/a.sh", "exit 0\n")
    lab.write("tests/moved.sh", "exit 1\n")
    lab.write("web/b.test.js", "it('works', () => {})\n")
    lab.commit("some tests")
    lab.tasks(script("git rm -q tests/a.sh", "git mv tests/moved.sh tests/there.sh",
                     "echo \"it.skip('works', () => {})\" > web/b.test.js", "echo 1 > a.txt"))
    lab.up()
    lab.until_landed("T1")
    equal(lab.facts("tests.weakened"), [("tests.weakened", "T1", "its work deletes tests/a.sh, skips tests in web/b.test.js")], "what was told")
    lab.run("report", check=0).says("tests that tasks weakened:\n  T1 deletes tests/a.sh, skips tests in web/b.test.js")
    lab.run("report", "--markdown", check=0).says("## Tests that tasks weakened\n\n- **T1** deletes tests/a.sh")


@test
def what_is_protected_is_for_the_user_to_say_and_for_a_repository_to_add_to(lab):
    own = lab.home / ".config/tmux-orch/config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[merge]\nprotected = ["own/"]\n')
    lab.config('[merge]\nprotected = ["*.sql"]\n')
    lab.tasks(
        script("mkdir -p .claude own", "echo {} > .claude/settings.json", id="T1"),
        script("mkdir -p own", "echo 1 > own/a", id="T2"),
        script("echo 1 > db.sql", id="T3"),
    )
    lab.begin("--wait-user", "60s")
    lab.until_landed("T1")
    lab.until_state("T2", "blocked")
    lab.until_state("T3", "blocked")
    says(lab.task("T2")["why"], "it changes own/a")
    says(lab.task("T3")["why"], "it changes db.sql")


@test
def failed_tests_are_named_to_the_user_and_to_the_agent(lab):
    xml = '<testsuite><testcase classname="Sum" name="carries"><failure/></testcase><testcase name="b"/></testsuite>'
    lab.write("check", f"#!/bin/sh\nmkdir -p out; echo '{xml}' > out/r.xml; test ! -e bad\n")
    lab.write(".gitignore", "out\n")
    lab.config("[[merge.test]]\ncommand = ['sh', 'check']\njunit = 'out'\n")
    lab.commit("a check")
    # Its second attempt reads what it was told.
    lab.tasks(script('if [ -n "${TMUX_ORCH_FEEDBACK:-}" ]; then cp "$TMUX_ORCH_FEEDBACK" "$LEDGER/told"; echo 1 > good; else echo 1 > bad; fi'))
    lab.commit("tasks")
    lab.up().ended_with(0).says("`sh check` exited with 1: Sum.carries failed")
    says(lab.until_file("told"), "Sum.carries failed")
