"""Which kind of agent a task goes to, and another kind that goes on with it."""
import json

import tui
from lab import CONFIG, equal, test

SHELL = """
[agents.{name}]
command = ["sh", "-eu", "{{prompt_file}}"]
prompt = "script"
done = "report"
resumes = true
capabilities = {capabilities}
"""
ROUTE = """
[routing]
kinds = ["back", "web"]
"""


def write_config(lab, more=""):
    kinds = SHELL.format(name="back", capabilities='["backend", "*.sql"]') + SHELL.format(name="web", capabilities='["src/web/"]')
    lab.config(kinds + ROUTE + more, base=CONFIG.replace('agent = "sh"\n', ""))


def task(id, line=""):
    return (f"- [ ] {id}: do it {line}\n\n  ```sh\n  echo {id} > {id}.txt\n  git add {id}.txt\n"
            f"  git commit -qm {id}\n  tmux-orch done\n  ```\n")


def kinds(lab):
    return {task["id"]: task["agent"] for task in lab.status()["tasks"]}


@test
def tasks_go_to_whom_they_suit_and_plan_says_so_before(lab):
    write_config(lab)
    lab.tasks(task("T1", "\n  Tags: backend"), task("T2", "\n  Files: src/web/page.ts"), task("T3"))
    plan = lab.run("plan", "tasks.md").ended_with(0)
    plan.says("agent back for backend", "agent web for src/web/", "agent back or web")
    routed = json.loads(lab.run("plan", "tasks.md", "--json").out)["units"][0]["routed"]
    equal(routed, [{"agent": "back", "because": ["backend"]}, {"agent": "web", "because": []}], "as JSON")
    lab.up("-y").ended_with(0).says("3 of 3 tasks merged")
    found = kinds(lab)
    equal((found["T1"], found["T2"]), ("back", "web"), "kinds")


@test
def a_kind_that_is_misspelt_is_a_mistake_with_its_line(lab):
    write_config(lab)
    config = lab.repo / "tmux-orch.toml"
    config.write_text(config.read_text().replace('"back", "web"', '"back", "wep"'))
    lab.tasks(task("T1"))
    lab.run("plan", "tasks.md").ended_with(1).says("there is no agent 'wep'", "did you mean 'web'?")


@test
def another_kind_goes_on_with_the_work_of_one_that_is_away(lab):
    tui.configure(lab, 'continue_after = ["1s"]', more=SHELL.format(name="back", capabilities="[]") + "\n" + ROUTE.replace('"web"', '"tui"'))
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text('[routing]\nfailover_after = "10m"\n')
    half = "run echo half > half.txt"
    steps = tui.task(half, "fail 429 rate limit reached: try again in 3600s")
    script = "  ```sh\n  cat half.txt\n  git add -A\n  git commit -qm whole\n  tmux-orch done\n  ```\n"
    lab.tasks(steps + "\n" + script)
    lab.up("-y").ended_with(0).says("another kind of agent goes on with its work", "T1 merged")
    equal(kinds(lab)["T1"], "back", "its last agent")
    equal(lab.git("show", "main:half.txt").strip(), "half", "the work of the first one")
    equal(len(lab.facts("kind.paused")), 1, "pauses")
