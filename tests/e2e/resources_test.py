"""What agents use of the machine: seen, shown and acted on."""
import os
import re
import signal
import sqlite3

from lab import CONFIG, Failed, equal, says, script, test

MB = 1_000_000
HOG = """
import os, sys, time
block = b"x" * (int(sys.argv[1]) * 1_000_000)
open(os.environ["LEDGER"] + "/full", "w").write("x")
time.sleep(120)
"""


def hog(lab, megabytes):
    """A command that holds so much memory."""
    program = lab.folder / "hog.py"
    program.write_text(HOG)
    return f"python3 {program} {megabytes}"


def in_table(lab, id):
    """The moment of the last heartbeat of the task's agent, and what it uses, as other programs read them."""
    with sqlite3.connect(lab.repo / ".tmux-orch/orch.db") as database:
        return database.execute(
            "select last_heartbeat, resource_usage from agent_lifecycle where status = 'running' and task_id = ?",
            (id,),
        ).fetchone()


@test
def what_each_agent_uses_is_shown_and_is_in_the_table(lab):
    lab.tasks(
        script(f"{hog(lab, 100)} &", "for i in $(seq 200); do sleep 120 & done", "while :; do :; done"),
        script("sleep 120", id="T2"),
    )
    lab.begin()

    def busy():
        task = lab.task("T1")
        seen = (task["processes"] or 0) > 200 and task["memory"] > 100 * MB and task["cpu"] > 0.1
        return seen and task

    task = lab.until(busy, "T1 is seen with all its processes")
    # Two hundred that share a program are not two hundred times that program.
    equal((task["processes"] < 210, task["memory"] < 200 * MB, task["cpu"] < 2), (True, True, True), str(task))
    idle = lab.until(lambda: lab.task("T2")["cpu"] == 0 and lab.task("T2"), "T2 is seen idle")
    equal((0 < idle["processes"] < 5, idle["memory"] < 20 * MB), (True, True), str(idle))
    before = in_table(lab, "T1")
    lab.until(lambda: in_table(lab, "T1")[0] > before[0] and '"processes":20' in in_table(lab, "T1")[1], "a heartbeat")

    lab.kill_supervisor()
    equal([lab.task(id)["cpu"] for id in ("T1", "T2")], [None, None], "nobody looks")
    lab.begin()
    lab.until(lambda: (lab.task("T1")["processes"] or 0) > 200, "T1 is seen again")
    lab.run("down", check=0)
    equal([lab.task(id)["processes"] for id in ("T1", "T2")], [None, None], "after the end")


@test
def while_memory_is_short_one_agent_works_and_the_biggest_is_named(lab):
    # However much this machine has, it is not enough.
    del lab.env["TMUX_ORCH_LIMITS_MEMORY_FREE"]
    lab.limits('memory_free = "900 GB"')
    lab.tasks(
        script(f"{hog(lab, 300)} &", 'until [ -e "$LEDGER/end" ]; do sleep 0.1; done'),
        script('echo x > "$LEDGER/T2"', id="T2"),
        script('echo x > "$LEDGER/T3"', id="T3"),
    )
    lab.begin()
    lab.until_file("full")
    named = re.compile(r"no further agent is started while memory is short: .* left"
                       r" \(the biggest agent is that of T1: [23]\d\d MB in \d processes\)")
    lab.until(lambda: named.fullmatch(lab.task("T2")["why"]), "T1 is named with its figures")
    says(lab.run("status").out, "no further agent is started while memory is short")
    equal(lab.task("T3")["reason"], "memory-short")
    equal(lab.task("T1")["state"], "running", "who works goes on")
    equal([(lab.ledger / name).exists() for name in ("T2", "T3")], [False, False], "started")
    (lab.ledger / "end").touch()
    state = lab.until_over()
    equal([task["state"] for task in state["tasks"]], ["merged"] * 3, "all is done, one after the other")
    equal(len(lab.facts("run.memory-short")), 1, "told once")


@test
def doctor_names_what_a_shim_has_left_that_was_killed_without_a_supervisor(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("(trap '' HUP; exec setsid sleep 300) &", 'echo x > "$LEDGER/up"', "sleep 300"))
    lab.begin()
    lab.until_file("up")
    says(lab.run("doctor").out, "ok  supervisor")
    shim = lab.until(lambda: lab.task("T1")["pid"], "T1 has a shim")
    if "ghosts" in lab.run("doctor").out:
        raise Failed("an agent that lives is taken for a ghost")
    # A supervisor would end what it leaves.
    lab.run("down", "--keep-agents")
    lab.until_over()
    os.kill(shim, signal.SIGKILL)
    lab.until(lambda: not lab.is_alive(shim), "the shim is gone")
    said = lab.run("doctor", check=1).out
    says(said, "BAD ghosts: 1 process is left of attempts that are over", " sleep (T1.1)", "`kill ")
    os.kill(int(said.split("`kill ")[1].split("`")[0]), signal.SIGTERM)
    lab.until(lambda: "ghosts" not in lab.run("doctor").out, "the ghost is gone")


@test
def of_more_agents_that_wait_for_their_landing_than_may_the_longest_is_ended(lab):
    lab.config(
        '[[merge.test]]\ncommand = ["sh", "-c", "ls T* || exit 0; until test -e $LEDGER/land; do sleep 0.1; done"]\n',
        base=CONFIG.replace("[limits]", "[limits]\nidle_agents = 1"),
    )
    report = ["git add -A; git commit -qm x", "tmux-orch done", "exec sleep 300"]
    lab.tasks(*(
        script(f"echo x > {id}.txt", *report, id=id, fields=["Agent: reports"]) for id in ("T1", "T2", "T3")
    ))
    lab.begin()
    ended = lab.until(lambda: lab.facts("task.agent-ended"), "one of them is ended")
    says(ended[0][2], "its agent was ended, as no more than 1 may wait for their landing")
    lab.until(lambda: lab.task(ended[0][1])["agent_state"] == "exited", "and its process is gone")
    if lab.task(ended[0][1])["state"] not in ("queued", "landing"):
        raise Failed("its work does not wait any more")
    (lab.ledger / "land").touch()
    state = lab.until_over()
    equal([task["state"] for task in state["tasks"]], ["merged"] * 3, "all have landed")
