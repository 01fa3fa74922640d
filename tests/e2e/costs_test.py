"""What a task costs, in things that can be counted: they do not depend on the machine."""
import contextlib
import os
import pathlib
import shutil
import time

from lab import script, test

MANY = 300

COUNTS = """#!/bin/sh
echo >> "$COUNT_OF_GITS"
exec "$REAL_GIT" "$@"
"""


def write_tasks(lab, tasks):
    """A task file of its own for each number; its name."""
    file = f"tasks-{tasks}.md"
    lab.write(file, "\n".join(script(f"echo x > {tasks}-{i}.txt", id=f"N{tasks}x{i}") for i in range(tasks)))
    return file


def gits_of_run(lab, tasks, *options):
    """Processes of git that a run of so many tasks takes."""
    count = lab.ledger / f"gits-{tasks}"
    lab.env["COUNT_OF_GITS"] = str(count)
    lab.up(*options, file=write_tasks(lab, tasks)).ended_with(0)
    return count.stat().st_size


def bytes_of_run(lab, tasks):
    """What the supervisor of a run of so many tasks has handed to write: the kernel's own account of it."""
    lab.begin(file=write_tasks(lab, tasks))
    pid, written = lab.supervisor(), 0
    # It stays for a moment when all is over, so that the last look finds all that it has written.
    while lab.is_alive(pid):
        with contextlib.suppress(OSError):
            lines = pathlib.Path(f"/proc/{pid}/io").read_text().splitlines()
            written = max([written, *(int(line.split()[1]) for line in lines if line.startswith("wchar:"))])
        time.sleep(0.02)
    return written


@test
def a_task_takes_few_processes_of_git(lab):
    lab.env["REAL_GIT"] = shutil.which("git")
    lab.env |= lab.fake_program("git", COUNTS)
    few, more = gits_of_run(lab, 2), gits_of_run(lab, 12)
    of_one = (more - few) / 10
    assert of_one <= 16, f"{of_one} processes of git for a task: {few} for 2, {more} for 12"


@test
def a_worktree_of_its_own_takes_few_processes_of_git(lab):
    lab.env["REAL_GIT"] = shutil.which("git")
    lab.env |= lab.fake_program("git", COUNTS)
    few, more = (gits_of_run(lab, tasks, "--workers", "12") for tasks in (2, 12))
    of_one = (more - few) / 10
    assert of_one <= 7, f"{of_one} processes of git for a task: {few} for 2, {more} for 12"


@test
def starts_do_not_run_away_from_landings(lab):
    lab.env["REAL_GIT"] = shutil.which("git")
    fills = '*"checkout --quiet --force"* | *"reset --hard --quiet"*'
    lab.env |= lab.fake_program("git", COUNTS.replace("echo", f'case "$*" in {fills}) echo').replace("\nexec", ";; esac\nexec", 1))
    count = lab.ledger / "worktrees"
    lab.env["COUNT_OF_GITS"] = str(count)
    lab.up("--workers", "1", file=write_tasks(lab, 40)).ended_with(0)
    made = count.stat().st_size
    assert 1 <= made <= 10, f"{made} worktrees were made for 40 tasks of one worker"


@test
def a_task_has_the_supervisor_write_little(lab):
    few, more = bytes_of_run(lab, 4), bytes_of_run(lab, 24)
    of_one = (more - few) / 20
    assert of_one <= 470_000, f"{of_one:.0f} bytes written for a task: {few} for 4, {more} for 24"


@test
def to_look_at_a_run_takes_few_processes_of_git(lab):
    lab.env["REAL_GIT"] = shutil.which("git")
    lab.env |= lab.fake_program("git", COUNTS)
    lab.tasks(script("true"))
    lab.up().ended_with(0)
    for most, *verb in (1, "status"), (0, "status", "--json"), (8, "plan", "tasks.md"):
        count = lab.ledger / f"gits-{'-'.join(verb)}"
        count.touch()
        lab.run(*verb, env={"COUNT_OF_GITS": str(count)}, check=0)
        assert count.stat().st_size <= most, f"{count.stat().st_size} processes of git for {verb}"


def count_of(pid, what):
    """What the kernel has counted of that process: "rchar" are bytes read, "syscr" are calls to read."""
    with open(f"/proc/{pid}/io") as counts:
        return int(next(line for line in counts if line.startswith(what)).split()[1])


def bytes_read(lab, verb):
    """What the process of ours with that verb has read so far."""
    ours = [(pid, line.split()) for pid, line in lab.processes().items()]
    [pid] = [pid for pid, words in ours if words[0].endswith("tmux-orch") and verb in words]
    return count_of(pid, "rchar")


@test
def who_watches_a_run_does_not_read_all_of_it_for_each_event(lab):
    few = [script(f"echo x > {i}.txt", id=f"T{i}") for i in range(8)]
    gate = script('until test -e "$LEDGER/go"; do sleep 0.1; done', id="T8", fields=["Depends: T7"])
    lab.tasks(*few, gate, *(script("true", id=f"T{9 + i}", fields=["Depends: T8"]) for i in range(MANY)))
    lab.spawn_up("--foreground", "--workers", "1")
    lab.until(lab.listens, "the supervisor listens")
    at_start = {"up": bytes_read(lab, "up"), "watch": 0}  # it has read the task file and asked git by then
    lab.until_state("T8", "running", timeout=120)
    of_all = MANY * 1000
    for verb in "up", "watch":
        read = bytes_read(lab, verb) - at_start[verb]
        assert read < 8 * of_all, f"`{verb}` has read {read} bytes, of a run of {of_all}"
    lab.run("down", check=0)


@test
def a_first_start_does_not_look_at_each_process_of_the_machine(lab):
    crowd = 300
    for _ in range(crowd):
        lab.spawn(argv=["sleep", "1000"])
    few = [script(f"echo x > {i}.txt", id=f"T{i}") for i in range(8)]
    gate = script('until test -e "$LEDGER/go"; do sleep 0.1; done', id="T8", fields=["Depends: T7"])
    lab.tasks(*few, gate)
    lab.begin("--workers", "1")
    lab.until_state("T8", "running", timeout=120)
    reads = count_of(lab.supervisor(), "syscr") / (len(few) + 1)
    assert reads < 8 * crowd, f"{reads} reads for a task, next to {crowd} processes"
    lab.run("down", check=0)


@test
def a_task_file_that_nobody_writes_is_read_at_once(lab):
    lab.tasks(script("echo x > x.txt"))

    def took(age):
        for file in ("tasks.md", ".git/HEAD", ".git/index"):
            os.utime(lab.repo / file, (time.time() - age,) * 2)
        begin = time.monotonic()
        lab.run("plan", "tasks.md").ended_with(0)
        return time.monotonic() - begin

    # One that was written a moment ago is looked at again after 0.15 s.
    rounds = [(took(60), took(0)) for _ in range(10)]
    old, new = (min(times) for times in zip(*rounds))
    assert old < new - 0.08, f"{old:.3f} s, and {new:.3f} s of one that was just written"


@test
def a_git_at_work_is_waited_for_where_nobody_writes_the_task_file(lab):
    lab.tasks(script("echo x > x.txt"))
    (lab.repo / ".git/index.lock").touch()
    for file in ("tasks.md", ".git/HEAD", ".git/index"):
        os.utime(lab.repo / file, (time.time() - 60,) * 2)
    begin = time.monotonic()
    lab.run("plan", "tasks.md").ended_with(0)
    # A lock under which nothing moves for eight looks is one that a killed git has left.
    waited = time.monotonic() - begin
    assert waited > 1, f"the plan was made after {waited:.3f} s, while a git had the lock"
