"""What a further attempt goes on with: the conversation of the one before, or a new one that is told what was done."""
import tui
from lab import equal, says, test

SESSION = """exit_command = "/exit"
resumes = true
session_args = ["--session-id", "{session}"]
resume = ["--resume", "{session}"]"""
# All of it in one conversation: what is done the second time is done by the attempt after it.
CRASH = "once run sleep 1; kill -9 $PPID"


def configure(lab, *limits, **more):
    tui.configure(lab, *limits, lines=SESSION, **more)
    file = lab.repo / "tmux-orch.toml"
    command = f'command = ["{tui.FAKE / "tui_agent"}"'
    file.write_text(file.read_text().replace(command, command + ', "{session}"'))
    lab.commit("an agent that resumes")


def attempts(lab, id="T1"):
    """The folders of its attempts, in order."""
    found = (lab.repo / ".tmux-orch/runs").glob(f"*/attempts/{id}.*")
    return sorted(found, key=lambda folder: int(folder.name.rpartition(".")[2]))


def prompts(lab, id="T1"):
    return [(folder / "prompt.txt").read_text() for folder in attempts(lab, id)]


def sessions(lab, id="T1"):
    return [(folder / "session").read_text() for folder in attempts(lab, id)]


@test
def in_the_same_conversation_an_attempt_is_told_only_what_is_new(lab):
    configure(lab)
    lab.tasks(tui.task(CRASH, tui.COMMIT, tui.DONE))
    lab.up().ended_with(0)
    first, second = prompts(lab)
    one, two = sessions(lab)
    equal(one, two, "the conversation")
    says(first, "Rules:", "```tui")
    says(second, "Task T1: a task", "You were at this task in this conversation", "This is attempt 2.", "ended by signal 9",
         "what it wrote last may be half done", "tmux-orch done -m")
    assert "Rules:" not in second and "```tui" not in second, second
