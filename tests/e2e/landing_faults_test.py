"""What may be wrong with the tests, the locks, the branches and the work itself when a task lands: it lands whole or
not at all, and the others go on."""
import os
import shutil
import time

from lab import NO_ROUNDS, equal, long_test, says, script, test

WAIT = 'until [ -e "$LEDGER/go" ]; do sleep 0.05; done'


def gate(lab, body, more=""):
    """The tests of what lands, as a script that is called where T1.txt is in the tree."""
    file = lab.folder / "gate.sh"
    file.write_text(f"test -e T1.txt || exit 0\n{body}\n")
    lab.config(NO_ROUNDS + f'[[merge.test]]\ncommand = ["sh", "{file}"]\n{more}')
    lab.commit("tests")
    lab.tasks(script("echo 1 > T1.txt"), script("echo 2 > T2.txt", id="T2"))


def only_the_other_lands(lab, *why):
    lab.up("--wait-user", "0s", timeout=120)
    equal(lab.landed(), ["T2"], "landed")
    says(lab.task("T1")["why"], *why)
    equal(lab.show("orch/T1:T1.txt"), "1\n", "the work of T1")


# Tests.


@test
def tests_that_hang_are_ended_with_all_that_they_started(lab):
    gate(lab, 'sleep 600 & echo $! > "$LEDGER/left"; sleep 600', 'timeout = "1s"\n')
    only_the_other_lands(lab, "ran into its time-out")
    assert not lab.is_alive(int((lab.ledger / "left").read_text())), "what the tests started lives on"


@test
def tests_that_are_killed_have_failed(lab):
    gate(lab, "kill -9 $$")
    only_the_other_lands(lab, "signal 9")


@test
def tests_that_print_a_gigabyte_fill_neither_disk_nor_memory(lab):
    gate(lab, "yes 0123456789abcdef0123456789abcdef | head -c 1000000000; echo the end; exit 1")
    only_the_other_lands(lab, "exited with 1")
    logs = [file.stat().st_size for file in (lab.repo / ".tmux-orch").rglob("*") if file.is_file()]
    assert max(logs) < 100_000_000, f"a log of {max(logs)} bytes"


@test
def what_tests_leave_behind_holds_up_nobody_and_ends_with_them(lab):
    gate(lab, 'sleep 600 & echo $! >> "$LEDGER/left"')
    lab.up(timeout=120).ended_with(0)
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
    for pid in (lab.ledger / "left").read_text().split():
        lab.until(lambda: not lab.is_alive(int(pid)), "what the tests started has ended")


@test
def a_supervisor_that_is_killed_in_the_tests_lands_once(lab):
    gate(lab, 'echo $$ >> "$LEDGER/tests"; ' + WAIT)
    lab.begin()
    lab.until_file("tests")
    lab.kill_supervisor()
    (lab.ledger / "go").touch()
    lab.up(timeout=120).ended_with(0)
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")


# Locks of refs.


def with_lock(lab, lock, old=False):
    """One task at work, and a lock as another git would hold it, or one that was killed an hour ago."""
    lab.tasks(script('echo x > "$LEDGER/T1"', WAIT, "echo 1 > T1.txt"))
    lab.begin()
    lab.until_file("T1")
    file = lab.repo / ".git" / lock
    file.write_text("")
    if old:
        os.utime(file, (time.time() - 3600, time.time() - 3600))
    (lab.ledger / "go").touch()
    return file


@long_test
def a_held_lock_of_the_base_is_named_and_the_work_follows_by_the_command(lab):
    lock = with_lock(lab, "refs/heads/main.lock")
    state = lab.until_over()
    equal(lab.landed(f"tmux-orch/{state['run']}"), ["T1"], "landed")
    says(state["behind"]["why"], "main")
    assert lock.exists(), "a lock of somebody else was taken away"
    lock.unlink()
    lab.run(argv=["sh", "-c", state["behind"]["command"]], check=0)
    equal(lab.landed(), ["T1"], "landed")
    equal(lab.git("status", "--porcelain", "--untracked-files=no"), "", "the checkout")


@test
def a_held_lock_of_packed_refs_holds_up_no_landing(lab):
    lock = with_lock(lab, "packed-refs.lock")
    lab.until_landed("T1")
    assert lock.exists(), "a lock of somebody else was taken away"
    lock.unlink()
    lab.until_over()
    lab.up().ended_with(0)
    lab.run("gc", check=0)
    equal(lab.git("for-each-ref", "refs/heads/orch", "refs/orch/cand"), "", "what is left")


@test
def an_old_lock_of_packed_refs_stops_neither_this_run_nor_the_next(lab):
    with_lock(lab, "packed-refs.lock", old=True)
    lab.until_landed("T1")
    lab.until_over()
    lab.tasks(script("echo 2 > T2.txt", id="T2"))
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"], "landed")


# Branches and worktrees that a person moved.


@test
def a_tasks_branch_that_was_moved_by_force_loses_nothing(lab):
    lab.tasks(script("echo 1 > T1.txt", "git add -A", "git commit -qm one", 'echo x > "$LEDGER/T1"', WAIT,
                     "echo 2 > T2.txt"))
    lab.begin("--wait-user", "0s")
    lab.until_file("T1")
    lab.git("update-ref", "refs/heads/orch/T1", "main")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal((lab.show("main:T1.txt"), lab.show("main:T2.txt")), ("1\n", "2\n"), "the work")


@test
def a_branch_of_the_run_that_was_moved_by_force_is_taken_as_it_is(lab):
    second = script('echo x > "$LEDGER/T2"', WAIT, "echo 2 > T2.txt", id="T2", fields=["Depends: T1"])
    lab.tasks(script("echo 1 > T1.txt"), second)
    lab.begin()
    lab.until_file("T2")
    lab.until_landed("T1")
    run = f"refs/heads/tmux-orch/{lab.status()['run']}"
    lab.git("update-ref", run, f"{run}~1")
    (lab.ledger / "go").touch()
    lab.until_over()
    for name in ("T1.txt", "T2.txt"):
        equal(lab.show(f"main:{name}"), name[1] + "\n", name)


@test
def a_worktree_that_is_removed_by_hand_while_its_work_is_tested_lands_all_the_same(lab):
    gate(lab, 'echo x > "$LEDGER/tests"; ' + WAIT)
    lab.begin()
    lab.until_file("tests")
    shutil.rmtree(lab.repo / ".worktrees/T1")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")


# Work of all kinds: the first task lands, and the second meets it.


def met(lab, first, second, state):
    lab.config(NO_ROUNDS)
    for name, text in (("a.txt", "1\n2\n3\n4\n5\n"), ("run.sh", "echo\n")):
        lab.write(name, text)
    lab.commit("files")
    lab.tasks(script(*first), script(WAIT, *second, id="T2"))
    lab.begin("--wait-user", "0s")
    lab.until_landed("T1")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.task("T2")["state"], state, "the state of T2")


@test
def a_binary_conflict_does_not_land(lab):
    met(lab, ["printf 'a\\0b' > x.bin"], ["printf 'c\\0d' > x.bin"], "blocked")
    says(lab.task("T2")["why"], "x.bin")
    equal(lab.show("main:x.bin"), "a\0b", "what landed first")
    equal(lab.show("orch/T2:x.bin"), "c\0d", "the work of T2")


@test
def an_edit_follows_a_file_that_was_renamed(lab):
    met(lab, ["git mv a.txt b.txt"], ["echo 6 >> a.txt"], "merged")
    equal(lab.show("main:b.txt"), "1\n2\n3\n4\n5\n6\n", "b.txt")


@test
def a_file_that_is_edited_and_removed_is_a_conflict(lab):
    met(lab, ["git rm -q a.txt"], ["echo 6 >> a.txt"], "blocked")
    says(lab.task("T2")["why"], "a.txt")


@test
def a_mode_and_a_text_that_change_apart_both_land(lab):
    met(lab, ["chmod +x run.sh"], ["echo more >> run.sh"], "merged")
    equal(lab.git("ls-tree", "main", "run.sh").split()[0], "100755", "mode")
    says(lab.show("main:run.sh"), "more")


@test
def a_submodule_that_both_moved_is_a_conflict(lab):
    lab.add_submodule()

    def move(name):
        return ("git -c protocol.file.allow=always submodule -q update --init", f"echo {name} > sub/{name}",
                f"git -C sub add -A && git -C sub -c user.name=s -c user.email=s@s commit -qm {name}")

    met(lab, move("one"), move("two"), "blocked")
    says(lab.task("T2")["why"], "sub")


@test
def a_commit_without_a_change_is_no_work_that_is_lost(lab):
    met(lab, ["echo 1 > T1.txt"], ["git commit -q --allow-empty -m nothing"], "merged")


@test
def a_large_file_lands_byte_for_byte(lab):
    write = 'head -c 10000000 /dev/urandom > big.bin; cksum < big.bin > "$LEDGER/sum"'
    met(lab, ["echo 1 > T1.txt"], [write], "merged")
    sum = lab.run(argv=["sh", "-c", "git show main:big.bin | cksum"], check=0).out
    equal(sum, (lab.ledger / "sum").read_text(), "big.bin")


@test
def names_that_differ_only_in_case_both_land(lab):
    met(lab, ["echo one > Name.txt"], ["echo two > name.txt"], "merged")
    equal((lab.read("Name.txt"), lab.read("name.txt")), ("one\n", "two\n"))


@test
def a_conflict_counts_by_the_exit_status_of_merge_tree_whatever_it_prints(lab):
    # Of a conflict it prints a tree as well; so does a pipe, with another command's exit status.
    git = shutil.which("git")
    fake = lab.fake_program("git", f"""#!/bin/bash
for word; do [ "$word" = merge-tree ] && is_merge=1; done
[ -n "$is_merge" ] || exec {git} "$@"
{git} "$@" > "$LEDGER/printed"
code=$?
echo $code >> "$LEDGER/codes"
[ $code = 1 ] && {{ head -c 40 "$LEDGER/printed"; printf '\\0'; exit 1; }}
cat "$LEDGER/printed"
exit $code
""")
    lab.env.update(fake)
    met(lab, ["echo one > a.txt"], ["echo two > a.txt"], "blocked")
    says((lab.ledger / "codes").read_text(), "1\n")
    equal(lab.show("main:a.txt"), "one\n", "a.txt")
