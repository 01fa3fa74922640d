"""What may go wrong around kept worktrees: other runs, very many files, a file system that can share copies."""
import time

from lab import equal, says, script, test

PARKED = "while ! test -d ../.pool/orch-1; do sleep 0.05; done"  # the worktree of the task before
MANY = 100_000


@test
def two_runs_in_two_clones_at_once_do_not_meet(lab):
    lab.config('[worktree_setup]\nrun = [["sh", "-c", "mkdir deps; pwd > $LEDGER/$(pwd | tr / -)"]]\nfingerprint = ["README"]\n')
    lab.write(".gitignore", "deps/\n")
    lab.tasks(*(script(f"echo $PWD > {id}.txt", id=id, fields=[f"Depends: {before}"] if before else [])
                for before, id in ((None, "T1"), ("T1", "T2"), ("T2", "T3"), ("T3", "T4"), (None, "T5"), (None, "T6"))))
    lab.commit()
    clone = lab.folder / "clone"
    lab.git("clone", "-q", str(lab.repo), str(clone))
    for key in ("name", "email"):
        lab.git("config", f"user.{key}", lab.git("config", f"user.{key}").strip(), cwd=clone)
    mine = lab.spawn("up", "tasks.md", "-S", lab.socket, "--foreground")
    other = lab.spawn(argv=["sh", "-c", 'cd "$1" && exec "$2" up tasks.md -S "$3" --foreground', "sh", str(clone),
                            lab.binary, str(lab.folder / "tmux2")])
    lab.undo(lambda: lab.tmux("kill-server", socket=str(lab.folder / "tmux2"), check=False))
    for run in (mine, other):
        lab.finish(run).ended_with(0).says("6 of 6 tasks merged")
    for repo in (lab.repo, clone):
        for id in ("T1", "T2", "T3", "T4", "T5", "T6"):
            equal((repo / f"{id}.txt").read_text(), f"{repo}/.worktrees/{id}\n", f"where {id} was done")
        equal(lab.git("worktree", "list", "--porcelain", cwd=repo).count("worktree "), 1, "worktrees when it is over")
        lab.git("fsck", cwd=repo)


@test
def very_many_files_that_a_task_leaves_hold_up_nobody_for_long(lab):
    lab.write(".gitignore", "*.tmp\n")
    lab.write("src/a.c", "int a;\n")
    lab.tasks(
        script("echo a > a.txt", f"cd src && seq -f %06.0f.tmp {MANY} | xargs touch && echo kept > 7.tmp", id="T1"),
        script(PARKED, "echo b > b.txt", id="T2", fields=["Depends: T1"]),
        script('seen=$(git status --short --ignored; ls src)', 'echo "$seen" > seen.txt', id="T3", fields=["Depends: T2"]),
    )
    lab.commit()
    begun = time.monotonic()
    lab.up(timeout=240).ended_with(0).says(f"left {MANY + 1} ignored files")
    took = time.monotonic() - begun
    assert took < 120, f"it took {took:.0f} s"
    equal(lab.show("main:seen.txt"), "a.c\n", "what the third task saw")
    (kept,) = (lab.repo / ".worktrees/.trash").glob("T1-1/src")
    equal(len(list(kept.iterdir())), MANY + 1, "files in the trash")
    equal((kept / "7.tmp").read_text(), "kept\n")


@test
def copies_share_their_blocks_where_the_file_system_can(lab):
    env = lab.fake_program("cp", f'#!/bin/sh\necho "$@" >> {lab.ledger}/cp\nexec /bin/cp "$@"\n')
    lab.config('[worktree_setup]\ncopy = ["data"]\n')
    lab.write(".gitignore", "data/\n")
    lab.write("data/large", "x" * 100_000)
    lab.tasks(script("cp data/large copy.txt"))
    lab.commit()
    lab.up(env=env).ended_with(0)
    says((lab.ledger / "cp").read_text(), "--reflink=auto", "data", what="the call of cp")
    equal(lab.show("main:copy.txt"), "x" * 100_000, "the copy")
