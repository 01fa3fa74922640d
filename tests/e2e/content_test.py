"""Contents that filters change, programs that agents put into git's configuration, files git cannot read."""
import json
import subprocess
import time

from lab import equal, says, script, test

# Leaves a proof unless it runs below an agent, whose own matter that is. Takes the place of any program of git's.
EVIL = '#!/bin/sh\n[ -n "$TMUX_ORCH_ATTEMPT" ] || echo "$@" >> %s/executed\ncat\n'


@test
def what_agents_put_into_gits_configuration_is_not_executed(lab):
    evil = lab.folder / "evil"
    evil.write_text(EVIL % lab.folder)
    evil.chmod(0o755)
    lab.write("both.txt", "one\n2\n3\n4\n5\n6\n7\nend\n")
    lab.write(".gitattributes", "*.txt filter=x merge=x diff=x\n")
    lab.commit()
    lab.config('[[merge.test]]\ncommand = ["true"]\n')
    keys = (
        "filter.x.clean", "filter.x.smudge", "filter.y.process", "merge.x.driver", "diff.x.textconv", "diff.external",
        "diff.x.command", "core.fsmonitor", "core.sshCommand", "core.editor", "sequence.editor", "core.pager",
        "pager.diff", "gpg.program", "core.alternateRefsCommand", "core.gitProxy", "credential.helper", "alias.status",
        "alias.commit-tree", "trailer.x.command", "remote.x.uploadpack", "uploadpack.packObjectsHook", "core.askPass",
    )
    attack = [f"git config {key} '{evil} {key}'" for key in keys]
    attack += [
        f"git config --file $LEDGER/included filter.z.clean '{evil} included'",
        "git config include.path $LEDGER/included",
        "git config includeIf.onbranch:main.path $LEDGER/included",
        "git config remote.x.promisor true", "git config remote.x.url $PWD",
        "git config extensions.worktreeConfig true",
        f"git config --worktree filter.w.clean '{evil} worktree'",
        f"cp {evil} $(git rev-parse --git-common-dir)/hooks/reference-transaction",
        f"cp {evil} $(git rev-parse --git-common-dir)/hooks/post-checkout",
        f"cp {evil} $(git rev-parse --git-common-dir)/hooks/post-merge",
        "git config core.hooksPath $(git rev-parse --git-common-dir)/hooks",
        "echo '*.y filter=y\n*.z filter=z\n*.w filter=w\nREADME filter=x' > $(git rev-parse --git-common-dir)/info/attributes",
    ]
    work = ["echo work > x.txt; echo a > a.y; echo a > a.z; echo a > a.w; echo more >> README"]
    wait = "while ! test -e $LEDGER/go; do sleep 0.05; done"
    lab.tasks(
        script(*attack, "sed -i '1s/^/T1 /' both.txt", *work),
        script(wait, "echo two >> both.txt", id="T2"),
        script(*attack, *work, "echo s > $LEDGER/waits; sleep 600", id="T3"),
    )
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1")
    lab.until_file("waits")
    for verb in (["diff", "T1"], ["diff", "T3"], ["status"], ["doctor"]):
        lab.run(*verb)
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1", "T2")
    lab.run("abort", "T3", check=0)
    lab.until_state("T3", "aborted")
    equal(lab.rescued("x.txt"), ["work\n"], "the rescue")
    proof = lab.folder / "executed"
    equal(proof.read_text() if proof.exists() else "", "", "executed outside of the agents")


@test
def an_agent_that_reports_is_not_asked_for_files_that_the_checkout_left_modified(lab):
    lab.write("win.txt", "one\r\n")
    lab.commit()
    lab.write(".gitattributes", "*.txt text\n*.big filter=big\n")
    lab.write("real.txt", "two\r\n")
    lab.git("add", ".gitattributes")
    lab.git("-c", "core.autocrlf=false", "update-index", "--add", "--cacheinfo",
            "100644," + lab.git("hash-object", "-w", "--no-filters", "real.txt").strip() + ",real.txt")
    lab.git("commit", "-qm", "attributes")
    lab.config('[[merge.test]]\ncommand = ["grep", "-q", "two", "real.txt"]\n')
    lab.tasks(script(
        "touch win.txt real.txt", "printf 'more\\r\\n' >> real.txt", "git add real.txt", "git commit -qm work",
        "tmux-orch done", fields=["Agent: reports"]))
    lab.up(check=0)
    lab.until_landed("T1")
    equal(lab.git("diff", "--name-only", "main^1", "main").split(), ["real.txt"], "what landed")
    equal(lab.rescues(), [], "rescues")


@test
def a_repository_with_sha256_names_works(lab):
    lab.git("init", "-q", "-b", "main", "--object-format=sha256", "../long")
    lab.repo = lab.folder / "long"
    lab.git("config", "user.name", "e2e")
    lab.git("config", "user.email", "e2e@localhost")
    lab.config('[[merge.test]]\ncommand = ["test", "-f", "README"]\n')
    lab.write("README", "long names\n")
    lab.commit()
    lab.tasks(script("echo a > a"), script("echo b > b; exit 1", id="T2"))
    lab.up()
    equal(lab.landed(), ["T1"], "landed")
    equal(lab.rescued("b")[:1], ["b\n"], "rescued")
    equal(len(lab.git("rev-parse", "main").strip()), 64, "digits")


@test
def a_filter_that_cannot_run_is_named(lab):
    lab.write("big.bin", "data\n")
    lab.write(".gitattributes", "*.bin filter=big\n")
    lab.commit()
    lab.git("config", "filter.big.process", "no-such-program")
    lab.git("config", "filter.big.required", "true")
    (lab.repo / "big.bin").touch()
    lab.tasks(script("echo a > a"))
    says(lab.up().text, "filter", "no-such-program", "git config --get-regexp")


@test
def a_fifo_in_the_place_of_a_text_of_gits_blocks_its_task_alone(lab):
    lab.tasks(
        script("mkdir sub; echo t > sub/t; mkfifo sub/.gitattributes"),
        script("echo b > b", id="T2"),
    )
    lab.begin("--wait-user", "forever")
    lab.until_landed("T2")
    task = lab.until_state("T1", "blocked", "failed")
    says(json.dumps(task), "sub/.gitattributes is no plain file", "rm ")
    lab.run("down", check=0, timeout=25)
    equal((lab.repo / ".worktrees/T1/sub/t").read_text(), "t\n", "the work")


def removes(text, path):
    """The command that a text has for what is in the way, which works as it stands."""
    command = next(part for part in text.split("`") if part.startswith(("rm ", "find ")) and path in part)
    subprocess.run(["sh", "-c", command], check=True)


@test
def a_fifo_in_a_git_folder_inside_of_a_worktree_blocks_its_task_alone(lab):
    places = ("HEAD", "index", "commondir", "packed-refs")
    tasks = [
        script("git init -q x", f"rm -f x/.git/{place}; mkfifo x/.git/{place}", "echo w > x/w", "echo t > t", id=f"T{n}")
        for n, place in enumerate(places, 1)
    ]
    lab.tasks(*tasks, script("echo b > b", id="T9"))
    lab.begin("--wait-user", "forever", "--workers", "5")
    lab.until(lambda: "T9" in lab.landed(), "T9 landed", timeout=20)
    text = json.dumps(lab.until_state("T1", "blocked", timeout=20), ensure_ascii=False)
    says(text, "T1/x/.git/HEAD is no plain file", "then `tmux-orch merge T1`")
    begun = time.monotonic()
    lab.run("down", check=0, timeout=25)
    equal(time.monotonic() - begun < 12, True, "down ended soon")
    removes(text, "x/.git/HEAD")
    equal((lab.repo / ".worktrees/T1/x/.git/HEAD").exists(), False, "the FIFO")


@test
def a_fifo_in_the_place_of_a_tracked_file_blocks_its_task_at_once(lab):
    lab.tasks(script("rm README; mkfifo README; echo b > b"))
    lab.begin("--wait-user", "forever")
    text = json.dumps(lab.until_state("T1", "blocked", timeout=10))
    says(text, "T1/README is no plain file", "then `tmux-orch merge T1`")
    removes(text, "README")
    lab.run("merge", "T1", check=0)
    lab.until_landed("T1")


@test
def a_difference_that_git_would_wait_for_is_refused_with_the_path(lab):
    lab.tasks(script("mkfifo .gitattributes; echo b > b; sleep 600"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: (lab.repo / ".worktrees/T1/b").exists(), "the agent is at work")
    lab.run("diff", "T1", timeout=10).ended_with(1).says(".gitattributes is no plain file", "`rm ")


@test
def a_fifo_in_the_repositorys_git_folder_holds_up_nothing_for_long(lab):
    git = lab.repo / ".git"
    lab.tasks(script("rm -f $(git rev-parse --git-common-dir)/packed-refs", "echo b > b",
                     "mkfifo $(git rev-parse --git-common-dir)/packed-refs"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: (git / "packed-refs").is_fifo(), "the agent is at work")
    begun = time.monotonic()
    lab.until(lambda: "packed-refs is no plain file" in lab.run("status").text + lab.describe(), "it is said", 20)
    lab.run("down", timeout=25)
    equal(time.monotonic() - begun < 30, True, "down ended soon")


# Keeps files as git-lfs does: in one folder for all worktrees, and in git a pointer to each.
LFS = """#!/bin/sh
store=$(git rev-parse --git-common-dir)/lfs/objects
mkdir -p "$store"
case $1 in
clean) cat > "$store/new.$$"; id=$(sha256sum < "$store/new.$$" | cut -c1-64); mv "$store/new.$$" "$store/$id"; echo "pointer $id";;
smudge) read -r word id; cat "$store/$id";;
esac
"""


@test
def files_of_git_lfs_are_whole_for_agents_and_tests_and_pointers_in_git(lab):
    path = lab.fake_program("git-lfs", LFS)
    lab.env.update(path)
    for name in ("clean", "smudge"):
        lab.git("config", f"filter.lfs.{name}", f"git-lfs {name} -- %f")
    lab.git("config", "filter.lfs.required", "true")
    lab.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
    lab.write("old.bin", "old data\n")
    lab.config('[[merge.test]]\ncommand = ["grep", "-q", "data", "old.bin"]\n')
    lab.tasks(script("grep -q data old.bin", "echo new data > new.bin", "echo more data >> old.bin"),
              script("cat new.bin old.bin > $LEDGER/seen", "echo x > x", id="T2", fields=["Depends: T1"]))
    lab.commit("tasks")
    told = lab.up().ended_with(0)
    assert "filter" not in told.text, told.text
    equal((lab.ledger / "seen").read_text(), "new data\nold data\nmore data\n", "what the next agent found")
    equal(lab.read("new.bin"), "new data\n", "the user's checkout")
    says(lab.show("main:new.bin"), "pointer ")
    equal(lab.git("status", "--porcelain"), "", "the checkout")


@test
def a_filter_that_git_has_no_program_for_is_told_before_anything_begins(lab):
    lab.write(".gitattributes", "# filter=none\n*.bin filter=lfs -text\n*.key\tfilter=git-crypt\n")
    lab.write("big.bin", "pointer 1\n")
    lab.tasks(script("cat big.bin > seen"))
    lab.commit("tasks")
    told = lab.up().ended_with(0)
    says(told.text, "names the filter lfs, and git has no program for it", "as pointers; `git lfs install`",
         "names the filter git-crypt")
    assert "filter none" not in told.text, told.text
    equal(lab.show("main:seen"), "pointer 1\n")
