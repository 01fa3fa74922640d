"""Each worktree has a block of ports of its own."""
from lab import Lab, equal, script, test

PORT = "echo $TMUX_ORCH_PORT"


def ports(lab, name):
    return [int(line) for line in (lab.ledger / name).read_text().split()]


@test
def each_worktree_has_a_block_of_ports_over_all_its_attempts(lab):
    wait = "while ! test -e $LEDGER/both; do test -e $LEDGER/T1 -a -e $LEDGER/T2 && touch $LEDGER/both; sleep 0.05; done"
    lab.config(
        "[worktree_setup]\nports = 20\nport_base = 21000\n"
        f"run = [[\"sh\", \"-c\", \"{PORT} >> $LEDGER/set-up\"]]\n"
        f"[[merge.test]]\ncommand = [\"sh\", \"-c\", \"{PORT} >> $LEDGER/tests\"]\n")
    lab.tasks(
        script(f"{PORT} >> $LEDGER/T1", wait, "if ! test -e $LEDGER/again; then touch $LEDGER/again; exit 3; fi",
               "echo a > a.txt"),
        script(f"{PORT} >> $LEDGER/T2", wait, "echo b > b.txt", id="T2"),
    )
    lab.commit()
    lab.up().ended_with(0)
    one, two, tests = ports(lab, "T1"), ports(lab, "T2"), ports(lab, "tests")
    equal(len(one), 2, "attempts of T1")
    equal(len(set(one)), 1, "their ports")
    blocks = {one[0], two[0], tests[0]}
    equal(len(blocks), 3, f"blocks: {one} {two} {tests}")
    equal([port % 20 for port in blocks if port >= 21000], [0] * 3, "where they begin")
    equal(set(ports(lab, "set-up")) <= {one[0], two[0]}, True, "those of the set-up are those of the agents")


@test
def two_runs_at_once_have_different_blocks(lab):
    other = Lab(lab.binary)
    lab.undo(other.clean)
    other.env.update(HOME=lab.env["HOME"], XDG_CONFIG_HOME=lab.env["XDG_CONFIG_HOME"])
    go = lab.ledger / "go"
    for one in (lab, other):
        one.tasks(script(f"{PORT} > $LEDGER/port", f"while ! test -e {go}; do sleep 0.05; done", "echo a > a.txt"))
        one.commit()
        one.begin()
    for one in (lab, other):
        one.until_file("port")
    first, second = ports(lab, "port")[0], ports(other, "port")[0]
    equal(abs(first - second) >= 10, True, f"{first} and {second} are apart")
    go.touch()
    for one in (lab, other):
        one.until_over()


@test
def no_ports_are_given_where_the_user_wants_none(lab):
    lab.config("[worktree_setup]\nports = 0\n")
    lab.tasks(script("echo ${TMUX_ORCH_PORT-none} > port.txt"))
    lab.commit()
    lab.up(env={"TMUX_ORCH_PORT": "1234"}).ended_with(0)
    equal(lab.show("main:port.txt"), "none\n", "what the agent got")
    equal((lab.home / ".local/state/tmux-orch/ports").exists(), False, "a list of them")
