"""Reports of agents that do not call us: the status file in the worktree, and marker lines on the screen."""
from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
COMMIT = "echo work > $(basename $PWD).txt; git add -A; git commit -qm work"
AGENTS = """
[agents.files]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
reports = "file"
failed_start = "0s"
[agents.marks]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
reports = "markers"
failed_start = "0s"
"""
FILES = ["Agent: files"]
MARKS = ["Agent: marks"]
# The code of marker lines, which a program that reads its prompt joins.
CODE = "code=$(cat $TMUX_ORCH_ATTEMPT/marker-code)"


def status_file(status, more="", id="T1", agent="$TMUX_ORCH_AGENT_ID"):
    """A command that writes the file as a whole."""
    fields = f'{{"agentId": "{agent}", "taskId": "{id}", "status": "{status}"{more}}}'
    return f"cat > $LEDGER/{id}.new <<END\n{fields}\nEND\nmv $LEDGER/{id}.new agent-status.json"


def marker(words):
    return f'echo "TMUX-ORCH[$code] {words} [$code]"'


def wait_for(name):
    return f"while ! test -e $LEDGER/{name}; do sleep 0.05; done"


def go(lab, name="go"):
    (lab.ledger / name).write_text("go")


def begin(lab, *tasks, resumes=False):
    lab.config(AGENTS.replace("[agents.files]\n", "[agents.files]\nresumes = true\n") if resumes else AGENTS)
    lab.tasks(*tasks)
    lab.begin("--wait-user", "forever")


def reported(lab, id):
    """What the agent of a task has reported, as events tell it."""
    kinds = ("task.progress", "task.done", "task.blocked")
    return [(kind, text) for kind, task, text in lab.facts() if task == id and kind in kinds]


def anomalies(lab, id):
    return [text for kind, task, text in lab.facts("task.anomaly") if task == id]


def until_anomaly(lab, id, *words):
    lab.until(lambda: anomalies(lab, id), f"an anomaly of {id}")
    says(anomalies(lab, id)[-1], "bad-report", *words)


@test
def the_three_ways_to_report_come_to_the_same_events(lab):
    begin(
        lab,
        script(COMMIT, "tmux-orch progress 0.5 half", wait_for("half"), "tmux-orch done -m 'all of it'", WAIT, fields=["Agent: reports"]),
        script(COMMIT, status_file("working", ', "progress": 0.5, "message": "half"', "T2"), wait_for("half"),
               status_file("done", ', "message": "all of it"', "T2"), WAIT, id="T2", fields=FILES),
        script(COMMIT, CODE, marker("PROGRESS 0.5 half"), wait_for("half"), marker("DONE all of it"), WAIT, id="T3", fields=MARKS),
    )
    ids = ("T1", "T2", "T3")
    lab.until(lambda: all(len(reported(lab, id)) == 1 for id in ids), "the progress of all")
    go(lab, "half")
    for id in ids:
        lab.until_state(id, "merged")
    wanted = reported(lab, "T1")
    equal([kind for kind, _ in wanted], ["task.progress", "task.done"], "T1")
    says(str(wanted), "half", "all of it")
    for id in ids[1:]:
        equal(reported(lab, id), wanted, id)
        equal(anomalies(lab, id), [], id)
    go(lab)
    lab.until_over()


@test
def a_supervisor_that_is_killed_between_writing_and_reading_counts_a_file_once(lab):
    begin(lab, script(COMMIT, "touch $LEDGER/begun", wait_for("write"), status_file("blocked", ', "message": "no key"'),
                      "touch $LEDGER/wrote", WAIT, status_file("done"), "touch $LEDGER/done", wait_for("end"), fields=FILES))
    lab.until(lambda: (lab.ledger / "begun").exists(), "its agent has begun")
    for round in range(3):
        lab.kill_supervisor()
        if round == 0:
            go(lab, "write")
            lab.until(lambda: (lab.ledger / "wrote").exists(), "the file is written")
        lab.begin("--wait-user", "forever")
        lab.until_state("T1", "blocked")
    equal(reported(lab, "T1"), [("task.blocked", "no key")], "reports")
    lab.run("release", "T1", check=0)
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "a supervisor listens")
    equal(lab.task("T1")["state"], "running", "state")
    go(lab)
    lab.until_state("T1", "merged")
    equal([kind for kind, _ in reported(lab, "T1")], ["task.blocked", "task.done"], "reports")
    go(lab, "end")


@test
def a_marker_line_that_stays_on_the_screen_counts_once_whoever_is_killed(lab):
    begin(lab, script(COMMIT, CODE, "touch $LEDGER/begun", wait_for("say"), marker("BLOCKED no key"),
                      "touch $LEDGER/said", wait_for("more"), marker("PROGRESS 0.5"), wait_for("end"), fields=MARKS))
    lab.until(lambda: (lab.ledger / "begun").exists(), "its agent has begun")
    lab.kill_supervisor()
    go(lab, "say")
    lab.until(lambda: (lab.ledger / "said").exists(), "the line is printed")
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "blocked")
    lab.run("release", "T1", check=0)
    lab.kill_supervisor()
    go(lab, "more")
    lab.begin("--wait-user", "forever")
    # Both lines stand there then.
    lab.until(lambda: len(reported(lab, "T1")) > 1, "the second line is seen")
    equal([kind for kind, _ in reported(lab, "T1")], ["task.blocked", "task.progress"], "reports")
    equal(lab.task("T1")["state"], "running", "state")
    lab.run("abort", "T1", check=0)


@test
def the_status_file_is_never_work(lab):
    begin(lab, script("echo work > work.txt", status_file("working", ', "progress": 0.1'), "git add -A; git commit -qm work",
                      "git status --porcelain > $LEDGER/dirty", "git ls-files > $LEDGER/files", "tmux-orch done -m over", WAIT, fields=FILES))
    lab.until_state("T1", "merged")
    equal((lab.ledger / "dirty").read_text(), "", "git status")
    says(lab.until_file("files"), "work.txt")
    equal("agent-status.json" in lab.git("ls-tree", "-r", "--name-only", "main").split(), False, "landed")
    go(lab)
    lab.until_over()
    kept = next((lab.repo / ".tmux-orch/runs").glob("*/attempts/T1.1/agent-status.json"))
    says(kept.read_text(), "working")
    equal(lab.rescues(), [], "rescues")
    equal([name for name in lab.facts("task.left") if "agent-status" in str(name)], [], "what was left")


@test
def a_status_file_that_is_committed_by_force_does_not_land(lab):
    begin(lab, script("echo work > work.txt", status_file("working"), "git add -f work.txt agent-status.json; git commit -qm work",
                      "tmux-orch done -m over", WAIT, fields=FILES))
    lab.until_state("T1", "blocked")
    says(lab.run("status").out, "agent-status.json", "rm -rfq --ignore-unmatch -- agent-status.json")
    go(lab)


@test
def a_file_that_came_with_the_checkout_is_a_file_of_the_project(lab):
    lab.write("agent-status.json", "{}\n")
    lab.commit()
    begin(lab, script(status_file("blocked"), "git add -A; git commit -qm work", "tmux-orch done -m over", WAIT, fields=FILES))
    lab.until_state("T1", "merged")
    lab.until(lambda: "blocked" in lab.show("main:agent-status.json"), "what has landed")
    equal([kind for kind, _ in reported(lab, "T1")], ["task.done"], "reports")
    equal(anomalies(lab, "T1"), [], "anomalies")
    go(lab)


@test
def a_file_of_an_earlier_attempt_counts_for_nothing(lab):
    first = "if test ${TMUX_ORCH_AGENT_ID} = T1.1; then"
    begin(
        lab,
        script(first, status_file("done", agent="T1.2"), wait_for("first"), "exit 1", "fi", "touch $LEDGER/second", WAIT,
               COMMIT, status_file("done"), wait_for("end"), fields=FILES),
        resumes=True,
    )
    until_anomaly(lab, "T1", 'its agentId is "T1.2", not "T1.1"')
    go(lab, "first")
    lab.until(lambda: (lab.ledger / "second").exists(), "the second attempt")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until(lab.listens, "a supervisor listens")
    equal(reported(lab, "T1"), [], "reports")
    equal(len(anomalies(lab, "T1")), 1, "anomalies")
    go(lab)
    lab.until_state("T1", "merged")
    equal([kind for kind, _ in reported(lab, "T1")], ["task.done"], "reports")
    go(lab, "end")


@test
def a_command_and_a_file_that_say_done_are_done_once(lab):
    begin(lab, script(COMMIT, status_file("done"), "tmux-orch done -m over", WAIT, fields=FILES))
    lab.until_state("T1", "merged")
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T1"], "landed")
    # What is said before its landing begins is looked at again.
    equal({kind for kind, _ in reported(lab, "T1")}, {"task.done"}, "reports")
    equal(len(lab.facts("task.merged")), 1, "merged")


@test
def hostile_status_files_change_nothing_and_are_named(lab):
    bad = {
        "T1": (status_file("done", id="T9").replace("T9.new", "T1.new"), 'its taskId is "T9", not "T1"'),
        "T2": ("mkfifo agent-status.json", "it is no plain file"),
        "T3": ("truncate -s 100M agent-status.json", "it is larger than 65536 bytes"),
    }
    wait = [script(command, WAIT, id=id, fields=FILES) for id, (command, _) in bad.items()]
    begin(lab, *wait)
    for id, (_, words) in bad.items():
        until_anomaly(lab, id, words)
        equal(lab.task(id)["state"], "running", id)
        equal(reported(lab, id), [], id)
    lab.run("abort", "--all", check=0)
    for id in bad:
        lab.until_state(id, "aborted")


@test
def a_file_that_changes_all_the_time_is_looked_at_once_a_second(lab):
    writer = "\n".join([
        "import os, time",
        "end = time.monotonic() + 4",
        "n = 0",
        "while time.monotonic() < end:",
        "    n += 1",
        "    with open('agent-status.new', 'w') as out:",
        '        out.write(\'{"agentId": "T1.1", "taskId": "T1", "status": "working", "progress": 0.%06d}\' % n)',
        "    os.rename('agent-status.new', 'agent-status.json')",
        "print(n)",
    ])
    (lab.ledger / "writer.py").write_text(writer)
    begin(lab, script("python3 $LEDGER/writer.py > $LEDGER/count", COMMIT, "tmux-orch done -m over", WAIT, fields=FILES))
    lab.until_state("T1", "merged")
    count, seen = int((lab.ledger / "count").read_text()), len(reported(lab, "T1")) - 1
    equal(count > 1000, True, f"written {count} times")
    equal(1 <= seen <= 8, True, f"{seen} reports of {count}")
    go(lab)


@test
def marker_lines_count_only_where_the_profile_says_so_and_only_with_the_code(lab):
    begin(
        lab,
        script('echo "TMUX-ORCH[01234567] DONE x [01234567]"', "touch $LEDGER/T1.said", WAIT, fields=MARKS),
        script("code=01234567", "printf $code > $TMUX_ORCH_ATTEMPT/marker-code", marker("DONE x"), "touch $LEDGER/T2.said", WAIT, id="T2", fields=FILES),
        script(CODE, "cat $TMUX_ORCH_ATTEMPT/prompt.txt; echo", COMMIT, marker("DONE said " + "many words " * 20), WAIT, id="T3", fields=MARKS),
    )
    lab.until_state("T3", "merged")
    lab.until(lambda: all((lab.ledger / f"{id}.said").exists() for id in ("T1", "T2")), "both have said it")
    for id in ("T1", "T2"):
        equal(reported(lab, id), [], id)
        equal(lab.task(id)["state"], "running", id)
    says(str(reported(lab, "T3")), "said many words many words")
    lab.run("abort", "--all", check=0)
