"""What agents may use: at the limit their turns end, and the user is asked."""
import os
import signal

import tui
import usage_test
from lab import equal, says, test

KEYS = 'interrupt_keys = ["Escape"]\n'


def configure(lab, limits, workers=6):
    tui.configure(lab, with_hooks=True, workers=workers, more=usage_test.USAGE, lines=KEYS)
    usage_test.prices(lab, f"[limits]\n{limits}\n{usage_test.PRICES}")


@test
def a_task_that_has_cost_what_it_may_is_stopped_and_goes_on_with_its_release(lab):
    configure(lab, "task_cost = 1.5")
    lab.tasks(tui.task("use 1000000 0", "hang once", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "blocked")
    task = lab.task("T1")
    equal(task["reason"], "task-cost", "why")
    says(lab.run("status").text, "its agents have cost $2.00, as much as they may: `tmux-orch release T1`")
    lab.until(lambda: tui.happened(lab, what="interrupted"), "its turn was ended")
    lab.run("release", "T1").ended_with(0)
    lab.until_over()
    equal(lab.task("T1")["state"], "merged", "its state")
    equal(lab.task("T1")["attempt"], 1, "its attempts")


@test
def what_was_spent_and_asked_outlives_the_supervisor(lab):
    configure(lab, "task_cost = 1.5")
    lab.tasks(tui.task("use 1000000 0", "hang once", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "blocked")
    os.kill(lab.supervisor(), signal.SIGKILL)
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "the next supervisor")
    task = lab.task("T1")
    equal((task["state"], task["reason"], task["turns"]), ("blocked", "task-cost", 1), "what is kept")
    lab.run("release", "T1").ended_with(0)
    lab.until_over()
    task = lab.task("T1")
    equal((task["state"], task["attempt"]), ("merged", 1), "how it went on")


@test
def a_turn_that_its_program_puts_back_is_not_sent_again_before_the_release(lab):
    configure(lab, "run_cost = 1.5")
    lab.tasks(tui.task("once hang", tui.COMMIT, tui.DONE), tui.task("busy 2", "use 1000000 0", "hang once", tui.COMMIT, tui.DONE, id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: len(tui.happened(lab, what="interrupted")) == 2, "both turns were ended")
    lab.until_state("T2", "blocked")
    equal(len(tui.happened(lab, "T1", "submitted")), 1, "texts")
    lab.run("release", "T1").ended_with(0)
    lab.until_over()
    task = lab.task("T1")
    equal((task["state"], task["attempt"]), ("merged", 2), "how it went on")
    equal(lab.task("T2")["attempt"], 1, "attempts of the one that had answered")


@test
def a_run_that_has_cost_what_it_may_starts_nothing_and_goes_on_with_a_higher_limit(lab):
    configure(lab, "run_cost = 100", workers=1)
    lab.tasks(tui.task("use 1000000 0", "once hang", tui.COMMIT, tui.DONE), tui.task(tui.COMMIT, tui.DONE, id="T2"))
    lab.up("--max-cost", "0.9", "--wait-user", "2s").ended_with(4).says("the run has cost $2.00, as much as it may")
    equal(lab.task("T2")["state"], "waiting", "the other one")
    lab.up("--max-cost", "50").ended_with(0).says("2 of 2 tasks merged")


@test
def turns_are_counted_where_nobody_knows_the_cost(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task("end", "busy 3", "end", tui.COMMIT, tui.DONE))
    lab.up("--max-turns", "2", "--wait-user", "2s").ended_with(4)
    says(lab.run("status").text, "the run has taken 2 turns, as many as it may")
    lab.up("--max-turns", "5").ended_with(0).says("T1 merged")


@test
def limits_of_cost_are_the_users_alone(lab):
    tui.configure(lab, "task_cost = 100")
    lab.tasks(tui.task(tui.COMMIT, tui.DONE))
    lab.up().ended_with(1).says("limits.task_cost")
