"""Files that agents lock, and conversations that are shortened."""
import tui
from lab import equal, says, test


@test
def a_locked_file_is_the_agents_until_its_work_is_over(lab):
    tui.configure(lab, with_hooks=True, workers=2)
    out = lab.ledger / "out"
    wait = f"while ! test -e {lab.ledger}/go; do sleep 0.05; done"
    lab.tasks(tui.task(f"run mkdir -p src; cd src; tmux-orch lock parser.c >> {out} 2>&1; echo a > parser.c",
                       f"run touch {lab.ledger}/locked; {wait}", tui.COMMIT, tui.DONE),
              tui.task(f"run while ! test -e {lab.ledger}/locked; do sleep 0.05; done",
                       f"run tmux-orch lock src/parser.c >> {out} 2>&1; tmux-orch lock /etc/passwd >> {out} 2>&1; "
                       f"tmux-orch lock other.c >> {out}; tmux-orch unlock >> {out}; touch {lab.ledger}/said",
                       tui.COMMIT, tui.DONE, id="T2"),
              tui.task(tui.COMMIT, tui.DONE, id="T3").replace("a task\n", "a task\n  Files: src/parser.c\n", 1))
    lab.begin("--wait-user", "forever")
    lab.until_file("out")
    lab.until(lambda: (lab.ledger / "said").exists(), "the second one has tried")
    equal(lab.status()["locks"], [{"path": "src/parser.c", "task": "T1"}], "the locks")
    lab.until_state("T2", "merged")
    says(lab.task("T3")["why"], "T1")
    equal(lab.task("T3")["attempt"], 0, "its attempts")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(lab.status()["locks"], [], "the locks")
    says(out.read_text(), "locked until your task is over", "T1 has locked src/parser.c", "is no path in the worktree", "unlocked")


@test
def a_link_is_locked_as_what_it_leads_to_and_the_user_takes_locks_away(lab):
    tui.configure(lab, with_hooks=True, workers=2)
    out = lab.ledger / "out"
    wait = f"while ! test -e {lab.ledger}/go; do sleep 0.05; done"
    lab.tasks(tui.task(f"run mkdir -p real; ln -s real link; ln -s / away; tmux-orch lock link/a.c real/b.c >> {out} 2>&1",
                       f"run tmux-orch lock away/etc/passwd >> {out} 2>&1; tmux-orch unlock link/b.c >> {out} 2>&1",
                       f"run touch {lab.ledger}/locked; {wait}", "run rm link away", tui.COMMIT, tui.DONE),
              tui.task(f"run while ! test -e {lab.ledger}/taken; do sleep 0.05; done",
                       f"run tmux-orch lock real/a.c >> {out} 2>&1; touch {lab.ledger}/said", tui.COMMIT, tui.DONE, id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until(lambda: (lab.ledger / "locked").exists(), "it is locked")
    says(out.read_text(), "locked until your task is over: real/a.c, real/b.c", "'away/etc/passwd' leads out of the worktree", "unlocked")
    equal(lab.status()["locks"], [{"path": "real/a.c", "task": "T1"}], "the locks")
    says(lab.run("status").out, "locked by T1: real/a.c; `tmux-orch unlock T1` takes that away")
    says(lab.run("unlock", "T1", "other.c").text, "T1 has locked none of these")
    equal(lab.run("unlock").code, 2, "without a task")
    says(lab.run("unlock", "T1", "real/a.c", check=0).out, "T1 does not have real/a.c locked any more")
    equal(lab.facts("task.unlocked"), [("task.unlocked", "T1", "has real/a.c no longer locked: you took that away")], "what is told")
    (lab.ledger / "taken").touch()
    lab.until(lambda: (lab.ledger / "said").exists(), "the other one has it")
    equal(lab.status()["locks"], [{"path": "real/a.c", "task": "T2"}], "the locks")
    (lab.ledger / "go").touch()
    lab.until_over()


@test
def an_agent_is_asked_to_shorten_its_conversation_by_its_programs_command(lab):
    tui.configure(lab, with_hooks=True, lines='compact_command = "/compact"')
    lab.tasks(tui.task("busy 1", "end", tui.COMMIT, tui.DONE), tui.task("run true", tui.COMMIT, tui.DONE, id="T2"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "busy")
    says(lab.run("compact", "T1", check=0).text, "asked to shorten its conversation")
    lab.until(lambda: "/compact" in tui.texts(lab), "it is typed")
    lab.run("abort", "T1", check=0)
