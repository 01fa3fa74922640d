"""What `plan` and `up` make of what stands in a task file: what is shown, held back, asked about and left out."""
import json

from lab import equal, says, script, test


@test
def only_shows_these_and_names_what_they_wait_for(lab):
    lab.tasks(script("true"), script("true", id="T2", fields=["Depends: T1"]), script("true", id="T3"))
    plan = lab.run("plan", "--only", "t1", check=0)
    assert "T2" not in plan.out and "T3" not in plan.out, plan.out
    lab.run("plan", "--only", "T2,T3", check=0).says("T2", "needs T1, which is left out by --only", "1 to do")
    for verb in ("plan", "up"):
        lab.run(verb, "--only", "T9").ended_with(1).says("--only names T9, and there is no such task", "did you mean 'T1'")
    lab.run("plan", "--only", "nothing-like-it").ended_with(1).says("tasks: T1, T2, T3")
    equal([unit["id"] for unit in json.loads(lab.run("plan", "--only", "T1,t1", "--json", check=0).out)["units"]], ["T1"], "units")
