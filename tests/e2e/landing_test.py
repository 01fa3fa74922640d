"""What lands, and how the user's branch and checkout follow."""
from lab import NO_ROUNDS, equal, long_test, says, script, test


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


def repairs(lab, why):
    """Runs the command that a text names between its first backquotes."""
    lab.run(argv=["sh", "-c", why.split("`")[1]], check=0)


@test
def a_task_that_changes_what_is_ours_is_blocked_and_repaired_by_the_command_it_names(lab):
    lab.tasks(
        script("mkdir .tmux-orch", "echo garbage > .tmux-orch/orch.db", "echo a > a.txt"),
        script("ln -s /tmp .worktrees", "echo b > b.txt", id="T2"),
        script("while [ ! -e $LEDGER/go ]; do sleep 0.1; done", "echo c > c.txt", id="T3"),
    )
    lab.begin("--wait-user", "30s")
    first = lab.until_state("T1", "blocked")["why"]
    second = lab.until_state("T2", "blocked")["why"]
    says(first, "which tmux-orch itself uses", "takes that out of its branch, then `tmux-orch merge T1`")
    equal(first.startswith("it changes .tmux-orch/orch.db, "), True, first)
    equal(first.endswith("; or `tmux-orch retry T1`; or `tmux-orch abort T1`"), True, first)
    says(second, "it changes .worktrees, which tmux-orch itself uses")
    (lab.ledger / "go").touch()
    lab.until_landed("T3")
    repairs(lab, first)
    repairs(lab, second)
    lab.run("merge", "T1", check=0)
    lab.until_landed("T3", "T1")
    lab.run("merge", "T2", check=0)
    lab.until_over()
    equal(lab.landed(), ["T3", "T1", "T2"], "landed on main")
    equal(lab.git("ls-tree", "--name-only", "main", "a.txt", "b.txt").split(), ["a.txt", "b.txt"], "their work")
    equal(lab.git("ls-tree", "--name-only", "main", ".tmux-orch", ".worktrees"), "", "what is ours")


# Signing and attributes.

SIGNER = """#!/bin/sh
echo >> "$LEDGER/signed"
cat > /dev/null
printf '\\n[GNUPG:] SIG_CREATED \\n' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
"""


def signer(lab, text):
    """`commit.gpgsign` with a program that stands in for gpg, from now on."""
    file = lab.folder / "signer"
    file.write_text(text)
    file.chmod(0o755)
    lab.git("config", "gpg.program", str(file))
    lab.git("config", "commit.gpgsign", "true")


def signed(lab, commits):
    return ["gpgsig" in lab.git("cat-file", "-p", commit) for commit in lab.git("rev-list", *commits).split()]


@test
def what_lands_is_signed_once_also_after_a_kill_and_no_candidate_is(lab):
    lab.config("[[merge.test]]\ncommand = [\"sh\", \"-c\", \"git cat-file -p HEAD >> $LEDGER/tested\"]\n")
    base = lab.commit("tests")
    lab.tasks(script("echo a > a.txt"))
    signer(lab, SIGNER)
    lab.up(env={"TMUX_ORCH_FAILPOINT": "git.land"})
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed on main")
    equal(signed(lab, [f"{base}..main"]), [True, True], "the merge and the work are signed")
    says((lab.ledger / "tested").read_text(), "Orch-Task: T1")
    equal("gpgsig" in (lab.ledger / "tested").read_text(), False, "a signed candidate")
    # Each `up` tries once; the work and the merge are signed once.
    equal(len((lab.ledger / "signed").read_text()), 4, "signatures")


@test
def a_signer_that_needs_the_user_stops_up_and_its_hints_lead_on(lab):
    lab.tasks(script("echo a > a.txt"))
    signer(lab, "#!/bin/sh\nexit 2\n")
    refused = lab.up().ended_with(1)
    refused.says("commit.gpgsign is set and signing failed", "nothing was started", "tmux-orch.sign never")
    lab.git("config", "tmux-orch.sign", "end")
    lab.up()
    equal(lab.landed(), [], "landed on main")
    behind = lab.status()["behind"]
    signer(lab, SIGNER)
    lab.run(argv=["sh", "-c", behind["command"]], env={"GIT_EDITOR": "true"}, check=0)
    equal(signed(lab, ["-1", "main"]), [True], "the merge of the user is signed")
    equal(lab.read("a.txt"), "a\n", "what landed")


@test
def the_attributes_of_the_base_decide_a_merge_and_not_those_of_what_is_checked_out(lab):
    lab.config(NO_ROUNDS)
    lab.write("LOG", "# log\n")
    lab.write("sub/LOG", "# log\n")
    lab.commit("log")
    lab.git("branch", "old")
    lab.write(".gitattributes", "LOG merge=union\n")
    lab.write("sub/.gitattributes", "LOG -merge\n")
    lab.commit("attributes")
    lab.git("switch", "-q", "old")
    lab.tasks(
        script("echo one >> LOG"),
        script("echo two >> LOG", id="T2"),
        script("echo one >> sub/LOG", id="T3"),
        script(
            "while [ ! -e $LEDGER/go ]; do sleep 0.1; done",
            "echo two >> sub/LOG", "echo 'LOG merge=union' > sub/.gitattributes", id="T4",
        ),
    )
    lab.begin("--base", "main", "--workers", "4", "--wait-user", "0s")
    lab.until_state("T3", "merged")
    (lab.ledger / "go").touch()
    lab.until_over()
    says(lab.show("main:LOG"), "one\n", "two\n")
    says(lab.task("T4")["why"], "conflicts with main in sub/LOG")


@test
def verify_names_each_commit_that_no_test_has_passed(lab):
    lab.config('[[merge.test]]\ncommand = ["true"]\n')
    lab.tasks(script("echo x > a.txt"), script("echo x > b.txt", id="T2"))
    lab.up()
    says(lab.run("verify", check=0).out, "the tests have passed on the tree of each of 2 commits of main since")
    lab.config("")
    lab.commit("no tests any more")
    lab.tasks(script("echo x > c.txt", id="T3"))
    lab.up("--order", "stated")
    ended = lab.run("verify", check=1)
    ended.says("T3: a task: no test has passed on its tree", "no test is configured")


@long_test
def a_kill_while_one_lands_and_the_next_is_merged_doubles_and_loses_nothing(lab):
    lab.config("", base="agent = \"sh\"\nworkers = 4\n")
    points = [f"{effect}.{point}" for effect in ("prepare_landing", "land")
              for point in ("before_intent", "after_intent", "after_effect")]
    points += ["git.candidate", "git.land", "git.landed"]
    for number, point in enumerate(points):
        ids = [f"K{number}x{task}" for task in range(4)]
        go = f"touch $LEDGER/{{0}}; while ! test -e $LEDGER/go.{number}; do sleep 0.02; done; echo {{0}} > {{0}}.txt"
        lab.write(f"{number}.md", "\n".join(script(go.format(id), id=id) for id in ids))
        lab.begin(file=f"{number}.md", env={"TMUX_ORCH_FAILPOINT": point})
        lab.until(lambda: all((lab.ledger / id).exists() for id in ids), "all are at work")
        (lab.ledger / f"go.{number}").touch()
        lab.until(lambda: not lab.supervisor(), f"{point} is reached")
        equal(lab.status()["state"], "running", f"the run, killed at {point}")
        lab.up(file=f"{number}.md").ended_with(0)
        equal(sorted(id for id in lab.landed() if id in ids), sorted(ids), f"landed, each once, after {point}")
        for id in ids:
            equal(lab.show(f"main:{id}.txt"), f"{id}\n", f"the work of {id} after {point}")
