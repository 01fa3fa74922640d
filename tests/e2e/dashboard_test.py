"""The dashboard on real terminals: what it shows at which width, and that its keys do what the verbs do."""

import re

import tui
from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"


def waiting(id="T1", title="a task", **more):
    return script(f"echo I am {id}; echo {id} > {id}.txt", f"echo $$ >> $LEDGER/{id}", WAIT, id=id, title=title, **more)


def dashboard(lab, **more):
    return lab.terminal(lab.binary, "dashboard", **more)


def process_of(lab):
    """The id of the dashboard's process."""
    ours = [(pid, line.split()) for pid, line in lab.processes().items()]
    [pid] = [pid for pid, words in ours if words[0] == str(lab.binary) and words[-1] == "dashboard"]
    return pid


def selected(terminal):
    """The row that is shown in reverse."""
    rows = [line for line in terminal.screen(colours=True).splitlines() if re.search(r"\x1b\[(0;)?7m", line)]
    return rows[0] if rows else ""


def select(lab, terminal, id):
    """A task whose number is its place in the list."""
    terminal.keys("Home", *["j"] * (int(id[1:]) - 1))
    lab.until(lambda: f" {id} " in selected(terminal), f"{id} is selected: {selected(terminal)!r}")


@test
def it_shows_the_run_at_40_80_and_200_columns(lab):
    lab.limits("attempts = 1")
    lab.tasks(waiting(title="読み込みを速くする 🚀"), script("exit 3", id="T2", title="fails"), script("true", id="T3", title="needs one", fields=["Depends: T1"]))
    lab.begin("--wait-user", "forever")
    lab.until_file("T1")
    lab.until_state("T2", "failed")
    for columns, parts in (
        (40, ("> T1    running", "x T2    failed", ". T3    waiting", "? help")),
        (80, ("agent     ", "> T1    running", "0/3 merged, 1 running, 1 failed, 1 waiting", "T2 exited with 3")),
        (200, ("worker", "progress", "1 sh", "読み込みを速くする 🚀", "I am T1", "events ---", "o order")),
    ):
        terminal = dashboard(lab, columns=columns, rows=24)
        screen = terminal.until(*parts)
        lines = screen.rstrip("\n").splitlines()
        equal(len(lines), 24, f"rows at {columns}")
        says(lines[-1], "enter go", "? help", what="the line of keys")
        terminal.keys("q")
        terminal.until("ended with 0")
    lab.run("down", check=0)


@test
def wide_characters_do_not_move_what_stands_behind_them(lab):
    lab.tasks(waiting(title="plain"), waiting(id="T2", title="読み込みを速くする 🚀"))
    lab.begin()
    for id in ("T1", "T2"):
        lab.until_file(id)
    terminal = dashboard(lab, columns=200)
    terminal.until("I am T1", "I am T2")

    def column_of(text):
        line = next(line for line in terminal.screen().splitlines() if text in line)
        before = line[: line.index(text)]
        return len(before) + sum(ord(c) > 0x2000 for c in before)

    equal(column_of("I am T2"), column_of("I am T1"), "the column")
    lab.run("down", check=0)


@test
def keys_hold_release_retry_and_abort_after_a_question(lab):
    lab.limits("attempts = 1")
    lab.tasks(waiting(), script("test -e $LEDGER/repaired || exit 3", "echo 2 > 2.txt", id="T2"))
    lab.begin("--wait-user", "forever")
    lab.until_file("T1")
    lab.until_state("T2", "failed")
    terminal = dashboard(lab, columns=120)
    terminal.until("> T1", "x T2")
    terminal.keys("h")
    terminal.until("T1 is held", "= T1")
    equal(lab.task("T1")["held"], True)
    terminal.keys("h")
    terminal.until("T1 is held already")
    terminal.keys("H")
    terminal.until("T1 is released")
    terminal.keys("m")
    terminal.until("T1 is running: its agent is at work")
    select(lab, terminal, "T2")
    (lab.ledger / "repaired").write_text("x")
    terminal.keys("r")
    lab.until_state("T2", "merged")
    terminal.until("* T2")
    select(lab, terminal, "T1")
    terminal.keys("a")
    terminal.until("abort T1 (a task)? its work is saved (y/n)")
    terminal.keys("n")
    terminal.until("nothing was done")
    equal(lab.task("T1")["state"], "running")
    terminal.keys("a")
    terminal.until("abort T1 (a task)?")
    terminal.keys("y")
    lab.until_state("T1", "aborted")
    terminal.until("- T1")


@test
def the_question_that_is_marked_is_answered_by_its_id_and_a_text_is_sent(lab):
    tui.configure(lab)
    after = (tui.COMMIT, tui.DONE)
    lab.tasks(tui.task("ask permission true", *after), tui.task("busy 1", "idle", id="T2"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    terminal = dashboard(lab, columns=120)
    terminal.until("! T1 (y/n) asks: ")
    question = lab.task("T1")["agent_turn"]["question"]
    lab.run("approve", "T1", "--question", "another", check=1).says("asks something else by now")
    equal(lab.task("T1")["agent_turn"]["question"], question, "the question")
    terminal.keys("y")
    lab.until_state("T1", "merged")
    equal([one["text"] for one in tui.happened(lab, what="answered")], ["2"], "keys")
    terminal.until("* T1")
    terminal.keys("y")
    terminal.until("no agent asks anything that can be answered here")
    select(lab, terminal, "T2")
    terminal.keys("s")
    terminal.until("to T2:")
    terminal.keys("-l", "--", "-v use the new parser")
    terminal.keys("Enter")
    lab.until(lambda: any("-v use the new parser" in text for text in tui.texts(lab, "T2")), "the text")
    lab.run("abort", "--all", check=0)


@test
def logs_and_diff_are_pages_and_enter_goes_to_the_window(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    terminal = dashboard(lab, columns=120)
    terminal.until("> T1")
    terminal.keys("l")
    terminal.until("logs T1", "I am T1", "q back")
    terminal.keys("q")
    terminal.until("? help")
    (lab.repo / ".worktrees/T1/README").write_text("another text\n")
    terminal.keys("d")
    terminal.until("diff T1", "-a repository", "+another text")
    terminal.keys("Escape")
    terminal.until("? help")
    terminal.keys("?")
    terminal.until("send its agent a text")
    terminal.keys("q")
    terminal.keys("Enter")
    terminal.until("I am T1", "tmux-orch C-o: menu")
    terminal.keys("C-o")
    terminal.until("Leave")
    terminal.keys("q")
    terminal.until("? help", "> T1")
    terminal.keys("C-c")
    terminal.until("ended with 0")


@test
def a_filter_lists_some_and_escape_lists_all(lab):
    lab.tasks(waiting(title="parser"), *(script("true", id=f"T{i}", title="other", fields=["Depends: T1"]) for i in range(2, 9)))
    lab.begin()
    lab.until_file("T1")
    terminal = dashboard(lab, columns=100)
    terminal.until("T8")
    terminal.keys("/")
    terminal.keys("-l", "PARS")
    terminal.until("filter: PARS", "T1")
    terminal.until_not("T8")
    terminal.keys("Enter")
    terminal.keys("Escape")
    terminal.until("T8")


@test
def a_dead_supervisor_is_told_of_and_a_new_one_is_seen(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    terminal = dashboard(lab, columns=120)
    terminal.until("> T1")
    lab.kill_supervisor()
    terminal.until("no supervisor is alive since")
    lab.begin()
    terminal.until_not("no supervisor is alive")
    (lab.ledger / "go").write_text("")
    terminal.until("* T1", "1 of 1 tasks merged")


@test
def where_nothing_can_be_drawn_the_status_is_printed_once(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    lab.run("dashboard", check=0).says("0/1 merged, 1 running")
    dumb = lab.terminal("env", "TERM=dumb", lab.binary, "dashboard")
    dumb.until("0/1 merged, 1 running", "ended with 0")
    plain = dashboard(lab, env={"NO_COLOR": "1"})
    plain.until("> T1")
    colours = [f"\x1b[{code}m" for code in range(31, 38)]
    screen = plain.screen(colours=True)
    equal([code for code in colours if code in screen], [], "colours")
    small = dashboard(lab, columns=30, rows=8)
    small.until("at least 40x10 are")


@test
def an_agent_has_no_dashboard(lab):
    lab.tasks(script("tmux-orch dashboard > $LEDGER/said 2>&1 || true", "echo x > x.txt"))
    lab.up().ended_with(0)
    says((lab.ledger / "said").read_text(), "the dashboard is for the user")


@test
def a_terminal_that_goes_takes_the_dashboard_along_and_nothing_else(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    terminal = dashboard(lab)
    terminal.until("> T1")
    pid = process_of(lab)
    terminal.tmux("kill-server")
    lab.until(lambda: not lab.is_alive(pid), "the dashboard has ended")
    equal(lab.task("T1")["state"], "running")


@test
def a_quiet_run_costs_little_and_sends_little(lab):
    lab.tasks(waiting(), *(script("true", id=f"T{i}", fields=["Depends: T1"]) for i in range(2, 400)))
    lab.begin()
    lab.until_file("T1")
    terminal = dashboard(lab, columns=120)
    terminal.until("> T1")
    pid = process_of(lab)

    def written():
        with open(f"/proc/{pid}/io") as counts:
            return int(next(line for line in counts if line.startswith("wchar")).split()[1])

    def elapsed():
        # Of the header, that the dashboard itself counts up.
        return terminal.screen().splitlines()[0].split()[-1]

    shown = elapsed()
    lab.until(lambda: elapsed() != shown, "a second goes by")
    before, first = written(), elapsed()
    for _ in range(3):
        last = elapsed()
        lab.until(lambda: elapsed() != last, "another second goes by")
    sent = written() - before
    assert 0 < sent < 3 * 2048, f"{sent} bytes since {first}"


@test
def window_0_is_the_dashboard_whose_enter_takes_whoever_pressed_it_to_a_task(lab):
    lab.tasks(waiting(), waiting("T2"))
    lab.begin()
    for id in ("T1", "T2"):
        lab.until_file(id)
    others = lab.terminal(lab.binary, "attach", columns=100)
    others.until("> T1", "? help", "tmux-orch C-o: menu")
    terminal = lab.terminal(lab.binary, "attach", columns=120)
    terminal.until("> T1", "? help", "tmux-orch C-o: menu")
    terminal.keys("q")
    terminal.until("this window shows the run as long as it is there")
    terminal.keys("C-c")
    select(lab, terminal, "T2")
    terminal.keys("Enter")

    def shown():
        lines = lab.tmux("list-clients", "-F", "#{client_control_mode} #{client_width} #{window_index}").splitlines()
        return sorted(line[2:] for line in lines if line.startswith("0"))

    lab.until(lambda: shown() == ["100 0", "120 2"], f"who looks at which window: {shown()}")
    (lab.ledger / "go").write_text("")
    others.until("2 of 2 tasks merged onto main", "`tmux-orch down` closes this session")


@test
def enter_goes_to_one_task_after_the_other_in_a_window_of_the_tmux_around(lab):
    lab.tasks(waiting(), waiting("T2"))
    lab.begin()
    for id in ("T1", "T2"):
        lab.until_state(id, "running")
        lab.until_file(id)
    terminal = lab.terminal(lab.binary, "dashboard", columns=120, inside_tmux=True)
    terminal.until("> T1", "> T2")
    for number, id in enumerate(("T1", "T2"), 1):
        terminal.tmux("select-window", "-t", ":0")
        select(lab, terminal, id)
        terminal.keys("Enter")
        terminal.until(f"I am {id}")
    terminal.tmux("select-window", "-t", ":0")
    # What a terminal says of itself is no key, and Alt with one neither.
    terminal.keys("-H", *"1b 5d 31 31 3b 72 67 62 07".split())
    terminal.keys("M-a")
    terminal.keys("?")
    terminal.until("q back")
    equal({lab.task(id)["attempt"] for id in ("T1", "T2")}, {1}, "attempts")


@test
def window_0_prints_lines_where_nothing_can_be_drawn(lab):
    lab.tasks(waiting())
    lab.begin()
    lab.until_file("T1")
    terminal = lab.terminal("env", "TERM=dumb", lab.binary, "watch")
    terminal.until("run.started 1 task on main", "T1 started")
    (lab.ledger / "go").write_text("")
    terminal.until("T1 merged", "1 of 1 tasks merged onto main")
