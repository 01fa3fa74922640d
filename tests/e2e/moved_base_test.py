"""A user who is at work on the base meanwhile: pulls, pushes, commits, switches, resets. The train goes on from it."""
from checkout import picture, unchanged
from lab import Failed, equal, says, script, test

GATE = 'until grep -q {0} "$LEDGER/gates"; do sleep 0.05; done; echo {0} > {0}.txt'


def with_origin(lab):
    """Three tasks behind gates, and a bare repository that others push to; a clone of theirs."""
    (lab.ledger / "gates").write_text("")
    lab.tasks(*(script(GATE.format(id), id=id) for id in ("T1", "T2", "T3")))
    lab.commit("tasks")
    origin, others = lab.folder / "origin.git", lab.folder / "others"
    lab.git("clone", "-q", "--bare", str(lab.repo), str(origin))
    lab.git("remote", "add", "origin", str(origin))
    lab.git("fetch", "-q", "origin")
    lab.git("branch", "-q", "--set-upstream-to=origin/main")
    lab.git("clone", "-q", str(origin), str(others))
    lab.begin()
    return others


def users(lab, *args):
    """A command of the user's; again where the run's git has a lock for a moment."""
    def tried():
        try:
            lab.git(*args)
        except Failed as problem:
            if ".lock': File exists" not in str(problem):
                raise
            return False
        return True

    lab.until(tried, f"git {args}")


def open_gate(lab, id):
    with (lab.ledger / "gates").open("a") as gates:
        gates.write(f"{id}\n")
    lab.until_state(id, "merged")


def on_main(lab, *ids):
    """Waits until the base has the work of these tasks, whatever has become of their commits."""
    wanted = {f"{id}.txt" for id in ids}
    lab.until(lambda: wanted <= set(lab.git("ls-tree", "--name-only", "main").split()), f"{ids} are on main")


def others_push(lab, others, name):
    lab.git("pull", "-q", "--rebase", cwd=others)
    (others / name).write_text("of others\n")
    lab.git("add", name, cwd=others)
    lab.git("-c", "user.name=o", "-c", "user.email=o@o", "commit", "-qm", name, cwd=others)
    lab.git("push", "-q", cwd=others)


def all_there(lab, *more):
    """Everybody's work is on the base and in the checkout, which is clean."""
    lab.until_over()
    for name in ("T1.txt", "T2.txt", "T3.txt", *more):
        equal(lab.read(name), lab.show(f"main:{name}"), name)
    equal([task["state"] for task in lab.status()["tasks"]], ["merged"] * 3, "states")
    equal(lab.read("tasks.md").count("[x]"), 3, "ticks")
    equal(lab.git("status", "--porcelain"), "", "the checkout")
    equal(lab.status().get("behind"), None, "behind")


def pulling(*how):
    def play(lab):
        others = with_origin(lab)
        open_gate(lab, "T1")
        on_main(lab, "T1")
        others_push(lab, others, "theirs.txt")
        users(lab, "pull", "-q", *how)
        open_gate(lab, "T2")
        on_main(lab, "T1", "T2")
        lab.write("mine.txt", "mine\n")
        users(lab, "add", "mine.txt")
        users(lab, "commit", "-qm", "mine")
        users(lab, "push", "-q")
        others_push(lab, others, "more.txt")
        open_gate(lab, "T3")
        all_there(lab, "theirs.txt", "mine.txt")
        users(lab, "pull", "-q", *how)
        for name in ("T1.txt", "T2.txt", "T3.txt", "theirs.txt", "mine.txt", "more.txt"):
            equal(lab.read(name), lab.show(f"main:{name}"), name)

    return play


@test
def the_user_pulls_by_a_merge_pushes_and_commits(lab):
    pulling("--no-rebase", "--no-edit")(lab)


@test
def the_user_pulls_by_a_rebase_pushes_and_commits(lab):
    pulling("--rebase")(lab)


def rebased_at_the_end(lab):
    """All has landed, and the user rebases it onto what others have pushed meanwhile."""
    others = with_origin(lab)
    for id in ("T1", "T2", "T3"):
        open_gate(lab, id)
    all_there(lab)
    others_push(lab, others, "theirs.txt")
    users(lab, "pull", "-q", "--rebase")
    return lab.read("tasks.md").count("[x]")


def nothing_is_begun(lab):
    lab.up().ended_with(0)
    equal(lab.facts("task.started"), [], "what the next run started")


@test
def marks_that_a_rebase_drops_come_back_by_the_command_of_the_docs(lab):
    equal(rebased_at_the_end(lab), 0, "ticks, which were in merge commits")
    users(lab, "checkout", "ORIG_HEAD", "--", "tasks.md")
    nothing_is_begun(lab)


@test
def a_rebase_of_squashed_work_keeps_its_marks(lab):
    lab.config('[merge]\nstrategy = "squash"\n')
    equal(rebased_at_the_end(lab), 3, "ticks")
    nothing_is_begun(lab)


@test
def the_user_switches_commits_elsewhere_and_comes_back(lab):
    with_origin(lab)
    users(lab, "switch", "-qc", "mine")
    lab.write("mine.txt", "mine\n")
    users(lab, "add", "mine.txt")
    users(lab, "commit", "-qm", "mine")
    before = picture(lab)
    open_gate(lab, "T1")
    on_main(lab, "T1")
    unchanged(lab, before)
    users(lab, "switch", "-q", "main")
    open_gate(lab, "T2")
    on_main(lab, "T2")
    users(lab, "merge", "-q", "--no-edit", "mine")
    open_gate(lab, "T3")
    all_there(lab, "mine.txt")


@test
def a_base_that_is_reset_and_pushed_by_force_gets_the_work_again(lab):
    with_origin(lab)
    start = lab.git("rev-parse", "main").strip()
    open_gate(lab, "T1")
    on_main(lab, "T1")
    users(lab, "push", "-q")
    users(lab, "reset", "-q", "--hard", start)
    users(lab, "push", "-q", "--force")
    open_gate(lab, "T2")
    open_gate(lab, "T3")
    all_there(lab)


@test
def a_base_that_is_amended_keeps_both(lab):
    with_origin(lab)
    open_gate(lab, "T1")
    on_main(lab, "T1")
    lab.write("mine.txt", "mine\n")
    users(lab, "add", "mine.txt")
    users(lab, "commit", "-qm", "mine, first")
    lab.write("mine.txt", "mine\nand better\n")
    users(lab, "commit", "-qam", "mine, better", "--amend")
    open_gate(lab, "T2")
    open_gate(lab, "T3")
    lab.until_over()
    says(lab.git("log", "--format=%s", "main"), "mine, better")
