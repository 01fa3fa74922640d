"""Large repositories, in memory (/dev/shm): what a task costs in time where a checkout is most of it.

The script's half of a task: `git worktree add` and `git worktree remove`. Of a landing: one `git status` of the
repository; the other way is `git merge` in a worktree. Of a claim: `git worktree add`.
"""
import pathlib
import statistics
import time

from suite import place, runs, scripts

SIZES = (1_000, 50_000)
FEW, MANY = 3, 13  # from the third on, worktrees come from the pool
CALM = 5  # that take two seconds each: a worktree is ready when the next begins


def root():
    memory = pathlib.Path("/dev/shm")
    return str(memory) if memory.is_dir() else None


def a_run(binary, files, count, *lines):
    """(seconds, [done -> merged in ms], [free -> first instruction in ms])."""
    with place.Place(binary, root()) as where:
        marks = runs.Marks(where)
        tasks = [marks.task(number, *lines, f"echo {number} > g{number}") for number in range(count)]
        where.make_repository(files, tasks)
        watch, begin = runs.BranchWatch(where), time.monotonic()
        where.wait(where.up("--workers", "1"), 900)
        took = time.monotonic() - begin
        landed = runs.landings(where, watch.moves())
        done = {task: at for at, task in runs.facts(where, "task.done")}
        landings = [landed[task] - at for task, at in done.items() if task in landed]
        return took, landings, runs.free_to_begun(where, marks)


def by_script(binary, files):
    """Milliseconds: {"add", "add and remove", "status", "merge"}."""
    with place.Place(binary, root()) as where:
        where.make_repository(files)
        tree, other, found = where.folder / "w", where.folder / "m", {}
        found["add"] = scripts.ms(lambda: where.git("worktree", "add", "-q", "-b", "b", tree, "main"))
        where.sh("sh", "-c", "echo x > g; git add -A; git commit -qm x", cwd=tree)
        where.git("worktree", "add", "-q", "--detach", other, "main")
        where.git("status")  # what a first one writes down in the index
        found["status"] = scripts.ms(lambda: where.git("status"))
        found["merge"] = scripts.ms(lambda: where.git("merge", "-q", "--no-ff", "-m", "m", "b", cwd=other))
        removed = scripts.ms(lambda: where.git("worktree", "remove", tree))
        found["add and remove"] = found["add"] + removed
        return found


def one_round(binary, found, quick, sizes=SIZES):
    for files in sizes[:1] if quick else sizes:
        is_judged = files == 50_000
        few, _, _ = a_run(binary, files, FEW)
        many, landings, claims = a_run(binary, files, MANY)
        _, _, calm = a_run(binary, files, CALM, "sleep 2")
        plain = by_script(binary, files)
        name, task = f"{files} files", 1000 * (many - few) / (MANY - FEW)
        landing = statistics.median(landings)
        found.add(f"{name}: task", "ms", task, plain["add and remove"], bar=0.15 if is_judged else None, of="ratio")
        found.add(f"{name}: done -> merged", "ms", landing, plain["status"], plain["merge"])
        found.add(f"{name}: done -> merged, less one status", "ms", landing - plain["status"],
                  bar=70 if is_judged else None)
        found.add(f"{name}: claim", "ms", statistics.median(calm), plain["add"], bar=60 if is_judged else None)
        found.add(f"{name}: claim behind landings", "ms", statistics.median(claims), plain["add"])
