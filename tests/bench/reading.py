#!/usr/bin/env python3
"""How long it takes to read and plan task files of several sizes and shapes, next to the same program on a
file with one task (what it costs to start at all) and `grep` for boxes, both in the same run.

  tests/bench/reading.py [--bin PATH] [--rounds N]      prints JSON; medians, in milliseconds
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time


def spec_kit(tasks):
    lines = ["# Tasks: a feature\n"]
    for number in range(1, tasks + 1):
        if number % 50 == 1:
            lines.append(f"\n## Phase {number // 50 + 1}: User Story {number // 50 + 1} (Priority: P{number % 3 + 1})\n")
        mark = "[P] " if number % 3 else ""
        lines.append(f"- [ ] T{number:04} {mark}[US1] Write part {number} in src/part{number}/file.c\n")
    return "".join(lines)


def plain(tasks):
    return "".join(f"- [{'x' if n % 4 == 0 else ' '}] do the thing number {n} in lib/m{n}.py\n" for n in range(tasks))


def headed(tasks):
    return "# Plan\n" + "".join(
        f"\n### T-{n}: title {n}\n\n**Priority:** high\n**Depends on:** {f'T-{n - 1}' if n > 1 else 'none'}\n"
        f"**Files:** `src/a{n}.c`\n\nSome words about it.\n\n- [ ] a criterion\n- [ ] another\n"
        for n in range(1, tasks + 1)
    )


def taskmaster(tasks):
    return json.dumps({"master": {"tasks": [
        {"id": n, "title": f"title {n}", "status": "pending", "priority": "high", "details": "words " * 20,
         "dependencies": [n - 1] if n > 1 else []} for n in range(1, tasks + 1)]}}, indent=2)


def filled(make, megabytes):
    size = 1000
    while len(make(size)) < megabytes * 1_000_000:
        size *= 2
    return make(int(size * megabytes * 1_000_000 / len(make(size))))


CASES = {
    "one task": ("one.md", lambda: "- [ ] one\n"),
    "1000 tasks, spec-kit": ("tasks.md", lambda: spec_kit(1000)),
    "1000 tasks, headed": ("tasks.md", lambda: headed(1000)),
    "1000 tasks, Taskmaster": ("tasks.json", lambda: taskmaster(1000)),
    "10 MB, plain": ("tasks.md", lambda: filled(plain, 10)),
    "10 MB, headed": ("tasks.md", lambda: filled(headed, 10)),
    "10 MB of inline punctuation": ("tasks.md", lambda: "- [ ] T1: one\n" + "![[]()" * 1_700_000 + "\n"),
    "a million boxes": ("tasks.md", lambda: "- [ ] x\n" * 1_000_000),
    "nested 10000 deep": ("tasks.md", lambda: "".join("  " * n + "- [ ] x\n" for n in range(10_000))[:10_000_000]),
}


def median_ms(argv, rounds):
    times = []
    for _ in range(rounds):
        begin = time.monotonic()
        subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append((time.monotonic() - begin) * 1000)
    return round(statistics.median(times), 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default="build/src/cli/tmux-orch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.bin).resolve())
    results = {}
    with tempfile.TemporaryDirectory(prefix="orch-bench-") as folder:
        for name, (file, make) in CASES.items():
            if options.only not in name:
                continue
            path = pathlib.Path(folder) / file
            path.write_text(make())
            results[name] = {
                "bytes": path.stat().st_size,
                "plan_ms": median_ms([binary, "plan", str(path)], options.rounds),
                "read_ms": median_ms([binary, "init", "--from", str(path), "-o", "-"], options.rounds),
                "grep_ms": median_ms(["grep", "-c", r"^ *- \[", str(path)], options.rounds),
            }
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
