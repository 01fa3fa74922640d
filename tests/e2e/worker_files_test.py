"""What agents that only read files find in the run's folder."""
import json

import tui
from lab import equal, says, script, test


def folder(lab):
    return next((lab.repo / ".tmux-orch/runs").iterdir())


def box(lab, name):
    file = folder(lab) / "messages" / name
    return json.loads(file.read_text()) if file.exists() else {}


def wait_for(name):
    return f"while ! test -e $LEDGER/{name}; do sleep 0.05; done"


@test
def a_message_stands_in_the_inbox_until_it_is_acknowledged_and_the_outbox_says_what_became_of_the_task(lab):
    tui.configure(lab, "auto_texts = 0")
    lab.tasks(tui.task(f"run cp $TMUX_ORCH_INBOX $LEDGER/first; {wait_for('ack')}; tmux-orch send --ack m1; {wait_for('go')}",
                       tui.COMMIT, tui.DONE))
    lab.begin("--wait-user", "forever")
    first = json.loads(lab.until_file("first"))
    equal(first["worker_id"], "worker-1", "worker")
    equal(first["session_folder"], str(folder(lab)), "folder")
    task = first["tasks"][0]
    equal((task["id"], task["agent_id"], task["messages"]), ("T1", "T1.1", []), "its task")
    equal(json.loads((folder(lab) / "context.json").read_text())["repository"], str(lab.repo), "context.json")
    tui.until_turn(lab, "T1", "busy")
    lab.run("send", "T1", "look at this", check=0)
    messages = lambda: [(one["id"], one["from"], one["text"]) for one in box(lab, "worker-1.inbox.json")["tasks"][0]["messages"]]
    lab.until(lambda: messages() == [("m1", "user", "look at this")], "the message in the inbox")
    says(lab.run("messages").out, "queued")
    (lab.ledger / "ack").write_text("go")
    lab.until(lambda: messages() == [], "an empty inbox")
    says(lab.run("messages").out, "acknowledged")
    (lab.ledger / "go").write_text("go")
    lab.until_state("T1", "merged")
    lab.until(lambda: box(lab, "worker-1.outbox.json")["tasks_completed"] == ["T1"], "the outbox")
    lab.until(lambda: box(lab, "worker-1.inbox.json")["tasks"] == [], "a worker without a task")


@test
def the_files_are_there_again_after_a_kill(lab):
    lab.config("")
    lab.tasks(script("echo work > work.txt; git add -A; git commit -qm work"), script(wait_for("go"), id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "merged")
    completed = lambda: [id for n in (1, 2, 3) for id in box(lab, f"worker-{n}.outbox.json").get("tasks_completed", [])]
    at_work = lambda: [task["id"] for n in (1, 2, 3) for task in box(lab, f"worker-{n}.inbox.json").get("tasks", [])]
    lab.until(lambda: completed() == ["T1"] and at_work() == ["T2"], "the files")
    lab.kill_supervisor()
    for file in (folder(lab) / "messages").iterdir():
        file.unlink()
    lab.begin("--wait-user", "forever")
    lab.until(lambda: completed() == ["T1"] and at_work() == ["T2"], "the files")
    lab.run("abort", "T2", check=0)
    lab.until(lambda: at_work() == [], "no task")
