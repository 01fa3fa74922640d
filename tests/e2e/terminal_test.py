"""What the user sees on a terminal, and what the keys do."""
import re

from lab import NO_ROUNDS, equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"


def waiting(id="T1", **more):
    return script(f"echo I am {id}; echo {id} > {id}.txt", f"echo $$ >> $LEDGER/{id}", WAIT, id=id, **more)


def go(lab):
    (lab.ledger / "go").write_text("go")


def up_on_a_terminal(lab, *args, **more):
    return lab.terminal(lab.binary, "up", "tasks.md", "-S", lab.socket, *args, **more)


def menu(terminal, key):
    terminal.keys("C-o")
    terminal.until("Abort...", "Merge", "Leave")
    terminal.keys(key)
    terminal.until_not("Abort...")


@test
def up_shows_the_events_the_windows_and_the_status_line(lab):
    lab.tasks(waiting(), script("echo x > x.txt", id="T2"), script("exit 3", id="T3"))
    lab.limits("attempts = 1")
    terminal = up_on_a_terminal(lab)
    screen = terminal.until(
        "run.started 3 tasks on main", "T1 started by worker", "T2 merged", "T3 exited with 3 (attempt 1)",
        "tmux-orch C-o: menu", "1/3 merged, 1 running, 1 failed", "1:T1 >", "T3 x",
    )
    # Only the last line is the status line, and nothing of ours is an error of tmux.
    says(screen.rstrip("\n").splitlines()[-1], "tmux-orch C-o: menu", "0:")

    def last_line():
        return terminal.screen().rstrip("\n").splitlines()[-1]

    lab.until(lambda: "1/3 merged, 1 running, 1 failed" in last_line(), "the counts in the status line")
    line = terminal.screen(colours=True).rstrip("\n").splitlines()[-1]
    says(line, "\x1b[36m", "\x1b[31m", what="the status line's colours")
    options = lab.windows("#{@orch_task}|#{@orch_state}|#{@orch_mark}|#{@orch_colour}")
    assert "T1|running|>|cyan" in options and "T3|failed|x|red" in options, options
    go(lab)
    terminal.until("T1 merged", "2 of 3 tasks merged onto main", "2/3 merged")


@test
def leaving_ends_up_with_a_hint_and_the_run_goes_on(lab):
    lab.tasks(waiting())
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started")
    menu(terminal, "q")
    terminal.until("the run goes on; `tmux-orch attach` comes back to it", "ended with 0")
    go(lab)
    lab.until_state("T1", "merged")


@test
def what_tests_print_is_followed_in_a_window_from_the_menu(lab):
    slow = 'echo "checking $(cat T1.txt)"; until [ -e "$LEDGER/tests.go" ]; do sleep 0.05; done; echo checked'
    lab.config(f"[merge]\ntest_base = false\n[[merge.test]]\ncommand = ['sh', '-c', '{slow}']\n")
    lab.tasks(script("echo of T1 > T1.txt"), waiting("T2"))
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started")
    lab.until_state("T1", "landing")
    menu(terminal, "t")
    terminal.until("== sh -c echo", "checking of T1")
    lab.run("logs", "--tests", check=0).says("checking of T1", "== they run")
    (lab.ledger / "tests.go").touch()
    terminal.until("checked", "== passed in")
    lab.run("logs", "--tests", "-n", "1", check=0).says("checked", "== passed in")
    go(lab)
    lab.until_landed("T1", "T2")


@test
def abort_in_the_menu_asks_first_and_names_the_task(lab):
    lab.tasks(waiting(), waiting("T2"))
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started", "T2 started", "1:T1 >", "2:T2 >")
    pid = int(lab.until_file("T2"))
    menu(terminal, "n")
    terminal.until("I am T1")
    menu(terminal, "n")
    terminal.until("I am T2")
    terminal.keys("C-o")
    terminal.until("T2 running", "Abort...")
    terminal.keys("a")
    terminal.until("abort T2? its work is saved", "No", "Yes")
    terminal.keys("n")
    terminal.until_not("abort T2?")
    menu(terminal, "a")
    terminal.until("abort T2? its work is saved")
    terminal.keys("Enter")
    terminal.until_not("abort T2?")
    equal(lab.task("T2")["state"], "running")
    menu(terminal, "a")
    terminal.until("abort T2? its work is saved")
    terminal.keys("y")
    terminal.until("T2 is being aborted; its work is being saved")
    lab.until_state("T2", "aborted")
    assert not lab.is_alive(pid), "its agent lives"
    equal(lab.rescued("T2.txt"), ["T2\n"], "saved")
    equal(lab.task("T1")["state"], "running")
    terminal.until("2:T2 -")


@test
def hold_release_retry_and_merge_in_the_menu(lab):
    lab.limits("attempts = 1")
    lab.tasks(
        waiting(),
        script("test -e $LEDGER/repaired || exit 3", "echo 2 > 2.txt", id="T2"),
    )
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started", "T2 exited with 3", "2:T2 x")
    menu(terminal, "n")
    terminal.until("I am T1")
    menu(terminal, "h")
    terminal.until("T1 is held")
    # A message lies over the status line until a key is pressed, or for some seconds.
    terminal.until("1:T1 =")
    equal(lab.task("T1")["held"], True)
    menu(terminal, "l")
    terminal.until("1:T1 >")
    equal(lab.task("T1")["held"], False)
    menu(terminal, "n")
    (lab.ledger / "repaired").write_text("x")
    menu(terminal, "r")
    lab.until_state("T2", "merged")
    menu(terminal, "o")
    terminal.until("T2 merged")
    # In window 0 there is no task, so its keys do nothing.
    terminal.keys("C-o")
    terminal.until("Abort...", "Merge", "Leave")
    terminal.keys("h")
    terminal.keys("Escape")
    terminal.until_not("Abort...")
    equal(lab.task("T1")["held"], False)
    go(lab)
    terminal.until("2 of 2 tasks merged")


@test
def merge_in_the_menu_lands_what_the_user_repaired(lab):
    lab.config('[[merge.test]]\ncommand = ["sh", "-c", "test ! -e broken"]\n' + NO_ROUNDS)
    lab.tasks(script("echo I am T1; echo x > broken; echo x > x.txt"), waiting("T2"))
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 its tests fail", "1:T1 x")
    tree = lab.repo / ".worktrees/T1"
    lab.git("rm", "-q", "broken", cwd=tree)
    lab.git("commit", "-qm", "repaired", cwd=tree)
    menu(terminal, "n")
    terminal.until("I am T1")
    menu(terminal, "m")
    lab.until_state("T1", "merged")
    lab.until_landed("T1")
    equal(lab.read("x.txt"), "x\n")


@test
def what_is_typed_goes_to_the_agent_and_send_sends_the_menus_key(lab):
    lab.tasks(script("stty raw -echo", "echo ready", "dd bs=1 count=4 of=$LEDGER/typed 2>/dev/null", "stty sane", "echo x > x.txt"))
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started", "1:T1 >")
    menu(terminal, "n")
    terminal.until("ready")
    terminal.keys("a", "C-b")
    # Keys that come within a millisecond are taken for something pasted.
    lab.until(lambda: (lab.ledger / "typed").read_bytes() == b"a\x02", "the first two are typed")
    menu(terminal, "k")
    terminal.keys("z")
    lab.until_state("T1", "merged")
    equal((lab.ledger / "typed").read_bytes(), b"a\x02\x0fz", "typed")


@test
def attach_goes_to_the_window_of_a_task_and_leaves_no_view_behind(lab):
    lab.tasks(waiting(), waiting("T2"))
    lab.begin()
    lab.until_file("T1")
    lab.until_file("T2")
    lab.until_state("T2", "running")
    small = lab.terminal(lab.binary, "attach", "T2", columns=70, rows=20)
    small.until("I am T2")
    large = lab.terminal(lab.binary, "attach", "T1", columns=230, rows=60)
    large.until("I am T1")
    small.until("I am T2")
    menu(small, "n")
    menu(small, "n")
    small.until("I am T1")
    menu(small, "q")
    small.until("ended with 0")
    menu(large, "q")
    large.until("ended with 0")
    equal(len(lab.tmux("list-sessions").splitlines()), 1, "views are gone")
    lab.run("attach", "T7").ended_with(1).says("there is no task 'T7'")


@test
def attach_inside_another_tmux_opens_a_window_of_it(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    lab.until_state("T1", "running")
    terminal = lab.terminal(lab.binary, "attach", "T1", inside_tmux=True)
    terminal.until("I am T1")
    names = terminal.tmux("list-windows", "-F", "#{window_name}").split()
    assert "tmux-orch" in names, names
    # Its own key belongs to the user's tmux there; the run's window is closed with it.
    terminal.tmux("kill-window", "-t", "tmux-orch")
    terminal.until("ended with 0")
    lab.until(lambda: len(lab.tmux("list-sessions").splitlines()) == 1, "the view is gone")
    equal(lab.task("T1")["state"], "running")


@test
def no_window_is_opened_in_a_tmux_that_would_crash_by_it(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    lab.until_state("T1", "running")
    terminal = lab.terminal("sh", "-c", 'until test -e "$1/attach"; do sleep 0.1; done; exec "$2" attach T1', "sh",
                            lab.ledger, lab.binary, inside_tmux=True)
    terminal.tmux("set-option", "-gw", "window-size", "manual")
    (lab.ledger / "attach").write_text("")
    version = terminal.tmux("display-message", "-p", "#{version}").strip()
    if float(re.match(r"[0-9]+\.[0-9]+", version).group()) < 3.7:
        terminal.until("would crash", "set-option -gw window-size latest", "ended with 1")
    else:
        terminal.until("I am T1")


@test
def attach_inside_the_runs_own_tmux_switches_the_client(lab):
    lab.tasks(waiting(), waiting("T2"))
    lab.config('[tmux]\nprefix = "M-a"\n')
    lab.begin()
    lab.until_file("T2")
    lab.until_state("T2", "running")
    terminal = lab.terminal("tmux", "-S", lab.socket, "new-session", "-s", "mine", "-x", "180", "-y", "45", "sh")
    terminal.until("0:sh")
    terminal.keys(f"{lab.binary} attach T2", "Enter")
    terminal.until("I am T2")
    terminal.keys("M-a")
    terminal.until("Abort...")


@test
def attach_says_what_to_do_when_there_is_no_session(lab):
    lab.run("attach").ended_with(1).says("there is no run in", "`tmux-orch up tasks.md` starts one")
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    lab.run("down", check=0)
    terminal = lab.terminal(lab.binary, "attach")
    terminal.until("the run has no tmux session", "`tmux-orch up` goes on", "ended with 1")


@test
def up_on_a_terminal_asks_about_tasks_on_the_same_files(lab):
    lab.tasks(
        script("echo 1 >> a.txt", fields=["Files: a.txt"]),
        script("echo 2 >> a.txt", id="T2", fields=["Files: a.txt"]),
    )
    terminal = up_on_a_terminal(lab)
    terminal.until("a.txt: T1, T2 touch it", "or cancel (x)?")
    terminal.keys("x", "Enter")
    terminal.until("nothing was started", "ended with 1")
    assert not (lab.repo / ".worktrees").exists()


@test
def an_agent_that_draws_its_own_screen_is_shown_as_it_is(lab):
    lab.tasks(script("printf '\\033[2J\\033[5;10Hplaced \\033[31mred\\033[0m \\342\\234\\224'", "stty size > $LEDGER/size", WAIT))
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started", "1:T1 >")
    menu(terminal, "n")
    screen = terminal.until("placed red ✔")
    equal(screen.splitlines()[4].rstrip(), "         placed red ✔", "line 5")
    says(terminal.screen(colours=True), "\x1b[31mred")
    equal(lab.until_file("size").split(), ["50", "200"], "the size that the agent sees")


@test
def the_status_line_says_when_the_supervisor_is_dead_and_up_revives_the_view(lab):
    lab.tasks(waiting())
    terminal = up_on_a_terminal(lab)
    terminal.until("T1 started", "1:T1 >")
    lab.kill_supervisor()
    # The heartbeat is older than half a minute: not waited for here, but set back.
    for session in lab.tmux("list-sessions", "-F", "#{session_id}").splitlines():
        lab.tmux("set-option", "-t", session, "@orch_beat", "1000")
    screen = terminal.until("supervisor is dead: tmux-orch up")
    equal(screen.count("run.started"), 1, "lines of run.started")
    lab.begin()
    terminal.until_not("supervisor is dead")
    go(lab)
    terminal.until("1 of 1 tasks merged")


@test
def the_first_window_goes_on_when_a_run_goes_on_and_down_closes_all(lab):
    lab.limits("attempts = 1")
    lab.tasks(script("test -e $LEDGER/go", "echo x > x.txt"))
    terminal = up_on_a_terminal(lab)
    terminal.until("0 of 1 tasks merged", "`tmux-orch down` closes this session")
    go(lab)
    lab.run("retry", "T1", check=0)
    terminal.until("T1 merged", "1 of 1 tasks merged")
    lab.until_over()  # a supervisor that lingers would take the next task up by itself
    lab.tasks(script("echo y > y.txt", id="T2"))
    lab.begin()
    terminal.until("T2 merged")
    lab.until_over()
    lab.run("down", check=0)
    terminal.until("ended with 0")
    equal(lab.tmux("list-sessions", check=False), "", "sessions")
    lab.until(lambda: not lab.tmux_server(), "the tmux server has ended, too")


@test
def windows_of_an_earlier_run_are_closed_when_the_next_one_begins(lab):
    lab.limits("attempts = 1")
    ends = "while ! test -e $LEDGER/over; do sleep 0.05; done; exit 3"
    lab.tasks(script(ends), script(ends, id="T2"))
    windows = lambda: set(lab.tmux("list-windows", "-a", "-F", "#{@orch_task}", check=False).split())
    lab.begin()
    # Somebody looks at one of them, so the session stays.
    lab.until(lambda: windows() == {"T1", "T2"}, "each task has its window")
    lab.terminal(lab.binary, "attach", "T1").until("1:T1", "2 running")
    (lab.ledger / "over").touch()
    lab.until_over()
    equal(windows(), {"T1", "T2"}, "the windows")
    lab.write("more.md", script("touch $LEDGER/begun; while ! test -e $LEDGER/go; do sleep 0.05; done; echo x > x.txt", id="T9"))
    lab.begin(file="more.md")
    lab.until(lambda: (lab.ledger / "begun").exists(), "the next run has an agent")
    equal(windows(), {"T1", "T9"}, "the windows")
    (lab.ledger / "go").touch()
    lab.until_over()
