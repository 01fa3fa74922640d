"""5,000 tasks that only write a file, through 200 workers: tasks a second, and whether memory, store and write-ahead
log stay as they are."""
import time

from suite import place, processes, runs, scripts, trivial

WORKERS = 200
# A run that is not over after that counts as it is then.
LONGEST = 900


def a_run(binary, count, workers):
    with place.Place(binary) as where:
        where.make_repository(trivial.FILES, trivial.tasks(count))
        begin = time.monotonic()
        program = where.up("--workers", str(workers))
        watch = processes.Watch(where, 0.5)
        is_over = where.is_over(program, LONGEST)
        took = time.monotonic() - begin
        watch.stop()
        landed = len(runs.facts(where, "task.merged"))
        store = (where.repo / ".tmux-orch/orch.db").stat().st_size
        where.end(10 if is_over else 0)
        return {"a second": landed / took, "landed": landed, "memory": watch.memory, "wal": watch.wal,
                "store": store, "written": watch.written / max(1, landed)}


def growth(memory):
    """Memory in the last tenth of a run over that after its first tenth."""
    tenth = max(1, len(memory) // 10)
    early = max(size for _, size in memory[tenth:2 * tenth] or memory)
    return max(size for _, size in memory[-tenth:]) / max(1, early)


def one_round(binary, found, quick):
    count, workers = (60, 10) if quick else (5_000, WORKERS)
    one = a_run(binary, count, workers)
    with place.Place(binary) as where:
        part = min(count, 200)
        where.make_repository(trivial.FILES, trivial.tasks(part))
        plain = part / scripts.run(where, scripts.PLAIN, 0, part)
    name = f"{count} tasks, {workers} workers"
    found.add(f"{name}: landed a second", "tasks", one["a second"], plain)
    found.add(f"{name}: not landed in {LONGEST} s", "tasks", count - one["landed"], bar=0)
    found.add(f"{name}: memory at most", "MB", max(size for _, size in one["memory"]) / 1e6, bar=64)
    found.add(f"{name}: memory at the end against the start", "times", growth(one["memory"]), bar=1.2)
    found.add(f"{name}: write-ahead log at most", "MB", one["wal"] / 1e6)
    found.add(f"{name}: store a landed task", "kB", one["store"] / 1000 / max(1, one["landed"]))
    found.add(f"{name}: bytes written by the supervisor a task", "kB", one["written"] / 1000)
