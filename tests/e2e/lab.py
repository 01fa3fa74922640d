"""A repository in a temporary folder, with tmux-orch at work in it: what every end-to-end test stands on.

Nothing of the user's is used or seen: own HOME, no global git configuration, own tmux sockets. All that
was started is found by a variable in its environment and killed in the end.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# For everything that is waited for; a passing test is never near it.
TIMEOUT = 40

CONFIG = """
agent = "sh"
workers = 3
[limits]
retry_delay = "100ms"
stop_grace = "500ms"
[agents.reports]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "report"
failed_start = "0s"
"""

# For [merge]: what does not land is left to the user at once.
NO_ROUNDS = """
[merge]
rounds = 0
"""

TESTS = []
LONG = set()


def test(function):
    """Makes a function with one argument, the lab, a test. Its name is the sentence that it proves."""
    TESTS.append(function)
    return function


def long_test(function):
    """One that takes twenty seconds or more: it begins before the others, so that none is left to wait for."""
    LONG.add(function)
    return test(function)


class Skip(Exception):
    """Raised by a test that cannot be done here; its text is the reason."""


class Failed(AssertionError):
    pass


class Ran:
    """How a command ended: `code`, `out`, `err`, and `text`, which is both."""

    def __init__(self, argv, code, out, err):
        self.argv, self.code, self.out, self.err = argv, code, out, err
        self.text = out + err

    def says(self, *parts):
        return says(self.text, *parts, what=" ".join(map(str, self.argv[:4]))) and self

    def ended_with(self, code):
        if self.code != code:
            raise Failed(f"{self.argv} ended with {self.code}, not with {code}:\n{self.text}")
        return self


def says(text, *parts, what="the text"):
    for part in parts:
        if part not in text:
            raise Failed(f"{what} does not say {part!r}:\n{text}")
    return True


def equal(found, wanted, what=""):
    if found != wanted:
        raise Failed(f"{what}: {found!r} instead of {wanted!r}")


def script(*lines, id="T1", title="a task", fields=()):
    """A task of a task file whose `sh` block has these lines."""
    block = "\n".join("  " + line for part in lines for line in part.split("\n"))
    head = "".join(f"  {field}\n" for field in fields)
    return f"- [ ] {id}: {title}\n{head}  ```sh\n{block}\n  ```\n"


class Lab:
    def __init__(self, binary):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="orch-e2e-"))
        self.repo = self.folder / "repo"
        self.home = self.folder / "home"
        self.ledger = self.folder / "ledger"
        for folder in (self.repo, self.home, self.ledger):
            folder.mkdir()
        self.socket = str(self.folder / "tmux")
        self.programs = []
        self.undone = []
        self.mark = f"ORCH_E2E_LAB={self.folder}"
        keep = ("PATH", "LANG", "USER", "LOGNAME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS")
        self.env = {name: os.environ[name] for name in keep if name in os.environ}
        self.env.update(
            HOME=str(self.home),
            XDG_CONFIG_HOME=str(self.home / ".config"),
            GIT_CONFIG_GLOBAL="/dev/null",
            GIT_CONFIG_NOSYSTEM="1",
            TMUX_TMPDIR=str(self.folder),
            TERM="xterm-256color",
            LC_ALL="C.UTF-8",
            SHELL="/bin/sh",
            LEDGER=str(self.ledger),
            ORCH_E2E_LAB=str(self.folder),
            # Whatever else the machine has to do, no test waits for its memory.
            TMUX_ORCH_LIMITS_MEMORY_FREE="1 kB",
            TMUX_ORCH_LIMITS_MEMORY_PRESSURE="0",
        )
        self.start_repository()

    def start_repository(self):
        """The repository that a test finds: one commit, and the usual configuration."""
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "e2e")
        self.git("config", "user.email", "e2e@localhost")
        self.config("")
        self.write("README", "a repository\n")
        self.commit("start")

    # The repository.

    def git(self, *args, cwd=None, check=True):
        done = subprocess.run(
            ["git", *args], cwd=cwd or self.repo, env=self.env, capture_output=True, text=True,
            errors="surrogateescape", timeout=TIMEOUT,
        )
        if check and done.returncode != 0:
            raise Failed(f"git {args} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def write(self, name, text):
        file = self.repo / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def read(self, name):
        return (self.repo / name).read_text()

    def commit(self, message="a commit"):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def add_submodule(self):
        """A repository next to ours with one file `f`, as our submodule `sub`; committed."""
        library = self.folder / "library"
        library.mkdir()
        self.git("init", "-q", "-b", "main", cwd=library)
        (library / "f").write_text("x\n")
        self.git("add", "-A", cwd=library)
        self.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-qm", "one", cwd=library)
        self.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(library), "sub")
        self.commit("with a submodule")

    def config(self, text, base=CONFIG):
        """tmux-orch.toml; what is given goes after the usual one, in tables of its own."""
        self.write("tmux-orch.toml", base + text)

    def limits(self, *lines):
        """More lines for [limits]."""
        self.config("", base=CONFIG.replace("[limits]", "\n".join(["[limits]", *lines])))

    def tasks(self, *texts):
        return self.write("tasks.md", "".join(texts))

    def landed(self, branch="main"):
        """The tasks that landed, in order."""
        log = self.git(
            "log", "--first-parent", "--reverse",
            "--format=%(trailers:key=Orch-Task,valueonly,separator=%x2C)", branch,
        )
        return log.split()

    def show(self, spec):
        """A file of a commit: `REF:path`."""
        return self.git("show", spec)

    def rescues(self):
        return self.git("for-each-ref", "--format=%(refname)", "refs/orch/rescue").split()

    def rescued(self, name):
        """The texts of a file in all rescue refs that have it."""
        found = []
        for ref in self.rescues():
            with contextlib.suppress(Failed):
                found.append(self.show(f"{ref}:{name}"))
        return found

    # The program.

    def run(self, *args, cwd=None, timeout=TIMEOUT, env=None, argv=None, check=None, input=None):
        argv = argv or [self.binary, *args]
        variables = {**self.env, **(env or {})}
        variables = {name: value for name, value in variables.items() if value is not None}
        try:
            done = subprocess.run(
                argv, cwd=cwd or self.repo, env=variables, stdin=subprocess.DEVNULL if input is None else None,
                input=input, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as late:
            raise Failed(f"{args} did not end in {timeout} s: {late.stdout} {late.stderr}") from None
        ran = Ran(argv, done.returncode, done.stdout, done.stderr)
        return ran if check is None else ran.ended_with(check)

    def up(self, *args, file="tasks.md", **more):
        return self.run("up", file, "-S", self.socket, *args, **more)

    def begin(self, *args, **more):
        """`up -d`."""
        return self.up("-d", *args, check=0, **more)

    def spawn(self, *args, argv=None, env=None, **more):
        """Starts a program; what it prints is read with .communicate()."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        program = subprocess.Popen(
            argv or [self.binary, *args], cwd=self.repo, env={**self.env, **(env or {})}, text=True,
            errors="replace", **{**streams, **more},
        )
        self.programs.append(program)
        return program

    def spawn_up(self, *args):
        return self.spawn("up", "tasks.md", "-S", self.socket, *args)

    def finish(self, program, timeout=TIMEOUT):
        try:
            out, _ = program.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"{program.args} did not end in {timeout} s") from None
        return Ran(program.args, program.returncode, out, "")

    def status(self):
        return json.loads(self.run("status", "--json", check=0).out)

    def task(self, id):
        for task in self.status()["tasks"]:
            if task["id"] == id:
                return task
        raise Failed(f"there is no task {id}")

    def facts(self, kind=None):
        """All facts so far as (kind, task, text)."""
        found = []
        for line in self.run("events", "--json", check=0).out.splitlines():
            for fact in json.loads(line)["facts"]:
                if kind in (None, fact["kind"]):
                    found.append((fact["kind"], fact["task"], fact["text"]))
        return found

    def ended_effects(self):
        """The effects whose end was taken, in order."""
        ended = []
        for journal in (self.repo / ".tmux-orch/runs").glob("*/events.jsonl"):
            for line in journal.read_text().splitlines():
                event = json.loads(line)["event"]
                event = json.loads(event) if isinstance(event, str) else event
                if event["type"] == "effect_ended":
                    ended.append(event["effect"])
        return ended

    def until(self, look, what, timeout=TIMEOUT):
        """Waits until `look` returns something true, and returns that."""
        start = time.monotonic()
        while True:
            value = look()
            if value:
                return value
            waited = time.monotonic() - start
            if waited > timeout:
                raise Failed(f"waited {timeout} s in vain: {what}\n{self.describe()}")
            # A look is often a process, and takes from what is waited for: the longer it takes, the rarer.
            time.sleep(min(0.05 + waited / 40, 0.15))

    def until_state(self, id, *states, timeout=TIMEOUT):
        def look():
            found = [task for task in self.status()["tasks"] if task["id"] == id]
            return found[0] if found and found[0]["state"] in states else None

        return self.until(look, f"{id} is {' or '.join(states)}", timeout)

    def until_landed(self, *ids):
        """Waits until the base has exactly these, in this order: it follows a moment after a landing."""
        self.until(lambda: self.landed() == list(ids), f"landed: {ids}")

    def until_over(self, timeout=TIMEOUT):
        def look():
            state = self.status()
            return "supervisor_pid" not in state and state

        return self.until(look, "the supervisor has ended", timeout)

    def until_file(self, name, timeout=TIMEOUT):
        """Waits for a file in the ledger that has something in it; its text."""
        file = self.ledger / name
        return self.until(lambda: file.exists() and file.read_text(), f"{name} in the ledger", timeout)

    def supervisor(self):
        return self.status().get("supervisor_pid", 0)

    def listens(self):
        """Does a supervisor answer? One that has just been started takes a moment."""
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.connect(str(self.repo / ".tmux-orch/socket"))
            return True
        return False

    def kill_supervisor(self):
        self.until(self.listens, "a supervisor listens")
        pid = self.supervisor()
        os.kill(pid, signal.SIGKILL)
        self.until(lambda: not self.is_alive(pid), "the killed supervisor is gone")
        return pid

    @staticmethod
    def is_alive(pid):
        """Its files and locks are released when the last of its threads has ended."""
        try:
            threads = [thread.read_text() for thread in pathlib.Path(f"/proc/{int(pid)}/task").glob("*/stat")]
        except (OSError, ValueError):
            return False
        return any(text.rpartition(")")[2].split()[0] not in "ZX" for text in threads)

    def describe(self):
        """What there is to know when a test fails."""
        parts = [self.run("status").text] if (self.repo / ".tmux-orch").exists() else []
        log = self.repo / ".tmux-orch/supervisor.log"
        if log.exists():
            parts.append(log.read_text(errors="replace")[-2000:])
        return "\n".join(parts)

    # tmux.

    def tmux(self, *args, socket=None, check=True):
        done = subprocess.run(
            ["tmux", "-S", socket or self.socket, *args], env=self.env, capture_output=True, text=True,
            errors="replace", timeout=TIMEOUT,
        )
        if check and done.returncode != 0:
            raise Failed(f"tmux {args}: {done.stderr}")
        return done.stdout

    def tmux_server(self):
        """Does the run's tmux server live?"""
        return bool(self.tmux("display-message", "-p", "#{pid}", check=False).strip())

    def windows(self, format="#{window_name}"):
        return self.tmux("list-windows", "-a", "-F", format).splitlines()

    def terminal(self, *argv, **more):
        return Terminal(self, *argv, **more)

    def fake_program(self, name, text):
        """A script in a folder that goes first in PATH; returns the environment with that PATH."""
        folder = self.folder / "fake"
        folder.mkdir(exist_ok=True)
        file = folder / name
        file.write_text(text)
        file.chmod(0o755)
        return {"PATH": f"{folder}:{self.env['PATH']}"}

    def path_without(self, name):
        """A PATH that has every program but one."""
        folder = self.folder / f"without-{name}"
        folder.mkdir()
        for place in reversed(self.env["PATH"].split(":")):
            for file in pathlib.Path(place).iterdir() if os.path.isdir(place) else ():
                link = folder / file.name
                link.unlink(missing_ok=True)
                if file.name != name:
                    link.symlink_to(file)
        return {"PATH": str(folder)}

    def processes(self):
        """All living processes that carry this lab's mark in their environment, as {pid: command line}."""
        found = {}
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                if self.mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(
                        errors="replace"
                    )
        return found

    def undo(self, what):
        """Something that is to be done in the end, when no process of the test is left."""
        self.undone.append(what)

    def clean(self):
        # A killed process may have had a child a moment before: looked for until none is found.
        for _ in range(50):
            found = self.processes()
            if not found:
                break
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            for program in self.programs:
                program.poll()
            time.sleep(0.02)
        for program in self.programs:
            with contextlib.suppress(Exception):
                program.communicate(timeout=5)
        for what in reversed(self.undone):
            what()
        shutil.rmtree(self.folder, ignore_errors=True)


class Terminal:
    """A program in a terminal of its own, which is a pane of an outer tmux server."""

    number = 0

    def __init__(self, lab, *argv, columns=180, rows=45, inside_tmux=False, cwd=None, env=None, asks_first=False):
        Terminal.number += 1
        # Only few tests are about what is asked before the first run in a repository.
        argv = [*argv, *(["-y"] if "up" in argv and not asks_first else [])]
        self.lab = lab
        self.socket = str(lab.folder / f"outer{Terminal.number}")
        # The program's end is kept on the screen, as a shell would show it.
        words = [] if inside_tmux else ["env", "-u", "TMUX", "-u", "TMUX_PANE"]
        lab.tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", "/",
            *[word for name, value in (env or {}).items() for word in ("-e", f"{name}={value}")],
            # Not by -c, which is a format of tmux: a folder may have any name.
            "--", "sh", "-c", 'cd "$1"; shift; "$@"; echo "ended with $?"; exec sleep 600', "sh",
            str(cwd or lab.repo), *words, *argv,
            socket=self.socket,
        )

    def tmux(self, *args):
        return self.lab.tmux(*args, socket=self.socket)

    def screen(self, colours=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if colours else []))

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def until(self, *parts, timeout=15):
        """Waits until all parts are on the screen; the screen."""
        last = ""

        def look():
            nonlocal last
            last = self.screen()
            return all(part in last for part in parts) and last

        try:
            return self.lab.until(look, "", timeout)
        except Failed:
            raise Failed(f"never on the screen: {parts}; it was\n{last}\n{self.lab.describe()}") from None

    def until_not(self, part, timeout=15):
        self.lab.until(lambda: part not in self.screen(), f"{part!r} leaves the screen", timeout)


def plain(text):
    """Without terminal escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[()=>].?", "", text)
