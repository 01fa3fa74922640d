"""Files that a command makes of others are made anew where works conflict in them."""

from lab import equal, script, test

MAKE = 'cat deps/* > lock'


def meet(id):
    """None of the two begins with the other's work."""
    return f'touch "$LEDGER/{id}"; until [ -e "$LEDGER/T1" ] && [ -e "$LEDGER/T2" ]; do sleep 0.05; done'


def begin(lab, command=MAKE):
    lab.config(f"[merge]\nrounds = 0\n[[merge.generated]]\nfiles = ['lock']\ncommand = ['sh', '-c', '{command}']\n"
               f"[[merge.test]]\ncommand = ['sh', '-c', 'cat deps/* | cmp - lock']\n")
    lab.write("deps/a", "a\n")
    lab.write("lock", "a\n")
    lab.commit("a lock file")
    lab.tasks(*(script(meet(id), f"echo {name} > deps/{name}", MAKE, id=id) for id, name in (("T1", "one"), ("T2", "two"))))
    lab.commit("tasks")


@test
def a_lock_file_is_made_anew_and_tested(lab):
    begin(lab)
    lab.up().ended_with(0)
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
    equal(lab.show("main:lock"), "a\none\ntwo\n", "the lock file")
    equal(lab.facts("task.returned"), [], "what went back to its agent")
    equal(lab.git("status", "--porcelain"), "", "the checkout")
    lab.run("verify", check=0)


@test
def only_the_named_files_are_taken_of_what_the_command_makes(lab):
    begin(lab, command=MAKE + "; echo x > deps/a; echo y > other")
    lab.up().ended_with(0)
    equal(lab.git("log", "--format=", "--name-only", "main", "--", "other"), "", "other files")
    equal(lab.show("main:deps/a"), "a\n", "the other file")


@test
def a_command_that_fails_leaves_the_task_to_the_user(lab):
    begin(lab, command='test -e "$LEDGER/mended" && ' + MAKE)
    lab.begin()
    lab.until(lambda: any(task["state"] == "blocked" for task in lab.status()["tasks"]), "one waits for the user")
    blocked = next(task for task in lab.status()["tasks"] if task["state"] == "blocked")
    lab.run("status").says("works conflict in lock, and `sh -c", "exited with 1", "log: ")
    (lab.ledger / "mended").touch()
    lab.run("merge", blocked["id"], check=0)
    lab.until_over()
    equal(lab.show("main:lock"), "a\none\ntwo\n", "the lock file")


@test
def other_conflicts_are_conflicts_as_ever(lab):
    begin(lab)
    lab.tasks(*(script(meet(id), f"echo {id} > README; echo {id} > deps/{id}", MAKE, id=id) for id in ("T1", "T2")))
    lab.commit("others")
    lab.up().ended_with(4)
    equal(len(lab.landed()), 1, "landed")
    lab.run("status").says("conflicts with main in README, lock")


@test
def killed_while_it_is_made_it_is_made_once_more(lab):
    begin(lab)
    for point in ("landing.generated", "git.generated"):
        lab.up(env={"TMUX_ORCH_FAILPOINT": point})
    lab.up().ended_with(0)
    equal(lab.show("main:lock"), "a\none\ntwo\n", "the lock file")
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
