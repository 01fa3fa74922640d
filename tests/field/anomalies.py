"""anomalies: which rules fire for a program whose model calls a tool in vain, in a form that nobody can read, and again and again.

qwen and gemini end a turn with the same calls by themselves, and opencode asks before it writes elsewhere. codex writes by commands, of which nobody knows what they write, and gemini refuses to write there.
Shown of each task: the rules with what was done, and the evidence of the first one.
"""
import json
import sys

import field

HEAD = ("CLI", "commands that fail", "calls that nobody can read", "the same call", "written outside")
LIMIT = 120
# By the name that each program has for its shell.
SHELLS = {"claude": "Bash", "codex": "exec_command", "gemini": "run_shell_command", "qwen": "run_shell_command",
          "pi": "bash", "opencode": "bash"}
UNSEEN = {"codex": ["T4"], "gemini": ["T3", "T4"], "qwen": ["T3"], "opencode": ["T4"]}
RULES = """
[anomalies.malformed-calls]
actions = ["note"]
[anomalies.loop]
actions = ["note"]
"""


def tasks(cli, repo):
    # The file is looked at every five seconds while the agent is at work: its model thinks meanwhile.
    look = "[[sleep 9]] [[say well]]"
    vain = " ".join(f"[[bash cat nowhere{number}]]" for number in range(6))
    odd = f'[[tool {SHELLS[cli]} {{"wrong": 1}}]]'
    return {"T1": f"{vain} {look}", "T2": f"{odd} {odd} [[tool Nonesuch {{}}]] {look}", "T3": f"{'[[bash git status]] ' * 10} {look}",
            "T4": f"[[write {repo}/elsewhere.txt x]] {look}"}


def anomalies(lab, id):
    found = []
    for line in lab.run("events", "--json", check=0).out.splitlines():
        found += [fact["anomaly"] for fact in json.loads(line)["facts"] if fact["kind"] == "task.anomaly" and fact["task"] == id]
    return found


def shown(found):
    if not found:
        return "none"
    return ", ".join(f"{one['rule']} {one['amount']}: {one['action']}" for one in found) + f" ({found[0]['evidence']})"


def run(cli, binary, folder, port):
    if cli not in SHELLS:
        return [cli, *["not known"] * 4], True
    lab = field.FieldLab(binary, folder, cli, workers=4, port=port)
    try:
        lab.serve_model(port)
        lab.config("")
        rules = lab.home / ".config/tmux-orch"
        rules.mkdir(parents=True, exist_ok=True)
        (rules / "config.toml").write_text(RULES)
        wanted = tasks(cli, lab.repo)
        lab.tasks(*(f"- [ ] {id}: try\n\n  {text}\n" for id, text in wanted.items()))
        lab.commit()
        lab.begin("--wait-user", "10m")
        unseen = UNSEEN.get(cli, ())

        def look():
            if lab.task("T4").get("agent_state") == "asking":
                lab.run("approve", "T4")
            return all(anomalies(lab, id) for id in wanted if id not in unseen)

        seen = field.until(look, LIMIT)
        found = {id: anomalies(lab, id) for id in wanted}
        rules_of = [found[id][0]["rule"] if found[id] else "" for id in ("T1", "T2", "T3")]
        good = bool(seen) and rules_of == ["tool-errors", "malformed-calls", "" if "T3" in unseen else "loop"]
        if not good:
            print(f"{cli}: {found}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        return [cli, *(shown(found[id]) for id in wanted)], good
    finally:
        lab.clean()
