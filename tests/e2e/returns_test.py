"""Work that does not land goes back to its agent, which mends it; what it is told, and what happens where it does not."""
import tui
from lab import CONFIG, equal, says, script, test

# Red as long as a file says so.
TEST = """
[[merge.test]]
command = ["sh", "-c", "! grep -rn BROKEN *.txt"]
"""


def feedback(lab, id="T1"):
    return (lab.ledger / f"feedback.{id}").read_text()


# Red once the list is as the second task leaves it, a moment after that.
SLOW = """
[[merge.test]]
command = ["sh", "-c", "test ! -e mine || { sleep 1.5; grep -q both a.txt; }"]
"""
KEEP = 'test -z "${TMUX_ORCH_FEEDBACK:-}" || cp "$TMUX_ORCH_FEEDBACK" $LEDGER/feedback.%s'


@test
def a_script_whose_tests_fail_is_run_again_from_the_new_tip_and_told_why(lab):
    lab.config(TEST)
    lab.tasks(script(KEEP % "T1", 'if [ -z "${TMUX_ORCH_FEEDBACK:-}" ]; then echo BROKEN > a.txt; else echo whole > a.txt; fi'))
    lab.up().says("T1")
    lab.until_landed("T1")
    equal(lab.read("a.txt"), "whole\n", "what landed")
    equal(len(lab.facts("task.returned")), 1, "how often it was returned")
    says(feedback(lab), "Your work on T1 did not land: its tests fail on the merged tree: `sh -c", "> 1:BROKEN",
         "This attempt begins at the newest main.", "kept as refs/orch/rescue/")
    equal(lab.task("T1")["attempt"], 2, "its attempts")


@test
def two_scripts_that_append_to_one_file_both_land(lab):
    lab.write("list.txt", "one\n")
    lab.commit("a list")
    both = "until test -e $LEDGER/{0}; do touch $LEDGER/{1}; sleep 0.05; done"
    lab.tasks(
        script(both.format("second", "first"), "echo T1 >> list.txt", "touch $LEDGER/first"),
        script(KEEP % "T2", "touch $LEDGER/second; until test -e $LEDGER/first; do sleep 0.05; done", "echo T2 >> list.txt",
               "until test -n \"${TMUX_ORCH_FEEDBACK:-}\" || git -C ../.. log --format=%s main | grep -q T1; do sleep 0.05; done",
               id="T2"),
    )
    lab.up("--wait-user", "0s")
    lab.until_landed("T1", "T2")
    equal(lab.read("list.txt"), "one\nT1\nT2\n", "the list")
    says(feedback(lab, "T2"), "Your work on T2 did not land: conflicts with main in list.txt")


@test
def a_script_that_changes_nothing_when_it_is_run_again_is_left_to_the_user(lab):
    lab.write("a.txt", "nothing yet\n")
    lab.commit("a file")
    lab.tasks(
        script("sed -i 's/nothing yet/one/' a.txt"),
        script("sed -i 's/nothing yet/two/' a.txt", "until git log --format=%s main | grep -q T1; do sleep 0.05; done", id="T2"),
    )
    lab.up("--wait-user", "0s").ended_with(4)
    task = lab.task("T2")
    equal(task["state"], "blocked")
    says(task["why"], "changed nothing when it was done again (conflicts with main in a.txt)")
    lab.git("merge", "-q", "-X", "theirs", "--no-edit", lab.rescues()[0], cwd=lab.repo / ".worktrees/T2")
    lab.run("merge", "T2", check=0)
    lab.until_over()
    equal(lab.read("a.txt"), "two\n", "what landed")


@test
def after_two_rounds_a_task_fails_as_it_would_have_at_once(lab):
    lab.config(TEST)
    lab.tasks(script("echo BROKEN > a.txt"))
    lab.up("--wait-user", "0s").ended_with(3)
    task = lab.task("T1")
    equal(task["state"], "failed")
    says(task["why"], "was returned 2 times; its tests fail on the merged tree")
    equal(lab.landed(), [], "landed")
    equal(len(lab.facts("task.started")), 3, "attempts")


@test
def without_rounds_it_fails_at_once(lab):
    lab.config(TEST + "[merge]\nrounds = 0\n")
    lab.tasks(script("echo BROKEN > a.txt"))
    lab.up("--wait-user", "0s").ended_with(3)
    equal(len(lab.facts("task.started")), 1, "attempts")


CONFLICT = "run until git -C ../.. log --format=%s main | grep -q T1; do sleep 0.1; done"
MINE = "run echo mine > a.txt; git add -A; git commit -qm mine"


@test
def an_agent_in_its_window_gets_the_conflict_and_mends_it_in_the_same_attempt(lab):
    lab.write("a.txt", "start\n")
    lab.commit("a file")
    tui.configure(lab)
    lab.tasks(
        tui.task("run echo theirs > a.txt; git add -A; git commit -qm theirs", tui.DONE),
        tui.task(MINE, CONFLICT, tui.DONE,
                 "mend run git status --short > $LEDGER/status; cp a.txt $LEDGER/marks; git log --format=%H -1 > $LEDGER/tip",
                 "mend run printf 'mine\\ntheirs\\n' > a.txt; git add a.txt; git commit -q --no-edit",
                 "mend " + tui.DONE, id="T2"),
    )
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1", "T2")
    equal(lab.read("a.txt"), "mine\ntheirs\n", "what landed")
    equal(lab.task("T2")["attempt"], 1, "its attempts")
    text = tui.texts(lab, "T2")[0]
    says(text, "Your work on T2 did not land: conflicts with main in a.txt",
         "The merge of main is under way in your worktree.", "- a.txt", "> +theirs", "> +mine", "> T1: a task",
         "For this you may merge, although you were told not to.", "tmux-orch done -m")
    says((lab.ledger / "marks").read_text(), "<<<<<<< ", "mine", "theirs")
    # The commit that its agent has seen is still in what landed.
    tip = (lab.ledger / "tip").read_text().strip()
    says(lab.git("rev-list", "main"), tip)


@test
def an_agent_in_its_window_gets_the_failure_on_the_merged_tree(lab):
    tui.configure(lab, more=TEST)
    lab.tasks(
        tui.task("run echo x > other.txt; git add -A; git commit -qm other", tui.DONE),
        tui.task("run echo BROKEN > a.txt; git add -A; git commit -qm work", CONFLICT, tui.DONE,
                 "mend run cp other.txt $LEDGER/other; echo whole > a.txt; git commit -qam mended", "mend " + tui.DONE, id="T2"),
    )
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1", "T2")
    equal(lab.read("a.txt"), "whole\n", "what landed")
    says(tui.texts(lab, "T2")[0], "its tests fail on the merged tree", "> a.txt:1:BROKEN",
         "main is merged into your branch by now", "Run the tests before you report:", "sh -c")
    equal((lab.ledger / "other").read_text(), "x\n", "what the other one landed is there")
    equal(lab.task("T2")["attempt"], 1, "its attempts")


@test
def an_agent_that_left_changes_is_told_to_merge_by_itself(lab):
    lab.write("a.txt", "start\n")
    lab.commit("a file")
    tui.configure(lab, more=SLOW)
    lab.tasks(
        tui.task("run echo theirs > a.txt; git add -A; git commit -qm theirs", tui.DONE),
        tui.task("run touch mine; git add -A; git commit -qm mine", CONFLICT, tui.DONE, "run sleep 0.5; echo draft > README",
                 "mend run cat README > $LEDGER/readme; git checkout -q README; git merge -q --no-edit main",
                 "mend run cp a.txt $LEDGER/merged; echo both > a.txt; git commit -qam both", "mend " + tui.DONE, id="T2"),
    )
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1", "T2")
    equal(lab.read("a.txt"), "both\n", "what landed")
    equal((lab.ledger / "readme").read_text(), "draft\n", "its draft was left alone")
    equal((lab.ledger / "merged").read_text(), "theirs\n", "what it merged")
    says(tui.texts(lab, "T2")[0], "could not be merged into your branch: it has changes that are in no commit", "git merge --no-edit")


@test
def marks_of_a_conflict_do_not_land(lab):
    lab.write("a.txt", "start\n")
    lab.commit("a file")
    tui.configure(lab)
    lab.tasks(
        tui.task("run echo theirs > a.txt; git add -A; git commit -qm theirs", tui.DONE),
        tui.task(MINE, CONFLICT, tui.DONE,
                 "mend run if test -e $LEDGER/once; then echo both > a.txt; fi; touch $LEDGER/once; git commit -qam done",
                 "mend " + tui.DONE, id="T2"),
    )
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1", "T2")
    equal(lab.read("a.txt"), "both\n", "what landed")
    says(tui.texts(lab, "T2")[1], "did not land: has conflict marks in a.txt")


@test
def a_test_that_the_base_fails_is_not_the_tasks_fault(lab):
    lab.config(TEST + "[merge]\ntest_base = false\n")
    lab.write("old.txt", "BROKEN\n")
    lab.commit("a base that is red")
    lab.tasks(script("echo x > a.txt"))
    lab.up("--wait-user", "0s").ended_with(4)
    says(lab.task("T1")["why"], "it could not be landed: main fails its own tests", "`tmux-orch merge T1` tries again")
    equal(lab.facts("task.returned"), [], "returned")
    lab.git("rm", "-q", "old.txt")
    lab.commit("mended")
    lab.up()
    equal(lab.landed()[-1], "T1", "landed once it is green")


@test
def a_test_that_fails_once_is_told_to_be_flaky(lab):
    lab.config(f"""
[[merge.test]]
command = ["sh", "-c", "test ! -e a.txt || test -e {lab.ledger}/seen || {{ touch {lab.ledger}/seen; exit 1; }}"]
""")
    lab.tasks(script("echo x > a.txt"))
    lab.up()
    equal(lab.landed(), ["T1"], "landed")
    says(lab.facts("tests.flaky")[0][2], "a test failed, and passed on the same tree: `sh -c")


@test
def of_thirty_tasks_each_third_one_mends_its_work_and_all_land(lab):
    lab.config(TEST, base=CONFIG.replace("workers = 3", "workers = 6"))
    lab.write("list.txt", "start\n")
    lab.commit("a list")
    red = 'if [ -z "${TMUX_ORCH_FEEDBACK:-}" ]; then echo BROKEN > N%d.txt; else echo whole > N%d.txt; fi'
    tasks = []
    for number in range(1, 31):
        if number % 6 == 3:
            steps = [red % (number, number)]
        elif number % 6 == 0:
            steps = [f"echo N{number} >> list.txt", "sleep 0.3"]
        else:
            steps = [f"echo x > N{number}.txt"]
        tasks.append(script(*steps, id=f"N{number}"))
    lab.tasks(*tasks)
    lab.up("--wait-user", "0s", timeout=120)
    equal(len(lab.landed()), 30, "landed")
    equal(sorted(lab.read("list.txt").split()), sorted(["start", *(f"N{number}" for number in range(6, 31, 6))]), "the list")
    equal(len({id for _, id, _ in lab.facts("task.returned")}) >= 5, True, "some were returned")


def dies_at(point):
    def supervisor_dies(lab):
        lab.write("a.txt", "start\n")
        lab.commit("a file")
        tui.configure(lab)
        lab.tasks(
            tui.task("run echo theirs > a.txt; git add -A; git commit -qm theirs", tui.DONE),
            tui.task(MINE, CONFLICT, tui.DONE, "mend run echo both > a.txt; git add a.txt; git commit -q --no-edit",
                     "mend " + tui.DONE, id="T2"),
        )
        lab.begin("--wait-user", "forever", env={"TMUX_ORCH_FAILPOINT": point})
        pid = lab.supervisor()
        lab.until(lambda: not lab.is_alive(pid), f"the supervisor dies at {point}")
        lab.begin("--wait-user", "forever")
        lab.until_landed("T1", "T2")
        equal(lab.read("a.txt"), "both\n", "what landed")
        equal(len(tui.texts(lab, "T2")), 1, "how often it was told")
        equal(lab.task("T2")["attempt"], 1, "its attempts")

    supervisor_dies.__name__ = f"who_dies_at_{point.replace('.', '_')}_tells_the_agent_once"
    return supervisor_dies


for _point in ("return_work.before_intent", "return_work.after_intent", "git.bring_base", "git.bring_base.merged",
               "return_work.after_effect"):
    test(dies_at(_point))
