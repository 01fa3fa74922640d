"""The report on a run: a page that a browser can read, and the same as Markdown."""
import pathlib
import urllib.parse
import xml.etree.ElementTree as ET

from lab import Failed, equal, says, script, test

HTML = "{http://www.w3.org/1999/xhtml}"
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'and' <b>more</b>"


def page_of(text):
    """The page as an XML parser sees it: it says where it is not well-formed."""
    return ET.fromstring(text)


def words(element):
    return " ".join("".join(element.itertext()).split())


def run_folder(lab):
    return next((lab.repo / ".tmux-orch/runs").iterdir())


def table_rows(page, name):
    return [
        [words(cell) for cell in row.findall(HTML + "td")]
        for table in page.iter(HTML + "table") if table.get("class") == name
        for row in table.iter(HTML + "tr") if row.findall(HTML + "td")
    ]


def hrefs(page):
    return [link.get("href") for link in page.iter(HTML + "a")]


@test
def a_run_leaves_a_page_with_what_became_of_its_tasks(lab):
    lab.config("[limits]\nattempts = 1\n", base='agent = "sh"\nworkers = 2\n')
    lab.tasks(
        script("echo 'made by one'", "echo a > a.txt", title=HOSTILE),
        script("exit 3", id="T2", title="fails"),
        script("echo c > c.txt", id="T3", fields=["Depends: T2"]),
        script("echo d > d.txt", id="T4", fields=["Depends: T1"]),
    )
    lab.commit()
    lab.up().ended_with(3)
    folder = run_folder(lab)
    text = (folder / "report.html").read_text()
    page = page_of(text)
    if "<script" in text:
        raise Failed("a title acts in the page")
    rows = table_rows(page, "tasks")
    equal([row[0] for row in rows], ["merged", "failed", "unreachable", "merged"], "the states")
    says(rows[0][1], f"T1 {HOSTILE}")
    says(rows[1][1], "exited with 3")
    says(words(page), "2 of 4 tasks merged onto main", "tmux-orch retry T2", "What tasks waited for",
         "another task whose work it needs", "worker 2")
    bars = [title for title in page.iter() if title.tag.endswith("title") and (title.text or "").startswith("T1 ")]
    says(" ".join(title.text for title in bars), "working")
    logs = [folder / urllib.parse.unquote(href) for href in hrefs(page)]
    equal([log.is_file() for log in logs], [True] * 3, "logs that there are")
    says(logs[0].read_text(), "made by one")


@test
def a_report_can_be_asked_for_while_the_run_is_under_way(lab):
    lab.tasks(
        script("echo a > a.txt"),
        script("while ! test -e $LEDGER/go; do sleep 0.05; done", "echo b > b.txt", id="T2"),
    )
    lab.commit()
    lab.begin()
    lab.until_state("T2", "running")
    lab.until_landed("T1")
    named = lab.run("report", "--html", check=0).out.strip()
    page = page_of(pathlib.Path(named).read_text())
    states = [row[0] for row in table_rows(page, "tasks")]
    equal(states, ["merged", "running"], "the states")
    out = lab.folder / "my report.html"
    lab.run("report", "--html", str(out), check=0).says(str(out))
    away = page_of(out.read_text())
    equal([urllib.parse.urlparse(href).scheme for href in hrefs(away)], ["file"] * 2, "links from elsewhere")
    log = urllib.parse.unquote(urllib.parse.urlparse(hrefs(away)[0]).path)
    equal(pathlib.Path(log).is_file(), True, "the log is there")
    lab.run("report", "--html", str(out), check=0)  # over one of its own
    equal(page_of(lab.run("report", "--html", "-", check=0).out).tag, HTML + "html", "on the standard output")
    (lab.ledger / "go").touch()
    lab.until_over()


@test
def what_is_no_report_is_not_written_over(lab):
    lab.tasks(script("echo a > a.txt"))
    lab.commit()
    lab.up().ended_with(0)
    before = lab.read("tasks.md")
    lab.run("report", "--html", "tasks.md", check=1).says("tasks.md exists already")
    lab.run("report", "--markdown", "tasks.md", check=1).says("tasks.md exists already")
    equal(lab.read("tasks.md"), before, "the file")
    lab.run("report", "--html", "--markdown", check=2)
    lab.run("report", "out.html", check=2).says("report --html FILE")


@test
def conflicts_are_told_with_their_files_in_both_forms(lab):
    lab.write("shared.txt", "start\n")
    lab.tasks(
        script("echo one > shared.txt", "touch $LEDGER/first"),
        script("while ! test -e $LEDGER/first; do sleep 0.05; done", "echo two > shared.txt", "git commit -qam two",
               "while ! git -C ../.. show main:shared.txt | grep -q one; do sleep 0.05; done", id="T2"),
    )
    lab.commit()
    lab.up().ended_with(0)
    page = page_of((run_folder(lab) / "report.html").read_text())
    rows = table_rows(page, "conflicts")
    equal([row[1] for row in rows][:1], ["T2"], "who had one")
    says(rows[0][2], "shared.txt")
    text = lab.run("report", "--markdown", check=0).out
    says(text, "## Conflicts", "**T2** conflicts with", "shared.txt", "## What happened",
         "**T2** task.returned: returned to its agent: conflicts with main in shared.txt")
