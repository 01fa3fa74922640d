"""merge.strategy = "rebase": the commits of a task land one after the other."""

import contextlib
import sqlite3

from lab import equal, says, script, test

REBASE = '[merge]\nstrategy = "rebase"\n[[merge.test]]\ncommand = ["sh", "-c", "test ! -e bad"]\n'


def work(id, *files, author="Ann Agent"):
    """A commit for each file, with a message and an author of its own."""
    steps = []
    for file in files:
        steps += [f"echo {id} > {file}", "git add -A",
                  f"git -c user.name='{author}' commit -qm 'Add {file}' -m 'Because of {id}.'"]
    return script(*steps, id=id)


def history(lab, format="%s"):
    return lab.git("log", "--reverse", f"--format={format}", "tasks..main").splitlines()


def begin(lab, *tasks, more=""):
    lab.config(REBASE + more)
    lab.tasks(*tasks)
    lab.commit("tasks")
    lab.git("tag", "tasks")


@test
def commits_land_one_after_the_other_with_their_authors(lab):
    begin(lab, work("T1", "a", "b"), work("T2", "c", "d", author="Bob Agent"))
    lab.up().ended_with(0)
    subjects = history(lab)
    equal(sorted(subjects), ["Add a", "Add b", "Add c", "Add d"], "commits")
    equal(subjects.index("Add b") - subjects.index("Add a"), 1, "those of T1 are together")
    equal(lab.git("rev-list", "--merges", "tasks..main"), "", "merges")
    equal(sorted(set(history(lab, "%an"))), ["Ann Agent", "Bob Agent"], "authors")
    texts = lab.git("log", "--format=%B", "tasks..main")
    says(texts, "Because of T1.", "Orch-Part: T1", "Orch-Task: T1", "Orch-Part: T2", "Orch-Task: T2")
    equal(texts.count("Orch-Task: T1"), 1, "the last one alone has the task")
    says(lab.read("tasks.md"), "[x] T1", "[x] T2")
    says(lab.run("verify", check=0).text, "have passed on the tree of each of 4 commits")


@test
def what_does_not_come_to_the_merge_commit_by_commit_lands_as_one(lab):
    # Its second commit undoes what conflicts with the other task.
    meet = 'touch "$LEDGER/{0}"; until [ -e "$LEDGER/T1" ] && [ -e "$LEDGER/T2" ]; do sleep 0.05; done'
    first = script("echo T1 > README", "git add -A", "git commit -qm 'Change the readme'", meet.format("T1"), id="T1")
    second = script("git show HEAD:README > before", "echo T2 > README", "git commit -qam 'Change it too'",
                    "mv before README", "echo T2 > f", "git add -A", "git commit -qm 'Change it back'",
                    meet.format("T2"), 'until [ -e "$LEDGER/landed" ]; do sleep 0.05; done', id="T2")
    begin(lab, first, second)
    lab.begin()
    lab.until_state("T1", "merged")
    (lab.ledger / "landed").touch()
    lab.until_over()
    equal(history(lab), ["Change the readme", "T2: a task"], "commits")
    equal(lab.show("main:README"), "T1\n", "the readme")
    says(lab.run("verify", check=0).text, "each of 2 commits")


@test
def no_message_of_an_agent_hides_an_untested_commit(lab):
    message = r"Add a\n\nOrch-Part: T9\nOrch-Task: \037\nOrch-Part: x\n"
    begin(lab, script("echo 1 > a", "git add -A", f"printf '{message}' | git commit -q -F -", id="T1"))
    lab.up().ended_with(0)
    says(lab.run("verify", check=0).text, "each of 1 commits")
    with contextlib.closing(sqlite3.connect(lab.repo / ".tmux-orch/orch.db")) as store, store:
        store.execute("delete from gate_result")
    says(lab.run("verify").text, "Add a: no test has passed")


@test
def killed_while_it_lands_it_lands_once(lab):
    begin(lab, work("T1", "a", "b"), work("T2", "c"))
    for point in ("git.candidate", "git.land"):
        lab.up(env={"TMUX_ORCH_FAILPOINT": point})
    lab.up().ended_with(0)
    equal(sorted(history(lab)), ["Add a", "Add b", "Add c"], "commits")


@test
def all_commits_of_a_task_are_taken_back(lab):
    begin(lab, work("T1", "a", "b"), work("T2", "c", "d"))
    lab.up().ended_with(0)
    lab.run("undo", "T1", "--yes", check=0).says("T1 is taken back")
    lab.until_over()
    equal(sorted(lab.git("ls-tree", "--name-only", "main", "a", "b", "c", "d").split()), ["c", "d"], "files")
    equal(history(lab)[-1], 'Revert "T1: a task"', "the last commit")
    says(lab.run("verify", check=0).text, "each of 5 commits")
