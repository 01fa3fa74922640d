"""The user's checkout while work lands, in each state that it may be in: the base follows and nothing but what landed
changes, or it does not follow and not a byte changes; then the command that is shown works once the way is clear."""
import os

from checkout import differences, files, of_git, picture, unchanged
from lab import equal, says, script, test

# Each kind of change that a landing can make.
WORK = (
    "echo landed > shared.txt", "echo landed > new.txt", "mkdir folder", "echo landed > folder/deep.txt",
    "git rm -q gone.txt", "chmod +x mode.sh", "git mv old-name.txt new-name.txt", "ln -sfn shared.txt link",
    "git add -f new.txt",
)
LANDED = {"shared.txt", "new.txt", "folder/deep.txt", "gone.txt", "mode.sh", "old-name.txt", "new-name.txt", "link",
          "tasks.md"}
GATED = script('echo x > "$LEDGER/T1"', 'until [ -e "$LEDGER/go" ]; do sleep 0.05; done', *WORK)
LATER = "- [ ] T9: for another day\n"


def repository(lab, **merge):
    """With a branch `side` that conflicts with main in other.txt, ignored and untracked files, and a stash."""
    for name in ("shared.txt", "gone.txt", "mode.sh", "old-name.txt", "other.txt", "apart.txt", "staged.txt"):
        lab.write(name, f"{name}\n" * 5)
    os.symlink("other.txt", lab.repo / "link")
    lab.write(".gitignore", "*.secret\n")
    lab.tasks(GATED + LATER)
    lab.config("".join(f"[merge]\n{name} = {value}\n" for name, value in merge.items()))
    lab.commit("files")
    lab.git("switch", "-qc", "side")
    lab.write("other.txt", "side\n")
    lab.commit("of side")
    lab.git("switch", "-q", "main")
    lab.write("other.txt", "main\n")
    lab.commit("of main")
    lab.write("apart.txt", "stashed\n")
    lab.git("stash", "-q")
    lab.write("mine.secret", "ignored\n")
    lab.write("untracked.txt", "untracked\n")


def begin(lab, *args, **more):
    lab.begin("--only", "T1", *args, **more)
    lab.until_file("T1")


def only_what_landed(lab, before, tip, folder=None, edited=()):
    """Files of the landing are as on main, but for edited ones; all else in the checkout is as before."""
    folder = folder or lab.repo
    after = files(folder)
    changed = differences(before[0], after)
    landed = set(lab.git("diff", "--name-only", "--no-renames", tip, "main").split())
    equal(LANDED - set(edited) - landed, set(), "files that did not land")
    equal(changed - landed - set(edited), set(), "files that changed and did not land")
    for path in landed - set(edited):
        kept = lab.git("ls-tree", "main", "--", path).split()
        here = after.get(path)
        equal(here is not None, bool(kept), f"is {path} there")
        if kept:
            text = here[2] if kept[0] == "120000" else here[2].decode()
            equal(text, lab.show(f"main:{path}"), path)
            equal(bool(int(here[0], 8) & 0o100) and kept[0] != "120000", kept[0] == "100755", f"mode of {path}")
    now = of_git(lab, folder)
    for part in ("HEAD", "stash", "refs"):
        equal(now[part], before[1][part], part)
    equal(differences(before[1]["index"], now["index"]) - landed, set(), "entries of the index that did not land")


def follow_up(lab):
    """Lets the task go on until the run is over; the tip of main before."""
    tip = lab.git("rev-parse", "main").strip()
    (lab.ledger / "go").touch()
    return tip


def followed(change):
    """A state in which the base follows. `change` gives the texts of landed files that the user edited, or nothing."""
    def play(lab):
        repository(lab)
        begin(lab)
        edited = change(lab) or {}
        before = picture(lab)
        tip = follow_up(lab)
        state = lab.until_over()
        equal(state.get("behind"), None, "behind")
        equal(lab.landed(), ["T1"], "landed")
        only_what_landed(lab, before, tip, edited=edited)
        for path, text in edited.items():
            equal(lab.read(path), text, path)

    play.__name__ = change.__name__
    play.__module__ = __name__
    return test(play)


def stays(lab, before, tip):
    """The base does not follow, and nothing in the checkout changes; what status says of it."""
    state = lab.until_over()
    equal(lab.git("rev-parse", "main").strip(), tip, "main")
    unchanged(lab, before)
    equal(lab.landed(f"tmux-orch/{state['run']}"), ["T1"], "landed on the run's branch")
    return state.get("behind")


def refused(why, *clear):
    """A state in which it does not, until the commands have cleared the way."""
    def of(change):
        def play(lab):
            repository(lab)
            begin(lab)
            change(lab)
            before = picture(lab)
            tip = follow_up(lab)
            behind = stays(lab, before, tip)
            says(behind["why"], why.replace("HERE", str(lab.repo)))
            lab.run("status").says("main does not follow", behind["command"])
            for command in clear:
                lab.run(argv=["sh", "-c", command], check=0)
            before = picture(lab)
            tip = lab.git("rev-parse", "main").strip()
            lab.run(argv=["sh", "-c", behind["command"]], cwd=lab.folder, check=0)
            equal(lab.landed(), ["T1"], "landed")
            only_what_landed(lab, before, tip)

        play.__name__ = change.__name__
        play.__module__ = __name__
        return test(play)

    return of


@followed
def clean(lab):
    pass


@followed
def dirty_apart(lab):
    lab.write("apart.txt", "being edited\n")
    lab.write("folder-of-mine/new.txt", "new\n")


@followed
def staged_apart(lab):
    lab.write("staged.txt", "staged\n")
    lab.git("add", "staged.txt")
    lab.write("staged.txt", "staged, and edited\n")


@refused("your changes to shared.txt are in the way", "git checkout -q shared.txt")
def dirty_in_a_landed_file(lab):
    lab.write("shared.txt", "mine\n")


@refused("your changes to old-name.txt are in the way", "git stash -q")
def dirty_in_a_file_that_is_renamed(lab):
    lab.write("old-name.txt", "mine\n")


@refused("your changes to gone.txt are in the way", "git commit -qm mine gone.txt && git reset -q --hard HEAD~1")
def dirty_in_a_file_that_is_removed(lab):
    lab.write("gone.txt", "mine\n")


@refused("shared.txt", "git stash -q")
def staged_in_a_landed_file(lab):
    lab.write("shared.txt", "staged\n")
    lab.git("add", "shared.txt")


@refused("new.txt", "git rm -q --cached new.txt && mv new.txt mine.txt")
def added_and_not_committed_where_a_file_lands(lab):
    lab.write("new.txt", "mine\n")
    lab.git("add", "new.txt")


@refused("your new.txt is in the way", "mv new.txt mine.txt")
def untracked_in_the_way(lab):
    lab.write("new.txt", "mine\n")


@refused("your folder is in the way", "mv folder mine.txt")
def untracked_file_where_a_folder_lands(lab):
    lab.write("folder", "mine\n")


@refused("your new.txt is in the way", "mv new.txt mine.txt")
def ignored_in_the_way(lab):
    with (lab.repo / ".git/info/exclude").open("a") as exclude:
        exclude.write("new.txt\n")
    lab.write("new.txt", "mine\n")


@followed
def edited_task_file(lab):
    text = lab.read("tasks.md")
    lab.write("tasks.md", text + "\nA note of mine.\n")
    return {"tasks.md": text.replace("[ ] T1", "[x] T1") + "\nA note of mine.\n"}


@followed
def ticked_task_file(lab):
    text = lab.read("tasks.md")
    lab.write("tasks.md", text.replace("[ ] T9", "[x] T9"))
    return {"tasks.md": text.replace("[ ]", "[x]")}


@refused("HERE is in the middle of a rebase", "git rebase --abort")
def rebase(lab):
    lab.git("rebase", "-q", "side", check=False)


@refused("HERE is in the middle of a rebase", "git rebase --abort")
def rebase_that_stands_still(lab):
    lab.git("-c", "sequence.editor=sed -i 's/^pick/edit/'", "rebase", "-q", "-i", "HEAD~1")


@refused("HERE is in the middle of a merge", "git merge --abort")
def merge(lab):
    lab.git("merge", "-q", "side", check=False)


@refused("HERE is in the middle of a bisect", "git bisect reset")
def bisect(lab):
    lab.git("bisect", "start", "HEAD", "HEAD~2")


@refused("HERE is in the middle of a cherry-pick", "git cherry-pick --abort")
def cherry_pick(lab):
    lab.git("cherry-pick", "side", check=False)


@refused("HERE is in the middle of a revert", "git revert --abort")
def revert(lab):
    lab.write("other.txt", "edited once more\n")
    lab.git("commit", "-qm", "once more", "other.txt")
    lab.git("revert", "--no-edit", "HEAD~1", check=False)


@refused("HERE is in the middle of", "git am --abort")
def patches_of_a_mail(lab):
    patch = lab.folder / "patch"
    patch.write_text(lab.git("format-patch", "-1", "--stdout", "side"))
    lab.git("am", str(patch), check=False)


@refused("you have unmerged files", "git checkout -q -f main -- other.txt")
def conflict_without_an_operation(lab):
    lab.git("cherry-pick", "-n", "side", check=False)


@refused("branch 'main' is checked out in 2 places", "git worktree remove ../twice")
def base_in_two_worktrees(lab):
    lab.git("worktree", "add", "-qf", str(lab.folder / "twice"), "main")


def elsewhere(*switch, base_in=None):
    """The user's checkout is not on the base: that moves, with the worktree that it is in, and the checkout stays."""
    def play(lab):
        repository(lab)
        begin(lab)
        lab.git(*switch)
        lab.write("apart.txt", "being edited\n")
        lab.write("shared.txt", "being edited, too\n")
        there = base_in and lab.folder / base_in
        if there:
            lab.git("worktree", "add", "-q", str(there), "main")
            (there / "apart.txt").write_text("edited there\n")
        before, before_there = picture(lab), there and picture(lab, there)
        tip = follow_up(lab)
        equal(lab.until_over().get("behind"), None, "behind")
        equal(lab.landed(), ["T1"], "landed")
        unchanged(lab, before)
        if there:
            only_what_landed(lab, before_there, tip, there)

    return play


@test
def other_branch(lab):
    elsewhere("switch", "-q", "side")(lab)


@test
def detached(lab):
    elsewhere("switch", "-q", "--detach", "HEAD~1")(lab)


@test
def another_worktree_has_the_base(lab):
    elsewhere("switch", "-q", "side", base_in="there")(lab)


def bare(lab, branch):
    """The repository as a bare one, with a worktree on that branch, which is the lab's place from now on."""
    repository(lab)
    folder = lab.folder / "bare.git"
    lab.git("clone", "-q", "--bare", str(lab.repo), str(folder))
    for name, value in (("user.name", "e2e"), ("user.email", "e2e@localhost")):
        lab.git("config", name, value, cwd=folder)
    lab.repo = lab.folder / "checkout"
    lab.git("worktree", "add", "-q", str(lab.repo), branch, cwd=folder)
    lab.write("mine.secret", "ignored\n")


@test
def bare_with_a_worktree_on_the_base(lab):
    bare(lab, "main")
    begin(lab)
    lab.write("apart.txt", "being edited\n")
    before = picture(lab)
    tip = follow_up(lab)
    equal(lab.until_over().get("behind"), None, "behind")
    equal(lab.landed(), ["T1"], "landed")
    only_what_landed(lab, before, tip)


@test
def bare_with_the_base_checked_out_nowhere(lab):
    bare(lab, "side")
    begin(lab, "--base", "main")
    lab.write("shared.txt", "being edited\n")
    before = picture(lab)
    follow_up(lab)
    equal(lab.until_over().get("behind"), None, "behind")
    equal(lab.landed(), ["T1"], "landed")
    unchanged(lab, before)


# When it follows.


@test
def follow_never_leaves_all_as_it_is_for_the_user_to_merge(lab):
    repository(lab, follow='"never"')
    begin(lab)
    lab.write("apart.txt", "being edited\n")
    before = picture(lab)
    tip = follow_up(lab)
    equal(stays(lab, before, tip), None, "behind")
    lab.git("merge", "-q", "--ff-only", f"tmux-orch/{lab.status()['run']}")
    equal(lab.landed(), ["T1"], "landed")
    only_what_landed(lab, before, tip)


@test
def follow_end_leaves_all_as_it_is_until_then(lab):
    repository(lab, follow='"end"')
    lab.tasks(GATED + script('until [ -e "$LEDGER/last" ]; do sleep 0.05; done', "echo 2 > two.txt", id="T2"))
    lab.commit("two tasks")
    lab.begin()
    lab.until_file("T1")
    lab.write("apart.txt", "being edited\n")
    before = picture(lab)
    tip = follow_up(lab)
    lab.until_state("T1", "merged")
    unchanged(lab, before)
    (lab.ledger / "last").touch()
    equal(lab.until_over().get("behind"), None, "behind")
    equal(lab.landed(), ["T1", "T2"], "landed")
    only_what_landed(lab, before, tip)


@test
def follow_end_is_refused_once_and_the_command_works(lab):
    repository(lab, follow='"end"')
    begin(lab)
    lab.write("shared.txt", "mine\n")
    before = picture(lab)
    tip = follow_up(lab)
    behind = stays(lab, before, tip)
    says(behind["why"], "your changes to shared.txt are in the way")
    lab.git("checkout", "-q", "shared.txt")
    lab.run(argv=["sh", "-c", behind["command"]], cwd=lab.folder, check=0)
    equal(lab.landed(), ["T1"], "landed")
