"""What an agent's own program tells by its hooks, and what its hooks tell the agent."""
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import select
import socket
import subprocess
import time
import tty

import tui
from lab import Failed, equal, says, script, test

REMINDER = "Your turn is over"
# A hook is given 250 ms; a loaded machine needs some to start it at all.
SOON = 5


def reminded(lab, id="T1"):
    return [one["text"].split(",")[0] for one in tui.happened(lab, id, "reminded")]


def unharmed(lab):
    """No hook of ours ended in another way, or printed anything, than it may."""
    equal(tui.happened(lab, what="hook failed"), [], "hooks")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def a_question_that_only_its_program_tells_of_is_shown_at_once(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task("ask silently make install", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    task = tui.until_turn(lab, "T1", "asking", "permission")
    equal(task["agent_turn"]["source"], "hook", "who says so")
    says(task["why"], "its hook PermissionRequest: Bash: make install")
    if not task["session"].startswith("session-"):
        raise Failed(f"its session: {task['session']}")
    tui.in_time(lab, "T1", "shown", "task.asking", 0)
    tui.press(lab, "T1", "2")
    lab.until_state("T1", "merged")
    equal(len(tui.facts(lab, "T1", "task.asking")), 1, "how often it was told")
    unharmed(lab)


@test
def a_dialog_that_both_tell_of_is_told_once_and_can_be_approved(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task("ask permission true", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")

    def both():
        turn = lab.task("T1").get("agent_turn", {})
        return turn.get("source") == "both" and turn["question"]

    lab.until(both, "the screen shows what the hook told")
    lab.run("approve", "T1", check=0)
    lab.until_state("T1", "merged")
    equal(len(tui.facts(lab, "T1", "task.asking")), 1, "how often it was told")
    unharmed(lab)


@test
def the_hook_at_the_end_of_its_turn_has_it_report_and_nothing_is_typed(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task("busy 0.5", tui.COMMIT, "end", tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(reminded(lab), [REMINDER], "what its hook said")
    equal(tui.texts(lab), [], "what was typed")
    equal([kind for kind, _ in tui.facts(lab, "T1")], ["task.reminded"], "what was told")
    unharmed(lab)


@test
def who_does_not_report_is_reminded_twice_in_all_and_then_the_user_is_told(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task("busy 0.5", tui.COMMIT))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: tui.facts(lab, "T1", "task.idle"), "the user is told")
    equal(reminded(lab) + [text.split(",")[0] for text in tui.texts(lab)], [REMINDER] * 2, "reminders")
    equal([kind for kind, _ in tui.facts(lab, "T1")], ["task.reminded"] * 2 + ["task.idle"], "what was told")
    equal(lab.status()["needs_user"], ["T1"], "needs_user")
    lab.run("merge", "T1", check=0)
    lab.until_landed("T1")
    unharmed(lab)


@test
def a_turn_that_failed_is_told_by_its_hook_and_not_reminded(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task("busy 0.5", "fail API Error: 500"))
    lab.begin("--wait-user", "forever")
    task = tui.until_turn(lab, "T1", "failed")
    says(task["agent_turn"]["source"], "both")
    says(task["why"], "its hook StopFailure")
    equal(reminded(lab), [], "reminders")
    lab.run("abort", "T1", check=0)
    unharmed(lab)


@test
def a_quota_that_its_hook_calls_a_limit_is_the_users_at_once(lab):
    quota = "429 You exceeded your current quota"
    tui.configure(lab, 'continue_after = ["1s"]', with_hooks=True)
    lab.tasks(tui.task("busy 0.5", f"fail {quota}"), tui.task("busy 0.5", f"fail as rate_limit {quota}", id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.status()["needs_user"] == ["T1", "T2"], "both need the user")
    says(lab.task("T1")["why"], f"its hook StopFailure: server_error: {quota}")
    says(lab.task("T2")["why"], quota)
    equal(len(lab.facts("task.continued")), 0, "told to continue")
    unharmed(lab)


@test
def a_turn_that_fails_at_once_and_without_a_hook_is_told_by_the_screen(lab):
    tui.configure(lab, with_hooks=True, without=("StopFailure",))
    lab.tasks(tui.task("fail API Error: 500"))
    lab.begin("--wait-user", "forever")
    task = tui.until_turn(lab, "T1", "failed")
    says(task["agent_turn"]["source"], "screen")
    equal(tui.facts(lab, "T1", "task.stalled"), [], "contradictions")
    lab.run("abort", "T1", check=0)
    unharmed(lab)


@test
def hooks_of_the_user_are_called_as_before_and_their_file_is_as_it_was(lab):
    tui.configure(lab, with_hooks=True)
    file = lab.home / ".tui/settings.json"
    file.parent.mkdir()
    count = f"echo called >> {lab.ledger}/user-hook"
    text = json.dumps({"hooks": {"Stop": [{"hooks": [{"type": "command", "command": count}]}]}})
    file.write_text(text)
    lab.tasks(tui.task("busy 0.5", tui.COMMIT, "end", tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    # At the second end it may be stopped already, as its work is merged.
    says(lab.until_file("user-hook"), "called")
    equal(file.read_text(), text, "the user's file")
    equal(reminded(lab), [REMINDER], "what our hook said")
    unharmed(lab)


@test
def without_a_supervisor_its_turn_ends_as_ever_and_the_next_one_reminds_it(lab):
    tui.configure(lab, with_hooks=True)
    go = lab.ledger / "go"
    lab.tasks(tui.task(f"run until test -e {go}; do sleep 0.1; done", tui.COMMIT))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    lab.until(lambda: lab.task("T1")["session"], "its hooks are heard")
    lab.kill_supervisor()
    go.touch()
    tui.until_happened(lab, "T1", "idle")
    equal(reminded(lab), [], "reminders of a run that nobody supervises")
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T1", "submitted", 2)
    equal([text.split(",")[0] for text in tui.texts(lab)][:1], [REMINDER], "what was typed")
    lab.run("abort", "T1", check=0)
    unharmed(lab)


@test
def a_held_task_is_not_reminded_by_its_hook(lab):
    tui.configure(lab, with_hooks=True)
    go = lab.ledger / "go"
    lab.tasks(tui.task(f"run until test -e {go}; do sleep 0.1; done", tui.COMMIT))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.task("T1").get("session"), "its hooks are heard")
    lab.run("hold", "T1", check=0)
    quiet = lambda: list((lab.repo / ".tmux-orch/runs").glob("*/attempts/T1.1/quiet"))
    lab.until(quiet, "its hook can know")
    go.touch()
    tui.until_happened(lab, "T1", "idle")
    equal(reminded(lab), [], "reminders of a held task")
    lab.run("abort", "T1", check=0)


@test
def a_done_that_is_refused_is_told_to_the_user(lab):
    lab.tasks(script(
        "echo x > x.txt",
        'tmux-orch done -m early || echo no > "$LEDGER/refused"',
        'until test -e "$LEDGER/go"; do sleep 0.1; done',
        "git add -A; git commit -qm work; tmux-orch done -m late",
        fields=("Agent: reports",),
    ))
    lab.begin()
    lab.until_file("refused")
    told = lab.until(lambda: lab.facts("task.done-refused"), "it is in the events")
    says(told[0][2], "said done", "1 file is not committed: x.txt")
    says(lab.run("status").out, "1 file is not committed: x.txt")
    (lab.ledger / "go").touch()
    lab.until_state("T1", "merged")
    equal(len(lab.facts("task.done-refused")), 1, "how often it was told")


class Attempt:
    """The folder of an attempt with a supervisor that holds the lock, and the call of a hook there."""

    def __init__(self, lab):
        self.lab = lab
        home = lab.repo / ".tmux-orch"
        self.folder = home / "runs/R/attempts/T1.1"
        self.spool = self.folder / "spool"
        self.spool.mkdir(parents=True)
        (self.folder / "reminder").write_text("report!\n")
        self.lock = open(home / "lock", "w")
        fcntl.lockf(self.lock, fcntl.LOCK_EX)
        lab.undo(self.lock.close)
        self.env = {**lab.env, "TMUX_ORCH_ATTEMPT": str(self.folder), "TMUX_ORCH_TOKEN": "t"}

    def call(self, input="{}", event="Stop", env={}, words=(), argv=None, **more):
        """(status, what it printed); `input` is a text, or what can be read from."""
        variables = {name: value for name, value in {**self.env, **env}.items() if value is not None}
        if isinstance(input, str):
            more["input"] = input.encode()
        else:
            more["stdin"] = input
        start = time.monotonic()
        argv = argv or [*words, self.lab.binary, "hook", *([event] if event else [])]
        ended = subprocess.run(argv, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               timeout=SOON, **more)
        took = time.monotonic() - start
        if took > SOON:
            raise Failed(f"a hook took {took} s")
        return ended.returncode, (ended.stdout + ended.stderr).decode()

    def reports(self):
        return sorted(self.spool.iterdir())


@test
def the_hook_at_the_end_of_a_turn_speaks_twice_and_then_never_again(lab):
    attempt = Attempt(lab)
    for wanted in ((2, "report!\n"), (2, "report!\n"), (0, ""), (0, "")):
        equal(attempt.call(), wanted)
    equal(len(attempt.reports()), 4, "reports")
    equal(attempt.call(event="UserPromptSubmit"), (0, ""))
    equal(attempt.call(event="", input='{"hook_event_name": "PermissionRequest"}'), (0, ""))
    says(attempt.reports()[-1].read_text(), "PermissionRequest", "asking")


@test
def whatever_is_broken_a_hook_ends_soon_and_says_nothing(lab):
    attempt = Attempt(lab)
    gone = lab.folder / "gone"
    gone.mkdir()
    reader, writer = os.pipe()
    lab.undo(lambda: (os.close(reader), os.close(writer)))
    zeros = open("/dev/zero", "rb")
    lab.undo(zeros.close)
    folder = str(attempt.folder)
    cases = {
        "no attempt": dict(env={"TMUX_ORCH_ATTEMPT": None}),
        "an attempt that is none": dict(env={"TMUX_ORCH_ATTEMPT": "/nowhere/at/all"}),
        "a file for an attempt": dict(env={"TMUX_ORCH_ATTEMPT": folder + "/reminder"}),
        "a path that is relative": dict(env={"TMUX_ORCH_ATTEMPT": "."}),
        "an input without end": dict(input=zeros),
        "an input that is never closed": dict(input=reader),
        "garbage": dict(input='{"a": [' * 5000),
        "no input": dict(input=""),
        "no event": dict(event="", input="{}"),
        "another event": dict(event="--version; $(reboot)"),
        "a disk without room": dict(words=["sh", "-c", 'ulimit -f 0; exec "$@"', "sh"]),
        "closed streams": dict(words=["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]),
        "a folder that was deleted": dict(
            words=["sh", "-c", 'cd "$0"; rmdir "$0"; exec "$@"', str(gone)], env={"HOME": "/nowhere", "PATH": None},
            event="UserPromptSubmit",
        ),
    }
    for name, case in cases.items():
        found = attempt.call(**case)
        if found != (0, ""):
            raise Failed(f"{name}: {found}")
    # And nothing of that has been counted as told: two are left.
    for wanted in ((2, "report!\n"), (2, "report!\n"), (0, "")):
        equal(attempt.call(), wanted, "afterwards")


@test
def an_event_whose_input_comes_late_is_heard_though_nobody_waits_for_it(lab):
    attempt = Attempt(lab)
    reader, writer = os.pipe()
    equal(attempt.call(input=reader), (0, ""), "what the program waits for")
    equal(attempt.reports(), [], "reports by then")
    os.write(writer, b'{"session_id": "late"}')
    os.close(writer)
    os.close(reader)
    lab.until(attempt.reports, "it is reported")
    says(attempt.reports()[0].read_text(), "late", "idle")
    equal((attempt.folder / "reminders").exists(), False, "it is too late to remind")


@test
def what_a_person_types_is_left_to_the_program_that_called_a_hook(lab):
    attempt = Attempt(lab)
    keyboard, terminal = pty.openpty()
    tty.setraw(terminal)
    equal(attempt.call(input=terminal), (0, ""), "its hook")
    os.write(keyboard, b"typed")
    time.sleep(0.5)
    equal(select.select([terminal], [], [], 0)[0], [terminal], "there to be read")
    equal(os.read(terminal, 100), b"typed", "what was typed")
    os.close(keyboard)
    os.close(terminal)


@test
def who_waits_for_what_its_caller_left_open_does_not_wait_for_a_hook(lab):
    attempt = Attempt(lab)
    reader, writer = os.pipe()
    input_reader, input_writer = os.pipe()  # nothing comes: its worker waits
    equal(attempt.call(input=input_reader, pass_fds=[writer]), (0, ""), "a hook with an open descriptor")
    os.close(writer)
    start = time.monotonic()
    equal(os.read(reader, 1), b"", "what came")
    if time.monotonic() - start > 1:
        raise Failed(f"closed after {time.monotonic() - start} s")
    for end in (reader, input_reader, input_writer):
        os.close(end)


@test
def where_our_program_is_not_found_a_hook_does_nothing(lab):
    attempt = Attempt(lab)
    for place, wanted in ((None, (0, "")), ("/nowhere/tmux-orch", (0, "")), (lab.binary, (2, "report!\n"))):
        argv = ["sh", "-c", tui.CALL + "Stop"]
        equal(attempt.call(argv=argv, env={"ORCH_PROGRAM": place}), wanted, place)


@test
def a_spool_that_takes_nothing_and_a_socket_that_does_not_listen_harm_nobody(lab):
    attempt = Attempt(lab)
    with socket.socket(socket.AF_UNIX) as deaf, contextlib.ExitStack() as waiting:
        deaf.bind(os.path.relpath(lab.repo / ".tmux-orch/socket"))
        deaf.listen(0)
        # Until its queue is full.
        for _ in range(16):
            line = waiting.enter_context(socket.socket(socket.AF_UNIX))
            line.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                line.connect(os.path.relpath(lab.repo / ".tmux-orch/socket"))
        equal(attempt.call(event="UserPromptSubmit"), (0, ""), "a socket that does not listen")
        equal(attempt.call(), (2, "report!\n"), "which is no reason to say nothing")
    for file in attempt.reports():
        file.unlink()
    attempt.spool.rmdir()
    attempt.spool.write_text("")
    equal(attempt.call(), (0, ""), "a spool that is a file")
    attempt.spool.unlink()
    equal(attempt.call(), (0, ""), "a spool that is gone")
    equal(pathlib.Path(attempt.spool).exists(), False, "it is not made")


@test
def nobody_is_reminded_who_has_reported_or_is_typed_to_or_is_not_supervised(lab):
    attempt = Attempt(lab)
    typed = attempt.folder / "typed"
    typed.write_text("")
    equal(attempt.call(), (0, ""), "a person types")
    os.utime(typed, (time.time() - 60,) * 2)
    waits = json.dumps({"background_tasks": [{"id": "b1"}]})
    equal(attempt.call(input=waits), (0, ""), "a command goes on")
    (attempt.folder / "reported").touch()
    equal(attempt.call(), (0, ""), "it has reported")
    (attempt.folder / "reported").unlink()
    equal(attempt.call(), (2, "report!\n"), "none of these")
    attempt.lock.close()
    equal(attempt.call(), (0, ""), "nobody supervises")
