"""Where a run is started from, and with what around it: environment, descriptors, tmux servers."""
import subprocess

from lab import CONFIG, equal, says, script, test

STATE_OF_A_GIT = {
    "GIT_PREFIX": "sub/",
    "GIT_AUTHOR_NAME": "of a rebase",
    "GIT_AUTHOR_EMAIL": "rebase@localhost",
    "GIT_AUTHOR_DATE": "@0 +0000",
    "GIT_EDITOR": ":",
    "GIT_REFLOG_ACTION": "rebase",
    "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
}


def variables(text):
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


@test
def nothing_of_the_git_that_calls_up_reaches_set_up_commands_tests_or_agents(lab):
    lab.config(
        '[worktree_setup]\nrun = [["sh", "-c", "env > $LEDGER/setup; git switch -q -c from-setup; git switch -q -"]]\n'
        '[[merge.test]]\ncommand = ["sh", "-c", "env > $LEDGER/tests"]\n'
    )
    lab.tasks(script("env > $LEDGER/agent", "echo x > x.txt", "git add x.txt && git commit -qm mine"))
    lab.commit()
    settings = {"GIT_SSH_COMMAND": "ssh -x", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "my.own",
                "GIT_CONFIG_VALUE_0": "kept"}
    where = {"GIT_DIR": str(lab.repo / ".git"), "GIT_WORK_TREE": str(lab.repo),
             "GIT_INDEX_FILE": str(lab.repo / ".git/index")}
    lab.up(env={**STATE_OF_A_GIT, **where, **settings}).ended_with(0)
    equal(lab.git("branch", "--show-current").strip(), "main", "the branch of the checkout")
    for program in ("setup", "tests", "agent"):
        found = variables((lab.ledger / program).read_text())
        equal(sorted(set(found) & (set(STATE_OF_A_GIT) | set(where))), [], f"what reached the {program}")
        equal({name: found.get(name) for name in settings if name != "GIT_CONFIG_COUNT"},
              {name: value for name, value in settings.items() if name != "GIT_CONFIG_COUNT"}, program)
    authors = lab.git("log", "--format=%an", "main").split("\n")
    assert "of a rebase" not in authors, authors


@test
def a_hook_that_starts_a_run_gets_one_of_its_own_repository(lab):
    lab.tasks(script("echo x > x.txt"))
    hook = lab.repo / ".git/hooks/post-commit"
    hook.write_text(f"#!/bin/sh\nrm -f .git/hooks/post-commit\n"
                    f"'{lab.binary}' up tasks.md -S '{lab.socket}' -d >$LEDGER/said 2>&1 </dev/null\n")
    hook.chmod(0o755)
    lab.commit("the commit whose hook starts it")
    says((lab.ledger / "said").read_text(), "started")
    lab.until_landed("T1")
    lab.until_over()


@test
def an_identity_that_only_the_environment_has_is_the_one_of_all_commits(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    lab.tasks(script("echo x > x.txt; git add x.txt; git commit -qm mine"))
    start = lab.git("rev-parse", "HEAD").strip()
    mine = {"GIT_COMMITTER_NAME": "A User", "GIT_COMMITTER_EMAIL": "a@user", "GIT_AUTHOR_NAME": "A User"}
    ran = lab.up(env=mine).ended_with(0)
    assert "no identity" not in ran.text, ran.text
    authors = lab.git("log", "--format=%an <%ae> %cn", start + "..main").splitlines()
    equal(authors, ["A User <a@user> A User"] * 2, "authors")


@test
def without_any_identity_an_agent_can_commit(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    lab.tasks(script("echo x > x.txt; git add x.txt; git commit -qm mine"))
    lab.up().ended_with(0).says("git has no identity here")
    equal(lab.landed(), ["T1"])


@test
def git_dir_for_files_that_lie_next_to_no_git_folder_is_told_not_to_count(lab):
    files = lab.folder / "files"
    files.mkdir()
    dotfiles = {"GIT_DIR": str(lab.repo / ".git"), "GIT_WORK_TREE": str(files)}
    lab.up(cwd=files, env=dotfiles).ended_with(1).says("is not in a git repository", "GIT_DIR", "git clone")


@test
def every_verb_works_with_its_standard_streams_closed(lab):
    lab.tasks(script("echo x > x.txt"))

    def closed(redirections, *words):
        command = f'exec "$0" "$@" {redirections}'
        return subprocess.run(["sh", "-c", command, lab.binary, *words], cwd=lab.repo, env=lab.env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=40).returncode

    all_three = "<&- >&- 2>&-"
    equal(closed("<&-", "plan", "tasks.md"), 0, "plan <&-")
    equal(closed(all_three, "plan", "tasks.md"), 0, "plan")
    equal(closed(all_three, "up", "tasks.md", "-S", lab.socket, "-d"), 0, "up -d")
    lab.until_landed("T1")
    lab.until_over()
    for words in (["status"], ["events"], ["logs", "T1"], ["report"], ["doctor"], ["down"]):
        equal(closed(all_three, *words), 0, words)
    equal(lab.git("status", "--porcelain"), "?? tasks.md\n", "changes in the repository")


# Servers of tmux that somebody has already.

ALL_OPTIONS = (["show-options", "-g"], ["show-options", "-gw"], ["show-options", "-s"], ["show-hooks", "-g"],
               ["show-environment", "-g"], ["list-keys"], ["list-sessions", "-F", "#{session_name}"])


def tmux(lab, server, *words):
    return subprocess.run(["tmux", *server, *words], env=lab.env, capture_output=True, text=True, check=True).stdout


def everything_of(lab, *server):
    return [tmux(lab, server, *words) for words in ALL_OPTIONS]


def keeps_all(lab, server, *options, config=""):
    lab.config(config)
    lab.tasks(script("tmux -V >/dev/null; echo x > x.txt"))
    before = everything_of(lab, *server)
    lab.run("up", "tasks.md", *options, check=0)
    lab.until_over()
    for words, old, new in zip(ALL_OPTIONS, before, everything_of(lab, *server)):
        equal(new, old, " ".join(words))


def with_options_of_the_user(lab, *server):
    tmux(lab, server, "-f", "/dev/null", "new-session", "-d", "-s", "mine", "sleep 600")
    tmux(lab, server, "set", "-g", "history-limit", "50000", ";", "setw", "-g", "automatic-rename", "on", ";",
         "setw", "-g", "remain-on-exit-format", "gone", ";", "set", "-g", "prefix", "C-a")


@test
def a_server_at_a_path_keeps_all_that_it_has(lab):
    server = ["-S", lab.socket]
    with_options_of_the_user(lab, *server)
    keeps_all(lab, server, "-S", "../tmux")


@test
def a_server_of_a_name_keeps_all_that_it_has(lab):
    server = ["-L", "theirs"]
    with_options_of_the_user(lab, *server)
    keeps_all(lab, server, "-L", "theirs")


@test
def the_users_own_server_keeps_all_that_it_has_and_ends_no_session_that_nobody_watches(lab):
    server = ["-L", "default"]
    with_options_of_the_user(lab, *server)
    # The one who has it is attached, or their own session would end.
    lab.terminal("tmux", "-L", "default", "attach", "-t", "mine").until("mine")
    tmux(lab, server, "set", "-g", "destroy-unattached", "on")
    lab.config('[tmux]\nserver = "default"\n')
    lab.tasks(script("echo $$ > $LEDGER/pid", "while ! test -e $LEDGER/go; do sleep 0.05; done", "echo x > x.txt"))
    before = everything_of(lab, *server)
    lab.run("up", "tasks.md", "-d", check=0)
    pid = lab.until_file("pid")
    lab.kill_supervisor()
    assert lab.is_alive(pid), "the agent ended with the supervisor"
    (lab.ledger / "go").write_text("go")
    lab.run("up", "tasks.md", check=0)
    lab.until_over()
    equal(everything_of(lab, *server), before, "the server")


@test
def a_server_whose_windows_are_sized_by_hand_is_not_crashed(lab):
    server = ["-S", lab.socket]
    with_options_of_the_user(lab, *server)
    lab.tmux("setw", "-g", "window-size", "manual")
    lab.tasks(script("echo x > x.txt"))
    lab.run("up", "tasks.md", "-S", lab.socket, "-d")
    lab.until(lambda: "window-size manual" in lab.run("status").text or "window-size" in (
        lab.repo / ".tmux-orch/supervisor.log").read_text(), "it says why")
    says(lab.tmux("list-sessions"), "mine")


@test
def a_tmux_folder_too_long_for_a_socket_is_left_for_tmp(lab):
    deep = lab.folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True, mode=0o700)
    lab.tasks(script("echo x > x.txt"))
    lab.run("up", "tasks.md", "-S", lab.socket, env={"TMUX_TMPDIR": str(deep)}, check=0)
    named = lab.run("up", "tasks.md", "-S", f"/{'s' * 110}", "-d", env={"TMUX_TMPDIR": str(deep)})
    says(named.text + lab.run("status").text + (lab.repo / ".tmux-orch/supervisor.log").read_text(), "too long")


# Where the run works.

def linked(lab, branch="feature"):
    lab.git("worktree", "add", "-q", str(lab.folder / branch), "-b", branch)
    return lab.folder / branch


@test
def up_in_a_linked_worktree_works_for_that_worktree(lab):
    lab.config('[worktree_setup]\nrun = ["false"]\n')
    lab.write(".env", "of main\n")
    lab.write(".gitignore", ".env\n")
    start = lab.commit()
    feature = linked(lab)
    (feature / ".env").write_text("of feature\n")
    (feature / "tmux-orch.toml").write_text(CONFIG + '[worktree_setup]\ncopy = [".env"]\n')
    (feature / "tasks.md").write_text(script("tmux-orch status > $LEDGER/status", "cp .env landed"))
    lab.git("add", ".", cwd=feature)
    lab.git("commit", "-qm", "tasks", cwd=feature)
    (feature / "sub").mkdir()
    lab.up(cwd=feature / "sub", file="../tasks.md").ended_with(0)
    equal(lab.landed("feature"), ["T1"])
    equal(lab.git("rev-parse", "main").strip(), start, "main")
    equal((feature / "landed").read_text(), "of feature\n", "the checkout follows")
    says((feature / "tasks.md").read_text(), "[x] T1")
    equal(lab.git("status", "--porcelain", cwd=feature), "", "changes in the worktree")
    equal(lab.git("status", "--porcelain"), "", "changes in the main worktree")
    says((lab.ledger / "status").read_text(), "T1")
    for folder in (lab.repo, feature, feature / "sub"):
        lab.run("status", cwd=folder, check=0).says("1/1 merged")
    assert not (feature / ".tmux-orch").exists(), "the state is the repository's"


@test
def a_second_run_in_another_worktree_waits_for_the_first(lab):
    feature = linked(lab)
    lab.tasks(script("while ! test -e $LEDGER/go; do sleep 0.05; done", "echo x > x.txt"))
    (feature / "tasks.md").write_text(script("echo y > y.txt"))
    lab.begin()
    lab.up("-d", cwd=feature).ended_with(1).says("another supervisor", str(lab.repo / "tasks.md"))
    (lab.ledger / "go").write_text("go")
    lab.until_over()
    lab.up(cwd=feature).ended_with(0)
    equal(lab.landed("feature"), ["T1"])


@test
def up_in_the_worktree_of_a_task_goes_on_with_its_run(lab):
    lab.tasks(script("test -e $LEDGER/go", "echo x > x.txt"))
    lab.limits("attempts = 1")
    lab.up().ended_with(3)
    (lab.ledger / "go").write_text("go")
    lab.run("retry", "T1", cwd=lab.repo / ".worktrees/T1", check=0)
    lab.until_landed("T1")


def play_in(lab, checkout, branch="main"):
    """A run in another layout: the verbs work from its checkout, a linked worktree, and in the agent."""
    (checkout / "tmux-orch.toml").write_text(CONFIG)
    (checkout / "tasks.md").write_text(script("tmux-orch status > $LEDGER/status", "echo x > x.txt"))
    lab.git("add", ".", cwd=checkout)
    lab.git("-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "tasks", cwd=checkout)
    lab.up(cwd=checkout).ended_with(0)
    equal((checkout / "x.txt").read_text(), "x\n", "the checkout follows")
    equal(lab.git("branch", "--show-current", cwd=checkout).strip(), branch, "its branch")
    equal(lab.git("status", "--porcelain", cwd=checkout), "", "its changes")
    says((lab.ledger / "status").read_text(), "T1")
    (checkout / "deep").mkdir()
    lab.run("status", cwd=checkout / "deep", check=0).says("1/1 merged")
    other = lab.folder / "another"
    lab.git("worktree", "add", "-q", str(other), "-b", "another", cwd=checkout)
    lab.run("status", cwd=other, check=0).says("1/1 merged")
    return other


@test
def a_git_folder_elsewhere(lab):
    there, git_dir = lab.folder / "there", lab.folder / "elsewhere.git"
    lab.git("init", "-q", "-b", "main", f"--separate-git-dir={git_dir}", str(there))
    play_in(lab, there)
    assert (there / ".tmux-orch").exists() and not (git_dir / ".tmux-orch").exists()


@test
def a_git_folder_elsewhere_and_a_run_that_begins_in_a_linked_worktree(lab):
    there, git_dir = lab.folder / "there", lab.folder / "elsewhere.git"
    lab.git("clone", "-q", f"--separate-git-dir={git_dir}", str(lab.repo), str(there))
    lab.git("worktree", "add", "-q", str(lab.folder / "first"), "-b", "first", cwd=there)
    play_in(lab, lab.folder / "first", "first")
    lab.run("status", cwd=there, check=0).says("1/1 merged")
    assert not (git_dir / ".tmux-orch").exists(), "state in git's folder"


@test
def a_git_folder_that_is_a_link(lab):
    there, git_dir = lab.folder / "there", lab.folder / "moved.git"
    lab.git("clone", "-q", str(lab.repo), str(there))
    (there / ".git").rename(git_dir)
    (there / ".git").symlink_to(git_dir)
    play_in(lab, there)


@test
def a_submodule(lab):
    lab.git("init", "-q", "-b", "main", str(lab.folder / "super"))
    lab.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(lab.repo), "part",
            cwd=lab.folder / "super")
    other = play_in(lab, lab.folder / "super/part")
    (other / "tasks.md").write_text(script("echo z > z.txt", id="T9"))
    lab.up(cwd=other).ended_with(0)
    equal(lab.git("log", "-1", "--format=%s", "another", cwd=other).strip()[:2], "T9")
    equal(lab.git("status", "--porcelain", cwd=lab.folder / "super"), "A  .gitmodules\nAM part\n", "the superproject")


@test
def a_bare_repository_with_worktrees(lab):
    bare = lab.folder / "project.git"
    lab.git("clone", "-q", "--bare", str(lab.repo), str(bare))
    lab.git("worktree", "add", "-q", str(lab.folder / "work"), "main", cwd=bare)
    lab.up(cwd=bare).ended_with(1).says("is a bare repository", "git worktree add")
    play_in(lab, lab.folder / "work")
    assert (bare / ".tmux-orch").exists(), "its state"
    lab.run("status", cwd=bare, check=0).says("1/1 merged")


@test
def a_folder_around_a_bare_repository_and_its_worktrees(lab):
    project = lab.folder / "project"
    project.mkdir()
    lab.git("clone", "-q", "--bare", str(lab.repo), str(project / ".bare"))
    (project / ".git").write_text("gitdir: ./.bare\n")
    lab.git("worktree", "add", "-q", "main", "main", cwd=project)
    play_in(lab, project / "main")
    assert (project / ".tmux-orch").exists() and not (project / ".bare/.tmux-orch").exists()
    lab.run("status", cwd=project, check=0).says("1/1 merged")


@test
def names_that_nobody_gives_a_folder(lab):
    for name in ("-a b#{pid};", "new\nline\udcff'\"$HOME"):
        there = lab.folder / name
        lab.git("clone", "-q", str(lab.repo), str(there))
        (there / "tasks.md").write_text(script("echo x > x.txt; tmux-orch status >/dev/null"))
        lab.up(cwd=there).ended_with(0)
        equal((there / "x.txt").read_text(), "x\n", repr(name))
        lab.run("down", cwd=there, check=0)


# Moved, and copied.

@test
def a_run_goes_on_in_a_folder_that_was_renamed(lab):
    lab.tasks(script("echo 1 >> half", "test -e $LEDGER/go || sleep 600", "echo x > x.txt"),
              script("echo y > y.txt", id="T2"))
    lab.begin()
    lab.until_state("T1", "running")
    lab.until(lambda: (lab.repo / ".worktrees/T1/half").exists(), "half is there")
    lab.run("down", check=0)
    (lab.ledger / "go").write_text("go")
    lab.repo = lab.repo.rename(lab.folder / "renamed repo")
    lab.run("status", check=0).says("T1")
    lab.up().ended_with(0)
    equal(sorted(lab.landed()), ["T1", "T2"])
    assert not (lab.folder / "repo").exists(), "the old folder is back"
    says(lab.git("worktree", "list"), "renamed repo")
    lab.run("doctor", check=0)


@test
def a_repository_that_is_moved_under_its_agents_says_to_put_it_back(lab):
    lab.tasks(script("echo $$ > $LEDGER/pid", "while ! test -e $LEDGER/go; do sleep 0.05; done", "echo x > x.txt"))
    lab.begin()
    pid = lab.until_file("pid")
    lab.until_state("T1", "running")
    lab.run("down", "--keep-agents", check=0)
    before = lab.repo
    lab.repo = lab.repo.rename(lab.folder / "renamed")
    lab.up("-d").ended_with(1).says("moved", str(before), f"mv {lab.repo} {before}")
    assert lab.is_alive(pid), "the agent"
    lab.repo = lab.repo.rename(before)
    (lab.ledger / "go").write_text("go")
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"])


@test
def a_copy_leaves_the_agents_of_the_original_alone(lab):
    lab.tasks(script("echo $$ >> $LEDGER/pids", "while ! test -e $LEDGER/go; do sleep 0.05; done", "echo x > x.txt"))
    lab.begin()
    pid = lab.until_file("pids").split()[0]
    lab.until_state("T1", "running")
    original, copy = lab.repo, lab.folder / "copy"
    subprocess.run(["cp", "-a", original, copy], check=False, stderr=subprocess.DEVNULL)
    lab.repo = copy
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    lab.run("down")  # with nothing left to do the run may have ended by itself
    assert lab.is_alive(pid), "the agent of the original was ended"
    equal(lab.git("worktree", "list").count(str(original)), 0, "worktrees of the original in the copy's list")
    lab.repo = original
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")
    equal(lab.landed(), ["T1"])


# Starting.

@test
def several_ups_at_the_same_moment_are_one_run(lab):
    lab.tasks(script("echo x >> x.txt"))
    ups = [lab.spawn_up("-d") for _ in range(4)]
    for up in ups:
        lab.finish(up).ended_with(0)
    lab.until_landed("T1")
    lab.until_over()
    equal(len(list((lab.repo / ".tmux-orch/runs").iterdir())), 1, "runs")


@test
def looking_while_the_first_up_makes_its_database_fails_nobody(lab):
    lab.tasks(script("echo x > x.txt"))
    up = lab.spawn_up("-d")
    looks = []
    while up.poll() is None:
        looks.append(lab.run("status"))
    lab.finish(up).ended_with(0)
    for ran in looks:
        assert ran.code == 0 or "there is no run" in ran.text, ran.text
    lab.until_landed("T1")


@test
def a_branch_called_as_the_folder_of_the_runs_branches_is_no_hindrance(lab):
    lab.git("branch", "tmux-orch")
    lab.git("branch", "orch")
    lab.tasks(script("echo x > x.txt"))
    lab.up().ended_with(0).says("there is a branch called tmux-orch", "tmux-orch-run/")
    equal(lab.landed(), ["T1"])


@test
def a_supervisor_that_cannot_start_says_why(lab):
    lab.tasks(script("while :; do sleep 1; done"))
    lab.begin()
    lab.kill_supervisor()
    run = lab.status()["run"]
    lab.git("update-ref", "-d", f"refs/heads/tmux-orch/{run}")
    lab.git("branch", "tmux-orch")
    lab.up("-d").ended_with(1).says("the supervisor ended at once: ", "tmux-orch", "its log is")


@test
def a_home_that_is_read_only_missing_or_unset_starts_all_the_same(lab):
    closed = lab.folder / "closed"
    closed.mkdir(mode=0o500)
    homes = {"read only": {"HOME": str(closed), "XDG_CONFIG_HOME": str(closed)},
             "missing": {"HOME": str(lab.folder / "no/such"), "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None, "XDG_RUNTIME_DIR": "/no/such"},
             "unset": {"HOME": None, "XDG_CONFIG_HOME": None, "TMPDIR": "/no/such", "LC_ALL": "C", "LANG": None}}
    for number, (what, home) in enumerate(homes.items()):
        lab.tasks(script(f"echo x > x{number}.txt", id=f"T{number}"))
        lab.commit(what)
        lab.up(env=home).ended_with(0)
    assert not (lab.folder / "no").exists(), "nobody makes a home folder"


@test
def a_sparse_checkout_holds_for_agents_and_not_for_tests(lab):
    for name in "ab":
        lab.write(f"{name}/file.txt", name)
    lab.config('[[merge.test]]\ncommand = ["sh", "-c", "cat a/file.txt b/file.txt"]\n')
    lab.tasks(script("test ! -e b", "echo more >> a/file.txt", "mkdir b", "echo new > b/new.txt"))
    lab.commit()
    lab.git("sparse-checkout", "set", "a")
    lab.up().ended_with(0)
    equal(lab.git("ls-tree", "-r", "--name-only", "main", "a", "b").split(),
          ["a/file.txt", "b/file.txt", "b/new.txt"], "the base")
    assert not (lab.repo / "b").exists(), "the checkout stays sparse"
    equal(lab.git("status", "--porcelain"), "", "the checkout")
