"""The tools of agents that coordinate: from the command line, as programs and agents call them."""
import json
import pathlib

import tui
from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"

OTHER = """
[agents.other]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "exit"
commit = true
[agents.other.env]
OTHER = "yes"
"""


def call(lab, tool, action, code=0, **args):
    result = lab.run("call", tool, json.dumps({"action": action, "args": args}))
    result.ended_with(code)
    return result.out if not result.out.startswith("{") else json.loads(result.out)


def worktree(lab, action, code=0, **args):
    return call(lab, "worktree", action, code, **args)


def coordinate(lab, action, code=0, **args):
    return call(lab, "coordinate", action, code, **args)


def go(lab):
    (lab.ledger / "go").touch()


@test
def a_run_is_looked_at_and_its_tasks_are_waited_for(lab):
    lab.tasks(script("echo one > one.txt"), script("echo seen; " + WAIT, "echo 2 > two.txt", id="T2"))
    lab.begin("--workers", "2")
    lab.until_state("T1", "merged")
    lab.until_state("T2", "running")
    seen = worktree(lab, "status")
    equal([(task["id"], task["state"]) for task in seen["tasks"]], [("T1", "merged"), ("T2", "running")])
    equal(worktree(lab, "status", task="T2")["worktree"][-2:], "T2")
    says(worktree(lab, "dashboard"), "T1  merged", "T2  running")
    lab.until(lambda: [row["id"] for row in worktree(lab, "list")["worktrees"]] == ["T2"], "only one has a worktree")
    [session] = lab.until(lambda: worktree(lab, "sessions")["sessions"], "its session")
    equal(session["id"], "T2")
    assert lab.is_alive(session["pid"]), session
    equal(worktree(lab, "open", task="T2")["attach"], "tmux-orch attach T2")
    lab.until(lambda: "seen" in worktree(lab, "peek", task="T2", lines=5), "its output")
    says(lab.run("peek", "T2", "--lines", "5", check=0).out, "seen")
    waited = worktree(lab, "wait", tasks=["T1"], seconds=20)
    equal((waited["complete"], waited["merged"]), (True, True))
    waited = worktree(lab, "wait", seconds=0)
    equal((waited["complete"], waited["merged"]), (False, False))
    go(lab)
    equal(worktree(lab, "wait", tasks=["T2"], seconds=30)["complete"], True)


@test
def tasks_are_made_while_the_run_goes_on_and_land_as_any_other(lab):
    lab.tasks(script(WAIT, "echo one > one.txt"))
    lab.begin("--workers", "3")
    lab.until_state("T1", "running")
    prompt = "echo {{task}} > {{task}}.txt; git add .; git commit -qm {{task}}"
    made = worktree(lab, "spawn", tasks=["api", "ui"], prompt=prompt, prefix="do-", agent="sh")
    equal([each["id"] for each in made["spawned"]], ["do-api", "do-ui"])
    equal(lab.run("call", "coord.spawn", json.dumps({"tasks": ["late"], "prompt": prompt, "agent": "sh",
                                                     "needs": ["T1"]})).code, 0)
    lab.until_state("do-api", "merged")
    lab.until_state("do-ui", "merged")
    equal(lab.task("do-api")["made_by"], "user")
    says(lab.task("late")["state"], "waiting")
    says(lab.read("tasks.md"), "- [ ] T1")
    # An edit of the file leaves them as they are, and so does a new supervisor.
    lab.kill_supervisor()
    lab.write("tasks.md", lab.read("tasks.md") + "\n" + script("echo three > three.txt", id="T3"))
    lab.up("-d").ended_with(0)
    lab.until_state("T3", "merged")
    go(lab)
    lab.until_over()
    for name in ("one", "api", "ui", "late", "three"):
        assert (lab.repo / f"{name}.txt").exists(), name
    equal([task["state"] for task in lab.status()["tasks"]], ["merged"] * 5)
    says(lab.read("tasks.md"), "- [x] T1", "- [x] T3")
    assert "api" not in lab.read("tasks.md"), "the file of the user"
    says(lab.run("events", check=0).out, "made by user")


@test
def a_run_that_is_over_goes_on_for_a_task_that_is_made(lab):
    lab.tasks(script("echo one > one.txt"))
    lab.up().ended_with(0)
    worktree(lab, "spawn", tasks=["more"], prompt="echo more > more.txt; git add .; git commit -qm more", agent="sh")
    lab.until_state("more", "merged")
    lab.until_over()
    equal(lab.read("more.txt"), "more\n")


@test
def tasks_that_cannot_be_made_change_nothing(lab):
    lab.tasks(script(WAIT))
    lab.begin()
    lab.until_state("T1", "running")
    for args, words in (
        ({"tasks": ["a"], "prompt": "x", "needs": ["T9"]}, "T9"),
        ({"tasks": ["T1"], "prompt": "x"}, "there is a task"),
        ({"tasks": ["a"], "prompt": "x", "agent": "nobody"}, "there is no agent 'nobody'"),
        ({"tasks": ["!!"], "prompt": "x"}, "gives no id"),
        ({"tasks": [], "prompt": "x"}, "there is no task to make"),
        ({"tasks": ["a"] * 51, "prompt": "x"}, "too many"),
        ({"tasks": "a", "prompt": "x"}, "a list of texts"),
        ({"tasks": ["a"]}, "needs 'prompt'"),
        ({"tasks": ["a"], "prompt": "x", "force": True}, "takes no argument 'force'"),
    ):
        result = lab.run("call", "worktree", json.dumps({"action": "spawn", "args": args}))
        assert result.code in (1, 2), (args, result.code)
        says(json.loads(result.out)["error"], words)
    equal(len(lab.status()["tasks"]), 1)


@test
def what_is_created_starts_when_it_is_told_to(lab):
    lab.tasks(script(WAIT))
    lab.begin("--workers", "4")
    prompt = "echo {{task}} > made.txt; git add .; git commit -qm made"
    for title in ("first", "second", "third"):
        worktree(lab, "create", title=title, prompt=prompt, agent="sh")
    equal(lab.task("first")["held"], True)
    answer = coordinate(lab, "work", operation="assign", max_parallel=1)
    equal((answer["status"], answer["tasks_assigned"]), ("success", 1))
    equal(answer["metadata"]["left"], ["second", "third"])
    lab.until_state("first", "merged")
    equal(lab.task("second")["held"], True)
    worktree(lab, "start", task="second")
    lab.until(lambda: lab.task("second")["state"] != "waiting", "its start")
    says(worktree(lab, "start", code=1, task="T1")["error"], "is not held")


@test
def several_are_stopped_at_once_and_what_failed_is_named(lab):
    lab.tasks(script(WAIT), script(WAIT, id="T2"))
    lab.begin("--workers", "2")
    lab.until_state("T1", "running")
    lab.until_state("T2", "running")
    lab.until(lambda: coordinate(lab, "agents")["agents_managed"] == 2, "both live")
    agents = coordinate(lab, "agents")
    equal((agents["action"], agents["status"]), ("agents", "success"))
    equal(len(agents["metadata"]["pids"]), 2)
    stopped = coordinate(lab, "agents", operation="stop", tasks=["T1", "T7"])
    equal((stopped["status"], stopped["metadata"]["stopped"]), ("partial", ["T1"]))
    equal([each["id"] for each in stopped["metadata"]["failed"]], ["T7"])
    lab.until_state("T1", "aborted")
    coordinate(lab, "agents", operation="restart", tasks=["T1"])
    lab.until_state("T1", "running")
    failed = coordinate(lab, "agents", code=1, operation="stop", tasks=["T8"])
    equal(failed["status"], "failed")
    equal(coordinate(lab, "work")["metadata"]["tasks"], {"running": ["T1", "T2"]})
    lab.run("call", "coord.abort", json.dumps({"task": "T2"})).ended_with(0)
    lab.until_state("T2", "aborted")


@test
def a_task_goes_to_another_kind_of_agent(lab):
    lab.config(OTHER)
    lab.tasks(script("if test -n \"${OTHER:-}\"; then echo yes > o.txt; else " + WAIT + "; fi"))
    lab.begin()
    lab.until_state("T1", "running")
    answer = coordinate(lab, "work", operation="reassign", tasks=["T1"], agent="other")
    equal(answer["metadata"]["assignments"], [{"id": "T1", "agent": "other"}])
    lab.until_state("T1", "merged")
    equal((lab.task("T1")["agent"], lab.task("T1")["attempt"]), ("other", 2))
    says(coordinate(lab, "work", code=1, operation="reassign", tasks=["T1"], agent="none")["metadata"]["failed"][0]["why"],
         "there is no agent 'none'")


@test
def no_task_is_given_to_an_agent_that_is_not_installed(lab):
    lab.config('[agents.gone]\ncommand = ["no-such-program", "{prompt_file}"]\n')
    lab.tasks(script(WAIT))
    lab.begin()
    lab.until_state("T1", "running")
    says(worktree(lab, "spawn", code=1, tasks=["more"], prompt="x", agent="gone")["error"], "not installed")
    says(lab.run("retry", "T1", "--agent", "gone").text, "not installed")
    equal([task["id"] for task in lab.status()["tasks"]], ["T1"], "the tasks")
    equal(lab.task("T1")["attempt"], 1, "its attempts")
    lab.run("abort", "T1", check=0)


@test
def an_agent_that_works_on_a_task_may_look_and_tell_and_nothing_else(lab):
    calls = " ; ".join(f"""$TMUX_ORCH_BIN call worktree '{json.dumps(each)}' > $LEDGER/{each["action"]} 2>&1 || true"""
                       for each in ({"action": "current"}, {"action": "abort", "args": {"task": "T2"}},
                                    {"action": "spawn", "args": {"tasks": ["x"], "prompt": "x"}},
                                    {"action": "notify", "args": {"message": "look", "level": "warning"}},
                                    {"action": "help"}, {"action": "status", "args": {"task": "T2"}}))
    lab.tasks(script(calls.replace("$TMUX_ORCH_BIN", str(lab.binary)), WAIT), script(WAIT, id="T2"))
    lab.begin("--workers", "2")
    lab.until(lambda: (lab.ledger / "status").exists() and (lab.ledger / "status").read_text().endswith("}\n"),
              "its calls")
    told = {name: json.loads((lab.ledger / name).read_text())
            for name in ("current", "abort", "spawn", "notify", "help", "status")}
    equal((told["current"]["id"], told["current"]["role"]), ("T1", "implementer"))
    for name in ("abort", "spawn"):
        says(told[name]["error"], "is for the user and their programs; this is the agent of T1")
        says(told[name]["hint"], "current", "notify", "status", "help")
    equal([each["action"] for each in told["help"]["actions"]], ["status", "current", "message", "notify"])
    equal(told["status"]["id"], "T2")
    says(told["notify"]["sent"], "to user")
    says(lab.run("messages", check=0).out, "warning: look")
    equal(len(lab.status()["tasks"]), 2)


@test
def a_call_that_is_none_is_told_what_is_wrong(lab):
    lab.tasks(script(WAIT))
    lab.begin()
    for words, says_what in (
        (["worktree", "not json"], "this is no JSON"),
        (["nothing", "{}"], "there is no tool 'nothing'"),
        (["worktree", '"x"'], "takes an object with an \"action\""),
        (["worktree", '{"action":"nope"}'], "has no action 'nope'"),
        (["worktree", '{"action":"abort","task":"T1"}'], "belongs into \"args\""),
        (["worktree", '{"action":"abort","args":{"task":7}}'], "is a text"),
        (["worktree", '{"action":"abort","args":[]}'], "is an object"),
    ):
        result = lab.run("call", *words)
        result.ended_with(2)
        says(json.loads(result.out)["error"], says_what)
    says(json.loads(lab.run("call", "worktree", '{"action":"abort","args":{"task":"T9"}}').out)["error"], "T9")
    large = lab.run("call", "worktree", input="[" * (2 << 20))
    large.ended_with(2)
    says(json.loads(large.out)["error"], "1 MiB")
    says(json.loads(lab.run("call", "worktree", input='{"action":"help","args":{"action":"spawn"}}').out)["example"]["prompt"],
         "{{task}}")


@test
def the_user_alone_removes_work_that_has_not_landed(lab):
    lab.tasks(script(WAIT))
    lab.begin()
    lab.until_state("T1", "running")
    answer = worktree(lab, "cleanup", code=1, operation="remove", task="T1")
    says(answer["error"], "only the user may do that")
    equal(worktree(lab, "cleanup", dryRun=True)["would_remove"], [])
    equal(coordinate(lab, "worktrees", operation="cleanup", dry_run=True)["status"], "success")


@test
def the_example_of_a_coordinator_makes_tells_stops_and_waits(lab):
    lab.tasks(script(WAIT))
    lab.begin("--workers", "4")
    lab.until_state("T1", "running")
    example = pathlib.Path(__file__).resolve().parents[1] / "example/coordinator"
    ran = lab.run(argv=[str(example)], env={"TMUX_ORCH": str(lab.binary)}, check=0)
    says(ran.out, '"id": "api"', '"error"', "ui  merged")
    equal([(task["id"], task["state"]) for task in lab.status()["tasks"][1:3]], [("api", "merged"), ("ui", "merged")])
    lab.until(lambda: lab.task("docs")["state"] in ("aborted", "merged"), "the end of docs")
    equal(lab.read("ui.txt"), "the ui is done\n")


@test
def the_agent_of_a_task_is_told_and_the_texts_are_listed(lab):
    tui.configure(lab)
    lab.tasks(tui.task("idle"))
    lab.begin()
    tui.until_turn(lab, "T1", "idle")
    worktree(lab, "message", to="T1", message="use the new parser")
    lab.until(lambda: "use the new parser" in tui.texts(lab), "the text")
    answer = coordinate(lab, "messages", operation="history", task="T1")
    equal([each["text"] for each in answer["metadata"]["messages"] if each["from"] == "user"], ["use the new parser"])
    equal(coordinate(lab, "messages", operation="route", to=["T1"], message="and test it")["metadata"]["messages_routed"], 1)
    lab.until(lambda: "and test it" in tui.texts(lab), "the second text")


@test
def a_task_of_the_file_takes_no_made_ones_place(lab):
    lab.tasks(script(WAIT))
    lab.begin("--workers", "3")
    prompt = "echo made > made.txt; git add .; git commit -qm made"
    worktree(lab, "spawn", tasks=["e1"], prompt=prompt, agent="sh")
    lab.until_state("e1", "merged")
    lab.run("down", check=0)
    lab.write("tasks.md", lab.read("tasks.md") + "\n" + script("echo file > file.txt", id="E1"))
    lab.up("-d").ended_with(0)
    lab.until(lambda: "E1 was made in this run already" in lab.run("events").out, "it is told")
    says(lab.read("tasks.md"), "- [ ] E1")
    equal(lab.task("e1")["made_by"], "user")
