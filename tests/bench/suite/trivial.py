"""Tasks that only write a file, one worker, 20 files: what is left is what tmux-orch itself takes."""
import shutil
import time

from suite import place, scripts

FILES = 20
# Few tasks and many: what is counted needs no more of them.
TIMED = (10, 60)
COUNTED = (4, 14)


def tasks(count):
    return [place.task(number, f"echo {number} > g{number}") for number in range(count)]


def of_one(sizes, measure):
    """What one task takes, without all that is the same for few tasks and for many."""
    few, many = sizes
    less, more = measure(few), measure(many)
    return [(after - before) / (many - few) for before, after in zip(less, more)]


def timed_run(binary, count, counting=False):
    """(seconds, processes of git) of a run."""
    with place.Place(binary, counting=counting) as where:
        where.make_repository(FILES, tasks(count))
        before, begin = where.gits(), time.monotonic()
        where.wait(where.up("--workers", "1"), 600)
        return time.monotonic() - begin, where.gits() - before


def timed_script(binary, count, script, counting=False):
    with place.Place(binary, counting=counting) as where:
        where.make_repository(FILES, tasks(count))
        if script is scripts.WINDOWED:
            scripts.begin_tmux(where)
        before = where.gits()
        return scripts.run(where, script, 0, count), where.gits() - before


def counted(report):
    """System calls in all, from the last line of what `strace -c` writes."""
    words = report.read_text().split("\n-")[-1].splitlines()[-1].split()
    # time, seconds, microseconds a call, calls, perhaps errors, "total"
    return int(words[3])


def calls_of_run(binary, count):
    """System calls of all processes of a run: nobody is asked who is whose."""
    with place.Place(binary) as where:
        where.make_repository(FILES, tasks(count))
        report = where.folder / "calls"
        where.wait(where.up("--workers", "1", below=("strace", "-f", "-c", "-o", report)), 600)
        return (counted(report),)


def calls_of_script(binary, count):
    with place.Place(binary) as where:
        where.make_repository(FILES, tasks(count))
        report = where.folder / "calls"
        where.sh("strace", "-f", "-c", "-o", report, "sh", "-c", scripts.PLAIN, "sh", 0, count)
        return (counted(report),)


def one_round(binary, found, quick):
    sizes = COUNTED if quick else TIMED
    ours, _ = of_one(sizes, lambda count: timed_run(binary, count))
    plain, _ = of_one(sizes, lambda count: timed_script(binary, count, scripts.PLAIN))
    windowed, _ = of_one(sizes, lambda count: timed_script(binary, count, scripts.WINDOWED))
    found.add("task: wall", "ms", 1000 * ours, 1000 * plain, 1000 * windowed, bar=0.8, of="ratio")
    _, gits = of_one(COUNTED, lambda count: timed_run(binary, count, counting=True))
    _, of_plain = of_one(COUNTED, lambda count: timed_script(binary, count, scripts.PLAIN, counting=True))
    found.add("task: processes of git", "", gits, of_plain, bar=10)
    if shutil.which("strace"):
        (calls,) = of_one(COUNTED, lambda count: calls_of_run(binary, count))
        (of_plain,) = of_one(COUNTED, lambda count: calls_of_script(binary, count))
        found.add("task: system calls", "", calls, of_plain)
