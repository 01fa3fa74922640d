"""A disk that becomes full in a step of landing: nothing is lost, it is said, and the run goes on once there is room."""
import os
import shutil
import subprocess

from lab import NO_ROUNDS, Skip, equal, says, script, test
from push_test import configure, main, remote, retry_fast, tip
from reviews_test import with_reviewer

WAIT = 'until [ -e "$LEDGER/go" ]; do sleep 0.05; done'


class SmallDisk:
    """A disk of some megabytes in the place of a folder, with what was in that."""

    def __init__(self, lab, place):
        if os.geteuid() != 0:
            raise Skip("mounting a small disk needs root")
        aside = lab.folder / "aside"
        shutil.move(place, aside)
        place.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
        made = subprocess.run(mount, capture_output=True, text=True)
        if made.returncode != 0:
            raise Skip(f"cannot mount a small disk: {made.stderr.strip()}")
        lab.undo(lambda: subprocess.run(["umount", "-l", str(place)], check=True))
        shutil.copytree(aside, place, dirs_exist_ok=True, symlinks=True)
        shutil.rmtree(aside)
        self.filler = place / "filler"
        self.fill_command = f"dd if=/dev/zero of={self.filler} bs=4k 2> /dev/null || true"

    def fill(self):
        subprocess.run(["sh", "-c", self.fill_command], check=True)

    def free(self):
        self.filler.unlink()


def objects(lab):
    """What git stores in the repository fills a disk of its own; the records of the run have another one."""
    return SmallDisk(lab, lab.repo / ".git/objects")


def until_full(lab):
    lab.until(lambda: any("room on the disk" in text for _, _, text in lab.facts("task.trouble")), "it is said that the disk is full")


@test
def generated_files_are_made_anew_when_there_is_room_again(lab):
    disk = objects(lab)
    # What it makes is on another disk; git has no room for it then.
    lab.write("make-lock", f"ls *.part > all.lock\ntest -e $LEDGER/full || {{ touch $LEDGER/full; {disk.fill_command}; }}\n")
    lab.write("all.lock", "")
    lab.config(NO_ROUNDS + """
[[merge.generated]]
files = ["all.lock"]
command = ["sh", "make-lock"]
""")
    lab.commit("lock")
    lab.tasks(script("touch one.part; ls *.part > all.lock"), script(WAIT, "touch two.part; ls *.part > all.lock", id="T2"))
    lab.begin("--wait-user", "0s")
    lab.until_landed("T1")
    (lab.ledger / "go").touch()
    until_full(lab)
    equal(lab.landed(), ["T1"], "landed")
    disk.free()
    lab.until_landed("T1", "T2")
    lab.until_over()
    equal(lab.read("all.lock"), "one.part\ntwo.part\n", "the lock file")


@test
def a_train_waits_for_room_and_goes_on(lab):
    disk = objects(lab)
    lab.config(f"""
[merge]
parallel = 2
test_base = false
[[merge.test]]
command = ["sh", "-c", "test -e $LEDGER/full || {{ touch $LEDGER/full; {disk.fill_command}; }}"]
""")
    lab.commit("tests")
    lab.tasks(script("echo 1 > 1.txt"), *(script("until [ -e $LEDGER/full ]; do sleep 0.05; done", f"echo {n} > {n}.txt", id=f"T{n}") for n in (2, 3)))
    lab.begin("--wait-user", "0s")
    until_full(lab)
    disk.free()
    lab.until_over()
    equal(sorted(task["state"] for task in lab.status()["tasks"]), ["merged"] * 3, "states")
    equal(sorted(file.name for file in lab.repo.glob("?.txt")), ["1.txt", "2.txt", "3.txt"], "what landed")
    lab.run("verify", check=0)


@test
def a_forecast_that_has_no_room_harms_nothing_and_comes_later(lab):
    lab.write("a.txt", "0\n")
    lab.commit("a file")
    for name in ("one", "two"):
        lab.git("checkout", "-q", "-b", name, "main")
        lab.write("a.txt", name + "\n")
        lab.commit(name)
    lab.git("checkout", "-q", "main")
    disk = objects(lab)
    # Commits that there are already: nothing has to be written for them.
    work = [script(f'echo x > "$LEDGER/{id}"', 'until [ -e "$LEDGER/full" ]; do sleep 0.05; done', f"git merge -q --ff-only {name}", WAIT, id=id)
            for id, name in (("T1", "one"), ("T2", "two"))]
    lab.config(NO_ROUNDS)
    lab.tasks(*work)
    lab.begin("--wait-user", "0s")
    for id in ("T1", "T2"):
        lab.until_file(id)
    disk.fill()
    (lab.ledger / "full").touch()
    for id in ("T1", "T2"):
        lab.until(lambda: (lab.repo / f".worktrees/{id}/a.txt").read_text() != "0\n", f"{id} has its commit")
    disk.free()
    lab.until(lambda: lab.task("T1")["conflicts"] or lab.task("T2")["conflicts"], "the conflict is foreseen")
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(sorted(lab.task(id)["state"] for id in ("T1", "T2")), ["blocked", "merged"], "states")


@test
def a_review_waits_for_room_and_is_made_then(lab):
    with_reviewer(lab)
    lab.tasks(script('echo x > "$LEDGER/began"', WAIT, "echo fine > a.txt"))
    lab.begin("--wait-user", "0s")
    lab.until_file("began")
    place = next((lab.repo / ".tmux-orch/runs").iterdir()) / "reviews"
    place.mkdir(exist_ok=True)
    disk = SmallDisk(lab, place)
    disk.fill()
    (lab.ledger / "go").touch()
    until_full(lab)
    equal(lab.landed(), [], "landed")
    disk.free()
    lab.until_landed("T1")
    lab.until_over()
    says(lab.facts("task.reviewed")[0][2], "lets it pass")


@test
def a_push_to_a_full_disk_is_told_and_made_later(lab):
    folder = remote(lab)
    disk = SmallDisk(lab, folder)
    configure(lab, 'when = "landing"')
    retry_fast(lab)
    lab.tasks(script("head -c 300000 /dev/urandom > a.bin"), script(WAIT, "echo two > b.txt", id="T2"))
    disk.fill()
    lab.begin("--wait-user", "0s")
    lab.until_landed("T1")
    lab.until(lambda: lab.facts("run.not-pushed"), "it is told that it is not pushed")
    says(lab.status()["push"]["why"], "No space left on device")
    says(lab.status()["push"]["command"], "git push origin ")
    disk.free()
    (lab.ledger / "go").touch()
    lab.until_over()
    equal(tip(lab, folder), main(lab), "the remote")
