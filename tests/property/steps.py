"""What the user does while agents are at work. Each step is done when its turn comes; one that cannot be done
now (nothing to switch to, the verb is refused) is passed over.

A step returns what the user gave up by it: (checkout, path) pairs that they wrote over or deleted.
"""
import contextlib
import json
import os
import signal

import tasks as all_tasks

NOTHING = frozenset()


def let_go(case, task):
    """Lets the agent of a task go on from where it waits."""
    case.let_go(task)
    return NOTHING


def written(case, path, text):
    file = case.lab.repo / path
    inside = file.parent
    while inside != case.lab.repo:
        if inside.is_symlink() or inside.exists() and not inside.is_dir():
            return NOTHING
        inside = inside.parent
    if file.is_dir() or file.is_symlink():
        return NOTHING
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return {(case.lab.repo.name, path)}


def edit(case, dice):
    return written(case, dice.choice(case.repository.tracked[:8]), dice.text("the user's edit"))


def edit_ignored(case, dice):
    names = case.repository.ignored
    return written(case, dice.choice(names), dice.text("the user's ignored edit")) if names else NOTHING


def new_file(case, dice):
    """Some where a task's work is about to come."""
    names = ["user new.txt", "t1.txt", "t2.txt", "t3.txt/user.c", "src/user.c", "moved", "made/user.c", "odd"]
    name = dice.choice(names)
    return NOTHING if (case.lab.repo / name).exists() else written(case, name, dice.text("the user's new file"))


def delete(case, dice):
    names = case.repository.untracked + case.repository.ignored
    if not names:
        return NOTHING
    path = dice.choice(names)
    file = case.lab.repo / path
    if file.resolve().parent != file.parent:
        return NOTHING  # where a link of theirs points to
    with contextlib.suppress(OSError):
        file.unlink()
        return {(case.lab.repo.name, path)}
    return NOTHING


def stage(case, dice):
    path = dice.choice(case.repository.tracked[:8])
    gone = written(case, path, dice.text("the user's staged edit"))
    if gone:
        case.git("add", "--", path)
    return gone


def commit(case, dice):
    path = dice.choice(case.repository.tracked[:8])
    gone = written(case, path, dice.text("the user's commit"))
    if gone:
        case.git("commit", "-q", "-m", "the user's", "--", path)
    return gone


def switch(case, dice):
    """To another branch, or back."""
    if case.away:
        case.come_back()
    elif case.repository.other_branches:
        case.go_away(dice.choice(case.repository.other_branches))
    return NOTHING


def stash(case, dice):
    case.git("stash", "push", "-q", *(["--include-untracked"] if dice.chance(0.3) else []))
    return NOTHING


def unstash(case, dice):
    """With what was staged, too; refused where that is not possible, and the stash stays."""
    case.git("stash", "pop", "-q", "--index")
    return NOTHING


def verb(case, dice):
    case.verb(dice.choice(["abort", "retry", "merge"]), dice.choice(case.tasks).id)
    return NOTHING


def hold(case, dice):
    case.verb("hold", dice.choice(case.tasks).id)
    return NOTHING


def release(case, dice):
    case.release_held()
    return NOTHING


def down_and_up(case, dice):
    case.down()
    case.up()
    return NOTHING


def kill_and_up(case, dice):
    """The supervisor dies at whatever moment this is; the `up` that watches it starts it again, once."""
    if pid := case.lab.supervisor():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        case.until(lambda: not case.lab.is_alive(pid), "the killed supervisor is gone")
    case.up()
    return NOTHING


def edit_worktree(case, dice):
    """The user repairs something in the worktree of a task that waits for them."""
    for task in case.lab.status()["tasks"]:
        folder = task.get("worktree")
        if task["state"] in ("failed", "blocked", "held") and folder and os.path.isdir(folder):
            names = ["repaired by the user.txt", f"{task['id'].lower()}.txt"]
            if "writes_ignored" not in case.kinds.without:
                names += ["run.log", ".env"]
            name = dice.choice(names)
            case.edit_in_worktree(task["id"], folder, name, dice.text("the user's, in a worktree"))
            if dice.chance(0.4):
                case.git("add", "-A", cwd=folder)
                case.git("commit", "-q", "-m", "repaired by the user", cwd=folder)
            break
    return NOTHING


def add_task(case, dice):
    """One more task, written into the task file."""
    if case.away:
        return NOTHING
    case.have_task_file()
    task = all_tasks.Task("T9", case.repository, dice, case.kinds)
    (case.lab.ledger / "plans/T9.json").write_text(json.dumps(task.attempts))
    file = case.lab.repo / "tasks.md"
    file.write_text(file.read_text() + "\n" + task.text())
    case.tasks.append(task)
    return {(case.lab.repo.name, "tasks.md")}


def collect_garbage(case, dice):
    case.git("worktree", "prune")
    case.git("gc", "-q")
    return NOTHING


def prune_now(case, dice):
    """Only while everything rests: git itself may take the objects of a commit that is being made."""
    case.git("worktree", "prune")
    case.git("gc", "-q", "--prune=now")
    return NOTHING


# kind of the case -> its steps, and how often each at most
BY_KIND = {
    "user_edits": ([edit, edit_ignored, new_file, delete, stage], 3),
    "user_commits": ([commit], 2),
    "user_switches": ([switch], 2),
    "user_stashes": ([stash, unstash], 2),
    "user_verbs": ([verb, hold, release], 3),
    "user_adds_task": ([add_task], 1),
    "user_edits_worktree": ([edit_worktree], 2),
    "down_and_up": ([down_and_up], 1),
    "kill_and_up": ([kill_and_up], 2),
    "user_collects_garbage": ([collect_garbage, prune_now], 2),
}


def make(dice, kinds, tasks):
    """All steps of a case in their order, as (name, what to do, before its turn everything has settled?)."""
    steps = []
    for kind, (choices, at_most) in BY_KIND.items():
        if not kinds.has(kind):
            continue
        for number in range(dice.sub(kind).randint(1, at_most)):
            own = dice.sub(f"{kind} {number}")
            choice = own.choice(choices)
            # Files are written while nothing lands: git itself may lose what is written in that instant.
            calm = kind in ("user_edits", "user_edits_worktree", "user_adds_task", "user_stashes") or own.chance(0.6)
            calm = calm or choice is prune_now
            steps.append((choice.__name__, choice, own, calm))
    for task in tasks:
        if task.gates:
            own = dice.sub(f"gate {task.id}")
            steps.append((f"let {task.id} go", lambda case, dice, id=task.id: let_go(case, id), own, own.chance(0.7)))
    dice.sub("order").shuffle(steps)
    return steps
