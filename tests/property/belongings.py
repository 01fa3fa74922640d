"""What is the user's: all that they had at any moment and have not given up themselves.

Looked at before the run and after each step. What was seen once has to be somewhere in the end, unless a step of
the user's own wrote over it or deleted it.
"""
import hashlib

import places
import record


class Belongings:
    def __init__(self, place, on_base):
        self.place = place
        self.on_base = on_base
        self.files = {}  # (checkout, path, entry) -> the step at which it was seen last
        self.staged = {}  # (checkout, path, entry) -> step
        self.commits = {}  # (nested repository, commit) -> step
        self.outside = self.look_outside()
        self.refs, self.stash, self.heads = {}, [], {}
        self.losses = []

    def checkouts(self):
        more = [self.place.folder / "side", self.place.first]
        return [self.place.repo] + [folder for folder in more if (folder / ".git").exists()]

    def look(self, step, given_up=()):
        """After a step of the user's, in which they gave up what these paths had, as (checkout, path)."""
        for kept in (self.files, self.staged):
            for key in [key for key in kept if key[:2] in given_up]:
                del kept[key]
        for path, entry in record.tree(self.place.folder / "outside").items():
            self.files["outside", path, entry] = step
        for checkout in self.checkouts():
            name = checkout.name
            for path, entry in record.tree(checkout, leave_out=places.OURS).items():
                self.files[name, path, entry] = step
            for path in record.repositories(checkout):
                if path.startswith(places.OURS):
                    continue
                head = self.place.git("rev-parse", "--verify", "--quiet", "HEAD", cwd=checkout / path, check=False)
                if head.strip():
                    self.commits[f"{name}/{path}", head.strip()] = step
            for line in self.place.git("ls-files", "-s", "-z", cwd=checkout).split("\0"):
                if line and not line.startswith("160000"):
                    words, path = line.split("\t", 1)
                    self.staged[name, path, words.split()[1]] = step

    # Refs and settings: exactly as they were, but for the base, which moves forward.

    def look_at_refs(self):
        """Before and after each step: what changed in between was not the user."""
        refs, stash, heads = self.current_refs()
        self.refs, self.stash, self.heads = refs, stash, heads

    def current_refs(self):
        listed = self.place.git("for-each-ref", "--format=%(refname) %(objectname)",
                                "refs/heads", "refs/tags", "refs/stash")
        refs = dict(line.split() for line in listed.splitlines())
        refs = {ref: id for ref, id in refs.items()
                if not ref.startswith(("refs/heads/orch/", "refs/heads/tmux-orch", "refs/heads/own/"))}
        stash = self.place.git("reflog", "--format=%H", "refs/stash", check=False).split()
        heads = {checkout.name: self.place.git("symbolic-ref", "--quiet", "HEAD", cwd=checkout, check=False).strip()
                 for checkout in self.checkouts()}
        return refs, stash, heads

    def compare_refs(self, step):
        refs, stash, heads = self.current_refs()
        for ref, id in self.refs.items():
            now = refs.get(ref)
            if now == id:
                continue
            forward = now and self.place.git("merge-base", "--is-ancestor", id, now, check=None) == ""
            if not (ref == f"refs/heads/{self.on_base}" and forward):
                self.losses.append(f"{step}: {ref} was {id[:10]} and is {now and now[:10]}")
        if stash != self.stash:
            self.losses.append(f"{step}: the stash was {self.stash} and is {stash}")
        if heads != self.heads:
            self.losses.append(f"{step}: HEAD was {self.heads} and is {heads}")

    def look_outside(self):
        """The user's own configuration of git; of tmux, where their server runs."""
        found = {}
        for file in (self.place.home / ".gitconfig", self.place.home / ".tmux.conf", self.place.home / "ignore"):
            if file.exists():
                found[str(file)] = hashlib.sha1(file.read_bytes()).hexdigest()
        # A submodule that is set up in a worktree is written down here, by git itself; and what has git go by
        # sparse worktrees.
        local = self.place.git("config", "--local", "--list", "-z").split("\0")
        others = ("submodule.", "includeif.gitdir:./worktrees/.path")
        found["git config --local"] = sorted(line for line in local if not line.startswith(others))
        if self.place.users_server:
            for args in (("-g",), ("-s",), ("-gw",)):
                found[f"tmux options {args[0]}"] = self.place.tmux("show-options", *args)
            found["tmux keys"] = self.place.tmux("list-keys")
            found["tmux hooks"] = self.place.tmux("show-hooks", "-g")
            found["tmux environment"] = self.place.tmux("show-environment", "-g")
        return found

    def compare_outside(self):
        now = self.look_outside()
        for name, was in self.outside.items():
            is_now = now.get(name)
            if is_now == was:
                continue
            old, new = (value.splitlines() if isinstance(value, str) else value or [] for value in (was, is_now))
            changed = [f"-{line}" for line in old if line not in new] + [f"+{line}" for line in new if line not in old]
            self.losses.append(f"{name}: {', '.join(changed)}")
