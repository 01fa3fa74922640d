#!/usr/bin/env python3
"""Holds the sources against rules that no compiler checks: includes go down the table of layers, which has a
row for each folder at any depth; git and tmux are spoken to at one place each; no braced temporary stands in a
co_await expression (g++ 12 destroys it twice)."""
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASE = {"orch/base"}
CORE = BASE | {"orch/core"}
CONFIG = CORE | {"orch/config"}
ATTEMPT = BASE | {"orch/attempt"}
# The floors of src/tasks, from below.
TASKS = ["model", "text", "markdown", "items", "conventions", "units", "write", "source"]


def below(floor):
    return CORE | {f"tasks/{name}" for name in TASKS[: TASKS.index(floor) + 1]}


MAY = {
    "include/orch/base": BASE,
    "include/orch/core": CORE,
    "include/orch/config": CONFIG,
    "include/orch/attempt": ATTEMPT,
    "include/orch/port": CORE | {"orch/port"},
    "include/tmuxctl": BASE | {"loop", "tmuxctl"},
    "src/base": BASE,
    "src/precompiled": CONFIG | {"git", "loop", "standard.hpp", "state.hpp"},
    "src/core": CORE | {"core"},
    "src/machine": CORE | {"machine"},
    "src/run": CORE | {"orch/port", "run"},
    "src/config": CONFIG | {"config"},
    "src/agents": CONFIG | {"agents"},
    "src/agents/screen": BASE | {"orch/config/screen_rule.hpp", "agents/screen"},
    "src/tasks/model": below("model"),
    "src/tasks/text": below("text"),
    "src/tasks/markdown": below("markdown"),
    "src/tasks/items": below("items"),
    "src/tasks/conventions": below("conventions"),
    "src/tasks/units": below("units") | {"orch/config/unit_rule.hpp"},
    "src/tasks/write": below("write"),
    "src/tasks/source": below("source"),
    "src/term": {"term"},
    "src/loop": BASE | {"loop"},
    "src/tmuxctl": BASE | {"loop", "tmuxctl"},
    "src/git": BASE | {"orch/core/ids.hpp", "loop", "git"},
    "src/store": CORE | {"store"},
    "src/attempt": ATTEMPT,
    "src/shim": ATTEMPT | {"shim"},
    "src/ui": CORE | {"orch/config/screen_rule.hpp", "agents/screen", "tasks", "ui"},
    "src/dashboard": CORE | {"ui", "dashboard"},
    "src/curses": BASE | {"dashboard", "curses"},
    "src/tools": CORE | {"ui", "tools"},
    "src/app": CONFIG | ATTEMPT | {"orch/port", "run", "machine", "config", "agents", "tasks", "loop", "tmuxctl", "git", "store", "term", "ui", "app"},
    "src/cli": CONFIG | ATTEMPT | {"config", "agents", "tasks", "loop", "tmuxctl", "git", "store", "term", "ui", "dashboard", "curses", "tools", "app", "cli", "installed_folders.hpp"},
}
# What costs more than a second to compile, or is no vocabulary of ours, stays in the folder it is for.
FOREIGN = {
    r"boost/": {"src/loop"},
    r"uv\.h": {"src/loop"},
    r"sqlite3\.h": {"src/store"},
    r"CLI/": {"src/cli"},
    r"toml\+\+/": {"src/config"},
    r"pugixml": {"src/app"},
    r"re2/": {"src/config", "src/agents", "src/agents/screen"},
    r"curses\.h": {"src/curses"},
    r"vterm\.h": {"src/term"},
    r"utf8proc\.h": {"src/base"},
    r"cmark\.h": {"src/tasks/markdown"},
    r"yaml\.h": {"src/tasks/text"},
    r"nlohmann/json\.hpp": {"src/config", "src/agents", "src/core", "src/store", "src/ui", "src/tools", "src/precompiled"},
}

# Where a git is started, and where a git::Repository is made: what configuration it reads is settled there and
# nowhere else, as an agent may have written that of the repository. See src/git/frozen.hpp.
STARTS_GIT = {"src/git/runner.cpp"}
MAKES_REPOSITORY = {"src/cli/open_git.hpp", "src/app/compose.cpp", "src/app/task_sight.cpp"}


def unsettled_git():
    for file in sorted(p for p in ROOT.glob("src/**/*") if p.suffix in {".hpp", ".cpp"}):
        name = str(file.relative_to(ROOT))
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if re.search(r'[{,=]\s*"git"|^\s*"git",|_back\("git"', line) and name not in STARTS_GIT:
                yield f"{name}:{number}: only git/runner.cpp starts git"
            made = re.search(r"\bRepository \w+\s*[({;]|\b(make_\w+<(git::)?Repository>|git::Repository\s*[({])", line)
            if made and name not in MAKES_REPOSITORY and not re.search(r"Repository (operator|discover|locate)", line):
                yield f"{name}:{number}: a verb gets its repository from cli/open_git.hpp"
    for name, settled in (("src/cli/open_git.cpp", "use_frozen("), ("src/app/compose.cpp", "freeze("), ("src/app/task_sight.cpp", "use_plain(")):
        if settled not in (ROOT / name).read_text():
            yield f"{name}: a repository whose configuration is not settled"


def raw_tmux():
    """Commands and formats of tmux are written, and its rows read, by src/tmuxctl alone."""
    for file in sorted(p for p in ROOT.glob("src/**/*") if p.suffix in {".hpp", ".cpp"}):
        name = str(file.relative_to(ROOT))
        for number, line in enumerate(file.read_text().splitlines(), 1):
            raw = re.search(r'#\{[a-z_?@]|tmuxctl::(run_once|Line\b|Reply\b)|"(list|show|kill|new|switch)-(session|client|window|pane|buffer|option)s?"', line)
            if raw and not name.startswith("src/tmuxctl/"):
                yield f"{name}:{number}: only src/tmuxctl speaks tmux's language ({raw[0]})"


def row_of(folder, table):
    """The folder or the nearest one above it that the table has."""
    return next((str(f) for f in (folder, *folder.parents) if str(f) in table), "")


def wrong_includes(root):
    """A folder without a row is a mistake of its own, so that none escapes by being new."""
    files = sorted(p for top in ("include", "src") for p in (root / top).rglob("*") if p.suffix in {".hpp", ".cpp"})
    for folder in sorted({p.parent.relative_to(root) for p in files}):
        if str(folder) not in MAY:
            yield f"{folder}: has no row in the table of layers"
    for file in files:
        folder = file.parent.relative_to(root)
        allowed = MAY.get(str(folder), set())
        for number, line in enumerate(file.read_text().splitlines(), 1):
            place = f"{file.relative_to(root)}:{number}"
            ours = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if ours and not any(ours[1] == a or ours[1].startswith(a + "/") for a in allowed):
                yield f"{place}: {folder} must not include {ours[1]}"
            foreign = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
            for pattern, folders in FOREIGN.items():
                if foreign and re.match(pattern, foreign[1]) and not row_of(folder, folders):
                    yield f"{place}: {foreign[1]} does not belong in {folder}"


def self_check():
    """Mistakes that are planted in a folder of their own are found, also below a subfolder."""
    planted = {
        "src/core/plan.cpp": ('#include "app/world.hpp"', "src/core must not include app/world.hpp"),
        "src/core/deep/in.hpp": ("", "src/core/deep: has no row in the table of layers"),
        "src/core/deep/er/in.cpp": ('  # include "store/store.hpp"', "src/core/deep/er must not include store/store.hpp"),
        "include/orch/core/x/y.hpp": ("#include <uv.h>", "uv.h does not belong in include/orch/core/x"),
        "src/loop/fine.cpp": ('#include <uv.h>\n#include "orch/base/text.hpp"\n#include "loop/loop.hpp"', None),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, (text, _) in planted.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n")
        found = "\n".join(wrong_includes(root))
    yield from (f"self check: not found: {wanted}" for _, wanted in planted.values() if wanted and wanted not in found)
    if "src/loop" in found:
        yield "self check: found where nothing is wrong"


def main():
    problems = [*self_check(), *unsettled_git(), *raw_tmux(), *wrong_includes(ROOT)]
    for file in sorted(ROOT.glob("src/**/*.cpp")):
        text = file.read_text()
        for found in re.finditer(r"co_await\b(?:(?!co_return)[^;{}])*\w\{", text):
            number = text.count("\n", 0, found.start()) + 1
            problems.append(f"{file.relative_to(ROOT)}:{number}: a braced temporary in a co_await expression")
    print("\n".join(problems) or "layers: every include goes down")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
