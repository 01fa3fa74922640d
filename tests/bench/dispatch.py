#!/usr/bin/env python3
"""How long from "this task may start" to "its agent runs" (worktree, window, shim and all, while the task
before it is being landed), against a baseline in the same run: `git worktree add` and `tmux new-window`
called one process after the other, as simple tools do.

  tests/bench/dispatch.py [--bin PATH] [--tasks N]      prints JSON
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time


def sh(args, **kw):
    return subprocess.run(args, check=True, capture_output=True, text=True, **kw)


def repository(folder, tasks):
    env = dict(os.environ, HOME=str(folder), GIT_CONFIG_GLOBAL="/dev/null")
    for name in ("TMUX", "TMUX_PANE", "TMUX_ORCH_ATTEMPT"):
        env.pop(name, None)
    repo = folder / "repo"
    repo.mkdir()
    (repo / "tasks.md").write_text(
        "".join(f"- [ ] T{i}: task {i}\n  ```sh\n  echo {i} > f{i}\n  ```\n" for i in range(tasks))
    )
    for args in (["init", "-q", "-b", "main"], ["add", "-A"]):
        sh(["git", *args], cwd=repo, env=env)
    sh(["git", "-c", "user.name=b", "-c", "user.email=b@b", "commit", "-qm", "x"], cwd=repo, env=env)
    return repo, env


def ours(binary, folder, tasks):
    repo, env = repository(folder, tasks)
    socket = str(folder / "tmux")
    begin = time.monotonic()
    sh(
        [binary, "up", "tasks.md", "--agent", "sh", "--workers", "1", "-S", socket, "--foreground"],
        cwd=repo, env=env, stdin=subprocess.DEVNULL,
    )
    whole = time.monotonic() - begin
    run = next((repo / ".tmux-orch/runs").iterdir())
    # With one worker, a task may start in the moment the one before it says done.
    waits, done_at = [], None
    for line in (run / "events.jsonl").read_text().splitlines():
        row = json.loads(line)
        for fact in row["facts"]:
            if fact["kind"] == "task.started" and done_at is not None:
                waits.append(row["at_ms"] - done_at)
            if fact["kind"] == "task.done":
                done_at = row["at_ms"]
    return {"whole_s": round(whole, 3), "start_ms_median": statistics.median(waits), "start_ms_max": max(waits)}


def baseline(folder, tasks):
    repo, env = repository(folder, tasks)
    socket = str(folder / "tmux")
    sh(["tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-s", "b", "sleep", "100"], env=env)
    times = []
    try:
        for i in range(tasks):
            begin = time.monotonic()
            tree = str(folder / f"w{i}")
            sh(["git", "worktree", "add", "-q", "--no-track", "-b", f"b/{i}", tree, "main"], cwd=repo, env=env)
            sh(["tmux", "-S", socket, "new-window", "-d", "-t", "b", "-c", tree, "sleep", "50"], env=env)
            times.append((time.monotonic() - begin) * 1000)
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], env=env, capture_output=True)
    return {"start_ms_median": round(statistics.median(times), 2), "start_ms_max": round(max(times), 2)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default="build/src/cli/tmux-orch")
    parser.add_argument("--tasks", type=int, default=20)
    options = parser.parse_args()
    binary = str(pathlib.Path(options.bin).resolve())
    result = {"tasks": options.tasks}
    for name, call in (
        ("baseline", lambda f: baseline(f, options.tasks)),
        ("tmux_orch", lambda f: ours(binary, f, options.tasks)),
    ):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="orch-bench-"))
        try:
            result[name] = call(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    result["ratio_start"] = round(
        result["tmux_orch"]["start_ms_median"] / max(0.01, result["baseline"]["start_ms_median"]), 2
    )
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
