"""What people look at: the sizes of windows, their order, and where a view is when a window closes."""
import tui
from lab import equal, script, test

WAIT = "while ! test -e $LEDGER/go-{0}; do sleep 0.05; done"


def size_of(lab, id):
    sizes = dict(line.rsplit(" ", 1) for line in lab.windows("#{@orch_task} #{window_width}x#{window_height}"))
    return sizes[id]


def until_size(lab, id, size):
    return lab.until(lambda: size_of(lab, id) == size, f"the window of {id} is {size}: {size_of(lab, id)}")


def client_sizes(lab):
    """Of people, as the windows in them are: a line is the status line's."""
    lines = lab.tmux("list-clients", "-F", "#{client_control_mode} #{client_width} #{client_height}").splitlines()
    return {f"{int(line.split()[1])}x{int(line.split()[2]) - 1}" for line in lines if line.startswith("0")}


def attach(lab, id, columns, rows):
    """A terminal that looks at the task, and the size that its window has there."""
    before = client_sizes(lab)
    terminal = lab.terminal(lab.binary, "attach", id, columns=columns, rows=rows)
    return terminal, lab.until(lambda: client_sizes(lab) - before, f"a client of {columns}x{rows}").pop()


@test
def a_window_is_as_large_as_the_terminal_of_who_looks_at_it_and_typed_last_and_no_other_changes(lab):
    tui.configure(lab)
    lab.tasks(tui.task("busy 600"), tui.task("busy 600", id="T2"), tui.task("busy 600", id="T3"))
    lab.begin("--wait-user", "forever")
    for id in ("T1", "T2", "T3"):
        tui.until_happened(lab, id, "submitted")
    equal({size_of(lab, id) for id in ("T1", "T2", "T3")}, {"200x50"}, "sizes before")
    first, first_size = attach(lab, "T1", 120, 36)
    until_size(lab, "T1", first_size)
    first.until("tokens)", "tui: esc interrupts")
    second, second_size = attach(lab, "T1", 90, 30)
    until_size(lab, "T1", second_size)
    second.until("tokens)", "tui: esc interrupts")

    def first_types():
        first.keys("Up")
        return size_of(lab, "T1") == first_size

    lab.until(first_types, f"the window is {first_size} again")
    small, _ = attach(lab, "T2", 20, 5)
    until_size(lab, "T2", "80x24")
    equal(size_of(lab, "T3"), "200x50", "where nobody looks")
    for terminal in (first, second, small):
        terminal.tmux("kill-server")
    for id in ("T1", "T2"):
        until_size(lab, id, "200x50")
    lab.run("abort", "--all", check=0)
    lab.until_over()


@test
def windows_stand_in_the_order_of_tasks_and_a_view_goes_to_the_overview_when_its_window_closes(lab):
    def waiting(id, **more):
        return script(f"echo I am {id}; echo {id} > {id}.txt; echo $$ >> $LEDGER/{id}", WAIT.format(id), id=id, **more)

    def shown():
        lines = lab.tmux("list-clients", "-F", "#{client_control_mode} #{window_index} #{@orch_task}").splitlines()
        return [line[2:].strip() for line in lines if line.startswith("0")]

    lab.tasks(waiting("T1", fields=("Depends: T3",)), waiting("T2"), waiting("T3"))
    lab.begin()
    for id in ("T2", "T3"):
        lab.until_file(id)
    terminal = lab.terminal(lab.binary, "attach", "T2")
    terminal.until("I am T2")
    (lab.ledger / "go-T3").write_text("")
    lab.until_file("T1")

    def windows():
        lines = lab.tmux("list-windows", "-F", "#{window_index} #{@orch_task}").splitlines()
        return [line.strip() for line in lines]

    lab.until(lambda: windows() == ["0", "1 T1", "2 T2"], f"the order of windows: {windows()}")
    equal(shown(), ["2 T2"], "what the view shows")
    (lab.ledger / "go-T2").write_text("")
    lab.until_state("T2", "merged")
    lab.until(lambda: shown() == ["0"], "the view shows the overview")
    (lab.ledger / "go-T1").write_text("")
    lab.until_state("T1", "merged")
