"""usage: what an agent has used: its first attempt, and one that goes on with the conversation after the first was killed.

Shown of each attempt: tokens in and out, context and its window, and the cost with who says it.
"""
import contextlib
import os
import signal
import sys

import field

HEAD = ("CLI", "T1", "T2, first attempt", "T2, second attempt", "report")
LIMIT = 120
# The model says that it used so much for each answer of that turn.
TASKS = {"T1": "[[usage 12000 300]] {work} [[bash tmux-orch done -m finished]]", "T2": "[[usage 7000 70]] [[bash sleep 300]]"}


def shown(used):
    tokens = used["tokens"] or {}
    cost = f"${used['cost']:.4f} {used['cost_by']}" if used["cost"] is not None else "no cost"
    return f"{tokens.get('in')}/{tokens.get('out')}, {used['context']} of {used['context_window']}, {cost}, {' '.join(used['models'])}"


def used(lab, id, attempt):
    found = [one for one in lab.task(id)["usage"] if one["attempt"] == attempt]
    return found[0] if found and found[0]["tokens"] else None


def kill_agent(lab, id):
    """All that runs below its shim, as the kernel would for want of memory."""
    children = {}
    for folder in os.listdir("/proc"):
        if folder.isdigit():
            try:
                with open(f"/proc/{folder}/stat") as file:
                    children.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(folder))
            except OSError:
                pass
    below = list(children.get(lab.task(id)["pid"], []))
    for pid in below:
        below += children.get(pid, [])
    for pid in below:
        with contextlib.suppress(ProcessLookupError):  # with the one above it
            os.kill(pid, signal.SIGKILL)


def run(cli, binary, folder, port):
    lab = field.FieldLab(binary, folder, cli, workers=2, port=port)
    try:
        lab.serve_model(port)
        lab.config("")
        commit = "[[bash git add -A && git commit -qm work]]" if cli != "codex" else ""
        work = f"[[write T1.txt x]] {commit}"
        lab.tasks(*(f"- [ ] {id}: try\n\n  {text.format(work=work)}\n" for id, text in TASKS.items()))
        lab.commit()
        lab.begin("--wait-user", "10m")
        merged = field.until(lambda: lab.task("T1")["state"] == "merged", LIMIT)
        first = field.until(lambda: used(lab, "T2", 1), LIMIT)
        if first:
            kill_agent(lab, "T2")
        second = field.until(lambda: used(lab, "T2", 2), LIMIT)
        lab.run("abort", "T2")
        field.until(lambda: "supervisor_pid" not in lab.status(), LIMIT)
        done = lab.task("T1")["usage"][0]
        good = bool(merged and first and second and done["tokens"])
        if not good:
            print(f"{cli}: {lab.task('T1')['usage']} {lab.task('T2')['usage']}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        cells = [shown(one) if one else "none" for one in (done, used(lab, "T2", 1), used(lab, "T2", 2))]
        return [cli, *cells, next((line for line in lab.run("report").text.splitlines() if line.startswith("used")), "")], good
    finally:
        lab.clean()
