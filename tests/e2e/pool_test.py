"""Worktrees that are kept for the next task: as if each task had a new one, whatever the one before left."""
import os

from lab import equal, says, script, test

NEXT = ["Depends: T1"]
READY = 'test -d ../.pool/orch-1 && test -z "$(git --no-optional-locks -C ../.pool/orch-1 status --porcelain)"'
ONE = ("--workers", "1")
PARKED = "while ! test -d ../.pool/orch-1; do sleep 0.05; done"  # the worktree of the task before


def worktrees(lab):
    """Those besides the user's own, by folder."""
    text = lab.git("worktree", "list", "--porcelain")
    paths = [line.split(" ", 1)[1] for line in text.splitlines() if line.startswith("worktree ")]
    return sorted(os.path.relpath(path, lab.repo) for path in paths if path != str(lab.repo))


def config(lab, *lines):
    lab.config("\n".join(["[worktrees]", *lines]))


@test
def the_next_task_gets_a_worktree_without_anything_of_the_one_before(lab):
    lab.write(".gitignore", ".env\nbuild/\n")
    lab.tasks(
        script("echo one > one.txt", "echo secret > .env", "mkdir -p build empty", "echo o > build/o", "chmod 600 README.md", id="T1"),
        script(PARKED, "echo two > two.txt", id="T2", fields=NEXT),
        script("ls -A > seen.txt", "stat -c %a README.md >> seen.txt", "basename $PWD >> seen.txt", "git status --short --ignored >> seen.txt", id="T3", fields=["Depends: T2"]),
    )
    lab.write("README.md", "hello\n")
    lab.commit()
    lab.up().ended_with(0)
    seen = lab.show("main:seen.txt").split()
    for name in (".env", "build", "empty"):
        assert name not in seen, seen
    assert "one.txt" in seen and "644" in seen and "T3" in seen, seen
    equal(worktrees(lab), [], "worktrees when the run is over")
    kept = [path.read_text() for path in (lab.repo / ".worktrees/.trash").rglob(".env")]
    equal(kept, ["secret\n"], "the secret, in the trash")


@test
def a_worktree_is_ready_before_the_next_task_can_begin(lab):
    lab.tasks(
        script(f"until {READY}; do sleep 0.05; done", "git -C ../.pool/orch-1 status --short --branch > seen.txt", id="T1"),
        script("echo two > two.txt", id="T2"),
    )
    lab.commit()
    lab.up(*ONE).ended_with(0)
    equal(lab.show("main:seen.txt").strip(), "## HEAD (no branch)", "the worktree that waits, while the first agent works")
    equal(worktrees(lab), [], "worktrees when the run is over")


@test
def worktrees_that_are_ready_outlive_the_supervisor_and_follow_the_branch(lab):
    lab.tasks(script(PARKED, 'until [ -e "$LEDGER/go" ]; do sleep 0.05; done', id="T1"), script("cp new.txt copy.txt", id="T2"))
    lab.commit()
    lab.begin(*ONE)
    slot = lab.repo / ".worktrees/.pool/orch-1"
    lab.until(slot.is_dir, "one is ready")
    lab.kill_supervisor()
    lab.begin(*ONE)
    lab.write("new.txt", "new\n")
    lab.commit("the user goes on")
    lab.until(lambda: (slot / "new.txt").exists(), "it is at the commit that the user made")
    (lab.ledger / "go").touch()
    state = lab.until_over()
    equal([task["state"] for task in state["tasks"]], ["merged"] * 2, "states")
    equal(lab.show("main:copy.txt"), "new\n", "what the second task found")
    equal(worktrees(lab), [], "worktrees when the run is over")


@test
def a_task_is_given_what_another_left_only_where_the_user_says_so(lab):
    config(lab, 'keep = ["build"]')
    lab.write(".gitignore", "build/\nother/\n")
    lab.tasks(
        script("mkdir build other", "echo warm > build/cache", "echo o > other/o", "echo x > x", id="T1"),
        script(PARKED, "echo y > y", id="T2", fields=NEXT),
        script("cat build/cache > found.txt", "test ! -e other", id="T3", fields=["Depends: T2"]),
    )
    lab.commit()
    lab.up().ended_with(0)
    equal(lab.show("main:found.txt").strip(), "warm", "what the third task found")


@test
def worktrees_are_kept_for_the_next_run_where_the_user_says_so(lab):
    config(lab, "pool = 2")
    lab.tasks(script("echo a > a.txt", id="T1"), script("echo b > b.txt", id="T2"))
    lab.commit()
    lab.up().ended_with(0)
    kept = worktrees(lab)
    assert kept and all(path.startswith(".worktrees/.pool/orch-") for path in kept), kept
    equal(lab.git("status", "--porcelain").strip(), "", "the user's own status")
    lab.write("more.md", script("echo c > c.txt", "basename $PWD > name.txt", id="T3"))
    lab.commit("more tasks")
    lab.up(file="more.md").ended_with(0)
    equal(lab.show("main:name.txt").strip(), "T3", "the name of the folder")
    equal(len(worktrees(lab)), 2, "worktrees that are kept")


@test
def none_is_kept_where_the_user_says_so(lab):
    config(lab, "pool = 0")
    lab.tasks(
        script("echo a > a.txt", id="T1"),
        script("git worktree list > list.txt", id="T2", fields=NEXT),
    )
    lab.commit()
    lab.up().ended_with(0)
    assert ".pool" not in lab.show("main:list.txt"), lab.show("main:list.txt")


@test
def kept_worktrees_outlive_the_supervisor_and_are_taken_by_the_next(lab):
    wait = "while ! test -e $LEDGER/go; do sleep 0.05; done"
    lab.tasks(
        script("echo a > a.txt", id="T1"),
        script(f"echo $$ > $LEDGER/T2; {wait}", "echo b > b.txt", id="T2", fields=NEXT),
        script("echo c > c.txt", id="T3", fields=["Depends: T2"]),
    )
    lab.commit()
    lab.begin()
    lab.until_landed("T1")
    lab.until_file("T2")
    lab.kill_supervisor()
    (lab.ledger / "go").touch()
    lab.up().ended_with(0)
    equal(worktrees(lab), [], "worktrees when the run is over")
    lab.git("fsck")


@test
def a_kept_worktree_that_the_user_wrote_to_is_left_to_them(lab):
    config(lab, "pool = 1")
    lab.tasks(script("echo a > a.txt", id="T1"))
    lab.commit()
    lab.up().ended_with(0)
    (slot,) = worktrees(lab)
    lab.write(f"{slot}/mine.txt", "of the user\n")
    lab.write("more.md", script("test ! -e mine.txt && echo c > c.txt", id="T2"))
    lab.commit("more tasks")
    lab.up(file="more.md").ended_with(0)
    equal(lab.read(f"{slot}/mine.txt"), "of the user\n", "what the user wrote")
    says(lab.git("worktree", "list", "--porcelain"), "changed by hand")


@test
def what_is_kept_is_shown_and_removed_when_the_user_says_so(lab):
    config(lab, "pool = 2")
    lab.tasks(script("echo a > a.txt", id="T1"))
    lab.commit()
    lab.up().ended_with(0)
    lab.run("worktrees", check=0).says("kept", ".worktrees/.pool/orch-1")
    lab.run("worktrees", "prune", "--dry-run", check=0).says("would go", ".worktrees/.pool/orch-1")
    equal(len(worktrees(lab)), 1, "nothing was removed")
    lab.run("worktrees", "prune", check=0).says("1 removed")
    equal(worktrees(lab), [], "worktrees that are left")
    lab.run("worktrees", "prone", check=2).says("'prone' is no action")
