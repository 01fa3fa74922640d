"""What people ask for, and how a run goes on, ends and is read."""
import json
import os
import pathlib
import signal
import time

from lab import CONFIG, NO_ROUNDS, equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
OTHER = script("echo other > other.txt", id="T9", title="another one")


def waiting(id="T1", name=None, **more):
    """A task whose agent writes a file, says where it is, and waits for `go`."""
    name = name or f"{id}.txt"
    return script(f"echo {id} > {name}", f"echo $$ >> $LEDGER/{id}", WAIT, f"echo end >> {name}", id=id, **more)


def go(lab):
    (lab.ledger / "go").write_text("go")


# abort, hold, release, retry, merge


@test
def abort_stops_a_running_task_saves_its_work_and_makes_its_dependents_unreachable(lab):
    lab.tasks(waiting(), script("true", id="T2", fields=["Depends: T1"]), waiting("T3"))
    lab.begin()
    pid = int(lab.until_file("T1"))
    lab.run("abort", "T1", check=0).says("T1 is being aborted; its work is being saved")
    equal(lab.until_state("T1", "aborted")["why"], "aborted by you")
    assert not lab.is_alive(pid), "its agent lives"
    equal(lab.rescued("T1.txt"), ["T1\n"], "saved")
    equal(lab.task("T2")["why"], "needs T1, which is aborted")
    equal(lab.task("T3")["state"], "running")
    lab.run("abort", "T1").ended_with(1).says("T1 is aborted already")
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T3"], "landed")


@test
def abort_of_a_waiting_task_and_of_all(lab):
    lab.tasks(waiting(), script("true", id="T2", fields=["Depends: T1"]), waiting("T3"))
    lab.begin()
    lab.until_file("T1")
    lab.run("abort", "T2", check=0)
    equal(lab.until_state("T2", "aborted")["attempt"], 0)
    lab.run("abort", "--all", check=0).says("all tasks")
    for id in ("T1", "T3"):
        lab.until_state(id, "aborted")
    state = lab.until_over()
    equal(state["state"], "finished")
    equal(sorted(sum((task["rescued"] for task in state["tasks"]), [])), sorted(lab.rescues()), "rescues")


@test
def an_aborted_task_is_started_again_by_retry_as_a_new_attempt(lab):
    lab.tasks(waiting(), waiting("T2"))
    lab.begin()
    lab.until_file("T1")
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    lab.run("retry", "T1", check=0).says("T1 is started again")
    equal(lab.until_state("T1", "running")["attempt"], 2)
    go(lab)
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
    equal(lab.read("T1.txt"), "T1\nend\n")
    equal(lab.rescued("T1.txt"), ["T1\n"], "saved")


@test
def a_failed_task_keeps_its_worktree_and_retry_gives_it_all_attempts_again(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo try >> $LEDGER/tries", "echo x > x.txt", "test -e $LEDGER/go"), OTHER)
    lab.up().ended_with(3)
    equal((lab.repo / ".worktrees/T1/x.txt").read_text(), "x\n", "the kept worktree")
    go(lab)
    lab.run("retry", "T1", check=0).says("T1 is started again")
    lab.until_over()
    equal(lab.landed(), ["T9", "T1"], "landed")
    equal((lab.ledger / "tries").read_text().count("try"), 2, "tries")


@test
def up_tries_again_what_failed(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo x > x.txt", "test -e $LEDGER/go"), script("echo y > y.txt", id="T2", fields=["Depends: T1"]))
    lab.up().ended_with(3)
    run = lab.status()["run"]
    go(lab)
    lab.up().ended_with(0)
    equal(lab.status()["run"], run, "the run")
    equal(lab.landed(), ["T1", "T2"], "landed")


@test
def hold_keeps_a_task_from_starting_and_from_landing(lab):
    lab.tasks(waiting(), script("echo 2 > 2.txt", id="T2", fields=["Depends: T1"]), OTHER)
    lab.begin("--wait-user", "forever")
    lab.until_file("T1")
    lab.run("hold", "T1", check=0).says("T1 is held")
    lab.run("hold", "T2", check=0)
    go(lab)
    lab.until(lambda: "done" in dict((k, t) for k, _, t in lab.facts("task.done")).values(), "T1 is done")
    lab.until_landed("T9")
    equal(lab.task("T1")["held"], True)
    says(lab.run("status").out, "T1", "held")
    lab.run("release", "T1", check=0).says("T1 is released")
    lab.until_state("T1", "merged")
    equal(lab.task("T2")["attempt"], 0, "attempts of T2")
    lab.run("release", "T2", check=0)
    lab.until_state("T2", "merged")
    lab.run("release", "T2").ended_with(1).says("T2 is not held")


@test
def requests_that_come_at_once_get_each_its_own_answer(lab):
    lab.tasks(waiting(), OTHER)
    lab.begin()
    lab.until_state("T9", "merged")
    lab.until_file("T1")
    refused = [lab.spawn("retry", "T9") for _ in range(6)]
    lab.run("hold", "T1", check=0)
    # A second release has nothing to release: exactly one of them is done.
    released = [lab.spawn("release", "T1") for _ in range(6)]
    for program in refused:
        lab.finish(program).ended_with(1).says("T9 is merged")
    answers = [lab.finish(program) for program in released]
    equal(sorted(answer.code for answer in answers), [0, 1, 1, 1, 1, 1], "answers")
    for answer in answers:
        answer.says("T1 is released" if answer.code == 0 else "T1 is not held")
    go(lab)
    lab.until_over()
    equal(sorted(lab.landed()), ["T1", "T9"], "landed")


@test
def a_conflict_waits_for_the_user_and_is_merged_when_it_is_resolved(lab):
    lab.config(NO_ROUNDS)
    lab.write("shared.txt", "line\n")
    lab.commit()
    lab.tasks(
        script("echo one > shared.txt", title="one"),
        script("while ! git -C $OLDROOT log main --format=%s | grep -q T1; do sleep 0.05; done", "echo two > shared.txt", id="T2"),
        script("echo three > three.txt", id="T3"),
    )
    ended = lab.up(env={"OLDROOT": str(lab.repo)}).ended_with(4)
    ended.says("T2 conflicts with main in shared.txt", "`tmux-orch merge T2`", "`tmux-orch retry T2`", "`tmux-orch abort T2`")
    equal(sorted(lab.landed()), ["T1", "T3"], "landed")
    equal(lab.read("shared.txt"), "one\n")
    tree = lab.repo / ".worktrees/T2"
    lab.git("merge", "main", cwd=tree, check=False)
    (tree / "shared.txt").write_text("one and two\n")
    lab.git("commit", "-aqm", "resolved", cwd=tree)
    lab.run("merge", "T2", check=0).says("T2 is to be merged as it is")
    lab.until_over()
    equal(lab.landed()[-1], "T2", "landed last")
    equal(lab.read("shared.txt"), "one and two\n")
    lab.run("merge", "T2").ended_with(1).says("T2 is merged already")


TESTED = """
[[merge.test]]
command = ["sh", "-c", "test ! -e broken"]
"""


@test
def work_that_breaks_the_tests_does_not_land_until_it_is_repaired(lab):
    lab.config(TESTED + NO_ROUNDS)
    lab.tasks(script("echo x > broken", "echo x > x.txt"), OTHER)
    ended = lab.up().ended_with(3)
    ended.says("T1 its tests fail on the merged tree: `sh -c test ! -e broken` exited with 1 (log: ")
    log = ended.text.split("(log: ")[1].split(")")[0]
    assert pathlib.Path(log).exists(), log
    equal(lab.landed(), ["T9"], "landed")
    assert not (lab.repo / "broken").exists()
    tree = lab.repo / ".worktrees/T1"
    lab.git("rm", "-q", "broken", cwd=tree)
    lab.git("commit", "-qm", "repaired", cwd=tree)
    lab.run("merge", "T1", check=0)
    lab.until_over()
    equal(lab.landed(), ["T9", "T1"], "landed")
    equal(lab.read("x.txt"), "x\n")


# status, logs, diff, events, report, doctor


@test
def logs_show_what_a_program_drew_also_after_it_has_gone(lab):
    drawn = r"printf 'before\n\033[?1049h\033[H\033[2Jold\033[1;1Hthe \033[31mlast\033[0m screen\033[3;3Hrow 3'"
    lab.tasks(script(drawn, r"printf '\033[?1049lbye\n'", "echo x > x.txt"), script("seq 1 60; printf 'no\033[2Dyes'", "echo y > y.txt", id="T2"))
    lab.begin()
    lab.until_over()
    logs = lambda *words: lab.run("logs", *words, check=0).out
    equal(logs("T1", "--screen"), "the last screen\n\n  row 3\nbye\n")
    equal(logs("T1"), "before\n" + logs("T1", "--screen"))
    equal(logs("T1", "-n", "2", "--attempt", "1"), "  row 3\nbye\n")
    says(logs("T1", "--raw"), "before\n", "the ", "?1049h")
    equal(logs("T2").splitlines(), [*(str(i) for i in range(1, 61)), "yes"])
    equal(logs("T2", "--screen").splitlines(), [*(str(i) for i in range(12, 61)), "yes"])
    equal(logs("T2", "-n", "1"), "yes\n")
    says(logs("T2", "-f"), "no")
    lab.run("logs", "T1", "--screen", "--raw").ended_with(2).says("--screen goes with neither")


@test
def diff_logs_events_report_and_doctor_say_how_it_is(lab):
    lab.tasks(waiting(), script("echo printed; echo two > two.txt", id="T2"))
    lab.begin()
    lab.until_state("T2", "merged")
    lab.until_file("T1")
    says(lab.run("diff", "T2", check=0).out, "two.txt", "+two")
    lab.git("add", "-N", ".", cwd=lab.repo / ".worktrees/T1")
    says(lab.run("diff", "T1", check=0).out, "T1.txt", "+T1")
    equal(lab.run("logs", "T2", check=0).out, "printed\n")
    equal(lab.run("logs", "t2", check=0).out, "printed\n", "the id in another case")
    lab.run("logs", "T7").ended_with(1).says("there is no task 'T7'", "tasks: T1, T2")
    lab.run("logs", "T1", "--attempt", "5").ended_with(1).says("T1 has no attempt 5")
    follow = lab.spawn("logs", "-f", "T1")
    events = lab.spawn("events", "-f")
    go(lab)
    lab.until_over()
    equal(lab.finish(follow).code, 0)
    says(lab.finish(events).out, "T1 merged")
    run = lab.status()["run"]
    rows = [json.loads(line) for line in lab.run("events", "--json").out.splitlines()]
    equal([row["seq"] for row in rows], list(range(1, len(rows) + 1)), "sequence numbers")
    equal({row["run"] for row in rows}, {run}, "runs")
    mirror = [json.loads(line) for line in lab.read(f".tmux-orch/runs/{run}/events.jsonl").splitlines()]
    equal([row["seq"] for row in mirror], [row["seq"] for row in rows], "events.jsonl")
    equal([row["facts"] for row in mirror], [row["facts"] for row in rows], "facts of events.jsonl")
    equal(len(lab.run("events", "-n", "2").out.splitlines()), 2, "lines of -n 2")
    report = json.loads(lab.run("report", "--json", check=0).out)
    equal((report["totalTasks"], report["successful"], report["failed"], report["schema"]), (2, 2, 0, 1))
    assert report["parallelTime"] > 0 and report["estimatedSequentialTime"] > 0, report
    equal(json.loads(lab.read(f".tmux-orch/runs/{run}/report.json"))["successful"], 2, "report.json")
    says(lab.run("report").out, "2 of 2 tasks merged onto main")
    says(lab.read(f".tmux-orch/runs/{run}/summary.txt"), "2 of 2 tasks merged onto main")
    doctor = lab.run("doctor", check=0)
    doctor.says("ok  tmux: ", "ok  repository: ", "ok  supervisor: none; the run is finished")
    assert all(check["ok"] for check in json.loads(lab.run("doctor", "--json").out)["checks"])


@test
def plan_shows_and_starts_nothing(lab):
    lab.tasks(
        script("true", fields=["Files: create a.c"]),
        script("true", id="T2", fields=["Files: modify a.c, b.c"]),
        script("true", id="T3", fields=["Files: b.c", "Priority: P0"]),
    )
    before = lab.git("status", "--porcelain")
    plan = json.loads(lab.run("plan", "tasks.md", "--json", check=0).out)
    by_id = {unit["id"]: unit for unit in plan["units"]}
    says(json.dumps(by_id["T2"]["implicit_depends"]), "T1", what="what T2 needs")
    equal(by_id["T3"]["priority"], "P0")
    equal(plan["conflicts"], [{"task1": "T2", "task2": "T3", "files": ["b.c"]}], "conflicts")
    says(lab.run("plan", "--dot", check=0).out, "digraph", '"T1"')
    says(lab.run("plan", check=0).out, "T1", "T2", "b.c")
    equal(lab.run("up", "tasks.md", "--dry-run", check=0).out, lab.run("plan", "tasks.md").out, "--dry-run")
    equal(lab.git("status", "--porcelain"), before, "the repository")
    assert not (lab.repo / ".tmux-orch").exists()


# down, up, kills


@test
def down_stops_saves_and_up_goes_on_with_the_same_run(lab):
    lab.tasks(waiting(), waiting("T2"), OTHER)
    lab.begin()
    lab.until_state("T9", "merged")
    pids = [int(lab.until_file(id)) for id in ("T1", "T2")]
    run = lab.status()["run"]
    lab.run("down", check=0).says("the run is stopped, its work is saved; `tmux-orch up` goes on")
    state = lab.status()
    equal((state["state"], "supervisor_pid" in state), ("stopped", False))
    assert not any(lab.is_alive(pid) for pid in pids), "agents live"
    equal(sorted(lab.rescued("T1.txt") + lab.rescued("T2.txt")), ["T1\n", "T2\n"], "saved")
    equal(lab.tmux("list-sessions", check=False).strip(), "", "sessions")
    go(lab)
    lab.up().ended_with(0)
    equal(lab.status()["run"], run, "the run")
    equal(sorted(lab.landed()), ["T1", "T2", "T9"], "landed")
    equal((lab.read("T1.txt"), lab.read("T2.txt")), ("T1\nend\n", "T2\nend\n"))
    lab.run("down", check=0)


@test
def a_run_goes_on_with_the_branch_that_it_began_on(lab):
    lab.tasks(waiting())
    lab.git("branch", "topic")
    lab.begin()
    lab.until_file("T1")
    lab.run("down", check=0)
    go(lab)
    lab.git("switch", "-q", "topic")
    topic = lab.git("rev-parse", "topic")
    lab.up().ended_with(0)
    equal((lab.landed(), lab.git("rev-parse", "topic")), (["T1"], topic), "main and topic")
    lab.tasks(waiting("T2"))
    lab.up().ended_with(0)
    equal(lab.landed("topic"), ["T2"], "a new run lands on what is checked out")


@test
def down_with_keep_agents_leaves_them_at_work_and_up_finds_them(lab):
    lab.tasks(waiting())
    lab.begin()
    pid = int(lab.until_file("T1"))
    lab.until_state("T1", "running")
    lab.run("down", "--keep-agents", check=0).says("agents go on, `tmux-orch up` finds them")
    equal(lab.supervisor(), 0)
    assert lab.is_alive(pid), "its agent is dead"
    lab.begin()
    lab.until(lambda: lab.supervisor(), "a supervisor")
    go(lab)
    lab.until_state("T1", "merged")
    equal((lab.ledger / "T1").read_text().split(), [str(pid)], "agents")
    equal(lab.rescues(), [], "rescues")


@test
def ctrl_c_stops_the_agents_saves_their_work_and_up_goes_on(lab):
    lab.tasks(waiting())
    up = lab.spawn_up("--foreground")
    pid = int(lab.until_file("T1"))
    lab.until_state("T1", "running")
    up.send_signal(signal.SIGINT)
    ended = lab.finish(up).ended_with(130)
    ended.says("stopping: agents are asked to end, their work is saved", "0 of 1 tasks merged")
    assert not lab.is_alive(pid), "its agent lives"
    equal(lab.rescued("T1.txt"), ["T1\n"], "saved")
    go(lab)
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


@test
def a_second_ctrl_c_leaves_at_once(lab):
    lab.config("", base=CONFIG.replace('stop_grace = "500ms"', 'stop_grace = "20s"'))
    lab.tasks(script("trap '' TERM HUP INT", "echo $$ > $LEDGER/T1", "while :; do sleep 0.2; done"))
    up = lab.spawn_up("--foreground")
    lab.until_file("T1")
    lab.until_state("T1", "running")
    up.send_signal(signal.SIGINT)
    lab.until(lambda: lab.status()["state"] == "stopping", "it is stopping")
    began = time.monotonic()
    up.send_signal(signal.SIGINT)
    lab.finish(up).ended_with(130)
    assert time.monotonic() - began < 5, "it waited for the agent"


@test
def a_supervisor_that_is_killed_before_it_answers_is_started_again(lab):
    lab.tasks(waiting())
    up = lab.spawn_up("--foreground")
    lock = lab.repo / ".tmux-orch/lock"
    end = time.monotonic() + 10
    while not (lock.exists() and lock.read_text()) and time.monotonic() < end:
        pass  # it answers some ms after it has the lock
    os.kill(int(lock.read_text()), signal.SIGKILL)
    pid = int(lab.until_file("T1"))
    assert lab.is_alive(pid), "its agent is dead"
    go(lab)
    lab.finish(up).ended_with(0)
    equal(lab.landed(), ["T1"], "landed")


@test
def a_killed_supervisor_is_started_again_once_and_then_up_ends_with_6(lab):
    lab.tasks(waiting())
    up = lab.spawn_up("--foreground")
    pid = int(lab.until_file("T1"))
    lab.until_state("T1", "running")
    first = lab.kill_supervisor()
    lab.until(lambda: lab.supervisor() not in (0, first), "another supervisor")
    lab.kill_supervisor()
    began = time.monotonic()
    ended = lab.finish(up).ended_with(6)
    assert time.monotonic() - began < 4, "it took long to notice"
    ended.says("the supervisor died: starting it again")
    # The second may die while `up` still waits for its first answer.
    assert "the supervisor died again; agents go on" in ended.text or "ended at once" in ended.text, ended.text
    assert lab.is_alive(pid), "its agent is dead"
    go(lab)
    lab.up().ended_with(0)
    equal(lab.landed(), ["T1"], "landed")
    equal(len(lab.facts("task.started")), 1, "starts")


@test
def verbs_work_with_a_dead_supervisor(lab):
    lab.tasks(waiting(), OTHER)
    lab.begin()
    pid = int(lab.until_file("T1"))
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    # A git that was just being started keeps the lock until its exec.
    lab.until(lambda: not lab.supervisor(), "the lock is free")
    lab.run("status", check=0).says("no supervisor is alive: `tmux-orch up` goes on")
    lab.run("doctor").ended_with(1).says("BAD supervisor", "`tmux-orch up` goes on with the run")
    # One that needs a supervisor starts it.
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    assert not lab.is_alive(pid), "its agent lives"
    equal(lab.rescued("T1.txt"), ["T1\n"], "saved")


# The base and the user's own work.


@test
def commits_of_the_user_during_the_run_are_merged_in_and_tested(lab):
    lab.config('[[merge.test]]\ncommand = ["sh", "-c", "ls >> $LEDGER/tested; echo -- >> $LEDGER/tested"]\n')
    lab.commit("tests")
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    lab.write("mine.txt", "mine\n")
    lab.git("add", "mine.txt")
    lab.git("commit", "-qm", "my own work")
    lab.until(lambda: lab.facts("base.merged"), "the commit is merged in")
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T1"], "landed")
    says(lab.git("log", "--format=%s", "main"), "my own work", "T1: a task")
    equal((lab.read("mine.txt"), lab.read("T1.txt")), ("mine\n", "T1\nend\n"))
    equal(lab.git("status", "--porcelain", "--untracked-files=no"), "", "the checkout")
    blocks = (lab.ledger / "tested").read_text().split("--\n")
    assert any("mine.txt" in block and "T1.txt" not in block for block in blocks), blocks
    assert any("mine.txt" in block and "T1.txt" in block for block in blocks), blocks


@test
def a_commit_on_a_base_that_is_a_symbolic_ref_is_merged_in_at_once(lab):
    lab.git("branch", "-m", "real")
    lab.git("symbolic-ref", "refs/heads/main", "refs/heads/real")
    lab.tasks(script("sleep 100"))
    lab.begin("--base", "main")
    lab.until_state("T1", "running")
    lab.git("commit", "-q", "--allow-empty", "-m", "first")
    lab.until(lambda: lab.facts("base.merged"), "the first commit is merged in")

    def second():  # the branch may just be locked, as the run follows with it
        lab.git("commit", "-q", "--allow-empty", "-m", "second", check=False)
        return "second" in lab.git("log", "--format=%s", "real")

    lab.until(second, "the second commit")
    lab.until(lambda: len(lab.facts("base.moved")) == 2, "the second one is seen", timeout=10)
    lab.run("down", check=0)


@test
def the_base_follows_while_the_user_is_on_another_branch(lab):
    lab.git("switch", "-qc", "elsewhere")
    lab.write("mine.txt", "uncommitted\n")
    lab.tasks(script("echo x > x.txt"))
    lab.up("--base", "main").ended_with(0)
    equal(lab.landed("main"), ["T1"], "landed")
    equal(lab.git("branch", "--show-current").strip(), "elsewhere", "branch")
    assert not (lab.repo / "x.txt").exists()
    equal(lab.read("mine.txt"), "uncommitted\n")


@test
def with_follow_never_the_work_stays_on_the_runs_own_branch(lab):
    lab.config('[merge]\nfollow = "never"\n')
    tip = lab.commit("follow never")
    lab.tasks(script("echo x > x.txt"))
    lab.up().ended_with(0)
    equal(lab.git("rev-parse", "main").strip(), tip, "main")
    equal(lab.landed("tmux-orch/" + lab.status()["run"]), ["T1"], "landed")


@test
def with_follow_end_the_base_moves_once(lab):
    lab.config('[merge]\nfollow = "end"\n')
    tip = lab.commit("follow end")
    lab.tasks(script("echo x > x.txt"), waiting("T2"))
    lab.begin()
    lab.until_state("T1", "merged")
    equal(lab.git("rev-parse", "main").strip(), tip, "main")
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T1", "T2"], "landed")
    equal(lab.read("x.txt"), "x\n")


@test
def a_change_of_the_user_in_a_file_that_lands_is_never_overwritten(lab):
    lab.write("shared.txt", "line\n")
    lab.commit()
    lab.tasks(waiting(), script("echo theirs > shared.txt", id="T2"))
    lab.begin()
    lab.until_file("T1")
    lab.write("shared.txt", "mine, not committed\n")
    lab.until_state("T2", "merged")
    go(lab)
    state = lab.until_over()
    equal(lab.read("shared.txt"), "mine, not committed\n")
    run = lab.status()["run"]
    equal(sorted(lab.landed(f"tmux-orch/{run}")), ["T1", "T2"], "landed on the run's branch")
    says(state["behind"]["why"], "shared.txt")
    says(state["behind"]["command"], "git", f"tmux-orch/{run}")
    ended = lab.run("status")
    ended.says("main does not follow", "later: git")
    # The command that it names catches up.
    lab.git("checkout", "shared.txt")
    lab.run(argv=["sh", "-c", state["behind"]["command"]], check=0)
    equal(sorted(lab.landed()), ["T1", "T2"], "landed")
    equal(lab.read("shared.txt"), "theirs\n")


# The task file.


@test
def a_task_file_in_git_is_ticked_in_the_commit_that_lands_byte_for_byte(lab):
    text = "# Tasks \r\n\n" + script("echo x > x.txt") + "\n\ttabs\t \n" + script("echo y > y.txt", id="T2") + "no end"
    (lab.repo / "tasks.md").write_bytes(text.encode())
    lab.commit("tasks")
    lab.up().ended_with(0)
    wanted = text.replace("- [ ]", "- [x]")
    equal((lab.repo / "tasks.md").read_bytes().decode(), wanted, "tasks.md")
    equal(lab.git("status", "--porcelain"), "", "the checkout")
    for commit in lab.git("rev-list", "--first-parent", "-2", "main").split():
        changed = lab.git("diff", "--name-only", f"{commit}^1", commit).split()
        assert "tasks.md" in changed and len(changed) == 2, changed


@test
def a_task_file_outside_of_git_is_ticked_on_disk(lab):
    text = script("echo x > x.txt") + script("false", id="T2")
    lab.limits("attempts = 1")
    lab.commit("limits")
    lab.tasks(text)
    (lab.repo / "tasks.md").chmod(0o640)
    lab.up().ended_with(3)
    equal(lab.read("tasks.md"), text.replace("- [ ] T1", "- [x] T1"), "tasks.md")
    equal((lab.repo / "tasks.md").stat().st_mode & 0o777, 0o640, "its mode")


@test
def no_write_back_leaves_the_marks_alone(lab):
    file = lab.tasks(OTHER)
    before = file.stat().st_mtime_ns
    lab.up("--no-write-back").ended_with(0)
    equal(file.stat().st_mtime_ns, before, "tasks.md was written")
    equal(lab.landed(), ["T9"], "landed")


@test
def a_task_that_is_added_during_the_run_joins_and_a_bad_edit_is_not_followed(lab):
    text = waiting()
    lab.tasks(text)
    lab.begin()
    lab.until_file("T1")
    lab.tasks(text, OTHER)
    lab.until_state("T9", "merged")
    lab.tasks(text, OTHER, script("true", id="T8", fields=["Depends: T77"]))
    lab.until(lambda: lab.facts("tasks.refused"), "the edit is refused")
    says(lab.facts("tasks.refused")[0][2], "the task file is not followed: line ", "T77")
    go(lab)
    lab.until_over()
    equal(lab.landed(), ["T9", "T1"], "landed")


@test
def only_runs_just_these(lab):
    lab.tasks(script("echo x > x.txt"), OTHER)
    lab.up("--only", "T9").ended_with(0)
    equal(lab.landed(), ["T9"], "landed")
    equal(lab.task("T1")["why"], "left out by --only")
    lab.up("--only", "T7").ended_with(2).says("--only names T7, and there is no such task")


@test
def tasks_on_the_same_files_run_one_after_the_other_or_are_cancelled(lab):
    lab.tasks(
        script("echo 1 >> a.txt", fields=["Files: a.txt"]),
        script("echo 2 >> a.txt", id="T2", fields=["Files: a.txt"]),
    )
    lab.up("--on-overlap", "cancel").ended_with(1).says("T1 and T2 both touch a.txt: nothing was started")
    assert not (lab.repo / ".worktrees").exists()
    lab.up().ended_with(0)
    equal(lab.read("a.txt"), "1\n2\n")


@test
def p0_goes_before_everything(lab):
    lab.tasks(
        script("echo T1 >> $LEDGER/order"),
        script("sleep 0.5; echo T2 >> $LEDGER/order", id="T2", fields=["Priority: P0"]),
        script("echo T3 >> $LEDGER/order", id="T3", fields=["Priority: P1"]),
    )
    lab.up("--workers", "1").ended_with(0)
    equal((lab.ledger / "order").read_text().split(), ["T2", "T3", "T1"], "order")


@test
def squash_lands_one_commit_a_task(lab):
    lab.config('[merge]\nstrategy = "squash"\n')
    lab.commit("squash")
    lab.tasks(script("for i in 1 2 3; do echo $i > $i.txt; git add -A; git commit -qm $i; done"))
    lab.up().ended_with(0)
    equal(lab.git("log", "--format=%s", "-2", "main").splitlines(), ["T1: a task", "squash"], "log")


@test
def worktrees_get_what_they_need(lab):
    lab.config('[worktree_setup]\ncopy = [".env"]\nlink = ["deps"]\nrun = ["touch made"]\n')
    lab.write(".gitignore", ".env\ndeps\nmade\n")
    lab.commit("setup")
    lab.write(".env", "SECRET=1\n")
    lab.write("deps/lib", "lib\n")
    lab.tasks(script("cat .env deps/lib > got.txt; test -L deps; test -e made"))
    lab.up().ended_with(0)
    equal(lab.read("got.txt"), "SECRET=1\nlib\n")


@test
def the_next_up_after_a_finished_run_starts_a_new_one(lab):
    lab.tasks(OTHER)
    lab.up().ended_with(0)
    first = lab.status()["run"]
    lab.tasks(script("echo x > x.txt"))
    lab.up().ended_with(0)
    assert lab.status()["run"] != first
    equal(lab.landed(), ["T9", "T1"], "landed")


@test
def up_joins_a_run_at_work_and_goes_on_with_one_that_is_just_over(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("echo x > x.txt; test -e $LEDGER/go"))
    first = lab.spawn_up("--foreground")
    lab.until(lambda: (lab.repo / ".tmux-orch/orch.db").exists() and lab.run("status").code == 0
              and lab.status()["state"] == "finished", "the run is over")
    # Its supervisor stays for a moment.
    go(lab)
    lab.up().ended_with(0)
    lab.finish(first)
    equal(lab.landed(), ["T1"], "landed")


@test
def down_says_where_the_work_of_a_blocked_task_is(lab):
    lab.tasks(script("git init -q made; echo x > made/file"), waiting("T2"))
    lab.begin()
    lab.until_state("T1", "blocked")
    lab.until_file("T2")
    lab.run("down", check=0).says("its work is saved, that of T1 (blocked) is in its worktree")
    equal((lab.repo / ".worktrees/T1/made/file").read_text(), "x\n")


@test
def what_is_missing_on_a_command_line_ends_with_2_and_help_counts_nothing(lab):
    lab.tasks(script("echo x > x.txt"))
    lab.begin()
    lab.until_over()
    for words in (["abort"], ["retry"], ["merge"], ["hold"], ["release"], ["compact"], ["diff"], ["logs"], ["peek"], ["approve"],
                  ["unlock"], ["send"], ["send", "T1", ""], ["messages", "--last", "0"], ["worktrees", "what"], ["attach", "--what"],
                  ["plan", "tasks.md", "--workers", "none"], ["plan", "tasks.md", "--agent", "nobody"],
                  ["plan", "tasks.md", "--only", "T9"], ["up", "tasks.md", "--max-cost", "-1"],
                  ["up", "tasks.md", "--dry-run", "--wait-user", "long"]):
        ran = lab.run(*words)
        equal(ran.code, 2, f"{words}: {ran.text}")
    for verb in ("release", "plan", "up", "send", "agents", "unlock", "retry", "call"):
        shown = lab.run(verb, "--help", check=0).text
        equal("(0x" in shown or " x " in shown, False, shown)


@test
def a_command_that_there_is_not_is_named(lab):
    lab.run("hodl", "T1").ended_with(2).says("there is no command 'hodl'", "did you mean `tmux-orch hold`?")
    lab.run("frobnicate", "--all").ended_with(2).says("there is no command 'frobnicate'", "`tmux-orch --help` lists them")
    lab.run("--frob", "status").ended_with(2).says("--frob")
    lab.run("--frob").ended_with(2).says("there is no option '--frob'", "`tmux-orch --help` lists them")
    lab.run("-C", str(lab.repo)).ended_with(2).says("--help")
