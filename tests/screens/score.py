#!/usr/bin/env python3
"""How well the states of recorded screens are read.

    score.py --bin tmux-orch --screens FOLDER

FOLDER holds AGENT/NAME.txt (the rows), AGENT/NAME.meta (`title=... dead=N`) and expect.json, which names the states
that each may be read as ("*": all). Prints what is wrong and a table of the states that were expected first and
read. Exit status 1: a screen is read as what it is not, or an agent has more than one unknown (those that may be
anything count as well).
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

STATES = ["exited", "trust", "dialog", "permission", "question", "retrying", "busy", "error", "idle", "unknown"]
MOST_UNKNOWN = 1


def meta_of(path):
    """The title may have spaces and anything else in it; `dead` follows."""
    found = re.search(r"title=(.*?)\s+dead=(\d*)", path.read_text(errors="replace") if path.exists() else "", re.S)
    return (found[1], found[2] == "1") if found else ("", False)


def read(binary, folder, name, home):
    title, dead = meta_of(folder / f"{name}.meta")
    command = [binary, "explain", "--agent", name.split("/")[0], "--screen", str(folder / f"{name}.txt"), "--json", "--title", title]
    env = {"PATH": os.environ["PATH"], "HOME": home}
    done = subprocess.run(command + ["--dead"] * dead, capture_output=True, text=True, timeout=60, cwd=home, env=env)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


def in_half(name, half):
    even = int(hashlib.sha1(name.encode()).hexdigest()[-1], 16) % 2 == 0
    return half is None or even == (half == "even")


def table(pairs):
    columns = [s for s in STATES if any(got == s for _, got in pairs)]
    rows = [f"{'expected':<11}" + "".join(f"{c:>11}" for c in columns)]
    counts = collections.Counter(pairs)
    for state in [*STATES, "*"]:
        if any(wanted == state for wanted, _ in pairs):
            rows.append(f"{state:<11}" + "".join(f"{counts[state, c] or '.':>11}" for c in columns))
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--screens", required=True, type=pathlib.Path)
    parser.add_argument("--half", choices=["even", "odd"], help="only names whose hash is so: rules are written with one and tried with the other")
    parser.add_argument("--brief", action="store_true", help="no names of what is wrong")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.bin).resolve())
    expected = json.loads((options.screens / "expect.json").read_text())
    wrong, pairs, unknown = 0, [], collections.Counter()
    with tempfile.TemporaryDirectory() as home:
        for name, states in sorted(expected.items()):
            if not in_half(name, options.half):
                continue
            got = read(binary, options.screens.resolve(), name, home)
            pairs.append((states[0], got["state"]))
            unknown[name.split("/")[0]] += got["state"] == "unknown"
            if got["state"] not in states and "*" not in states:
                wrong += 1
                if not options.brief:
                    print(f"wrong: {name} is read as {got['state']} (rule {got['rule'] or '-'}), not {' or '.join(states)}")
    print(table(pairs))
    too_many = [f"{agent}: {count} unknown" for agent, count in sorted(unknown.items()) if count > MOST_UNKNOWN]
    print(f"{len(pairs) - wrong} of {len(pairs)} screens are read as what they may be read as; {sum(unknown.values())} unknown")
    print("".join(f"{text}\n" for text in too_many), end="")
    return 1 if wrong or too_many or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
