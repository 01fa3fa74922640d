#!/usr/bin/env python3
"""What each CLI may do without asking, with the built-in profiles: tried with the real CLIs, offline.

  tests/field/commands.py --lab DIR [--only claude,pi] [--bin PATH] [--results FILE] [-k TEXT]

Each command is a task of its own whose model asks for it once. The model's next request shows what came of it:
`runs`; `sandbox`, where it ran into the agent's own sandbox; `refused`, without a question; and `asks`, where there
was no next request. Prints the table of docs/agents.md.
"""
import argparse
import json
import pathlib
import re
import sys
import time

import field

LOOK = [
    "ls && cat README && grep -n a README && find . -name README", "head -3 README; tail -n 3 README; wc -l README",
    "sed -n 1,5p README", "git status && git diff", "git log --oneline | head -3", "git show --stat",
    "git blame README; git ls-files; git rev-parse HEAD; git branch --show-current",
]
WORK = [
    "echo x > x.txt", "mkdir -p sub", "touch t.txt", "rm README", "sed -i s/a/b/ README",
    "git add -A && git commit -m x --allow-empty", "git commit --allow-empty -m \"$(cat <<'EOF'\nlong text\nEOF\n)\"",
    "git mv README R", "git rm README", "git restore README", "git merge --abort",
    "make check", "make check V=1 2>&1 | tail -n 5", "npm test", "python3 -m pytest",
    "cd {worktree} && git status", "git -C {worktree} status", "cd sub2 && git add -A",
]
REPORT = [
    "tmux-orch whoami", "tmux-orch progress 0.5 'half'", "tmux-orch notify 'a word'",
    "tmux-orch done -m 'one `x` two' --help", "tmux-orch done -m \"one `true` two\" --help", "tmux-orch blocked --help",
]
NEVER = [
    "git push", "git config a.b c", "git -c a.b=c status", "git -C / status", "git -C / add x", "git stash", "git worktree add ../other-{id}",
    "git update-ref refs/heads/x HEAD", "git branch -D nobody", "git branch -f x HEAD", "git reset --hard HEAD",
    "git checkout -b other", "git gc", "git prune", "git diff --output=/tmp/orch-field-x", "find . -name none -delete",
    "cat README > {outside}", "make install", "tmux-orch approve --help", "tmux-orch abort --help", "tmux-orch merge --help",
    "tmux-orch down --help",
]
GROUPS = (("to look", LOOK), ("to work", WORK), ("to report", REPORT), ("never without asking", NEVER))
TESTS = "[merge]\ntest_base = false\n" + "".join(f"[[merge.test]]\ncommand = {json.dumps(words)}\n" for words in (
    ["make", "check"], ["npm", "test"], ["python3", "-m", "pytest"]))
# From the request whose answer asks for the command to the one that has its result.
PATIENCE = 12
LIMIT = 600
REFUSED = re.compile(r"denied|rejected|not allowed|requires approval|by policy|not permitted by|declined", re.I)
SANDBOX = re.compile(r"Read-only file system|Operation not permitted|sandbox", re.I)


class Probe:
    """One command, and what is known of it."""

    def __init__(self, number, command):
        self.id, self.command = f"K{number:02}", command
        self.asked = self.result = None

    def see(self, body, now):
        results = field.results_in(body)
        self.asked = self.asked or now
        if results and self.result is None:
            self.result = results[-1]

    def verdict(self):
        if self.result is None:
            return "asks" if self.asked else "?"
        if REFUSED.search(self.result):
            return "refused"
        return "sandbox" if SANDBOX.search(self.result) else "runs"

    def is_over(self, now):
        return self.result is not None or (self.asked and now - self.asked > PATIENCE)


def in_markdown(command):
    return command.split("\n")[0].replace("|", "\\|").replace("`", "ˋ")


def try_out(cli, binary, folder, port, wanted):
    commands = [command for _, group in GROUPS for command in group if wanted in command]
    probes = [Probe(number, command) for number, command in enumerate(commands, 1)]
    lab = field.FieldLab(binary, folder, cli, workers=4, port=port)
    try:
        dump = lab.serve_model(port)
        lab.config(TESTS)
        lab.write("Makefile", "check:\n\t@echo checked\ninstall:\n\t@echo installed\n")
        lab.write("package.json", '{"name": "x", "version": "1.0.0", "scripts": {"test": "echo tested"}}\n')
        lab.write("sub2/file", "x\n")
        lab.commit()
        texts = []
        for probe in probes:
            command = probe.command.format(worktree=lab.repo / ".worktrees" / probe.id, outside=lab.folder / "outside", id=probe.id)
            lines = "\n  ".join(command.split("\n"))
            texts.append(f"- [ ] {probe.id}: try\n\n  [[bash {lines}]]\n")
        lab.tasks(*texts)
        lab.begin()
        watch(lab, probes, dump)
    finally:
        lab.clean()
    return {probe.command: probe.verdict() for probe in probes}


def watch(lab, probes, dump):
    """Until something is known of each: a task that is looked at no longer is aborted, and another one starts."""
    left = {probe.id: probe for probe in probes}
    end = time.monotonic() + LIMIT
    with open(dump, encoding="utf-8", errors="replace") as lines:
        rest = ""
        while left and time.monotonic() < end:
            rest += lines.read()
            *whole, rest = rest.split("\n")
            for line in whole:
                named = re.search(r"Task (K\d\d): try", line)
                if named and named.group(1) in left:
                    request = json.loads(line)
                    left[named.group(1)].see(request.get("body", request), time.monotonic())
            over = [probe.id for probe in left.values() if probe.is_over(time.monotonic())]
            if not over:
                time.sleep(0.2)
                continue
            for id in over:
                del left[id]
                lab.run("abort", id)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8471, help="of the scripted model, in the laboratory's network")
    parser.add_argument("-k", dest="wanted", default="", help="only commands with this in them")
    parser.add_argument("--results", type=pathlib.Path, help="JSON of earlier CLIs, which is read and added to")
    field.add_options(parser)
    options = parser.parse_args()
    clis, binary, folder = field.chosen(options)
    found = json.loads(options.results.read_text()) if options.results and options.results.exists() else {}
    for number, cli in enumerate(clis):
        print(f"{cli} ...", file=sys.stderr, flush=True)
        found.setdefault(cli, {}).update(try_out(cli, binary, folder, options.port + number, options.wanted))
    if options.results:
        options.results.write_text(json.dumps(found, indent=1))
    clis = [cli for cli in field.CLIS if cli in found]
    for group, commands in GROUPS:
        rows = [[f"`{in_markdown(command)}`", *(found[cli].get(command, "?") for cli in clis)]
                for command in commands if any(command in found[cli] for cli in clis)]
        field.print_table([group, *clis], rows)
        print()


if __name__ == "__main__":
    main()
