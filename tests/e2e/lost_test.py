"""The database or the whole state folder is removed or damaged at a bad moment: nothing is lost, and every verb leads out."""
import os
import shutil
import signal
import sqlite3

from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
AT_WORK = script("echo work > work.txt", "echo $$ > $LEDGER/T1", WAIT, "echo x > x.txt")


def begun(lab, *texts):
    lab.tasks(*(texts or (AT_WORK, script("echo y > y.txt", id="T2", fields=["Depends: T1"]))))
    lab.commit()
    lab.begin("--wait-user", "forever")
    lab.until_file("T1")
    lab.until_state("T1", "running")
    return lab.supervisor()


def go(lab):
    (lab.ledger / "go").write_text("go")


def cut(file):
    os.truncate(file, 5000)


def fill(file):
    size = file.stat().st_size
    with open(file, "r+b") as out:
        out.write(b"\0nonsense" * (size // 9))


def replace(file):
    file.unlink()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE mine(x)")
    other.close()


def remove(file):
    for name in file.parent.glob("orch.db*"):
        name.unlink()


def remove_log(file):
    (file.parent / "orch.db-wal").unlink()


@test
def a_run_goes_on_when_its_database_is_lost(lab):
    supervisor = begun(lab)
    file = lab.repo / ".tmux-orch/orch.db"
    for damage in (remove, cut, fill, replace, remove_log, lambda file: file.write_bytes(b"")):
        damage(file)
        # Waits until the supervisor has put it back.
        equal(lab.task("T1")["state"], "running", f"T1 after {damage}")
        equal(lab.supervisor(), supervisor, "its supervisor")
    lab.run("hold", "T2", check=0).says("T2 is held")
    lab.run("release", "T2", check=0)
    # What was damaged is kept.
    assert list(file.parent.glob("orch.db.corrupt-*")), list(file.parent.iterdir())
    lab.run("doctor", check=0)
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T1", "T2"], "landed")


@test
def every_verb_that_should_stops_a_run_whose_database_is_gone(lab):
    supervisor = begun(lab)
    agent = int(lab.until_file("T1"))
    remove(lab.repo / ".tmux-orch/orch.db")
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    equal(lab.is_alive(agent), False, "the agent lives")
    equal(lab.rescued("work.txt"), ["work\n"], "its work")
    remove(lab.repo / ".tmux-orch/orch.db")
    lab.run("down", check=0)
    lab.until(lambda: not lab.is_alive(supervisor), "the supervisor has ended")


@test
def a_supervisor_whose_socket_was_removed_is_reached_again(lab):
    lab.tasks(script("sleep 600"))
    lab.begin()
    lab.until_state("T1", "running")
    socket = lab.repo / ".tmux-orch/socket"
    socket.unlink()
    lab.until(socket.exists, "the socket is put back")
    lab.run("hold", "T1", check=0)
    lab.run("down", check=0)


@test
def up_joins_a_run_whose_database_or_folder_is_gone(lab):
    supervisor = begun(lab)
    remove(lab.repo / ".tmux-orch/orch.db")
    lab.begin("--wait-user", "forever")
    equal(lab.supervisor(), supervisor, "its supervisor")
    lab.git("clean", "-fdxq", check=False)
    lab.begin("--wait-user", "forever")
    equal(lab.supervisor(), supervisor, "its supervisor")
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T1", "T2"], "landed")


@test
def a_run_goes_on_when_its_folder_is_removed(lab):
    lab.config('[[merge.test]]\ncommand = ["true"]\n')
    lab.tasks(
        script("echo work > work.txt", "echo $$ > $LEDGER/T1", WAIT, "tmux-orch notify 'still here'", "echo x > x.txt"),
        script("echo y > y.txt", id="T2", fields=["Depends: T1"]),
    )
    lab.commit()
    watcher = lab.spawn_up()
    lab.until_file("T1")
    lab.until_state("T1", "running")
    supervisor = lab.supervisor()
    for _ in range(2):
        lab.git("clean", "-fdxq", check=False)
        equal(lab.task("T1")["state"], "running", "T1")
        equal(lab.supervisor(), supervisor, "its supervisor")
    shutil.rmtree(lab.repo / ".tmux-orch")
    go(lab)
    lab.finish(watcher).ended_with(0).says("2 of 2 tasks merged")
    equal(lab.landed(), ["T1", "T2"], "landed")
    says(str(lab.facts()), "still here")


@test
def down_ends_a_run_whose_folder_was_removed(lab):
    supervisor = begun(lab)
    agent = int(lab.until_file("T1"))
    lab.git("clean", "-fdxq", check=False)
    lab.run("down", check=0)
    equal(lab.is_alive(agent), False, "the agent lives")
    lab.until(lambda: not lab.is_alive(supervisor), "the supervisor's end")
    equal(lab.rescued("work.txt"), ["work\n"], "its work")
    go(lab)
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"], "landed")


@test
def agents_of_a_run_without_supervisor_and_records_are_ended_and_their_work_is_saved(lab):
    begun(lab)
    agent = int(lab.until_file("T1"))
    lab.kill_supervisor()
    lab.git("clean", "-fdxq", check=False)
    for verb in (["status"], ["abort", "T1"]):
        lab.run(*verb).ended_with(1).says("1 agent of a run in", "`tmux-orch down` ends them and saves their work")
    lab.run("down", check=0).says("1 agent was ended", "work is kept as refs/orch/rescue/")
    equal(lab.is_alive(agent), False, "the agent lives")
    equal(lab.rescued("work.txt"), ["work\n"], "its work")
    lab.run("down").ended_with(1).says("there is no run")
    go(lab)
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"], "landed")


@test
def up_makes_room_for_itself_where_a_run_lost_its_records(lab):
    begun(lab)
    agent = int(lab.until_file("T1"))
    lab.kill_supervisor()
    remove(lab.repo / ".tmux-orch/orch.db")
    go(lab)
    os.kill(agent, signal.SIGSTOP)
    ran = lab.up().ended_with(0)
    ran.says("the records of an earlier run were removed: 1 agent was ended", "refs/orch/rescue/")
    equal(lab.is_alive(agent), False, "the agent lives")
    equal(lab.rescued("work.txt"), ["work\n"], "its work")
    equal(lab.landed(), ["T1", "T2"], "landed")


@test
def what_nobody_answered_is_not_done_later(lab):
    lab.tasks(script("echo $$ > $LEDGER/T1", "until [ -e $LEDGER/go ]; do sleep 0.05; done", "echo x > x.txt"))
    lab.begin()
    lab.until_state("T1", "running")
    pid = lab.supervisor()
    os.kill(pid, signal.SIGSTOP)
    try:
        lab.run("hold", "T1").ended_with(1).says("does not answer", "is not done later")
    finally:
        os.kill(pid, signal.SIGCONT)
    lab.run("retry", "T9").ended_with(1).says("there is no task 'T9'")
    equal(lab.task("T1")["held"], False, "held")
    (lab.ledger / "go").touch()
    lab.until_landed("T1")
