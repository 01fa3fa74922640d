"""What is done by itself about agents that fail: they are told to continue, and in the end the user is asked."""
import os
import signal

import tui
from lab import equal, long_test, says, test

SOON = 'continue_after = ["1s", "2s"]'
OVERLOADED = "fail API Error: 529 overloaded"


def told(lab, task):
    return [text for text in tui.texts(lab, task) if text == "Continue."]


@test
def an_agent_whose_service_was_overloaded_is_told_to_continue_and_is_merged(lab):
    tui.configure(lab, SOON)
    lab.tasks(tui.task("busy 1", OVERLOADED, OVERLOADED, tui.COMMIT, tui.DONE))
    lab.up().ended_with(0).says("is told to continue after 1.0s: ", "T1 is told to continue (2)", "T1 merged")
    equal(len(told(lab, "T1")), 2, "texts")
    equal(lab.task("T1")["attempt"], 1, "attempts")
    equal(len(lab.facts("task.continued")), 2, "events")


@long_test
def after_the_last_time_the_user_is_asked_and_what_is_paid_for_is_asked_at_once(lab):
    tui.configure(lab, SOON)
    lab.tasks(
        tui.task("busy 1", *[OVERLOADED] * 3),
        tui.task("busy 1", "fail API Error: 402 your credit balance is too low", id="T2"),
    )
    lab.begin("--wait-user", "forever")
    lab.until(lambda: "T2" in lab.status()["needs_user"], "T2 needs the user")
    lab.until(lambda: lab.status()["needs_user"] == ["T1", "T2"], "both need the user")
    equal((len(told(lab, "T1")), len(told(lab, "T2"))), (2, 0), "texts")


@test
def no_more_texts_are_typed_than_the_limit_says(lab):
    tui.configure(lab, SOON, "auto_texts = 1")
    lab.tasks(tui.task("busy 1", OVERLOADED, OVERLOADED))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: lab.status()["needs_user"] == ["T1"], "T1 needs the user")
    says(lab.run("status").out, "it was told to go on 1 times without you")
    equal(len(tui.texts(lab, "T1")), 1, "texts")


@long_test
def a_limit_of_one_pauses_its_kind_and_one_alone_tries_when_it_opens(lab):
    tui.configure(lab, SOON, workers=2)
    end = (tui.COMMIT, tui.DONE)
    limit = "fail 429 rate limit reached: try again in 5s"
    lab.tasks(tui.task("busy 1", limit, *end), tui.task("busy 3", limit, *end, id="T2"),
              tui.task(*end, id="T3"))
    lab.begin()
    lab.until(lambda: "no tui agent goes on before it works again" in lab.task("T3")["why"], "T3 waits for the pause")
    for id in ("T1", "T2", "T3"):
        lab.until_state(id, "merged")
    lab.until_over()
    equal([len(told(lab, id)) for id in ("T1", "T2", "T3")], [1, 1, 0], "texts")
    equal((len(lab.facts("kind.paused")), len(lab.facts("kind.resumed"))), (1, 1), "events")


@test
def what_was_planned_outlives_the_supervisor(lab):
    tui.configure(lab, 'continue_after = ["4s"]')
    lab.tasks(tui.task("busy 1", OVERLOADED, tui.COMMIT, tui.DONE))
    lab.begin()
    tui.until_turn(lab, "T1", "failed")
    os.kill(lab.supervisor(), signal.SIGKILL)
    lab.up().ended_with(0).says("T1 merged")
    equal(len(told(lab, "T1")), 1, "texts")


@test
def a_turn_that_hangs_is_ended_and_its_agent_goes_on(lab):
    tui.configure(lab, 'stall = "2s"', lines='interrupt_keys = ["Escape"]\ninterrupt_after = "4s"\n')
    lab.tasks(tui.task("busy 1", "hang once", tui.COMMIT, tui.DONE))
    lab.up().ended_with(0).says("its turn is interrupted after", "T1 merged")
    equal(len(lab.facts("task.interrupted")), 1, "events")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def a_prompt_that_its_program_forgets_is_typed_once_more(lab):
    tui.configure(lab, SOON, lines="forgets_prompt = true\n")
    lab.tasks(tui.task(f"once {OVERLOADED}", tui.COMMIT, tui.DONE))
    lab.up().ended_with(0).says("T1 is told to continue (1)", "T1 merged")
    equal([text.splitlines()[0] for text in tui.texts(lab)], ["Task T1: a task"], "texts")
    says(lab.run("messages").out, "its prompt once more")


@test
def what_only_the_user_can_mend_is_asked_for_though_its_program_tries_again(lab):
    tui.configure(lab, 'stall = "2s"', lines='interrupt_keys = ["Escape"]\ninterrupt_after = "4s"\n')
    lab.tasks(tui.task("busy 1", "try again 429 You exceeded your current quota [in 5s]"))
    lab.begin("--wait-user", "forever")
    task = tui.until_turn(lab, "T1", "failed")
    says(task["why"], "its agent stopped at an error: tui: retrying: 429 You exceeded your current quota")
    equal(lab.status()["needs_user"], ["T1"], "needs_user")
    says(lab.run("events").out, "no more tui agents are started", "`tmux-orch retry TASK`")
    equal((tui.texts(lab), lab.facts("task.interrupted")), ([], []), "what was done")
