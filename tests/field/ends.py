"""ends: each fault that an agent can meet ends in merged, failed with its reason, or a question to the user; none in silence.

Faults that pass are to be over without anybody: its program tries again, or the agent is told to continue and does its work.
Those that never pass (the model goes on with its script after any text) have to end with the user, with the reason that
fits, and nothing is done by itself more often than the limits say. Of those that no text can help nothing is typed.
"""
import collections
import os
import signal
import sys
import time

import field
import heal

LIMIT = 340
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
# A turn is ended so soon; opencode takes long to begin its first. gemini and qwen try a quota again for minutes, and show nothing
# of it at first: there nothing is ended sooner than usual.
SOON = {cli: f'interrupt_after = "{60 if cli == "opencode" else 20}s"\n' for cli in field.CLIS}
# What is left of an answer that broke off counts as one of its steps: two that do nothing come first.
WORK = {cli: "[[bash ls]] [[bash ls]] [[write NAME.txt x]] "
             f"{'' if cli == 'codex' else '[[bash git add -A && git commit -qm NAME]]'} [[bash tmux-orch done -m ok]]"
        for cli in field.CLIS}
# How a fault may end: a state, or why the user is asked.
MERGED = {"merged"}
UNREPORTED = {"agent-idle"}
STUCK = {"agent-turn-failed", "turns-hang"}
REFUSED = {"agent-turn-failed"}
# What the model does before it works, and how that may end. A program's own tries decide how much of it is seen.
RUNS = (
    {
        "500 twice": ("[[error 500 2]]", MERGED),
        "429 once": ("[[ratelimit 429 1]]", MERGED),
        "cut twice": ("[[drop 2]]", MERGED),
        "killed": ("[[sleep 8]]", MERGED),
        "no done": ("[[say I am finished]]", UNREPORTED),
        "hang": ("[[hang]]", STUCK),
    },
    {
        "500 for ever": ("[[error 500 9999]]", STUCK),
        "malformed": ("[[malformed 9999]]", REFUSED | UNREPORTED),
        "context": ("[[context]]", REFUSED | {"failed"}),
    },
    {"401": ("[[auth]]", REFUSED), "quota": ("[[quota]]", REFUSED)},
)
MAY_END = {name: ends for faults in RUNS for name, (_, ends) in faults.items()}
NAMES = [name for faults in RUNS for name in faults]
HEAD = ("CLI", *NAMES)
NEVER_TOLD = ("context", "401", "quota")
# It makes room by itself, and has no script left then.
MAKES_ROOM = ("opencode", "context")
TOLD = ("task.continued", "task.reminded", "task.interrupted")


def task(cli, id, name, script):
    work = WORK[cli].replace("NAME", id) if "merged" in MAY_END[name] else ""
    return f"- [ ] {id}: {name}\n\n  {script} {work}\n"


def end_of(status, task):
    """How it ended; nothing: it goes on."""
    if task["state"] in ("merged", "failed"):
        return task["state"]
    return task["reason"] if task["id"] in status["needs_user"] else None


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
            end = end_of(status, one)
            if end and one["id"] not in ends:
                ends[one["id"]] = (end, time.monotonic() - begin)
        time.sleep(0.3)
    return ends


def broken_ceiling(counts):
    """What was done by itself more often than it may be; empty: nothing."""
    for (kind, id), count in counts.items():
        texts = counts["task.continued", id] + counts["task.reminded", id]
        if texts > MOST_TEXTS or (kind == "task.continued" and count > 2 * MOST_CONTINUES):
            return f"{id} was told {texts} texts"
    return ""


def cell(cli, name, id, ends, counts):
    """What became of a fault, and whether that is as it should be."""
    end, seconds = ends.get(id, ("nothing", LIMIT))
    told = sum(counts[kind, id] for kind in TOLD)
    right = end in MAY_END[name] and not (told and name in NEVER_TOLD)
    if (cli, name) == MAKES_ROOM:
        right = end in UNREPORTED
    return f"{end} {seconds:.0f} s{f', told {told}' if told else ''}{'' if right else ' !'}", right


def try_run(cli, binary, folder, port, faults):
    """The cells of these faults, and whether all is well."""
    lab = field.FieldLab(binary, folder, cli, workers=len(faults), port=port)
    try:
        lab.serve_model(port, lasting=True)
        own = lab.home / ".config/tmux-orch/config.toml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f"[agents.{cli}]\n{'' if 'quota' in faults else SOON[cli]}{heal.ENV.get(cli, '')}")
        lab.config("", base=CONFIG)
        ids = {f"E{number}": name for number, name in enumerate(faults, 1)}
        lab.tasks(*[task(cli, id, name, faults[name][0]) for id, name in ids.items()])
        lab.commit()
        lab.begin("--wait-user", "20m")
        ends = watch(lab, ids, [id for id, name in ids.items() if name == "killed"])
        counts = collections.Counter((kind, id) for kind, id, _, _ in field.facts(lab))
        cells = {name: cell(cli, name, id, ends, counts) for id, name in ids.items()}
        broken = broken_ceiling(counts)
        good = not broken and all(right for _, right in cells.values())
        if not good:
            events = lab.run("events", check=0).out
            print(f"{cli}: {broken} {cells}\n{lab.screens()}\n{lab.describe()}\n{events}", file=sys.stderr)
        return {name: text for name, (text, _) in cells.items()}, good
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
