"""Which version this is."""
import pathlib
import re

from lab import equal, test

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "src/cli/git-version"


@test
def the_version_is_that_of_the_commit(lab):
    def version(folder=lab.repo, check=0):
        return lab.run(argv=[str(SCRIPT), str(folder), "0.1.0"], check=check).out.strip()

    def head():
        return lab.git("rev-parse", "--short", "HEAD").strip()

    count = lab.git("rev-list", "--count", "HEAD").strip()
    equal(version(), f"0.1.0-{count}-g{head()}", "before the first release")
    lab.git("tag", "v0.1.0")
    equal(version(), "0.1.0", "a release")
    lab.write("a", "a\n")
    lab.commit()
    equal(version(), f"0.1.0-1-g{head()}", "after a release")
    # An export from git may lie in a repository that is not its own.
    export = lab.repo / "export"
    export.mkdir()
    version(export, check=1)
    (export / ".version").write_text("0.1.0-7-gabcdef0\n")
    equal(version(export), "0.1.0-7-gabcdef0", "an export")


@test
def the_program_says_its_version(lab):
    shown = lab.run("--version", check=0).out
    assert re.fullmatch(r"tmux-orch \d+\.\d+\.\d+(-\d+-g[0-9a-f]+)?\n", shown), shown
