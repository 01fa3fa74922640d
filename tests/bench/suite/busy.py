"""Whether workers are idle while there is work: 300 tasks that sleep 20 s on 100 workers, from the time at which all
workers have an agent to the start of the last task. The script's half: `xargs -P` with the same sleeps."""
from suite import place, runs

FILES = 20


def idle_share(begins, ends, workers):
    """Of the workers' time, what was nobody's."""
    started = sorted(begins.values())
    first, last = started[workers - 1], started[-1]
    worked = sum(max(0, min(ends[task], last) - max(at, first)) for task, at in begins.items())
    return 1 - worked / (workers * (last - first))


def ours(binary, workers, count, seconds):
    with place.Place(binary) as where:
        marks = runs.Marks(where)
        where.make_repository(FILES, [marks.task(number, f"sleep {seconds}") for number in range(count)])
        where.wait(where.up("--workers", str(workers)), 1_200)
        return idle_share(marks.begins(), marks.ends(), workers)


def by_xargs(binary, workers, count, seconds):
    with place.Place(binary) as where:
        where.repo.mkdir()
        marks = runs.Marks(where)
        job = f': > "{marks.begun}/$1"; sleep {seconds}; : > "{marks.ended}/$1"'
        names = "\n".join(f"T{number}" for number in range(count))
        where.sh("xargs", "-P", workers, "-I", "{}", "sh", "-c", job, "sh", "{}", input=names)
        return idle_share(marks.begins(), marks.ends(), workers)


def one_round(binary, found, quick):
    size = (5, 20, 2) if quick else (100, 300, 20)
    name = f"{size[1]} tasks of {size[2]} s, {size[0]} workers: idle while work is ready"
    found.add(name, "%", 100 * ours(binary, *size), 100 * by_xargs(binary, *size), bar=5)
