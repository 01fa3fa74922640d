"""Where a benchmark works: a repository in a folder of its own, a tmux server of its own, nothing of the user's.

A process that loses its parent becomes a child of the benchmark (`adopt_orphans`), so that when all is over the
kernel's own account of the benchmark's children is what everything took: supervisor, tmux, shims, agents, gits.
"""
import contextlib
import ctypes
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36
COUNTING_GIT = """#!/bin/sh
echo >> "$BENCH_GITS"
exec "$BENCH_GIT" "$@"
"""


def adopt_orphans():
    """From now on, daemons that benchmarks start end as our children. Once, at start."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def cpu_of_children():
    """Seconds of the processor of all children that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def task(number, *lines):
    """A task of a task file whose `sh` block has these lines."""
    block = "".join(f"  {line}\n" for line in lines)
    return f"- [ ] T{number}: task {number}\n  ```sh\n{block}  ```\n"


class Place:
    """A folder with `repo` in it; use it in a `with`. `counting`: git is counted, at the price of a shell a call."""

    def __init__(self, binary, root=None, counting=False):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orch-bench-", dir=root))
        self.repo = self.folder / "repo"
        self.socket = str(self.folder / "tmux")
        self.counted = self.folder / "gits"
        self.env = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.env.update(
            HOME=str(self.folder), XDG_CONFIG_HOME=str(self.folder / ".config"), GIT_CONFIG_GLOBAL="/dev/null",
            GIT_CONFIG_NOSYSTEM="1", TMUX_TMPDIR=str(self.folder), TERM="xterm-256color", LC_ALL="C.UTF-8",
            SHELL="/bin/sh", GIT_AUTHOR_NAME="b", GIT_AUTHOR_EMAIL="b@b", GIT_COMMITTER_NAME="b",
            GIT_COMMITTER_EMAIL="b@b",
            # What else the machine does must not hold agents back.
            TMUX_ORCH_LIMITS_MEMORY_FREE="1 kB", TMUX_ORCH_LIMITS_MEMORY_PRESSURE="0",
        )
        if counting:
            self._count_gits()

    def _count_gits(self):
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "git").write_text(COUNTING_GIT)
        (folder / "git").chmod(0o755)
        self.env.update(
            BENCH_GITS=str(self.counted), BENCH_GIT=shutil.which("git"), PATH=f"{folder}:{self.env['PATH']}"
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sh(self, *argv, cwd=None, **more):
        """Runs a program to its end; what it printed."""
        done = subprocess.run([str(part) for part in argv], cwd=cwd or self.repo, env=self.env, capture_output=True,
                              text=True, errors="replace", **more)
        if done.returncode != 0:
            raise RuntimeError(f"{argv} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def git(self, *args, **more):
        return self.sh("git", *args, **more)

    def orch(self, *args, **more):
        return self.sh(self.binary, *args, **more)

    def tmux(self, *args):
        return self.sh("tmux", "-S", self.socket, *args, cwd="/")

    def make_repository(self, files, tasks=(), config=""):
        """A repository of so many small files, forty a folder, and a task file; committed and checked out."""
        self.repo.mkdir()
        self.git("init", "-q", "-b", "main")
        made = {f"d{n // 40}/f{n}": f"line one of file {n}\nline two\n" for n in range(files)}
        made["tasks.md"] = "".join(tasks)
        if config:
            made["tmux-orch.toml"] = config
        stream = ["commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 5\nfiles\n"]
        for name, text in made.items():
            stream.append(f"M 644 inline {name}\ndata {len(text)}\n{text}\n")
        self.git("fast-import", "--quiet", input="".join(stream))
        self.git("reset", "-q", "--hard")

    def up(self, *options, below=()):
        """Starts a run in the foreground, as a script does; `below`: a command that gets it as its arguments."""
        return subprocess.Popen(
            [*below, self.binary, "up", "tasks.md", "--agent", "sh", "-S", self.socket, "--foreground", *options],
            cwd=self.repo, env=self.env, stdin=subprocess.DEVNULL, stdout=open(self.folder / "up.log", "w"),
            stderr=subprocess.STDOUT,
        )

    def wait(self, program, seconds):
        """Until the foreground `up` has ended, which must be well."""
        if program.wait(timeout=seconds) != 0:
            raise RuntimeError("`up` ended with an error:\n" + (self.folder / "up.log").read_text()[-3000:])

    def is_over(self, program, seconds):
        """Waits for the end of a foreground `up`, however it ends; false when it has not come after so long."""
        try:
            program.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def gits(self):
        """Processes of git so far."""
        return self.counted.stat().st_size if self.counted.exists() else 0

    def run_folder(self):
        return next((self.repo / ".tmux-orch/runs").iterdir())

    def end(self, patience=10):
        """Ends what the place has started, and takes in all that is a child of ours by now. What has not ended by
        itself after so many seconds is killed."""
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.env, capture_output=True, check=False)
        begin = time.monotonic()
        while time.monotonic() < begin + patience + 60:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0 and time.monotonic() > begin + patience:
                self._kill_own()
            if pid == 0:
                time.sleep(0.02)

    def _kill_own(self):
        """Ends what is left of this place; what is of another, no matter how it got here, is not ours to end."""
        mark = str(self.folder).encode()
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                is_other = entry.name.isdigit() and int(entry.name) != os.getpid()
                if is_other and mark in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
