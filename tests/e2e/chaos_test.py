"""Agents and machines that behave badly: nothing is lost, and the others go on."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import time

from lab import Failed, Skip, equal, script, test

FAKE = pathlib.Path(__file__).resolve().parents[1] / "fake"
BOMB = 'i=0; while [ $i -lt 200 ]; do sleep 300 & echo $! >> "$LEDGER/bomb"; i=$((i + 1)); done; echo x > "$LEDGER/lit"; wait'
HOG = "python3 -c \"import os, time; block = b'x' * 500_000_000; open(os.environ['LEDGER'] + '/full', 'w').write('x'); time.sleep(300)\""


def children(pid):
    """All processes below this one."""
    found = []
    for file in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = [int(one) for one in file.read_text().split()]
        except OSError:
            continue
        found += below + [deeper for one in below for deeper in children(one)]
    return found


def work(id):
    return script(f'echo x > "$LEDGER/{id}"', id=id)


@test
def two_hundred_processes_of_one_agent_end_with_it_and_the_others_go_on(lab):
    lab.tasks(script(BOMB), work("T2"), work("T3"))
    lab.begin("--wait-user", "forever")
    lab.until_file("lit")
    lab.until_state("T2", "merged")
    lab.until_state("T3", "merged")
    lab.until(lambda: (lab.task("T1")["processes"] or 0) > 200, "they are counted")
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    left = [pid for pid in (lab.ledger / "bomb").read_text().split() if lab.is_alive(int(pid))]
    equal(left, [], "processes that are left")
    lab.until_over()


@test
def an_agent_with_all_that_memory_is_shown_and_the_others_go_on(lab):
    lab.tasks(script(HOG), work("T2"), work("T3"))
    lab.begin("--wait-user", "forever")
    lab.until_file("full")
    lab.until(lambda: (lab.task("T1")["memory"] or 0) > 450_000_000, "what it has is shown")
    lab.until_state("T3", "merged")
    lab.run("abort", "T1", check=0)
    lab.until_over()
    equal([task["state"] for task in lab.status()["tasks"]], ["aborted", "merged", "merged"], "states")


@test
def a_machine_that_stands_still_for_a_while_loses_nothing(lab):
    go = 'until [ -e "$LEDGER/go" ]; do sleep 0.1; done'
    lab.tasks(script(go), script(go, id="T2"), work("T3"))
    lab.begin()
    lab.until_state("T3", "merged")
    server = int(lab.tmux("display-message", "-p", "#{pid}"))
    all = [lab.supervisor(), *children(lab.supervisor()), server, *children(server)]
    for pid in all:
        with contextlib.suppress(ProcessLookupError):  # a child that has ended meanwhile
            os.kill(pid, signal.SIGSTOP)
    (lab.ledger / "go").touch()
    time.sleep(3)  # the time in which it stands still is what is tried
    for pid in reversed(all):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    state = lab.until_over()
    equal([(task["state"], task["attempt"]) for task in state["tasks"]], [("merged", 1)] * 3, "states and attempts")
    equal(lab.facts("task.trouble"), [], "trouble")


@test
def a_wall_clock_that_jumps_by_days_changes_nothing(lab):
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise Skip("there is no C compiler")
    clock = lab.folder / "clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", clock, FAKE / "jumping_clock.c"], check=True, timeout=60)
    lab.env["LD_PRELOAD"] = str(clock)
    lab.tasks(script('sleep 2; echo x > "$LEDGER/T1"'), script("exit 1", id="T2"), work("T3"))
    lab.limits("attempts = 2")
    begin = time.monotonic()
    lab.up("--wait-user", "0s").ended_with(3)
    if time.monotonic() - begin > 60:
        raise Failed("a time was taken for a day longer")
    equal([task["state"] for task in lab.status()["tasks"]], ["merged", "failed", "merged"], "states")
    equal(lab.task("T2")["attempt"], 2, "attempts of what fails")
