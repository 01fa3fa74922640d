"""Whether a task costs more in a long run than in a short one: processor time and bytes written a task, by all
processes of the run, with 100 and with 1,000 tasks that only write a file, on one worker."""
from suite import place, processes, runs, scripts, trivial

SIZES = (100, 1_000)
QUICK = (20, 60)
# A run that is not over after that counts as it is then.
LONGEST = 1_800


def a_run(binary, count):
    """(seconds of the processor a task, bytes written by the supervisor a task, largest write-ahead log)."""
    with place.Place(binary) as where:
        where.make_repository(trivial.FILES, trivial.tasks(count))
        before = place.cpu_of_children()
        program = where.up("--workers", "1")
        watch = processes.Watch(where)
        is_over = where.is_over(program, LONGEST)
        watch.stop()
        where.end(10 if is_over else 0)
        landed = max(1, len(runs.facts(where, "task.merged")))
        return (place.cpu_of_children() - before) / landed, watch.written / landed, watch.wal


def by_script(binary, count):
    with place.Place(binary) as where:
        where.make_repository(trivial.FILES, trivial.tasks(count))
        before = place.cpu_of_children()
        scripts.run(where, scripts.PLAIN, 0, count)
        where.end()
        return (place.cpu_of_children() - before) / count


def one_round(binary, found, quick):
    few, many = QUICK if quick else SIZES
    cpu_few, written_few, _ = a_run(binary, few)
    cpu_many, written_many, wal = a_run(binary, many)
    plain_few, plain_many = by_script(binary, few), by_script(binary, many)
    found.add(f"task of {few}: processor", "ms", 1000 * cpu_few, 1000 * plain_few)
    found.add(f"task of {many}: processor", "ms", 1000 * cpu_many, 1000 * plain_many)
    found.add(f"processor a task: {many} against {few} tasks", "times", cpu_many / cpu_few, plain_many / plain_few,
              bar=1.15)
    found.add(f"task of {few}: bytes written by the supervisor", "kB", written_few / 1000)
    found.add(f"task of {many}: bytes written by the supervisor", "kB", written_many / 1000)
    found.add(f"write-ahead log at {many} tasks, at most", "MB", wal / 1e6)
