"""What is seen of agents, and where a person looks: status, events, the mark of the window, the status line."""
import time

import tui
from lab import Failed, equal, long_test, says, test


def marks(lab):
    """The marks of the windows, by task."""
    lines = lab.windows("#{@orch_task} #{@orch_mark}")
    return dict(line.split(" ", 1) for line in lines if not line.startswith(" "))


def status_line(lab):
    return lab.windows("#{@orch_status}")[0]


@test
def each_dialog_and_failure_is_named_where_a_person_looks_and_an_answer_ends_it(lab):
    tui.configure(lab)
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(
        tui.task("ask permission true", *after),
        tui.task("ask question Which colour?", *after, id="T2"),
        tui.task("trust", *after, id="T3"),
        tui.task("blink", *after, id="T4"),
        tui.task("busy 1", "fail API Error: 401", id="T5"),
    )
    lab.begin("--wait-user", "forever")
    names = ["T1", "T2", "T3", "T4", "T5"]
    for id, kind in zip(names, ("permission", "question", "trust", "permission")):
        tui.until_turn(lab, id, "asking", kind)
        tui.in_time(lab, id, "shown", "task.asking", 1)
    tui.until_turn(lab, "T5", "failed")
    tui.in_time(lab, "T5", "failed", "task.turn-failed", 3)
    equal(lab.status()["needs_user"], names, "needs_user")
    says(lab.run("status").out, "its agent waits for an answer (question)", "its agent stopped at an error")
    lab.until(lambda: marks(lab) == dict.fromkeys(names, "!"), "marks of the windows")
    lab.until(lambda: "you are needed: T1, T2, T3 and 2 more" in status_line(lab), "the status line")
    tui.until_happened(lab, "T4", "blinked", 8)
    for id in names:
        equal(len(tui.facts(lab, id)), 1, f"what was told of {id}")
    for id in names[:-1]:
        tui.press(lab, id, "2")
    for id in names[:-1]:
        lab.until_state(id, "merged")
    lab.run("abort", "T5", check=0)
    lab.until_over()
    equal([one["text"] for one in tui.happened(lab, what="answered")], ["2"] * 4, "answers")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def what_hangs_is_stalled_and_what_thinks_or_runs_a_tool_or_imitates_is_not(lab):
    # Longer than an agent takes to come up on a slow machine.
    tui.configure(lab, 'stall = "4s"')
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(
        tui.task("hang"),
        tui.task("run sleep 600; true", id="T2"),
        tui.task("busy 10", *after, id="T3"),
        tui.task("garbage", "busy 8", *after, id="T4"),
    )
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy", stalled=True)
    tui.in_time(lab, "T1", "submitted", "task.stalled", 4)
    says(lab.run("status").out, "its agent makes no progress: for 4.0s")
    equal(lab.status()["needs_user"], [], "who needs the user")
    for id in ("T3", "T4"):
        lab.until_state(id, "merged")
    for id in ("T2", "T3", "T4"):
        equal(tui.facts(lab, id), [], f"what was told of {id}")
    equal(tui.seen(lab, "T2"), 0, "sightings of T2")
    equal(len(tui.facts(lab, "T1")), 1, "what was told of T1")
    for id in ("T1", "T2"):
        lab.run("abort", id, check=0)
    lab.until_over()


@test
def a_line_of_a_megabyte_is_no_hindrance(lab):
    tui.configure(lab)
    lab.tasks(tui.task("flood 1000000", "ask question Which?"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "question")
    lab.run("approve", "T1", check=0)
    tui.until_happened(lab, "T1", "answered")
    lab.run("abort", "T1", check=0)


@test
def a_pattern_that_is_none_is_named_with_its_place(lab):
    tui.configure(lab, more="""
[[agents.tui.screen]]
name = "bad"
state = "busy"
pattern = '(unclosed'
""")
    lab.tasks(tui.task("hang"))
    lines = lab.read("tmux-orch.toml").splitlines()
    line = 1 + lines.index("pattern = '(unclosed'")
    lab.up().ended_with(1).says(f"tmux-orch.toml:{line}:11: 'agents.tui.screen.pattern' is not a pattern")


@long_test
def a_run_in_which_only_a_dialog_is_left_waits_half_a_minute_and_needs_the_user(lab):
    tui.configure(lab)
    lab.tasks(tui.task("ask permission true"))
    start = time.monotonic()
    ended = lab.up(timeout=90).ended_with(4)
    took = time.monotonic() - start
    if took < 30:
        raise Failed(f"ended after {took} s")
    ended.says("T1", "its agent waits for an answer (permission)")
    equal(lab.task("T1")["state"], "blocked")


@test
def a_dialog_outlives_the_supervisor_and_is_told_once_more_at_most(lab):
    tui.configure(lab)
    lab.tasks(tui.task("ask permission true", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "the new one listens")
    tui.until_turn(lab, "T1", "asking", "permission")
    equal(lab.status()["needs_user"], ["T1"], "needs_user")
    tui.press(lab, "T1", "2")
    lab.until_state("T1", "merged")
    told = tui.facts(lab, "T1", "task.asking")
    if len(told) > 2:
        raise Failed(f"told {len(told)} times")


@test
def a_small_pane_and_one_in_copy_mode_are_read_as_any_other(lab):
    tui.configure(lab)
    steps = ("ask permission true", "ask question Which?", tui.COMMIT, tui.DONE)
    lab.tasks(tui.task(*steps), tui.task(*steps, id="T2"))
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2"):
        tui.until_turn(lab, id, "asking", "permission")
    small, copied = lab.task("T1")["pane"], lab.task("T2")["pane"]
    lab.tmux("resize-window", "-t", small, "-x", "20", "-y", "5")
    lab.tmux("copy-mode", "-t", copied)
    tui.press(lab, "T1", "2")
    # Keys go to the mode; a person answers and looks back again.
    lab.tmux("send-keys", "-t", copied, "-X", "cancel")
    tui.press(lab, "T2", "2")
    lab.tmux("copy-mode", "-t", copied)
    for id in ("T1", "T2"):
        tui.until_turn(lab, id, "asking", "question")
        tui.in_time(lab, id, "shown", "task.asking", 1)
    equal(lab.tmux("display-message", "-p", "-t", small, "#{pane_width}x#{pane_height}").strip(), "20x5")
    equal(lab.tmux("display-message", "-p", "-t", copied, "#{pane_in_mode}").strip(), "1", "in copy mode")
    lab.tmux("send-keys", "-t", copied, "-X", "cancel")
    for id in ("T1", "T2"):
        tui.press(lab, id, "2")
        lab.until_state(id, "merged")


@test
def a_question_is_approved_by_its_id_and_the_answer_is_recorded(lab):
    tui.configure(lab)
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(
        tui.task("ask permission true", *after),
        tui.task("ask permission true", "fail refused", id="T2"),
        tui.task("busy 30", id="T3"),
    )
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2"):
        tui.until_turn(lab, id, "asking", "permission")
    says(lab.run("approve", "T3", check=1).err, "asks nothing that can be answered here")
    lab.run("approve", "T1")
    lab.until_state("T1", "merged")
    lab.run("approve", "T2", "--deny")
    tui.until_happened(lab, "T2", "answered")
    equal([one["text"] for one in tui.happened(lab, what="answered")], ["2", "1"], "keys")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")
    lab.until(lambda: len(tui.facts(lab, "T2", "task.answered")) == 1, "the answer of T2 is told")
    lab.run("abort", "--all")


@test
def a_supervisor_that_dies_while_it_answers_presses_no_key_twice(lab):
    tui.configure(lab)
    lab.tasks(tui.task("ask permission true", "ask permission true", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever", env={"TMUX_ORCH_FAILPOINT": "answer_question.after_effect"})
    tui.until_turn(lab, "T1", "asking", "permission")
    pid = lab.supervisor()
    lab.run("approve", "T1", check=None)
    lab.until(lambda: not lab.is_alive(pid), "the supervisor dies")
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T1", "shown", 2)
    equal(len(tui.happened(lab, "T1", "answered")), 1, "answers")
    lab.until(lambda: len(tui.facts(lab, "T1", "task.asking")) == 2, "the second question is told")
    lab.run("approve", "T1")
    lab.until_state("T1", "merged")
    equal(len(tui.happened(lab, "T1", "answered")), 2, "answers")
