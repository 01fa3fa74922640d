"""What agents use: tokens and cost, from the file of a conversation to status and report."""
import json

import adapters_test
import tui
from lab import equal, says, test

USAGE = """
[agents.tui.usage]
format = "claude"
folder = "~/.tui"
"""
RESUMES = """resumes = true
resume = ["--resume", "{session}"]"""
PRICES = """
[prices."tui-1"]
input = 2.0
output = 10.0
"""


def configure(lab, more=USAGE, resumes=False):
    tui.configure(lab, with_hooks=True, more=more)
    config = lab.repo / "tmux-orch.toml"
    if resumes:
        text = config.read_text().replace('tui_agent", "--settings"', 'tui_agent", "{session}", "--settings"')
        config.write_text(text.replace("[agents.tui]\n", f"[agents.tui]\n{RESUMES}\n", 1))


def prices(lab, text):
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


def until_used(lab, id, count):
    """Waits until so many tokens are known to have gone in; the task."""

    def look():
        task = lab.task(id)
        return task if (task["tokens"] or {}).get("in") == count else None

    return lab.until(look, f"{id} has used {count} tokens; {lab.task(id).get('usage')}")


def report(lab):
    return json.loads((next((lab.repo / ".tmux-orch/runs").iterdir()) / "report.json").read_text())


@test
def what_an_agent_uses_shows_while_it_works_by_the_users_prices_until_its_program_says(lab):
    configure(lab)
    prices(lab, PRICES)
    go = lab.ledger / "go"
    lab.tasks(tui.task("use 1000 50", f"run until test -e {go}; do sleep 0.1; done", "use 2000 50", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    task = until_used(lab, "T1", 1000)
    equal(task["cost"], 0.0025, "its cost")
    equal(task["usage"][0]["cost_by"], "prices", "by what")
    equal(task["usage"][0]["context"], 1050, "its context")
    equal(task["usage"][0]["agent"], "tui", "its kind")
    lab.run("status").says("T1    running      $0.003")
    go.touch()
    lab.until_over()
    task = lab.task("T1")
    equal(task["tokens"]["in"], 3000, "tokens in")
    done = report(lab)
    equal((done["cost"], done["tokens"]["out"]), (0.0031, 100), "the report")
    equal([(kind["agent"], kind["cost"]) for kind in done["kinds"]], [("tui", 0.0031)], "of kinds")
    says(lab.run("report").text, "used: 3.0k tokens in, 100 out; $0.003")


@test
def what_no_program_and_no_user_says_is_not_known(lab):
    configure(lab, more="")
    lab.tasks(tui.task("use 1000 50", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_over()
    task = lab.task("T1")
    equal((task["tokens"], task["cost"]), (None, None), "what it has used")
    done = report(lab)
    equal((done["tokens"], done["cost"], done["costUnknownAttempts"]), (None, None, 1), "the report")


@test
def the_programs_own_cost_is_in_the_report_though_it_is_written_last(lab):
    configure(lab)
    lab.tasks(tui.task("use 1000 50", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_over()
    equal(report(lab)["cost"], 0.00105, "its cost")
    equal(lab.task("T1")["usage"][0]["cost_by"], "program", "by what")


@test
def an_attempt_that_goes_on_has_used_what_came_after(lab):
    configure(lab, resumes=True)
    once = lab.ledger / "once"
    lab.tasks(tui.task("use 1000 50", "busy 0.5", f"run test -e {once} || {{ touch {once}; kill -9 $PPID; }}",
                       tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: len(lab.task("T1")["usage"]) == 2, "a second attempt")
    lab.until_over()
    task = lab.task("T1")
    equal(task["tokens"]["in"], 2000, "of both")
    equal([one["tokens"]["in"] for one in task["usage"]], [1000, 1000], "of each")


@test
def what_is_used_while_no_supervisor_lives_is_counted_once_by_the_next(lab):
    configure(lab)
    go = lab.ledger / "go"
    lab.tasks(tui.task("use 1000 50", f"run until test -e {go}; do sleep 0.1; done", "use 2000 50", "busy 1", tui.COMMIT,
                       tui.DONE))
    lab.begin("--wait-user", "forever")
    until_used(lab, "T1", 1000)
    lab.kill_supervisor()
    go.touch()
    tui.until_happened(lab, "T1", "idle")
    lab.begin("--wait-user", "forever")
    until_used(lab, "T1", 3000)
    lab.until_over()
    equal([one["tokens"]["in"] for one in lab.task("T1")["usage"]], [3000], "what it has used")


@test
def a_file_that_an_agent_names_elsewhere_is_not_read(lab):
    configure(lab, more=USAGE.replace("~/.tui", "~/.other"))
    lab.tasks(tui.task("use 1000 50", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_over()
    equal(lab.task("T1")["tokens"], None, "what it has used")


@test
def prices_are_the_users_alone(lab):
    configure(lab, more=USAGE + PRICES)
    lab.tasks(tui.task(tui.COMMIT, tui.DONE))
    lab.up("-d").says("prices")


def played(lab, kind, *steps):
    """What the task of an agent has used that tells by an extension of ours."""
    adapters_test.prepare(lab, kind, "busy", *steps, tui.COMMIT, adapters_test.DONE, "over")
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    lab.until_over()
    # What a program has written as it ended is read once more before the supervisor leaves.
    return lab.until(lambda: lab.task("T1")["tokens"] and lab.task("T1"), "what it has used is known")


@test
def pi_tells_what_it_has_used_by_its_extension(lab):
    task = played(lab, "pi", "use 1000 50 0.02", "use 2000 60 0.03")
    equal((task["tokens"]["in"], task["tokens"]["out"], task["cost"]), (3000, 110, 0.05), "what it has used")
    used = task["usage"][0]
    equal((used["context"], used["context_window"], used["cost_by"]), (2060, 200000, "program"), "its context")


@test
def opencode_tells_what_it_has_used_by_its_plugin(lab):
    task = played(lab, "opencode", "use 1000 50 0.02", "use 2000 60 0.03")
    equal((task["tokens"]["in"], task["tokens"]["out"], task["cost"]), (3000, 110, 0.05), "what it has used")
    equal(task["usage"][0]["context"], 2060, "its context")


@test
def an_answer_without_a_cost_leaves_the_cost_of_all_unknown(lab):
    task = played(lab, "pi", "use 1000 50 0.02", "use 2000 60 0")
    equal((task["tokens"]["in"], task["cost"]), (3000, None), "what it has used")
