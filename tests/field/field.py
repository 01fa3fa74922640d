"""Real agent CLIs offline: a repository as the end-to-end tests have it, and a laboratory's CLIs in PATH.

The laboratory is a folder with `bin/NAME`, a wrapper for each CLI that runs it in a network of its own, where a
scripted model listens: `[[bash CMD]]` in a prompt makes it ask for that command.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "e2e"))

import lab as e2e  # noqa: E402

# Not /tmp: the sandbox of codex lets its commands write there, and makes none for a HOME in it.
tempfile.tempdir = "/var/tmp"

CLIS = ("claude", "codex", "opencode", "gemini", "qwen", "pi")
CONFIG = """
agent = "{cli}"
workers = {workers}
[limits]
attempts = 3
stop_grace = "1s"
"""


def add_options(parser):
    parser.add_argument("--bin", default=str(ROOT / "build-dev/src/cli/tmux-orch"))
    parser.add_argument("--lab", default=os.environ.get("AGENTLAB", ""), help="the laboratory's folder (or AGENTLAB)")
    parser.add_argument("--only", default="", help="these CLIs, with commas between")


def chosen(options):
    """The CLIs to try and the program; ends with 77, as skipped tests do, where the laboratory is missing."""
    folder = pathlib.Path(options.lab or "/nonexistent").resolve()
    if not options.lab or not (folder / "bin").is_dir():
        print("skipped: no laboratory with real CLIs; name its folder with --lab or AGENTLAB")
        sys.exit(77)
    binary = pathlib.Path(options.bin).resolve()
    if not binary.is_file():
        sys.exit(f"there is no {binary}: build it, or name another with --bin")
    wanted = options.only.split(",") if options.only else CLIS
    return [cli for cli in wanted if (folder / "bin" / cli).exists()], str(binary), folder


class FieldLab(e2e.Lab):
    """One CLI, its own HOME, and a user whose identity only the user's own git configuration has."""

    def __init__(self, binary, folder, cli, workers=2, port=None):
        self.lab_folder, self.cli, self.workers = folder, cli, workers
        super().__init__(binary)
        settings = self.home / "gitconfig"
        settings.write_text("[user]\n\tname = Ada\n\temail = ada@localhost\n")
        self.env.update(
            PATH=f"{folder / 'bin'}:{self.env['PATH']}",
            AGENTLAB=str(folder),
            AGENTLAB_HOME=str(self.folder / "agent-home"),
            AGENTLAB_PASS="PATH",
            GIT_CONFIG_GLOBAL=str(settings),
        )
        if port:
            self.env["AGENTLAB_PORT"] = str(port)
        # The laboratory gives each agent a HOME of its own, of which nothing is seen here.
        own = self.home / ".config/tmux-orch/config.toml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f"[agents.{cli}.preflight]\ntrusted = []\nsigned_in = []\n")
        self.git("config", "--unset", "user.name")
        self.git("config", "--unset", "user.email")

    def config(self, text, base=CONFIG):
        super().config(text, base.format(cli=self.cli, workers=self.workers))

    def script_of_the_lab(self):
        wrapper = (self.lab_folder / "bin" / self.cli).read_text()
        return re.search(r"^exec (\S+) run", wrapper, re.M).group(1)

    def serve_model(self, port):
        """A scripted model of this lab's own; the file that gets each request, one a line."""
        dump = self.folder / "requests"
        dump.touch()
        script = pathlib.Path(self.script_of_the_lab())
        self.spawn(argv=["bash", str(script), "ns", "python3", str(script.with_name("fake_llm.py")), "--port", str(port),
                         "--dump", str(dump), "--max-seconds", "1800"])
        return dump

    def screens(self):
        """The last lines of every agent's window."""
        texts = []
        for window in self.windows("#{window_index}"):
            text = self.tmux("capture-pane", "-p", "-t", f":{window}", check=False)
            texts.append("\n".join([line for line in text.splitlines() if line.strip()][-12:]))
        return "\n---\n".join(texts)


def results_in(body):
    """What the tools that the model asked for have answered, in one request of any of the APIs."""
    texts = []
    for message in body.get("messages", []):
        if message.get("role") == "tool":
            texts.append(json.dumps(message.get("content")))
        for part in message["content"] if isinstance(message.get("content"), list) else ():
            if part.get("type") == "tool_result":
                texts.append(json.dumps(part.get("content")))
    for item in body.get("input", []) if isinstance(body.get("input"), list) else ():
        if item.get("type") in ("function_call_output", "custom_tool_call_output", "local_shell_call_output"):
            texts.append(json.dumps(item.get("output")))
    for content in body.get("contents", []):
        texts += [json.dumps(part["functionResponse"]) for part in content.get("parts", []) if "functionResponse" in part]
    return texts


def print_table(head, rows):
    """As Markdown."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def state_of(lab):
    """The states of the run's tasks, by id; none when nobody has begun it yet."""
    try:
        return {task["id"]: task["state"] for task in lab.status()["tasks"]}
    except (e2e.Failed, json.JSONDecodeError, subprocess.TimeoutExpired):
        return {}
