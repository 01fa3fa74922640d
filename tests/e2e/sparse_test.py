"""Worktrees with only some folders: `worktrees.sparse`. What agents do outside of these lands, and is lost nowhere."""
import tui
from lab import NO_ROUNDS, equal, says, script, test

SPARSE = '[worktrees]\nsparse = ["src", "docs/deep/"]\n'
WHOLE = """
[[merge.test]]
command = ["sh", "-c", "test -e other/file.txt && test -e docs/far/file.txt && test -e src/file.txt"]
"""
HERE = "find . -name .git -prune -o -type f -print | LC_ALL=C sort"
ALONE = ["./.gitignore", "./README", "./docs/next.txt", "./docs/deep/file.txt", "./src/file.txt", "./tasks.md", "./tmux-orch.toml"]


def repository(lab, text=SPARSE + WHOLE):
    for name in ("src/file.txt", "docs/next.txt", "docs/deep/file.txt", "docs/far/file.txt", "other/file.txt", "third/file.txt"):
        lab.write(name, f"{name}\n")
    lab.write(".gitignore", "*.log\n")
    lab.config(text)


def check_checkout(lab):
    """It is whole, and clean, and nobody else feels what was set."""
    equal(lab.git("status", "--porcelain"), "", "the checkout")
    assert (lab.repo / "third/file.txt").exists(), "the checkout is whole"
    config = lab.git("config", "--local", "--list")
    assert "extensions." not in config and "core.sparse" not in config, config
    equal(config.count("includeif."), 1, "sections of ours")


@test
def worktrees_have_the_folders_that_are_named_and_tests_have_all(lab):
    repository(lab)
    lab.tasks(script(f"{HERE} > $LEDGER/T1", "echo more >> src/file.txt", "echo new > src/new.txt"),
              script(f"{HERE} > $LEDGER/T2", "git status --porcelain > $LEDGER/status", "echo x > top.txt", id="T2",
                     fields=["Depends: T1"]))
    lab.commit("files")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"])
    equal((lab.ledger / "T1").read_text().split(), sorted(ALONE), "the first worktree")
    equal((lab.ledger / "T2").read_text().split(), sorted([*ALONE, "./src/new.txt"]), "the second one")
    equal((lab.ledger / "status").read_text(), "", "its status")
    equal(lab.git("diff", "--name-status", "HEAD~2", "--", ".", ":!tasks.md").split(),
          ["M", "src/file.txt", "A", "src/new.txt", "A", "top.txt"], "what landed")
    lab.run("verify", check=0)
    check_checkout(lab)
    # A worktree of the user's is whole, and so is one of theirs in which they go back to that.
    lab.git("worktree", "add", "-q", "../theirs", "-b", "theirs")
    assert (lab.folder / "theirs/third/file.txt").exists(), "a worktree of the user's is whole"
    lab.up().ended_with(0)
    check_checkout(lab)


@test
def files_that_an_agent_makes_outside_of_them_land(lab):
    repository(lab)
    lab.tasks(script("mkdir other third", "echo changed > other/file.txt", "echo new > third/new.txt", "touch third/left.log"),
              script("git sparse-checkout add other", f"{HERE} > $LEDGER/T2", "echo again >> other/file.txt",
                     "git rm -q --sparse third/file.txt", "git add -A", "git commit -qm work", id="T2", fields=["Depends: T1"]))
    lab.commit("files")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"])
    says((lab.ledger / "T2").read_text(), "./other/file.txt")
    equal(lab.git("ls-tree", "-r", "--name-only", "main", "other", "third").split(), ["other/file.txt", "third/new.txt"])
    equal(lab.read("other/file.txt"), "changed\nagain\n", "what both wrote")
    equal(lab.git("ls-tree", "-r", "--name-only", "main", "docs", "src").split(),
          ["docs/deep/file.txt", "docs/far/file.txt", "docs/next.txt", "src/file.txt"], "nothing else is gone")
    says(lab.run("rescue", "list", check=0).text, "third/left.log")


@test
def an_agent_may_have_all_of_it_and_nothing_of_its_work_is_missed(lab):
    repository(lab, SPARSE)
    lab.tasks(script("git sparse-checkout disable", "echo all >> third/file.txt", "rm docs/far/file.txt"))
    lab.commit("files")
    lab.up().ended_with(0)
    equal(lab.git("diff", "--name-status", "HEAD~1", "--", ".", ":!tasks.md").split(),
          ["D", "docs/far/file.txt", "M", "third/file.txt"])


@test
def a_conflict_outside_of_them_comes_back_with_its_marks(lab):
    repository(lab, "")
    tui.configure(lab, more=SPARSE)
    behind = "run until git -C ../.. log --format=%s main | grep -q T1; do sleep 0.1; done"
    lab.tasks(
        tui.task("run git sparse-checkout add other; echo theirs > other/file.txt; echo theirs > src/file.txt",
                 "run mkdir third; echo theirs > third/new.txt; git add --sparse -A; git commit -qm theirs", tui.DONE),
        tui.task("run git sparse-checkout add other; echo mine > other/file.txt; git commit -qam mine",
                 "run git sparse-checkout set src", behind, tui.DONE,
                 "mend run git status --porcelain > $LEDGER/status; cp other/file.txt $LEDGER/marks",
                 "mend run echo both > other/file.txt; git add --sparse other/file.txt; git commit -q --no-edit",
                 "mend " + tui.DONE, id="T2"))
    lab.commit("files")
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1", "T2")
    says((lab.ledger / "marks").read_text(), "<<<<<<< ", "mine", "theirs")
    says((lab.ledger / "status").read_text(), "UU other/file.txt")
    equal((lab.show("main:other/file.txt"), lab.show("main:src/file.txt"), lab.show("main:third/new.txt")),
          ("both\n", "theirs\n", "theirs\n"), "what landed")
    equal(lab.git("ls-tree", "-r", "--name-only", "main", "third", "docs").split(),
          ["docs/deep/file.txt", "docs/far/file.txt", "docs/next.txt", "third/file.txt", "third/new.txt"], "nothing is gone")


@test
def what_an_attempt_left_outside_of_them_is_saved_and_the_next_one_begins_clean(lab):
    repository(lab)
    lab.limits("attempts = 2")
    lab.config(SPARSE + WHOLE, base=lab.read("tmux-orch.toml"))
    lab.tasks(script(f"{HERE} > $LEDGER/$(ls $LEDGER | wc -l)", "test ! -e $LEDGER/1 || exit 0", "mkdir third",
                     "echo mine > third/file.txt", "echo mine > third/new.txt", "echo mine > src/file.txt", "exit 1"))
    lab.commit("files")
    lab.up()
    equal((lab.ledger / "1").read_text().split(), sorted(ALONE), "the second attempt")
    equal([lab.rescued(f"{name}.txt") for name in ("third/file", "third/new", "src/file")], [["mine\n"]] * 3, "saved")
    equal(lab.rescued("other/file.txt"), ["other/file.txt\n"], "and the rest of the tree")


@test
def what_landed_outside_of_them_is_taken_back(lab):
    repository(lab)
    lab.tasks(script("mkdir other", "echo changed > other/file.txt"))
    lab.commit("files")
    lab.up().ended_with(0)
    equal(lab.read("other/file.txt"), "changed\n")
    lab.run("undo", "T1", check=0)
    lab.until(lambda: lab.read("other/file.txt") == "other/file.txt\n", "the undo")


@test
def a_worktree_that_a_kill_left_half_made_has_them_alone(lab):
    for point in ("git.worktree_sparse", "git.worktree_checkout"):
        repository(lab)
        lab.tasks(script(f"{HERE} > $LEDGER/{point}", "echo x > src/new.txt", id=point[-6:]))
        lab.commit(point)
        lab.up(env={"TMUX_ORCH_FAILPOINT": point})
        lab.up().ended_with(0)
        files = (lab.ledger / point).read_text().split()
        assert "./third/file.txt" not in files and "./src/file.txt" in files, files


@test
def checkouts_of_the_users_own_that_once_were_sparse_stay_whole(lab):
    repository(lab)
    lab.tasks(script("mkdir third", "echo more > third/file.txt", "git sparse-checkout list > $LEDGER/list"))
    lab.commit("files")
    lab.git("sparse-checkout", "set", "src")
    lab.git("sparse-checkout", "disable")
    lab.up().ended_with(0)
    equal(lab.git("status", "--porcelain"), "", "the checkout")
    assert (lab.repo / "other/file.txt").exists(), "it is whole"
    equal((lab.ledger / "list").read_text().split(), ["docs/deep", "src"], "the worktree")


@test
def a_folder_that_cannot_be_meant_is_named_before_anything_begins(lab):
    wrong = {
        '["/src"]': "tmux-orch.toml:2:11: 'worktrees.sparse[0]': \"/src\" must be a path below the repository",
        '["src", "../src"]': "tmux-orch.toml:2:18: 'worktrees.sparse[1]'",
        '[""]': "must be a path below the repository",
        '["./"]': "'worktrees.sparse': \"./\" names no folder",
        '["a\\nb"]': "names no folder",
        '["src", "docs/none"]': "there is no folder \"docs/none\" on main",
        '["src/file.txt"]': "tmux-orch.toml:2:1: 'worktrees.sparse': there is no folder \"src/file.txt\" on main",
        '"src"': "must be a list of paths, not the text",
        "3": "must be a list of paths",
    }
    for value, text in wrong.items():
        repository(lab)
        lab.config("", base=f"[worktrees]\nsparse = {value}\n")
        lab.tasks(script("true"))
        lab.commit(value)
        says(lab.up(env={"TMUX_ORCH_AGENT": "sh"}).ended_with(1).text, text)
    assert not (lab.repo / ".tmux-orch/runs").exists(), "nothing began"


@test
def a_run_in_which_such_a_folder_goes_away_goes_on(lab):
    repository(lab, SPARSE)
    lab.tasks(script("mv src source"),
              script("ls > $LEDGER/there", "until test -e $LEDGER/go; do sleep 0.05; done", "echo x > x", id="T2", fields=["Depends: T1"]))
    lab.commit("files")
    lab.begin()
    lab.until_file("there")
    lab.kill_supervisor()
    (lab.ledger / "go").touch()
    says(lab.up().ended_with(0).text, "there is no folder \"src\" on main")
    equal(lab.landed(), ["T1", "T2"])
    equal(lab.git("ls-tree", "-r", "--name-only", "main", "src", "source").split(), ["source/file.txt"])


@test
def a_lock_on_the_configuration_is_waited_for_and_named(lab):
    repository(lab)
    lab.tasks(script("ls > $LEDGER/there"))
    lab.commit("files")
    lock = lab.repo / ".git/config.lock"
    lock.touch()
    up = lab.spawn_up()
    # The settings are written just before it is tried.
    lab.until(lambda: (lab.repo / ".git/info/tmux-orch-sparse").exists(), "the settings")
    lock.unlink()
    lab.finish(up).ended_with(0)
    assert "other" not in (lab.ledger / "there").read_text().split()
