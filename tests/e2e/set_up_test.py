"""What a set-up made stays in a kept worktree for as long as the files that it depends on are the same."""
from lab import equal, says, script, test

NEXT = ["Depends: T1"]
THEN = ["Depends: T2"]
PARKED = "while ! test -d ../.pool/orch-1; do sleep 0.05; done"  # the worktree of the task before
INSTALL = ["sh", "-ec", "basename $PWD >> $LEDGER/ran; mkdir -p deps/x; cat lock > deps/x/lib; $EXTRA"]


def config(lab, extra="true", lines=('fingerprint = ["lock"]',)):
    install = [word.replace("$EXTRA", extra) for word in INSTALL]
    lab.config("\n".join(["[worktree_setup]", f"run = [{install!r}]", *lines]))
    lab.write(".gitignore", "deps/\n.env\n")
    lab.write("lock", "one\n")


def ran(lab):
    return lab.read("../ledger/ran").split() if (lab.ledger / "ran").exists() else []


def tasks(lab, first="echo a > a.txt", third="cat deps/x/lib > found.txt"):
    """The third task gets the worktree of the first one, as the second is at work meanwhile."""
    lab.tasks(
        script(first, id="T1"),
        script(PARKED, "echo b > b.txt", id="T2", fields=NEXT),
        script(third, "ls -A deps > seen.txt", "basename $PWD > name.txt", id="T3", fields=THEN),
    )
    lab.commit()


@test
def the_commands_do_not_run_again_while_the_lock_file_is_the_same(lab):
    config(lab)
    tasks(lab, first="echo a > a.txt; mkdir deps/.cache; echo c > deps/.cache/c")
    lab.up().ended_with(0)
    equal(ran(lab), ["T1", "T2"], "worktrees in which the set-up ran")
    equal(lab.show("main:found.txt"), "one\n", "what the third task found")
    equal(lab.show("main:seen.txt").split(), ["x"], "what there was in it")
    equal(lab.show("main:name.txt").strip(), "T3", "where")


@test
def they_run_again_when_it_is_another_one(lab):
    config(lab)
    tasks(lab, first="echo two > lock")
    lab.up().ended_with(0)
    equal(ran(lab), ["T1", "T2", "T3"], "worktrees in which the set-up ran")
    equal(lab.show("main:found.txt"), "two\n", "what the third task found")


@test
def they_run_again_when_a_task_changed_what_they_made(lab):
    config(lab)
    tasks(lab, first="echo a > a.txt; echo broken > deps/x/lib")
    lab.up().ended_with(0)
    equal(ran(lab), ["T1", "T2", "T3"], "worktrees in which the set-up ran")
    equal(lab.show("main:found.txt"), "one\n", "what the third task found")


@test
def they_run_for_each_task_where_no_file_is_named(lab):
    config(lab, lines=())
    tasks(lab)
    lab.up().ended_with(0)
    equal(ran(lab), ["T1", "T2", "T3"], "worktrees in which the set-up ran")


@test
def copies_are_as_their_source_is_now(lab):
    config(lab, lines=('fingerprint = ["lock"]', 'copy = [".env"]'))
    lab.write(".env", "old\n")
    tasks(lab, first=f"echo a > a.txt; echo new > {lab.repo}/.env", third="cat deps/x/lib .env > found.txt")
    lab.up().ended_with(0)
    equal(ran(lab), ["T1", "T2"], "worktrees in which the set-up ran")
    equal(lab.show("main:found.txt"), "one\nnew\n", "what the third task found")


@test
def a_set_up_that_cannot_be_kept_says_so_once(lab):
    config(lab, extra="echo more >> lock")
    tasks(lab)
    done = lab.up().ended_with(0)
    equal(ran(lab), ["T1", "T2", "T3"], "worktrees in which the set-up ran")
    done.says("it changes lock", "runs for each task")
    equal(done.text.count("it changes lock"), 1, "how often it is said")


@test
def a_worktree_whose_path_the_set_up_wrote_down_is_not_kept(lab):
    config(lab, extra="echo home = $PWD > deps/pyvenv.cfg")
    lab.tasks(
        script("echo a > a.txt", id="T1"),
        script("git worktree list > list.txt", id="T2", fields=NEXT),
        script("git worktree list >> list.txt", "cat deps/pyvenv.cfg > found.txt", id="T3", fields=THEN),
    )
    lab.commit()
    done = lab.up().ended_with(0)
    assert ".pool" not in lab.show("main:list.txt"), lab.show("main:list.txt")
    says(lab.show("main:found.txt"), ".worktrees/T3")
    done.says("deps/pyvenv.cfg", "no worktree is kept", "worktree_setup.fingerprint")
    equal(done.text.count("no worktree is kept"), 1, "how often it is said")


@test
def a_file_that_is_not_there_is_named(lab):
    config(lab, lines=('fingerprint = ["lock", "apps/*/lock"]',))
    tasks(lab)
    lab.up().ended_with(0).says("there is no apps/*/lock for worktree_setup.fingerprint")
