"""Agents that look at finished work before it takes its turn to land."""
import json

from lab import equal, says, script, test

# A reviewer whose answer is what the work itself asks for: it is a script, and sees what it is given.
REVIEWER = """
[agents.critic]
command = ["sh", "-eu", "{prompt_file}"]
"""
OWN = """
[agents.critic]
command = ["sh", "-eu", "{prompt_file}"]
review = ["sh", "%s", "{prompt}"]
env = { REVIEWER_KEY = "for the critic" }
"""
REVIEW = """
[[review]]
name = "style"
agent = "critic"
prompt = "Look at the style."
timeout = "5m"
"""
SCRIPT = r"""
echo "asked $(basename "$PWD") $(git log -1 --format=%%s HEAD)" >> %(ledger)s/asked
printf '%%s' "$1" > %(ledger)s/prompt
echo "$REVIEWER_KEY" > %(ledger)s/key
id=$(printf '%%s' "$1" | sed -n 's/^{"id": "\([0-9a-f]*\)".*/\1/p')
answer() { echo "{\"id\": \"$id\", \"verdict\": \"$1\", \"issues\": [$2]}"; }
base=$(printf '%%s' "$1" | sed -n 's/.*git diff \([0-9a-f]*\) .*/\1/p')
git diff --name-only "$base" HEAD > %(ledger)s/changed
cp .tmux-orch-change.diff %(ledger)s/change
if grep -qs BAD *.txt; then answer block '"a.txt:1: it says BAD"'; exit; fi
if grep -qs MEH *.txt; then answer warn '"it could be better"'; exit; fi
if grep -qs SILENT *.txt; then echo '{"verdict": "pass", "issues": []}'; exit; fi
if grep -qs SLEEP *.txt; then sleep 600; fi
if grep -qs SLOW *.txt; then echo "looking at a.txt"; while ! test -e %(ledger)s/go; do sleep 0.05; done; fi
echo spoiled > spoiled.txt
echo 'All is well.'
answer pass ''
"""


def with_reviewer(lab, review=REVIEW):
    reviewer = lab.folder / "reviewer.sh"
    reviewer.write_text(SCRIPT % {"ledger": lab.ledger})
    own = lab.home / ".config/tmux-orch/config.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(OWN % reviewer + review)
    lab.config("")


def asked(lab):
    file = lab.ledger / "asked"
    return file.read_text().split("\n")[:-1] if file.exists() else []


@test
def work_is_looked_at_before_it_lands_and_nothing_of_the_reviewer_does(lab):
    with_reviewer(lab)
    lab.tasks(script("echo fine > a.txt", id="T1"), script("echo MEH > b.txt", id="T2", fields=["Depends: T1"]))
    lab.up()
    lab.until_landed("T1", "T2")
    equal(len(asked(lab)), 2, "how often it was asked")
    equal((lab.ledger / "changed").read_text(), "b.txt\n", "what it was shown last")
    says((lab.ledger / "change").read_text(), "+++ b/b.txt\n@@ -0,0 +1 @@\n+MEH")
    says((lab.ledger / "prompt").read_text(), "> a task", "Look at the style.", '", "verdict": "...", "issues": ["..."]}')
    equal((lab.ledger / "key").read_text(), "for the critic\n", "its agent's environment")
    equal((lab.repo / "spoiled.txt").exists(), False, "a file of the reviewer's on the base")
    told = [text for _, _, text in lab.facts("task.reviewed")]
    equal(told, ["the review style lets it pass", "the review style lets it pass, and warns: it could be better"], "what was told")


@test
def what_it_blocks_goes_back_with_the_issues(lab):
    with_reviewer(lab)
    lab.tasks(script('test -n "${TMUX_ORCH_FEEDBACK:-}" && cp $TMUX_ORCH_FEEDBACK $LEDGER/feedback && echo good > a.txt || echo BAD > a.txt'))
    lab.up()
    lab.until_landed("T1")
    equal(lab.read("a.txt"), "good\n", "what landed")
    says((lab.ledger / "feedback").read_text(), "Your work on T1 did not land: the review style blocks it: a.txt:1: it says BAD")
    report = json.loads(lab.run("report", "--json", check=0).out)
    equal(report["gateBlocks"], 1, "blocks")


@test
def without_a_verdict_the_user_decides(lab):
    with_reviewer(lab, REVIEW.replace('"5m"', '"1s"'))
    lab.tasks(script("echo SILENT > a.txt", id="T1"), script("echo SLEEP > b.txt", id="T2"))
    lab.begin("--wait-user", "60s")
    lab.until_state("T1", "blocked")
    lab.until_state("T2", "blocked")
    says(lab.task("T1")["why"], "the review style gave no verdict: what it printed ends without a verdict (log: ", "`tmux-orch merge T1`")
    says(lab.task("T2")["why"], "the review style gave no verdict: it took longer than 1.0s")
    lab.run("merge", "T1", check=0)
    lab.until_landed("T1")
    lab.run("abort", "T2", check=0)
    lab.until_over()


@test
def one_that_blocks_for_ever_leaves_it_to_the_user_after_the_rounds(lab):
    with_reviewer(lab)
    lab.tasks(script('echo "BAD $TMUX_ORCH_ATTEMPT" > a.txt'), script("echo fine > b.txt", id="T2"))
    lab.up("--wait-user", "0s")
    equal(lab.landed(), ["T2"], "landed")
    task = lab.task("T1")
    assert task["state"] in ("blocked", "failed"), task
    says(task["why"], "style", "it says BAD")
    equal(len([line for line in asked(lab) if "T1" in line]), 3, "how often it was asked")
    says(lab.show("orch/T1:a.txt"), "BAD")


@test
def one_that_only_warns_without_a_verdict_lets_it_land(lab):
    with_reviewer(lab, REVIEW + 'unanswered = "warn"\n')
    lab.tasks(script("echo SILENT > a.txt"))
    lab.up()
    lab.until_landed("T1")
    says(lab.facts("task.reviewed")[0][2], "gave no verdict")


@test
def a_killed_supervisor_asks_again_and_a_verdict_is_not_asked_for_twice(lab):
    with_reviewer(lab)
    lab.tasks(script("echo SLEEP > a.txt", id="T1"), script("echo fine > b.txt", id="T2"))
    lab.begin()
    lab.until(lambda: len(asked(lab)) == 2, "both are looked at")
    lab.until_landed("T2")
    lab.kill_supervisor()
    lab.begin()
    lab.until(lambda: len(asked(lab)) == 3, "T1 is looked at again")
    lab.run("abort", "T1", check=0)
    lab.until_over()
    equal(len(asked(lab)), 3, "how often it was asked")


@test
def a_reviewer_can_be_watched_while_it_works_and_read_afterwards(lab):
    with_reviewer(lab)
    lab.run("logs", "--review").ended_with(1)
    lab.tasks(script("echo SLOW > a.txt", id="T1"), script("echo fine > b.txt", id="T2"))
    lab.begin()
    lab.until_landed("T2")
    lab.until(lambda: "looking at a.txt" in lab.run("logs", "--review", "T1").out, "T1 is looked at")
    lab.run("logs", "--review", "T1", check=0).says("== review style of T1, by critic\n", "\nlooking at a.txt\n== they run")
    lab.run("logs", "T2", "--review", "-n", "1", check=0).says("== review style of T2, by critic\n", '"verdict": "pass"', "== passed in")
    lab.run("logs", "--review", check=0).says("== review style of T")
    lab.run("logs", "--review", "T3").ended_with(1)
    (lab.ledger / "go").touch()
    # It goes on to the end of what it shows, and as long as there may be more.
    lab.run("logs", "--review", "T1", "-f", check=0).says("looking at a.txt", '"verdict": "pass"', "== passed in")
    lab.until_over()
    equal(lab.landed(), ["T2", "T1"], "landed")


@test
def where_agents_are_in_the_sandbox_reviewers_are_and_can_only_read(lab):
    with_reviewer(lab)
    # It keeps what it was called with, and is no sandbox.
    lab.env.update(lab.fake_program("bwrap", '#!/bin/sh\necho "$*" >> "$LEDGER/bwrap"\n'
                                             'while [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'))
    lab.tasks(script("echo fine > a.txt"))
    lab.up("--sandbox", check=0)
    lab.until_landed("T1")
    called = [line for line in (lab.ledger / "bwrap").read_text().splitlines() if "/review.1 " in line]
    place = f"{lab.repo.resolve()}/.tmux-orch/review.1"
    equal(len(called), 1, "how often a reviewer was put into it")
    says(called[0], f"--ro-bind {place} {place}", f"--chdir {place} -- sh ")
    assert f"--bind {place}" not in called[0].replace("--ro-bind", ""), called[0]


@test
def a_review_that_no_agent_can_make_is_a_mistake_and_a_repository_only_adds(lab):
    lab.config(REVIEWER + REVIEW)
    lab.tasks(script("true"))
    lab.up().ended_with(1).says("no agent 'critic' can make the review \"style\"", "agents.critic.review")
