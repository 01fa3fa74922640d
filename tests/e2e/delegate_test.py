"""Work that the agent of a task delegates to another agent."""
import tui
from lab import equal, says, test

KIND = """
[agents.helper]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "exit"
commit = true
"""


def configure(lab, workers=1, kinds='["tui"]'):
    tui.configure(lab, with_hooks=True, workers=workers, more=KIND)
    folder = lab.home / ".config/tmux-orch"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(f"limits.made_kinds = {kinds}\n")


def delegate(lab, *steps, kind="tui"):
    """A step that has another agent do these."""
    block = "\\n".join(["```tui", *steps, "```"])
    return f"run tmux-orch delegate {kind} \"$(printf '{block}')\" >> {lab.ledger}/said 2>&1"


OWN = "run echo own > own.txt; git add -A; git commit -qm own"
PART = "run cat own.txt > part.txt; git add -A; git commit -qm part"
SAY = "run tmux-orch done -m two-lines"
REST = "```tui\nrun cat part.txt > rest.txt; git add -A; git commit -qm rest\nrun tmux-orch done -m over\n```"


@test
def another_agent_works_in_its_place_and_its_work_comes_back(lab):
    configure(lab)
    lab.tasks(tui.task(OWN, delegate(lab, PART, SAY), "end"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1-1", "delivered")
    says((lab.ledger / "said").read_text(), "T1-1 is made. End your turn")
    child = lab.task("T1-1")
    equal((child["made_by"], child["commit"]), ("T1", None), "the other task")
    told = lab.until(lambda: [text for text in tui.texts(lab) if "T1-1" in text], "it is told")
    says(told[0], "T1-1, which you have delegated, is done.", "> two-lines", "is merged into your branch")
    says(lab.git("log", "--format=%s", "orch/T1"), "own", "part")
    equal("reminded" in [kind for kind, _ in tui.facts(lab, "T1")], False, "it was reminded")
    lab.run("send", "T1", REST, check=0)
    lab.until_over()
    equal(lab.read("rest.txt"), "own\n", "what has landed")
    equal(lab.landed(), ["T1"], "who has landed")
    says(lab.run("status").out, "1/1 merged, 1 delivered")
    says(lab.run("report", check=0).out, "1 of 1 tasks merged onto main", "1 of 1 delegated by agents delivered to them")


@test
def what_cannot_be_merged_is_left_to_the_agent_with_the_command(lab):
    configure(lab)
    lab.tasks(tui.task(OWN, delegate(lab, PART, SAY), "run echo more > more.txt", "end"))
    lab.begin("--wait-user", "forever")
    told = lab.until(lambda: [text for text in tui.texts(lab) if "T1-1" in text], "it is told")
    says(told[0], "could not be merged into your branch", "git merge --no-edit ")
    # What it would leave behind it is told of.
    lab.run("send", "T1", f"```tui\nrun git add -A; git commit -qm more; tmux-orch done -m over > {lab.ledger}/refused 2>&1\n```", check=0)
    says(lab.until_file("refused"), "the work of T1-1, which you have delegated, is not in your branch", "--leave-delegated")
    command = [line for line in told[0].splitlines() if "git merge" in line][0].split("here: ")[1]
    lab.run("send", "T1", f"```tui\nrun {command}; tmux-orch done -m over\n```", check=0)
    lab.until_over()
    equal((lab.read("more.txt"), lab.read("part.txt")), ("more\n", "own\n"), "what has landed")


@test
def a_conflict_is_under_way_in_the_worktree(lab):
    configure(lab, workers=2)
    lab.tasks(tui.task(OWN, delegate(lab, "run echo theirs > own.txt; git commit -qam theirs", SAY),
                       "run echo mine > own.txt; git commit -qam mine", "end"))
    lab.begin("--wait-user", "forever")
    told = lab.until(lambda: [text for text in tui.texts(lab) if "T1-1" in text], "it is told")
    says(told[0], "with conflicts in: own.txt")
    lab.run("send", "T1", "```tui\nrun echo both > own.txt; git add -A; git commit -q --no-edit; tmux-orch done -m over\n```", check=0)
    lab.until_over()
    equal(lab.read("own.txt"), "both\n", "what has landed")


@test
def marks_of_its_conflict_do_not_land(lab):
    configure(lab, workers=2)
    lab.tasks(tui.task(OWN, delegate(lab, "run echo theirs > own.txt; git commit -qam theirs", SAY),
                       "run echo mine > own.txt; git commit -qam mine", "end",
                       "mend run echo both > own.txt; git commit -qam both", "mend " + tui.DONE))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: [text for text in tui.texts(lab) if "with conflicts in: own.txt" in text], "it is told")
    lab.run("send", "T1", "```tui\nrun git add -A; git commit -q --no-edit; tmux-orch done -m over\n```", check=0)
    lab.until_over()
    says(" ".join(text for _, task, text in lab.facts("task.returned")), "has conflict marks in own.txt")
    equal(lab.read("own.txt"), "both\n", "what has landed")


@test
def a_kill_at_any_step_brings_it_back_once(lab):
    configure(lab)
    lab.tasks(tui.task(OWN, delegate(lab, PART, SAY), "end"))
    for point in ("take_in.after_intent", "take_in.after_effect"):
        lab.begin("--wait-user", "forever", env={"TMUX_ORCH_FAILPOINT": point})
        lab.until(lambda: not lab.supervisor(), f"killed at {point}")
    lab.begin("--wait-user", "forever")
    lab.until(lambda: [text for text in tui.texts(lab) if "T1-1" in text], "it is told")
    lab.run("send", "T1", REST, check=0)
    lab.until_over()
    equal(len([text for text in tui.texts(lab) if "T1-1" in text]), 1, "how often it was told")
    equal(lab.git("log", "--format=%s", "main").splitlines().count("part"), 1, "how often it is there")


@test
def scripts_are_not_run_for_agents_and_what_fails_is_told(lab):
    configure(lab, kinds="[]")
    lab.tasks(tui.task(OWN, delegate(lab, "touch /tmp/never", kind="helper"), delegate(lab, "end", kind="nobody"),
                       delegate(lab, "run tmux-orch blocked no-idea"), "end"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1-1", "blocked")
    says((lab.ledger / "said").read_text(), "may not go to helper (limits.made_kinds)", "there is no agent 'nobody'", "T1-1 is made")
    lab.run("abort", "T1-1", check=0)
    told = lab.until(lambda: [text for text in tui.texts(lab) if "T1-1" in text], "it is told")
    says(told[0], "is not done: aborted by you", "Do it yourself")
    lab.run("abort", "T1", check=0)
    lab.until_over()
