"""What a shell completes."""
import os
import shutil

from lab import equal, script, test


def next_words(lab, *words):
    return lab.run("complete", *words, check=0).out.split()


@test
def verbs_options_and_their_values_are_completed(lab):
    equal(next_words(lab, "sta"), ["status"])
    assert {"up", "attach", "completion"} <= set(next_words(lab, ""))
    assert "supervise" not in next_words(lab, ""), "a verb that is not for people"
    equal(sorted(next_words(lab, "up", "--on")), ["--on-overlap", "--only"])
    equal(next_words(lab, "up", "--order", ""), ["strict", "stated"])
    equal(next_words(lab, "status", "--j"), ["--json"])
    equal(next_words(lab, "completion", "z"), ["zsh"])
    # Files are the shell's own business, and what there is no run for is nobody's.
    equal(next_words(lab, "up", "ta"), [])
    equal(next_words(lab, "abort", ""), [])
    equal(next_words(lab, "nonsense", ""), [])


@test
def tasks_and_kinds_of_the_run_are_completed(lab):
    lab.tasks(script("true"), script("true", id="T10"), script("true", id="T2"))
    lab.begin()
    equal(next_words(lab, "abort", ""), ["T1", "T10", "T2"])
    equal(next_words(lab, "-C", str(lab.repo), "logs", "-f", "T1"), ["T1", "T10"])
    equal(next_words(lab, "unlock", "T2"), ["T2"])
    equal(next_words(lab, "abort", "T1", ""), [])
    equal(next_words(lab, "send", "us"), ["user"])
    assert "sh" in next_words(lab, "delegate", ""), "kinds of agents"
    lab.until_over()


def completed(lab, shell, line):
    """What the shell makes of the line when Tab is pressed, in a terminal of its own."""
    folder = os.path.dirname(lab.binary)
    start = {"bash": ["bash", "--norc", "-i"], "zsh": ["zsh", "-f", "-i"], "fish": ["fish", "--no-config", "-i"]}
    load = {
        "bash": "source <(tmux-orch completion bash)",
        "zsh": "autoload -Uz compinit; compinit -u -D; source <(tmux-orch completion zsh)",
        # By its name, as when it is installed.
        "zsh-by-name": "tmux-orch completion zsh > _tmux_orch; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D",
        "fish": "tmux-orch completion fish | source",
    }[shell]
    tmux = ["-f", "/dev/null"]
    lab.tmux(*tmux, "new-session", "-d", "-s", shell, "-x", "100", "-y", "20", "-c", str(lab.repo),
             "env", f"PATH={folder}:{os.environ['PATH']}", f"HOME={lab.home}", "PS1=ready> ", *start[shell.partition("-")[0]])
    lab.tmux("send-keys", "-t", shell, load + "; echo loa''ded", "Enter")

    def screen():
        return lab.tmux("capture-pane", "-p", "-t", shell)

    lab.until(lambda: "loaded" in screen(), f"{shell} is ready")
    lab.tmux("send-keys", "-t", shell, "-l", line)
    lab.tmux("send-keys", "-t", shell, "Tab")
    return screen


@test
def a_shell_completes_by_its_script(lab):
    lab.tasks(script("true", id="T17"))
    lab.begin()
    lab.until_over()
    for shell in ("bash", "zsh", "zsh-by-name", "fish"):
        if shutil.which(shell.partition("-")[0]) is None:
            continue
        screen = completed(lab, shell, "tmux-orch abort T1")
        lab.until(lambda: "abort T17" in screen(), f"{shell} completes the task")
    lab.run("completion", "tcsh").ended_with(2).says("it can be bash, zsh or fish")
