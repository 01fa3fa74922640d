"""A checkout of the user's, byte for byte: what must not change behind their back."""
import os
import stat

from lab import equal

OURS = (".git", ".tmux-orch", ".worktrees")


def files(folder):
    """All files, ignored ones too, with mode, time and bytes."""
    found = {}
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if here != str(folder) or name not in OURS]
        for name in names + [name for name in folders if os.path.islink(os.path.join(here, name))]:
            path = os.path.join(here, name)
            info = os.lstat(path)
            text = os.readlink(path) if stat.S_ISLNK(info.st_mode) else open(path, "rb").read()
            found[os.path.relpath(path, folder)] = (oct(info.st_mode), info.st_mtime_ns, text)
    found.pop(".git", None)  # of a linked worktree
    return found


def of_git(lab, folder):
    """What git knows of a checkout, and all refs but the base and ours."""
    listed = lab.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    ours = ("refs/heads/orch/", "refs/heads/tmux-orch/", "refs/orch/", "refs/heads/main ")
    own = lab.git("rev-parse", "--absolute-git-dir", cwd=folder).strip()
    state = {}
    for here, folders, names in os.walk(own):
        folders[:] = [name for name in folders if name.startswith(("rebase", "sequencer"))]
        for name in names:
            if name not in ("index", "packed-refs", "config", "gc.log"):
                state[os.path.relpath(os.path.join(here, name), own)] = open(os.path.join(here, name), "rb").read()
    return {
        "index": {line.split("\t")[1]: line for line in lab.git("ls-files", "-s", "-v", cwd=folder).splitlines()},
        "HEAD": lab.git("rev-parse", "--symbolic-full-name", "HEAD", cwd=folder),
        "stash": lab.git("reflog", "--format=%H", "refs/stash", check=False),
        "refs": [line for line in listed if not line.startswith(ours)],
        "git's files": state,
    }


def differences(before, after):
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def unchanged(lab, before, folder=None):
    """Not a byte of the checkout, nor its times."""
    folder = folder or lab.repo
    after = files(folder)
    changed = {name: (before[0].get(name), after.get(name)) for name in differences(before[0], after)}
    equal(changed, {}, "files that changed")
    now = of_git(lab, folder)
    for part in differences(before[1], now):
        equal(now[part], before[1][part], part)


def picture(lab, folder=None):
    return files(folder or lab.repo), of_git(lab, folder or lab.repo)
