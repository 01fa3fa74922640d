"""ends: each fault that an agent can meet ends in merged, failed with its reason, or a question to the user; none in silence.

Faults that pass are to be over without anybody: its program tries again, or the agent is told to continue (the scripted
model has nothing to do then, so that it is asked for in the end). Of those that never pass the user has to be asked, and
nothing done by itself more often than the limits say.
"""
import collections
import os
import signal
import sys
import time

import field
import heal

LIMIT = 240
MOST_TEXTS, MOST_CONTINUES = 10, 3
CONFIG = """
agent = "{cli}"
workers = {workers}
[limits]
attempts = 2
stop_grace = "1s"
stall = "15s"
continue_after = ["2s", "4s", "6s"]
"""
WORK = {cli: f"[[write NAME.txt x]] {'' if cli == 'codex' else '[[bash git add -A && git commit -qm NAME]]'} [[bash tmux-orch done -m ok]]"
        for cli in field.CLIS}
MERGED, ASKED = {"merged", "continued"}, {"asked", "continued"}
# What the model does before it works, and how that may end. A program's own tries decide how much of it is seen.
RUNS = (
    {
        "500 twice": ("[[error 500 2]]", MERGED),
        "429 once": ("[[ratelimit 429 1]]", MERGED),
        "cut twice": ("[[drop 2]]", MERGED),
        "killed": ("[[sleep 8]]", MERGED),
        "no done": ("[[say I am finished]]", ASKED),
        "hang": ("[[hang]]", ASKED),
    },
    {
        "500 for ever": ("[[error 500 9999]]", ASKED),
        "malformed": ("[[malformed 9999]]", ASKED | {"failed"}),
        "context": ("[[context]]", ASKED | {"failed"}),
    },
    {"401": ("[[auth]]", ASKED), "quota": ("[[quota]]", ASKED)},
)
NAMES = [name for faults in RUNS for name in faults]
HEAD = ("CLI", *NAMES)


def task(cli, id, name, script):
    work = WORK[cli].replace("NAME", id) if name in RUNS[0] and name not in ("no done", "hang") else ""
    return f"- [ ] {id}: {name}\n\n  {script} {work}\n"


def end_of(lab, status, task):
    """How it ended; nothing: it goes on."""
    if task["state"] in ("merged", "failed"):
        return task["state"]
    return "asked" if task["id"] in status["needs_user"] else None


def kill_once(lab, id, killed):
    if id in killed or lab.task(id)["agent_state"] != "busy":
        return
    pid = field.agent_pid(lab, id)
    if pid:
        os.kill(pid, signal.SIGKILL)
        killed.add(id)


def watch(lab, ids, killable):
    """How each ended, and after how long."""
    begin, ends, killed = time.monotonic(), {}, set()
    while len(ends) < len(ids) and time.monotonic() < begin + LIMIT:
        for id in killable:
            kill_once(lab, id, killed)
        status = lab.status()
        for one in status["tasks"]:
            end = end_of(lab, status, one)
            if end and one["id"] not in ends:
                ends[one["id"]] = (end, time.monotonic() - begin, one["reason"])
        time.sleep(0.3)
    return ends


def broken_ceiling(lab):
    """What was done by itself more often than it may be; empty: nothing."""
    counts = collections.Counter((kind, id) for kind, id, _, _ in field.facts(lab))
    for (kind, id), count in counts.items():
        texts = counts["task.continued", id] + counts["task.reminded", id]
        if texts > MOST_TEXTS or (kind == "task.continued" and count > 2 * MOST_CONTINUES):
            return f"{id} was told {texts} texts"
    return ""


def try_run(cli, binary, folder, port, faults):
    """The cells of these faults, and whether all is well."""
    lab = field.FieldLab(binary, folder, cli, workers=len(faults), port=port)
    try:
        lab.serve_model(port)
        own = lab.home / ".config/tmux-orch/config.toml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f'[agents.{cli}]\ninterrupt_after = "20s"\n' + heal.ENV.get(cli, ""))
        lab.config("", base=CONFIG)
        ids = {f"E{number}": name for number, name in enumerate(faults, 1)}
        lab.tasks(*[task(cli, id, name, faults[name][0]) for id, name in ids.items()])
        lab.commit()
        lab.begin("--wait-user", "20m")
        ends = watch(lab, ids, [id for id, name in ids.items() if name == "killed"])
        cells, good = {}, True
        for id, name in ids.items():
            end, seconds, reason = ends.get(id, ("nothing", LIMIT, ""))
            if end == "asked" and any(fact[1] == id for fact in lab.facts("task.continued")):
                end = "continued"
            right = end in faults[name][1]
            good &= right
            cells[name] = f"{end}{f' ({reason})' if end != 'merged' else ''} {seconds:.0f} s{'' if right else ' !'}"
        broken = broken_ceiling(lab)
        if broken or not good:
            print(f"{cli}: {broken} {cells}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        return cells, good and not broken
    except field.e2e.Failed as failure:
        print(f"{cli}: {failure}", file=sys.stderr)
        return {}, False
    finally:
        lab.clean()


def run(cli, binary, folder, port):
    cells, good = {}, True
    for number, faults in enumerate(RUNS):
        found, well = try_run(cli, binary, folder, port + 100 * number, faults)
        cells.update(found)
        good &= well
    return [cli, *[cells.get(name, "nothing") for name in NAMES]], good
