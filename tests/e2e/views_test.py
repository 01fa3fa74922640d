"""What people look at: the order of windows, and where a view is when a window closes."""
from lab import equal, script, test

WAIT = "while ! test -e $LEDGER/go-{0}; do sleep 0.05; done"


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
