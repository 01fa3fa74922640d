"""What has to be true in the end. Each check returns sentences about what is not."""
import json
import re

import places as all_places
import record
import repositories

# Folders that may go with a worktree when git ignores them, of those that docs/configuration.md lists.
CACHES = {"node_modules", "__pycache__"}


def records(lab):
    """The last record of each attempt whose agent was not in the middle of something when it was killed."""
    found = []
    for file in sorted((lab.ledger / "records").glob("*.json")) if (lab.ledger / "records").is_dir() else ():
        if not (lab.ledger / "busy" / file.name).exists():
            found.append(json.loads(file.read_text()))
    return found


def may_go(path, entry, record):
    """Not the agent's work: ours, a cache that is ignored, or a link that the set-up made."""
    if path.startswith(".orch/") or path == repositories.SETUP_LINK and entry[0] == "l":
        return True
    return path not in record["known"] and any(part in CACHES for part in path.split("/")[:-1])


def agents_files(case, places):
    """Every file as it was when its agent ended, and every commit of nested repositories."""
    for end in records(case.lab):
        who = f"{end['task']}.{end['attempt']} ({end['phase']})"
        for path, entry in end["files"].items():
            if may_go(path, entry, end) or (end["task"], end["attempt"], path) in case.aside:
                continue
            only = places.only_in_trash(entry) if entry[1] != record.EMPTY else []
            if only and not any(name in text for name in only for text in case.outputs + case.ups):
                yield f"{who}: {path!r} is in the trash, and nothing names {only[0]!r}"
            if not places.has(path, entry):
                what = "" if path in end["known"] else ", which git ignores,"
                yield f"{who}: {path!r}{what} is nowhere any more"
        for path, head in end["nested"]:
            if head and not places.has_commit(head):
                yield f"{who}: commit {head[:10]} of {path!r} is nowhere any more"


def users_files(case, places):
    """Every file of the user's, what they staged, and the commits of their nested repositories."""
    for (checkout, path, entry), step in case.mine.files.items():
        # Ours, for as long as it takes to write the task file.
        if re.fullmatch(r"\.orch-\w{6}", path.rpartition("/")[2]):
            continue
        if not places.has(path, entry):
            yield f"{checkout}/{path!r}, as it was {step}, is nowhere any more"
    staged = {id for _, _, id in case.mine.staged}
    kept = {}
    for (checkout, path, id), step in case.mine.staged.items():
        kept[id] = (checkout, path, step)
    for id in staged:
        done = case.lab.git("cat-file", "-t", id, check=False)
        text = b"".join(places.blobs([id])) if done else None
        if text is None or not places.has(kept[id][1], ("f", record.digest(text))):
            checkout, path, step = kept[id]
            yield f"{checkout}/{path!r}, as it was staged {step}, is nowhere any more"
    for (path, commit), step in case.mine.commits.items():
        if not places.has_commit(commit):
            yield f"commit {commit[:10]} of {path!r}, as it was {step}, is nowhere any more"


def users_refs_and_settings(case, places):
    case.mine.compare_outside()
    yield from case.mine.losses


def is_left_and_said(case, places, id, path, entry):
    """What git does not take into a commit does not land: it is kept, and the task says so."""
    if not {"refused_names", "hidden_edit", "makes_repository"} & {kind for task in case.tasks if task.id == id for kind in task.kinds}:
        return False
    said = (line for text in case.outputs for line in text.splitlines() if re.search(rf"\b{id}\b", line))
    return places.has(path, entry) and any(path in line or "is kept as refs/orch/rescue" in line for line in said)


def merged_is_merged(case, places):
    """What is called merged is on the base (or, where the base could not follow and that is said, or is to follow
    at the end, on the run's branch), and nothing is ticked that is not merged."""
    state = case.state
    merged = {task["id"] for task in state["tasks"] if task["state"] == "merged"}
    refs = [f"refs/heads/{case.base}"]
    if state.get("behind") or case.kinds.has("follow_end"):
        refs.append(f"--branches=tmux-orch/{state['run']}*")
    landed = places.history(refs)
    last = {end["task"]: end for end in records(case.lab)}
    for id in sorted(merged):
        end = last.get(id)
        if end is None or id in case.ticked_by_user:
            continue
        for path, entry in end["files"].items():
            nested = any(path.startswith(folder + "/") for folder, _ in end["nested"])
            if path not in end["known"] or nested or entry[1] in (record.EMPTY,) or entry[1] in landed:
                continue
            if path == "tasks.md" or may_go(path, entry, end) or (id, end["attempt"], path) in case.aside:
                continue
            if is_left_and_said(case, places, id, path, entry):
                continue
            if "squash" in case.kinds.here() and case.touched_by_others(id, path):
                continue
            yield f"{id} is merged, but its {path!r} is not on {case.base}"
    for text in case.task_texts():
        ticked = set(re.findall(r"^- \[[xX]\] (\w+):", text, re.M))
        for id in sorted(ticked - merged - case.ticked_by_user):
            yield f"{id} is ticked, but not merged"
    if case.code == 0 and any(task["state"] != "merged" for task in state["tasks"]):
        yield "'up' ended with 0, but not all tasks are merged"


def attempts_are_counted(case, places):
    """Each attempt was started once, and no more of them in the last run than it tells of."""
    told = {task["id"]: task["attempt"] or 0 for task in case.state["tasks"]}
    for file in sorted((case.lab.ledger / "starts").glob("*")):
        started = file.read_text().split()
        if len(started) != len(set(started)):
            yield f"{file.name} was started twice in one attempt: {started}"
        started = [folder for folder in started if f"/runs/{case.state['run']}/" in folder or "/runs/" not in folder]
        if len(started) > told.get(file.name, 0):
            yield f"{file.name} was started {len(started)} times, and {told.get(file.name)} attempts are told of"


def each_up_went_on(case, places):
    """`up` works in every repository: no error, nothing refused, no base that fails its own tests."""
    for code, text in zip(case.codes, case.ups):
        if code not in (0, 3, 4, 6):
            yield f"'up' ended with {code}: {text.strip()[-600:]}"


# What ends a task although nothing is wrong with its work, as far as the texts have it.
OUR_FAULTS = re.compile(r"could not be (saved|landed|made|removed|looked|committed|followed|started|tested|set)"
                        r"|\bcannot\b|No such file|Permission denied|fatal:|not permitted")


def nobody_waits_for_a_fault(case, places):
    """A task that needs the user needs them for a reason that lies in its work."""
    for task in case.state["tasks"]:
        if task["state"] in ("blocked", "failed") and OUR_FAULTS.search(task["why"]):
            yield f"{task['id']} is {task['state']}: {task['why']}"


CHECKS = [each_up_went_on, nobody_waits_for_a_fault, agents_files, users_files, users_refs_and_settings, merged_is_merged, attempts_are_counted]


def problems(case):
    places = all_places.Places(case.lab)
    return [f"{check.__name__}: {problem}" for check in CHECKS for problem in check(case, places)]
