"""Which text of the task file counts while git and the user move it about, and how it is ticked all the same."""
import fcntl
import random
import struct
import time

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
    # The base follows in that worktree, and git removes none in which another git is at work.
    lab.until_landed("T2")
    lab.git("worktree", "remove", str(lab.folder / "side"))
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")


# Uncommitted edits, and ticks that have to wait.


@test
def an_uncommitted_edit_joins_the_base_follows_and_nothing_is_done_twice(lab):
    begin(lab, waiting())
    lab.tasks(waiting() + quick("T2"))
    lab.until_landed("T2")
    all_done(lab, "T2", "T1")
    equal(lab.read("tasks.md"), ticked(waiting() + quick("T2")), "the disk")
    equal(lab.show("main:tasks.md"), waiting(), "the base, which the landings left alone")
    equal(lab.git("status", "--porcelain"), " M tasks.md\n", "the checkout")
    lab.up().ended_with(0)
    lab.commit("my edit")
    lab.up().ended_with(0)
    equal(lab.read("T2.txt"), "T2\n", "T2 was done once")


@test
def an_edit_between_candidate_and_landing_is_kept_and_shows_as_it_was_made(lab):
    lab.config('[[merge.test]]\ncommand = ["sh", "-c", "test ! -e T1.txt || '
               f'while [ ! -e {lab.ledger}/tested ]; do echo > {lab.ledger}/testing; sleep 0.05; done"]\n')
    lab.tasks(waiting() + "- [ ] T3: a last one\n")
    lab.commit("tasks")
    lab.begin("--only", "T1")
    lab.until_file("T1")
    (lab.ledger / "go").touch()
    lab.until_file("testing")
    lab.tasks(waiting() + quick("T9") + "- [ ] T3: a last one\n")
    lab.git("add", "tasks.md")
    lab.tasks(waiting() + quick("T9") + "- [ ] T3: a last one\n- [ ] T4: more\n")
    looked(lab)
    (lab.ledger / "tested").touch()
    lab.until_landed("T1")
    head = ticked(waiting()) + quick("T9")
    staged = head + "- [ ] T3: a last one\n"
    lab.until(lambda: lab.git("show", ":tasks.md") == staged, "what is staged")
    equal(lab.read("tasks.md"), head + "- [ ] T3: a last one\n- [ ] T4: more\n", "the disk")
    equal(lab.show("main:tasks.md"), ticked(waiting()) + "- [ ] T3: a last one\n", "the base")
    lab.run("down", check=0)


@test
def a_tick_that_has_no_file_to_go_to_is_written_by_the_next_up_and_nothing_is_done_twice(lab):
    lab.tasks(script('echo 1 >> a', 'touch "$LEDGER/T1"; while [ ! -e "$LEDGER/go" ]; do sleep 0.05; done'))
    file = lab.repo / "tasks.md"
    lab.begin()
    lab.until(lambda: (lab.ledger / "T1").exists(), "T1 is at work")
    file.rename(lab.folder / "aside")
    (lab.ledger / "go").touch()
    lab.until_over()
    lab.run("status").says("merged")
    (lab.folder / "aside").rename(file)
    lab.up().ended_with(0)
    equal(lab.show("main:a"), "1\n", "T1 was done once")
    equal(lab.read("tasks.md").count("[x]"), 1, "ticks")


@test
def a_mark_that_the_user_takes_back_stays_back_until_the_task_is_asked_for_again(lab):
    begin(lab, quick("T0") + waiting())
    lab.until_landed("T0")
    lab.until(lambda: "[x] T0" in lab.read("tasks.md"), "T0 is ticked")
    looked(lab)
    lab.write("tasks.md", lab.read("tasks.md").replace("[x] T0", "[ ] T0"))
    lab.until(lambda: lab.facts("task.unticked"), "the mark is taken back")
    all_done(lab, "T0", "T1")
    assert "[ ] T0" in lab.read("tasks.md"), lab.read("tasks.md")
    lab.commit("again, please")
    lab.up().ended_with(0)
    equal(lab.read("T0.txt"), "T0\nT0\n", "T0 was done again")


@test
def marks_that_an_editors_older_text_undid_are_set_again(lab):
    text = quick("T0") + waiting()
    lab.tasks(text)
    lab.begin()
    lab.until(lambda: "[x] T0" in lab.read("tasks.md"), "T0 is ticked")
    looked(lab)
    lab.tasks(text + quick("T5"))
    lab.until(lambda: "[x] T0" in lab.read("tasks.md"), "T0 is ticked again")
    assert "T5: a task" in lab.read("tasks.md")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.read("tasks.md"), ticked(text + quick("T5")), "the disk")
    equal(sorted(lab.landed()), ["T0", "T1", "T5"], "landed")



def story(lab, seed):
    """A user's random commands while tasks land; every task is done once and ticked, every edit kept."""
    dice = random.Random(seed)
    gate = 'until grep -q {0} "$LEDGER/open"; do sleep 0.05; done; echo {0} >> {0}.txt'
    text = "".join(script(gate.format(f"T{n}"), id=f"T{n}") for n in range(1, 5))
    (lab.ledger / "open").write_text("")
    lab.config("[worktree_setup]\n", base="agent = \"sh\"\nworkers = 4\n")
    lab.tasks(text)
    lab.commit("tasks")
    lab.git("branch", "other")
    lab.begin()
    notes = []

    def on_main():
        return lab.git("branch", "--show-current").strip() == "main"

    def edit():
        if on_main():
            notes.append(f"<!-- note {len(notes)} -->")
            file = lab.repo / "tasks.md"
            file.write_text(notes[-1] + "\n" + file.read_text())

    def stash():
        lab.git("stash", "-q", check=False)
        time.sleep(dice.random() / 2)
        lab.git("stash", "pop", "-q", check=False)

    commands = [
        edit, edit, stash,
        lambda: on_main() and lab.git("commit", "-qam", "notes", check=False),
        lambda: lab.git("switch", "-q", "other", check=False),
        lambda: lab.git("switch", "-q", "main", check=False),
        lambda: lab.git("checkout", "-q", "HEAD~1", check=False),
    ]
    for n in dice.sample(range(1, 5), 4):
        dice.choice(commands)()
        with (lab.ledger / "open").open("a") as gates:
            gates.write(f"T{n}\n")
        for _ in range(2):
            time.sleep(dice.random() / 3)
            dice.choice(commands)()
    for _ in range(40):  # a git of the run may hold the index just then
        lab.git("switch", "-q", "main", check=False)
        if on_main():
            break
        time.sleep(0.05)
    lab.until_over()
    landed = sorted(lab.landed("main") or lab.landed(lab.git("branch", "--list", "tmux-orch/*").strip()))
    equal(landed, ["T1", "T2", "T3", "T4"],
          f"landed, seed {seed}\n{lab.git('reflog')}{lab.git('log', '--all', '--graph', '--oneline')}")
    lab.up()
    now = lab.read("tasks.md") + lab.git("stash", "list", "-p", check=False)
    history = lab.git("status", "-sb") + lab.git("reflog") + lab.git("log", "--all", "--graph", "-p", "tasks.md")
    for note in notes:
        assert note in now, f"seed {seed}: {note} is lost:\n{now}\n{history}"
    equal(lab.read("tasks.md").count("- [x]"), 4, f"ticks, seed {seed}\n{lab.read('tasks.md')}")
    for n in range(1, 5):
        equal(lab.show(f"main:T{n}.txt"), f"T{n}\n", f"T{n} was done once, seed {seed}")


@test
def whatever_the_user_does_meanwhile_each_task_is_done_once_and_ticked(lab):
    story(lab, 1)


@test
def whatever_the_user_does_meanwhile_no_edit_is_lost(lab):
    story(lab, 5)


@test
def what_is_ticked_while_up_waits_for_the_run_before_it_is_not_begun_again(lab):
    lab.tasks(script("echo x > x.txt"))
    lab.up().ended_with(0)
    # Only its own run is still at work when `up` reads the file.
    both = (lab.repo / "tasks.md").read_text() + script("echo $$ >> $LEDGER/T2", id="T2")
    lab.write("tasks.md", both)
    with open(lab.repo / ".tmux-orch/lock", "r+") as lock:
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
        up = lab.spawn_up()
        next(line for line in up.stdout if "uncommitted" in line)  # behind what it reads
        lab.write("tasks.md", both.replace("- [ ] T2", "- [x] T2"))
    lab.finish(up).ended_with(0)
    assert not (lab.ledger / "T2").exists(), "what was done already was done once more"
