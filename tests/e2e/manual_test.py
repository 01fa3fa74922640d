"""The pages of the manual."""
import os
import pathlib
import re
import shutil
import subprocess

from lab import Skip, equal, test

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def pages_of(lab):
    folder = lab.folder / "man1"
    lab.run("man-pages", str(folder), check=0)
    return {page.stem: page for page in folder.iterdir()}


def read(page):
    """As it is shown, in one long line."""
    width = {**os.environ, "MANWIDTH": "400", "LC_ALL": "C.UTF-8", "MANROFFOPT": "-c"}
    man = ["man", "--warnings", "-E", "ascii", "-l", str(page)]
    shown = subprocess.run(man, env=width, capture_output=True, text=True, timeout=30)
    equal(shown.stderr, "", f"what man says of {page.name}")
    return " ".join(re.sub(".\b", "", shown.stdout).split())


def shown_verbs(lab):
    return re.findall(r"^  ([a-z]+) {2,}", lab.run("--help", check=0).out.partition("For people:")[2], re.M)


@test
def each_verb_has_a_page_with_all_that_its_help_says(lab):
    if not shutil.which("man"):
        raise Skip("man is not installed")
    pages = pages_of(lab)
    verbs = shown_verbs(lab)
    equal(sorted(pages), sorted(["tmux-orch"] + [f"tmux-orch-{verb}" for verb in verbs]))
    main = read(pages["tmux-orch"])
    for verb in verbs:
        assert f"tmux-orch-{verb}(1)" in main, f"tmux-orch(1) does not name {verb}"
        text = read(pages[f"tmux-orch-{verb}"])
        help = lab.run(verb, "--help", check=0).out
        example = help.partition("Example:\n")[2]
        assert " ".join(example.split()) in text, f"{verb}: {example} is not in {text}"
        parts = re.findall(r"^  (\S.*?)(?: {2,}|\n {10,})(\S.*)$", help.partition("Example:\n")[0], re.M)
        assert parts, help
        for names, about in parts:
            about = " ".join(about.replace("`", "").split())
            assert about in text, f"{verb}: '{about}' is not in {text}"
            for name in re.findall(r"(?<!\S)--?[a-zA-Z-]+", names.replace(",", " ")):
                assert name in text, f"{verb}: {name} is not in {text}"


@test
def the_exit_statuses_of_the_manual_are_those_of_the_docs(lab):
    if not shutil.which("man"):
        raise Skip("man is not installed")
    section = (DOCS / "commands.md").read_text().partition("\n## Exit statuses\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", section, re.M)
    assert len(rows) >= 8, section
    text = " ".join(f"{status} {meaning}" for status, meaning in rows).replace("`", "")
    shown = read(pages_of(lab)["tmux-orch"]).partition(" EXIT STATUS ")[2].partition(" ENVIRONMENT ")[0]
    equal(shown, text)
