#!/usr/bin/env python3
"""Compares what the readers make of labelled task files with what a human reads in them.

    score.py --run 'tmux-orch plan {file} --json'      runs it for each file of the corpus
    score.py --predictions FOLDER                      reads FOLDER/NAME.json instead

Another corpus is given with --corpus FOLDER, which holds files/NAME.EXT and labels/NAME.json. A
prediction is {"tasks": [{"id", "title", "done", "depends", "priority", "files", "parent",
"line"}]}; what else is in it does not matter. Exit status 1: a figure is below its limit (--limit
tasks=0.97 changes one), or the program failed for a file.

Columns, each from 0 to 1: tasks, leaves (tasks without the ones that have parts), depends and
files are F1; done, priority and parent are shares of the tasks that were found. "mean" is over
files, "all" over tasks, edges and paths.
"""
import argparse
import json
import pathlib
import shlex
import subprocess
import sys

LIMITS = {"tasks": 0.97, "leaves": 0.97, "done": 0.99, "depends": 0.95, "priority": 0.97,
          "files": 0.93, "parent": 0.97}
LOWEST_FILE = 0.9  # no single file may have a task F1 below this

LEVELS = {
    "P0": "0 p0 critical urgent blocker kritisch urgente crítica bloqueante",
    "P1": "1 p1 high important importante hoch alta haute",
    "P2": "2 p2 medium normal mittel media média moyenne",
    "P3": "3 p3 low backlog niedrig baixa baja basse",
    "P4": "4 p4 5 p5",
}
LEVEL_OF = {word: level for level, words in LEVELS.items() for word in words.split()}


def id_key(value):
    """Ids as they are compared: `Task 3`, `#3` and `3.` are one."""
    if value is None:
        return None
    text = str(value).strip().strip("#*`[]().:").casefold()
    for word in ("task ", "step "):
        text = text.removeprefix(word)
    return text or None


def title_key(value):
    text = "".join(c for c in str(value or "").casefold() if c not in "*`_~")
    return " ".join(text.split()).strip(" .:;-–—")


def level(value):
    """The level of `P1`, `high`, `P0 (critical path)`, `High priority`."""
    words = str(value or "" if value != 0 else 0).casefold().replace("(", " ").split()
    return next((LEVEL_OF[word] for word in words if word in LEVEL_OF), None)


def paths(values):
    return {str(value).strip("`\"' ").removeprefix("./").rstrip("/.,;") for value in values or []}


def same_title(label, found):
    a, b = title_key(label.get("title")), title_key(found.get("title"))
    return bool(a and b) and (a == b or (min(len(a), len(b)) >= 8 and (a.startswith(b) or b.startswith(a))))


def pair(labels, found):
    """Index of a label -> index of the prediction for it: by line, then by id, then by title."""
    def same_id(label, task):
        return id_key(label["id"]) is not None and id_key(label["id"]) == id_key(task.get("id"))

    def same_line(label, task):
        return task.get("line") in [label["line"], *label.get("line_alt", [])]

    pairs, taken = {}, set()
    for fits in (lambda a, b: same_line(a, b) and same_id(a, b),
                 lambda a, b: same_line(a, b) and same_title(a, b),
                 same_line, same_id, same_title):
        for i, label in enumerate(labels):
            if i in pairs:
                continue
            for j, task in enumerate(found):
                if j not in taken and fits(label, task):
                    pairs[i] = j
                    taken.add(j)
                    break
    return pairs


class Names:
    """References to tasks, `@12` (by line) or ids, as indices of labels where there is one."""

    def __init__(self, labels, found, pairs):
        self.index = {f"@{label['line']}": i for i, label in enumerate(labels)}
        for i, label in enumerate(labels):
            self.index.setdefault(id_key(label["id"]), i)
        self.found = dict(self.index)
        for i, j in pairs.items():
            self.found[id_key(found[j].get("id"))] = i
        self.index.pop(None, None)
        self.found.pop(None, None)

    def of_label(self, value):
        return self.index.get(value if str(value).startswith("@") else id_key(value), id_key(value))

    def of_prediction(self, value):
        return self.found.get(id_key(value), id_key(value))


class Score:
    """Right, superfluous and missing for each column."""

    def __init__(self):
        self.counts = {column: [0, 0, 0] for column in LIMITS}
        self.labelled = self.predicted = 0

    def add(self, column, right, extra=0, missing=0):
        for k, count in enumerate((right, extra, missing)):
            self.counts[column][k] += count

    def add_sets(self, column, wanted, allowed, got):
        self.add(column, len(wanted & got), len(got - wanted - allowed), len(wanted - got))

    def merge(self, other):
        for column, counts in other.counts.items():
            self.add(column, *counts)
        self.labelled += other.labelled
        self.predicted += other.predicted

    def value(self, column):
        right, extra, missing = self.counts[column]
        total = 2 * right + extra + missing
        if column in ("done", "priority", "parent"):
            return right / (right + extra) if right + extra else None
        return 2 * right / total if total else None


def score_file(label, found, complain):
    labels = label["tasks"]
    pairs = pair(labels, found)
    extra = [task for j, task in enumerate(found) if j not in pairs.values()]
    tolerated = pair(label.get("optional_tasks", []), extra).values()
    extra = [task for j, task in enumerate(extra) if j not in tolerated]
    names = Names(labels, found, pairs)
    parents = {names.of_label(one["parent"]) for one in labels if one.get("parent")}
    score = Score()
    score.labelled, score.predicted = len(labels), len(pairs) + len(extra)
    score.add("tasks", len(pairs), len(extra), len(labels) - len(pairs))
    leaves = [i for i in range(len(labels)) if i not in parents]
    score.add("leaves", sum(i in pairs for i in leaves), len(extra), sum(i not in pairs for i in leaves))
    for task in extra:
        complain(f"{task.get('line')}: no task: {task.get('title')}")
    for i, one in enumerate(labels):
        task = found[pairs[i]] if i in pairs else {}
        score_task(score, names, i, one, task, lambda text, one=one: complain(f"{one['line']}: {text}"))
    return score


def score_task(score, names, index, label, task, complain):
    wanted = {names.of_label(value) for value in label["depends"]}
    allowed = {names.of_label(value) for value in label.get("depends_optional", [])}
    got = {names.of_prediction(value) for value in task.get("depends") or []} - {index}
    score.add_sets("depends", wanted, allowed, got)
    wanted_files, allowed_files = paths(label["files"]), paths(label.get("files_optional"))
    got_files = paths(task.get("files"))
    score.add_sets("files", wanted_files, allowed_files, got_files)
    if not task:
        complain(f"not found: {label['title']}")
        return
    if not wanted <= got <= wanted | allowed:
        complain(f"depends on {task.get('depends')} instead of {label['depends']}")
    if not wanted_files <= got_files <= wanted_files | allowed_files:
        complain(f"files {task.get('files')} instead of {label['files']}")

    def judge(column, right, text):
        score.add(column, int(right), int(not right))
        if not right:
            complain(text)

    if not label.get("done_optional"):
        judge("done", bool(task.get("done")) == label["done"], f"done is {task.get('done')}")
    own, has = level(label["priority"]), level(task.get("priority"))
    inherited = level(label.get("priority_inherited"))
    judge("priority", has == own or (own is None and has in (None, inherited)),
          f"priority {task.get('priority')} instead of {label['priority']}")
    if label.get("parent"):
        judge("parent", names.of_prediction(task.get("parent")) == names.of_label(label["parent"]),
              f"part of {task.get('parent')} instead of {label['parent']}")


def predict(arguments, name, file):
    """The tasks that were read in a file; raises OSError or ValueError if there is no answer."""
    if arguments.predictions:
        text = (arguments.predictions / f"{name}.json").read_text(encoding="utf-8")
    else:
        command = [part.replace("{file}", str(file)) for part in shlex.split(arguments.run)]
        # A file without tasks is refused, yet has its answer on standard output.
        text = subprocess.run(command, stdout=subprocess.PIPE, timeout=60, check=False).stdout.decode()
    tasks = json.loads(text).get("tasks", [])
    return [task for task in tasks if isinstance(task, dict)]


def show(name, score, values):
    cells = "".join(f"{'-' if value is None else f'{value:.3f}':>10}" for value in values)
    print(f"{name:<24}{score.labelled:>6}{score.predicted:>6}{cells}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path, default=pathlib.Path(__file__).parent / "corpus")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--run", metavar="COMMAND", help="{file} stands for the file")
    source.add_argument("--predictions", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--limit", action="append", default=[], metavar="COLUMN=FIGURE")
    parser.add_argument("--complaints", type=int, default=5, help="shown for each file")
    arguments = parser.parse_args()
    for limit in arguments.limit:
        column, _, figure = limit.partition("=")
        if column not in LIMITS:
            parser.error(f"there is no column {column}")
        LIMITS[column] = float(figure)
    return arguments


def main():
    arguments = parse_arguments()
    total, scores, failures = Score(), [], []
    print(f"{'file':<24}{'tasks':>6}{'read':>6}" + "".join(f"{column:>10}" for column in LIMITS))
    for label_file in sorted((arguments.corpus / "labels").glob("*.json")):
        name = label_file.stem
        label = json.loads(label_file.read_text(encoding="utf-8"))
        file = next(path for path in (arguments.corpus / "files").iterdir() if path.name == name or path.stem == name)
        complaints = []
        try:
            found = predict(arguments, name, file)
        except (OSError, ValueError, AttributeError, subprocess.SubprocessError) as error:
            failures.append(f"{name}: no answer: {error}")
            found = []
        score = score_file(label, found, complaints.append)
        total.merge(score)
        scores.append(score)
        show(name, score, [score.value(column) for column in LIMITS])
        for complaint in complaints[: arguments.complaints]:
            print(f"    {complaint}")
        task_score = score.value("tasks")
        if task_score is not None and task_score < LOWEST_FILE:
            failures.append(f"{name}: tasks {task_score:.3f} is below {LOWEST_FILE}")
    show("all", total, [total.value(column) for column in LIMITS])
    means = {}
    for column in LIMITS:
        values = [value for value in (score.value(column) for score in scores) if value is not None]
        means[column] = sum(values) / len(values) if values else None
    show("mean", total, means.values())
    for column, limit in LIMITS.items():
        figures = [("all", total.value(column))] + ([("mean", means[column])] if column == "depends" else [])
        for kind, figure in figures:
            if figure is not None and figure < limit:
                failures.append(f"{column} ({kind}): {figure:.3f} is below {limit}")
    print("\n".join(failures) or "all figures are reached")
    return 1 if failures or not scores else 0


if __name__ == "__main__":
    sys.exit(main())
