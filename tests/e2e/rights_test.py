"""What agents may do is the user's to say: unattended, the sandbox, and what a repository's file cannot."""
import os
import shutil
import signal

from lab import CONFIG, Failed, Skip, equal, says, script, test

def user_config(lab, text):
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


def needs_sandbox(lab):
    if shutil.which("bwrap") is None:
        raise Skip("bubblewrap is not installed")
    if lab.run(argv=["bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"]).code != 0:
        raise Skip("this system allows no sandbox")


def opens_ledger(lab, more=""):
    """What the tasks write down has to get out of the sandbox."""
    user_config(lab, f'sandbox_write = ["{lab.ledger}"]\n{more}')


@test
def a_repositorys_file_gives_no_rights_and_says_where_they_belong(lab):
    lab.tasks(script("echo x > x"))
    wide = ("unattended = true", "sandbox = false", f'trusted_roots = ["{lab.repo}"]', 'sandbox_write = ["/"]')
    for line in wide:
        lab.config("", base=line + "\n" + CONFIG)
        lab.up("-d").says(f"{lab.repo}/tmux-orch.toml:1:", "gives rights, and a repository's file cannot",
                          "~/.config/tmux-orch/config.toml").ended_with(1)
    for line in ('command = ["true"]', 'wrapper = ["env"]', 'env = { PATH = "/evil" }', 'trust_flags = ["x"]',
                 "unattended_flags = []", 'files = { "a" = "b" }', "screen = []"):
        lab.config("[agents.sh]\n" + line + "\n")
        lab.up("-d").says("'agents.sh.", "gives rights, and a repository's file cannot").ended_with(1)
    lab.config('[agents.claude]\nallow = ["rm *", "git status"]\n')
    lab.up().says('"rm *" is left out').ended_with(0)
    lab.until_landed("T1")


@test
def programs_of_the_repository_are_named_until_it_is_trusted(lab):
    lab.tasks(script("echo x > x"))
    lab.config('[[merge.test]]\ncommand = ["sh", "-c", "true one"]\nenv = { CI = "1 2" }\n')
    ran = lab.up(check=0)
    ran.says("tmux-orch.toml of this repository names programs: agent 'reports' `sh -eu '{prompt_file}'`",
             "`sh -c 'true one'` with CI='1 2'")
    user_config(lab, f'trusted_roots = ["{lab.repo}"]\n')
    lab.tasks(script("echo y > y", id="T2"))
    if "names programs" in lab.up(check=0).text:
        raise Failed("it is said of a trusted repository")


@test
def the_flags_of_an_agent_are_those_that_the_user_chose(lab):
    lab.fake_program("shows", '#!/bin/sh\necho "$*" >> "$LEDGER/args"\nexec sleep 600\n')
    program = lab.folder / "fake/shows"
    kind = (f'[agents.shows]\ncommand = ["{program}", "{{rights}}", "go"]\n'
            'asking_flags = ["--ask"]\nunattended_flags = ["--all"]\ntrust_flags = ["--trust"]\n')

    def started(file, *flags, **more):
        lab.write(file, f"- [ ] {file[0].upper()}1: look\n")  # of another file, another run
        said = lab.up("--agent", "shows", "-d", *flags, file=file, check=0, **more).text
        args = lab.until_file("args").split(" go ")[0]
        lab.run("down", check=0)
        (lab.ledger / "args").unlink()
        return args, said

    user_config(lab, kind)
    equal(started("a.md")[0], "--ask", "asking")
    user_config(lab, f'trusted_roots = ["{lab.repo}"]\n' + kind)
    equal(started("a.md")[0], "--ask --trust", "in a trusted repository")
    user_config(lab, kind)
    args, said = started("a.md", "--unattended", "--no-sandbox")
    equal(args, "--all --trust", "unattended")
    says(said, "agents run everything without asking, without a sandbox: with all of your rights")
    # `up` again keeps it, until the user takes it back.
    args, said = started("a.md")
    equal(args, "--all --trust", "up again")
    says(said, "agents run everything without asking, without a sandbox")
    equal(started("a.md", "--no-unattended")[0], "--ask", "taken back")
    equal(started("b.md", env={"TMUX_ORCH_UNATTENDED": "true", "TMUX_ORCH_SANDBOX": "false"})[0], "--all --trust",
          "by the environment")
    user_config(lab, "unattended = true\nsandbox = false\n" + kind)
    equal(started("c.md")[0], "--all --trust", "by the user's file")
    lab.config("", base="unattended = false\n" + CONFIG)
    equal(started("d.md")[0], "--ask", "narrowed by the repository")


@test
def without_bubblewrap_unattended_has_to_be_said_twice(lab):
    lab.tasks(script("echo x > x"))
    path = lab.path_without("bwrap")
    ran = lab.up("--unattended", "-d", env=path)
    ran.says("bwrap is not installed (package bubblewrap)", "`tmux-orch up --no-sandbox`").ended_with(1)
    if (lab.repo / ".worktrees").exists():
        raise Failed("something was started")
    path = lab.fake_program("bwrap", "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    lab.up("--unattended", "-d", env=path).says("No permissions to create new namespace").ended_with(1)
    terminal = lab.terminal("env", f"PATH={path['PATH']}", lab.binary, "up", "tasks.md", "-S", lab.socket, "--unattended")
    terminal.until("there is no sandbox for agents here")
    terminal.keys("y", "Enter")
    lab.until_landed("T1")


@test
def an_agent_in_the_sandbox_works_and_reports_and_reaches_nothing_else(lab):
    needs_sandbox(lab)
    opens_ledger(lab)
    secret = lab.home / ".ssh/id_ed25519"
    secret.parent.mkdir()
    secret.write_text("secret")
    (lab.repo / ".git/hooks").mkdir(exist_ok=True)
    forbidden = {
        "home": "echo x > $HOME/.profile",
        "checkout": f"echo x > {lab.repo}/README",
        "config": "git config core.pager evil",
        "hook": f"echo evil > {lab.repo}/.git/hooks/post-commit",
        "main": "git update-ref refs/heads/main HEAD",
        "database": f"echo x > {lab.repo}/.tmux-orch/orch.db",
        "other": f"touch {lab.repo}/.worktrees/T2/mine",
        "spool": f"mkdir -p {lab.repo}/.tmux-orch/runs/*/attempts/T2.1/spool && cat {lab.repo}/.tmux-orch/runs/*/attempts/T2.1/spec",
        "pointer": "echo gitdir: /nowhere > .git",
        "secret": f"grep secret {secret}",
        "tmux": f"tmux -S {lab.socket} list-sessions",
        "kill": f"kill -0 {os.getpid()}",
        "abort": "tmux-orch abort T2",
    }
    lines = [f"if ({command}) 2>/dev/null; then echo {name} >> $LEDGER/reached; fi" for name, command in forbidden.items()]
    lab.tasks(
        script("while [ ! -e $LEDGER/go ]; do sleep 0.1; done", *lines, "echo seen > /dev/tty",
               "echo t > /tmp/t", "echo one > one", "git add one", "git commit -qm one", "tmux-orch progress 0.5 half",
               "tmux-orch done -m 'all done'", "echo end > $LEDGER/end", fields=["Agent: reports"]),
        script("echo two > two; echo go > $LEDGER/go; while [ ! -e $LEDGER/end ]; do sleep 0.1; done", id="T2"),
    )
    lab.up("--sandbox", check=0).says("agents run in a sandbox")
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
    reached = lab.ledger / "reached"
    if reached.exists():
        raise Failed(f"from inside of the sandbox: {reached.read_text().split()}")


@test
def a_sandboxed_agent_has_its_grace_outlives_the_supervisor_and_dies_with_its_shim(lab):
    needs_sandbox(lab)
    opens_ledger(lab)
    lab.config("", base=CONFIG.replace('stop_grace = "500ms"', 'stop_grace = "20s"'))
    lab.tasks(
        script("trap 'echo asked > $LEDGER/asked; exit 0' TERM", "echo $$ > $LEDGER/up", "while :; do sleep 0.1; done"),
        script("echo up > $LEDGER/two; sleep 600", id="T2"),
    )
    lab.begin("--sandbox")
    lab.until_file("up")
    lab.until_file("two")
    lab.kill_supervisor()
    lab.begin()
    equal(lab.task("T1")["state"], "running", "after the supervisor was killed")
    lab.run("abort", "T1", check=0)
    lab.until_file("asked", timeout=10)
    lab.until_state("T1", "aborted")
    # A killed shim takes all of it along, also what is in a process namespace of its own.
    shims = [pid for pid, line in lab.processes().items() if "orch-shim" in line and "T2.1" in line]
    equal(len(shims), 1, "shims of T2")
    os.kill(shims[0], signal.SIGKILL)
    lab.until(lambda: not any("sleep 600" in line for line in lab.processes().values()), "the agent has ended")
    lab.run("down", check=0)
