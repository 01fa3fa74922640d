"""The program where it has been put: in a build folder, installed, or from a package."""
import os
import pathlib

from lab import equal, script, test

PLACES = ["../shim/orch-shim", "../libexec/tmux-orch/orch-shim"]


@test
def three_tasks_land_with_the_shim_that_lies_with_the_program(lab):
    folder = pathlib.Path(lab.binary).parent
    shim = next(path for path in (os.path.normpath(folder / place) for place in PLACES) if os.path.exists(path))
    doctor = lab.run("doctor", "--json")
    assert shim in doctor.out, f"another shim than {shim}: {doctor.out}"
    lab.tasks(*(script(f"echo {id} > {id}", f"git add {id}", f"git commit -qm {id}", id=id) for id in ("T1", "T2", "T3")))
    lab.up("--foreground").ended_with(0)
    for id in ("T1", "T2", "T3"):
        equal(lab.show(f"main:{id}"), f"{id}\n")
