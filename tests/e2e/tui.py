"""The scripted agent of tests/fake/tui_agent in a lab: its configuration, its tasks, and what it has seen."""
import json
import pathlib

from lab import CONFIG, Failed

FAKE = pathlib.Path(__file__).resolve().parents[1] / "fake"

# Commits, so that there is something to merge, and reports.
COMMIT = 'run echo x > "$(basename "$PWD").txt"; git add -A; git commit -qm work'
DONE = "run tmux-orch done -m 'it is done'"
FACTS = ("task.asking", "task.turn-failed", "task.idle", "task.stalled", "task.reminded", "task.told", "task.continued")
HOOKS = ("SessionStart", "UserPromptSubmit", "PermissionRequest", "Stop", "StopFailure")
# As it stands in src/config/profiles.
CALL = '[ ! -x "$ORCH_PROGRAM" ] || exec "$ORCH_PROGRAM" hook '
COMMAND_DIALOGS = r'command_dialogs = ["Do you want to run this command?\n{command}"]'


def hooks(events):
    """The agent's table with hooks of ours, as the built-in agents have them."""
    groups = {event: [{"hooks": [{"type": "command", "command": CALL + event}]}] for event in events}
    return f"""
[agents.tui.files]
"settings.json" = '''
{json.dumps({"hooks": groups})}
'''
"""


def configure(lab, *limits, workers=6, more="", with_hooks=False, without=(), lines=""):
    """Its table, with `workers` of them at once; `limits` are lines for [limits], `lines` for its table, `without` hooks that
    it does not call."""
    table = (FAKE / "tui_agent.toml").read_text()
    table = table.replace("[agents.tui]\n", f"[agents.tui]\n{lines}\n")
    table = table.replace("$TUI_AGENT_LOG", str(lab.ledger / "tui.log"))
    table = table.replace("$TUI_AGENT", str(FAKE / "tui_agent"))
    if with_hooks:
        table = table.replace("tui_agent\"]", "tui_agent\", \"--settings\", \"{attempt_folder}/files/settings.json\"]")
        table = table.replace("[agents.tui]\n", f"[agents.tui]\n{COMMAND_DIALOGS}\n")
        more += hooks(set(HOOKS) - set(without))
    base = CONFIG.replace("workers = 3", f"workers = {workers}")
    base = base.replace("[limits]", "\n".join(["[limits]", *limits]))
    lab.config("\n" + table + more, base=base)


def task(*steps, id="T1"):
    """A task whose agent goes through these steps in its first turn."""
    block = "".join(f"  {step}\n" for step in steps)
    return f"- [ ] {id}: a task\n  Agent: tui\n\n  ```tui\n{block}  ```\n"


def happened(lab, task=None, what=None):
    """What agents have noted so far, in order."""
    file = lab.ledger / "tui.log"
    lines = file.read_text().splitlines(True) if file.exists() else []
    all = [json.loads(line) for line in lines if line.endswith("\n")]
    return [one for one in all if task in (None, one["task"]) and what in (None, one["what"])]


def texts(lab, task="T1"):
    """The texts that an agent was submitted after its prompt."""
    return [one["text"] for one in happened(lab, task, "submitted")][1:]


def until_happened(lab, task, what, count=1):
    def look():
        found = happened(lab, task, what)
        return found[count - 1] if len(found) >= count else None

    return lab.until(look, f"{task}: {what}, {count} times; {happened(lab, task)}")


def until_turn(lab, id, state, kind="", stalled=False):
    """Waits until the agent of a task is seen at this; the task."""

    def look():
        task = lab.task(id)
        turn = task.get("agent_turn")
        if turn is None:
            return None
        seen = (task["agent_state"], turn["kind"], turn["stalled"])
        return task if seen == (state, kind, stalled) else None

    return lab.until(look, f"{id} is seen {state} {kind}; its agent: {happened(lab, id)}")


def facts(lab, id, *kinds):
    """The facts of a task of these kinds, as (kind, wall_ms); without kinds: of all that is seen and said."""
    found = []
    for line in lab.run("events", "--json", check=0).out.splitlines():
        row = json.loads(line)
        found += [(fact["kind"], row["wall_ms"]) for fact in row["facts"]
                  if fact["task"] == id and fact["kind"] in (kinds or FACTS)]
    return found


def seen(lab, id):
    """How often the core was told something new of what this agent shows."""
    count = 0
    for journal in (lab.repo / ".tmux-orch/runs").glob("*/events.jsonl"):
        for line in journal.read_text().splitlines():
            event = json.loads(line)["event"]
            event = json.loads(event) if isinstance(event, str) else event
            count += event["type"] == "agent_seen" and event["task"] == id
    return count


def in_time(lab, id, what, kind, threshold):
    """Was it told within 5 s after its threshold, from when the agent showed it? Both in seconds."""
    shown = until_happened(lab, id, what)["wall_ms"]
    told = lab.until(lambda: facts(lab, id, kind), f"{kind} of {id}")[0][1]
    if told - shown > (threshold + 5) * 1000:
        raise Failed(f"{kind} of {id} was told {told - shown} ms after it showed")


def press(lab, id, *keys):
    lab.tmux("send-keys", "-t", lab.task(id)["pane"], *keys)
