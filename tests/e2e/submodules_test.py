"""Submodules: worktrees and tests have those of the user's checkout, from the user's copies, and no work in them is lost."""
from lab import equal, says, script, test

# Exactly what the tree says is checked out.
TESTED = """
[[merge.test]]
command = ["sh", "-ec", "test -s sub/f; test $(git -C sub rev-parse HEAD) = $(git rev-parse HEAD:sub)"]
"""
UPDATE = "git -c protocol.file.allow=always submodule update --init --recursive"


def trash_names(lab):
    folder = lab.repo / ".worktrees/.trash"
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.name not in (".records", ".gitignore"))


def trash_text(lab, name):
    found = [file.read_text() for file in (lab.repo / ".worktrees/.trash").rglob(name) if file.is_file()]
    return found


@test
def worktrees_and_tests_have_the_submodules_of_the_checkout_without_a_network(lab):
    lab.add_submodule()
    # Whoever asked for it would hang or fail.
    lab.git("config", "submodule.sub.url", "https://localhost:1/none")
    before = lab.git("config", "--local", "--list")
    lab.config(TESTED)
    lab.tasks(script("cat sub/f > a", "git -C sub remote get-url origin > b", "git status --porcelain > $LEDGER/status"),
              script("cat sub/f > c", id="T2", fields=["Depends: T1"]))
    lab.commit("tasks")
    told = lab.up().ended_with(0)
    assert "submodule" not in told.text, told.text
    equal(lab.landed(), ["T1", "T2"])
    equal([lab.show(f"main:{name}") for name in "ac"], ["x\n", "x\n"], "what agents found")
    equal(lab.show("main:b"), f"{lab.folder}/library\n", "where a fetch goes")
    equal((lab.ledger / "status").read_text(), "?? a\n?? b\n", "the status of the worktree")
    equal(lab.git("config", "--local", "--list"), before, "the repository's configuration")
    equal(lab.git("status", "--porcelain"), "", "the checkout")
    equal(trash_names(lab), [], "the trash")


@test
def what_is_inside_of_a_submodule_is_brought_as_well(lab):
    inner = lab.folder / "inner"
    lab.git("init", "-q", "-b", "main", str(inner))
    (inner / "i").write_text("inside\n")
    lab.git("add", "-A", cwd=inner)
    lab.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-qm", "one", cwd=inner)
    lab.add_submodule()
    library = lab.repo / "sub"
    lab.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(inner), "deep/inner", cwd=library)
    lab.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-qm", "with another", cwd=library)
    lab.config('[[merge.test]]\ncommand = ["grep", "-q", "inside", "sub/deep/inner/i"]\n')
    lab.tasks(script("cat sub/deep/inner/i > a"),
              script("echo mine > sub/deep/inner/mine", "echo b > b", id="T2", fields=["Depends: T1"]))
    lab.commit("tasks")
    lab.up().ended_with(0)
    equal(lab.show("main:a"), "inside\n")
    equal(lab.landed(), ["T1", "T2"])
    equal(trash_text(lab, "mine"), ["mine\n"], "what was left inside is kept")


@test
def what_an_agent_commits_in_a_submodule_is_there_for_tests_and_the_next_task(lab):
    lab.add_submodule()
    lab.config(TESTED)
    change = ("cd sub", "echo $1 >> f", "git -c user.name=l -c user.email=l@l commit -qam work", "cd ..", "git add sub")
    lab.tasks(script("set -- one", *change), script("set -- two", *change, id="T2", fields=["Depends: T1"]))
    lab.commit("tasks")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1", "T2"])
    lab.git("-c", "protocol.file.allow=always", "submodule", "update", "-q")
    equal(lab.read("sub/f"), "x\none\ntwo\n", "both")


@test
def a_next_attempt_has_them_as_new_and_what_the_one_before_left_is_kept(lab):
    lab.add_submodule()
    lab.limits("attempts = 2")
    lab.tasks(script("test ! -e $LEDGER/once || { cat sub/f > a; ls sub > b; git -C sub log --format=%s > c; exit 0; }",
                     "touch $LEDGER/once", "cd sub", "git -c user.name=l -c user.email=l@l commit -q --allow-empty -m lost",
                     "echo mine > f", "echo mine > new", "exit 1"))
    lab.commit("tasks")
    lab.up().ended_with(0)
    equal([lab.show(f"main:{name}") for name in "abc"], ["x\n", "f\n", "one\n"], "what the second one found")
    equal((trash_text(lab, "new"), trash_text(lab, "f")), (["mine\n"], ["mine\n"]), "files of the first one")
    kept = next((lab.repo / ".worktrees/.trash").glob("*/sub"))
    says(lab.git("log", "--format=%s", cwd=kept), "lost")


@test
def submodules_that_the_user_does_not_have_are_named_with_the_command_that_brings_them(lab):
    lab.add_submodule()
    origin = lab.repo
    lab.repo = lab.folder / "clone of it"
    lab.git("clone", "-q", str(origin), str(lab.repo), cwd=lab.folder)
    for name in ("user.name", "user.email"):
        lab.git("config", name, "e2e")
    lab.tasks(script("test ! -e sub/f", "echo 1 > a"))
    lab.commit("tasks")
    told = lab.up().ended_with(0)
    says(told.text, "your checkout has not all of its submodules", "(sub)",
         f"git -C '{lab.repo}' submodule update --init --recursive")
    lab.git(*UPDATE.split()[1:])
    lab.config(TESTED)
    lab.tasks(script("test -s sub/f", "echo 2 > a", id="T2"))
    lab.commit("another")
    told = lab.up().ended_with(0)
    assert "submodules" not in told.text, told.text
    equal(lab.landed(), ["T1", "T2"])


@test
def a_commit_that_the_users_copy_lacks_is_named(lab):
    lab.add_submodule()
    library = lab.folder / "library"
    lab.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-q", "--allow-empty", "-m", "two", cwd=library)
    newer = lab.git("rev-parse", "HEAD", cwd=library).strip()
    lab.git("update-index", "--cacheinfo", f"160000,{newer},sub")
    lab.tasks(script("ls -A sub > a"))
    lab.git("add", "tasks.md")
    lab.git("commit", "-qm", "a pull")
    told = lab.up().ended_with(0)
    says(told.text, "your checkout has not all of its submodules", "(sub)")
    says(lab.run("events").text, "submodule sub: ")
    equal(lab.show("main:a"), "", "the folder is empty")


@test
def commands_of_the_user_bring_them_where_they_are_not_to_be_brought(lab):
    lab.add_submodule()
    lab.config("[worktree_setup]\nsubmodules = false\n[[merge.test]]\ncommand = ['test', '-d', 'sub']\n")
    lab.tasks(script("test ! -e sub/f", "echo 1 > a"))
    lab.commit("tasks")
    lab.up().ended_with(0)
    lab.config(f"[worktree_setup]\nsubmodules = false\nrun = ['{UPDATE}']\n[[merge.test]]\ncommand = '{UPDATE}'\n"
               "[[merge.test]]\ncommand = ['test', '-s', 'sub/f']\n")
    lab.tasks(script("test -s sub/f", "cd sub", "echo 2 > f", "git -c user.name=l -c user.email=l@l commit -qam two",
                     "git push -q origin HEAD:refs/heads/two", id="T2"),
              script("test -s sub/f", "echo 3 > c", id="T3"))
    lab.commit("another")
    lab.up().ended_with(0)
    equal(sorted(lab.landed()), ["T1", "T2", "T3"], "landed")


@test
def killed_while_they_are_brought_they_are_brought_again(lab):
    lab.add_submodule()
    lab.config(TESTED)
    lab.tasks(script("cat sub/f > a"))
    lab.commit("tasks")
    lab.up(env={"TMUX_ORCH_FAILPOINT": "git.submodule_brought"})
    lab.up().ended_with(0)
    equal(lab.show("main:a"), "x\n")


@test
def a_link_in_the_place_of_its_repository_leads_nobody_elsewhere(lab):
    lab.add_submodule()
    modules = "$(git rev-parse --git-dir)/modules"
    lab.tasks(script(f"mv {modules}/sub $LEDGER/target", f"ln -s $LEDGER/target {modules}/sub", "echo x > x"),
              script(f"mv {modules} $LEDGER/all", f"ln -s $LEDGER/all {modules}", "echo x > y", id="T2",
                     fields=["Depends: T1"]))
    lab.commit("tasks")
    lab.up().ended_with(0)
    lab.until(lambda: not list((lab.repo / ".git/worktrees").glob("T*")), "the clean-up")
    for name in ("target/objects", "all/sub/objects"):
        assert (lab.ledger / name).is_dir(), f"{name} is gone"


@test
def those_of_the_linked_worktree_that_it_works_for_are_brought(lab):
    lab.add_submodule()
    lab.tasks(script("cat sub/f > a"))
    lab.config(TESTED)
    lab.commit("tasks")
    other = lab.folder / "other"
    lab.git("worktree", "add", "-q", "-b", "other", str(other))
    # The main worktree has none of it.
    lab.git("submodule", "-q", "deinit", "-f", "sub")
    (lab.repo / ".git/modules").rename(lab.folder / "away")
    lab.git(*UPDATE.split()[1:], cwd=other)
    told = lab.up(cwd=other).ended_with(0)
    assert "your checkout has not all" not in told.text, told.text
    equal(lab.show("other:a"), "x\n")


@test
def one_that_is_outside_of_a_sparse_worktree_stays_outside(lab):
    lab.add_submodule()
    lab.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", f"{lab.folder}/library", "other/part")
    lab.write("in/file", "x\n")
    lab.config('[worktrees]\nsparse = ["in"]\n[[merge.test]]\ncommand = ["cmp", "sub/f", "other/part/f"]\n')
    lab.tasks(script("ls > $LEDGER/there", "cat sub/f > in/new"),
              script("git -c protocol.file.allow=always submodule -q update other/part", "cat other/part/f > in/seen", id="T2",
                     fields=["Depends: T1"]))
    lab.commit("tasks")
    lab.up().ended_with(0)
    there = (lab.ledger / "there").read_text().split()
    assert "sub" in there and "other" not in there, there
    equal(lab.landed(), ["T1", "T2"])
    equal((lab.show("main:in/new"), lab.show("main:in/seen")), ("x\n", "x\n"))
    equal(lab.git("status", "--porcelain"), "", "the checkout")
