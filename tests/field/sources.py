"""sources: what an agent's own program tells by its hooks: a task from prompt to merged, a turn that fails, an end without done.

Shown are the events of each task in order, and who said what it was at last: `hook`, `screen` or `both`.
"""
import json
import sys

import field

# Those that have a second source besides their screen.
TELLING = ("claude", "codex", "opencode", "qwen", "pi")
# codex calls no hook when a turn fails; claude tries for minutes before it does.
NO_FAILURE = ("codex", "claude")
LIMIT = 90
TASKS = {"T1": "{work} [[bash tmux-orch done -m finished]]", "T2": "[[auth]]", "T3": "[[say I am finished]]"}
HEAD = ("CLI", "merged", "401", "no done", "sessions")


def heard(lab, id):
    """The events that its program told of, in order, each once in a row."""
    events = []
    for journal in (lab.repo / ".tmux-orch/runs").glob("*/events.jsonl"):
        for line in journal.read_text().splitlines():
            event = json.loads(line)["event"]
            event = json.loads(event) if isinstance(event, str) else event
            if event.get("kind") == "hook" and event.get("task") == id:
                events.append(event["hook"]["event"])
    return [event for at, event in enumerate(events) if at == 0 or event != events[at - 1]]


def state(lab, id):
    task = lab.task(id)
    return task["state"], task.get("agent_state"), task.get("agent_turn", {}).get("source")


def run(cli, binary, folder, port):
    if cli not in TELLING:
        return [cli, *["no hooks"] * 4], True
    lab = field.FieldLab(binary, folder, cli, workers=3, port=port)
    try:
        lab.serve_model(port)
        lab.config("")
        commit = "[[bash git add -A && git commit -qm work]]" if cli != "codex" else ""
        work = f"[[write T1.txt x]] {commit}"
        lab.tasks(*(f"- [ ] {id}: try\n\n  {text.format(work=work)}\n" for id, text in TASKS.items()))
        lab.commit()
        lab.begin("--wait-user", "10m")
        merged = field.until(lambda: state(lab, "T1")[0] == "merged", LIMIT)
        failed = cli in NO_FAILURE or field.until(lambda: state(lab, "T2")[1:] in (("failed", "both"), ("failed", "hook")), LIMIT)
        idle = field.until(lambda: [one for one in field.facts(lab) if one[:2] == ("task.idle", "T3")], LIMIT)
        told = {id: heard(lab, id) for id in TASKS}
        sessions = [lab.task(id).get("session") or "" for id in TASKS]
        good = bool(merged and failed and idle and all(told.values()) and len(set(sessions) - {""}) == 3)
        if not good:
            print(f"{cli}: {told} {sessions}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        cells = [f"{' '.join(told[id])}: {state(lab, id)[1]} ({state(lab, id)[2]})" for id in TASKS]
        return [cli, *cells, ", ".join(one[:12] for one in sessions)], good
    finally:
        lab.clean()
