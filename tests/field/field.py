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
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "e2e"))

import lab as e2e  # noqa: E402

# Not /tmp: the sandbox of codex lets its commands write there, and makes none for a HOME in it.
tempfile.tempdir = "/var/tmp"

CLIS = ("claude", "codex", "opencode", "gemini", "qwen", "pi")
# What the laboratory's CLIs sign in with: its model takes any.
KEYS = {name: "sk-dummy" for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY")}
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

    def __init__(self, binary, folder, cli, workers=2, port=None, clis=(), trusted=True, signed_in=True):
        self.lab_folder, self.cli, self.workers = folder, cli, workers
        super().__init__(binary)
        settings = self.home / "gitconfig"
        settings.write_text("[user]\n\tname = Ada\n\temail = ada@localhost\n")
        self.env.update(
            PATH=f"{folder / 'bin'}:{self.node_folder()}:{self.env['PATH']}",
            AGENTLAB=str(folder),
            AGENTLAB_HOME=str(self.home),
            AGENTLAB_PASS="PATH QWEN_CODE_SYSTEM_DEFAULTS_PATH OPENCODE_CONFIG_CONTENT",
            GIT_CONFIG_GLOBAL=str(settings),
        )
        if port:
            self.env["AGENTLAB_PORT"] = str(port)
        self.git("config", "--unset", "user.name")
        self.git("config", "--unset", "user.email")
        if not trusted:
            self.env["AGENTLAB_TRUST"] = "0"
        if signed_in:
            self.env.update(KEYS)
        self.make_home(clis or (cli,), signed_in)

    def node_folder(self):
        """For PATH, with the laboratory's own node alone: newer CLIs do not run with that of the system."""
        made = self.folder / "node"
        made.mkdir()
        node = self.lab_folder / "node_modules/.bin/node"
        if node.exists():
            (made / "node").symlink_to(node)
        return made

    def make_home(self, clis, signed_in):
        """The user's settings of these CLIs, and their trust in the repository, as the laboratory makes them."""
        made = self.home / ".agentlab"
        for cli in clis if signed_in else ():
            made.unlink(missing_ok=True)
            self.run(argv=[str(self.lab_folder / "bin" / cli), "--version"], check=0, timeout=60)
        made.touch()

    def config(self, text, base=CONFIG):
        super().config(text, base.format(cli=self.cli, workers=self.workers))

    def script_of_the_lab(self):
        wrapper = (self.lab_folder / "bin" / self.cli).read_text()
        return re.search(r"^exec (\S+) run", wrapper, re.M).group(1)

    def serve_model(self, port, lasting=False):
        """A scripted model of this lab's own, and the file that gets each request, one a line. One that is lasting goes on with
        its script after texts that have none."""
        dump = self.folder / "requests"
        dump.touch()
        script = pathlib.Path(self.script_of_the_lab())
        model = [str(script.with_name("fake_llm.py"))]
        if lasting:
            model.insert(0, str(HERE / "lasting_model.py"))
        self.spawn(argv=["bash", str(script), "ns", "python3", *model, "--port", str(port), "--dump", str(dump),
                         "--max-seconds", "1800"])
        return dump

    def screens(self):
        """The last lines of every agent's window."""
        texts = []
        for window in self.tmux("list-windows", "-a", "-F", "#{window_index}", check=False).split():
            text = self.tmux("capture-pane", "-p", "-t", f":{window}", check=False)
            texts.append("\n".join([line for line in text.splitlines() if line.strip()][-12:]))
        return "\n---\n".join(texts)


class Tail:
    """The lines that come to a file."""

    def __init__(self, file):
        self.stream, self.rest = open(file, encoding="utf-8", errors="replace"), ""

    def lines(self):
        self.rest += self.stream.read()
        *whole, self.rest = self.rest.split("\n")
        return whole


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


def until(look, seconds):
    """What `look` returns when that is true, or after so many seconds."""
    end = time.monotonic() + seconds
    while not (value := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return value


def until_merged(lab, seconds):
    """The states of all tasks when they are merged, when one cannot be, or after so many seconds."""

    def look():
        states = state_of(lab)
        over = set(states.values()) == {"merged"} or set(states.values()) & {"failed", "unreachable"}
        return states if over else None

    return until(look, seconds) or state_of(lab)


def facts(lab):
    """All facts so far as (kind, task, text, seconds of the wall clock)."""
    found = []
    for line in lab.run("events", "--json", check=0).out.splitlines():
        row = json.loads(line)
        found += [(fact["kind"], fact["task"], fact["text"], row["wall_ms"] / 1000) for fact in row["facts"]]
    return found


def agent_pid(lab, id):
    """The process of the agent that is at work on a task, as its shim has written it."""
    for file in (lab.repo / ".tmux-orch/runs").glob(f"*/attempts/{id}.*/pids"):
        found = re.search(r"^agent\.pid \d+\n(\d+)\n", file.read_text(), re.M)
        if found:
            return int(found.group(1))
    return 0


def delay_of_asking(lab, id, dump):
    """From the model's last request to when the user was told, in seconds."""
    told = [at for kind, task, _, at in facts(lab) if kind == "task.asking" and task == id]
    return max(0.0, told[-1] - dump.stat().st_mtime) if told else 0.0
