"""One case: makes a repository, runs the tasks, does the user's steps, and asks the oracle."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import belongings  # noqa: E402
import kinds as all_kinds  # noqa: E402
import lab  # noqa: E402
import material  # noqa: E402
import oracle  # noqa: E402
import record  # noqa: E402
import repositories  # noqa: E402
import steps as all_steps  # noqa: E402
import tasks as all_tasks  # noqa: E402

# For everything that is waited for; the machine may be busy with much else.
TIMEOUT = 100
# What a task waits for that does not come by itself.
WAITS = ("held", "needs ", "shares files with ", "all ")
RESTING = ("waiting", "held", "blocked", "failed", "unreachable", "aborted", "merged")


class Place(lab.Lab):
    """A lab whose user has a global configuration of git, and whose repository is made by the case."""

    users_server = False

    def start_repository(self):
        # Where the user's own worktrees are linked to, if `repo` is one of them.
        self.first = self.folder / "first"
        config = self.home / ".gitconfig"
        config.write_text("[advice]\n\tdetachedHead = false\n")
        self.env["GIT_CONFIG_GLOBAL"] = str(config)

    def state_folder(self):
        for folder in (self.repo, self.first):
            if (folder / ".tmux-orch").is_dir():
                return folder / ".tmux-orch"
        return self.repo / ".tmux-orch"

    def listens(self):
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.connect(str(self.state_folder() / "socket"))
            return True
        return False

    def git_folder(self):
        return pathlib.Path(self.git("rev-parse", "--path-format=absolute", "--git-common-dir").strip())


class Case:
    def __init__(self, binary, seed, without=()):
        self.seed = seed
        self.dice = material.Dice(f"case {seed}")
        self.kinds = all_kinds.Kinds(self.dice, without)
        self.lab = Place(binary)
        self.base = "main"
        self.away = False
        self.tasks = []
        self.aside = set()  # (task, attempt, path) that the user wrote over in a worktree
        self.ticked_by_user = set()
        self.up_program = None
        self.outputs = []
        self.told = []  # what was done, in order
        self.code = None
        self.codes, self.ups = [], []  # how each `up` ended, and what it printed
        self.state = {}

    def git(self, *args, cwd=None):
        """A command of the user's; again where another git holds a lock."""
        for _ in range(20):
            done = subprocess.run(["git", *args], cwd=cwd or self.lab.repo, env=self.lab.env, capture_output=True,
                                  text=True, errors="surrogateescape", timeout=TIMEOUT)
            if ".lock': File exists" not in done.stderr:
                break
            time.sleep(0.05)
        return done.stdout

    # The course of a case.

    def play(self):
        """Problems found, as sentences."""
        self.prepare()
        self.up()
        for name, step, dice, calm in all_steps.make(self.dice.sub("steps"), self.kinds, self.tasks):
            if calm:
                self.settle()
            self.take(name, step, dice)
        self.finish()
        return self.judge()

    def judge(self):
        return oracle.problems(self)

    def prepare(self):
        place = self.lab
        self.repository = repositories.Repository(place, self.dice.sub("repository"), self.kinds)
        self.repository.begin()
        self.tasks = all_tasks.make(self.repository, self.dice.sub("tasks"), self.kinds)
        self.repository.finish("# Tasks\n\n" + "".join(task.text() for task in self.tasks))
        (place.ledger / "plans").mkdir()
        (place.ledger / "go").mkdir()
        for task in self.tasks:
            (place.ledger / f"plans/{task.id}.json").write_text(json.dumps(task.attempts))
        for name in ("agent.py", "record.py"):
            shutil.copy(HERE / name, place.ledger / name)
        if self.kinds.has("users_server"):
            place.users_server = True
            place.tmux("-f", "/dev/null", "new-session", "-d", "-s", "mine")
            place.tmux("set-option", "-g", "history-limit", "1234")
            place.tmux("set-environment", "-g", "MINE", "1")
        self.mine = belongings.Belongings(place, self.base)
        self.mine.look("before the run")
        self.mine.look_at_refs()

    def take(self, name, step, dice):
        """One step of the user's, with a look at what was theirs before and is theirs afterwards."""
        self.mine.compare_refs(f"before '{name}'")
        given_up = step(self, dice)
        self.told.append(name)
        self.mine.look(f"after '{name}'", given_up)
        self.mine.look_at_refs()

    def finish(self):
        """Lets everything go on until nothing can any more; then once more, with the user's answers."""
        if self.away:
            self.take("come back", lambda case, dice: self.come_back(), None)
        self.release_held()
        (self.lab.ledger / "go/all").touch()
        self.until_up_ended()
        self.code = self.codes[-1]
        answers = self.dice.sub("answers")
        if self.unmerged() and answers.chance(0.6):
            self.answer(answers)
        self.down()
        self.mine.compare_refs("in the end")
        self.state = self.lab.status()
        for verb in (["events"], ["status"], ["report"], ["rescue", "list"]):
            self.outputs.append(self.lab.run(*verb).text)

    def answer(self, dice):
        self.up("--wait-user", "forever")
        self.settle()
        for task in self.unmerged():
            verb = dice.choice(["retry", "merge", "abort", "nothing"])
            if verb != "nothing":
                self.take(f"{verb} {task['id']}", lambda case, _, verb=verb, id=task["id"]: self.verb(verb, id), dice)
            if dice.chance(0.5):
                self.settle()
        self.settle()

    def unmerged(self):
        return [task for task in self.lab.status()["tasks"] if task["state"] not in ("merged", "aborted")]

    # The program.

    def up(self, *args):
        """Starts a supervisor where none is at work; returns once there is one or `up` has ended."""
        if self.up_program is not None:
            program = self.up_program
            self.until(lambda: self.lab.listens() or program.poll() is not None, "`up` ends or goes on")
            if program.poll() is None:
                return
            self.until_up_ended()
        self.have_task_file()
        more = ["--base", self.base] if self.kinds.has("detached") else []
        self.up_program = self.lab.spawn_up(*args, *more)
        program = self.up_program
        self.until(lambda: self.lab.listens() or program.poll() is not None, "`up` is at work")
        if not self.lab.state_folder().is_dir():
            self.until_up_ended()
            raise lab.Failed(f"`up` ended with {self.codes[-1]}: {self.ups[-1]}")

    def have_task_file(self):
        """A task file that lies in a stash is taken out of it before `up` is asked to read it."""
        file = self.lab.repo / "tasks.md"
        if not file.exists() and (text := self.git("show", "stash@{0}^3:tasks.md")):
            file.write_text(text)

    def until_up_ended(self):
        if self.up_program is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            text, _ = self.up_program.communicate(timeout=TIMEOUT)
            self.ups.append(text)
            self.codes.append(self.up_program.returncode)
            self.up_program = None
            return
        raise lab.Failed(f"`up` does not end\n{self.lab.describe()}")

    def down(self):
        self.outputs.append(self.lab.run("down", timeout=TIMEOUT).text)
        self.lab.until_over(TIMEOUT)

    def verb(self, verb, id):
        done = self.lab.run(verb, id, timeout=TIMEOUT)
        self.outputs.append(done.text)
        self.told.append(f"({verb} {id}: {done.code})")
        return frozenset()

    def let_go(self, task):
        (self.lab.ledger / f"go/{task}").touch()

    def release_held(self):
        for task in self.lab.status()["tasks"]:
            if task["held"] or task["state"] == "held":
                self.verb("release", task["id"])

    def until(self, look, what):
        return self.lab.until(look, what, TIMEOUT)

    def settle(self):
        """Until nothing moves: no agent is at work (one may wait to be let go), nothing is about to land, and
        the user's branch has followed."""
        quiet, seen, asked = 0, None, 0.0

        def look():
            nonlocal quiet, seen, asked
            signs, now = self.signs(), time.monotonic()
            if signs == seen and not quiet and now - asked < 0.5:
                return False
            seen, asked = signs, now
            quiet = quiet + 1 if self.is_quiet() else 0
            return quiet >= 2

        self.until(look, "everything is at rest")

    def signs(self):
        """Something that is another when something has happened; cheaper to ask for than the status."""
        found = []
        for path in (self.lab.state_folder() / "orch.db-wal", self.lab.ledger / "records", self.lab.ledger / "busy"):
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size))
        return found

    def is_quiet(self):
        state = self.lab.status()
        if "supervisor_pid" not in state:
            return True
        for task in state["tasks"]:
            if task["state"] == "running" and self.is_waiting(task["id"]):
                continue
            if task["state"] not in RESTING:
                return False
            if task["state"] == "waiting" and not task["why"].startswith(WAITS):
                return False
        if state.get("behind") or self.kinds.has("follow_end"):
            return True
        landed = self.git("rev-parse", f"refs/heads/tmux-orch/{state['run']}").strip()
        return landed in ("", self.git("rev-parse", f"refs/heads/{self.base}").strip()) or not self.lab.git(
            "rev-list", "--max-count=1", landed, "--not", self.base, check=False).strip()

    def is_waiting(self, task):
        """Does the agent wait to be let go?"""
        if (self.lab.ledger / f"go/{task}").exists():
            return False
        starts = self.lab.ledger / f"starts/{task}"
        name = f"{task}.{len(starts.read_text().splitlines())}.json" if starts.exists() else ""
        return bool(name) and (self.lab.ledger / "records" / name).exists() and not (
            self.lab.ledger / "busy" / name).exists()

    # The user's checkout.

    def go_away(self, branch):
        self.git("switch", "-q", "--no-overwrite-ignore", branch)
        self.away = self.git("symbolic-ref", "--short", "HEAD").strip() == branch

    def come_back(self):
        if self.kinds.has("detached"):
            self.git("switch", "-q", "--no-overwrite-ignore", "--detach", self.base)
        else:
            self.git("switch", "-q", "--no-overwrite-ignore", self.base)
        self.away = False
        return frozenset()

    def edit_in_worktree(self, task, folder, name, text):
        path = pathlib.Path(folder, name)
        if path.is_dir() or path.is_symlink():
            return
        path.write_text(text)
        number = len((self.lab.ledger / f"starts/{task}").read_text().splitlines())
        self.aside.add((task, number, name))
        step = f"after the user's edit of {name!r}"
        for key in [key for key in self.mine.files if key[:2] == (f"worktree {task}", name)]:
            del self.mine.files[key]
        self.mine.files[f"worktree {task}", name, record.one(path)] = step

    def task_texts(self):
        """The task file on disk and on the base, as far as it is there."""
        file = self.lab.repo / "tasks.md"
        if file.exists():
            yield file.read_text()
        if self.repository.task_file_tracked:
            yield self.lab.git("show", f"{self.base}:tasks.md", check=False)

    def touched_by_others(self, id, path):
        return any(end["task"] != id and path in end["known"] for end in oracle.records(self.lab))

    def describe(self, problems):
        """What was lost, in which kind of case, and what was done before."""
        shown = problems[:12] + ([f"and {len(problems) - 12} more"] if len(problems) > 12 else [])
        return "\n".join(["  " + problem for problem in shown] + [
            f"  kinds: {', '.join(self.kinds.here())}",
            *(f"  {task.id}: {', '.join(sorted(task.kinds))}" for task in self.tasks),
            f"  steps: {', '.join(self.told)}",
            *(f"  {task['id']} {task['state']} {task['why']}" for task in self.state.get("tasks", [])),
        ])

    def stop(self):
        """Ends all that runs, and leaves the files."""
        with contextlib.suppress(lab.Failed):
            self.down()
        self.lab.tmux("kill-server", check=False)

    def clean(self):
        for folder in self.lab.folder.rglob("*"):
            if folder.is_dir() and not folder.is_symlink() and not os.access(folder, os.W_OK):
                folder.chmod(0o755)
        self.lab.clean()
