"""questions: three permissions and a question of the agent; a text that is sent meanwhile stays away from them.

Each is answered by `approve`, and the text has to arrive once, after the last answer.
"""
import sys
import time

import field

HEAD = ("CLI", "told after", "approved", "typed into a dialog", "text arrived")
# These never ask: what is too much for its sandbox codex is told, opencode and pi may do everything.
NEVER_ASK = ("codex", "opencode", "pi")
HAVE_A_QUESTION = ("claude", "gemini", "qwen", "opencode")
COMMANDS = ("git push nowhere", "git gc --auto", "git config a.b c")


def until_question(lab, known):
    """Another question than those that are known, and its text; None after a while."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        turn = lab.task("T1").get("agent_turn") or {}
        question = turn.get("question")
        if lab.task("T1")["agent_state"] == "asking" and question and question not in known:
            return question
        time.sleep(0.1)
    return None


def run(cli, binary, folder, port):
    asks = 0 if cli in NEVER_ASK else len(COMMANDS)
    question = cli in HAVE_A_QUESTION
    if not asks and not question:
        return [cli, "never asks", "-", "-", "-"], True
    lab = field.FieldLab(binary, folder, cli, workers=1, port=port)
    try:
        dump = lab.serve_model(port)
        lab.config("")
        steps = [f"[[bash {command}]]" for command in COMMANDS[:asks]] + ["[[ask Which one?|red|blue]]"] * question
        lab.tasks(f"- [ ] T1: ask\n\n  {' '.join(steps)} [[say finished]]\n")
        lab.commit()
        lab.begin("--wait-user", "10m")
        known, approved, typed, delays = [], 0, 0, []
        for step in steps:
            id = until_question(lab, known)
            if id is None:
                break
            known.append(id)
            delays.append(field.delay_of_asking(lab, "T1", dump))
            if len(known) == 1:
                lab.run("send", "T1", "TEXT-BEGIN [[say understood]] TEXT-END", check=0)
            time.sleep(2.5)  # so long a text would have time to be typed into it
            typed += "TEXT-BEGIN" in lab.screens()
            option = ["--option", "red"] if step.startswith("[[ask") else []
            approved += lab.run("approve", "T1", *option).code == 0
        arrived = field.until(lambda: dump.read_text(errors="replace").count("TEXT-END") > 0, 30)
        good = approved == len(steps) and typed == 0 and arrived
        if not good:
            print(f"{cli}:\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        longest = max(delays, default=0)
        return [cli, f"{longest:.1f} s", f"{approved} of {len(steps)}", str(typed), "yes" if arrived else "no"], good
    finally:
        lab.clean()
