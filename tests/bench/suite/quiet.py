"""What 100 agents that say nothing cost: of a core, by the supervisor, window 0 and what they have tmux do.

The other way is that of tools that capture each pane each second with a process of tmux.
"""
import subprocess
import time

from suite import place, processes, runs, scripts


def one_round(binary, found, quick):
    agents, seconds, rest = (10, 5, 2) if quick else (100, 60, 70)
    with place.Place(binary) as where:
        where.make_repository(20, [place.task(number, "sleep 3000") for number in range(agents)])
        where.orch("up", "tasks.md", "--agent", "sh", "-S", where.socket, "-d", "--workers", agents)
        runs.until(lambda: len(runs.facts(where, "task.started")) == agents, 600, "all agents")
        # Past `limits.stall`, from when on it is asked whether a quiet agent still does something.
        time.sleep(rest)
        watch = processes.Watch(where)
        time.sleep(1)
        watch.stop()
        supervisor, server, shown = (watch.roles.get(role, 0) for role in ("supervisor", "tmux", "window 0"))
        took = processes.of_a_core([supervisor, server, shown], seconds)
        others = scripts.of_captures(where, min(seconds, 10))
        name = f"{agents} quiet agents"
        found.add(f"{name}: of a core, in all", "%", 100 * sum(took.values()), None, 100 * others, bar=0.5)
        for part, pid in (("the supervisor", supervisor), ("tmux", server), ("window 0", shown)):
            found.add(f"{name}: of a core, {part}", "%", 100 * took[pid])
        adoption(where, found, agents, supervisor)
        where.orch("down")


def adoption(where, found, agents, supervisor):
    """From `up`, after its supervisor was killed, until it answers; it does so when it follows all agents again."""
    subprocess.run(["kill", "-9", str(supervisor)], check=True)
    while processes.memory(supervisor):
        time.sleep(0.005)

    def answered():
        where.orch("up", "tasks.md", "--agent", "sh", "-S", where.socket, "-d")
        where.orch("hold", "T0")

    found.add(f"adoption of {agents} agents: `up` to its first answer", "ms", scripts.ms(answered))
    alive = sum('"running"' in line for line in where.orch("status", "--json").splitlines() if '"state"' in line)
    found.add(f"adoption of {agents} agents: not adopted", "agents", agents - min(agents, alive), bar=0)
