"""What processes take, from /proc: processor time, memory, bytes written; looked at while a run is at work."""
import os
import pathlib
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def children(pid):
    """The pids of the children of all of its threads."""
    found = []
    try:
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text().split()]
    except OSError:
        pass
    return found


def command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def cpu(pid):
    """(own, of children that have ended) in seconds."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return own / TICKS, ended / TICKS


def memory(pid):
    """Resident bytes now."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def written(pid):
    """Bytes that it has handed to `write` and its like, whatever became of them."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/io").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("wchar:")), 0)


def of_a_core(pids, seconds):
    """What each of these, with children of theirs that end meanwhile, takes of a core in the next seconds."""
    begin, before = time.monotonic(), {pid: sum(cpu(pid)) for pid in pids}
    time.sleep(seconds)
    took = time.monotonic() - begin
    return {pid: (sum(cpu(pid)) - before[pid]) / took for pid in pids}


class Watch:
    """Looks at the processes of a run until `stop`: the supervisor, the `up` that shows it, window 0, tmux."""

    def __init__(self, place, interval=0.1):
        self.place, self.interval = place, interval
        self.roles = {}
        self.cpu, self.gits, self.written, self.peak = {}, 0.0, 0, 0
        self.wal, self.moves = 0, []
        self.memory = []  # (seconds, resident bytes) of the supervisor
        self._over = threading.Event()
        self._begin = time.monotonic()
        self._thread = threading.Thread(target=self._look_again, daemon=True)
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join()

    def supervisor(self):
        return self.roles.get("supervisor", 0)

    def _look_again(self):
        while not self._over.wait(self.interval):
            self._look()

    def _find(self):
        for pid in children(os.getpid()):
            words = command(pid)
            if "supervise" in words:
                self.roles["supervisor"] = pid
            elif "up" in words[1:2]:
                self.roles["up"] = pid
            elif words and words[0].endswith("tmux"):
                self.roles["tmux"] = pid
                for child in children(pid):
                    if "watch" in command(child):
                        self.roles["window 0"] = child

    def _look(self):
        if len(self.roles) < 4:
            self._find()
        for role, pid in self.roles.items():
            own, ended = cpu(pid)
            self.cpu[role] = max(own, self.cpu.get(role, 0))
            if role == "supervisor":
                self.gits = max(ended, self.gits)
        pid = self.supervisor()
        if pid:
            now = memory(pid)
            self.peak = max(self.peak, now)
            self.memory.append((time.monotonic() - self._begin, now))
            self.written = max(self.written, written(pid))
            try:
                self.wal = max(self.wal, (self.place.repo / ".tmux-orch/orch.db-wal").stat().st_size)
            except OSError:
                pass
