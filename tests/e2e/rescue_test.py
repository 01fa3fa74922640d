"""Nothing that is in a worktree is lost: it lands, or it is saved and said where."""
import json
import os
import threading
import time

from lab import equal, says, script, test


def trash(lab):
    folder = lab.repo / ".worktrees/.trash"
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith(".")) if folder.exists() else []


@test
def ignored_files_that_a_task_leaves_are_named_and_kept(lab):
    lab.write(".gitignore", "*.bin\ndist/\nnode_modules/\nout/\n")
    lab.commit()
    lab.tasks(
        script("echo precious > model.bin; mkdir -p dist node_modules/a out; echo js > dist/a.js",
               "echo lib > node_modules/a/b.js; echo x > out/CMakeCache.txt"),
    )
    done = lab.up().ended_with(0).says("left 2 ignored files", "dist/a.js", "model.bin", ".worktrees/.trash/T1-1")
    assert "nothing had to change" not in done.text, done.text
    kept = lab.repo / ".worktrees/.trash/T1-1"
    equal((kept / "model.bin").read_text(), "precious\n")
    equal(sorted(p.name for p in kept.iterdir()), ["dist", "model.bin"], "what is kept")
    equal((kept.parent.stat().st_mode & 0o777), 0o700, "mode of the trash")
    equal(lab.git("fsck", "--unreachable", "--no-reflogs").count("blob"), 0, "blobs of ignored files")
    says(lab.task("T1")["why"], "model.bin", "rescue show T1-1", what="the status")
    listed = json.loads(lab.run("rescue", "list", "--json", check=0).out)["rescues"]
    equal([(one["name"], one["kind"], one["task"]) for one in listed], [("T1-1", "trash", "T1")])
    lab.run("rescue", "list", check=0).says("T1-1", "model.bin")
    lab.run("rescue", "show", "T1-1", check=0).says("dist/a.js", "model.bin", "its task is merged")
    lab.run("rescue", "restore", "T1-1", check=0).says("T1-1")
    equal((lab.repo / "T1-1/model.bin").read_text(), "precious\n")
    lab.run("rescue", "restore", "T1-1", check=1).says("cannot make", "--to another-folder")
    lab.run("rescue", "drop", "T1-1", check=0)
    equal(trash(lab), [], "the trash")
    lab.run("rescue", "show", "T1-1", check=1).says("no rescue 'T1-1'", "rescue list")


@test
def saved_commits_come_back_as_a_branch_and_nothing_is_written_over(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo half > half.txt; exit 1"))
    lab.up().ended_with(3)
    name = lab.rescues()[0].removeprefix("refs/orch/rescue/")
    lab.run("rescue", "list", check=0).says(name)
    lab.run("rescue", "show", name, check=0).says("half.txt")
    lab.run("rescue", "restore", name, "--to", "half", check=0).says("git switch half")
    equal(lab.show("half:half.txt"), "half\n")
    lab.git("branch", "mine")
    lab.run("rescue", "restore", name, "--to", "mine", check=1).says("there is a branch 'mine' already")


@test
def files_saved_while_a_task_is_retried_are_nowhere_lost(lab):
    lab.limits("attempts = 1")
    lab.write("old.txt", "as committed\n")
    lab.commit()
    lab.tasks(script("exit 1"))
    lab.up("-d", "--wait-user", "forever", check=0)
    lab.until_state("T1", "failed")
    worktree = lab.repo / ".worktrees/T1"
    for round in range(4):
        ending = threading.Event()
        written = []

        def save():
            while not ending.is_set():
                name = f"new-{round}-{len(written)}.txt"
                (worktree / name).write_text(name)
                (worktree / "old.txt").write_text(name)
                written.append(name)
                time.sleep(0.004)

        saving = threading.Thread(target=save)
        saving.start()
        lab.run("retry", "T1", check=0)
        time.sleep(0.3)
        ending.set()
        saving.join()
        lab.until_state("T1", "failed", "blocked")
        places = [worktree, *(lab.repo / ".worktrees/.trash").glob("T1-*")]
        saved = "".join(lab.git("ls-tree", "-r", "--name-only", ref) for ref in lab.rescues())
        lost = [name for name in written
                if name not in saved and not any((place / name).exists() for place in places)]
        equal(lost, [], "lost files")
    lab.run("down", check=0)


@test
def what_is_linked_in_never_lands_whatever_the_ignore_rule_looks_like(lab):
    lab.write(".gitignore", "node_modules/\n")
    lab.write("node_modules/lib.js", "lib\n")
    (lab.repo / "raw").mkdir()
    lab.write("raw/big", "data\n")
    lab.write(".git/info/exclude", "raw\n")
    lab.config('[worktree_setup]\nlink = ["node_modules", "raw", "missing"]\ncopy = ["no.env"]\n')
    lab.commit()
    lab.tasks(
        script("echo 1 > a; cat node_modules/lib.js raw/big > seen"),
        script("git add -A; git add -f raw; echo 2 > b; git add b; git commit -qm all; tmux-orch done; sleep 30",
               id="T2", fields=("Agent: reports",)),
        script("tmux-orch done --no-changes; sleep 30", id="T3", fields=("Agent: reports",)),
    )
    lab.up().ended_with(0).says("there is no missing to link", "there is no no.env to copy")
    equal(sorted(lab.landed()), ["T1", "T2", "T3"], "landed")
    equal(lab.show("main:seen"), "lib\ndata\n")
    files = lab.git("ls-tree", "--name-only", "main").split()
    assert "node_modules" not in files and "raw" not in files and "b" in files, files
    equal((lab.read("node_modules/lib.js"), lab.read("raw/big")), ("lib\n", "data\n"), "what was linked")
    equal(trash(lab), [], "the trash")


@test
def a_copied_file_is_kept_only_when_it_was_changed(lab):
    lab.write(".gitignore", ".env\nlogs/\n")
    lab.write(".env", "secret\n")
    lab.write("logs/a.log", "log\n")
    os.mkfifo(lab.repo / "logs/pipe")
    lab.config('[worktree_setup]\ncopy = [".env", "logs"]\n')
    lab.commit()
    lab.tasks(script("cat .env logs/a.log > seen"), script("echo mine >> .env; echo 2 > b", id="T2"))
    lab.up().ended_with(0).says("logs/pipe is neither a file nor a folder", "left 1 ignored file: .env")
    equal(lab.show("main:seen"), "secret\nlog\n")
    equal(trash(lab), ["T2-1"], "the trash")
    equal((lab.repo / ".worktrees/.trash/T2-1/.env").read_text(), "secret\nmine\n")
    equal(lab.read(".env"), "secret\n")


@test
def commits_in_a_submodule_reach_the_users_copy_of_it(lab):
    lab.add_submodule()
    work = "git -c protocol.file.allow=always submodule update --init -q; cd sub; echo y >> f"
    lab.tasks(script(work, "git -c user.name=s -c user.email=s@s commit -qam work"),
              script("git -c protocol.file.allow=always submodule update --init -q; cat sub/f > seen", id="T2"))
    lab.up().ended_with(0)
    commit = lab.git("rev-parse", "main:sub").strip()
    lab.git("cat-file", "-e", commit, cwd=lab.repo / "sub")
    lab.git("submodule", "update", "-q")
    equal(lab.read("sub/f"), "x\ny\n")
    equal(trash(lab), [], "the trash: both submodules were clean and saved")


@test
def a_repository_inside_a_worktree_is_told_and_kept_and_alone_it_blocks(lab):
    make = "mkdir app; cd app; git init -q; echo code > main.c; git add -A"
    commit = "git -c user.name=n -c user.email=n@n commit -qm inner; cd .."
    lab.tasks(script(make, commit, "echo 1 > a"), script(make, commit, id="T2"))
    lab.up("--wait-user", "0s").ended_with(4).says(
        "left the git repository app", ".worktrees/.trash/T1-1", "all it made is in app, a git repository of its own")
    equal(lab.landed(), ["T1"], "landed")
    kept = lab.repo / ".worktrees/.trash/T1-1/app"
    equal(lab.git("log", "--format=%s", cwd=kept), "inner\n")
    equal((kept / "main.c").read_text(), "code\n")


@test
def a_nearly_full_disk_and_a_large_trash_are_said(lab):
    lab.write(".gitignore", "*.bin\n")
    lab.config('[worktrees]\ntrash = "1 KB"\n')
    lab.commit()
    lab.tasks(script("head -c 20000 /dev/zero > big.bin"))
    lab.up().ended_with(0)
    lab.run("status", check=0).says("the trash", "more than", "T1-1", "rescue drop NAME")
    lab.run("doctor").says("the trash", "rescue list")
