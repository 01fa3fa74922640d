"""tools: one call of our tools by MCP, without a question, in an agent that got them from its profile."""
import json
import sys
import time

import field

HEAD = ("CLI", "tools", "time")
# What its program calls the tool; gemini has no option by which a process gets a server. The scripted model cannot call
# one of codex, whose calls name a namespace besides: of that it is known only that it is offered.
NAMES = {"claude": "mcp__tmux-orch__worktree", "codex": None, "opencode": "tmux-orch_worktree",
         "qwen": "mcp__tmux-orch__worktree"}
OFFERED = "Tasks of this run, each in a git worktree"
LIMIT = 90


def run(cli, binary, folder, port):
    if cli not in NAMES:
        return [cli, "none", "-"], True
    lab = field.FieldLab(binary, folder, cli, workers=1, port=None if NAMES[cli] else port)
    try:
        dump = None if NAMES[cli] else lab.serve_model(port)
        lab.config("")
        call = {"action": "notify", "args": {"message": "said by a tool"}}
        called_by = f"[[tool {NAMES[cli]} {json.dumps(call)}]]" if NAMES[cli] else ""
        # Servers are connected to while its first turn is on its way.
        lab.tasks(f"- [ ] T1: call\n\n  [[sleep 5]] {called_by} [[say over]]\n")
        lab.commit()
        start = time.monotonic()
        lab.begin("--wait-user", "10m")

        def offered():
            return dump is not None and OFFERED in dump.read_text(errors="replace")

        def called():
            return any("said by a tool" in str(fact) for fact in field.facts(lab))

        good = field.until(called if NAMES[cli] else offered, LIMIT)
        seconds = time.monotonic() - start
        if not good:
            print(f"{cli}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        result = "called" if called() else "offered" if offered() else "none"
        return [cli, result, f"{seconds:.0f} s"], bool(good)
    finally:
        lab.clean()
