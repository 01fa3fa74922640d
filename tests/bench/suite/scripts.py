"""What a few lines of shell take for the same work: the measure of everything else.

`PLAIN`: a worktree, the task in it, a commit, a merge, and the worktree is gone; one task after the other.
`WINDOWED`: the same, with each task in a window of tmux, as tools do that start one process of tmux a command.
`of_captures`: what those take that look at each pane each second.
"""
import subprocess
import time

from suite import place, processes

PLAIN = """
set -eu
n=$1; last=$2
while [ "$n" -lt "$last" ]; do
  git worktree add -q -b "s/$n" "../w$n" main
  cd "../w$n"; sh -c "echo $n > g$n"; git add -A; git commit -qm "task $n"; cd "$OLDPWD"
  git merge -q --no-ff -m "merge $n" "s/$n"
  git worktree remove "../w$n"
  git branch -qD "s/$n"
  n=$((n + 1))
done
"""

WINDOWED = """
set -eu
n=$1; last=$2
while [ "$n" -lt "$last" ]; do
  git worktree add -q -b "s/$n" "../w$n" main
  tmux -S "$SOCKET" new-window -d -n "T$n" -c "$PWD/../w$n" "sh -c 'echo $n > g$n'; tmux -S $SOCKET wait-for -S d$n"
  tmux -S "$SOCKET" wait-for "d$n"
  cd "../w$n"; git add -A; git commit -qm "task $n"; cd "$OLDPWD"
  git merge -q --no-ff -m "merge $n" "s/$n"
  git worktree remove "../w$n"
  git branch -qD "s/$n"
  n=$((n + 1))
done
"""


def run(where, script, first, last):
    """Seconds that tasks [first, last) took."""
    begin = time.monotonic()
    where.sh("sh", "-c", script, "sh", first, last)
    return time.monotonic() - begin


def begin_tmux(where, windows=0):
    """A server with so many windows in which a program sleeps."""
    where.tmux("-f", "/dev/null", "new-session", "-d", "-s", "b", "-x", "200", "-y", "50", "sleep 3600")
    for _ in range(windows):
        where.tmux("new-window", "-d", "sleep 3600")
    where.env["SOCKET"] = where.socket


def of_captures(where, seconds):
    """Of a core: each pane captured each second by a process of tmux, and what the server takes for that."""
    server = int(where.tmux("display-message", "-p", "#{pid}"))
    panes = where.tmux("list-panes", "-a", "-F", "#{pane_id}").split()
    before, begin = place.cpu_of_children() + sum(processes.cpu(server)), time.monotonic()
    rounds = 0
    while time.monotonic() - begin < seconds:
        for pane in panes:
            subprocess.run(["tmux", "-S", where.socket, "capture-pane", "-p", "-t", pane], env=where.env,
                           stdout=subprocess.DEVNULL, check=False)
        rounds += 1
        time.sleep(max(0, begin + rounds - time.monotonic()))
    # Where the machine is too slow for a round in a second, of a round.
    return (place.cpu_of_children() + sum(processes.cpu(server)) - before) / rounds


def ms(call):
    """Milliseconds that a call takes."""
    begin = time.monotonic()
    call()
    return (time.monotonic() - begin) * 1000
