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
    says(why, "in the middle of a merge")
    (lab.repo / ".worktrees/T1/f").write_text("both\n")
    lab.git("-C", ".worktrees/T1", "add", "f")
    lab.env["GIT_EDITOR"] = "true"
    go_on, _, merge = re.findall(r"`[^`]+`", why)
    follow(lab, go_on + merge)
    lab.until_landed("T1")
    equal(lab.show("main:f"), "both\n", "what landed")
