"""The benchmark of the whole program: that it runs, and that its arithmetic is right."""
import json
import pathlib
import sys

from lab import equal, says, test

BENCH = pathlib.Path(__file__).resolve().parents[1] / "bench"
sys.path.insert(0, str(BENCH))

from suite import figures  # noqa: E402


@test
def the_benchmark_prints_a_table_and_json_with_each_figure(lab):
    file = lab.folder / "figures.json"
    command = [sys.executable, str(BENCH / "run"), "--bin", lab.binary, "--only", "verbs", "--quick", "--rounds", "1"]
    ran = lab.run(argv=[*command, "--json", str(file)], check=0).says("`plan`, 100 tasks", "plain script")
    says(ran.err, "verbs: round 1 of 1 took")
    found = json.loads(file.read_text())
    says(found["about"]["git"], "git version")
    status = found["figures"]["`status`, 100 tasks"]
    equal(status["ours"]["rounds"], 1, "rounds")
    assert status["ours"]["median"] > 0 and status["ratio"]["median"] > 0, status


@test
def an_unknown_family_of_the_benchmark_is_refused(lab):
    command = [sys.executable, str(BENCH / "run"), "--bin", lab.binary]
    lab.run(argv=[*command, "--only", "verbs,nothing"], check=1).says("no family of this name: nothing")


@test
def a_ratio_is_that_of_the_two_halves_of_a_round(lab):
    found = figures.Figures()
    # A round on a machine that is ten times slower, for both: the medians would say 20 to 3.
    for ours, script in ((2, 1), (20, 10), (30, 3)):
        found.add("a figure", "ms", ours, script, bar=2, of="ratio")
    summary = found.all["a figure"].summary()
    equal(summary["ratio"], {"median": 2.0, "least": 2.0, "most": 10.0, "rounds": 3})
    equal(summary["bar"], {"at_most": 2, "of": "ratio", "met": True})
    says(figures.table({"a figure": summary}), "ok: ratio <= 2")


@test
def a_figure_that_no_round_found_misses_its_bar(lab):
    found = figures.Figures()
    found.add("a figure", "s", None, bar=60)
    summary = found.all["a figure"].summary()
    equal(summary["bar"]["met"], False)
    says(figures.table({"a figure": summary}), "MISSED: <= 60")
