"""What files there are below a folder: paths, kinds and digests. Used by the agents of a case and by its checks."""
import hashlib
import os
import pathlib
import re
import stat

# What git and the filters of a case may do to a file on its way in and out (see material.FILTERS), and the
# mark that tmux-orch sets in a task file. Two texts that differ in nothing else are the same work.
ALTERED = [
    (re.compile(rb"\r\n"), b"\n"),
    (re.compile(rb"@stamp:[^@\n]*@"), b"@stamp@"),
    (re.compile(rb"^>+", re.M), b""),
    (re.compile(rb"^(\s*- )\[[xX]\]", re.M), rb"\1[ ]"),
]
EMPTY = "empty"


def digest(data):
    for pattern, plain in ALTERED:
        data = pattern.sub(plain, data)
    return hashlib.sha1(data).hexdigest()[:16] if data else EMPTY


def one(path):
    """(kind, digest) of one path: kind is f(ile), x (executable), l(ink); None for anything else, and for
    what went away meanwhile."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return "l", digest(os.fsencode(os.readlink(path)))
        if stat.S_ISREG(mode):
            with open(path, "rb") as file:
                return ("x" if mode & 0o100 else "f"), digest(file.read())
    except OSError:
        pass
    return None


def tree(folder, leave_out=()):
    """{path: (kind, digest)} of all files below, ignored and nested ones too, without what is git's own
    and without the paths to leave out."""
    found = {}
    top = os.fspath(folder)
    for here, folders, names in os.walk(top):
        inner = os.path.relpath(here, top)
        inner = "" if inner == "." else inner + "/"
        folders[:] = [name for name in folders if name != ".git" and inner + name not in leave_out]
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        for name in names + links:
            if name == ".git" or inner + name in leave_out:
                continue
            if entry := one(os.path.join(here, name)):
                found[inner + name] = entry
    return found


def repositories(folder):
    """The folders below with a `.git` of their own, submodules among them."""
    found = []
    for here, folders, names in os.walk(folder):
        if ".git" in folders + names and here != os.fspath(folder):
            found.append(os.path.relpath(here, folder))
        folders[:] = [name for name in folders if name != ".git"]
    return sorted(found)


def git_folders(*places):
    """All that have objects of git's in them, at any depth."""
    for place in places:
        for here, folders, names in os.walk(place):
            if "HEAD" in names and "objects" in folders:
                folders.remove("objects")
                yield pathlib.Path(here)
