"""What has landed goes to a remote, never by force, and a command follows at the end."""
import time

from lab import CONFIG, equal, says, script, test

ONE = script("echo one > one.txt")
# Keeps what it was called with, a line for each word.
GH = '#!/bin/sh\nprintf "%s\\n" "$@" >> "$LEDGER/gh"\necho >> "$LEDGER/gh.calls"\n{more}\n'


def remote(lab, name="remote.git"):
    """A bare repository, as `origin`."""
    folder = lab.folder / name
    lab.git("init", "-q", "--bare", "-b", "main", str(folder))
    lab.git("remote", "add", "origin", str(folder))
    lab.git("push", "-q", "origin", "main")
    return folder


def configure(lab, *lines):
    """In the user's own file."""
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("\n".join(("[push]", *lines, "")))


def retry_fast(lab):
    lab.config("", base=CONFIG.replace('"100ms"', '"5ms"'))


def tip(lab, folder, branch="main"):
    return lab.git("-C", str(folder), "rev-parse", f"refs/heads/{branch}", check=False).strip()


def main(lab):
    return lab.git("rev-parse", "main").strip()


def gh(lab, more="exit 0"):
    program = lab.folder / "gh"
    program.write_text(GH.replace("{more}", more))
    program.chmod(0o755)
    return str(program)


def calls(lab):
    file = lab.ledger / "gh.calls"
    return len(file.read_text().splitlines()) if file.exists() else 0


@test
def nothing_is_pushed_by_default_and_a_repository_cannot_switch_it_on(lab):
    folder = remote(lab)
    before = main(lab)
    lab.tasks(ONE)
    lab.config('[push]\nwhen = "landing"\ncommand = ["touch", "pwned"]\n')
    lab.up().ended_with(1).says("push.when", "push.command")
    lab.config("")
    lab.up().ended_with(0)
    lab.until_over()
    equal(tip(lab, folder), before, "the remote")


@test
def after_each_landing_the_branch_is_pushed(lab):
    folder = remote(lab)
    configure(lab, 'when = "landing"')
    lab.tasks(ONE, script("while ! test -e $LEDGER/go; do sleep 0.05; done", "echo two > two.txt", id="T2"))
    lab.begin()
    lab.until(lambda: lab.facts("run.pushed"), "the first landing is pushed")
    equal(tip(lab, folder), main(lab), "the remote")
    (lab.ledger / "go").touch()
    lab.until_state("T2", "merged")
    lab.until_over()
    equal(tip(lab, folder), main(lab), "the remote")
    says(lab.facts("run.pushed")[0][2], "what has landed is pushed to origin")


@test
def at_the_end_it_goes_to_a_branch_of_its_own_and_a_command_follows_once(lab):
    folder = remote(lab)
    before = main(lab)
    configure(lab, 'when = "end"', 'branch = "agents/{base}"',
              f'command = ["{gh(lab)}", "pr", "create", "--head", "{{branch}}", "--base", "{{base}}", "--title", "{{title}}", "--body-file", "{{body_file}}"]')
    lab.tasks(ONE)
    lab.up().ended_with(0)
    lab.until_over()
    equal(tip(lab, folder), before, "main there")
    equal(tip(lab, folder, "agents/main"), main(lab), "the branch there")
    words = (lab.ledger / "gh").read_text().splitlines()
    equal(words[:8], ["pr", "create", "--head", "agents/main", "--base", "main", "--title", "T1: a task"])
    with open(words[9]) as body:
        equal(body.read(), "- T1: a task\n")
    equal(calls(lab), 1, "calls")


@test
def a_remote_that_is_ahead_is_not_forced_and_the_next_up_pushes(lab):
    folder = remote(lab)
    other = lab.folder / "other"
    lab.git("clone", "-q", str(folder), str(other), cwd=lab.folder)
    lab.git("-c", "user.name=o", "-c", "user.email=o@o", "commit", "-q", "--allow-empty", "-m", "theirs", cwd=other)
    lab.git("push", "-q", "origin", "main", cwd=other)
    theirs = tip(lab, folder)
    configure(lab, 'when = "end"', f'command = ["{gh(lab)}"]')
    lab.tasks(ONE, script("exit 1", id="T2"))
    lab.limits("attempts = 1")
    ran = lab.up().ended_with(3)
    ran.says("what has landed is not pushed to origin: ", "rejected", "git push origin ", ":refs/heads/main")
    lab.until_over()
    equal(tip(lab, folder), theirs, "the remote")
    equal(calls(lab), 0, "calls")
    lab.run("status", check=0).says("what has landed is not pushed to origin")
    says(lab.status()["push"]["command"], "git push origin ")
    lab.git("-C", str(folder), "update-ref", "refs/heads/main", lab.git("rev-list", "--max-parents=0", "main").strip())
    lab.up()
    lab.until_over()
    equal(tip(lab, folder), main(lab), "the remote")
    assert "push" not in lab.status(), lab.status()


@test
def a_hook_that_refuses_is_quoted(lab):
    folder = remote(lab)
    hook = folder / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'not on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    configure(lab, 'when = "landing"')
    retry_fast(lab)
    lab.tasks(ONE)
    lab.up().ended_with(0).says("not on Fridays", "pre-receive hook declined")
    lab.until_over()
    equal(lab.task("T1")["state"], "merged")


@test
def a_remote_that_is_gone_stops_no_task(lab):
    lab.git("remote", "add", "origin", str(lab.folder / "nowhere"))
    configure(lab, 'when = "landing"')
    retry_fast(lab)
    lab.tasks(ONE, script("echo two > two.txt", id="T2"))
    lab.up().ended_with(0).says("what has landed is not pushed to origin", "does not appear to be a git repository")
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")


@test
def a_push_that_hangs_stops_no_task_and_down_ends_it(lab):
    remote(lab)
    slow = lab.folder / "slow"
    slow.write_text("#!/bin/sh\ntouch \"$LEDGER/pushing\"\nexec sleep 600\n")
    slow.chmod(0o755)
    lab.git("config", "remote.origin.receivepack", str(slow))
    configure(lab, 'when = "landing"')
    lab.tasks(ONE, script("while ! test -e $LEDGER/pushing; do sleep 0.05; done", "echo two > two.txt", id="T2"))
    lab.begin()
    lab.until((lab.ledger / "pushing").exists, "it pushes")
    lab.until_state("T2", "merged")
    lab.run("down", check=0)
    lab.until_over()


@test
def down_ends_a_command_that_takes_long_and_the_next_up_runs_it_again(lab):
    remote(lab)
    wait = 'test -e "$LEDGER/go" || sleep 600'
    configure(lab, 'when = "end"', f'command = ["{gh(lab, wait)}"]')
    lab.tasks(ONE)
    lab.begin()
    lab.until(lambda: calls(lab) == 1, "it runs")
    start = time.monotonic()
    lab.run("down", check=0)
    lab.until(lambda: not lab.supervisor(), "the supervisor has ended")
    assert time.monotonic() - start < 20, "it was waited for"
    equal(lab.facts("run.not-pushed"), [], "what was told")
    (lab.ledger / "go").touch()
    lab.up().ended_with(0)
    lab.until_over()
    equal(calls(lab), 2, "calls")
    lab.up()
    equal(calls(lab), 2, "calls")


@test
def another_destination_gets_what_has_landed_and_the_command_follows(lab):
    remote(lab)
    other = lab.folder / "other.git"
    lab.git("init", "-q", "--bare", "-b", "main", str(other))
    run = f'command = ["{gh(lab)}", "{{branch}}"]'
    configure(lab, 'when = "end"', run)
    lab.limits("attempts = 1")
    lab.tasks(ONE, script("exit 1", id="T2"))  # so that `up` goes on with this run
    lab.up().ended_with(3)
    lab.until_over()
    configure(lab, 'when = "end"', f'remote = "{other}"', 'branch = "agents"', run)
    lab.up().ended_with(3)
    lab.until_over()
    equal(tip(lab, other, "agents"), main(lab), "the other remote")
    equal((lab.ledger / "gh").read_text().split(), ["main", "agents"], "what the command was called with")
    lab.up().ended_with(3)
    equal(calls(lab), 2, "calls")


@test
def a_command_that_a_kill_cut_short_is_told_and_not_run_again(lab):
    remote(lab)
    configure(lab, 'when = "end"', f'command = ["{gh(lab)}"]')
    lab.tasks(ONE)
    for point, count in (("run_push_command.after_intent", 1), ("run_push_command.after_effect", 2), ("push.command_begun", 2),
                         ("push_branch.after_intent", 3), ("push_branch.after_effect", 4)):
        lab.begin(env={"TMUX_ORCH_FAILPOINT": point})
        lab.until(lambda: not lab.supervisor(), f"{point} is reached")
        lab.up()
        lab.until_over()
        equal(calls(lab), count, f"calls after {point}")
        if point == "push.command_begun":
            says(lab.facts("run.not-pushed")[-1][2], "push.command: it was begun, and nobody knows how it ended")
        lab.tasks(script(f"echo {point} > one.txt", id=f"T{count}.{point}".replace(".", "-").replace("_", "-")))


@test
def a_command_that_cannot_be_started_or_fails_is_told(lab):
    remote(lab)
    for more, text in (("echo 'no token' >&2; exit 4", "no token"), (None, "no-such-program")):
        configure(lab, 'when = "end"', f'command = ["{gh(lab, more) if more else "no-such-program"}"]')
        lab.tasks(script(f"echo '{text}' > one.txt", id=f"T-{len(text)}"))
        lab.up().ended_with(0).says("push.command: ", text)
        lab.until_over()
