"""What lands, and how the user's branch and checkout follow."""
from lab import equal, says, script, test


@test
def an_ignored_file_is_never_overwritten_and_main_follows_once_it_is_moved(lab):
    lab.write(".gitignore", ".env\n")
    lab.commit("ignore")
    lab.write(".env", "SECRET=42\n")
    lab.tasks(
        script("echo DEFAULT=1 > .env", "git add -f .env", "git commit -qm env"),
        script("while [ ! -e $LEDGER/go ]; do sleep 0.1; done", "echo b > b.txt", id="T2"),
    )
    lab.begin()
    lab.until_state("T1", "merged")
    lab.until(lambda: lab.facts("base.behind"), "main stays behind")
    says(lab.facts("base.behind")[0][2], "main does not follow: your .env is in the way")
    equal(lab.read(".env"), "SECRET=42\n", "the user's file")
    equal(lab.landed(), [], "landed on main")

    (lab.repo / ".env").rename(lab.repo / ".env.mine")
    (lab.ledger / "go").touch()
    lab.until_landed("T1", "T2")
    equal(lab.read(".env"), "DEFAULT=1\n", "what landed")
    equal(lab.until_over().get("behind"), None, "behind")


@test
def up_again_follows_when_the_ignored_folder_in_the_way_is_gone(lab):
    lab.write(".gitignore", "build/\n")
    lab.commit("ignore")
    lab.write("build/deep/result", "mine\n")
    lab.tasks(script("echo b > build", "echo a > a.txt"))
    ran = lab.up()
    ran.says("main does not follow: your files in build are in the way", "merge --ff-only --no-overwrite-ignore")
    equal(lab.read("build/deep/result"), "mine\n", "the user's file")
    (lab.repo / "build").rename(lab.repo / "mine")
    lab.up()
    equal(lab.landed(), ["T1"], "landed on main")
    equal(lab.read("build"), "b\n", "what landed")


def mends(lab, why):
    """Runs the command that a text names between its first backquotes."""
    lab.run(argv=["sh", "-c", why.split("`")[1]], check=0)


@test
def a_task_that_changes_what_is_ours_is_blocked_and_mended_by_the_command_it_names(lab):
    lab.tasks(
        script("mkdir .tmux-orch", "echo garbage > .tmux-orch/orch.db", "echo a > a.txt"),
        script("ln -s /tmp .worktrees", "echo b > b.txt", id="T2"),
        script("while [ ! -e $LEDGER/go ]; do sleep 0.1; done", "echo c > c.txt", id="T3"),
    )
    lab.begin("--wait-user", "30s")
    first = lab.until_state("T1", "blocked")["why"]
    second = lab.until_state("T2", "blocked")["why"]
    says(first, "it changes .tmux-orch/orch.db, which tmux-orch itself uses")
    says(second, "it changes .worktrees, which tmux-orch itself uses")
    (lab.ledger / "go").touch()
    lab.until_landed("T3")
    mends(lab, first)
    mends(lab, second)
    lab.run("merge", "T1", check=0)
    lab.until_landed("T3", "T1")
    lab.run("merge", "T2", check=0)
    lab.until_over()
    equal(lab.landed(), ["T3", "T1", "T2"], "landed on main")
    equal(lab.git("ls-tree", "--name-only", "main", "a.txt", "b.txt").split(), ["a.txt", "b.txt"], "their work")
    equal(lab.git("ls-tree", "--name-only", "main", ".tmux-orch", ".worktrees"), "", "what is ours")
