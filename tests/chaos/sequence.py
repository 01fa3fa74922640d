"""One random sequence: agents at work in a repository, and everything that may end them, in any order."""
import collections
import contextlib
import os
import pathlib
import random
import shutil
import signal
import time

import kept
import lab

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT = 60
TASKS = 5
STEPS = 8

CONFIG = """
agent = "sh"
workers = 4
[limits]
retry_delay = "50ms"
stop_grace = "300ms"
attempts = 2
[agents.reports]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "report"
failed_start = "0s"
[merge]
"""

EDITS = ["new", "folder", "ignored", "ignored-folder", "own", "shared", "replaced", "link", "staged", "nested",
         "nested-ignored"]
COMMITS = ["commit", "commit", "commit", "branch", "detached", "undone"]
WAITS = ["nap", "nap", "wait"]
ENDS = ["", "", "", "commit", "fails-once", "fails", "wait", "reports", "reports"]


class Sequence:
    def __init__(self, binary, seed):
        self.seed = seed
        self.dice = random.Random(f"sequence {seed}")
        self.lab = lab.Lab(binary)
        self.told = []
        self.places = collections.Counter()  # of edits in the end

    def play(self):
        """What is wrong, as sentences."""
        self.prepare()
        self.up()
        for _ in range(STEPS):
            self.nap()
            step = self.dice.choices(list(WEIGHTS), WEIGHTS.values())[0]
            self.told.append(step.__name__)
            step(self)
        self.finish()
        return self.problems()

    def prepare(self):
        place = self.lab
        shutil.copy(HERE / "agent.sh", place.ledger)
        place.config(f"parallel = {self.dice.choice([1, 1, 3])}\n", base=CONFIG)
        place.write(".gitignore", "*.ignored\nignored/\n")
        for name in ("shared.txt", "replaced", *(f"T{number}.txt" for number in range(1, TASKS + 1))):
            place.write(name, "as it was\n")
        place.tasks(*(self.task(f"T{number}") for number in range(1, TASKS + 1)))
        place.commit("files")

    def task(self, id):
        deeds = self.dice.choices(EDITS, k=self.dice.randint(1, 4))
        deeds += self.dice.choices(COMMITS, k=self.dice.randint(0, 2))
        deeds += self.dice.choices(WAITS, k=self.dice.randint(0, 2))
        self.dice.shuffle(deeds)
        end = self.dice.choice(ENDS)
        more = ["Agent: reports"] if end == "reports" else []
        return lab.script(f'exec sh "$LEDGER/agent.sh" {id} {" ".join([*deeds, end])}', id=id, fields=more)

    def nap(self):
        """A random moment is what is tried."""
        time.sleep(self.dice.random() * 0.15)

    # The steps.

    def any_task(self):
        return f"T{self.dice.randint(1, TASKS)}"

    def verb(self, *words):
        ran = self.lab.run(*words, timeout=TIMEOUT)
        self.told.append(f"({' '.join(words)}: {ran.code})")
        if ran.code not in (0, 1, 4):
            raise lab.Failed(f"{words} ended with {ran.code}: {ran.text}")

    def up(self):
        ran = self.lab.up("-d", timeout=TIMEOUT)
        if ran.code not in (0, 3, 4, 6):
            raise lab.Failed(f"`up` ended with {ran.code}: {ran.text}")

    def abort(self):
        self.verb("abort", self.any_task())

    def retry(self):
        self.verb("retry", self.any_task())

    def merge(self):
        self.verb("merge", self.any_task())

    def hold(self):
        self.verb("hold", self.any_task())

    def release(self):
        self.verb("release", self.any_task())

    def down(self):
        self.verb("down")

    def leave(self):
        self.verb("down", "--keep-agents")

    def gc(self):
        self.verb("gc")

    def prune(self):
        self.verb("worktrees", "prune")

    def pack(self):
        """The user's own, which keeps what nothing reaches for two weeks."""
        self.lab.git("gc", "-q", check=False)

    def commit_on_base(self):
        name = f"user-{len(self.told)}.txt"
        self.lab.write(name, "the user's\n")

        def is_committed():  # a git that follows may hold the index for a moment
            self.lab.git("add", name, check=False)
            self.lab.git("commit", "-qm", "the user's", "--", name, check=False)
            return self.lab.git("ls-tree", "--name-only", "HEAD", name)

        self.lab.until(is_committed, "the user's commit")

    def edit_in_worktree(self):
        """A person who helps an agent."""
        folder = self.lab.repo / ".worktrees" / self.any_task()
        if (folder / ".git").exists():
            token = f"<{folder.name}.0.{len(self.told)}>"
            with contextlib.suppress(OSError):
                (folder / f"user-{len(self.told)}.txt").write_text(token + "\n")
                with (self.lab.ledger / "edits").open("a") as edits:
                    edits.write(f"{token} by-hand\n")

    def kill(self, *parts):
        """One of our processes that have these parts in their command lines, at random."""
        found = sorted(pid for pid, line in self.lab.processes().items() if all(part in line for part in parts))
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.dice.choice(found), signal.SIGKILL)

    def kill_supervisor(self):
        self.kill("tmux-orch", "supervise")

    def kill_shim(self):
        self.kill("orch-shim")

    def kill_agent(self):
        self.kill("agent.sh")

    def kill_git(self):
        self.kill("git")

    def kill_tmux(self):
        self.kill("tmux", self.lab.socket)

    # The end.

    def finish(self):
        """Everything may go on, and does until nothing can any more."""
        (self.lab.ledger / "go").touch()
        for _ in range(self.dice.choice([1, 1, 2])):
            self.up()
            for task in self.lab.status()["tasks"]:
                if task["held"] or task["state"] == "held":
                    self.verb("release", task["id"])
            self.lab.until_over(TIMEOUT)
        if self.dice.random() < 0.3:
            self.verb("abort", "--all")
        self.verb("down")
        self.lab.until_over(TIMEOUT)
        if self.dice.random() < 0.5:
            self.verb("gc")

    def problems(self):
        found = []
        there = kept.tokens(self.lab)
        for token, deed in self.edits():
            if place := there.get(token.encode()):
                self.places[place.split()[0]] += 1
            else:
                found.append(f"{token} ({deed}) is nowhere any more")
        landed = self.lab.landed()
        for id in sorted(set(landed)):
            if landed.count(id) > 1 and f"(retry {id}: 0)" not in self.told:
                found.append(f"{id} landed {landed.count(id)} times")
        merged = [task["id"] for task in self.lab.status()["tasks"] if task["state"] == "merged"]
        if not self.lab.status().get("behind"):
            found += [f"{id} is merged, and did not land" for id in merged if id not in landed]
        if self.lab.git("status", "--porcelain").strip():
            found.append(f"the user's checkout: {self.lab.git('status', '--porcelain')}")
        self.lab.git("fsck", "--connectivity-only", "--no-dangling")
        return found

    def edits(self):
        file = self.lab.ledger / "edits"
        return [line.split() for line in file.read_text().splitlines()] if file.exists() else []

    def describe(self, problems):
        tasks = (self.lab.repo / "tasks.md").read_text()
        plans = [line.split("agent.sh\" ")[1] for line in tasks.splitlines() if "agent.sh" in line]
        return "\n".join([*problems[:12], *plans, ", ".join(self.told)])


# Each with how often it is taken.
WEIGHTS = {
    Sequence.abort: 4, Sequence.retry: 4, Sequence.merge: 2, Sequence.hold: 1, Sequence.release: 1, Sequence.down: 2,
    Sequence.leave: 1, Sequence.up: 6, Sequence.gc: 1, Sequence.prune: 1, Sequence.pack: 1,
    Sequence.commit_on_base: 1, Sequence.edit_in_worktree: 2, Sequence.kill_supervisor: 4, Sequence.kill_shim: 2,
    Sequence.kill_agent: 2, Sequence.kill_git: 2, Sequence.kill_tmux: 1,
}
