"""What it costs to watch panes in which something happens: the supervisor, and what it makes tmux do, against tmux
with the same panes while nobody watches, and against a watcher that starts one process per pane and second.

`lines`: each pane prints five lines a second. `drawn`: each draws parts of its screen anew, 5 KB a second.
"""
import os
import signal
import sys
import time

from suite import place, processes, runs, scripts

LOADS = {
    "lines": """
import time
end, number = time.monotonic() + 3600, 0
while time.monotonic() < end:
    number += 1
    print(f"working: line {number} of what an agent prints while it works", flush=True)
    time.sleep(0.2)
""",
    "drawn": """
import os, time
end, number = time.monotonic() + 3600, 0
os.write(1, b"\\x1b[?1049h\\x1b[2J\\x1b[50;1Hworking:")
while time.monotonic() < end:
    number += 1
    rows = "".join(f"\\x1b[{1 + (number + k) % 45};1H{number:06} {'x' * 90}" for k in range(10))
    os.write(1, rows.encode())
    time.sleep(0.2)
""",
}
CONFIG = """
agent = "load"
[limits]
task_timeout = "1h"
stall = "30m"
[agents.load]
command = ["{python}", "{script}"]
[[agents.load.screen]]
name = "working"
state = "busy"
pattern = '^working:'
region = "last"
"""


def a_run(binary, load, panes, seconds):
    """Of a core: (supervisor, tmux with it, tmux alone, a process for each pane and second)."""
    with place.Place(binary) as where:
        script = where.folder / "load.py"
        script.write_text(LOADS[load])
        tasks = [f"- [ ] T{number}: a task\n" for number in range(panes)]
        where.make_repository(20, tasks, CONFIG.format(python=sys.executable, script=script))
        where.orch("up", "tasks.md", "-S", where.socket, "-d", "--workers", panes, "--wait-user", "forever")
        runs.until(lambda: len(runs.facts(where, "task.started")) == panes, 300, "all agents")
        watch = processes.Watch(where)
        time.sleep(3)
        watch.stop()
        supervisor, server = watch.roles["supervisor"], watch.roles["tmux"]
        watched = processes.of_a_core([supervisor, server], seconds)
        os.kill(supervisor, signal.SIGKILL)
        alone = processes.of_a_core([server], seconds)[server]
        return watched[supervisor], watched[server], alone, scripts.of_captures(where, min(seconds, 20)) - alone


def one_round(binary, found, quick):
    panes, seconds = (10, 5) if quick else (100, 30)
    for load in LOADS:
        supervisor, server, alone, by_processes = a_run(binary, load, panes, seconds)
        name, added = f"{panes} panes, {load}", supervisor + server - alone
        found.add(f"{name}: the supervisor, of a core", "%", 100 * supervisor, bar=5 if load == "drawn" else None)
        found.add(f"{name}: with what it has tmux do", "%", 100 * added, None, 100 * by_processes)
        # Only lines: a screen that is drawn anew is captured as often as an agent's, not each second.
        if load == "lines":
            found.add(f"{name}: the same against tmux unwatched", "times", added / alone, bar=0.5)
            found.add(f"{name}: against a process a pane and second", "times", added / by_processes, bar=0.1)
