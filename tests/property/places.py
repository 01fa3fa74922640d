"""Where work may be in the end: checkouts, worktrees that still stand, the trash, and what git's refs reach.

Refs under refs/orch/cand do not count: they are scratch. Neither does tmux-orch's own state.
"""
import collections
import os
import subprocess

import record

OURS = (".tmux-orch", ".worktrees")
TRASH = ".trash"


class Places:
    """digest -> names of places; made once all is at rest."""

    def __init__(self, place):
        self.place = place
        self.found = collections.defaultdict(set)
        self.names = set()  # of empty files
        self.standing = []  # worktrees
        self.look()

    def look(self):
        lab = self.place
        self.take(lab.repo, "the checkout")
        self.take(lab.folder / "outside", "where a link of the user's leads")
        for line in lab.git("worktree", "list", "--porcelain", "-z").split("\0"):
            if line.startswith("worktree "):
                self.standing.append(line.removeprefix("worktree "))
        if str(lab.repo) not in self.standing:
            self.standing.append(str(lab.repo))  # whose git folder lies elsewhere
        for folder in self.standing:
            inner = os.path.relpath(folder, lab.repo)
            if os.path.isdir(folder) and inner != "." and "/.tmux-orch" not in folder:
                self.take(folder, f"worktree {folder}")
        for trash in self.trashes():
            for name in sorted(os.listdir(trash)):
                self.take(trash / name, f"trash {name}")
        self.take_blobs("git", ["--exclude=refs/orch/cand/*", "--all", *self.stashes(), *self.heads()])
        for folder in self.standing:
            if os.path.isdir(folder):
                self.take_index(folder)
        for folder in self.git_folders():
            self.take_objects(folder)

    def trashes(self):
        for folder in (self.place.repo / ".worktrees", self.place.first / ".worktrees"):
            if (folder / TRASH).is_dir():
                yield folder / TRASH

    def take(self, folder, name):
        if os.path.isfile(folder) or os.path.islink(folder):
            entries = {os.path.basename(folder): record.one(folder)}
        else:
            entries = record.tree(folder, leave_out=OURS)
        for path, entry in entries.items():
            if entry is None:
                continue
            self.found[entry[1]].add(name)
            if entry[1] == record.EMPTY:
                self.names.add(os.path.basename(path))

    def stashes(self):
        return self.place.git("reflog", "--format=%H", "refs/stash", check=False).split()

    def heads(self):
        """What a detached HEAD of the user's is or was, in whichever checkout."""
        for folder in self.standing:
            if os.path.isdir(folder) and ".tmux-orch" not in folder:
                yield from self.place.git("reflog", "--format=%H", "HEAD", cwd=folder, check=False).split()

    def blobs(self, ids, git_folder=None):
        """The contents of those of the objects that are blobs."""
        where = [f"--git-dir={git_folder}"] if git_folder else []
        ask = ["--batch-all-objects"] if ids is None else []
        done = subprocess.run(
            ["git", *where, "cat-file", "--batch", "--buffer", *ask], cwd=self.place.repo, env=self.place.env,
            input=None if ids is None else "".join(id + "\n" for id in ids).encode(),
            stdin=subprocess.DEVNULL if ids is None else None, capture_output=True, check=False,
        ).stdout
        at = 0
        while at < len(done):
            end = done.index(b"\n", at)
            head = done[at:end].split()
            at = end + 1
            if head[-1] == b"missing":
                continue
            size = int(head[2])
            if head[1] == b"blob":
                yield done[at:at + size]
            at += size + 1

    def ids(self, revisions):
        listed = self.place.git("rev-list", "--objects", "--no-object-names", *revisions, check=False)
        return listed.split()

    def take_blobs(self, name, revisions):
        for blob in self.blobs(self.ids(revisions)):
            self.found[record.digest(blob)].add(name)
        listed = self.place.git("log", "--format=", "--name-only", "-m", "--root", "-z", *revisions, "--", check=False)
        self.names.update(os.path.basename(path) for path in listed.split("\0"))

    def take_index(self, folder):
        entries = self.place.git("ls-files", "-s", "-z", cwd=folder, check=False).split("\0")
        ids = [entry.split()[1] for entry in entries if entry and not entry.startswith("160000")]
        for blob in self.blobs(ids):
            self.found[record.digest(blob)].add(f"the index of {folder}")

    def git_folders(self):
        """Of submodules and nested repositories, as far as nobody is about to delete them."""
        common = self.place.git_folder()
        yield from record.git_folders(common / "modules", *self.trashes())
        for folder in self.standing:
            if not os.path.isdir(folder) or "/.tmux-orch" in folder:
                continue
            own = self.place.git("rev-parse", "--absolute-git-dir", cwd=folder, check=False).strip()
            if own and own != str(common):
                yield from record.git_folders(os.path.join(own, "modules"))
            for inner in record.repositories(folder):
                if not inner.startswith(OURS):
                    yield from record.git_folders(os.path.join(folder, inner, ".git"))

    def take_objects(self, folder):
        for blob in self.blobs(None, folder):
            self.found[record.digest(blob)].add(f"objects of {folder}")

    def has_commit(self, commit):
        refs = self.place.git("for-each-ref", "--format=%(refname)", f"--contains={commit}", check=False).split()
        return any(not ref.startswith("refs/orch/cand/") for ref in refs) or any(
            subprocess.run(["git", f"--git-dir={folder}", "cat-file", "-e", commit + "^{commit}"],
                           env=self.place.env, capture_output=True, check=False).returncode == 0
            for folder in self.git_folders()
        )

    def has(self, path, entry):
        kind, digest = entry
        if digest == record.EMPTY:
            return os.path.basename(path) in self.names
        return bool(self.found.get(digest))

    def only_in_trash(self, entry):
        """The entries of the trash that have it, where nothing else does."""
        found = self.found.get(entry[1], ())
        return [name.removeprefix("trash ") for name in found] if all(n.startswith("trash ") for n in found) else []

    def history(self, refs):
        """The digests of all contents that these refs have had."""
        return {record.digest(blob) for blob in self.blobs(self.ids(refs))}
