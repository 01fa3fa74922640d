"""`plan` and `status` with 1,000 tasks, of a run under way. The script's half: what git and grep say of the same."""
import statistics

from suite import place, runs, scripts

CALLS = 5


def median_ms(call):
    return statistics.median(scripts.ms(call) for _ in range(CALLS))


def one_round(binary, found, quick):
    tasks = 100 if quick else 1_000
    with place.Place(binary) as where:
        where.make_repository(20, [place.task(number, "sleep 3000") for number in range(tasks)])
        boxes = median_ms(lambda: where.sh("grep", "-c", r"^ *- \[", "tasks.md"))
        found.add(f"`plan`, {tasks} tasks", "ms", median_ms(lambda: where.orch("plan", "tasks.md")), boxes)
        found.add(f"`plan --json`, {tasks} tasks", "ms", median_ms(lambda: where.orch("plan", "tasks.md", "--json")))
        where.orch("up", "tasks.md", "--agent", "sh", "-S", where.socket, "-d", "--workers", "5")
        runs.until(lambda: len(runs.facts(where, "task.started")) == 5, 120, "five agents")
        state = median_ms(lambda: where.git("worktree", "list"))
        windows = median_ms(lambda: where.tmux("list-windows", "-a"))
        found.add(f"`status`, {tasks} tasks", "ms", median_ms(lambda: where.orch("status")), state, windows, bar=50)
        found.add(f"`status --json`, {tasks} tasks", "ms", median_ms(lambda: where.orch("status", "--json")))
        where.orch("down")
