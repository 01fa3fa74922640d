"""A person and an agent: who has its window, how the person hears of it, and how they answer."""
import tui
from lab import equal, says, test


def until_control(lab, id, control):
    return lab.until(lambda: lab.task(id).get("control") == control, f"{id} is {control}: {lab.task(id)}")


def told(lab, id):
    return [kind for kind, _ in tui.facts(lab, id, "task.user", "task.handed-back", "task.reminded")]


@test
def typing_takes_a_window_silence_hands_it_back_and_reminders_wait_meanwhile(lab):
    tui.configure(lab, 'hand_back = "4s"')
    lab.tasks(tui.task("busy 4"), tui.task("busy 4", id="T2"))
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2"):
        tui.until_happened(lab, id, "submitted")
    tui.press(lab, "T1", "x")
    tui.press(lab, "T2", "-l", "half a sentence")
    for id in ("T1", "T2"):
        until_control(lab, id, "user")
    lab.until(lambda: "u" in lab.windows("#{?#{==:#{@orch_task},T1},#{@orch_mark},}"), "its mark")
    until_control(lab, "T1", "ours")
    tui.until_happened(lab, "T1", "idle")
    equal(told(lab, "T1")[:2], ["task.user", "task.handed-back"], "of T1")
    # A draft keeps it for as long as it stands there: it is no input left empty.
    tui.until_happened(lab, "T2", "idle")
    lab.run("release", "T1", check=1).says("T1 is not held")
    equal(lab.task("T2")["control"], "user")
    equal(lab.status()["needs_user"], [], "who needs the user")
    equal(told(lab, "T2"), ["task.user"], "of T2")
    tui.press(lab, "T2", "C-u")
    until_control(lab, "T2", "ours")
    lab.until(lambda: "task.reminded" in told(lab, "T2"), "T2 is reminded")
    equal(told(lab, "T2")[:2], ["task.user", "task.handed-back"], "of T2")
    lab.run("abort", "--all", check=0)
    lab.until_over()


@test
def release_hands_it_back_at_once_also_after_another_supervisor_began_and_an_answer_of_ours_takes_nothing(lab):
    tui.configure(lab, 'hand_back = "1h"')
    lab.tasks(tui.task("busy 2", "ask permission true", tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T1", "submitted")
    tui.press(lab, "T1", "Up")
    until_control(lab, "T1", "user")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "the new one listens")
    equal(lab.task("T1")["control"], "user")
    lab.run("release", "T1", check=0)
    until_control(lab, "T1", "ours")
    tui.until_turn(lab, "T1", "asking", "permission")
    lab.run("approve", "T1", check=0)
    lab.until_state("T1", "merged")
    equal(told(lab, "T1"), ["task.user", "task.handed-back"], "what was told")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def options_without_numbers_are_chosen_by_the_pointer_and_the_record_has_the_screen(lab):
    tui.configure(lab)
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(tui.task("pick colours", *after), tui.task("pick colours", *after, id="T2"))
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2"):
        tui.until_turn(lab, id, "asking", "question")
    lab.run("approve", "T1", check=0)
    lab.run("approve", "T2", "--option", "No", check=0)
    for id, label in (("T1", "Yes"), ("T2", "No")):
        equal(tui.until_happened(lab, id, "answered")["text"], label)
        lab.until_state(id, "merged")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")
    records = list((lab.repo / ".tmux-orch/runs").glob("*/attempts/*/deliveries/answer-1"))
    equal(len(records), 2, "records")
    says(records[0].read_text(), "Pick one:", "colours", "Yes, always")


@test
def a_question_is_shown_with_its_options_on_a_terminal_and_from_the_menu(lab):
    tui.configure(lab)
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(tui.task("ask permission true", *after), tui.task("ask permission true", *after, id="T2"))
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2"):
        tui.until_turn(lab, id, "asking", "permission")
    terminal = lab.terminal(lab.binary, "approve", "--choose", "T1")
    terminal.until("T1 asks:", "1. No", "2. Yes", "the number of your answer")
    terminal.keys("2", "Enter")
    terminal.until("'Yes' is answered", "ended with 0")
    lab.until_state("T1", "merged")
    view = lab.terminal(lab.binary, "attach", "T2")
    # The keys of a view read what is shown in its status line.
    view.until("tui: 1-3 to allow", "you are needed: T2")
    view.keys("C-o")
    view.until("Answer...")
    view.keys("y")
    view.until("T2 asks:", "the number of your answer")
    view.keys("2", "Enter")
    lab.until_state("T2", "merged")
    equal([one["text"] for one in tui.happened(lab, what="answered")], ["2", "2"], "keys")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def an_agent_may_not_answer(lab):
    tui.configure(lab)
    lab.tasks(
        tui.task("ask permission true"),
        tui.task("run sleep 3; (tmux-orch approve T1; tmux-orch approve T1 --always) > $LEDGER/said 2>&1; true", tui.COMMIT, tui.DONE, id="T2"),
    )
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    lab.until_state("T2", "merged")
    equal((lab.ledger / "said").read_text().count("tmux-orch: "), 2, "refusals")
    equal(tui.happened(lab, "T1", "answered"), [], "answers")
    lab.run("abort", "T1", check=0)
    lab.until_over()


@test
def what_begins_to_need_the_user_runs_their_own_command_and_a_repositorys_is_refused(lab):
    command = 'command = ["sh", "-c", \'printf "%s|%s\\n" "$1" "$2" >> $LEDGER/notes\', "sh", "{title}", "{text}"]'
    own = lab.home / ".config/tmux-orch"
    own.mkdir(parents=True)
    tui.configure(lab, more=f"\n[notify]\n{command}\n")
    lab.tasks(tui.task("ask permission echo {title}"), tui.task("busy 600", id="T2"))
    lab.up().ended_with(1).says("'notify.command' gives rights, and a repository's file cannot")
    tui.configure(lab)
    (own / "config.toml").write_text(f"[notify]\n{command}\n")
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    notes = lab.ledger / "notes"
    lab.until(lambda: notes.exists() and notes.read_text().endswith("\n"), "the command runs")
    # What an agent writes is no placeholder.
    says(notes.read_text(), "tmux-orch: T1|its agent waits for an answer (permission)", "echo {title}")
    equal(len(notes.read_text().splitlines()), 1, "notes")
    lab.run("abort", "--all", check=0)
    lab.until_over()
