"""together: one agent of each kind at once, twelve tasks; nobody is called asking, failed or stalled."""
import sys
import time

import field
import merge

HEAD = ("CLIs", "merged", "time", "told without a cause")
LIMIT = 400
FALSE_ALARMS = ("task.asking", "task.turn-failed", "task.stalled", "task.idle", "task.failed", "task.trouble",
                "task.anomaly", "kind.paused")


def task(id, cli):
    text = merge.task(id, "", cli)
    head, rest = text.split("\n", 1)
    return f"{head}\n  Agent: {cli}\n{rest}"


def run(clis, binary, folder):
    lab = field.FieldLab(binary, folder, clis[0], workers=len(clis), clis=clis)
    try:
        lab.config("")
        lab.tasks(*(task(f"T{number + 1}", clis[number % len(clis)]) for number in range(12)))
        lab.commit()
        start = time.monotonic()
        lab.begin("--wait-user", "10m")
        states = field.until_merged(lab, LIMIT)
        seconds = time.monotonic() - start
        merged = sum(state == "merged" for state in states.values())
        alarms = [f"{id} {kind}" for kind, id, _, _ in field.facts(lab) if kind in FALSE_ALARMS]
        if merged < 12 or alarms:
            print(f"{states}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        return [", ".join(clis), f"{merged} of 12", f"{seconds:.0f} s", ", ".join(alarms) or "nothing"], \
            merged == 12 and not alarms
    finally:
        lab.clean()
