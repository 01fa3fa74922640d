"""The first minute: trust and sign-in before a start, the first agent alone, failed starts, the first screen."""
import json

import tui
from lab import equal, says, script, test

# The evidence is a file of the lab's own; `{root}` in it is the repository.
PREFLIGHT = """
[agents.tui.preflight]
program = "tui_agent"
trusted = [{file = "trust.json", key = ["{root}", "trusted"]}]
signed_in = [{env = "TUI_KEY"}, {folder = "~/.tui", file = "auth.json"}]
"""


def trust(lab, root=None):
    (lab.home / "trust.json").write_text(json.dumps({str(root or lab.repo): {"trusted": True}}))


def sign_in(lab):
    (lab.home / ".tui").mkdir()
    (lab.home / ".tui/auth.json").write_text("{}")


def starts(lab):
    return [task for kind, task, _ in lab.facts("task.started")]


def tasks(lab, *first, ids=("T1", "T2", "T3")):
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(*[tui.task(*(first if id == ids[0] else ()), *after, id=id) for id in ids])


@test
def without_a_terminal_nothing_starts_before_the_user_is_signed_in_and_trusts_the_repository(lab):
    tui.configure(lab, more=PREFLIGHT)
    tasks(lab)
    lab.up("-d").ended_with(4).says("tui is not signed in and does not trust", "auth.json", "`cd ", "&& ")
    sign_in(lab)
    lab.up("-d").ended_with(4).says("tui does not trust this repository yet", "trust.json")
    # Another repository's counts for nothing, and neither does a no.
    trust(lab, lab.folder)
    lab.up("-d").ended_with(4)
    (lab.home / "trust.json").write_text(json.dumps({str(lab.repo): {"trusted": False}}))
    lab.up("-d").ended_with(4)
    equal(list((lab.repo / ".tmux-orch").glob("runs/*")), [], "runs")
    trust(lab)
    lab.begin()
    lab.until(lambda: sorted(lab.landed()) == ["T1", "T2", "T3"], "all three landed")


@test
def what_cannot_be_told_is_in_nobodys_way(lab):
    tui.configure(lab, more=PREFLIGHT)
    tasks(lab, ids=("T1",))
    sign_in(lab)
    (lab.home / "trust.json").write_text("{" * 100_000)
    lab.begin()
    lab.until_landed("T1")


@test
def a_kind_that_the_run_does_not_start_is_not_asked_for(lab):
    tui.configure(lab, more=PREFLIGHT)
    lab.tasks(script("echo x > x", id="T1"))
    lab.begin()
    lab.until_landed("T1")


@test
def on_a_terminal_the_first_agent_asks_alone_and_the_others_follow_the_answer(lab):
    tui.configure(lab, more=PREFLIGHT)
    sign_in(lab)
    tasks(lab, "trust")
    terminal = lab.terminal(lab.binary, "up", "tasks.md", "-S", lab.socket)
    terminal.until("T1 started", "T1")
    tui.until_turn(lab, "T1", "asking", "trust")
    equal(starts(lab), ["T1"], "started")
    says(lab.task("T2")["why"], "waits until the first tui agent has got to work")
    tui.press(lab, "T1", "2")
    lab.until(lambda: sorted(lab.landed()) == ["T1", "T2", "T3"], "all three landed")


@test
def two_failed_starts_stop_a_kind_with_its_own_words_and_retry_tries_again(lab):
    flag = lab.folder / "network"
    agent = lab.folder / "agent"
    agent.write_text(
        f"#!/bin/sh\nif [ ! -e {flag} ]; then printf '\\033[31mUnable to connect\\033[0m\\n'; exit 7; fi\n"
        'echo x > "$(basename "$PWD")"; git add -A; git commit -qm work; tmux-orch done\n')
    agent.chmod(0o755)
    lab.config(f'\n[agents.broken]\ncommand = ["{agent}"]\n')
    ids = ("T1", "T2", "T3")
    lab.tasks(*[f"- [ ] {id}: a task\n  Agent: broken\n" for id in ids], script("echo x > sh", id="T4"))
    lab.begin("--workers", "1", "--wait-user", "forever")
    lab.until(lambda: "T1" in lab.status()["needs_user"], "T1 needs the user")
    task = lab.task("T1")
    says(task["why"], "no more broken agents are started", "2 in a row", "exited with 7", "Unable to connect")
    assert "\033" not in task["why"] and "31m" not in task["why"], task["why"]
    # Other kinds go on, and what failed to start was no attempt at a task.
    lab.until_state("T4", "merged")
    equal([one for one in lab.facts("task.failed")], [], "failed tasks")
    flag.touch()
    lab.run("retry", "T1", check=0)
    lab.until(lambda: sorted(lab.landed()) == ["T1", "T2", "T3", "T4"], "all landed")


@test
def a_run_with_a_stopped_kind_ends_with_4_and_up_tries_again(lab):
    lab.config('\n[agents.broken]\ncommand = ["sh", "-c", "echo no such account; exit 1"]\n')
    lab.tasks(*[f"- [ ] T{i}: a task\n  Agent: broken\n" for i in range(1, 4)])
    lab.up("--foreground", "--workers", "1").ended_with(4).says("no such account")
    equal(len(starts(lab)), 2, "starts")
    lab.up("--foreground", "--workers", "1").ended_with(4)
    equal(len(starts(lab)), 4, "starts")


@test
def agents_of_a_kind_start_apart(lab):
    lab.config('\n[agents.slow]\ncommand = ["sh", "-eu", "{prompt_file}"]\nprompt = "script"\ndone = "exit"\n'
               'commit = true\nstart_gap = "1500ms"\n')
    lab.tasks(*[script("date +%s%N > $LEDGER/" + f"T{i}; echo x > f{i}", id=f"T{i}", fields=["Agent: slow"])
                for i in (1, 2, 3)])
    lab.begin()
    times = sorted(int(lab.until_file(f"T{i}")) / 1e9 for i in (1, 2, 3))
    gaps = [later - sooner for sooner, later in zip(times, times[1:])]
    # Making a worktree takes longer at one time than at another.
    assert min(gaps) > 0.8, gaps
    lab.until_over()


@test
def the_first_run_in_a_repository_is_shown_and_asked_for_once(lab):
    lab.write(".claude/settings.json", '{"hooks": {"Stop": [{"hooks": [{"command": "x"}]}]}}')
    lab.write(".mcp.json", '{"mcpServers": {"a": {}}}')
    lab.write("opencode.json", "not JSON")
    lab.commit("configuration of agents")
    lab.tasks(script("echo x > x", id="T1", title="evil \033[2J title"))

    def up(*args):
        return lab.terminal(lab.binary, "up", "tasks.md", "-S", lab.socket, *args, asks_first=True)

    terminal = up()
    terminal.until("The first run in this repository", "1 of tasks.md", "T1", "agent", "sh, 1 task",
                   "no test: everything lands untested", ".claude/settings.json (hooks)", ".mcp.json (mcpServers)",
                   "opencode.json (cannot be read)", "Start? [Y/n]")
    terminal.keys("n", "Enter")
    terminal.until("nothing was started", "ended with 1")
    equal(list((lab.repo / ".tmux-orch").glob("runs/*")), [], "runs")
    terminal = up()
    terminal.until("Start? [Y/n]")
    terminal.keys("Enter")
    lab.until_landed("T1")
    lab.until_over()
    # Yes was kept as trust in this repository.
    says((lab.home / ".local/state/tmux-orch/trusted").read_text(), str(lab.repo))
    # There has been a run: nothing is asked any more.
    lab.tasks(script("echo x > y", id="T2"))
    again = up()
    lab.until_landed("T1", "T2")
    assert "Start?" not in again.screen()


@test
def yes_and_a_background_run_do_not_ask(lab):
    lab.tasks(script("echo x > x", id="T1"))
    terminal = lab.terminal(lab.binary, "up", "tasks.md", "-y", "-S", lab.socket, asks_first=True)
    lab.until_landed("T1")
    assert "Start?" not in terminal.screen()


@test
def doctor_says_what_is_known_of_each_agent(lab):
    fake = lab.fake_program("claude", "#!/bin/sh\n[ \"$1\" = --version ] && echo '9.9.9 (Claude Code)'\n")
    lab.fake_program("codex", "#!/bin/sh\nsleep 60\n")
    lab.config("", base='agent = "claude"\n')
    before = sorted(map(str, lab.home.rglob("*")))
    ran = lab.run("doctor", env=fake, timeout=30).ended_with(1)
    ran.says("BAD agent claude: 9.9.9, another one than was tried; not signed in", "not trusted here",
             "`cd ", "ok  agent codex: does not say its version", "ok  tmux-orch for agents")
    equal(sorted(map(str, lab.home.rglob("*"))), before, "files of the user")
    (lab.home / ".claude.json").write_text(json.dumps(
        {"projects": {str(lab.repo): {"hasTrustDialogAccepted": True}}, "oauthAccount": {"id": 1}}))
    lab.run("doctor", env=fake, timeout=30).ended_with(0).says(
        "ok  agent claude: 9.9.9", "signed in (", "trusted here (")
