"""Which text of the task file counts while git and the user move it about, and how it is ticked all the same."""
from lab import equal, script, test


def waiting(id="T1", *fields, then=""):
    """A task that tells the ledger that it runs, and goes on when the ledger has `go`."""
    return script(
        f'echo at work > "$LEDGER/{id}"', 'while [ ! -e "$LEDGER/go" ]; do sleep 0.05; done',
        f"echo {id} > {id}.txt", then, id=id, fields=fields,
    )


def quick(id, *fields):
    return script(f"echo {id} >> {id}.txt", id=id, fields=fields)


def ticked(text):
    return text.replace("- [ ]", "- [x]")


def begin(lab, text, *more):
    """A run of that committed file whose first task is at work."""
    lab.tasks(text)
    lab.commit("tasks")
    lab.begin(*more)
    lab.until_file("T1")


def looked(lab):
    """Waits until the task file was looked at as it is now: a task that is added on the base joins."""
    file = lab.repo / ".tmux-orch/runs"
    before = [log.stat().st_mtime_ns for log in file.glob("*/task-file")]

    def is_newer():
        return [log.stat().st_mtime_ns for log in file.glob("*/task-file")] > before

    lab.until(is_newer, "the task file was looked at again")


def all_done(lab, *ids):
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.landed(), list(ids), "landed")


PAIR = waiting() + quick("T2", "Depends: T1")


@test
def a_switch_to_a_branch_whose_file_is_ticked_ticks_nothing(lab):
    lab.tasks(PAIR)
    lab.commit("tasks")
    lab.git("switch", "-qc", "other")
    lab.tasks(ticked(PAIR))
    lab.commit("all done here")
    lab.git("switch", "-q", "main")
    lab.begin()
    lab.until_file("T1")
    lab.git("switch", "-q", "other")
    looked(lab)
    all_done(lab, "T1", "T2")
    equal(lab.show("main:tasks.md"), ticked(PAIR), "the base's tasks.md")
    equal(lab.git("status", "--porcelain"), "", "the user's checkout")


@test
def a_checkout_of_an_older_commit_aborts_nothing_and_edits_there_do_not_count(lab):
    lab.tasks(waiting())
    lab.commit("one task")
    begin(lab, PAIR)
    lab.git("checkout", "-q", "HEAD~1")
    looked(lab)
    lab.tasks("- [x] T2: nothing\n")
    looked(lab)
    lab.git("checkout", "-q", "-f", "main")
    all_done(lab, "T1", "T2")


@test
def what_a_stash_or_a_reset_takes_away_stays_in_the_run(lab):
    begin(lab, waiting())
    lab.tasks(waiting() + quick("T2", "Depends: T1"))
    lab.until_state("T2", "waiting")
    lab.git("stash", "-q")
    looked(lab)
    equal(lab.task("T2")["state"], "waiting", "T2 while its line is stashed")
    lab.git("stash", "pop", "-q")
    lab.commit("one more task")
    lab.git("reset", "-q", "--hard", "HEAD~1")
    looked(lab)
    equal(lab.task("T2")["state"], "waiting", "T2 while its commit is reset away")
    lab.git("reset", "-q", "--hard", "HEAD@{1}")
    all_done(lab, "T1", "T2")


@test
def a_rebase_and_a_bisect_under_way_say_nothing_about_any_task(lab):
    lab.tasks(waiting())
    lab.commit("one task")
    lab.write("a", "a\n")
    lab.commit("a")
    begin(lab, PAIR)
    lab.git("bisect", "start", "HEAD", "HEAD~2")
    looked(lab)
    equal(lab.task("T2")["state"], "waiting", "T2 in a bisect")
    lab.git("bisect", "reset")
    lab.git("-c", "sequence.editor=sed -i 's/^pick/edit/'", "rebase", "-q", "-i", "HEAD~2")
    looked(lab)
    equal(lab.task("T2")["state"], "waiting", "T2 in a rebase")
    lab.git("rebase", "--abort")
    all_done(lab, "T1", "T2")


@test
def what_is_committed_on_the_base_counts_while_the_user_is_elsewhere(lab):
    begin(lab, waiting())
    lab.git("switch", "-qc", "other")
    lab.git("worktree", "add", "-q", str(lab.folder / "side"), "main")
    (lab.folder / "side/tasks.md").write_text(waiting() + quick("T2"))
    lab.git("commit", "-qam", "one more", cwd=lab.folder / "side")
    lab.until(lambda: "T2" in lab.run("status").text, "T2 joins")
    lab.git("worktree", "remove", str(lab.folder / "side"))
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
