"""Rules of the user's that answer what agents ask, and `approve --always`."""
import time

import tui
from lab import equal, says, test

ALLOW = """
[[policy]]
tool = "Bash"
pattern = 'echo [a-z]+'
answer = "allow"
"""


def own_config(lab, text):
    """The user's own file, which alone can allow."""
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


def answers(lab, id="T1"):
    return [one["text"] for one in tui.happened(lab, id, "answered")]


def records(lab, id="T1"):
    found = (lab.repo / ".tmux-orch/runs").glob(f"*/attempts/{id}.*/deliveries/answer-*")
    return [record.read_text() for record in sorted(found)]


def unharmed(lab):
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")
    equal(tui.happened(lab, what="hook failed"), [], "hooks")


@test
def rules_answer_permissions_once_and_the_user_is_not_called(lab):
    own_config(lab, ALLOW)
    deny = "\n[[policy]]\npattern = 'echo two'\nanswer = \"deny\"\n"
    tui.configure(lab, more=deny, with_hooks=True)
    lab.tasks(tui.task("ask permission echo one", "ask permission echo two", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(answers(lab), ["2", "1"], "keys")
    told = [text for kind, _, text in lab.facts("task.answered")]
    equal(len(told), 2, told)
    says(told[0], "was answered 'Yes' by rule 1 of", "config.toml", "echo one")
    says(told[1], "was answered 'No' by rule 1 of", "tmux-orch.toml", "echo two")
    equal(tui.facts(lab, "T1", "task.asking"), [], "calls of the user")
    says(records(lab)[0], "yes by rule 1 of", "Do you want to run this command?", "echo one")
    unharmed(lab)


@test
def what_is_in_doubt_is_for_the_user(lab):
    own_config(lab, "[[policy]]\npattern = '(?s).*'\nanswer = \"allow\"\n")
    tui.configure(lab, workers=7, with_hooks=True)
    cases = {
        "T1": "ask twofold echo one => echo one; echo evil",
        "T2": "ask twofold echo one => echo evil echo one",
        "T3": "garbage",  # and what looks like the beginning of a dialog, above it
        "T4": "ask question echo one",
        "T5": "trust",
        "T6": "ask permission " + "x" * 300,  # cut at the end of its row
        "T7": r"ask twofold echo one => echo\none",  # two commands, or one that was broken there
    }
    lab.tasks(*(tui.task(step, *(["ask permission echo one"] if step == "garbage" else []), id=id)
                for id, step in cases.items()))
    lab.begin("--wait-user", "forever")
    kinds = {"T4": "question", "T5": "trust"}
    for id in cases:
        tui.until_turn(lab, id, "asking", kinds.get(id, "permission"))
        lab.until(lambda: lab.task(id)["agent_turn"]["question"], f"the question of {id}")
    time.sleep(3)
    for id in cases:
        equal(answers(lab, id), [], f"answers to {id}")
        equal(lab.task(id)["agent_turn"]["policy"]["answer"], "ask", f"of {id}")
    lab.run("explain", "T1", check=0).says("policy: you are asked, as it is not sure")
    lab.run("approve", "T1", "--always", check=1).says("is not sure enough to be allowed again")
    lab.run("approve", "T1", check=0)
    equal(tui.until_happened(lab, "T1", "answered")["text"], "2", "the user's own answer")
    unharmed(lab)
    lab.run("abort", "--all", check=0)
    lab.until_over()


@test
def without_hooks_a_rule_goes_by_the_whole_text_and_has_to_name_the_agent(lab):
    whole = r"May I run this\? · echo one"
    rules = "".join(f"[[policy]]\n{agent}pattern = '{pattern}'\nanswer = \"allow\"\n"
                    for agent, pattern in (('', '.*'), ('agent = "tui"\n', whole)))
    own_config(lab, rules)
    tui.configure(lab)
    lab.tasks(
        tui.task("ask framed echo one", tui.COMMIT, tui.DONE),
        tui.task("ask framed echo one two", id="T2"),
        tui.task("ask framed echo " + "x" * 200, id="T3"),
        tui.task("ask permission echo one", id="T4"),  # nothing sets it off from what is above it
    )
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    for id in ("T2", "T3", "T4"):
        tui.until_turn(lab, id, "asking", "permission")
    time.sleep(3)
    equal([answers(lab, id) for id in ("T1", "T2", "T3", "T4")], [["2"], [], [], []], "answers")
    lab.run("explain", "T2", check=0).says("policy: ask (no rule matches)", "May I run this? · echo one two")
    lab.run("abort", "--all", check=0)
    lab.until_over()
    unharmed(lab)


@test
def approve_always_allows_the_same_in_this_run_also_after_another_supervisor_began(lab):
    tui.configure(lab, with_hooks=True)
    go = lab.ledger / "go"
    wait = f"run until test -e {go}; do sleep 0.1; done"
    asks = "ask permission echo one"
    lab.tasks(tui.task(asks, wait, asks, "ask permission echo one two", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    lab.until(lambda: lab.task("T1")["agent_turn"]["policy"]["subject"], "it is sure what for")
    lab.run("approve", "T1", "--always", "--deny", check=2)
    lab.run("approve", "T1", "--always", check=0).says("and from now on in this run to the same")
    tui.until_happened(lab, "T1", "answered")
    lab.until(lambda: lab.status()["allowed"], "it is listed")
    equal(lab.status()["allowed"], [{"agent": "tui", "tool": "Bash", "subject": "echo one"}])
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "the new one listens")
    go.touch()
    tui.until_happened(lab, "T1", "answered", 2)
    # Another command is another question.
    tui.until_happened(lab, "T1", "shown", 3)
    tui.until_turn(lab, "T1", "asking", "permission")
    time.sleep(2)
    # Never the option of its program's that says yes for ever, which has the key 3.
    equal(answers(lab), ["2", "2"], "keys")
    lab.run("explain", "T1", check=0).says("policy: ask (no rule matches)", "Bash: echo one two")
    lab.run("approve", "T1", "--deny", check=0)
    lab.until_state("T1", "merged")
    says("".join(text for _, _, text in lab.facts("task.answered")), "is allowed from now on", "by `approve --always`")
    unharmed(lab)


@test
def always_can_be_chosen_where_the_question_is_shown(lab):
    tui.configure(lab, with_hooks=True)
    asks = "ask permission echo one"
    lab.tasks(tui.task(asks, asks, tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.task("T1").get("agent_turn", {}).get("policy", {}).get("subject"), "it is sure what for")
    terminal = lab.terminal(lab.binary, "approve", "--choose", "T1")
    terminal.until("3. Yes, always", "a. Yes, and tmux-orch says yes to the same again in this run")
    terminal.keys("a", "Enter")
    terminal.until("and from now on in this run to the same", "ended with 0")
    lab.until_state("T1", "merged")
    equal(answers(lab), ["2", "2"], "keys")
    unharmed(lab)


@test
def a_rule_that_asks_is_stronger_than_approve_always(lab):
    own_config(lab, ALLOW)
    ask = "\n[[policy]]\npattern = 'echo one'\nanswer = \"ask\"\n"
    tui.configure(lab, more=ask, with_hooks=True)
    lab.tasks(tui.task("ask permission echo one", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    lab.until(lambda: lab.task("T1")["agent_turn"]["policy"]["rule"], "a rule matches")
    lab.run("explain", "T1", check=0).says("policy: ask (rule 1 of ", "tmux-orch.toml")
    lab.run("approve", "T1", "--always", check=1).says("wants to be asked or says no each time")
    lab.run("approve", "T1", check=0)
    lab.until_state("T1", "merged")
    equal(answers(lab), ["2"], "keys")


@test
def a_repositorys_file_allows_nothing(lab):
    tui.configure(lab, more=ALLOW, with_hooks=True)
    lab.tasks(tui.task("ask permission echo one"))
    lab.up().ended_with(1).says("'policy.answer' gives rights, and a repository's file cannot", "tmux-orch.toml:")
