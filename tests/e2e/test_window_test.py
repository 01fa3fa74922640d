"""What tests and gates print stands in a window of the run."""
from lab import Failed, equal, script, test

# Prints, and goes on once the gate of its number is open.
TEST = """
[merge]
test_base = false
[[merge.test]]
command = ["sh", "-c", "echo checking $(ls *.txt); while ! test -e $LEDGER/open.$(ls *.txt | wc -l); do sleep 0.05; done; echo checked"]
"""


def test_windows(lab, format="#{window_id}"):
    lines = lab.tmux("list-windows", "-a", "-F", f"#{{@orch_shows}} {format}", check=False).splitlines()
    # Once for each session that shows it.
    return list(dict.fromkeys(line.split(maxsplit=1)[1] for line in lines if line.startswith("tests ")))


def shows(lab, *texts):
    def look():
        windows = test_windows(lab)
        screen = lab.tmux("capture-pane", "-p", "-t", windows[0], check=False) if windows else ""
        return all(text in screen for text in texts)

    lab.until(look, f"the window shows {texts}")


def go_on(lab, number):
    (lab.ledger / f"open.{number}").touch()


def begin(lab):
    lab.config(TEST)
    lab.tasks(script("echo 1 > a.txt"), script("echo 2 > b.txt", id="T2", fields=["Depends: T1"]))
    lab.begin("--wait-user", "forever")


@test
def a_run_has_one_window_in_which_tests_are_watched(lab):
    begin(lab)
    shows(lab, "== sh -c", "checking a.txt")
    equal(test_windows(lab, "#{window_index} #{window_name}"), ["99 tests"], "behind all tasks")
    places = set(lab.windows("#{window_index} #{@orch_task}"))
    assert "1 T1" in places and "0 " in places, places
    go_on(lab, 1)
    shows(lab, "checked\n== passed in", "checking a.txt b.txt")
    equal(len(test_windows(lab)), 1, "windows of tests")
    go_on(lab, 2)
    lab.until_landed("T1", "T2")


@test
def a_new_supervisor_goes_on_in_the_same_window(lab):
    begin(lab)
    shows(lab, "checking a.txt")
    window = test_windows(lab)
    lab.kill_supervisor()
    lab.until(lambda: test_windows(lab, "#{pane_dead}") == ["1"], "what follows a dead supervisor ends")
    lab.begin("--wait-user", "forever")
    lab.until(lambda: test_windows(lab, "#{pane_dead}") == ["0"], "it is started again")
    shows(lab, "checking a.txt")
    equal(test_windows(lab), window, "windows of tests")
    for number in (1, 2):
        go_on(lab, number)
    lab.until_landed("T1", "T2")


@test
def a_window_that_was_closed_stays_closed(lab):
    begin(lab)
    shows(lab, "checking a.txt")
    lab.tmux("kill-window", "-t", test_windows(lab)[0])
    go_on(lab, 1)
    lab.until_landed("T1")
    lab.kill_supervisor()
    lab.begin("--wait-user", "forever")
    lab.until_state("T2", "landing")
    go_on(lab, 2)
    lab.until(lambda: lab.task("T2")["state"] == "merged" or test_windows(lab), "T2 lands")
    equal(test_windows(lab), [], "windows of tests")


@test
def the_next_run_shows_its_tests_in_the_window_that_is_there(lab):
    begin(lab)
    shows(lab, "checking a.txt")
    window = test_windows(lab)
    lab.terminal(lab.binary, "attach").until("2 tasks")  # somebody looks, so the session stays
    for number in (1, 2):
        go_on(lab, number)
    lab.until_over()
    lab.write("more.md", script("echo 3 > c.txt", id="T3"))
    lab.begin(file="more.md")
    shows(lab, "checking a.txt b.txt c.txt")
    equal(test_windows(lab), window, "windows of tests")
    go_on(lab, 3)
    lab.until_over()


@test
def a_run_without_tests_has_no_such_window(lab):
    lab.tasks(script("echo 1 > a.txt"), script("while ! test -e $LEDGER/open.2; do sleep 0.05; done; echo 2 > b.txt", id="T2"))
    lab.begin()
    lab.until_landed("T1")
    lab.until_state("T2", "running")
    windows = lab.windows()
    go_on(lab, 2)
    lab.until_over()
    if "tests" in windows or "T2" not in windows:
        raise Failed(f"windows: {windows}")


@test
def of_tests_that_the_end_of_the_run_stopped_nobody_says_that_they_run(lab):
    begin(lab)
    shows(lab, "checking a.txt")
    lab.run("logs", "--tests").says("== they run")
    lab.run("down", check=0)
    lab.run("logs", "--tests").says("== stopped: no result")
