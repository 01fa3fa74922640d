"""Agents that forge, remove or flood what they can write: it is never believed, and harms nobody else."""
from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
# Says in `claim` and `pids` that the process $1 is its shim and agent.
FORGE = """
import os, pathlib, sys
folder, pid = pathlib.Path(os.environ["TMUX_ORCH_ATTEMPT"]), sys.argv[1]
start = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[19]
for name in ("claim", "pids"):
    lines, out = (folder / name).read_bytes().split(b"\\n"), b""
    for key, value in zip(lines[::2], lines[1::2]):
        key = key.split()[0].decode()
        value = {"pid": pid.encode(), "start": start.encode()}.get(key.partition(".")[2], value)
        out += f"{key} {len(value)}\\n".encode() + value + b"\\n"
    (folder / name).write_bytes(out)
"""


def attempt(lab, key="T1.1"):
    return next((lab.repo / ".tmux-orch/runs").glob(f"*/attempts/{key}"))


def unrelated_process(lab):
    """A process that has nothing to do with the run."""
    return lab.spawn(argv=["sleep", "600"])


def began(lab, *texts):
    """Begins tasks that write their process into the ledger, each under its id."""
    lab.tasks(*texts)
    lab.begin("--wait-user", "forever")


def aborted_and_nobody_else(lab, victim):
    agent = int(lab.until_file("agent"))
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    equal(lab.is_alive(agent), False, "the agent lives")
    equal(victim.poll(), None, "an unrelated process was ended")


@test
def a_forged_claim_ends_nobody_and_does_not_save_the_agent(lab):
    victim = unrelated_process(lab)
    (lab.ledger / "forge.py").write_text(FORGE)
    began(lab, script("trap '' TERM", f"python3 $LEDGER/forge.py {victim.pid}", "echo work > work.txt", "echo $$ > $LEDGER/agent", WAIT))
    lab.until_file("agent")
    aborted_and_nobody_else(lab, victim)
    equal(lab.rescued("work.txt"), ["work\n"], "its work")


@test
def a_forged_claim_is_of_no_use_to_a_supervisor_that_starts_again(lab):
    victim = unrelated_process(lab)
    (lab.ledger / "forge.py").write_text(FORGE)
    began(lab, script(f"python3 $LEDGER/forge.py {victim.pid}", "echo $$ > $LEDGER/agent", WAIT))
    lab.until_file("agent")
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "a supervisor listens")
    aborted_and_nobody_else(lab, victim)


@test
def an_agent_that_removes_or_replaces_its_files_is_aborted_all_the_same(lab):
    victim = unrelated_process(lab)
    began(lab, script(
        "cd $TMUX_ORCH_ATTEMPT", "rm -rf claim pids lock spec", "mkdir claim claim/x; mkfifo pids lock", "head -c 20000000 /dev/zero > exit",
        "echo $$ > $LEDGER/agent", WAIT))
    lab.until_file("agent")
    lab.until_state("T1", "running")
    # It may not ask for what people ask for, either, though its claim is gone.
    aborted_and_nobody_else(lab, victim)


@test
def a_forged_exit_does_not_end_an_agent_that_lives(lab):
    forged = "ending 4\ncode\ncode 1\n0\nsignal 1\n0\n"
    (lab.ledger / "exit").write_text(forged)
    began(
        lab,
        script("cp $LEDGER/exit $TMUX_ORCH_ATTEMPT/exit", "echo $$ > $LEDGER/agent", WAIT, "echo late > late.txt"),
        script("echo y > y.txt", id="T2"),
    )
    lab.until_file("agent")
    lab.until_landed("T2")
    equal(lab.task("T1")["state"], "running", "T1")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "a supervisor listens")
    equal(lab.task("T1")["state"], "running", "T1 after a restart")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T2", "T1")
    equal(lab.read("late.txt"), "late\n")


@test
def a_spool_that_is_a_link_leads_nowhere(lab):
    private = lab.folder / "private"
    private.mkdir()
    (private / "diary").write_text("dear diary")
    began(
        lab,
        script("rm -rf $TMUX_ORCH_ATTEMPT/spool", f"ln -s {private} $TMUX_ORCH_ATTEMPT/spool", "echo $$ > $LEDGER/agent", WAIT, "echo x > x.txt"),
        script('tmux-orch notify "hello"', f"ln -s {private}/diary $TMUX_ORCH_ATTEMPT/spool/1", "mkfifo $TMUX_ORCH_ATTEMPT/spool/2",
               "mkdir -p $TMUX_ORCH_ATTEMPT/spool/3/x", "tmux-orch notify again", WAIT, "echo y > y.txt", id="T2"),
    )
    lab.until_file("agent")
    lab.until(lambda: [fact[2] for fact in lab.facts("task.notified")] == ["says to you (m1): hello", "says to you (m2): again"], "both notes")
    (lab.ledger / "go").write_text("go")
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
    equal([file.name for file in private.iterdir()], ["diary"], "what was there")
    equal((private / "diary").read_text(), "dear diary", "what was in it")
    equal(sorted(file.name for file in (attempt(lab, "T2.1") / "bad").iterdir()), ["1", "2", "3"], "put aside")


@test
def a_flood_in_a_spool_holds_nobody_up(lab):
    (lab.ledger / "flood.py").write_text(
        "import os, pathlib\nspool = pathlib.Path(os.environ['TMUX_ORCH_ATTEMPT'], 'spool')\nspool.mkdir(exist_ok=True)\n"
        "for i in range(30000): (spool / f'{i:06}').touch()\n(spool / 'large').write_bytes(b'x' * 30_000_000)\n"
    )
    began(lab, script("python3 $LEDGER/flood.py; echo $$ > $LEDGER/agent", WAIT), script("echo y > y.txt", id="T2", fields=["Depends: T3"]),
          script("while ! test -e $LEDGER/agent; do sleep 0.05; done; echo z > z.txt", id="T3"))
    lab.until_landed("T3", "T2")
    lab.run("abort", "T1", check=0, timeout=10)
    lab.until_state("T1", "aborted")


@test
def an_agent_reports_about_its_own_task_alone(lab):
    began(
        lab,
        script("while ! test -e $LEDGER/other; do sleep 0.05; done",
               'TMUX_ORCH_ATTEMPT=$(dirname "$TMUX_ORCH_ATTEMPT")/T2.1 tmux-orch done --no-changes > $LEDGER/forged 2>&1 || echo "refused" >> $LEDGER/forged',
               # Whatever is below it is it: without its environment, in a session of its own, an orphan.
               'env -i PATH="$PATH" setsid tmux-orch notify orphan > $LEDGER/orphan 2>&1 &', "wait", "(setsid sh -c 'sleep 0.2; exec env -i PATH=$PATH tmux-orch notify daemon' &)",
               "sleep 0.5", "tmux-orch whoami > $LEDGER/whoami", "echo x > x.txt"),
        script("echo $$ > $LEDGER/other", WAIT, "echo work > work.txt; git add work.txt; git commit -qm work; tmux-orch done", id="T2", fields=["Agent: reports"]),
    )
    lab.until_landed("T1")
    says(lab.until_file("forged"), "this is the agent of T1, and TMUX_ORCH_ATTEMPT names T2.1", "refused")
    says(lab.until_file("orphan"), "T1: m1 to user")
    equal(sorted(fact[1:] for fact in lab.facts("task.notified")), [("T1", "says to you (m1): orphan"), ("T1", "says to you (m2): daemon")], "notes")
    says(lab.until_file("whoami"), "task T1, attempt 1")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1", "T2")
    equal(lab.read("work.txt"), "work\n")


@test
def who_is_not_below_an_agent_needs_its_token(lab):
    # A container has other process numbers, so no ancestors that are known here: the token stands for them.
    began(lab, script("echo $$ > $LEDGER/agent; env | grep ^TMUX_ORCH_ > $LEDGER/env", WAIT, "echo x > x.txt", fields=["Agent: reports"]))
    env = dict(line.split("=", 1) for line in lab.until_file("env").splitlines())
    lab.until_state("T1", "running")
    lab.run("notify", "from my own shell").says("this verb is for agents, in the pane they were started in").ended_with(1)
    named = {"TMUX_ORCH_ATTEMPT": env["TMUX_ORCH_ATTEMPT"]}
    lab.run("done", env=named, cwd=lab.repo / ".worktrees/T1").says("this is not the agent of T1").ended_with(1)
    lab.run("done", env={**named, "TMUX_ORCH_TOKEN": "0" * 32}).says("this is not the agent of T1").ended_with(1)
    # Written by hand and without the token, it is no report.
    forged = "id 1\n1\nkind 4\ndone\nno_changes 1\n1\n"
    (attempt(lab) / "spool").mkdir(exist_ok=True)
    (attempt(lab) / "spool/1").write_text(forged)
    lab.until(lambda: (attempt(lab) / "bad/1").exists(), "the forged report is put aside")
    lab.run("notify", "from a container", env=env, check=0)
    lab.until(lambda: ("task.notified", "T1", "says to you (m1): from a container") in lab.facts(), "the note")
    equal(lab.task("T1")["state"], "running", "T1")
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    lab.run("done", env=env).says("T1 is aborted already").ended_with(1)


@test
def a_stale_shell_of_an_earlier_attempt_reports_nothing(lab):
    began(lab, script("env | grep ^TMUX_ORCH_ > $LEDGER/env.$$; mv $LEDGER/env.$$ $LEDGER/env", WAIT, "echo x > x.txt"))
    stale = dict(line.split("=", 1) for line in lab.until_file("env").splitlines())
    lab.until_state("T1", "running")
    lab.run("retry", "T1", check=0)
    lab.until(lambda: lab.task("T1")["attempt"] == 2 and lab.task("T1")["state"] == "running", "attempt 2 runs")
    lab.run("done", env=stale).says("the attempt of this pane is over").ended_with(1)
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")


@test
def an_agent_that_hid_its_claim_may_not_do_what_people_may(lab):
    verbs = ("down", "abort T1", "merge T1", "retry T1", "hold T1", "abort --all", "up tasks.md -d")
    lines = [f"env -u TMUX_ORCH_ATTEMPT -u TMUX_ORCH_TOKEN tmux-orch {verb} >> $LEDGER/said 2>&1 && echo DONE {verb} >> $LEDGER/said" for verb in verbs]
    began(lab, script("rm -f $TMUX_ORCH_ATTEMPT/claim $TMUX_ORCH_ATTEMPT/pids", "set +e", f"cd {lab.repo}", *lines,
                      "echo end > $LEDGER/end", WAIT))
    lab.until_file("end")
    said = lab.until_file("said")
    assert "DONE" not in said, said
    equal(said.count("may report, but not") + said.count("a run in a run is not"), len(verbs), said)
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
