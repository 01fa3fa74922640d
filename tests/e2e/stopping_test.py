"""How agents are ended: by the command of their program, by SIGTERM, by SIGKILL, and all that they have started with them."""
import os
import signal

import tui
from lab import Failed, equal, long_test, script, test

EXIT = 'exit_command = "/exit"'
# In a session of its own, an orphan, deaf to all that it may be, and at work in the worktree.
GHOST = """(setsid sh -c 'trap "" HUP TERM; echo $$ > $LEDGER/ghost; while :; do date > ghost.txt; sleep 0.1; done' > /dev/null 2>&1 &)"""


def ending(lab, id="T1", attempt=1):
    """How its shim says that its program ended, and the status."""
    file = next((lab.repo / ".tmux-orch/runs").glob(f"*/attempts/{id}.{attempt}/exit"))
    lines = file.read_text().splitlines()
    fields = {line.split(" ")[0]: value for line, value in zip(lines, lines[1:])}
    return fields["ending"], fields["code"]


def abort(lab, id="T1"):
    lab.run("abort", id, check=0)
    lab.until_state(id, "aborted")


def shim(lab, id="T1"):
    panes = lab.tmux("list-panes", "-s", "-F", "#{@orch_task} #{pane_pid}").split("\n")
    return next(int(line.split()[1]) for line in panes if line.startswith(id + " "))


@test
def an_agent_at_its_prompt_is_ended_by_the_command_of_its_program(lab):
    tui.configure(lab, lines=EXIT)
    lab.tasks(tui.task("busy 1"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: tui.facts(lab, "T1", "task.idle"), "it stands at its prompt")
    abort(lab)
    equal(tui.texts(lab)[-1], "/exit")
    equal(ending(lab), ("code", "0"))
    equal(tui.happened(lab, what="order"), [])


@test
def one_that_is_not_ended_by_its_command_is_ended_by_a_signal_and_told_once(lab):
    tui.configure(lab, lines=EXIT)
    lab.tasks(tui.task("deaf", "busy 1"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: tui.facts(lab, "T1", "task.idle"), "it stands at its prompt")
    abort(lab)
    equal([text for text in tui.texts(lab) if text == "/exit"], ["/exit"])
    equal(ending(lab)[0], "stopped")


@test
def one_that_ignores_signals_is_killed_with_what_it_has_started(lab):
    tui.configure(lab, lines=EXIT)
    lab.tasks(tui.task("deaf", "stubborn", f"run echo $PPID > $LEDGER/pid; {GHOST}", "busy 60"))
    lab.begin("--wait-user", "forever")
    pids = [int(lab.until_file(name)) for name in ("pid", "ghost")]
    abort(lab)
    equal([pid for pid in pids if lab.is_alive(pid)], [])
    equal(ending(lab)[0], "stopped")


@test
def nothing_is_typed_while_it_works_or_asks_or_a_person_is_at_it(lab):
    tui.configure(lab, 'hand_back = "1h"', lines=EXIT)
    lab.tasks(tui.task("busy 60"), tui.task("ask permission true", id="T2"), tui.task("busy 3", id="T3"), tui.task("busy 3", id="T4"))
    lab.begin("--wait-user", "forever")
    for id in ("T3", "T4"):
        tui.until_happened(lab, id, "submitted")
    tui.press(lab, "T3", "Up")
    tui.press(lab, "T4", "-l", "half a sentence")
    for id in ("T3", "T4"):
        lab.until(lambda: lab.task(id).get("control") == "user", f"{id} is the user's")
        tui.until_happened(lab, id, "idle")
    tui.until_happened(lab, "T1", "submitted")
    tui.until_turn(lab, "T2", "asking", "permission")
    lab.run("abort", "--all", check=0)
    lab.until_over()
    for id in ("T1", "T2", "T3", "T4"):
        equal(tui.texts(lab, id), [], id)
        equal(ending(lab, id)[0], "stopped")
    equal(tui.happened(lab, what="stray"), [])


@test
def what_an_agent_has_started_does_not_outlive_its_window(lab):
    lab.tasks(script(GHOST, "echo $$ > $LEDGER/pid; sleep 600", fields=["Agent: reports"]))
    lab.begin("--wait-user", "forever")
    ghost = int(lab.until_file("ghost"))
    lab.until_file("pid")
    lab.tmux("kill-window", "-t", ":T1")
    lab.until(lambda: not lab.is_alive(ghost), "the ghost is gone")
    abort(lab)


@test
def what_outlived_a_shim_that_was_killed_is_ended_before_the_next_attempt(lab):
    again = "if test -e $LEDGER/ghost; then ! grep -qs '^State:.[RSD]' /proc/$(cat $LEDGER/ghost)/status || touch $LEDGER/two; echo x > x.txt; git add x.txt; git commit -qm x; tmux-orch done; exit; fi"
    lab.tasks(script(again, GHOST, "echo $$ > $LEDGER/pid; sleep 600", fields=["Agent: reports"]))
    lab.begin("--wait-user", "forever")
    ghost = int(lab.until_file("ghost"))
    lab.until_file("pid")
    os.kill(shim(lab), signal.SIGKILL)
    lab.until_landed("T1")
    if lab.is_alive(ghost) or (lab.ledger / "two").exists():
        raise Failed("what attempt 1 had started was there in attempt 2")
    equal(len(lab.facts("task.retried")), 1, "attempts that failed")


@long_test
def a_run_that_keeps_its_agents_ends_none(lab):
    tui.configure(lab, lines=EXIT)
    lab.tasks(tui.task("run echo $PPID > $LEDGER/pid", "busy 1"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: tui.facts(lab, "T1", "task.idle"), "it stands at its prompt")
    lab.run("down", "--keep-agents", check=0)
    lab.until_over()
    assert lab.is_alive(int(lab.until_file("pid"))), "it was ended"
    assert "/exit" not in tui.texts(lab)
    lab.begin("--wait-user", "forever")
    # Its new supervisor sees its screen.
    idle = len(tui.happened(lab, "T1", "idle"))
    lab.run("send", "T1", "busy 1", check=0)
    tui.until_happened(lab, "T1", "idle", idle + 1)
    tui.until_turn(lab, "T1", "idle")
    abort(lab)
    equal(tui.texts(lab)[-1], "/exit")
