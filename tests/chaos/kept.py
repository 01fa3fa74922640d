"""Where an agent's edit may be in the end: the base or any other branch, a rescue, the trash, or its worktree."""
import os
import re
import subprocess

TOKEN = re.compile(rb"<T\d+\.\d+\.\d+>")
# Scratch, which tmux-orch deletes as it likes.
SCRATCH = "--exclude=refs/orch/cand/*"


def contents(lab, folder, *revisions):
    """All objects of a repository that these revisions reach; without any, all that it has."""
    git = ["git", "-C", str(folder)]
    asked = ["--batch-all-objects"] if not revisions else []
    ids = None
    if revisions:
        ids = subprocess.run([*git, "rev-list", "--objects", "--no-object-names", *revisions], env=lab.env,
                             stdout=subprocess.PIPE, check=True).stdout
    return subprocess.run([*git, "cat-file", "--batch", "--buffer", *asked], env=lab.env, input=ids or b"",
                          stdout=subprocess.PIPE, check=True).stdout


def staged(lab, folder):
    """What the index of a worktree has."""
    git = ["git", "-C", str(folder)]
    listed = subprocess.run([*git, "ls-files", "-s"], env=lab.env, stdout=subprocess.PIPE, check=True).stdout
    ids = [line.split()[1] for line in listed.splitlines() if not line.startswith(b"160000")]
    return subprocess.run([*git, "cat-file", "--batch"], env=lab.env, input=b"".join(id + b"\n" for id in ids),
                          stdout=subprocess.PIPE, check=True).stdout


def on_disk(lab, folder):
    """All files, links and repositories below a folder."""
    for here, folders, names in os.walk(folder):
        if ".git" in folders and here != str(lab.repo):
            yield contents(lab, here)
            folders.remove(".git")
        for name in folders + names:
            path = os.path.join(here, name)
            if os.path.islink(path):
                yield os.fsencode(os.readlink(path))
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    yield file.read()


def tokens(lab):
    """Token -> where it is; of edits in several places, one of them."""
    found = {}

    def take(place, texts):
        for text in texts:
            found.update(dict.fromkeys(TOKEN.findall(text), place))

    listed = lab.git("worktree", "list", "--porcelain").splitlines()
    standing = [line.removeprefix("worktree ") for line in listed if line.startswith("worktree ")]
    for folder in standing:
        # A slot that waits for the next task, or one of the tests, is no place for work.
        if re.search(r"/\.worktrees/T\d+$", folder) and os.path.isdir(folder):
            take(f"worktree {folder}", on_disk(lab, folder))
            take(f"index of {folder}", [staged(lab, folder)])
            take(f"HEAD of {folder}", [contents(lab, folder, "HEAD")])
    trash = lab.repo / ".worktrees/.trash"
    for name in sorted(os.listdir(trash)) if trash.is_dir() else ():
        take(f"trash {name}", on_disk(lab, trash / name))
    take("git", [contents(lab, lab.repo, SCRATCH, "--all")])
    return found
