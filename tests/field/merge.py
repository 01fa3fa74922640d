"""merge: four tasks that depend on each other, from prompt to merged."""
import sys
import time

import field

HEAD = ("CLI", "merged", "time", "commits by")
# The sandbox of codex keeps git's folder read-only: its work is committed for it.
COMMITS = {cli: cli != "codex" for cli in field.CLIS}
LIMIT = 120


def task(id, needs, cli):
    commit = f'[[bash git add -A && git commit -qm "add {id}"]]' if COMMITS[cli] else ""
    depends = f"  Depends: {needs}\n" if needs else ""
    return (f"- [ ] {id}: add {id}\n{depends}  Files: create {id}.txt\n\n"
            f"  [[write {id}.txt of {id}]] {commit} [[bash tmux-orch done -m 'added {id}']]\n")


def run(cli, binary, folder, port):
    """What became of the four tasks, and in how many seconds."""
    lab = field.FieldLab(binary, folder, cli)
    try:
        lab.config('[[merge.test]]\ncommand = ["sh", "-c", "test ! -e T3.txt || test -e T1.txt"]\n')
        lab.tasks(task("T1", "", cli), task("T2", "", cli), task("T3", "T1", cli), task("T4", "T2, T3", cli))
        lab.commit()
        start = time.monotonic()
        lab.begin("--wait-user", "10m")
        states = field.until_merged(lab, LIMIT)
        seconds = time.monotonic() - start
        merged = sum(state == "merged" for state in states.values())
        if merged < 4:
            print(f"{cli}: {states}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        authors = set(lab.git("log", "--format=%an", "--no-merges", "main").split("\n")) - {"", "e2e"}
        return [cli, f"{merged} of 4", f"{seconds:.0f} s", ", ".join(sorted(authors))], merged == 4
    finally:
        lab.clean()
