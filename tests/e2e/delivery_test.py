"""What is said to agents: each text exactly once and in order, at the prompt only, also when somebody dies."""
import json

import tui
from lab import Failed, equal, long_test, says, test

REPORT = "\n".join((tui.COMMIT, tui.DONE))


def messages(lab):
    return json.loads(lab.run("messages", "--json", check=0).out)["messages"]


def send(lab, text, id="T1"):
    lab.run("send", id, text, check=0)


def nothing_leaked(lab):
    equal(tui.happened(lab, what="order"), [], "orders that got through to an agent")
    equal(tui.happened(lab, what="stray"), [], "typed into dialogs")


@test
def who_ends_its_turn_without_done_is_told_twice_and_then_the_user_and_merge_takes_its_commits(lab):
    tui.configure(lab)
    lab.tasks(tui.task("busy 1", tui.COMMIT))
    lab.begin("--wait-user", "forever")
    last = tui.until_happened(lab, "T1", "idle", 3)
    told = lab.until(lambda: tui.facts(lab, "T1", "task.idle"), "the user is told")
    if told[0][1] - last["wall_ms"] > 8000:
        raise Failed(f"told {told[0][1] - last['wall_ms']} ms after its last turn")
    kinds = [kind for kind, _ in tui.facts(lab, "T1")]
    equal(kinds, ["task.reminded", "task.reminded", "task.idle"], "what was told")
    equal([text.split(",")[0] for text in tui.texts(lab)], ["Your turn is over"] * 2, "reminders")
    equal(lab.status()["needs_user"], ["T1"], "needs_user")
    says(lab.run("status").out, "its agent has ended its turn and not said done")
    nothing_leaked(lab)
    lab.run("merge", "T1", check=0)
    lab.until_landed("T1")
    equal(lab.read("T1.txt"), "x\n")


@test
def a_first_turn_that_is_too_short_to_be_seen_is_told_by_its_prompt_on_the_screen(lab):
    tui.configure(lab)
    lab.tasks(tui.task("say finished"))
    lab.begin("--wait-user", "forever")
    tui.in_time(lab, "T1", "idle", "task.reminded", 5)


@test
def what_a_conversation_that_goes_on_shows_is_no_turn_of_this_attempt(lab):
    tui.configure(lab)
    file = lab.repo / "tmux-orch.toml"
    command = f'command = ["{tui.FAKE / "tui_agent"}"'
    file.write_text(file.read_text().replace(command + "]", command + """, "{session}"]
resumes = true
session_args = ["--session-id", "{session}"]
resume = ["--resume", "{session}"]"""))
    lab.commit("an agent that resumes")
    lab.tasks(tui.task("run test -e $LEDGER/again || { touch $LEDGER/again; sleep 1; kill -9 $PPID; }", tui.COMMIT,
                       tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    equal(len(lab.facts("task.retried")), 1, "attempts that failed")
    equal(tui.facts(lab, "T1", "task.reminded", "task.idle"), [], "what was told")


@long_test
def five_texts_of_any_length_arrive_exactly_once_and_in_order(lab):
    tui.configure(lab)
    lab.tasks(tui.task("busy 4"))
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T1", "submitted")
    sent = [
        "the first",
        "\n".join(f"line {number} of 41" for number in range(1, 42)),
        "\n".join(f"{number:04} {'long ' * 15}." for number in range(256)),
        "the fourth: ümläut, 'quotes', $(nothing) and \\n",
        REPORT,
    ]
    for text in sent:
        send(lab, text)
    lab.until_state("T1", "merged", timeout=80)
    equal(tui.texts(lab), sent, "texts")
    equal({message["state"] for message in messages(lab)} - {"started", "submitted"}, set(), "their states")
    nothing_leaked(lab)


@test
def what_is_asked_while_a_text_is_typed_is_not_answered_by_its_enter(lab):
    tui.configure(lab)
    go = lab.ledger / "go"
    lab.tasks(tui.task(f"run until test -e {go}; do sleep 0.1; done", "ask permission echo one"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    lab.run("send", "T1", "look at this as well", "--now", check=0)
    lab.until(lambda: list((lab.repo / ".tmux-orch/runs").glob("*/attempts/T1.1/deliveries/*.passed")), "it is typed")
    go.touch()
    tui.until_happened(lab, "T1", "shown")
    lab.until(lambda: messages(lab)[0]["state"] not in ("queued", "typed"), "its end")
    equal(tui.happened(lab, what="answered"), [], "answers that nobody has given")
    equal(messages(lab)[0]["state"], "uncertain", "its state")
    says(messages(lab)[0]["why"], "may have come to ask something", "may stand at its prompt")
    lab.run("approve", "T1", check=0)
    equal(tui.until_happened(lab, "T1", "answered")["text"], "2", "the user's answer")
    lab.run("abort", "T1", check=0)


@long_test
def no_text_is_typed_into_a_dialog_or_a_draft_and_copy_mode_is_no_hindrance(lab):
    tui.configure(lab, 'hand_back = "3s"')
    lab.tasks(
        tui.task("busy 3", "ask question Which?"),
        tui.task("busy 4", id="T2"),
        tui.task("busy 4", id="T3"),
    )
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2", "T3"):
        tui.until_happened(lab, id, "submitted")
    lab.tmux("copy-mode", "-t", lab.task("T3")["pane"])
    tui.press(lab, "T2", "-l", "half a sentence")
    for id in ("T2", "T3"):
        send(lab, REPORT, id)
    tui.until_turn(lab, "T1", "asking", "question")
    send(lab, REPORT)
    why = "a person is typing in its window"
    lab.until(lambda: [m for m in messages(lab) if m["to"] == "T2" and m["why"] == why], why)
    lab.until_state("T3", "merged")
    equal((tui.texts(lab, "T1"), tui.texts(lab, "T2")), ([], []), "what was typed so far")
    tui.press(lab, "T1", "2")
    tui.press(lab, "T2", "Enter")
    tui.until_happened(lab, "T1", "answered")
    for id in ("T1", "T2"):
        lab.until_state(id, "merged", timeout=80)
    equal(tui.texts(lab, "T1"), [REPORT], "to the one that asked")
    equal(tui.texts(lab, "T2"), ["half a sentence", REPORT], "to the one with a draft")
    equal(tui.texts(lab, "T3"), [REPORT], "to the one in copy mode")
    nothing_leaked(lab)


@test
def a_text_that_an_interrupt_put_back_is_not_mixed_with_another(lab):
    tui.configure(lab, 'hand_back = "3s"')
    lab.tasks(tui.task("busy 1", "interrupt"))
    lab.begin("--wait-user", "forever")
    tui.until_happened(lab, "T1", "idle")
    send(lab, REPORT)
    why = "a text that was not sent stands at its prompt"
    lab.until(lambda: [m for m in messages(lab) if m["from"] == "user" and m["why"] == why], why)
    equal(tui.texts(lab), [], "what was typed so far")
    tui.press(lab, "T1", "C-u")
    lab.until_state("T1", "merged", timeout=80)
    equal(tui.texts(lab)[-1], REPORT, "the last text")
    nothing_leaked(lab)


@test
def a_text_that_must_not_wait_is_typed_while_the_agent_works_if_its_program_takes_it(lab):
    tui.configure(lab)
    lab.tasks(tui.task("busy 8"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    send(lab, "busy 1")
    lab.run("send", "T1", REPORT, "--now", check=0)
    now = tui.until_happened(lab, "T1", "submitted", 2)
    equal(now["text"], REPORT, "what overtook")
    equal(tui.happened(lab, "T1", "idle"), [], "turns that were over by then")
    lab.until_state("T1", "merged", timeout=80)
    nothing_leaked(lab)


def dies_at(point):
    def supervisor_dies(lab):
        tui.configure(lab)
        lab.tasks(tui.task("busy 2"))
        lab.begin("--wait-user", "forever", env={"TMUX_ORCH_FAILPOINT": point})
        tui.until_happened(lab, "T1", "submitted")
        pid = lab.supervisor()
        send(lab, REPORT)
        lab.until(lambda: not lab.is_alive(pid), f"the supervisor dies at {point}")
        lab.begin("--wait-user", "forever")
        lab.until_state("T1", "merged", timeout=80)
        equal(tui.texts(lab), [REPORT], "texts")
        nothing_leaked(lab)

    supervisor_dies.__name__ = f"a_supervisor_that_dies_at_{point.replace('.', '_')}_types_a_text_exactly_once"
    return test(supervisor_dies)


for name in ("type_text.before_intent", "type_text.after_intent", "type_text.after_effect"):
    dies_at(name)


@long_test
def a_supervisor_that_is_killed_between_paste_and_enter_twenty_times_loses_and_doubles_nothing(lab):
    ids, rounds, kills = [f"T{number}" for number in range(1, 6)], 5, 20
    tui.configure(lab)
    lab.tasks(*(tui.task("say ready", id=id) for id in ids))
    lab.begin("--wait-user", "forever")
    sent = {id: [f"say text {number} for {id}" for number in range(rounds)] for id in ids}
    for id in ids:
        tui.until_happened(lab, id, "idle", 3)  # it has been reminded as often as it is
        for text in sent[id]:
            send(lab, text, id)

    def passed():
        return len(list((lab.repo / ".tmux-orch/runs").glob("*/attempts/*/deliveries/*.passed")))

    def all_arrived():
        return all(tui.texts(lab, id)[2:] == sent[id] for id in ids)

    for _ in range(kills):
        before = passed()
        lab.until(lambda: passed() > before or all_arrived(), "another text is being typed")
        lab.kill_supervisor()
        lab.begin("--wait-user", "forever")
    lab.until(all_arrived, f"all texts arrive: {[tui.texts(lab, id) for id in ids]} {messages(lab)}")
    nothing_leaked(lab)


def shim_dies_at(point, outcomes):
    """`outcomes`: how often the text may have arrived, with what is told of it."""

    def shim_dies(lab):
        tui.configure(lab, "attempts = 1")
        lab.tasks(tui.task("busy 2"))
        lab.begin("--wait-user", "forever", env={"TMUX_ORCH_FAILPOINT": point})
        tui.until_happened(lab, "T1", "submitted")
        send(lab, "busy 5")
        lab.until_state("T1", "failed")
        texts = tui.texts(lab)
        equal(texts, ["busy 5"] * len(texts), "texts")
        outcome = (len(texts), messages(lab)[0]["state"])
        if outcome not in outcomes:
            raise Failed(f"{outcome} is none of {outcomes}")
        nothing_leaked(lab)

    shim_dies.__name__ = f"a_text_whose_shim_dies_at_{point.replace('.', '_')}_is_never_typed_twice"
    return test(shim_dies)


shim_dies_at("shim.delivery.recorded", [(0, "uncertain")])
shim_dies_at("shim.delivery.typed", [(0, "uncertain")])
# The agent loses its terminal a moment after Enter, and may not have read it.
shim_dies_at("shim.delivery.answered", [(number, state) for number in (0, 1) for state in ("started", "submitted")])
