"""Limits of open files: raised where that is allowed, lived with where it is not, and said where a run cannot work."""
import os
import resource
import time

from lab import Skip, equal, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
# Three streams, and what a run needs.
FEWEST = 38


def limited(lab, limit, *args, **more):
    """Runs the program with `ulimit LIMIT`."""
    return lab.run(argv=["sh", "-c", f'ulimit {limit} && exec "$@"', "sh", lab.binary, *args], **more)


def up(lab, limit, *args):
    return limited(lab, limit, "up", "tasks.md", "-S", lab.socket, *args)


def many(lab, count, body):
    ids = [f"T{number}" for number in range(1, count + 1)]
    lab.tasks(*[script(f"echo {id} > {id}.txt", body, id=id) for id in ids])
    return ids


def open_files(pid):
    return [int(name) for name in os.listdir(f"/proc/{pid}/fd")]


def files_at_rest(pid):
    """The numbers of the files that it keeps open: what a step opens is closed again."""
    looks = []
    for _ in range(20):
        looks.append(open_files(pid))
        time.sleep(0.02)
    return min(looks, key=lambda numbers: (max(numbers), len(numbers)))


def leave_free(pid, count):
    """From now on this process may open only so many files more."""
    numbers = files_at_rest(pid)
    soft, holes = max(numbers) + 1, max(numbers) + 1 - len(numbers)
    hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft + max(0, count - holes), hard))


@test
def a_low_soft_limit_is_raised_for_the_run_alone(lab):
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 256:
        raise Skip("the hard limit of open files is too low")
    lab.config(
        '[worktree_setup]\nrun = [["sh", "-c", "ulimit -Sn >> $LEDGER/setup"]]\n'
        '[[merge.test]]\ncommand = ["sh", "-c", "ulimit -Sn >> $LEDGER/gate"]\n'
    )
    ids = many(lab, 12, "ulimit -Sn >> $LEDGER/agent")
    up(lab, "-Sn 40", "--workers", "12").ended_with(0)
    equal(sorted(lab.landed()), sorted(ids), "landed")
    for program in ("setup", "gate", "agent"):
        equal(set((lab.ledger / program).read_text().split()), {"40"}, f"the limit of {program}")


@test
def with_few_descriptors_a_run_is_slow_and_complete(lab):
    lab.config('[[merge.test]]\ncommand = ["true"]\n')
    ids = many(lab, 12, "sleep 0.3")
    up(lab, f"-n {FEWEST}", "--workers", "12").ended_with(0)
    equal(sorted(lab.landed()), sorted(ids), "landed")


@test
def with_too_few_descriptors_nothing_is_started(lab):
    many(lab, 1, "true")
    for limit in (FEWEST - 1, 20, 12):
        ended = up(lab, f"-n {limit}").ended_with(1)
        ended.says(f"only {limit} files may be open at once", f"a run needs {FEWEST}", "ulimit -n 1024")
    assert not (lab.repo / ".worktrees").exists(), "something was started"
    limited(lab, "-n 30", "doctor").ended_with(1).says("BAD open files: only 30 files may be open at once")
    # Not even enough for a loop: said by every verb.
    for verb in ("status", "down", "up"):
        limited(lab, "-n 8", verb).ended_with(1).says("tmux-orch needs 11", "ulimit -n 1024")
    up(lab, f"-n {FEWEST}").ended_with(0)


@test
def a_supervisor_is_not_started_anew_with_too_few_descriptors(lab):
    many(lab, 1, WAIT)
    lab.begin()
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    limited(lab, "-n 30", "down").ended_with(1).says("only 30 files may be open at once", "ulimit -n 1024")
    lab.run("down", check=0)
    equal(lab.landed(), [], "landed")


def three_at_work(lab):
    ids = many(lab, 3, WAIT)
    lab.begin()
    for id in ids:
        lab.until_state(id, "running")
    return ids


@test
def work_waits_while_no_process_can_be_started(lab):
    ids = three_at_work(lab)
    pid = lab.supervisor()
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    leave_free(pid, 5)
    (lab.ledger / "go").write_text("")
    lab.until(lambda: "Too many open files" in str(lab.facts("task.trouble")), "it is said")
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    lab.until_over()
    equal(sorted(lab.landed()), sorted(ids), "landed")


@test
def down_ends_while_no_process_can_be_started(lab):
    ids = three_at_work(lab)
    leave_free(lab.supervisor(), 5)
    lab.run("down", check=0).says("is not saved yet", "Too many open files")
    (lab.ledger / "go").write_text("")
    lab.up().ended_with(0)
    equal(sorted(lab.landed()), sorted(ids), "landed")
