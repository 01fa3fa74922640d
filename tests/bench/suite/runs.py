"""A run that is over, or under way, as its events tell it; and the marks that its agents leave outside of it.

An agent's first instruction, and its last, is to make an empty file: the kernel writes down when. That is as fine
as the kernel's tick (1 to 4 ms).
"""
import json
import threading
import time

from suite import place


class Marks:
    """Files that agents make as their first and their last instruction."""

    def __init__(self, where):
        self.begun, self.ended = where.folder / "begun", where.folder / "ended"
        self.begun.mkdir(exist_ok=True)
        self.ended.mkdir(exist_ok=True)

    def task(self, number, *lines):
        """A task that marks its beginning and its end, without a process."""
        return place.task(number, f": > {self.begun}/T{number}", *lines, f": > {self.ended}/T{number}")

    @staticmethod
    def times(folder):
        """{task: milliseconds since the epoch}."""
        return {file.name: file.stat().st_mtime_ns / 1e6 for file in folder.iterdir()}

    def begins(self):
        return self.times(self.begun)

    def ends(self):
        return self.times(self.ended)

    def count(self):
        return sum(1 for _ in self.begun.iterdir())

    def most_at_once(self):
        """How many agents were between their first and their last instruction at the same time."""
        steps = [(at, 1) for at in self.begins().values()] + [(at, -1) for at in self.ends().values()]
        now = most = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
        return most


def rows_with(where, word):
    """Of the trace, in order."""
    for line in (where.run_folder() / "events.jsonl").read_text(errors="replace").splitlines():
        # The last line may be one that is being written.
        if f'"{word}"' in line and line.endswith("}"):
            yield json.loads(line)


def facts(where, kind):
    """[(milliseconds since the epoch, task)] of all facts of that kind, in order."""
    return [
        (row["wall_ms"], fact["task"]) for row in rows_with(where, kind) for fact in row["facts"] if fact["kind"] == kind
    ]


def exits(where):
    """The same of the ends of agents: from there on their workers are free."""
    rows = [row for row in rows_with(where, "agent_exited") if row["event"].get("type") == "agent_exited"]
    return [(row["wall_ms"], row["event"]["task"]) for row in rows]


class BranchWatch:
    """When the integration branch moved: the times at which its file was written, to the tick."""

    def __init__(self, where):
        self._folder = where.repo / ".git/refs/heads/tmux-orch"
        self._seen = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_again, daemon=True)
        self._thread.start()

    def _look_again(self):
        while not self._over.wait(0.002):
            for file in self._refs():
                try:
                    self._seen[file.stat().st_mtime_ns] = True
                except OSError:
                    pass

    def _refs(self):
        try:
            return [file for file in self._folder.iterdir() if not file.name.endswith(".lock")]
        except OSError:
            return []

    def moves(self):
        """Milliseconds since the epoch of each move, without that it was made. Ends the watch."""
        self._over.set()
        self._thread.join()
        return [at / 1e6 for at in sorted(self._seen)][1:]


def landings(where, moves):
    """{task: when the branch had it}; from the events, which are a moment later, where a move was not seen."""
    merged = facts(where, "task.merged")
    if len(moves) == len(merged):
        return {task: at for at, (_, task) in zip(moves, merged)}
    return {task: at for at, task in merged}


def free_to_begun(where, marks):
    """With one worker that is used: from the record that an agent has ended to the next one's first instruction."""
    begins = marks.begins()
    steps = [(at, "ended", task) for at, task in exits(where) if task in begins]
    steps += [(at, "begun", task) for task, at in begins.items()]
    waits, free = [], None
    for at, what, _ in sorted(steps):
        if what == "ended":
            free = at
        elif free is not None:
            waits.append(at - free)
            free = None
    return waits


def until(look, seconds, what):
    """Waits until `look` returns something true."""
    end = time.monotonic() + seconds
    while not look():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)
