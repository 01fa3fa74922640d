"""States that ordinary git commands make: the work is found all the same, or a command that works when copied
leads on."""
import re
import shlex

from lab import equal, script, says, test


def block(lab, *lines, id="T1"):
    """Runs one task that ends blocked; what is said of it."""
    lab.tasks(script(*lines, id=id))
    lab.begin("--wait-user", "forever")
    lab.until_state(id, "blocked")
    return lab.task(id)["why"]


def follow(lab, why):
    """Carries out each command that the reason for a state shows between back-quotes."""
    for command in re.findall(r"`([^`]+)`", why):
        argv = shlex.split(command)
        if argv[0] == "tmux-orch":
            lab.run(*argv[1:], check=0)
        else:
            equal(argv[0], "git", "the command shown")
            lab.git(*argv[1:])


@test
def work_on_a_branch_of_the_agents_own_lands(lab):
    lab.tasks(script("git checkout -q -b mine", "echo 1 > a", "git add a", "git commit -qm a", "echo 2 > b"))
    lab.up().ended_with(0).says("worked on branch mine instead of orch/T1")
    equal(lab.show("main:a") + lab.show("main:b"), "1\n2\n", "what landed")


@test
def work_on_no_branch_lands(lab):
    lab.tasks(script("git checkout -q --detach", "echo 1 > a", "git add a", "git commit -qm a"))
    lab.up().ended_with(0).says("worked on no branch instead of orch/T1")
    equal(lab.show("main:a"), "1\n", "what landed")


@test
def a_branch_of_somebody_else_that_an_agent_checks_out_does_not_land(lab):
    lab.git("switch", "-q", "-c", "feature")
    lab.write("secret.txt", "not ready\n")
    lab.commit("feature")
    lab.git("switch", "-q", "main")
    why = block(lab, "git checkout -q feature", "echo 1 > a", "git add a", "git commit -qm a")
    says(why, "is on branch feature, with commits that are not the task's")
    equal(lab.landed(), [], "landed")
    # The user may say that it is right.
    follow(lab, re.search("`tmux-orch merge T1`", why)[0])
    lab.until_landed("T1")
    equal(lab.show("main:a"), "1\n", "what landed")


@test
def commits_on_both_branches_are_landed_by_the_commands_shown(lab):
    why = block(lab, "echo 1 > a", "git add a", "git commit -qm a", "git checkout -q -b mine HEAD~1", "echo 2 > b",
                "git add b", "git commit -qm b")
    says(why, "is on branch mine and not on orch/T1, which has other commits")
    both, _, merge = re.findall(r"`[^`]+`", why)
    follow(lab, both + merge)
    lab.until_landed("T1")
    equal(lab.show("main:a") + lab.show("main:b"), "1\n2\n", "what landed")


@test
def a_branch_without_a_common_commit_is_landed_by_the_commands_shown(lab):
    why = block(lab, "git checkout -q --orphan fresh", "echo 1 > a", "git add a", "git commit -qm a")
    says(why, "is on branch fresh, which does not go on from orch/T1")
    both, merge, _ = re.findall(r"`[^`]+`", why)
    follow(lab, both + merge)
    lab.until_landed("T1")
    equal(lab.show("main:a"), "1\n", "what landed")


COMMITTED_ON_MINE = ("git checkout -q -b mine", "echo 1 > a", "git add a", "git commit -qm a", "git switch -q orch/T1")


@test
def commits_on_a_branch_that_an_agent_went_away_from_are_landed_by_the_commands_shown(lab):
    why = block(lab, *COMMITTED_ON_MINE)
    says(why, "all it committed is on branch mine")
    follow(lab, why)
    lab.until_landed("T1")
    equal(lab.show("main:a"), "1\n", "what landed")


@test
def commits_on_another_branch_are_named_next_to_work_that_lands(lab):
    lab.tasks(script(*COMMITTED_ON_MINE, "echo 2 > b"))
    lab.up().ended_with(0).says("made commits that do not land, on branch mine: `git merge mine` lands them")
    equal(lab.git("ls-tree", "--name-only", "main", "a", "b"), "b\n", "what landed")


@test
def commits_on_no_branch_that_an_agent_went_away_from_are_kept(lab):
    why = block(lab, "git checkout -q --detach", "echo 1 > a", "git add a", "git commit -qm a", "git switch -q orch/T1")
    equal(lab.rescued("a"), ["1\n"], "what is kept")
    says(why, "all it committed is on no branch, kept as " + lab.rescues()[0])
    follow(lab, why)
    lab.until_landed("T1")
    equal(lab.show("main:a"), "1\n", "what landed")


@test
def a_repository_that_a_commit_names_is_brought_by_the_command_shown(lab):
    lab.tasks(script("git init -q dep", "cd dep", "echo 1 > w", "git add w",
                     "git -c user.name=e2e -c user.email=e2e@localhost commit -qm w", "cd ..", "git add dep",
                     "echo 1 > a"))
    ran = lab.up().ended_with(0).says("is in no repository but yours")
    command = re.search(r"is in no repository but yours, as \S+ `([^`]+)`", ran.text)[1]
    lab.run(argv=["sh", "-c", command], check=0)
    equal(lab.read("dep/w"), "1\n", "what was brought")
    equal(lab.git("status", "--porcelain", "dep"), "", "the status of dep")


@test
def a_worktree_that_is_gone_is_landed_from_its_branch_when_the_user_says_so(lab):
    why = block(lab, "echo 1 > a", "git add a", "git commit -qm a", "rm -rf \"$PWD\"")
    says(why, "is gone", "lands what it committed on orch/T1")
    follow(lab, re.search("`tmux-orch merge T1`", why)[0])
    lab.until_landed("T1")
    equal(lab.show("main:a"), "1\n", "what landed")


@test
def a_branch_deleted_under_its_agent_is_made_again(lab):
    lab.tasks(script("echo 1 > a", "git add a", "git commit -qm a", "git update-ref -d refs/heads/orch/T1", "echo 2 > b"))
    lab.up().ended_with(0).says("its branch orch/T1 was deleted, and was made again at")
    equal(lab.show("main:a") + lab.show("main:b"), "1\n2\n", "what landed")


@test
def a_merge_left_under_way_has_commands_that_lead_on(lab):
    lab.write("f", "one\n")
    lab.commit("f")
    why = block(lab, "git checkout -q -b other", "echo two > f", "git commit -qam two", "git checkout -q orch/T1",
                "echo three > f", "git commit -qam three", "git merge other || true")
    says(why, "in the middle of a merge", "resolve the conflicts in f")
    (lab.repo / ".worktrees/T1/f").write_text("both\n")
    lab.env["GIT_EDITOR"] = "true"
    add, go_on, _, merge = re.findall(r"`[^`]+`", why)
    follow(lab, add + go_on + merge)
    lab.until_landed("T1")
    equal(lab.show("main:f"), "both\n", "what landed")


def lose_a_commit(lab):
    """An agent's commit of a file `a` loses its object, and a file `b` is not committed; not in another attempt."""
    return block(lab, 'if [ -e "$LEDGER/once" ]; then exit 0; fi', 'touch "$LEDGER/once"', "echo 1 > a", "git add a",
                 "git commit -qm a", "id=$(git rev-parse HEAD)", "rest=${id#??}",
                 'rm -f "$(git rev-parse --git-common-dir)/objects/${id%$rest}/$rest"', "echo 2 > b")


@test
def the_files_of_a_commit_that_is_gone_land_when_the_user_says_so(lab):
    why = lose_a_commit(lab)
    says(why, "objects of its commit", "are gone")
    follow(lab, re.search("`tmux-orch merge T1`", why)[0])
    lab.until_landed("T1")
    equal(lab.show("main:a") + lab.show("main:b"), "1\n2\n", "what landed")
    lab.git("fsck", "--no-reflogs")


@test
def a_task_whose_commit_is_gone_is_started_again_and_its_files_are_saved(lab):
    why = lose_a_commit(lab)
    follow(lab, re.search("`tmux-orch retry T1`", why)[0])
    lab.until_landed("T1")
    equal((set(lab.rescued("a")), set(lab.rescued("b"))), ({"1\n"}, {"2\n"}), "what is saved")
    lab.git("fsck", "--no-reflogs")


@test
def a_task_whose_commit_is_gone_is_aborted_and_its_files_are_saved(lab):
    lose_a_commit(lab)
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    lab.run("down", check=0)
    equal((set(lab.rescued("a")), set(lab.rescued("b"))), ({"1\n"}, {"2\n"}), "what is saved")
    lab.git("fsck", "--no-reflogs")


def run_branches(lab):
    return lab.git("for-each-ref", "--format=%(refname)", "refs/heads/tmux-orch", "refs/orch/cand").split()


@test
def a_deleted_branch_of_the_run_is_made_again(lab):
    lab.tasks(script("echo 1 > a", id="T1"),
              script(f"until [ -e '{lab.ledger}/go' ]; do sleep 0.05; done", "echo 2 > b", id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1")
    lab.git("update-ref", "-d", "refs/heads/tmux-orch/" + lab.status()["run"])
    (lab.ledger / "go").touch()
    lab.until_landed("T1", "T2")


@test
def a_checked_out_branch_of_the_run_is_left_by_the_commands_shown(lab):
    lab.tasks(script(f"until [ -e '{lab.ledger}/go' ]; do sleep 0.05; done", "echo 1 > a"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "running")
    lab.git("worktree", "add", "-q", str(lab.folder / "look"), "tmux-orch/" + lab.status()["run"])
    (lab.ledger / "go").touch()
    lab.until_state("T1", "blocked")
    why = lab.task("T1")["why"]
    says(why, "is checked out at")
    follow(lab, why)
    lab.until_landed("T1")


@test
def finished_runs_leave_no_refs(lab):
    for number in (1, 2):
        lab.tasks(script(f"echo {number} > a"))
        lab.commit(f"tasks {number}")
        lab.up().ended_with(0)
    equal(run_branches(lab), [], "refs of runs")
    # A run that is over and goes on after all makes its branch again.
    lab.tasks(script("exit 1"), script("echo 1 > b", id="T2"))
    lab.limits("attempts = 1")
    lab.commit("tasks 3")
    lab.up().ended_with(3)
    equal(run_branches(lab), [], "refs of runs")
    lab.tasks(script("echo 3 > c"), script("echo 1 > b", id="T2"))
    lab.commit("tasks 3, repaired")
    lab.up().ended_with(0)
    equal(lab.landed()[-2:], ["T2", "T1"], "landed")


@test
def gc_takes_what_is_old_and_keeps_what_is_not_landed(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo precious > p", "exit 1"))
    lab.up().ended_with(3)
    saved = lab.rescues()
    equal(len(saved), 1, "rescues")
    lab.run("gc", check=0).says("kept", saved[0], "0 days old")
    equal(lab.rescues(), saved, "rescues")
    lab.run("gc", "--dry-run", "--older-than", "0s", check=0).says("would go", saved[0])
    equal(lab.rescues(), saved, "rescues")
    lab.run("gc", "--older-than", "0s", check=0).says("gone", saved[0])
    equal(lab.rescues(), [], "rescues")
    lab.run("gc", check=0).says("nothing is left of earlier runs")


@test
def a_base_that_was_renamed_is_named(lab):
    lab.tasks(script(f"until [ -e '{lab.ledger}/go' ]; do sleep 0.05; done", "echo 1 > a"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "running")
    lab.git("branch", "-m", "main", "trunk")
    (lab.ledger / "go").touch()
    lab.until_state("T1", "merged")
    lab.until(lambda: lab.status().get("behind"), "what is said of the base")
    says(lab.status()["behind"]["why"], "there is no branch 'main' any more")
    lab.run("down")  # or the run is over by itself
    lab.up("--base", "trunk").ended_with(0)
    equal(lab.landed("trunk"), ["T1"], "landed")
