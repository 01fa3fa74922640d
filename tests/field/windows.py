"""windows: two clients of different sizes look at an agent, one types, both leave; the bytes that its program draws
each time, and how many of the lines that its window showed before are not there afterwards.
"""
import re
import sys

import field

HEAD = ("CLI", "120x36 comes", "80x24 types", "both leave", "lines lost")
LINES = 30
# Of one change of size; a program that draws without end would never stand still.
MOST_BYTES = 400_000


def window_size(lab):
    pane = lab.task("T1")["pane"]
    return tuple(map(int, lab.tmux("display-message", "-p", "-t", pane, "#{window_width} #{window_height}").split()))


def log_size(lab):
    return sum(file.stat().st_size for file in (lab.repo / ".tmux-orch/runs").glob("*/attempts/T1.*/output.log*"))


def until_still(lab):
    """The size of its log when that has not grown for 2 s, or after 20 s."""
    sizes = [log_size(lab)]

    def look():
        sizes.append(log_size(lab))
        return len(sizes) > 10 and len(set(sizes[-10:])) == 1

    field.until(look, 20)
    return sizes[-1]


def drawn(lab, wanted, change):
    """The bytes that are drawn after a change, when the window is of the wanted size."""
    before = log_size(lab)
    change()
    if not field.until(lambda: wanted(window_size(lab)), 30):
        print(f"the window is {window_size(lab)}", file=sys.stderr)
        return None
    return until_still(lab) - before


def shown(lab):
    """The words of the agent that its window shows, or has shown above that."""
    return set(re.findall(r"word-\d{3}", lab.tmux("capture-pane", "-p", "-S", "-", "-t", lab.task("T1")["pane"])))


def look_on(lab):
    first = second = None

    def first_comes():
        nonlocal first
        first = lab.terminal(lab.binary, "attach", "T1", columns=120, rows=36)

    def second_types():
        nonlocal second
        second = lab.terminal(lab.binary, "attach", "T1", columns=80, rows=24)
        second.until("word-", timeout=20)
        second.keys("x", "BSpace")

    def both_leave():
        for terminal in (first, second):
            terminal.tmux("kill-server")

    return [
        drawn(lab, lambda size: size[0] == 120, first_comes),
        drawn(lab, lambda size: size[0] == 80, second_types),
        drawn(lab, lambda size: size == (200, 50), both_leave),
    ]


def run(cli, binary, folder, port):
    lab = field.FieldLab(binary, folder, cli, workers=1)
    try:
        lab.config("")
        words = "\n".join(f"  word-{number:03}" for number in range(1, LINES + 1))
        lab.tasks(f"- [ ] T1: try\n\n  [[say these:\n{words}]]\n")
        lab.commit()
        lab.begin("--wait-user", "10m")
        field.until(lambda: lab.task("T1")["agent_state"] == "idle", 120)
        lab.run("hold", "T1", check=0)
        until_still(lab)
        before = shown(lab)
        sizes = look_on(lab)
        lost = before - shown(lab)
        good = len(before) > 10 and not lost and all(size is not None and size < MOST_BYTES for size in sizes)
        if not good:
            print(f"{cli}:\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        return [cli, *(f"{size} bytes" for size in sizes), f"{len(lost)} of {len(before)}"], good
    finally:
        lab.clean()
