"""A task that failed is marked in its file, where the file has a sign for that."""
from lab import equal, script, test

LEGEND = "# Plan\n\nLegend: `[ ]` open, `[x]` done, `[!]` failed\n\n"
TRY = "if ! test -e $LEDGER/go; then touch $LEDGER/failed; exit 3; fi; echo a > a.txt"


def start(lab, legend=LEGEND, more=""):
    lab.config(more, base='agent = "sh"\nworkers = 2\n[limits]\nattempts = 1\n')
    lab.tasks(
        legend,
        script(TRY),
        script("while ! test -e $LEDGER/failed; do sleep 0.05; done", "echo b > b.txt", id="T2"),
    )
    lab.commit()
    return lab.read("tasks.md")


def marked(text, **marks):
    for id, mark in marks.items():
        text = text.replace(f"- [ ] {id}:", f"- [{mark}] {id}:")
    return text


@test
def a_failed_task_is_marked_and_ticked_when_it_is_merged_after_all(lab):
    before = start(lab)
    lab.up().ended_with(3)
    equal(lab.read("tasks.md"), marked(before, T1="!", T2="x"), "the file")
    (lab.ledger / "go").touch()
    lab.up().ended_with(0)
    equal(lab.read("tasks.md"), marked(before, T1="x", T2="x"), "the file after another run")
    equal(lab.git("status", "--porcelain"), "", "what is not committed")


@test
def without_a_sign_for_it_the_file_stays_as_it_is(lab):
    before = start(lab, legend="# Plan\n\n")
    lab.up().ended_with(3)
    equal(lab.read("tasks.md"), marked(before, T2="x"), "the file")
    equal(lab.facts("task.unmarked"), [], "what is told of marks")


@test
def nothing_is_written_where_the_user_wants_no_marks(lab):
    before = start(lab)
    lab.up("--no-write-back").ended_with(3)
    equal(lab.read("tasks.md"), before, "the file")


@test
def the_mark_goes_into_an_edit_of_the_users(lab):
    start(lab)
    edited = lab.read("tasks.md") + "\nA note of the user's.\n"
    lab.write("tasks.md", edited)
    lab.up().ended_with(3)
    equal(lab.read("tasks.md"), marked(edited, T1="!", T2="x"), "the edited file")
