#!/usr/bin/env python3
"""What it costs to watch panes: processor time of the supervisor, and what it makes tmux do, against tmux
with the same panes while nobody watches, and against a watcher that starts one process per pane and second.

  tests/bench/watching.py [--bin PATH] [--panes N] [--seconds S] [--load lines|drawn] [--check]

`lines`: each pane prints five lines a second. `drawn`: each draws parts of its screen anew, 5 KB a second.
Prints JSON; with --check ends with 1 where a bar is missed.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
sys.dont_write_bytecode = True

import lab as e2e  # noqa: E402

# Of the supervisor and what watching adds to tmux, of what tmux takes alone; and of the other watcher.
MOST_ADDED = 0.5
FEWEST_TIMES_LESS = 10
MOST_OF_A_CORE = 0.05

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
workers = {panes}
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


def cpu(*pids):
    """Seconds of the processor that these processes have had."""
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def over(seconds, *pids):
    begin, then = time.monotonic(), [cpu(pid) for pid in pids]
    time.sleep(seconds)
    took = time.monotonic() - begin
    return [(cpu(pid) - before) / took for pid, before in zip(pids, then)]


def other_watcher(lab, panes, seconds, server):
    """The same by a process for each pane and second: its processor time, with what tmux does for it."""
    before, of_tmux, begin = os.times(), cpu(server), time.monotonic()
    rounds = 0
    while time.monotonic() - begin < seconds:
        for pane in panes:
            subprocess.run(["tmux", "-S", lab.socket, "capture-pane", "-p", "-t", pane], env=lab.env,
                           stdout=subprocess.DEVNULL, check=False)
        rounds += 1
        time.sleep(max(0, begin + rounds - time.monotonic()))
    after = os.times()
    children = after.children_user + after.children_system - before.children_user - before.children_system
    # Where the machine is too slow for a round in a second, of a round.
    return (children + cpu(server) - of_tmux) / rounds


def measure(lab, options):
    script = lab.folder / "load.py"
    script.write_text(LOADS[options.load])
    lab.config("", base=CONFIG.format(panes=options.panes, python=sys.executable, script=script))
    lab.tasks(*(f"- [ ] T{number}: a task\n" for number in range(options.panes)))
    lab.begin("--wait-user", "forever", timeout=120)

    def at_work():
        return sum(task["state"] == "running" for task in lab.status()["tasks"]) == options.panes

    lab.until(at_work, "all agents work", timeout=300)
    time.sleep(3)
    server = int(lab.tmux("display-message", "-p", "#{pid}"))
    supervisor = lab.supervisor()
    of_supervisor, of_tmux = over(options.seconds, supervisor, server)
    lab.kill_supervisor()
    (alone,) = over(options.seconds, server)
    panes = lab.tmux("list-panes", "-a", "-f", "#{!=:#{@orch_key},}", "-F", "#{pane_id}").split()
    by_processes = other_watcher(lab, panes, min(options.seconds, 20), server) - alone
    added = of_supervisor + of_tmux - alone
    return {
        "load": options.load, "panes": len(panes), "seconds": options.seconds, "supervisor": of_supervisor,
        "tmux_watched": of_tmux, "tmux_alone": alone, "added_by_processes": by_processes,
        "ratio_added": added / alone, "times_less": by_processes / max(added, 0.0001),
    }


def missed(result):
    if result["load"] == "drawn":
        return [f"supervisor above {MOST_OF_A_CORE}"] if result["supervisor"] > MOST_OF_A_CORE else []
    found = []
    if result["ratio_added"] > MOST_ADDED:
        found.append(f"added above {MOST_ADDED} of tmux alone")
    if result["times_less"] < FEWEST_TIMES_LESS:
        found.append(f"less than {FEWEST_TIMES_LESS} times below processes")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default="build/src/cli/tmux-orch")
    parser.add_argument("--panes", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--load", choices=LOADS, default="lines")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    lab = e2e.Lab(str(pathlib.Path(options.bin).resolve()))
    try:
        result = measure(lab, options)
    finally:
        lab.clean()
    result["missed"] = missed(result)
    print(json.dumps({name: round(value, 4) if isinstance(value, float) else value
                      for name, value in result.items()}, indent=2))
    return 1 if options.check and result["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
