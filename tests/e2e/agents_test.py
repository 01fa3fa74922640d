"""Agents that behave badly, and what agents may say and ask."""
import json
import pathlib
import time

from lab import CONFIG, equal, says, script, test

OTHER = script("echo other > other.txt", id="T9", title="another one")


@test
def an_agent_that_fails_three_times_has_failed_and_the_others_go_on(lab):
    lab.tasks(
        script("echo try >> $LEDGER/tries", "echo half > half.txt", "exit 7"),
        script("echo no > no.txt", id="T2", fields=["Depends: T1"]),
        script("echo no > no.txt", id="T3", fields=["Depends: T2"]),
        OTHER,
    )
    ended = lab.up().ended_with(3)
    ended.says("T1 exited with 7; tried again", "T1 failed: exited with 7 (attempt 3)", "1 of 4 tasks merged")
    ended.says("T2 unreachable: needs T1, which is failed", "T3 unreachable: needs T2, which is unreachable")
    equal((lab.ledger / "tries").read_text().count("try"), 3, "tries")
    equal(lab.landed(), ["T9"], "landed")
    equal(lab.rescued("half.txt"), ["half\n"] * 3, "the work of each attempt")
    equal(lab.task("T1")["state"], "failed")


@test
def an_agent_that_ends_at_once_without_a_word_counts_as_failed(lab):
    lab.tasks(script("true", fields=["Agent: reports"]), OTHER)
    lab.up().ended_with(3).says("T1 failed: ended without saying done (attempt 3)")
    equal(lab.landed(), ["T9"], "landed")


@test
def an_agent_that_changes_nothing_is_merged_when_its_end_counts(lab):
    lab.tasks(script("true"))
    lab.up().ended_with(0).says("nothing had to change")


@test
def the_time_limit_ends_an_attempt_and_its_work_is_saved(lab):
    lab.limits('task_timeout = "1s"', "attempts = 1")
    lab.tasks(script("echo precious > precious.txt", "sleep 600"))
    lab.up().ended_with(3).says("T1 failed: ran into its time limit of 1", "`tmux-orch retry T1` starts it again", "saved as refs/orch/rescue/")
    equal(lab.rescued("precious.txt"), ["precious\n"], "rescued")
    task = lab.task("T1")
    equal(task["rescued"], lab.rescues(), "what status names")


@test
def an_agent_that_ignores_sigterm_is_killed_with_its_children(lab):
    lab.limits('task_timeout = "1s"', "attempts = 1")
    lab.tasks(script("trap '' TERM HUP INT", "sleep 601 & echo $! > $LEDGER/child", "echo $$ > $LEDGER/pid", "while :; do sleep 0.2; done"))
    lab.up().ended_with(3)
    for name in ("child", "pid"):
        pid = int((lab.ledger / name).read_text())
        assert not lab.is_alive(pid), f"{name} {pid} lives"


@test
def a_child_that_became_a_daemon_is_dead_when_its_agent_has_ended(lab):
    lab.tasks(
        script(
            "setsid sh -c 'echo $$ > $LEDGER/daemon; exec sleep 602' </dev/null >/dev/null 2>&1 &",
            "while ! test -s $LEDGER/daemon; do sleep 0.05; done",
            "echo done > done.txt",
        )
    )
    lab.up().ended_with(0)
    pid = int((lab.ledger / "daemon").read_text())
    lab.until(lambda: not lab.is_alive(pid), "the daemon is dead", 10)


@test
def fifty_megabytes_of_output_do_not_stop_the_run_and_the_log_is_bounded(lab):
    lab.limits("log_bytes = 1048576")
    lab.tasks(script("yes 'a line of sixty-three characters that is printed again and again..' | head -c 50000000", "echo the very end", "echo x > x.txt"))
    lab.up().ended_with(0)
    run = lab.status()["run"]
    kept = sum(file.stat().st_size for file in (lab.repo / f".tmux-orch/runs/{run}/attempts/T1.1").glob("output*"))
    assert 500_000 < kept < 1_500_000, kept
    says(lab.run("logs", "T1", "-n", "1").out, "the very end")


@test
def an_agent_that_deletes_its_worktree_is_a_case_for_the_user(lab):
    lab.tasks(script('echo x > x.txt; git add -A; git commit -qm kept; cd /; rm -rf "$OLDPWD"'), OTHER)
    ended = lab.up()
    equal(ended.code, 4)
    ended.says("T1", "its worktree", "is gone", "lands what it committed on orch/T1")
    equal(lab.landed(), ["T9"], "landed")
    equal(lab.show("orch/T1:x.txt"), "x\n", "the branch has its commit")
    # And it can be started again.
    lab.tasks(script("echo y > y.txt"), OTHER.replace("[ ]", "[x]"))
    lab.begin("--wait-user", "forever")
    lab.run("retry", "T1", check=0)
    lab.until_state("T1", "merged")


@test
def an_agent_that_commits_to_the_base_does_not_break_the_run(lab):
    lab.tasks(
        script(
            "c=$(git commit-tree -p main -m sneaky main^{tree})",
            "git update-ref refs/heads/main $c",
            "echo x > x.txt",
        )
    )
    lab.up().ended_with(0)
    says(lab.git("log", "--format=%s", "main"), "sneaky", "T1: a task")
    equal(lab.git("status", "--porcelain", "--untracked-files=no"), "", "the checkout follows")


@test
def kill_server_by_an_agent_does_not_touch_ours_as_it_does_not_see_it(lab):
    lab.tasks(script("tmux kill-server 2>&1 || true", 'echo "[${TMUX-}][${TMUX_PANE-}]" > seen.txt'), OTHER)
    lab.up().ended_with(0)
    equal(lab.read("seen.txt"), "[][]\n", "TMUX of an agent")
    equal(len(lab.facts("task.started")), 2, "starts")


@test
def an_agent_that_may_speak_to_tmux_sees_its_pane(lab):
    lab.config("""
[agents.seeing]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "exit"
commit = true
keep_tmux = true
""")
    lab.tasks(script('echo "${TMUX%%,*} ${TMUX_PANE%%[0-9]*}" > seen.txt', fields=["Agent: seeing"]))
    lab.up().ended_with(0)
    equal(lab.read("seen.txt"), f"{lab.socket} %\n", "TMUX of an agent")


@test
def when_the_tmux_server_dies_its_agents_are_started_again_and_their_work_is_saved(lab):
    lab.tasks(
        script(
            "echo $$ >> $LEDGER/T1",
            "if test $(wc -l < $LEDGER/T1) = 1; then echo first > first.txt; sleep 600; fi",
            "echo second > second.txt",
        ),
        script(
            "while ! test -s $LEDGER/T1; do sleep 0.05; done",
            "echo $$ >> $LEDGER/T2",
            "if test $(wc -l < $LEDGER/T2) = 1; then sleep 0.5; tmux -S $SOCKET kill-server; sleep 600; fi",
            "echo two > two.txt",
            id="T2",
        ),
    )
    began = time.monotonic()
    lab.up(env={"SOCKET": lab.socket}).ended_with(0).says("its window or the tmux server was closed; started again")
    assert time.monotonic() - began < 20, "it took long to notice"
    equal(lab.read("second.txt"), "second\n")
    equal(lab.read("two.txt"), "two\n")
    equal(lab.rescued("first.txt"), ["first\n"], "what was there when the server died")
    equal(len((lab.ledger / "T1").read_text().split()), 2, "starts of T1")
    first = int((lab.ledger / "T1").read_text().split()[0])
    assert not lab.is_alive(first), "the first agent lives"


CUSTOM = """
[agents.word]
command = ["sh", "-c", 'printf "%s" "$1" > $LEDGER/argument; echo $# > word.txt', "sh"]
done = "exit"
commit = true
[agents.filed]
command = ["sh", "-c", 'cat "$1" > $LEDGER/file; echo x > filed.txt', "sh", "{prompt_file}"]
prompt = "file"
done = "exit"
commit = true
[agents.piped]
command = ["sh", "-c", 'cat > $LEDGER/stdin; echo x > piped.txt; pwd > $LEDGER/pwd; echo "$EXTRA" > $LEDGER/extra']
prompt = "stdin"
done = "exit"
commit = true
wrapper = ["env", "WRAPPED={worktree}"]
env = { EXTRA = "a value; $(touch x)" }
"""


@test
def any_command_is_an_agent_with_its_prompt_as_argument_file_or_input(lab):
    lab.config(CUSTOM)
    lab.tasks(
        "- [ ] T1: with a word\n  Agent: word\n  The text of it, with \"quotes\" and $(touch x).\n",
        "- [ ] T2: with a file\n  Agent: filed\n  The text of it.\n",
        "- [ ] T3: with a pipe\n  Agent: piped\n  The text of it.\n",
    )
    lab.up().ended_with(0)
    for name in ("argument", "file", "stdin"):
        says((lab.ledger / name).read_text(), "The text of it", "orch/T", what=name)
    says((lab.ledger / "argument").read_text(), '"quotes" and $(touch x).')
    equal(lab.read("word.txt"), "1\n", "arguments")
    equal((lab.ledger / "extra").read_text(), "a value; $(touch x)\n")
    says((lab.ledger / "pwd").read_text(), ".worktrees/T3")
    assert not list(lab.folder.rglob("x")), "something was executed"


@test
def done_is_refused_with_uncommitted_files_and_then_accepted(lab):
    lab.tasks(
        script(
            "echo x > x.txt",
            "tmux-orch done -m early > $LEDGER/refused 2>&1 && exit 9",
            "git add -A && git commit -qm work",
            "tmux-orch done -m finished > $LEDGER/accepted 2>&1",
            "sleep 600",
            fields=["Agent: reports"],
        )
    )
    lab.up().ended_with(0).says("T1 done: finished")
    says((lab.ledger / "refused").read_text(), "1 file is not committed: x.txt", "then `tmux-orch done` again")
    says((lab.ledger / "accepted").read_text(), "T1: done recorded")
    equal(lab.read("x.txt"), "x\n")


@test
def done_without_a_change_has_to_be_said_on_purpose(lab):
    lab.tasks(
        script(
            "tmux-orch done > $LEDGER/refused 2>&1 && exit 9", "echo x > x.txt; git add x.txt; git commit -qm x",
            "tmux-orch done", "sleep 600", fields=["Agent: reports"],
        ),
        script("tmux-orch done --no-changes", "sleep 600", id="T2", fields=["Agent: reports"]),
    )
    lab.up().ended_with(0).says("T1 merged", "T2 merged, untested (nothing had to change)")
    says((lab.ledger / "refused").read_text(), "there is no commit on orch/T1 yet, and nothing to commit",
         "commit it; `tmux-orch done --no-changes` if the task needs no change, `tmux-orch blocked 'why'`")


@test
def a_report_that_nobody_hears_of_counts_all_the_same(lab):
    socket = f"{lab.repo}/.tmux-orch/socket"
    lab.tasks(
        script(
            "echo x > x.txt; git add -A; git commit -qm x",
            f"mv {socket} {socket}.away; tmux-orch done; mv {socket}.away {socket}; sleep 600",
            fields=["Agent: reports"],
        )
    )
    lab.up().ended_with(0).says("T1 merged")


@test
def blocked_needs_the_user_and_release_lets_it_go_on(lab):
    lab.tasks(
        script(
            "if ! test -e $LEDGER/go; then tmux-orch blocked 'which colour; $(touch x)?'; sleep 600; fi",
            "echo x > x.txt; git add -A; git commit -qm x; tmux-orch done",
            fields=["Agent: reports"],
        ),
        OTHER,
    )
    ended = lab.up().ended_with(4)
    ended.says("T1 which colour; $(touch x)?", "T1 blocked", "1 of 2 tasks merged")
    equal(lab.status()["needs_user"], ["T1"], "needs_user")
    equal(lab.landed(), ["T9"], "landed")
    # The agent was stopped with the run; released, it starts again.
    (lab.ledger / "go").write_text("go")
    lab.run("release", "T1", check=0)
    lab.up("--wait-user", "30s").ended_with(0)
    equal(lab.read("x.txt"), "x\n")


@test
def after_the_tmux_server_died_a_window_shows_its_own_task(lab):
    one_worker = CONFIG.replace("workers = 3", "workers = 1")
    lab.config("", base=one_worker.replace("[limits]", "[limits]\nattempts = 1"))
    lab.commit("one worker")
    lab.tasks(
        script("echo $$ >> $LEDGER/T1; sleep 600", id="T1", fields=["Priority: P3"]),
        script("exit 3", id="T2", fields=["Priority: P1"]),
    )
    lab.begin()
    lab.until_state("T2", "failed")
    lab.until_file("T1")
    lab.tmux("kill-server")
    lab.until(lambda: (lab.ledger / "T1").read_text().count("\n") == 2, "T1 is started again")
    # The failed task had the id of this window in the server before.
    equal(lab.task("T1")["window"], lab.task("T2")["window"], "the ids")
    lab.until(lambda: "T1 running" in lab.windows("#{@orch_task} #{@orch_state}"), "its own state is shown")
    lab.run("retry", "T2", check=0)
    lab.until_state("T2", "waiting")
    equal([shown for shown in lab.windows("#{@orch_task} #{@orch_state}") if shown.startswith("T1")], ["T1 running"])
    lab.run("down", check=0)


@test
def a_blocked_agent_that_lives_goes_on_when_it_is_released(lab):
    lab.tasks(
        script(
            "echo $$ >> $LEDGER/pid",
            "tmux-orch blocked ' ' || echo $? > $LEDGER/wordless",
            "tmux-orch blocked 'I wait'",
            "while ! test -e $LEDGER/go; do sleep 0.05; done",
            "echo x > x.txt; git add -A; git commit -qm x; tmux-orch done",
            fields=["Agent: reports"],
        ),
    )
    lab.begin("--wait-user", "forever")
    equal(lab.until_state("T1", "blocked")["why"], "I wait")
    equal((lab.ledger / "wordless").read_text(), "2\n", "status of blocked without a text")
    lab.run("release", "T1", check=0).says("T1 is released")
    lab.until_state("T1", "running")
    (lab.ledger / "go").write_text("go")
    lab.until_state("T1", "merged")
    equal(len((lab.ledger / "pid").read_text().split()), 1, "starts")


@test
def a_blocked_agent_is_answered_by_the_next_attempt(lab):
    lab.tasks(
        script(
            "if test -z \"${TMUX_ORCH_FEEDBACK:-}\"; then tmux-orch blocked '[red, green]?'; sleep 600; fi",
            "cp \"$TMUX_ORCH_FEEDBACK\" colour.txt; git add -A; git commit -qm colour; tmux-orch done",
            fields=["Agent: reports"],
        ),
    )
    lab.begin("--wait-user", "forever")
    equal(lab.until_state("T1", "blocked")["why"], "[red, green]?")
    answer = "[red; $(touch x)\nand 'green', not blue]"
    lab.run("release", "T1", " ").ended_with(1).says("there is no text")
    lab.run("release", "T1", answer, check=0).says("T1 is released")
    lab.until_state("T1", "merged")
    # The checkout follows a moment later.
    colour = lab.repo / "colour.txt"
    lab.until(lambda: colour.exists() and colour.read_text() == answer, "its answer in the checkout")
    equal(lab.task("T1")["attempt"], 2)
    lab.run("release", "T1", "blue").ended_with(1).says("T1 is not held: it is merged")


@test
def progress_notify_and_whoami_say_what_they_should(lab):
    lab.tasks(
        script(
            "tmux-orch progress 0.42 'half way'",
            "tmux-orch progress 7 >$LEDGER/bad 2>&1 && exit 1",
            "tmux-orch notify 'a second bug'",
            "tmux-orch whoami --json > $LEDGER/whoami",
            "tmux-orch whoami > $LEDGER/plain",
            "while ! test -e $LEDGER/go; do sleep 0.05; done",
            "echo x > x.txt; git add -A; git commit -qm x; tmux-orch done",
            fields=["Agent: reports"],
        )
    )
    lab.begin()
    lab.until_file("plain")
    task = lab.until(lambda: (t := lab.task("T1"))["note"] == "a second bug" and t, "the note")
    equal(task["progress"], 0.42)
    equal(task["agent_state"], "busy")
    says((lab.ledger / "bad").read_text(), "'7' is not a number from 0 to 1")
    me = json.loads((lab.ledger / "whoami").read_text())
    equal((me["task"], me["attempt"], me["branch"], me["agent"]), ("T1", 1, "orch/T1", "reports"))
    says((lab.ledger / "plain").read_text(), "task T1, attempt 1, worker 1 (reports)", "branch orch/T1")
    says(lab.run("events").out, "T1 says to you (m1): a second bug")
    (lab.ledger / "go").write_text("go")
    lab.until_state("T1", "merged")


@test
def an_agent_may_not_ask_for_what_people_ask(lab):
    lab.tasks(
        script(
            "tmux-orch up tasks.md >> $LEDGER/said 2>&1 && echo 'up was allowed' >> $LEDGER/allowed",
            "for verb in 'abort T1' 'abort T9' 'retry T1' 'merge T1' 'hold T9' 'release T9' 'down'; do",
            "  tmux-orch $verb >> $LEDGER/said 2>&1 && echo \"$verb was allowed\" >> $LEDGER/allowed",
            "  env -u TMUX_ORCH_ATTEMPT tmux-orch $verb >> $LEDGER/said 2>&1 && echo \"$verb was allowed without the variable\" >> $LEDGER/allowed",
            "  true",
            "done",
            "tmux-orch status >> $LEDGER/said",
            "echo x > x.txt",
        ),
        OTHER,
    )
    ended = lab.up().ended_with(0)
    said = (lab.ledger / "said").read_text()
    says(said, "the agent of T1 may report, but not abort", "a run in a run is not")
    equal((lab.ledger / "allowed").exists() and (lab.ledger / "allowed").read_text(), False, "allowed")
    ended.says("2 of 2 tasks merged")


@test
def verbs_of_agents_are_refused_outside_of_a_pane(lab):
    lab.tasks(OTHER)
    for argv in (["done"], ["blocked", "x"], ["progress", "0.5"], ["notify", "x"], ["whoami"]):
        lab.run(*argv).ended_with(1).says("this verb is for agents, in the pane they were started in")


@test
def what_is_reported_while_the_supervisor_is_dead_counts_after_up(lab):
    lab.tasks(
        script(
            "echo $$ >> $LEDGER/pid",
            "while ! test -e $LEDGER/go; do sleep 0.05; done",
            "echo x > x.txt; git add -A; git commit -qm x; tmux-orch done -m alone",
            "echo said >> $LEDGER/said",
            "sleep 600",
            fields=["Agent: reports"],
        )
    )
    lab.begin()
    lab.until_file("pid")
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    says(lab.run("status").out, "no supervisor is alive: `tmux-orch up` goes on")
    (lab.ledger / "go").write_text("go")
    lab.until_file("said")
    equal(lab.landed(), [], "landed")
    lab.up().ended_with(0).says("T1 done: alone")
    ended = lab.ended_effects()
    equal(len(ended), len(set(ended)), f"effects that ended twice, of {ended}")
    equal(len((lab.ledger / "pid").read_text().split()), 1, "starts")
    equal(lab.landed(), ["T1"], "landed")


@test
def an_agent_that_ended_while_the_supervisor_was_dead_is_landed_after_up(lab):
    lab.tasks(script("echo $$ > $LEDGER/pid", "while ! test -e $LEDGER/go; do sleep 0.05; done", "echo x > x.txt"))
    lab.begin()
    pid = int(lab.until_file("pid"))
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    (lab.ledger / "go").write_text("go")
    lab.until(lambda: not lab.is_alive(pid), "the agent has ended")
    lab.up().ended_with(0)
    equal(len(lab.facts("task.started")), 1, "starts")


@test
def an_agent_has_the_environment_of_up_less_what_is_of_tmux(lab):
    lab.tasks(script("env -0 > $LEDGER/env", "command -v tmux-orch > $LEDGER/which", "echo x > x.txt"))
    odd = {"ODD": "a b\nc;$(touch x)\"'", "TMUX": "/nowhere,1,2", "TMUX_PANE": "%9"}
    lab.up(env=odd).ended_with(0)
    found = dict(pair.split("=", 1) for pair in (lab.ledger / "env").read_text().split("\0") if pair)
    equal(found["ODD"], odd["ODD"])
    assert "TMUX" not in found and "TMUX_PANE" not in found, found
    for name in ("HOME", "LEDGER", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "LC_ALL"):
        equal(found.get(name), lab.env[name], name)
    says(found["PATH"], lab.env["PATH"])
    assert pathlib.Path((lab.ledger / "which").read_text().strip()).samefile(lab.binary)
    extra = set(found) - set(lab.env) - {"ODD", "PWD", "OLDPWD", "SHLVL", "_", "TERM"}
    extra -= {"TMUX_ORCH_AGENT_ID", "TMUX_ORCH_ATTEMPT", "TMUX_ORCH_INBOX", "TMUX_ORCH_PORT", "TMUX_ORCH_TOKEN", "ORCH_PROGRAM"}
    equal({name for name in extra if not name.startswith("GIT_CONFIG_")}, set(), "variables that up did not have")


@test
def a_failing_hook_of_the_user_does_not_keep_work_from_landing(lab):
    hook = lab.repo / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    lab.tasks(script("echo x > x.txt"))
    lab.up().ended_with(0)
    equal(lab.read("x.txt"), "x\n")
