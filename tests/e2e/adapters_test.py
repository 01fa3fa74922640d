"""What pi and opencode tell by the extension and the plugin that their profiles give them, in JavaScript."""
import json
import os
import shutil
import subprocess
import time

import tui
from lab import CONFIG, Failed, Skip, equal, says, test

DONE = "run tmux-orch done -m 'it is done'"


def prepare(lab, kind, *steps):
    """A task for this kind of agent, which a program of ours stands in for."""
    if shutil.which("node", path=lab.env["PATH"]) is None:
        raise Skip("there is no node")
    programs = lab.folder / "programs"
    programs.mkdir()
    (programs / kind).symlink_to(tui.FAKE / "js_agent.mjs")
    lab.env["PATH"] = f"{programs}:{lab.env['PATH']}"
    lab.config("", base=CONFIG.replace("agent = \"sh\"", f"agent = \"{kind}\""))
    block = "".join(f"  {step}\n" for step in steps)
    lab.tasks(f"- [ ] T1: a task\n  Agent: {kind}\n\n  ```steps\n{block}  ```\n")


def said(lab):
    """The events that its program told of, in order."""
    events = []
    for journal in (lab.repo / ".tmux-orch/runs").glob("*/events.jsonl"):
        for line in journal.read_text().splitlines():
            event = json.loads(line)["event"]
            event = json.loads(event) if isinstance(event, str) else event
            if event["type"] == "agent_reported" and event["kind"] == "hook":
                events.append(event["hook"]["event"])
    return events


@test
def pi_is_reminded_by_its_extension_and_goes_on(lab):
    prepare(lab, "pi", "busy", tui.COMMIT, "over", "busy", DONE, "over")
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    says((lab.ledger / "sent").read_text(), "Your turn is over")
    equal([kind for kind, _ in tui.facts(lab, "T1")], ["task.reminded"], "what was told")
    equal(said(lab)[:4], ["SessionStart", "UserPromptSubmit", "Stop", "UserPromptSubmit"], "its events")
    equal(lab.task("T1")["session"], "01a22623-fa42", "its session")
    lab.until_over()


@test
def a_failed_turn_of_pi_is_told_with_its_error(lab):
    prepare(lab, "pi", "busy", "fail 500 Internal server error")
    lab.begin("--wait-user", "forever")
    task = tui.until_turn(lab, "T1", "failed")
    equal(task["agent_turn"]["source"], "both", "who says so")
    equal(said(lab), ["SessionStart", "UserPromptSubmit", "StopFailure"], "its events")
    lab.run("abort", "T1", check=0)


@test
def a_permission_that_only_the_plugin_of_opencode_tells_of_is_shown(lab):
    prepare(lab, "opencode", "busy", "child", "ask make install", "wait go", "answer", tui.COMMIT, DONE, "over")
    lab.begin("--wait-user", "forever")
    task = tui.until_turn(lab, "T1", "asking", "permission")
    equal(task["agent_turn"]["source"], "hook", "who says so")
    says(task["why"], "its hook PermissionRequest: bash: make install")
    (lab.ledger / "go").touch()
    lab.until_state("T1", "merged")
    equal(said(lab)[:3], ["UserPromptSubmit", "PermissionRequest", "PostToolUse"], "its events, without its child's")
    equal(lab.task("T1")["session"], "ses_dd9e07b83ffe", "its session")
    lab.until_over()


@test
def what_opencode_answers_itself_at_once_is_no_question(lab):
    prepare(lab, "opencode", "busy", "ask ls", "answer", tui.COMMIT, "over")
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "idle")
    equal(said(lab), ["UserPromptSubmit", "PostToolUse", "Idle"], "its events")
    equal(tui.facts(lab, "T1", "task.asking"), [], "what was told")
    lab.run("abort", "T1", check=0)


@test
def a_hook_that_is_missing_or_hangs_does_no_harm(lab):
    prepare(lab, "pi", "busy")
    hangs = lab.folder / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 30\n")
    hangs.chmod(0o755)
    files = lab.folder / "hooks.js"
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.task("T1").get("session"), "its extension is there")
    shutil.copy(next((lab.repo / ".tmux-orch/runs").glob("*/attempts/T1.1/files/hooks.js")), files)
    lab.run("abort", "T1", check=0)
    for program in (None, "/nonexistent", str(hangs)):
        began = time.monotonic()
        prompt = "```steps\nbusy\nfail x\nrun touch \"$LEDGER\"/over\n```"
        env = {**lab.env, **({"ORCH_PROGRAM": program} if program else {})}
        playing = subprocess.Popen(["pi", "--extension", str(files), prompt], env=env, cwd=lab.repo, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        lab.programs.append(playing)
        lab.until(lambda: (lab.ledger / "over").exists(), f"its steps with {program}")
        if time.monotonic() - began > 5:
            raise Failed(f"{program}: its hooks hold it up")
        equal(playing.poll(), None, f"its end with {program}")
        playing.kill()
        equal(playing.communicate()[1], "", "what it has to say of it")
        os.unlink(lab.ledger / "over")
