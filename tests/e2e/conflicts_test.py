"""Conflicts between works are seen before anybody lands."""

from lab import equal, says, script, test


def commits(name, line, *files):
    """Commits a line to each file, and waits for the test before it is done."""
    steps = [f"echo {line} > {file}" for file in files]
    return script(*steps, "git add -A", "git commit -qm work", f'touch "$LEDGER/{name}.made"',
                  f'until [ -e "$LEDGER/{name}.go" ]; do sleep 0.05; done', id=name)


def begin(lab, *tasks, more=""):
    lab.config(more, base='agent = "sh"\nworkers = 4\n')
    lab.write("shared", "start\n")
    lab.commit("a file")
    lab.tasks(*tasks)
    lab.commit("tasks")
    lab.begin()


def conflicts(lab, task):
    return {one["with"]: one["files"] for one in lab.task(task)["conflicts"]}


def go(lab, *names):
    for name in names:
        (lab.ledger / f"{name}.go").touch()


@test
def works_that_conflict_are_named_while_their_agents_are_at_work(lab):
    begin(lab, commits("T1", "one", "shared", "a"), commits("T2", "two", "shared"), commits("T3", "three", "c"))
    lab.until(lambda: conflicts(lab, "T1") == {"T2": ["shared"]}, "the conflict of T1")
    equal(conflicts(lab, "T2"), {"T1": ["shared"]}, "the conflict of T2")
    equal(conflicts(lab, "T3"), {}, "conflicts of T3")
    lab.run("status").says("conflicts with T2 in shared")
    lab.until(lambda: len(lab.facts("task.anomaly")) == 2, "it is told")
    says(lab.run("events").text, "conflict (low): its commits conflict with those of T1 in shared")
    equal(list((lab.repo / ".git").glob("orch-forecast*")), [], "what the question left in git's folder")
    # It goes when there is nothing left to conflict with.
    lab.run("abort", "T1", check=0)
    lab.until(lambda: conflicts(lab, "T2") == {}, "no conflict is left")
    go(lab, "T2", "T3")
    lab.until_over()
    equal(sorted(lab.landed()), ["T2", "T3"], "landed")


@test
def what_conflicts_with_fewest_others_lands_first(lab):
    waits = 'until [ -e "$LEDGER/tests.go" ]; do sleep 0.05; done'
    begin(lab, script("echo 0 > z", id="T0"), commits("T1", "one", "shared"), commits("T2", "two", "shared"),
          commits("T3", "three", "c"), more=f"[[merge.test]]\ncommand = ['sh', '-c', '{waits}']\n[merge]\ntest_base = false\n")
    lab.until(lambda: conflicts(lab, "T1") and conflicts(lab, "T2"), "the conflict")
    lab.until_state("T0", "landing")
    go(lab, "T1")
    lab.until_state("T1", "queued")
    go(lab, "T3")
    lab.until_state("T3", "queued")
    (lab.ledger / "tests.go").touch()
    lab.until_landed("T0", "T3", "T1")
    lab.until(lambda: conflicts(lab, "T1") == {}, "what has landed has none")
    # Of T2 alone it is known by now that it conflicts with what has landed.
    equal(conflicts(lab, "T2"), {"T1": ["shared"]}, "the conflict of T2")
    lab.run("down", check=0)
