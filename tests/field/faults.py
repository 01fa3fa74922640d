"""faults: what an agent can come to besides its work. Each has to be named within 5 s after it can be known.

It can be known when the model has given the answer after which the agent does nothing more, when the last
of its tries has failed, or when a request has stood for `limits.stall`, which is 20 s here.
"""
import json
import os
import signal
import sys
import time

import field

LATEST = 5.0
STALL = 20.0
LIMIT = 290
CONFIG = """
agent = "{cli}"
workers = {workers}
[limits]
attempts = 1
stop_grace = "1s"
stall = "20s"
"""
# What the model does, and the facts by which it may be named.
SCRIPTS = {
    "permission": "[[bash git push nowhere]]",
    "question": "[[ask Which one?|red|blue]]",
    "500": "[[error 500]]",
    "429": "[[ratelimit 429]]",
    "401": "[[auth]]",
    "hang": "[[hang]]",
    "malformed": "[[malformed]]",
    "no done": "[[say I am finished]]",
    "refused done": "[[write junk.txt x]] [[bash tmux-orch done -m finished]] [[say I am finished]]",
    "exit": "[[say I leave]]",
    "killed": "[[sleep 100]]",
}
TURN_OVER = ("task.reminded", "task.idle")
NAMED_BY = {
    "permission": ("task.asking",),
    "question": ("task.asking",),
    "500": ("task.turn-failed", "task.stalled"),
    "429": ("task.turn-failed", "task.stalled"),
    "401": ("task.turn-failed", "task.stalled"),
    "hang": ("task.stalled",),
    "malformed": ("task.turn-failed", "task.stalled", *TURN_OVER),
    "no done": TURN_OVER,
    "refused done": ("task.done-refused", *TURN_OVER),
    "exit": ("task.failed", "task.kept"),
    "killed": ("task.failed", "task.kept"),
}
# A permission that is never asked for is run, or refused by a sandbox; then the turn is over. And without
# a tool for questions it is a text.
NO_PERMISSIONS = ("codex", "opencode", "pi")
NO_QUESTIONS = ("codex", "pi")
# What it leaves is committed for it.
NO_REFUSALS = ("codex",)
HEAD = ("CLI", *SCRIPTS)
EXIT_COMMANDS = {"codex": "/quit", "gemini": "/quit", "pi": "/quit", "qwen": "/quit"}
BATCH = 4
LEAVES_IN = 20


class Probe:
    """One task, and when it came to what it was to come to."""

    def __init__(self, cli, name):
        self.cli, self.name = cli, name
        self.id = f"F{list(SCRIPTS).index(name) + 1:02}"
        self.kinds = NAMED_BY[name]
        if (name == "permission" and cli in NO_PERMISSIONS) or (name == "question" and cli in NO_QUESTIONS):
            self.kinds = TURN_OVER
        if name == "refused done" and cli in NO_REFUSALS:
            self.kinds = ("task.done",)
        self.first = self.last = None  # a request of it came, by the wall clock
        self.acted = None
        self.named = None
        self.began = time.time()

    def see(self, now):
        self.first = self.first or now
        self.last = now

    def threshold(self, kind):
        """From when on it can be known."""
        if self.acted:
            return self.acted
        if kind == "task.stalled":
            return (self.first or self.began) + STALL
        return self.last or self.began

    def verdict(self):
        if self.named is None:
            return "nothing", False
        kind, at = self.named
        late = at - self.threshold(kind)
        return f"{kind.removeprefix('task.')} {late:+.1f} s", late <= LATEST


def act(lab, probe):
    """What a person or the machine does to an agent that works."""
    task = lab.task(probe.id)
    # A reminder that is typed at the same time may have had it do something else: then once more.
    may_leave = not probe.acted or time.time() - probe.acted > LEAVES_IN
    if probe.name == "exit" and task["agent_state"] == "idle" and may_leave:
        lab.tmux("send-keys", "-t", task["pane"], "-l", EXIT_COMMANDS.get(probe.cli, "/exit"))
        time.sleep(0.5)
        lab.tmux("send-keys", "-t", task["pane"], "Enter")
        probe.acted = time.time()
    if probe.name == "killed" and probe.first and not probe.acted:
        pid = field.agent_pid(lab, probe.id)
        if pid and time.time() - probe.first > 1:
            os.kill(pid, signal.SIGKILL)
            probe.acted = time.time()


def watch(lab, probes, dump):
    """Until each is named or its time is over; what is over makes room for the next."""
    left = {probe.id: probe for probe in probes}
    tail = field.Tail(dump)
    end = time.monotonic() + LIMIT
    while left and time.monotonic() < end:
        # What is told of a request is looked for before the request is.
        facts = field.facts(lab)
        for line in tail.lines():
            for probe in left.values():
                if f"Task {probe.id}:" in line:
                    probe.see(time.time())
        for probe in list(left.values()):
            if probe.name in ("exit", "killed"):
                act(lab, probe)
        for kind, id, _, at in facts:
            if id not in left or kind not in left[id].kinds:
                continue
            if left[id].name in ("exit", "killed") and not left[id].acted:
                continue
            left.pop(id).named = (kind, at)
            lab.run("abort", id)
        time.sleep(0.2)
    for probe in left.values():
        print(f"{probe.cli} {probe.name}: {json.dumps(lab.task(probe.id))}", file=sys.stderr)


def run(cli, binary, folder, port):
    lab = field.FieldLab(binary, folder, cli, workers=BATCH, port=port)
    try:
        dump = lab.serve_model(port)
        lab.config("", base=CONFIG)
        probes = [Probe(cli, name) for name in SCRIPTS]
        lab.tasks(*(f"- [ ] {probe.id}: try\n\n  {SCRIPTS[probe.name]}\n" for probe in probes))
        lab.commit()
        lab.begin("--wait-user", "10m")
        watch(lab, probes, dump)
        verdicts = [probe.verdict() for probe in probes]
        if not all(good for _, good in verdicts):
            print(f"{cli}:\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        return [cli, *(text for text, _ in verdicts)], all(good for _, good in verdicts)
    finally:
        lab.clean()
