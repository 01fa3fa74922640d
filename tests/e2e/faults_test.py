"""What goes wrong around a run: each is said with what happened, where, and what to do; nothing is lost."""
import contextlib
import os
import shutil
import sqlite3
import subprocess
import time

from lab import Skip, equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
TASK = script("echo x > x.txt")


def nothing_started(lab):
    assert not (lab.repo / ".worktrees").exists(), "something was started"
    equal(lab.git("for-each-ref", "refs/heads/orch", "refs/orch", check=False), "", "refs")


# The repository.


@test
def without_a_repository_nothing_is_started(lab):
    empty = lab.folder / "empty"
    empty.mkdir()
    (empty / "tasks.md").write_text(TASK)
    lab.up(cwd=empty).ended_with(1).says(f"{empty} is not in a git repository", "git init")
    equal([file.name for file in empty.iterdir()], ["tasks.md"], "files")
    lab.run("status", cwd=empty).ended_with(1).says("is not in a git repository")
    lab.run("plan", "tasks.md", cwd=empty).ended_with(0).says("T1")


@test
def without_a_commit_nothing_is_started(lab):
    fresh = lab.folder / "fresh"
    fresh.mkdir()
    lab.git("init", "-q", "-b", "main", cwd=fresh)
    (fresh / "tasks.md").write_text(TASK)
    lab.up("--agent", "sh", cwd=fresh).ended_with(1).says("no commit", "git commit")


@test
def a_base_that_does_not_exist_is_named(lab):
    lab.tasks(TASK)
    lab.up("--base", "trunk").ended_with(1).says("there is no branch 'trunk' in", "`git branch` lists them")
    nothing_started(lab)


@test
def a_dirty_checkout_is_warned_of_and_survives(lab):
    lab.write("mine.txt", "committed\n")
    lab.commit()
    lab.write("mine.txt", "my change\n")
    lab.write("new.txt", "my new file\n")
    lab.tasks(script("cat mine.txt > seen.txt"))
    lab.up().ended_with(0).says("uncommitted", "mine.txt", "agents start from the last commit")
    equal((lab.read("mine.txt"), lab.read("new.txt"), lab.read("seen.txt")), ("my change\n", "my new file\n", "committed\n"))
    equal(lab.git("status", "--porcelain", "mine.txt", "new.txt"), " M mine.txt\n?? new.txt\n", "changes")


@test
def with_a_detached_head_a_base_has_to_be_named(lab):
    lab.tasks(TASK)
    lab.git("switch", "-q", "--detach")
    lab.up().ended_with(1).says("HEAD of", "is detached", "tmux-orch up --base BRANCH")
    nothing_started(lab)
    lab.up("--base", "main").ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


@test
def a_branch_of_somebody_else_with_our_name_is_left_alone(lab):
    lab.git("branch", "orch/T1")
    tip = lab.git("rev-parse", "orch/T1")
    lab.write("later", "x")
    lab.commit("later")
    lab.tasks(TASK, script("echo y > y.txt", id="T2"))
    lab.up().ended_with(4).says("T1 branch 'orch/T1' exists already", "git branch -m orch/T1", "then `tmux-orch retry T1`")
    equal(lab.git("rev-parse", "orch/T1"), tip, "the branch")
    equal(lab.landed(), ["T2"], "landed")


@test
def a_branch_called_like_our_folder_of_branches_does_not_hinder(lab):
    lab.git("branch", "orch")
    lab.tasks(TASK)
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")
    lab.git("rev-parse", "--verify", "refs/heads/orch")


@test
def a_folder_of_the_user_in_the_place_of_a_worktree_is_left_alone(lab):
    mine = lab.repo / ".worktrees/T1"
    mine.mkdir(parents=True)
    (mine / "precious").write_text("mine")
    lab.tasks(TASK, script("echo y > y.txt", id="T2"))
    ended = lab.up().ended_with(4)
    ended.says("T1", str(mine))
    equal((mine / "precious").read_text(), "mine")
    equal(lab.landed(), ["T2"], "landed")
    # The user makes room and lets it go on.
    mine.rename(lab.folder / "moved")
    lab.run("retry", "T1", check=0)
    lab.until_over()
    equal(lab.landed(), ["T2", "T1"], "landed")


@test
def a_worktree_of_the_user_in_that_place_is_left_alone(lab):
    lab.git("worktree", "add", "-q", "-b", "mine", ".worktrees/T1")
    (lab.repo / ".worktrees/T1/precious").write_text("mine")
    lab.tasks(TASK)
    lab.up().ended_with(4).says("T1", ".worktrees/T1")
    equal((lab.repo / ".worktrees/T1/precious").read_text(), "mine")
    equal(lab.git("branch", "--show-current", cwd=lab.repo / ".worktrees/T1").strip(), "mine", "branch")


@test
def without_a_git_identity_commits_are_ours_and_it_is_said(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    lab.tasks(TASK)
    lab.up().ended_with(0).says("git has no identity here: commits are made as", "`git config user.name`")
    equal(lab.landed(), ["T1"], "landed")


@test
def a_lock_that_git_left_is_waited_for_and_named(lab):
    lab.tasks(TASK)
    (lab.repo / ".git/index.lock").write_text("")
    lab.up()
    state = lab.status()
    # The work landed on the run's branch in any case; the base follows or it is said why not.
    equal(lab.landed("tmux-orch/" + state["run"]), ["T1"], "landed")
    assert (lab.repo / ".git/index.lock").exists(), "a lock of somebody else was taken away"
    says(state["behind"]["why"], "another git holds", ".git/index.lock")
    (lab.repo / ".git/index.lock").unlink()
    lab.run(argv=["sh", "-c", state["behind"]["command"]], check=0)
    equal(lab.landed(), ["T1"], "landed")


# tmux.


@test
def without_tmux_nothing_is_started(lab):
    lab.tasks(TASK)
    lab.up(env=lab.path_without("tmux")).ended_with(1).says("tmux is not installed", "apt install tmux")
    nothing_started(lab)
    lab.run("doctor", env={"PATH": str(lab.folder / "without-tmux")}).ended_with(1).says("BAD tmux: tmux is not installed")


@test
def a_tmux_that_is_too_old_is_refused(lab):
    lab.tasks(TASK)
    fake = lab.fake_program("tmux", "#!/bin/sh\necho tmux 3.1c\n")
    lab.up(env=fake).ended_with(1).says("tmux 3.1c is too old (need 3.2 or newer)")
    nothing_started(lab)


@test
def a_socket_folder_that_others_may_write_to_is_named(lab):
    # tmux's own folder below TMUX_TMPDIR; -L takes it.
    folder = lab.folder / f"tmux-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    lab.tasks(TASK)
    ended = lab.run("up", "tasks.md", "-L", "e2e").ended_with(4)
    ended.says(f"tmux refuses the socket folder {folder}", f"chmod 700 {folder}")
    folder.chmod(0o700)
    lab.run("retry", "T1", check=0)
    lab.until_over()
    equal(lab.landed(), ["T1"], "landed")


@test
def a_socket_in_a_folder_that_does_not_exist_is_said(lab):
    lab.tasks(TASK)
    ended = lab.run("up", "tasks.md", "-S", str(lab.folder / "none/socket")).ended_with(4)
    ended.says(f"there is no folder {lab.folder}/none for tmux's socket", f"mkdir -p {lab.folder}/none")
    # What only the infrastructure was in the way of is tried again by itself.
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


# Other supervisors.


@test
def a_supervisor_on_another_task_file_is_not_disturbed(lab):
    lab.tasks(script("echo mine > precious.txt", "echo $$ > $LEDGER/T1", WAIT))
    lab.write("other.md", TASK)
    lab.begin()
    lab.until_file("T1")
    pid = lab.supervisor()
    ended = lab.up("-d", file="other.md").ended_with(1)
    ended.says(f"another supervisor (pid {pid}) is at work here on", "tasks.md", "`tmux-orch down` stops it")
    lab.run("down", check=0)
    # Its work is saved and waits; another file may begin, but never in the same worktree.
    lab.up(file="other.md").ended_with(4).says(".worktrees/T1 has work of another run in it", "git worktree unlock")
    assert (lab.repo / ".worktrees/T1/precious.txt").exists(), "the work of the first"
    # The first is gone on with by its file.
    (lab.ledger / "go").write_text("go")
    lab.up().ended_with(0).says("1 of 1 tasks merged")
    equal(lab.run("status", check=0).out.count("T1"), 1, "tasks of the run shown")
    equal(lab.landed(), ["T1"], "landed")


@test
def a_second_up_on_the_same_file_joins(lab):
    lab.tasks(script("echo $$ >> $LEDGER/T1", WAIT, "echo x > x.txt"))
    first = lab.spawn_up("--foreground")
    lab.until_file("T1")
    second = lab.spawn_up("--foreground")
    lab.until_state("T1", "running")
    lab.up("-d", "--workers", "1").ended_with(0).says("keeps the settings", "`tmux-orch down --keep-agents`, then `tmux-orch up` again")
    assert "keeps the settings" not in lab.up("-d").text, "a false warning"
    (lab.ledger / "go").write_text("go")
    for up in (first, second):
        lab.finish(up).ended_with(0).says("T1 merged", "1 of 1 tasks merged")
    equal(len((lab.ledger / "T1").read_text().split()), 1, "starts")
    equal(len(lab.facts("run.started")), 1, "runs")


@test
def a_supervisor_that_cannot_start_is_said_at_once_with_its_log(lab):
    lab.tasks(TASK)
    (lab.repo / ".tmux-orch/socket/in the way").mkdir(parents=True)
    began = time.monotonic()
    lab.up().ended_with(1).says("the supervisor ended at once", f"its log is {lab.repo}/.tmux-orch/supervisor.log")
    assert time.monotonic() - began < 6, "it took long"
    says(lab.read(".tmux-orch/supervisor.log"), ".tmux-orch/socket")
    shutil.rmtree(lab.repo / ".tmux-orch/socket")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


# The disk and the database.


@test
def a_full_disk_is_said_and_the_run_goes_on_when_there_is_space_again(lab):
    if os.geteuid() != 0:
        raise Skip("mounting a small disk needs root")
    small = lab.folder / "small"
    small.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small)], capture_output=True, text=True)
    if mount.returncode != 0:
        raise Skip(f"cannot mount a small disk: {mount.stderr.strip()}")
    lab.undo(lambda: subprocess.run(["umount", "-l", str(small)], check=True))
    shutil.move(lab.repo, small / "repo")
    lab.repo = small / "repo"
    lab.tasks(script("echo precious > precious.txt", "echo $$ >> $LEDGER/T1", WAIT, "echo x > x.txt", "dd if=/dev/urandom of=big bs=1k count=200 2>/dev/null"))
    up = lab.spawn_up("--foreground")
    lab.until_file("T1")
    lab.until_state("T1", "running")
    filler = small / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], capture_output=True)
    (lab.ledger / "go").write_text("go")
    ended = lab.finish(up)
    assert ended.code in (1, 3, 4, 6), ended.text
    says(ended.text + (lab.repo / ".tmux-orch/supervisor.log").read_text(errors="replace"), "full")
    equal(lab.landed(), [], "landed")
    filler.unlink()
    again = lab.up()
    if again.code == 4:
        lab.run("retry", "T1", check=0)
        lab.until_over()
    equal(lab.landed(), ["T1"], "landed")
    equal(lab.read("precious.txt"), "precious\n")


@test
def a_run_folder_that_nobody_may_write_to_stops_the_run_and_loses_nothing(lab):
    lab.tasks(script("echo precious > precious.txt", "echo $$ >> $LEDGER/T1", WAIT), script("echo y > y.txt", id="T2", fields=["Depends: T1"]))
    # root may write everywhere but for this
    may_less = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    up = lab.spawn(argv=[*may_less, lab.binary, "up", "tasks.md", "-S", lab.socket])
    lab.until_file("T1")
    lab.until_state("T1", "running")
    run = next((lab.repo / ".tmux-orch/runs").iterdir())
    run.chmod(0o500)
    ended = lab.finish(up)
    ended.ended_with(6).says("cannot write to", run.name, "nothing is lost")
    (lab.ledger / "go").write_text("go")
    run.chmod(0o700)
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"], "landed")
    equal(len((lab.ledger / "T1").read_text().split()), 1, "starts of the agent that lived on")


@test
def a_locked_database_is_said_and_free_again_it_goes_on(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo x > x.txt", "test -e $LEDGER/go"))
    lab.up().ended_with(3)
    database = sqlite3.connect(lab.repo / ".tmux-orch/orch.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    (lab.ledger / "go").write_text("go")
    lab.up().ended_with(1).says("orch.db", "locked")
    lab.run("status", check=0).says("T1")
    database.execute("ROLLBACK")
    database.close()
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


@test
def a_database_of_a_newer_version_is_left_alone(lab):
    lab.tasks(TASK)
    lab.up().ended_with(0)
    file = lab.repo / ".tmux-orch/orch.db"
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA user_version = 999")
    database.close()
    for verb in (["up", "tasks.md", "-S", lab.socket], ["status"]):
        lab.run(*verb).ended_with(1).says("orch.db", "newer")
    database = sqlite3.connect(file)
    equal(database.execute("PRAGMA user_version").fetchone(), (999,), "its version")
    database.close()


@test
def a_corrupt_database_is_set_aside_and_never_reset_in_silence(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo x > x.txt", "test -e $LEDGER/go"))
    lab.up().ended_with(3)
    lab.until_over()  # it writes to it as it ends
    file = lab.repo / ".tmux-orch/orch.db"
    # Whoever closes it last may be a reader, which leaves what is newest beside it.
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    with open(file, "r+b") as out:
        out.seek(100)
        out.write(os.urandom(8000))
    before = file.read_bytes()
    ended = lab.up().ended_with(1)
    ended.says("the database is damaged", "set aside as", "orch.db.corrupt-1")
    equal((lab.repo / ".tmux-orch/orch.db.corrupt-1").read_bytes(), before, "what was set aside")
    equal((lab.repo / ".worktrees/T1/x.txt").read_text(), "x\n", "the worktree")
    # The next one begins anew; what is in the way is the user's to look at, and is not lost.
    (lab.ledger / "go").write_text("go")
    again = lab.up()
    assert again.code in (0, 4), again.text
    assert "x\n" in lab.rescued("x.txt") + [file.read_text() for file in lab.repo.glob("**/x.txt")], "lost"


# Tests and configuration.


@test
def a_base_that_fails_its_own_tests_ends_with_5(lab):
    lab.config('[[merge.test]]\ncommand = ["sh", "-c", "echo broken here; exit 7"]\n')
    lab.commit("broken")
    lab.tasks(TASK)
    ended = lab.up().ended_with(5)
    ended.says("main fails its own tests: `sh -c echo broken here; exit 7` exited with 7 (log: ")
    log = ended.text.split("(log: ")[1].split(")")[0]
    says(open(log).read(), "broken here")
    nothing_started(lab)
    # Repaired, the same run goes on.
    lab.config('[[merge.test]]\ncommand = ["true"]\n')
    lab.commit("repaired")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


@test
def a_test_command_that_does_not_exist_is_named(lab):
    lab.config('[[merge.test]]\ncommand = ["no-such-program", "test"]\n')
    lab.commit("no such test")
    lab.tasks(TASK)
    lab.up().ended_with(5).says("`no-such-program test` cannot be started", "command not found")
    nothing_started(lab)


@test
def mistakes_in_the_configuration_have_a_place_and_a_suggestion(lab):
    lab.config("", base='worker = 3\nworkers = "many"\n[merge]\nstrategy = "octopus"\n[worktree_setup]\nrun = ["a && b"]\n')
    lab.tasks(TASK)
    ended = lab.up().ended_with(1)
    ended.says(
        "tmux-orch.toml:1:1: unknown key 'worker'", "did you mean 'workers'?",
        "tmux-orch.toml:2:11: 'workers' must be a number", "it can be merge, rebase or squash", "needs a shell, and none is used",
    )
    nothing_started(lab)
    lab.config("", base="agent = \n")
    lab.up().ended_with(1).says("tmux-orch.toml:1:")
    lab.config("", base="")
    lab.up(env={"TMUX_ORCH_WORKERS": "none"}).ended_with(1).says("TMUX_ORCH_WORKERS")
    lab.up("--workers", "0").ended_with(2).says("--workers")
    lab.up("--nonsense").ended_with(2)


@test
def mistakes_in_the_task_file_have_a_place_and_a_hint(lab):
    lab.write("unknown.md", script("true") + script("true", id="T2", fields=["Depends: T11"]))
    lab.run("plan", "unknown.md", check=0).says("unknown.md:5: warning: ", "T11", "did you mean 'T1'")
    again = script("true", title="another") + script("true", id="T2", fields=["Depends: T1"])
    lab.write("twice.md", script("true") + again)
    lab.up(file="twice.md").ended_with(1).says("twice.md:5: error: two tasks are called 'T1'")
    lab.write("circle.md", script("true", fields=["Depends: T2"]) + script("true", id="T2", fields=["Depends: T1"]))
    lab.up(file="circle.md").ended_with(1).says("circle.md:", "T1", "T2")
    lab.write("empty.md", "")
    lab.up(file="empty.md").ended_with(1).says("empty.md")
    lab.write("prose.md", "# Nothing to do\n\nJust words.\n")
    lab.up(file="prose.md").ended_with(1).says("prose.md", "- [ ]")
    lab.up(file="missing.md").ended_with(1).says("there is no task file missing.md", "tmux-orch up FILE")
    nothing_started(lab)


@test
def a_file_in_which_all_is_done_is_over_at_once(lab):
    lab.tasks(TASK.replace("[ ]", "[x]"))
    lab.up().ended_with(0)
    nothing_started(lab)


# Agents.


@test
def an_agent_that_is_not_installed_is_said_before_anything_starts(lab):
    path = lab.path_without("claude")
    lab.tasks(TASK, script("true", id="T2", fields=["Agent: claude"]))
    lab.up(env=path).ended_with(1).says("tasks.md:", "T2: agent 'claude' needs 'claude', which is not installed", "installed: ")
    lab.tasks(script("true", fields=["Agent: cluade"]))
    lab.up().ended_with(1).says("there is no agent 'cluade'", "did you mean 'claude'?")
    nothing_started(lab)


@test
def a_task_without_an_sh_block_is_a_mistake_for_the_shell_agent(lab):
    lab.tasks("- [ ] T1: only words\n  Do something.\n", script("echo y > y.txt", id="T2"))
    ended = lab.up()
    assert ended.code in (1, 4), ended.text
    ended.says("T1", "sh")
    ended.says("block")


@test
def down_does_not_wait_for_the_setup_of_a_worktree(lab):
    lab.config(
        '[worktree_setup]\nrun = [["sh", "-c", "echo x >> $LEDGER/begun; test -e $LEDGER/go || exec sleep 600"], ["true"]]\n'
    )
    lab.tasks(TASK)
    lab.begin()
    lab.until_file("begun")
    lab.run("down", check=0)
    equal((lab.ledger / "begun").read_text(), "x\n", "begun")
    assert not [line for line in lab.processes().values() if "sleep 600" in line], "the set-up goes on"
    (lab.ledger / "go").write_text("")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")
    equal(lab.read("x.txt"), "x\n")


@test
def a_failing_worktree_setup_needs_the_user_and_names_the_command(lab):
    lab.config('[worktree_setup]\nrun = [["sh", "-c", "test -e $LEDGER/go || { echo no network; exit 3; }"]]\n')
    lab.tasks(TASK)
    ended = lab.up().ended_with(4)
    ended.says("the worktree's set-up failed", "no network", "[worktree_setup]")
    (lab.ledger / "go").write_text("go")
    lab.run("retry", "T1", check=0)
    lab.until_over()
    equal(lab.landed(), ["T1"], "landed")
