"""What a task costs, in things that can be counted: they do not depend on the machine."""
import shutil

from lab import script, test

COUNTS = """#!/bin/sh
echo >> "$COUNT_OF_GITS"
exec "$REAL_GIT" "$@"
"""


def gits_of_run(lab, tasks):
    """Processes of git that a run of so many tasks takes."""
    count = lab.ledger / f"gits-{tasks}"
    lab.env["COUNT_OF_GITS"] = str(count)
    file = f"tasks-{tasks}.md"
    lab.write(file, "\n".join(script(f"echo x > {tasks}-{i}.txt", id=f"N{tasks}x{i}") for i in range(tasks)))
    lab.up(file=file).ended_with(0)
    return count.stat().st_size


@test
def a_task_takes_few_processes_of_git(lab):
    lab.env["REAL_GIT"] = shutil.which("git")
    lab.env |= lab.fake_program("git", COUNTS)
    few, more = gits_of_run(lab, 2), gits_of_run(lab, 12)
    of_one = (more - few) / 10
    assert of_one <= 42, f"{of_one} processes of git for a task: {few} for 2, {more} for 12"
