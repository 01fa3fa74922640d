"""What every agent of a case runs: carries out the operations of its task in the worktree, and before it waits
or ends writes down all files that are there. Lies in the case's ledger, next to what it reads and writes."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import record  # noqa: E402

LEDGER = pathlib.Path(__file__).resolve().parent
TIMEOUT = 300


def git(*args, cwd=None):
    return subprocess.run(["git", *args], cwd=cwd, capture_output=True, text=True, errors="surrogateescape")


class Agent:
    def __init__(self, task):
        self.task = task
        (LEDGER / "starts").mkdir(exist_ok=True)
        with open(LEDGER / f"starts/{task}", "a") as starts:
            starts.write(os.environ.get("TMUX_ORCH_ATTEMPT", "?") + "\n")
        self.number = len((LEDGER / f"starts/{task}").read_text().splitlines())
        self.name = f"{task}.{self.number}"

    def play(self):
        attempts = json.loads((LEDGER / f"plans/{self.task}.json").read_text())
        code = 0
        reported = False
        self.say("busy", {})
        for op in attempts[min(self.number, len(attempts)) - 1]:
            if op["do"] == "fail":
                code = op["code"]
                continue
            # What is read after a report may be half removed already.
            reported = reported or op["do"] == "report"
            with contextlib.suppress(OSError):
                getattr(self, "do_" + op["do"])(op)
        if not reported:
            self.write_down("end")
        return code

    def say(self, what, value):
        """Writes a file of the ledger, all at once."""
        folder = LEDGER / what
        folder.mkdir(exist_ok=True)
        draft = folder / f".{self.name}"
        draft.write_text(json.dumps(value))
        draft.rename(folder / f"{self.name}.json")

    def write_down(self, phase):
        def listed(*args):
            return [path for path in git("ls-files", "-z", *args).stdout.split("\0") if path]

        known = listed("--cached") + listed("--others", "--exclude-standard")
        nested = []
        for path in record.repositories("."):
            head = git("rev-parse", "--verify", "--quiet", "HEAD", cwd=path).stdout.strip()
            nested.append([path, head])
        self.say("records", {
            "task": self.task, "attempt": self.number, "phase": phase, "worktree": os.getcwd(),
            "files": record.tree("."), "known": known, "nested": nested,
        })
        (LEDGER / f"busy/{self.name}.json").unlink(missing_ok=True)

    # The operations.

    def do_write(self, op):
        path = pathlib.Path(op["path"])
        for parent in reversed(path.parents):
            if parent.is_symlink() or parent.is_file():
                parent.unlink()
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path.unlink()
        with open(path, "w", newline="") as file:
            file.write(op["text"])
        if "mode" in op:
            path.chmod(op["mode"])

    def do_delete(self, op):
        path = pathlib.Path(op["path"])
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

    def do_rename(self, op):
        target = pathlib.Path(op["to"])
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(op["path"], target)

    def do_link(self, op):
        path = pathlib.Path(op["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(op["target"])

    def do_mode(self, op):
        os.chmod(op["path"], op["mode"])

    def do_git(self, op):
        git(*op["args"])

    def do_drop_line(self, op):
        path = pathlib.Path(op["path"])
        lines = [line for line in path.read_text().splitlines() if line != op["line"]]
        path.write_text("\n".join(lines) + "\n")

    def do_tick(self, op):
        path = pathlib.Path(op["path"])
        path.write_text(path.read_text().replace(f"- [ ] {op['task']}:", f"- [x] {op['task']}:"))

    def do_hide(self, op):
        git("update-index", op["flag"], "--", op["path"])
        self.do_write(op)

    def do_repository(self, op):
        for name, text in op["files"].items():
            self.do_write({"path": f"{op['path']}/{name}", "text": text})
        git("init", "-q", "-b", "main", op["path"])
        if op["commit"]:
            name = next(iter(op["files"]))
            git("add", name, cwd=op["path"])
            git("-c", "user.name=a", "-c", "user.email=a@a", "commit", "-q", "-m", "made", cwd=op["path"])

    def do_submodule(self, op):
        git("submodule", "--quiet", "update", "--init", op["path"])
        if op["branch"]:
            git("switch", "-q", "-c", op["branch"], cwd=op["path"])
        self.do_write({"path": f"{op['path']}/by-{self.task}.c", "text": op["text"]})
        git("add", "-A", cwd=op["path"])
        git("commit", "-q", "-m", self.name, cwd=op["path"])
        if op["loose"]:
            self.do_write({"path": f"{op['path']}/loose-{self.task}.c", "text": op["loose"]})

    def do_gate(self, op):
        self.write_down(op["name"])
        end = time.monotonic() + TIMEOUT
        while not any((LEDGER / name).exists() for name in (f"go/{self.task}", "go/all")):
            if time.monotonic() > end or not pathlib.Path(".").exists():
                raise SystemExit(9)
            time.sleep(0.02)
        self.say("busy", {})

    def do_report(self, op):
        self.write_down("before it reports")
        subprocess.run(["tmux-orch", "done", "-m", "done"], capture_output=True)


if __name__ == "__main__":
    sys.exit(Agent(sys.argv[1]).play())
