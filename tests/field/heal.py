"""heal: a turn that fails for a passing reason, and one that hangs.

The first agent has to be told to continue, once, in the same attempt, and the model be asked that; the turn of the
second has to be ended after 25 s without progress, and its request come to the model once more.
"""
import sys
import time

import field

LIMIT = 280
CONFIG = """
agent = "{cli}"
workers = {workers}
[limits]
attempts = 1
stop_grace = "1s"
stall = "20s"
continue_after = ["2s", "4s", "6s"]
"""
# Programs try again by themselves, each in its own way; what ends a turn soon. In opencode and qwen nothing that passes does.
ERRORS = {"claude": "[[error 529 2]]", "codex": "[[ratelimit 429 1]]", "gemini": "[[bash ls]] [[drop 1]]", "pi": "[[error 500 12]]"}
ENV = {"claude": 'env = { CLAUDE_CODE_MAX_RETRIES = "1" }\n'}
HEAD = ("CLI", "told after an error", "attempts", "asked", "after a hang")


def told_after_error(lab, dump):
    """How often the first agent was told to continue, and in which attempt."""
    lab.until(lambda: count(dump, "Continue."), "T1 is told to continue", LIMIT)
    return sum(fact[1] == "T1" for fact in lab.facts("task.continued")), lab.task("T1")["attempt"]


def count(dump, text):
    return sum(text in line for line in dump.read_text(errors="replace").splitlines())


def hung(lab, dump, end):
    """Was its turn ended, and the model asked again?"""
    lab.until(lambda: any(fact[1] == "T2" for fact in lab.facts("task.stalled")), "T2 hangs", end - time.monotonic())
    before = count(dump, "Task T2:")
    lab.until(lambda: lab.facts("task.interrupted"), "T2 is interrupted", end - time.monotonic())
    start = time.monotonic()
    lab.until(lambda: count(dump, "Task T2:") > before, "the model is asked once more", 30)
    return f"asked again after {time.monotonic() - start:.0f} s"


def run(cli, binary, folder, port):
    lab = field.FieldLab(binary, folder, cli, workers=2, port=port)
    try:
        dump = lab.serve_model(port)
        own = lab.home / ".config/tmux-orch/config.toml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f'[agents.{cli}]\ninterrupt_after = "25s"\n' + ENV.get(cli, ""))
        lab.config("", base=CONFIG)
        lab.tasks(f"- [ ] T1: fail\n\n  {ERRORS.get(cli, '')} [[say fine]]\n", "- [ ] T2: hang\n\n  [[hang]]\n")
        lab.commit()
        lab.begin("--wait-user", "10m")
        end = time.monotonic() + LIMIT
        if cli not in ERRORS:
            return [cli, "tries for long", "", "", hung(lab, dump, end)], True
        told, attempt = told_after_error(lab, dump)
        after_hang = hung(lab, dump, end)
        return [cli, str(told), str(attempt), "yes", after_hang], told == 1 and attempt == 1
    except field.e2e.Failed as failure:
        print(f"{cli}: {failure}\n{lab.screens()}", file=sys.stderr)
        return [cli, "", "", "", "nothing"], False
    finally:
        lab.clean()
