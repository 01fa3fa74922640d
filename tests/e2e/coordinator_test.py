"""An agent that coordinates the others: what it is told, what it may do, and how a run goes on without it."""
import json

import tui
from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"
BOSS = """
[agents.boss]
command = ["sh", "{script}"]
done = "exit"
"""


def begin(lab, *tasks, kind="tui", **settings):
    """A run with one; texts of the user's say what it does."""
    lines = "".join(f"{name.replace('_', '.', 1)} = {json.dumps(value)}\n" for name, value in settings.items())
    tui.configure(lab, with_hooks=True)
    if lines:
        user(lab, lines)
    lab.tasks(*tasks)
    lab.begin("--coordinator", kind, "--wait-user", "forever")
    until_idle(lab)


def user(lab, text):
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


def coordinator(lab):
    return lab.status()["coordinator"]


def until_idle(lab):
    return lab.until(lambda: coordinator(lab)["agent_state"] == "idle" and coordinator(lab), "it is at its prompt")


def does(lab, *commands):
    """It runs these in a turn; what they have said."""
    out = lab.ledger / f"said-{len(list(lab.ledger.glob('said-*')))}"
    steps = "".join(f"run {{ {command}; }} >> {out} 2>&1\n" for command in commands)
    lab.run("send", "coordinator", f"```tui\n{steps}run echo end >> {out}\n```", check=0)
    return lab.until(lambda: out.exists() and out.read_text().endswith("end\n") and out.read_text(), f"it did {commands}")


def call(tool, action, **args):
    return f"tmux-orch call {tool} '{json.dumps({'action': action, 'args': args})}'"


@test
def it_has_a_window_and_no_worker_is_told_what_it_is_and_ends_with_the_run(lab):
    begin(lab, tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE))
    seen = coordinator(lab)
    equal((seen["worker"], seen["state"], seen["agent"]), (None, "running", "tui"), "it")
    equal([task["id"] for task in lab.status()["tasks"]], ["T1"], "the tasks")
    says(lab.run("status").text, "0/1 merged", "coordinator")
    says(tui.happened(lab, "coordinator", "submitted")[0]["text"], "You coordinate a run of tmux-orch", "peek TASK")
    says(does(lab, "tmux-orch whoami"), "coordinator")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.status()["state"], "finished", "the run")
    # It was told before that all is over.
    says(tui.texts(lab, "coordinator")[-1], "tmux-orch tells you: 1/1 merged", "All tasks are over")
    equal(lab.run("up", "-d").code, 0, "the run is over for good")
    # The next run has one of its own.
    (lab.ledger / "go").unlink()
    lab.write("more.md", tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE, id="T9"))
    lab.begin("--coordinator", "tui", "--wait-user", "forever", file="more.md")
    until_idle(lab)
    (lab.ledger / "go").touch()
    lab.until_over()
    equal([task["state"] for task in lab.status()["tasks"]], ["merged"], "the tasks of the next run")


@test
def it_is_told_of_what_needs_a_decision_and_decides(lab):
    begin(lab, tui.task("run tmux-orch blocked 'which parser?'", id="T1"), tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE, id="T2"),
          coordinator_digest="1s")
    told = lab.until(lambda: [text for text in tui.texts(lab, "coordinator") if "which parser?" in text], "it is told")
    says(told[0], "T1 blocked: which parser? (`tmux-orch release T1 'answer'`", "`tmux-orch abort T1`")
    does(lab, "tmux-orch hold T2", "tmux-orch release T2")
    equal([text for _, task, text in lab.facts() if task == "T2" and "coordinator" in text],
          ["held by the coordinator", "released by the coordinator"], "who did it")
    answer = "```tui\\nrun echo one > T1.txt; git add -A; git commit -qm one\\nrun tmux-orch done -m took-the-first\\n```"
    does(lab, f"tmux-orch release T1 \"$(printf '{answer}')\"")
    lab.until_state("T1", "merged")
    does(lab, "tmux-orch send T2 'use the new parser'", call("worktree", "message", to="user", message="all is well"))
    lab.until(lambda: [one for one in lab.status()["unread_messages"] if one["from"] == "coordinator"], "the user is told")
    (lab.ledger / "go").touch()
    lab.until_over()
    says(lab.run("messages", "--with", "coordinator").text, "use the new parser", "all is well", "what needs a decision")


@test
def it_makes_tasks_that_land_as_others_within_its_limits(lab):
    begin(lab, tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE), limits_made_tasks=2, limits_made_kinds=["tui"])
    spawn = lambda *titles, agent="tui": call("worktree", "spawn", tasks=list(titles), agent=agent, prompt="busy 0.1")
    says(does(lab, spawn("one", agent="sh")), "may not go to sh")
    says(does(lab, spawn("one", "two", "three")), "no more tasks are made by agents in this run: 2 is the limit")
    says(does(lab, spawn("one", "two")), '"spawned"')
    equal(lab.task("one")["made_by"], "coordinator", "who made it")
    says(does(lab, spawn("three")), "no more tasks are made by agents in this run: 2 is the limit")
    says(lab.run("status").text, "one")
    says(does(lab, "tmux-orch abort one", "tmux-orch abort two"), "end")
    lab.until_state("one", "aborted")
    lab.until_state("two", "aborted")
    says(lab.task("one")["why"], "aborted by the coordinator")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.read("tasks.md").count("- ["), 1, "the tasks of the file")


@test
def what_is_the_users_to_decide_is_refused_and_named(lab):
    begin(lab, tui.task("ask permission make install", tui.COMMIT, tui.DONE), tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE, id="T2"))
    tui.until_turn(lab, "T1", "asking", "permission")
    lab.run("hold", "T2", check=0)
    said = does(lab, "tmux-orch approve T1", "tmux-orch down", "tmux-orch undo T2", "tmux-orch merge T2",
                "tmux-orch release T2", "tmux-orch send --now T1 hello", call("worktree", "start", task="T2"))
    equal(said.count("only the user may"), 7, said)
    equal(lab.task("T2")["held"], True, "held")
    equal(lab.status()["state"], "running", "the run")
    lab.run("approve", "T1", check=0)
    lab.run("release", "T2", check=0)
    (lab.ledger / "go").touch()
    lab.until_over()
    equal([task["state"] for task in lab.status()["tasks"]], ["merged", "merged"], "the tasks")


@test
def a_plan_names_it_the_report_counts_it_and_a_run_that_is_over_has_none(lab):
    tui.configure(lab, with_hooks=True)
    lab.tasks(tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE))
    says(lab.run("plan", "tasks.md", "--coordinator", "tui", check=0).out, "an agent of the kind tui coordinates")
    equal(json.loads(lab.run("plan", "tasks.md", "--coordinator", "tui", "--json", check=0).out)["coordinator"], "tui", "in JSON")
    says(lab.up("--dry-run", "--coordinator", "tui", check=0).out, "an agent of the kind tui coordinates")
    for verb in (["plan", "tasks.md"], ["up", "tasks.md", "-d"]):
        ran = lab.run(*verb, "--coordinator", "")
        equal(ran.code, 2, ran.text)
        says(ran.text, "--coordinator names no kind of agent", "these can coordinate: ", "tui")
    lab.begin("--coordinator", "tui", "--wait-user", "forever")
    until_idle(lab)
    (lab.ledger / "go").touch()
    lab.until_over()
    report = json.loads(lab.run("report", "--json", check=0).out)
    equal((report["coordinator"]["agent"], report["coordinator"]["attempts"], report["totalTasks"]), ("tui", 1, 1), "the report")
    says(lab.run("report", check=0).out, "coordinator (tui): 1 attempt, worked ")
    again = lab.run("retry", "coordinator")
    equal(again.code, 1, again.text)
    says(again.text, "the run is finished, so there is nothing to coordinate", "`tmux-orch up` with further tasks")


@test
def agents_write_to_it_and_a_killed_supervisor_finds_it_again(lab):
    begin(lab, tui.task("run tmux-orch send coordinator 'half is done'", f"run {WAIT}", tui.COMMIT, tui.DONE))
    lab.until(lambda: any("half is done" in text for text in tui.texts(lab, "coordinator")), "it is told")
    pid = coordinator(lab)["pid"]
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    equal(coordinator(lab)["pid"], pid, "its process")
    says(does(lab, call("worktree", "dashboard")), "T1")
    says(does(lab, call("worktree", "status", task="coordinator"), "tmux-orch delegate tui x", "tmux-orch lock a.c", "tmux-orch done"),
         '"id": "coordinator"', "who coordinates makes tasks", "changes no file, and so locks none", "no task to report")
    (lab.ledger / "go").touch()
    lab.until_over()


@test
def nothing_of_it_lands_and_what_it_has_changed_is_saved(lab):
    begin(lab, tui.task(f"run {WAIT}", tui.COMMIT, tui.DONE))
    does(lab, "echo stray > stray.txt", "git add -A", "git commit -qm stray", "echo more > more.txt", "tmux-orch done -m over")
    (lab.ledger / "go").touch()
    lab.until_over()
    assert "stray" not in lab.git("log", "--format=%s", "main"), "it has landed"
    ref = coordinator(lab)["rescued"][0]
    says(lab.git("ls-tree", "--name-only", ref), "stray.txt", "more.txt")


@test
def one_that_ends_is_not_missed_and_one_that_crashes_is_started_again(lab):
    boss = lab.ledger / "boss"
    boss.write_text(f"test -e {lab.ledger}/crashed || {{ touch {lab.ledger}/crashed; exit 3; }}\n"
                    + call("worktree", "spawn", tasks=["extra"], agent="sh", prompt="```sh\necho x > x.txt\n```") + "\n")
    user(lab, 'limits.made_kinds = ["sh"]\n')
    lab.config(BOSS.replace("{script}", str(boss)))
    lab.tasks(script(WAIT, "echo one > one.txt"))
    lab.begin("--coordinator", "boss")
    lab.until_state("extra", "merged")
    lab.until(lambda: coordinator(lab)["state"] == "aborted", "it is through")
    says(coordinator(lab)["why"], "it has ended by itself")
    equal(coordinator(lab)["attempt"], 2, "its attempts")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.status()["state"], "finished", "the run")
    says(lab.run("report").text, "2 of 2 tasks merged")


@test
def a_task_with_its_id_and_an_unknown_kind_are_refused_before_anything_begins(lab):
    tui.configure(lab)
    lab.write("tasks.json", '{"tasks": [{"id": "Coordinator", "title": "give out work"}]}')
    lab.up("-d", "--coordinator", "tui", file="tasks.json").says("a task has the id 'Coordinator'")
    lab.tasks(script("true"))
    lab.up("-d", "--coordinator", "nobody").says("nobody")
    lab.write("tmux-orch.toml", "[coordinator]\nagent = \"tui\"\n")
    lab.up("-d").says("coordinator.agent")
