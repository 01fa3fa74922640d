"""What it costs to say something: a call of a tool, a text from the command to the Enter in an idle pane, and a thousand
messages of one agent for twenty others. Agents are the scripted ones of the tests."""
import json
import pathlib
import statistics
import subprocess
import time

from suite import place, runs, scripts

FAKE = pathlib.Path(__file__).resolve().parents[2] / "fake"
CONFIG = """
agent = "tui"
workers = {workers}
[limits]
task_timeout = "1h"
stall = "30m"
auto_texts = 0
[messages]
per_pair = 1000
open_per_agent = 1000
open_per_run = 5000
"""


def configuration(where, workers):
    table = (FAKE / "tui_agent.toml").read_text()
    table = table.replace("$TUI_AGENT_LOG", str(where.folder / "tui.log"))
    return CONFIG.format(workers=workers) + table.replace("$TUI_AGENT", str(FAKE / "tui_agent"))


def submitted(where):
    """(when, text) of each text that an agent was given after its prompt."""
    file = where.folder / "tui.log"
    lines = file.read_text().splitlines(True) if file.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [(one["wall_ms"], one["text"]) for one in found if one["what"] == "submitted" and "```tui" not in one["text"]]


def states(where):
    return {task["id"]: task for task in json.loads(where.orch("status", "--json"))["tasks"]}


def until_idle(where, count):
    def are_idle():
        return sum(task["agent_state"] == "idle" for task in states(where).values()) >= count

    runs.until(are_idle, 120, "agents at their prompts")


def ask_mcp(where, calls):
    """Milliseconds of each call of `worktree status` over one connection."""
    server = subprocess.Popen([where.binary, "mcp"], cwd=where.repo, env=where.env, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    took = []
    for number in range(calls):
        begin = time.monotonic()
        request = {"jsonrpc": "2.0", "id": number, "method": "tools/call",
                   "params": {"name": "worktree", "arguments": {"action": "status"}}}
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        server.stdout.readline()
        took.append((time.monotonic() - begin) * 1000)
    server.stdin.close()
    server.wait(timeout=30)
    return took


def to_an_idle_pane(where, texts):
    """Milliseconds from `send` to the Enter that its agent got."""
    took = []
    for number in range(texts):
        time.sleep(2)  # the turn before is over, and that has been seen
        runs.until(lambda: states(where)["T1"]["agent_state"] == "idle", 60, "its prompt")
        begin = time.time() * 1000
        where.orch("send", "T1", f"text {number}")
        runs.until(lambda: any(text == f"text {number}" for _, text in submitted(where)), 30, "the text")
        took.append(next(when for when, text in submitted(where) if text == f"text {number}") - begin)
    return took


def a_thousand(where, others, sends):
    """Seconds from the first one until all are accepted, until all are typed, and how many were typed together at most."""
    until_idle(where, others + 1)  # what its agent is to do is no part of it
    send = f"for i in $(seq {sends}); do tmux-orch send all \"n $i\"; done"
    where.orch("send", "T1", f"run date +%s%N > {where.folder}/begun; {send}; date +%s%N > {where.folder}/sent")
    runs.until(lambda: (where.folder / "begun").exists(), 120, "the first one is sent")
    begin = time.monotonic()
    runs.until(lambda: (where.folder / "sent").exists() and (where.folder / "sent").read_text(), 120, "all are sent")
    accepted = (int((where.folder / "sent").read_text()) - int((where.folder / "begun").read_text())) / 1e9

    def over():
        listed = json.loads(where.orch("messages", "--json", "--last", "100000"))["messages"]
        return sum(one["state"] in ("started", "submitted") for one in listed if one["from"] == "T1") >= others * sends

    runs.until(over, 300, "all are typed")
    together = max(text.count("[m") for _, text in submitted(where))
    return accepted, time.monotonic() - begin, together


def one_round(binary, found, quick):
    others, sends, texts = (3, 5, 3) if quick else (20, 50, 10)
    with place.Place(binary) as where:
        tasks = [f"- [ ] T{number + 1}: a task\n\n  ```tui\n  say hello\n  ```\n" for number in range(others + 1)]
        where.make_repository(20, tasks, configuration(where, others + 1))
        where.orch("up", "tasks.md", "-S", where.socket, "-d", "--wait-user", "forever")
        until_idle(where, others + 1)
        plain = statistics.median(scripts.ms(lambda: where.sh("true")) for _ in range(20))
        call = statistics.median(scripts.ms(lambda: where.orch("call", "worktree", '{"action":"status"}')) for _ in range(20))
        found.add("`call worktree status`", "ms", call, plain)
        found.add("the same by MCP", "ms", statistics.median(ask_mcp(where, 50)), bar=5)
        found.add("`send` to the Enter in an idle pane", "ms", statistics.median(to_an_idle_pane(where, texts)), bar=400)
        accepted, typed, together = a_thousand(where, others, sends)
        count = others * sends
        found.add(f"{count} messages for {others} agents: accepted", "s", accepted, bar=1)
        found.add(f"{count} messages for {others} agents: typed", "s", typed, bar=20)
        found.add(f"{count} messages for {others} agents: typed together at most", "", together, bar=10)
        where.orch("down")
