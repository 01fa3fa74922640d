"""Several merges tested side by side: what lands together, who is to blame, and what a kill leaves."""
from lab import CONFIG, equal, says, script, test
from landing_test import SIGNER, signed, signer

# A test stands still until the gate is open. It begins with a line in `began`.
GATE = """
[merge]
parallel = {parallel}
test_base = false
rounds = 0
{more}
[[merge.test]]
command = ["sh", "-c", "echo >> $LEDGER/began; while [ ! -e $LEDGER/open ]; do sleep 0.05; done; {passes}"]
"""


def gate(lab, parallel=8, passes="test ! -e bad.txt", workers=8, more=""):
    base = CONFIG.replace("workers = 3", f"workers = {workers}")
    lab.config(GATE.format(parallel=parallel, passes=passes, more=more), base=base)
    return lab.commit("tests")


def writers(*names):
    return [script(f"echo {name} > {name}.txt", id=f"T{number}") for number, name in enumerate(names, 1)]


def began(lab):
    """How many tests have begun."""
    file = lab.ledger / "began"
    return len(file.read_text().splitlines()) if file.exists() else 0


def until_tested(lab, count):
    lab.until(lambda: began(lab) == count, f"{count} tests are under way")


def open_gate(lab):
    (lab.ledger / "open").touch()


def all_landed(lab):
    """All tasks that have landed, sorted, by the merges of them all."""
    log = lab.git("log", "--format=%(trailers:key=Orch-Task,valueonly,separator=%x2C)%x00%P", "main")
    lines = [line.split("\0") for line in log.splitlines()]
    return sorted(task for task, parents in lines if len(parents.split()) == 2 and task and "," not in task)


def verified(lab, commits):
    says(lab.run("verify", check=0).out, f"the tests have passed on the tree of each of {commits} commits of main")


@test
def eight_branches_land_in_the_time_of_one_test(lab):
    gate(lab)
    names = [f"f{number}" for number in range(1, 9)]
    lab.tasks(*writers(*names))
    lab.begin()
    until_tested(lab, 8)
    equal(lab.landed(), [], "landed before the tests have ended")
    open_gate(lab)
    lab.until_over()
    equal(sorted(lab.landed()), [f"T{number}" for number in range(1, 9)], "landed on main")
    equal(began(lab), 8, "tests")
    for name in names:
        equal(lab.read(f"{name}.txt"), f"{name}\n", "what landed")
    verified(lab, 8)


@test
def one_culprit_of_six_is_found_and_the_others_land(lab):
    gate(lab, parallel=6)
    lab.tasks(*writers("a", "b", "bad", "d", "e", "f"))
    lab.begin()
    until_tested(lab, 6)
    open_gate(lab)
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T2", "T4", "T5", "T6"], "landed on main")
    culprit = lab.task("T3")
    equal(culprit["state"], "failed", "the culprit")
    says(culprit["why"], "its tests fail on the merged tree")
    verified(lab, 5)


@test
def more_branches_than_tests_land_as_merges_of_several(lab):
    gate(lab, parallel=2)
    lab.tasks(*writers("a", "b", "c", "d", "e", "f", "g", "h"))
    lab.begin()
    # The first ones to be done are tested at once; the others wait for them.
    until_tested(lab, 2)
    lab.until(
        lambda: all(task["state"] in ("landing", "queued") for task in lab.status()["tasks"]), "all are queued"
    )
    open_gate(lab)
    lab.until_over()
    equal(all_landed(lab), [f"T{number}" for number in range(1, 9)], "landed on main")
    equal(began(lab) <= 4, True, f"{began(lab)} tests")
    commits = lab.git("rev-list", "--first-parent", "main").split()
    verified(lab, len(commits) - 2)


@test
def squashed_work_is_tested_side_by_side_and_lands_one_by_one(lab):
    gate(lab, parallel=3, more='strategy = "squash"')
    lab.tasks(*writers("a", "bad", "c"))
    lab.begin()
    until_tested(lab, 3)
    open_gate(lab)
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T3"], "landed on main")
    equal(lab.git("rev-list", "--min-parents=2", "main"), "", "merges")
    verified(lab, 2)


@test
def work_that_conflicts_with_what_is_tested_waits_and_is_refused_once_that_has_landed(lab):
    gate(lab, parallel=4)
    lab.tasks(
        script("echo one > README", id="T1"),
        script("while [ ! -e $LEDGER/began ]; do sleep 0.05; done", "echo two > README", id="T2"),
        script("while [ ! -e $LEDGER/began ]; do sleep 0.05; done", "echo c > c.txt", id="T3"),
    )
    lab.begin("--wait-user", "0s")
    until_tested(lab, 2)
    lab.until(lambda: lab.task("T2")["state"] == "landing" and "turn" in lab.task("T2")["why"], "T2 stands aside")
    open_gate(lab)
    lab.until_over()
    equal(lab.landed(), ["T1", "T3"], "landed on main")
    refused = lab.task("T2")
    equal(refused["state"], "blocked", "what conflicts")
    says(refused["why"], "conflicts with main in README")
    equal(lab.read("README"), "one\n", "what landed")
    verified(lab, 2)


@test
def a_train_that_is_killed_while_it_is_tested_goes_on(lab):
    gate(lab, parallel=4)
    lab.tasks(*writers("a", "b", "bad", "d"))
    lab.begin()
    until_tested(lab, 4)
    lab.kill_supervisor()
    open_gate(lab)
    lab.up()
    equal(sorted(lab.landed()), ["T1", "T2", "T4"], "landed on main")
    equal(lab.task("T3")["state"], "failed", "the culprit")
    verified(lab, 3)


def red_without_the_second(lab):
    """The first task passes only together with the second one, so both land as one commit."""
    gate(lab, parallel=3, passes="test ! -e a.txt || test -e b.txt")
    second = script("while [ ! -e $LEDGER/began ]; do sleep 0.05; done", "echo b > b.txt", id="T2")
    third = script("while [ $(wc -l < $LEDGER/began || echo 0) -lt 2 ]; do sleep 0.05; done", "echo c > c.txt", id="T3")
    lab.tasks(script("echo a > a.txt"), second, third)


def landed_as_one(lab):
    equal(lab.landed(), ["T1,T2", "T3"], "landed on main")
    equal(all_landed(lab), ["T1", "T2", "T3"], "the merges of them all")
    equal([lab.task(id)["state"] for id in ("T1", "T2", "T3")], ["merged"] * 3, "states")
    equal(lab.read("a.txt") + lab.read("b.txt") + lab.read("c.txt"), "a\nb\nc\n", "what landed")
    verified(lab, 2)


@test
def work_that_passes_only_with_what_is_behind_it_lands_with_that(lab):
    red_without_the_second(lab)
    lab.begin()
    until_tested(lab, 3)
    open_gate(lab)
    lab.until_over()
    landed_as_one(lab)
    says(lab.git("log", "-1", "--format=%s", "main~1"), "Merge T1, T2")
    says(lab.run("diff", "T1", check=0).out, "a.txt")
    equal("b.txt" in lab.run("diff", "T1", check=0).out, False, "work of another task")


@test
def several_that_land_as_one_land_once_wherever_it_is_killed(lab):
    red_without_the_second(lab)
    lab.begin(env={"TMUX_ORCH_FAILPOINT": "git.remade"})
    until_tested(lab, 3)
    open_gate(lab)
    lab.until(lambda: not lab.supervisor(), "the supervisor dies before what lands has its ref")
    for failpoint in ("git.land", "git.landed"):
        lab.up(env={"TMUX_ORCH_FAILPOINT": failpoint})
        equal(lab.supervisor(), 0, f"the supervisor after {failpoint}")
    lab.up().ended_with(0)
    landed_as_one(lab)


@test
def commits_of_the_user_land_between_two_trains(lab):
    gate(lab, parallel=3)
    late = script("while [ ! -e $LEDGER/go ]; do sleep 0.05; done", "echo c > c.txt", id="T3")
    lab.tasks(*writers("a", "b"), late)
    lab.begin()
    until_tested(lab, 2)
    lab.write("mine.txt", "mine\n")
    lab.commit("of the user")
    lab.until(lambda: lab.facts("base.moved"), "the commit is seen")
    (lab.ledger / "go").touch()
    lab.until_state("T3", "queued")
    open_gate(lab)
    lab.until_over()
    equal(sorted(lab.landed()[:2]), ["T1", "T2"], "landed first")
    equal(lab.landed()[2:], ["T3"], "landed on main")
    equal(lab.read("mine.txt"), "mine\n", "the user's work")
    verified(lab, 4)


@test
def each_commit_of_a_train_is_signed_as_it_lands(lab):
    base = gate(lab, parallel=3)
    signer(lab, SIGNER)
    lab.tasks(*writers("a", "bad", "c"))
    lab.begin()
    until_tested(lab, 3)
    open_gate(lab)
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T3"], "landed on main")
    equal(signed(lab, [f"{base}..main"]), [True] * 4, "the merges and the work are signed")
    verified(lab, 2)
