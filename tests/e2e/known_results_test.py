"""What is known of a tree is not found out again: red that has failed twice, until the user asks for more."""
from lab import NO_ROUNDS, equal, says, script, test

# Red with BROKEN in a file, as long as nobody has mended the machine. Each run is a line.
TEST = """
[[merge.test]]
command = ["sh", "-c", "echo x >> $LEDGER/ran; test -e $LEDGER/mended || ! grep -qs BROKEN *.txt"]
"""


def runs(lab):
    return len((lab.ledger / "ran").read_text().splitlines())


@test
def what_comes_back_with_the_same_tree_is_not_tested_again(lab):
    lab.config("[merge]\nrounds = 2\n" + TEST)
    lab.tasks(script("echo BROKEN > a.txt"))
    lab.up("--wait-user", "0s").ended_with(3)
    says(lab.task("T1")["why"], "was returned 2 times; its tests fail on the merged tree: `sh -c", "(log: ")
    equal(len(lab.facts("task.started")), 3, "attempts")
    equal(runs(lab), 1 + 2, "runs of the tests: of the base, and twice of the tree")


@test
def what_the_user_has_tried_again_is_tested_anew(lab):
    lab.config(NO_ROUNDS + TEST)
    lab.tasks(script("echo BROKEN > a.txt"), script("echo BROKEN > b.txt", id="T2"), script("exit 1", id="T3"))
    lab.begin("--wait-user", "forever")
    for task in ("T1", "T2"):
        lab.until_state(task, "failed")
    equal(runs(lab), 1 + 2 + 2, "runs of the tests")
    lab.run("merge", "T1", check=0)
    lab.until(lambda: runs(lab) == 7, "it is red twice again")
    lab.until_state("T1", "failed")
    (lab.ledger / "mended").touch()
    lab.run("merge", "T1", check=0)
    lab.until_state("T1", "merged")
    lab.run("retry", "T2", check=0)
    lab.until_state("T2", "merged")
    equal(lab.facts("tests.flaky"), [], "a machine that was mended is no flaky test")
    lab.run("verify", check=0)


@test
def a_base_that_was_red_is_tested_anew_by_up(lab):
    lab.config(TEST)
    lab.write("a.txt", "BROKEN\n")
    lab.tasks(script("echo 1 > b.txt"))
    lab.commit("red")
    lab.up().ended_with(5)
    lab.up().ended_with(5)
    equal(runs(lab), 4, "runs of the tests")
    (lab.ledger / "mended").touch()
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


@test
def red_is_run_once_more_and_not_twice_by_who_comes_after_a_kill(lab):
    # The second run stands still until the gate is open.
    lab.config("""
[merge]
rounds = 0
test_base = false
[[merge.test]]
command = ["sh", "-c", "echo x >> $LEDGER/ran; test $(wc -l < $LEDGER/ran) != 2 || while ! test -e $LEDGER/open; do sleep 0.05; done; ! test -e a.txt"]
""")
    lab.tasks(script("echo 1 > a.txt"))
    lab.begin("--wait-user", "0s")
    lab.until(lambda: (lab.ledger / "ran").exists() and runs(lab) == 2, "it is run once more")
    lab.kill_supervisor()
    (lab.ledger / "open").touch()
    lab.up("--wait-user", "0s").ended_with(3)
    says(lab.task("T1")["why"], "its tests fail")
    # The one that was cut short has no result; whether the base is to blame is asked as well.
    equal(runs(lab), 2 + 1 + 1, "runs of the tests")


@test
def a_train_that_comes_to_a_red_tree_again_goes_by_what_is_known(lab):
    lab.config("[merge]\nparallel = 2\nrounds = 1\ntest_base = false\n" + TEST)
    lab.tasks(script("echo BROKEN > a.txt"))
    lab.up("--wait-user", "0s").ended_with(3)
    says(lab.task("T1")["why"], "was returned 1 time; its tests fail")
    equal(runs(lab), 2 + 1, "runs of the tests: twice of the tree, once of the base")


@test
def another_value_in_its_environment_is_another_test(lab):
    def tests_of_up(value, tasks):
        lab.config(f"""
[[merge.test]]
command = ["sh", "-c", "echo $LEVEL >> $LEDGER/ran"]
env = {{ LEVEL = "{value}" }}
""")
        lab.tasks(*[script(f"echo {task} > {task}.txt", id=task) for task in tasks])
        lab.up().ended_with(0)
        return (lab.ledger / "ran").read_text().split()

    ran = ["one", "one"]
    equal(tests_of_up("one", ["T1"]), ran, "of the base and of the work")
    ran += ["one"]
    equal(tests_of_up("one", ["T1", "T2"]), ran, "of the work, as the base is known")
    ran += ["two", "two"]
    equal(tests_of_up("two", ["T1", "T2", "T3"]), ran, "of the base, too, with another value")


@test
def a_test_and_a_gate_have_their_own_variables(lab):
    lab.config("""
[[merge.test]]
command = ["sh", "-c", "echo test $LEVEL-$SCAN >> $LEDGER/ran"]
env = { LEVEL = "two words" }

[[gate]]
name = "scan"
command = ["sh", "-c", "echo gate $LEVEL-$SCAN $TMUX_ORCH_TASK >> $LEDGER/ran"]
env = { SCAN = "deep" }
""")
    lab.tasks(script("echo 1 > a.txt"))
    lab.up().ended_with(0)
    ran = ["test two words-", "test two words-", "gate -deep T1"]
    equal((lab.ledger / "ran").read_text().splitlines(), ran, "of the base, then of the work")


@test
def a_variable_of_our_own_is_refused_with_its_line(lab):
    lab.config("""[[gate]]
name = "scan"
command = "true"
env = { TMUX_ORCH_TASK = "T9" }
""")
    lab.tasks(script("echo 1 > a.txt"))
    lab.up().ended_with(1).says("'TMUX_ORCH_TASK' is for tmux-orch itself to set")
