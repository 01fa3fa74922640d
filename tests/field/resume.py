"""resume: how an agent is ended, and what the attempt after it goes on with.

At its prompt it is ended by its own command. One that was killed goes on with its conversation, and is told only what is
new; where the files of that are gone, a new one is begun, and no attempt is lost.
"""
import os
import shutil
import signal
import sys

import field

HEAD = ("CLI", "ended by", "after it was killed", "without its files")
CONFIG = """
agent = "{cli}"
workers = {workers}
[limits]
attempts = 2
retry_delay = "3s"
stop_grace = "5s"
"""
SAYING = "[[say ready and waiting]]"
# Where they keep conversations, below HOME.
FILES = {"claude": (".claude/projects",), "codex": (".codex/sessions",), "gemini": (".gemini/tmp",),
         "qwen": (".qwen/projects", ".qwen/tmp", ".qwen/chats"), "pi": (".pi/agent/sessions",)}
# It takes no prompt with the id of a conversation.
BEGINS_ANEW = ("opencode",)


class ResumeLab(field.FieldLab):
    def config(self, text, base=CONFIG):
        super().config(text, base)


def attempts(lab):
    found = (lab.repo / ".tmux-orch/runs").glob("*/attempts/T1.*")
    return sorted(found, key=lambda folder: int(folder.name.rpartition(".")[2]))


def begin(lab):
    lab.config("")
    lab.tasks(f"- [ ] T1: wait\n\n  {SAYING}\n")
    lab.commit()
    lab.begin("--wait-user", "10m")


def until_idle(lab, number):
    """Waits until that attempt has ended its turn and was told so often enough that it is the user's."""

    def look():
        task = lab.task("T1")
        return task["attempt"] == number and task.get("agent_state") == "idle" and "T1" in lab.status()["needs_user"]

    return field.until(look, 90)


def ending(folder):
    words = (folder / "exit").read_text().split("\n") if (folder / "exit").exists() else []
    return next((value for name, value in zip(words, words[1:]) if name.startswith("ending ")), "nothing")


def crash(lab, files=()):
    pid = field.agent_pid(lab, "T1")
    os.kill(pid, signal.SIGKILL)
    for name in files:
        shutil.rmtree(lab.home / name, ignore_errors=True)


def requests(dump):
    return dump.read_text(errors="replace").splitlines()


def killed(lab, cli, dump):
    """What attempt 2 goes on with, and how its agent is ended at its prompt."""
    begin(lab)
    if not until_idle(lab, 1):
        return "no turn", "", False
    session = lab.task("T1")["session"]
    crash(lab)
    until_idle(lab, 2)
    folders = attempts(lab)
    same = len(folders) == 2 and session and (folders[1] / "session").read_text() == session
    has_all = any("attempt 2" in line for line in requests(dump) if SAYING in line)
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    by = ending(folders[-1])
    goes_on = bool(same and has_all)
    good = by == "code" and len(folders) == 2 and goes_on == (cli not in BEGINS_ANEW)
    if not good:
        print(f"{cli}: {len(folders)} attempts, same {same}, all {has_all}, {by}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
    return ("its command" if by == "code" else by), ("goes on" if goes_on else "begins anew"), good


def forgotten(lab, cli):
    """What becomes of attempt 2 where its conversation is gone."""
    begin(lab)
    if not until_idle(lab, 1):
        return "no turn", False
    crash(lab, FILES[cli])
    good = field.until(lambda: len(attempts(lab)) == 3, 60) and until_idle(lab, 3)
    whys = [text for kind, _, text, _ in field.facts(lab) if kind == "task.retried"]
    if not good:
        print(f"{cli}: {whys}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
    return (whys[-1] if whys else "nothing")[:60], bool(good)


def run(cli, binary, folder, port):
    lab = ResumeLab(binary, folder, cli, workers=1, port=port)
    try:
        by, after, good = killed(lab, cli, lab.serve_model(port))
    finally:
        lab.clean()
    if cli in BEGINS_ANEW:
        return [cli, by, after, "-"], good
    lab = ResumeLab(binary, folder, cli, workers=1, port=port + 100)
    try:
        lab.serve_model(port + 100)
        gone, fine = forgotten(lab, cli)
    finally:
        lab.clean()
    return [cli, by, after, gone], good and fine
