"""tmux-orch agents: the kinds of agents, screens that are kept, and a trial of one."""
import json
import os
import pathlib
import signal
import subprocess
import sys

import tui
from lab import CONFIG, equal, long_test, says, script, test

SCORE = pathlib.Path(__file__).resolve().parents[1] / "screens/score.py"
VERSION = '#!/bin/sh\ncase "$1" in --version) echo "tool 1.2.3"; exit 0;; esac\n'
def kinds(lab, **more):
    listed = json.loads(lab.run("agents", "--json", check=0, **more).out)
    equal(listed["schema"], 1)
    return {one["name"]: one for one in listed["agents"]}


def left_as(lab):
    """All that a trial must leave as it was."""
    return {
        "refs": lab.git("for-each-ref"),
        "head": lab.git("rev-parse", "HEAD", "--symbolic-full-name", "HEAD"),
        "worktrees": lab.git("worktree", "list", "--porcelain"),
        "status": lab.git("status", "--porcelain", "--ignored"),
        "config": (lab.repo / ".git/config").read_text(),
        "ours": sorted(str(path) for path in (lab.repo / ".tmux-orch").rglob("*") if path.is_file()),
    }


def steps(out):
    """(end, name) of each step."""
    return [(line[:8].strip(), line[9:28].strip()) for line in out.splitlines() if line[:8].strip() in ("ok", "FAILED", "skipped")]


def trial(lab, *steps, limits=(), lines=""):
    """The kind `tui`, which does these steps whatever it is told, notes its arguments, and ends when it is told to."""
    agent = lab.folder / "trial_agent"
    agent.write_text(f"""#!{sys.executable}
import os, sys
if "--version" in sys.argv:
    sys.exit("tool 1.2.3")
with open({str(lab.ledger / "arguments")!r}, "a") as file:
    file.write(" ".join(sys.argv[1:-1]) + chr(10))
text = "```tui\\n" + "\\n".join({list(steps)!r}) + "\\n```"
os.execv({str(tui.FAKE / "tui_agent")!r}, ["tui_agent", text])
""")
    agent.chmod(0o755)
    tui.configure(lab, *limits)
    text = (lab.repo / "tmux-orch.toml").read_text()
    text = text.replace(f'command = ["{tui.FAKE / "tui_agent"}"]', f"""command = ["{agent}", "{{session}}"]
exit_command = "/exit"
interrupt_keys = ["Escape"]
resumes = true
session_args = ["--session-id", "{{session}}"]
resume = ["--resume", "{{session}}"]
{lines}""")
    (lab.repo / "tmux-orch.toml").write_text(text)
    if lab.git("status", "--porcelain"):
        lab.commit("an agent")


def servers(lab):
    """Folders of the tmux servers of trials."""
    return list(lab.folder.glob("tmp/tmux-orch-trial-*"))


def try_tui(lab, *more, **options):
    (lab.folder / "tmp").mkdir(exist_ok=True)
    return lab.run("agents", "test", "tui", "-y", *more, timeout=120, env={"TMPDIR": str(lab.folder / "tmp")}, **options)


WORK = ("busy 1", "run echo 'it works' > tmux-orch-trial.txt; git add -A; git commit -qm trial", tui.DONE)


@test
def agents_lists_every_kind_with_what_its_program_says(lab):
    env = lab.fake_program("claude", VERSION)
    lab.fake_program("codex", '#!/bin/sh\ncase "$1" in --version) sleep 0.2; echo "codex 0.169.0";; esac\n')
    found = kinds(lab, env=env)
    equal((found["claude"]["version"], found["claude"]["is_measured"], found["claude"]["installed"]), ("1.2.3", False, True))
    equal((found["codex"]["version"], found["codex"]["is_measured"]), ("0.169.0", True))
    equal((found["claude"]["hooks"], found["gemini"]["hooks"], found["claude"]["resumes"], found["opencode"]["resumes"]), (True, False, True, False))
    assert found["claude"]["screen_rules"] > 5 and found["sh"]["screen_rules"] == 0
    equal(found["claude"]["trusted"]["known"], "no")
    lab.run("agents", check=0, env=env).says("agent ", "1.2.3 (tried with 2.1.329, 2.1.332)", "0.169.0", "not installed", "claude: `")
    outside = lab.folder / "outside"
    outside.mkdir()
    assert "trusted" not in kinds(lab, cwd=outside, env=env)["claude"]
    lab.run("agents", "tset", "claude").ended_with(2).says("tmux-orch agents test claude")


@long_test
def a_program_that_hangs_does_not_keep_the_list_from_the_others(lab):
    file = lab.home / ".config/tmux-orch/config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[agents.hangs]\ncommand = ["hangs"]\n[agents.hangs.preflight]\nversion = ["--version"]\n')
    env = lab.fake_program("hangs", "#!/bin/sh\ntouch $LEDGER/asked\nexec sleep 600\n")
    lab.fake_program("claude", VERSION)
    found = kinds(lab, env=env)
    equal((found["hangs"]["version"], found["claude"]["version"]), ("", "1.2.3"))
    assert (lab.ledger / "asked").exists(), "it was not asked"


@test
def a_recorded_screen_is_read_again_and_is_never_written_over(lab):
    tui.configure(lab)
    lab.tasks(tui.task("ask permission true", "busy 30"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    folder = lab.folder / "screens"
    lab.run("agents", "record", "T1", folder, check=0).says("T1-permission.txt: permission by rule 'permission'", "explain --agent tui")
    lab.run("agents", "record", "T1", folder, check=0).says("T1-permission-2.txt")
    lab.run("agents", "record", "T1", folder, "--name", "mine/../../x", check=0)
    about = json.loads((folder / "tui/T1-permission.json").read_text())
    equal((about["agent"], about["state"], about["rule"], about["dead"]), ("tui", "permission", "permission", False))
    assert about["width"] > 10 and about["height"] > 5, about
    equal({path.suffix for path in folder.rglob("*") if path.is_file()}, {".txt", ".meta", ".json"})
    equal([str(p) for p in lab.folder.rglob("x.txt")], [], "a name leads out of the folder")
    read = lab.run("explain", "--agent", "tui", "--screen", folder / "tui/T1-permission.txt", "--title", about["title"], "--json", check=0)
    equal(json.loads(read.out)["state"], "permission")
    lab.run("agents", "record", "T9", folder).ended_with(1).says("T9")
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    lab.run("agents", "record", "T1", folder).ended_with(1).says("no agent is at work on T1")


@test
def a_trial_goes_through_every_step_and_leaves_the_repository_as_it_was(lab):
    trial(lab, *WORK)
    before = left_as(lab)
    ended = try_tui(lab).ended_with(0)
    wanted = ["program found", "version", "signed in", "trusted", "started", "came up", "at work", "file written", "committed",
              "reported done", "hooks", "idle after it", "ends when told to"]
    equal([name for _, name in steps(ended.out)], wanted, ended.out + ended.err)
    good = {name: end for end, name in steps(ended.out)}
    equal(good["committed"], "ok", ended.out)
    equal((good["at work"], good["reported done"], good["idle after it"]), ("ok", "ok", "ok"), ended.out)
    equal(left_as(lab), before)
    equal(servers(lab), [], "folders of its server")


@test
def a_trial_is_not_begun_without_a_word_of_the_user(lab):
    trial(lab, *WORK)
    before = left_as(lab)
    lab.run("agents", "test", "tui").ended_with(4).says("one paid request", "tmux-orch agents test tui -y")
    lab.run("agents", "test", "tiu", "-y").ended_with(1).says("there is no agent 'tiu'", "did you mean 'tui'?")
    equal(left_as(lab), before)
    assert not (lab.ledger / "arguments").exists(), "it was started"


@test
def a_trial_next_to_a_run_does_not_touch_it(lab):
    trial(lab, *WORK)
    lab.tasks(script("echo $$ > $LEDGER/pid; while ! test -e $LEDGER/go; do sleep 0.1; done; echo x > x.txt"))
    lab.begin()
    lab.until_file("pid")
    before = {name: value for name, value in left_as(lab).items() if name not in ("ours", "status")}
    seq = len(lab.facts())
    try_tui(lab).ended_with(0)
    equal({name: value for name, value in left_as(lab).items() if name not in ("ours", "status")}, before)
    equal(len(lab.facts()), seq, "facts of the run")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")


@long_test
def a_step_that_fails_is_told_with_what_to_do(lab):
    for steps_, name, parts in (
        (("trust",), "at work", ("it asks (trust)", "once and answer it")),
        (("busy 1", "ask permission make"), "file written", ("it asks (permission)", "agents.tui.allow")),
        (("fail the API is away",), "file written", ("its turn failed",)),
        (("exit 3",), "started", ("its program ended (exited with 3)",)),
        (("busy 1", "run echo x > tmux-orch-trial.txt", "hang"), "committed", ("did not come to that in time", "--timeout 10m")),
    ):
        trial(lab, *steps_)
        before = left_as(lab)
        ended = try_tui(lab, "--timeout", "12s").ended_with(1)
        failed = [one for end, one in steps(ended.out) if end == "FAILED"]
        assert failed and (failed == [name] or name in ("at work", "started", "file written")), (name, ended.out)
        says(ended.out, *parts)
        equal(left_as(lab), before, steps_)
        equal(servers(lab), [])


@test
def a_trial_that_is_interrupted_or_killed_leaves_nothing_for_long(lab):
    trial(lab, "run echo $PWD > $LEDGER/place; sleep 600", "hang")
    before = left_as(lab)
    (lab.folder / "tmp").mkdir()
    for number, wanted in ((signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)):
        program = lab.spawn("agents", "test", "tui", "-y", env={"TMPDIR": str(lab.folder / "tmp")})
        place = pathlib.Path(lab.until_file("place").strip())
        says(str(place), "/.tmux-orch/trial-")
        program.send_signal(number)
        equal(lab.finish(program).code, wanted)
        (lab.ledger / "place").unlink()
        if number != signal.SIGKILL:
            equal(left_as(lab), before)
    assert place.exists() and servers(lab), "nothing was left to be taken away"
    trial(lab, *WORK)
    try_tui(lab).ended_with(0)
    assert not place.exists(), "the worktree of the killed one"
    equal(servers(lab), [])
    equal(left_as(lab)["worktrees"].count("worktree "), 1)


@test
def a_further_attempt_goes_on_with_the_conversation(lab):
    trial(lab, "busy 2", "exit 3", limits=["attempts = 4"], lines='failed_start = "0s"')
    lab.tasks(tui.task("busy 1"))
    lab.up().ended_with(3)
    words = [line.split() for line in (lab.ledger / "arguments").read_text().splitlines()]
    equal([line[0] for line in words], ["--session-id", "--resume", "--session-id", "--resume"])
    equal(words[0][1], words[1][1])
    equal(words[2][1], words[3][1])
    assert words[1][1] != words[2][1]
    equal(len(words[0][1]), 36)


@test
def an_agent_without_rules_for_its_screen_that_falls_silent_is_told_as_stalled_once_and_is_never_typed_into(lab):
    lab.config("""
[agents.mine]
command = ["sh", "-c", 'echo $$ > $LEDGER/pid; exec cat > $LEDGER/typed']
[agents.works]
command = ["sh", "-c", 'sh -c "while ! test -e $LEDGER/go; do sleep 0.2; done"; echo x > x.txt; git add -A; git commit -qm x; tmux-orch done; sleep 600']
""", base=CONFIG.replace("[limits]", '[limits]\nstall = "2s"'))
    lab.tasks("- [ ] T1: silent\n  Agent: mine\n  The text.\n", "- [ ] T2: with a child\n  Agent: works\n  The text.\n")
    lab.begin("--wait-user", "forever")
    lab.until_file("pid")
    task = lab.until(lambda: (t := lab.task("T1")).get("agent_turn", {}).get("stalled") and t, "T1 stalls", 30)
    equal(task["agent_state"], "unknown")
    says(task["why"], "its screen cannot be read")
    lab.run("send", "T1", "hello").ended_with(1).says("nobody knows when")
    equal(lab.task("T2")["agent_turn"]["stalled"], False)
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T2")
    equal(len(tui.facts(lab, "T1", "task.stalled")), 1)
    equal((lab.ledger / "typed").read_text(), "")
    lab.run("abort", "T1", check=0)
