"""What is done about agents that are at work and with which something is wrong."""
import json
import os
import signal
import time

import adapters_test
import tui
import usage_test
from lab import Failed, equal, long_test, says, test

GOOD = "call Bash ls => ok"
# Long enough for the file of the conversation to be looked at.
LOOK = "busy 7"
INTERRUPTS = 'interrupt_keys = ["Escape"]\ninterrupt_after = "5m"\n'


def configure(lab, rules="", resumes=False, **more):
    """The user's own rules; the message of each has the agent commit and report."""
    if resumes:
        usage_test.configure(lab, resumes=True)
    else:
        tui.configure(lab, with_hooks=True, more=usage_test.USAGE, **more)
    text = f"It goes wrong.\nrun git checkout -q orch/T1\n{tui.COMMIT}\n{tui.DONE}"
    for name in ("tool-errors", "malformed-calls", "loop", "outside-edit", "other-branch"):
        rules += f"\n[anomalies.{name}]\nmessage = '''\n{text}'''\n"
    usage_test.prices(lab, merged_tables(rules))


def merged_tables(text):
    """TOML has each table once."""
    tables = {}
    for part in text.split("\n["):
        head, _, body = part.partition("]\n")
        tables[head.strip("[\n ")] = tables.get(head.strip("[\n "), "") + body.strip() + "\n"
    return "\n".join(f"[{head}]\n{body}" for head, body in tables.items() if head)


def program_of(lab, id):
    """The process of its agent: the child of its shim."""
    shim = lab.task(id)["pid"]
    with open(f"/proc/{shim}/task/{shim}/children") as children:
        return int(children.read().split()[0])


def anomalies(lab, id="T1"):
    """What rules have done, as (rule, action)."""
    found = []
    for line in lab.run("events", "--json", check=0).out.splitlines():
        found += [(fact["anomaly"]["rule"], fact["anomaly"]["action"]) for fact in json.loads(line)["facts"]
                  if fact["kind"] == "task.anomaly" and fact["task"] == id]
    return found


@test
def an_agent_whose_tools_fail_is_told_so_when_its_turn_is_over(lab):
    configure(lab)
    lab.tasks(tui.task("calls 6 Bash make check => error", LOOK))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: anomalies(lab), "a rule fires")
    equal(tui.texts(lab), [], "texts while it is busy")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("tool-errors", "message")], "what was done")
    says(tui.texts(lab)[0], "It goes wrong.")
    equal(len(tui.texts(lab)), 1, "texts")
    says(lab.run("events").out, "tool-errors (medium): 6 calls of its tools have failed in a row, the last one: "
         "Bash: make check; it is told so when its turn is over")


@test
def an_agent_that_fails_now_and_then_is_left_alone(lab):
    configure(lab)
    lab.tasks(tui.task(*["calls 4 Bash make check => error", GOOD] * 3, LOOK, tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [], "what was done")


@test
def a_loop_is_interrupted_when_being_told_is_not_enough(lab):
    configure(lab, "[anomalies.loop]\ncool_down = \"1s\"\n", lines=INTERRUPTS)
    same = "Bash cat notes.txt => ok"
    lab.tasks(tui.task(f"once calls 10 {same}", LOOK, f"once calls 3 {same}", "hang once"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("loop", "message"), ("loop", "interrupt")], "what was done")
    equal(len(tui.happened(lab, what="interrupted")), 1, "interrupts")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def calls_that_nobody_can_read_end_the_attempt_and_the_next_one_begins_a_new_conversation(lab):
    configure(lab, resumes=True)
    lab.tasks(tui.task("busy 1", *[f"once call Bash {number} => malformed" for number in range(3)], "once busy 30",
                       tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    first = lab.until(lambda: lab.task("T1").get("session"), "a conversation")
    lab.until(lambda: lab.task("T1")["attempt"] == 2, "a second attempt")
    equal(anomalies(lab), [("malformed-calls", "restart")], "what was done")
    lab.until_state("T1", "merged")
    if lab.task("T1")["session"] == first:
        raise Failed("the second attempt went on with the conversation")


@test
def a_loop_may_end_in_a_task_that_waits_for_the_user(lab):
    configure(lab, "[anomalies.loop]\nactions = [\"abort\"]\n")
    lab.tasks(tui.task("calls 10 Bash cat notes.txt => ok", "hang"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "blocked")
    says(lab.task("T1")["why"], "loop (medium): its last 10 calls were the same again and again: Bash: cat notes.txt")


@test
def the_user_is_asked_to_look_and_the_agent_goes_on(lab):
    configure(lab, "[anomalies.tool-errors]\nactions = [\"tell\"]\n")
    go = lab.ledger / "go"
    lab.tasks(tui.task("calls 6 Bash make check => error", f"run until test -e {go}; do sleep 0.1; done", GOOD, LOOK,
                       tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.status()["needs_user"] == ["T1"], "T1 needs the user")
    task = lab.task("T1")
    equal((task["state"], task["reason"]), ("running", "anomaly-told"), "its state")
    equal(task["anomalies"]["tool-errors"], {"severity": "medium", "fired": 1, "action": "tell", "amount": 6,
                                             "evidence": "Bash: make check", "over": False}, "what is known of it")
    says(lab.run("status").out, "calls of its tools have failed in a row", "`tmux-orch attach T1` shows it")
    go.touch()
    lab.until(lambda: lab.status()["needs_user"] == [], "it is well again")
    lab.until_state("T1", "merged")


@test
def a_file_outside_of_its_worktree_is_told_to_the_agent_that_wrote_it(lab):
    configure(lab)
    lab.tasks(tui.task("call Write a.c => ok", f"call Write {lab.folder}/notes => ok", "call Edit /srv/elsewhere/a.c => error",
                       "call Edit /srv/elsewhere/b.c => ok", LOOK))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("outside-edit", "message")], "what was done")
    says(lab.run("events").out, "it has written outside of its worktree: /srv/elsewhere/b.c")
    says(tui.texts(lab)[0], "It goes wrong.")


@test
def what_a_task_does_not_name_is_noted(lab):
    configure(lab)
    task = tui.task("call Write src/a.c => ok", "call Write src/b.c => ok", LOOK, tui.COMMIT, tui.DONE)
    lab.tasks(task.replace("  Agent: tui\n", "  Agent: tui\n  Files: src/a.c\n"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("scope", "note")], "what was done")
    says(lab.run("events").out, "it has written what its task does not name: src/b.c")


@test
def an_agent_on_another_branch_is_told_so_and_comes_back(lab):
    configure(lab)
    lab.tasks(tui.task("run git checkout -q -b mine", "busy 13"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("other-branch", "message")], "what was done")
    says(lab.run("events").out, "its worktree is not on its own branch: mine")


@test
def an_agent_that_is_stopped_is_shown_to_the_user(lab):
    configure(lab, "[anomalies.frozen]\nthreshold = 4\n")
    lab.tasks(tui.task("busy 4", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    pid = program_of(lab, "T1")
    os.kill(pid, signal.SIGSTOP)
    lab.until(lambda: lab.status()["needs_user"] == ["T1"], "T1 needs the user")
    says(lab.task("T1")["why"], "frozen (high): its processes have been stopped for ", f"process {pid}")
    os.kill(pid, signal.SIGCONT)
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("frozen", "tell")], "what was done")


@test
def an_agent_that_draws_nothing_is_shown_to_the_user(lab):
    configure(lab, "[anomalies.blank-start]\nthreshold = 3\n")
    go = lab.ledger / "go"
    with (lab.repo / "tmux-orch.toml").open("a") as config:
        config.write(f"""
[agents.quiet]
command = ["sh", "-c", "until test -e {go}; do sleep 0.1; done; echo x > x.txt; git add -A; git commit -qm x; tmux-orch done"]
""")
    lab.tasks("- [ ] T1: a task\n  Agent: quiet\n")
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.status()["needs_user"] == ["T1"], "T1 needs the user")
    says(lab.task("T1")["why"], "blank-start (medium): nothing has been on its screen for ")
    go.touch()
    lab.until_state("T1", "merged")


@test
def a_repository_cannot_change_the_rules(lab):
    tui.configure(lab, more="[anomalies.loop]\nactions = []\n")
    lab.tasks(tui.task(tui.COMMIT, tui.DONE))
    lab.up("-d").says("anomalies")


def by_extension(lab, kind):
    """All that is known of the calls of an agent whose program has an extension of ours."""
    usage_test.prices(lab, "".join(f"[anomalies.{name}]\nactions = [\"note\"]\n" for name in (
        "tool-errors", "malformed-calls", "loop", "outside-edit")))
    adapters_test.prepare(lab, kind, "busy", "calls 6 bash make check => error", "wait 1", "calls 3 bash x => malformed",
                          "wait 2", "calls 10 bash ls => ok", "wait 3", "call edit src/a.c => ok",
                          "call write /srv/elsewhere/b.c => ok", "wait 4", tui.COMMIT, adapters_test.DONE, "over")
    lab.begin("--wait-user", "forever")
    for number, rule in enumerate(("tool-errors", "malformed-calls", "loop", "outside-edit"), 1):
        lab.until(lambda: rule in [name for name, _ in anomalies(lab)], f"{rule} fires; {anomalies(lab)}")
        (lab.ledger / str(number)).touch()
    lab.until_state("T1", "merged")
    equal([name for name, _ in anomalies(lab)], ["tool-errors", "malformed-calls", "loop", "outside-edit"], "what fired")
    says(lab.run("events").out, "6 calls of its tools have failed in a row, the last one: bash: make check",
         "3 calls of its tools in a row could not be read, the last one: bash: {\"wrong\":\"x\"}", "its last 10 calls were the same again and again: bash: ls", "outside of its worktree: /srv/elsewhere/b.c")


@test
def the_calls_of_pi_are_known_by_its_extension(lab):
    by_extension(lab, "pi")


@test
def the_calls_of_opencode_are_known_by_its_plugin(lab):
    by_extension(lab, "opencode")


@test
def calls_are_counted_on_by_the_next_supervisor_and_fire_once(lab):
    usage_test.prices(lab, "[anomalies.loop]\nactions = [\"note\"]\ncool_down = \"1s\"\n")
    same = "bash cat notes.txt => ok"
    adapters_test.prepare(lab, "pi", "busy", f"calls 6 {same}", "wait 1", f"calls 4 {same}", "wait 2", tui.COMMIT,
                          adapters_test.DONE, "over")
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    lab.kill_supervisor()
    (lab.ledger / "1").touch()
    lab.begin("--wait-user", "forever")
    lab.until(lambda: anomalies(lab), "the rule fires")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    time.sleep(7)  # the file is looked at again
    (lab.ledger / "2").touch()
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("loop", "note")], "what was done")
    says(lab.run("events").out, "its last 10 calls were the same again and again: bash: cat notes.txt")


@test
def a_loop_may_have_two_calls_by_turns(lab):
    configure(lab, "[anomalies.loop]\nactions = [\"note\"]\n")
    turns = [f"call Bash cat {name} => ok" for name in ("a", "b")]
    lab.tasks(tui.task(*turns * 5, LOOK, tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("loop", "note")], "what was done")
    says(lab.run("events").out, "its last 10 calls were the same again and again: Bash: cat a, then Bash: cat b")


@test
def what_is_written_where_others_work_is_told_with_whose_place_that_is(lab):
    configure(lab, "[anomalies.other-worktree]\nactions = [\"note\"]\ncool_down = \"1s\"\n")
    other = lab.repo / ".worktrees/T2"
    lab.tasks(tui.task("busy 3", f"call Write {other}/a.c => ok", LOOK, f"call Edit {lab.repo}/README => ok", LOOK, tui.COMMIT,
                       tui.DONE), tui.task("busy 10", tui.COMMIT, tui.DONE, id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("other-worktree", "note")] * 2, "what was done")
    equal(anomalies(lab, "T2"), [], "of the other task")
    says(lab.run("events").out, f"it has written where others are at work: {other}/a.c (the worktree of T2)",
         f"it has written where others are at work: {lab.repo}/README (your checkout)")


@test
def a_conversation_that_is_nearly_full_is_noted(lab):
    adapters_test.prepare(lab, "pi", "busy", "use 100000 50 0.02", "wait 1", "use 180000 1000 0.02", "wait 2", tui.COMMIT,
                          adapters_test.DONE, "over")
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.task("T1")["tokens"], "its first answer is known")
    equal(anomalies(lab), [], "of half a window")
    (lab.ledger / "1").touch()
    lab.until(lambda: anomalies(lab), "the rule fires")
    (lab.ledger / "2").touch()
    lab.until_state("T1", "merged")
    equal(anomalies(lab), [("context", "note")], "what was done")
    says(lab.run("events").out, "context (low): its conversation is 90 % full: 181000 of 200000 tokens")


@long_test
def what_takes_a_minute_to_be_sure_of(lab):
    """Output without end, a worktree that stays on no branch, and an edit of the user's checkout."""
    configure(lab, "[anomalies.runaway-output]\nthreshold = 3\n")
    go = lab.ledger / "go"
    waits = f"run until test -e {go}; do sleep 0.1; done"
    floods = [step for _ in range(20) for step in ("flood 500000", "busy 4")]
    lab.tasks(tui.task(*floods, waits, tui.COMMIT, tui.DONE), tui.task("run git checkout -q --detach", "busy 85", id="T2"))
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T2", "submitted")
    time.sleep(5)  # the first look at the checkout
    lab.write("README", "edited\n")
    lab.until(lambda: anomalies(lab) and anomalies(lab, "T2"), "both fire", timeout=110)
    lab.until(lambda: lab.facts("checkout.changed"), "the edit is seen")
    says(lab.run("events").out, "files of your checkout were edited while agents are at work, nobody can tell by whom: README")
    equal(anomalies(lab), [("runaway-output", "tell")], "what was done about the output")
    equal(anomalies(lab, "T2"), [("other-branch", "message")], "what was done about the worktree")
    commit = lab.git("rev-parse", "HEAD").strip()[:12]
    says(lab.run("events").out, "it prints ", " MB a minute", f"its worktree is not on its own branch: at commit {commit}")
    go.touch()
    for id in ("T1", "T2"):
        lab.run("abort", id, check=0)


@test
def an_integration_branch_that_somebody_else_has_moved_is_noted_once(lab):
    configure(lab)
    go = lab.ledger / "go"
    lab.tasks(tui.task(f"run until test -e {go}; do sleep 0.1; done", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    branch = f"refs/heads/tmux-orch/{lab.status()['run']}"
    theirs = lab.git("commit-tree", "main^{tree}", "-p", branch, "-m", "theirs").strip()
    lab.git("update-ref", branch, theirs)
    lab.until(lambda: lab.facts("integration.moved"), "it is seen")
    says(lab.run("events").out, f"the integration branch is at {theirs}, where this run has not put it")
    go.touch()
    lab.until_state("T1", "merged")
    equal(len(lab.facts("integration.moved")), 1, "how often it was told")
    equal(anomalies(lab), [], "what was done")
