"""What has landed is taken back: as a landing of its own, tested, and with the mark of its task."""
from lab import NO_ROUNDS, equal, long_test, says, script, test
from formats_test import KIRO, PARTLY
from landing_test import SIGNER, signed, signer

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
# Red without b.txt once it has been there, as other code may go by it.
NEEDS_B = """
[merge]
test_base = false
[[merge.test]]
command = ["sh", "-c", "test ! -e needs-b || test -e b.txt"]
"""
TESTED = """
[merge]
{more}
[[merge.test]]
command = ["sh", "-c", "test ! -e broken"]
"""
ONE = script("echo one > one.txt")


def configure(lab, text=TESTED.format(more="")):
    lab.config(text)
    return lab.commit("configured")


def tasks(lab, *texts):
    """A task file that is in git."""
    lab.tasks(*texts)
    lab.commit("tasks")


def subjects(lab, count):
    return lab.git("log", f"-{count}", "--first-parent", "--format=%s", "main").splitlines()


def taken_back(lab, id="T1"):
    found = lab.task(id)
    equal(found["state"], "aborted", id)
    says(found["why"], "taken back by you after it had landed", f"tmux-orch retry {id}")


@test
def the_last_landing_is_taken_back_with_its_mark_and_retry_does_it_again(lab):
    configure(lab)
    tasks(lab, ONE, script("echo two > two.txt", id="T2", fields=["Depends: T1"]))
    lab.up().ended_with(0)
    before = lab.git("rev-parse", "main").strip()
    lab.run("undo").ended_with(0).says("T2 is being taken back", "T2 is taken back by", "`tmux-orch retry T2`")
    lab.until_over()
    equal(subjects(lab, 1), ['Revert "T2: a task"'])
    body = lab.git("log", "-1", "--format=%B", "main")
    says(body, "This takes back ", "Orch-Run: ", "Orch-Undo: T2")
    equal(lab.git("rev-parse", "main^1").strip(), before, "the parent")
    assert not (lab.repo / "two.txt").exists(), "two.txt is there"
    equal(lab.read("one.txt"), "one\n")
    says(lab.read("tasks.md"), "- [x] T1", "- [ ] T2")
    equal(lab.git("status", "--porcelain", "--untracked-files=no"), "", "the checkout")
    taken_back(lab, "T2")
    says(lab.run("verify", check=0).out, "of each of 3 commits of main")
    equal([fact[1] for fact in lab.facts("task.undone")], ["T2"])
    says(lab.run("report", check=0).out, "T2")
    lab.up().ended_with(3)
    taken_back(lab, "T2")
    lab.run("retry", "T2", check=0)
    lab.until_state("T2", "merged")
    lab.until_over()
    equal(lab.read("two.txt"), "two\n")
    says(lab.read("tasks.md"), "- [x] T2")
    lab.run("verify", check=0)


@test
def a_squash_is_taken_back_as_well_and_a_task_that_landed_before_others(lab):
    configure(lab, TESTED.format(more='strategy = "squash"'))
    tasks(lab, ONE, script("echo two > two.txt", id="T2", fields=["Depends: T1"]))
    lab.up().ended_with(0)
    lab.run("undo", "T1").ended_with(1).says("T2 began where T1 had landed, and has landed after it", "T1 is not taken back", "`tmux-orch undo T1 --yes`")
    equal(lab.task("T1")["state"], "merged")
    lab.run("undo", "T1", "--yes").ended_with(0).says("T1 is taken back by")
    lab.until_over()
    assert not (lab.repo / "one.txt").exists(), "one.txt is there"
    equal(lab.read("two.txt"), "two\n")
    says(lab.read("tasks.md"), "- [ ] T1", "- [x] T2")
    taken_back(lab)
    equal(lab.task("T2")["state"], "merged")


@test
def those_of_a_train_are_taken_back_one_by_one(lab):
    configure(lab, TESTED.format(more="parallel = 3"))
    tasks(lab, *(script(f"echo {n} > {n}.txt", id=f"T{n}") for n in (1, 2, 3)))
    lab.up().ended_with(0)
    for id in ("T2", "T1"):
        lab.run("undo", id, check=0).says(f"{id} is taken back by")
    lab.until_over()
    equal(sorted(file.name for file in lab.repo.glob("*.txt")), ["3.txt"])
    says(lab.read("tasks.md"), "- [ ] T1", "- [ ] T2", "- [x] T3")
    lab.run("verify", check=0)


@test
def what_later_work_is_in_the_way_of_stays_and_the_command_by_hand_is_named(lab):
    configure(lab)
    lab.write("a.txt", "0\n")
    tasks(lab, script("echo one > a.txt"), script("echo two > a.txt", id="T2", fields=["Depends: T1"]))
    lab.up().ended_with(0)
    before = lab.git("rev-parse", "main")
    ran = lab.run("undo", "T1", "--yes").ended_with(1)
    ran.says("T1 is merged, and not taken back", "changed the same places of a.txt", "`git revert -m 1 ")
    lab.until_over()
    equal(lab.git("rev-parse", "main"), before, "main")
    equal(lab.task("T1")["state"], "merged")
    says(lab.read("tasks.md"), "- [x] T1", "- [x] T2")
    equal(len(lab.facts("task.undo-refused")), 1)


@test
def where_the_tests_fail_without_it_nothing_lands_and_the_log_is_named(lab):
    configure(lab, NEEDS_B)
    tasks(lab, script("echo b > b.txt"), script("echo > needs-b", id="T2", fields=["Depends: T1"]))
    lab.up().ended_with(0)
    before = lab.git("rev-parse", "main")
    lab.run("undo", "T1", "--yes").ended_with(1).says("T1 is merged, and not taken back: the tests fail without it", "(log: ")
    lab.until_over()
    equal(lab.git("rev-parse", "main"), before, "main")
    equal(lab.task("T1")["state"], "merged")
    lab.run("undo", "T2", check=0)
    lab.run("undo", "T1", check=0).says("T1 is taken back by")


@test
def files_that_a_command_makes_are_made_anew_without_it(lab):
    # The lock file is the names of all parts, in one line: any two of them conflict.
    lab.write("make-lock", "#!/bin/sh\nls *.part | tr '\\n' ' ' > all.lock\n")
    lab.write("base.part", "")
    lab.write("all.lock", "base.part ")
    configure(lab, """
[[merge.generated]]
files = ["all.lock"]
command = ["sh", "make-lock"]
""")
    tasks(lab, *(script(f"touch {name}.part", "sh make-lock", id=id, fields=needs)
                 for id, name, needs in (("T1", "one", ()), ("T2", "two", ["Depends: T1"]))))
    lab.up().ended_with(0)
    equal(lab.read("all.lock"), "base.part one.part two.part ")
    lab.run("undo", "T1", "--yes", check=0).says("T1 is taken back by")
    lab.until_over()
    equal(lab.read("all.lock"), "base.part two.part ")
    taken_back(lab)


@test
def all_parts_that_a_task_has_landed_in_are_taken_back_by_one_commit(lab):
    lab.config(PARTLY)
    lab.commit("an agent")
    tasks(lab, KIRO.partition("- [ ] 2.")[0])
    lab.up("--agent", "partly").ended_with(0)
    equal(len(lab.facts("task.partly")), 1, "parts")
    says(lab.read("tasks.md"), "- [x] 1. Build", "- [x] 1.1", "- [x] 1.2")
    before = lab.git("rev-parse", "main").strip()
    lab.run("undo", "1", check=0).says("1 is taken back by")
    lab.until_over()
    equal(lab.git("rev-parse", "main^").strip(), before, "what the one commit is on")
    equal([(lab.repo / name).exists() for name in ("one.txt", "two.txt")], [False, False], "what is left of it")
    says(lab.read("tasks.md"), "- [ ] 1. Build", "- [ ] 1.1", "- [ ] 1.2")
    taken_back(lab, "1")
    lab.run("retry", "1", check=0)
    lab.until_state("1", "merged")
    lab.until_over()
    equal(lab.read("two.txt"), "two\n")


@test
def what_takes_a_task_back_is_signed_as_what_lands(lab):
    configure(lab)
    signer(lab, SIGNER)
    tasks(lab, ONE)
    lab.up().ended_with(0)
    lab.run("undo", check=0).says("T1 is taken back by")
    lab.until_over()
    equal(subjects(lab, 1), ['Revert "T1: a task"'])
    equal(signed(lab, ["-1", "main"]), [True], "the revert is signed")
    taken_back(lab)
    lab.run("verify", check=0)


@test
def gates_are_passed_as_by_the_task_itself(lab):
    lab.config("""
[[gate]]
name = "no-secret"
command = ["sh", "-c", "test -e guard || { echo no guard; exit 1; }"]
when.files = ["guard"]
""")
    tasks(lab, script("touch guard"), script("echo two > two.txt", id="T2", fields=["Depends: T1"]))
    lab.up().ended_with(0)
    lab.run("undo", "T1", "--yes").ended_with(1).says("T1 is merged, and not taken back: the gate no-secret blocks it")
    lab.run("undo", "T2", check=0).says("T2 is taken back by")


@test
def while_others_work_on_it_it_is_asked_for_and_their_work_stays(lab):
    configure(lab)
    tasks(lab, ONE, script("echo two > two.txt", "touch $LEDGER/began", WAIT, id="T2", fields=["Depends: T1"]),
          script("echo three > three.txt", id="T3", fields=["Depends: T2, T1"]))
    lab.begin()
    lab.until((lab.ledger / "began").exists, "T2 works")
    ran = lab.run("undo").ended_with(1)
    ran.says("T2 works on a base that has T1", "T3 needs T1 and does not start without it", "T1 is not taken back, as other tasks build on it")
    lab.run("undo", "--yes", check=0).says("T1 is taken back by")
    equal(lab.task("T2")["state"], "running")
    equal(lab.until_state("T3", "unreachable")["why"], "needs T1, which is aborted")
    (lab.ledger / "go").touch()
    lab.until_state("T2", "merged")
    lab.until_over()
    equal(lab.read("two.txt"), "two\n")
    assert not (lab.repo / "one.txt").exists(), "one.txt is there"


@test
def a_mark_in_a_file_that_is_edited_or_not_in_git_is_taken_back_on_the_disk(lab):
    configure(lab)
    lab.tasks(ONE, script("echo two > two.txt", id="T2"))
    lab.up().ended_with(0)
    says(lab.read("tasks.md"), "- [x] T1", "- [x] T2")
    lab.run("undo", "T1", check=0)
    lab.until_over()
    says(lab.read("tasks.md"), "- [ ] T1", "- [x] T2")
    tasks(lab, lab.read("tasks.md"))
    lab.write("tasks.md", lab.read("tasks.md") + "\nA note of mine.\n")
    lab.run("undo", "T2", check=0)
    lab.until_over()
    says(lab.read("tasks.md"), "- [ ] T1", "- [ ] T2", "A note of mine.")


@long_test
def a_kill_at_any_step_takes_it_back_once(lab):
    configure(lab)
    tasks(lab, ONE)
    points = [f"{effect}.{point}" for effect in ("prepare_landing", "test_landing", "land")
              for point in ("before_intent", "after_intent", "after_effect")]
    points += ["git.candidate", "git.land", "git.landed", "tick_file.before_intent"]
    lab.up().ended_with(0)
    commits = int(lab.git("rev-list", "--count", "--first-parent", "main"))
    for point in points:
        lab.until_over()
        ran = lab.run("undo", "T1", env={"TMUX_ORCH_FAILPOINT": point}).ended_with(1)
        lab.until(lambda: not lab.supervisor(), f"{point} is reached")
        # Killed before it was stored, it has not been asked for.
        if point == "prepare_landing.before_intent":
            equal(lab.status()["state"], "finished", ran.text)
            lab.run("undo", "T1", check=0)
        else:
            lab.up().ended_with(3)
        lab.until_over()
        taken_back(lab)
        commits += 1
        equal(int(lab.git("rev-list", "--count", "--first-parent", "main")), commits, f"commits after {point}")
        assert not (lab.repo / "one.txt").exists(), "one.txt is there"
        says(lab.read("tasks.md"), "- [ ] T1")
        lab.run("retry", "T1", check=0)
        lab.until_state("T1", "merged")
        lab.until_over()
        commits += 1
    ended = lab.ended_effects()
    equal(len(ended), len(set(ended)), "effects")
    lab.run("verify", check=0)


@test
def what_has_not_landed_is_not_taken_back_and_no_agent_asks_for_it(lab):
    lab.config(NO_ROUNDS)
    lab.tasks(script("echo x > x.txt", "tmux-orch undo T1 > $LEDGER/said 2>&1 || true", WAIT))
    lab.begin()
    said = lab.until_file("said")
    lab.run("undo").ended_with(1).says("no task of this run has landed")
    lab.run("undo", "T1").ended_with(1).says("T1 has not landed, so there is nothing to take back: it is running")
    says(said, "undo")
    lab.run("abort", "T1", check=0)
