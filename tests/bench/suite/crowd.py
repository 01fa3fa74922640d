"""100, 400 and 1,000 agents that sleep, each on a worker of its own, from a fresh clone: how long until all are
alive, what it takes meanwhile, and how soon all has landed when the last one has ended."""
import statistics
import threading
import time

from suite import place, processes, runs, scripts

FILES = 20
# (agents, seconds that each sleeps): long enough that the first still lives when the last one begins.
SIZES = ((100, 60), (400, 90), (1_000, 100))
QUICK = ((30, 10),)
# Of more, the script takes minutes, as each `git worktree add` reads all worktrees there are.
MOST_BY_SCRIPT = 400
# A run that is not over after that counts as it is then.
LONGEST = 600


class Status(threading.Thread):
    """Calls `status` every three seconds; how long each took in milliseconds."""

    def __init__(self, where):
        super().__init__(daemon=True)
        self.where, self.took, self.over = where, [], threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(3):
            try:
                self.took.append(scripts.ms(lambda: self.where.orch("status")))
            except RuntimeError:
                pass  # no run yet, or one that has just ended

    def end(self):
        self.over.set()
        self.join()


def a_run(binary, agents, seconds):
    with place.Place(binary) as where:
        marks = runs.Marks(where)
        tasks = [marks.task(number, f"sleep {seconds}", f"echo {number} > g{number}") for number in range(agents)]
        where.make_repository(FILES, tasks)
        before, begin = place.cpu_of_children(), time.time() * 1000
        program = where.up("--workers", str(agents))
        watch, status = processes.Watch(where), Status(where)
        is_over = where.is_over(program, LONGEST)
        found = {"wall": (time.time() * 1000 - begin) / 1000}
        status.end()
        watch.stop()
        begins, ends, merged = marks.begins(), marks.ends(), runs.facts(where, "task.merged")
        where.end(10 if is_over else 0)
        found |= {
            "all alive": (max(begins.values()) - begin) / 1000 if len(begins) == agents else None,
            "at once": marks.most_at_once(), "landed": len(merged), "status": statistics.median(status.took),
            "cpu": place.cpu_of_children() - before, "supervisor": watch.cpu.get("supervisor", 0),
            "gits": watch.gits, "shown": watch.cpu.get("up", 0) + watch.cpu.get("window 0", 0),
            "tmux": watch.cpu.get("tmux", 0), "peak": watch.peak,
            "last": (merged[-1][0] - max(ends.values())) / 1000 if len(merged) == agents else None,
        }
        return found


def by_script(binary, agents):
    """Seconds until so many are alive, as a loop of `git worktree add` and `tmux new-window` starts them."""
    with place.Place(binary) as where:
        where.make_repository(FILES)
        scripts.begin_tmux(where)
        begin = time.monotonic()
        for number in range(agents):
            tree = where.folder / f"w{number}"
            where.git("worktree", "add", "-q", "-b", f"b/{number}", tree, "main")
            where.tmux("new-window", "-d", "-c", tree, "sleep 3600")
        return time.monotonic() - begin


def one_round(binary, found, quick):
    for agents, seconds in QUICK if quick else SIZES:
        one = a_run(binary, agents, seconds)
        alive = by_script(binary, agents) if agents <= MOST_BY_SCRIPT else None
        name, all_of_it = f"{agents} agents", agents == 1_000
        found.add(f"{name}: all alive after", "s", one["all alive"], alive, bar=60 if all_of_it else None)
        found.add(f"{name}: not alive at once", "agents", agents - one["at once"], bar=0)
        found.add(f"{name}: not landed in {LONGEST} s", "tasks", agents - one["landed"], bar=0)
        found.add(f"{name}: last end -> all landed", "s", one["last"], bar=90 if all_of_it else None)
        found.add(f"{name}: processor in all", "s", one["cpu"])
        for part, of in (("supervisor", "the supervisor"), ("gits", "its gits"), ("tmux", "tmux"),
                         ("shown", "`up` and window 0")):
            found.add(f"{name}: processor of {of}", "s", one[part])
        found.add(f"{name}: memory of the supervisor", "MB", one["peak"] / 1e6, bar=64 if all_of_it else None)
        found.add(f"{name}: `status` meanwhile", "ms", one["status"], bar=50 if all_of_it else None)
        if agents == 100:
            overhead = (one["wall"] - seconds) / one["wall"]
            found.add(f"{name} that sleep {seconds} s: (wall - sleep) / wall", "%", 100 * overhead, bar=5)
