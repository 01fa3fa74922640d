"""From a worker that is free to the next agent's first instruction, with 100 agents alive.

All workers but one have an agent that sleeps; the last one does short tasks, one after the other: of a third of a
second, so that a worktree is ready when the next begins, and of no time, so that none is and the landing of the task
before is under way. Free is a worker when it is recorded that its agent has ended. The script's half: `git worktree add` and `tmux new-window` on a server
with as many windows, one process after the other, to the first instruction of what runs there.
"""
import time

from suite import figures, place, runs, scripts

FILES = 20


def ours(binary, alive, count, sleep):
    with place.Place(binary) as where:
        marks = runs.Marks(where)
        sleepers = [place.task(number, "sleep 3000") for number in range(alive - 1)]
        short = [marks.task(alive + number, f"sleep {sleep}; echo {number} > g{number}") for number in range(count)]
        where.make_repository(FILES, sleepers + short)
        where.orch("up", "tasks.md", "--agent", "sh", "-S", where.socket, "-d", "--workers", alive)
        end = time.monotonic() + 600
        while len(marks.ends()) < count:
            if time.monotonic() > end:
                raise RuntimeError(f"only {len(marks.ends())} of {count} short tasks were done in 600 s")
            time.sleep(0.1)
        waits = runs.free_to_begun(where, marks)
        where.orch("down")
        return waits


def by_script(binary, alive, count):
    with place.Place(binary) as where:
        marks = runs.Marks(where)
        where.make_repository(FILES)
        scripts.begin_tmux(where, alive)
        waits = []
        for number in range(count):
            begin = time.time() * 1000
            tree = where.folder / f"w{number}"
            where.git("worktree", "add", "-q", "-b", f"b/{number}", tree, "main")
            mark = marks.begun / f"T{number}"
            where.tmux("new-window", "-d", "-c", tree, f": > {mark}; sleep 1")
            while not mark.exists():
                time.sleep(0.0005)
            waits.append(mark.stat().st_mtime_ns / 1e6 - begin)
        return waits


def one_round(binary, found, quick):
    alive, count = (10, 10) if quick else (100, 60)
    of_script = by_script(binary, alive, count)
    for name, sleep, bars in (("dispatch", 0.3, (10, 50)), ("dispatch behind a landing", 0, (None, None))):
        waits = ours(binary, alive, count, sleep)
        for part, bar in zip((0.5, 0.99), bars):
            found.add(f"{name} with {alive} alive: p{part * 100:.0f}", "ms", figures.percentile(waits, part),
                      figures.percentile(of_script, part), bar=bar)
