"""What a further attempt goes on with: the conversation of the one before, or a new one that is told what was done."""
import json

import tui
from lab import NO_ROUNDS, equal, says, test, script

SESSION = """exit_command = "/exit"
resumes = true
session_args = ["--session-id", "{session}"]
resume = ["--resume", "{session}"]"""
# All of it in one conversation: what is done the second time is done by the attempt after it.
CRASH = "once run sleep 1; kill -9 $PPID"


# So that what is read of a failed turn is its error.
ERROR = """[[agents.tui.screen]]
name = "error"
state = "error"
pattern = '^✗ '
region = "low"
also = '^tui: turn failed'
also_region = "last"

"""


def configure(lab, *limits, **more):
    tui.configure(lab, *limits, lines=SESSION, **more)
    file = lab.repo / "tmux-orch.toml"
    command = f'command = ["{tui.FAKE / "tui_agent"}"'
    rule = '[[agents.tui.screen]]\nname = "failed-turn"'
    file.write_text(file.read_text().replace(command, command + ', "{session}"').replace(rule, ERROR + rule))
    lab.commit("an agent that resumes")


def attempts(lab, id="T1"):
    """The folders of its attempts, in order."""
    found = (lab.repo / ".tmux-orch/runs").glob(f"*/attempts/{id}.*")
    return sorted(found, key=lambda folder: int(folder.name.rpartition(".")[2]))


def prompts(lab, id="T1"):
    return [(folder / "prompt.txt").read_text() for folder in attempts(lab, id)]


def sessions(lab, id="T1"):
    files = [folder / "session" for folder in attempts(lab, id)]
    return [file.read_text() for file in files if file.exists()]


def whys(lab, id="T1"):
    """Why it was tried again."""
    return [text for _, task, text in lab.facts("task.retried") if task == id]


@test
def in_the_same_conversation_an_attempt_is_told_only_what_is_new(lab):
    configure(lab)
    lab.tasks(tui.task(CRASH, tui.COMMIT, tui.DONE))
    lab.up().ended_with(0)
    first, second = prompts(lab)
    one, two = sessions(lab)
    equal(one, two, "the conversation")
    says(first, "Rules:", "```tui")
    says(second, "Task T1: a task", "You were at this task in this conversation", "This is attempt 2.", "ended by signal 9",
         "what it wrote last may be half done", "tmux-orch done -m")
    assert "Rules:" not in second and "```tui" not in second, second


@test
def a_conversation_that_its_program_does_not_know_is_left_once_and_counts_as_no_failure(lab):
    configure(lab, "attempts = 2")
    lab.tasks(tui.task("once run echo half > half.txt; rm -r ~/.tui/sessions; sleep 1; kill -9 $PPID", tui.COMMIT, tui.DONE))
    lab.up().ended_with(0)
    one, two, three = sessions(lab)
    equal(one, two, "the conversation that is asked for")
    assert three not in ("", one), three
    equal([why.split(":")[0] for why in whys(lab)], ["was ended by signal 9; tried again", "did not go on with its conversation"])
    says(whys(lab)[1], "No conversation found with session ID")
    says(prompts(lab)[2], "Rules:", "This is attempt 3.", "> was ended by signal 9", "Not committed in the worktree: 1 file.")
    equal(lab.read("half.txt"), "half\n")


@test
def two_tasks_whose_conversations_are_gone_do_not_stop_their_kind(lab):
    configure(lab, "attempts = 2")
    lost = "once run rm -rf ~/.tui/sessions; sleep 3; kill -9 $PPID"
    lab.tasks(*(tui.task(lost, tui.COMMIT, tui.DONE, id=id) for id in ("T1", "T2", "T3")))
    lab.up().ended_with(0)
    equal(sorted(lab.landed()), ["T1", "T2", "T3"])
    equal(lab.facts("task.trouble"), [])


@test
def a_full_conversation_is_left_for_a_new_one_that_is_told_what_was_done(lab):
    configure(lab)
    lab.tasks(tui.task("once run echo x > x.txt; git add -A; git commit -qm 'Add x'; echo y > y.txt; tmux-orch progress 0.5 'x is there'",
                       "once fail Prompt is too long", tui.COMMIT, tui.DONE))
    lab.up().ended_with(0)
    one, two = sessions(lab)
    assert two not in ("", one), two
    says(whys(lab)[0], "its conversation is full: ", "Prompt is too long")
    says(prompts(lab)[1], "This is a new conversation.", "Committed on your branch: 1 commit, 1 file:\n  > Add x\n",
         "Not committed in the worktree: 1 file.", "It reported last:\n  > x is there", "refs/orch/rescue/")
    equal(lab.read("y.txt"), "y\n")


@test
def after_tests_that_failed_an_attempt_is_told_what_they_printed(lab):
    configure(lab, more="""
[[merge.test]]
command = ["sh", "-c", "test ! -e broken || { echo 'broken is there'; exit 1; }"]
""" + NO_ROUNDS)
    lab.tasks(tui.task("once run echo x > broken; git add -A; git commit -qm broken; tmux-orch done -m 'x'; sleep 60",
                       "run git rm -q broken; git commit -qm mended", tui.DONE), tui.task("busy 60", id="T2"))
    lab.begin()
    lab.until_state("T1", "failed")
    lab.run("retry", "T1", check=0)
    lab.until_state("T1", "merged")
    says(prompts(lab)[1], "> its tests fail on the merged tree", "Run these tests yourself", "The tests that it failed printed last:\n", "  > broken is there\n")
    lab.run("abort", "T2", check=0)


@test
def a_full_conversation_in_the_hands_of_the_user_is_left_to_them(lab):
    configure(lab, 'hand_back = "1h"')
    lab.tasks(tui.task("busy 3", "fail Prompt is too long"))
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T1", "submitted")
    tui.press(lab, "T1", "Up")
    lab.until(lambda: lab.task("T1").get("control") == "user", "it is the user's")
    tui.until_turn(lab, "T1", "failed")
    equal(lab.task("T1")["attempt"], 1)
    lab.run("down", check=0)
    lab.until_over()
    lab.begin("--wait-user", "forever")
    lab.until(lambda: len(sessions(lab)) == 2, "attempt 2")
    assert sessions(lab)[0] != sessions(lab)[1], "it goes on with the full one"
    lab.run("abort", "T1", check=0)


@test
def the_program_of_the_attempt_alone_says_which_conversation_it_has(lab):
    configure(lab, with_hooks=True)

    def call(**about):
        return f"run echo '{json.dumps(about)}' | tmux-orch hook SessionStart"

    lab.tasks(tui.task("run touch $LEDGER/began", call(session_id="nested", cwd="."), call(session_id="far", cwd="/", source="clear"),
                       call(session_id="-x", source="clear"), "run sleep 1; touch $LEDGER/called", "busy 2", call(session_id="cleared", source="clear"), "busy 60"))
    lab.begin("--wait-user", "forever")
    lab.until((lab.ledger / "called").exists, "hooks were called")
    equal(lab.task("T1")["session"], sessions(lab)[0])
    lab.until(lambda: lab.task("T1")["session"] == "cleared", "its user has begun another one")
    lab.run("abort", "T1", check=0)


@test
def the_agent_that_up_named_is_kept_by_the_next_up(lab):
    lab.config("", base="")
    lab.tasks(script("until test -e $LEDGER/go; do sleep 0.05; done", "echo 1 > a.txt"), script("echo 2 > b.txt", id="T2", fields=["Depends: T1"]))
    without = lab.path_without("claude")
    lab.begin("--agent", "sh", env=without)
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    lab.begin(env=without)
    (lab.ledger / "go").touch()
    lab.until_landed("T1", "T2")


@test
def a_run_goes_on_on_the_tmux_server_that_it_was_begun_on(lab):
    lab.tasks(script("echo $$ >> $LEDGER/pids; while ! test -e $LEDGER/go; do sleep 0.05; done; echo x > x.txt"))
    lab.begin()
    lab.until_file("pids")
    lab.kill_supervisor()
    lab.run("up", "tasks.md", "-d", check=0)
    says(lab.windows(), "T1")
    (lab.ledger / "go").touch()
    lab.until_state("T1", "merged")
    equal(len((lab.ledger / "pids").read_text().split()), 1, "starts")
