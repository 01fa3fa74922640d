"""What agents use of the machine: seen, shown and acted on."""

from lab import equal, says, script, test

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


@test
def while_memory_is_short_one_agent_works_and_the_biggest_is_named(lab):
    # However much this machine has, it is not enough.
    lab.limits('memory_free = "900 GB"')
    lab.tasks(
        script('echo x > "$LEDGER/first"', 'until [ -e "$LEDGER/go" ]; do sleep 0.1; done', id="T0"),
        script(f"{hog(lab, 300)} &", 'until [ -e "$LEDGER/end" ]; do sleep 0.1; done'),
        script('echo x > "$LEDGER/T2"', id="T2", fields=["Depends: T0"]),
        script('echo x > "$LEDGER/T3"', id="T3", fields=["Depends: T0"]),
    )
    lab.begin()
    lab.until_file("first")
    lab.until_file("full")
    lab.until(lambda: lab.facts("run.memory-short"), "memory is short")
    (lab.ledger / "go").touch()
    why = lab.until(
        lambda: lab.task("T0")["state"] == "merged" and lab.task("T2")["reason"] == "memory-short" and lab.task("T2")["why"],
        "T2 waits for memory",
    )
    says(why, "no further agent is started while memory is short", "the biggest agent is that of T", " processes")
    says(lab.run("status").out, "no further agent is started while memory is short")
    equal(lab.task("T1")["state"], "running", "who works goes on")
    equal([(lab.ledger / name).exists() for name in ("T2", "T3")], [False, False], "started")
    (lab.ledger / "end").touch()
    state = lab.until_over()
    equal([task["state"] for task in state["tasks"]], ["merged"] * 4, "all is done, one after the other")
    equal(len(lab.facts("run.memory-short")), 1, "told once")
