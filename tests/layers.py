#!/usr/bin/env python3
"""Holds the sources against two rules that no compiler checks: includes go down the table of layers, and
no braced temporary stands in a co_await expression (g++ 12 destroys it twice)."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASE = {"orch/base"}
CORE = BASE | {"orch/core"}
MAY = {
    "include/orch/base": BASE,
    "include/orch/core": CORE,
    "include/tmuxctl": BASE | {"loop", "tmuxctl"},
    "src/base": BASE,
    "src/core": CORE | {"core"},
    "src/agents": CORE | {"agents"},
    "src/tasks": CORE | {"tasks"},
    "src/loop": BASE | {"loop"},
    "src/tmuxctl": BASE | {"loop", "tmuxctl"},
    "src/git": BASE | {"orch/core/ids.hpp", "loop", "git"},
    "src/store": CORE | {"store"},
    "src/shim": BASE | {"shim"},
    "src/ui": CORE | {"tasks", "ui"},
    "src/app": CORE | {"agents", "tasks", "loop", "tmuxctl", "git", "store", "ui", "app"},
    "src/cli": CORE | {"agents", "tasks", "loop", "tmuxctl", "git", "store", "ui", "app", "cli", "version.hpp"},
}
# What costs more than a second to compile, or is no vocabulary of ours, stays in the folder it is for.
FOREIGN = {
    r"boost/": {"src/loop"},
    r"uv\.h": {"src/loop"},
    r"sqlite3\.h": {"src/store"},
    r"CLI/": {"src/cli"},
    r"toml\+\+/": {"src/agents"},
    r"cmark\.h": {"src/tasks"},
    r"nlohmann/json\.hpp": {"src/core", "src/store", "src/tasks", "src/ui"},
}

# Where a git is started, and where a git::Repository is made: what configuration it reads is settled there and
# nowhere else, as an agent may have written that of the repository. See src/git/frozen.hpp.
STARTS_GIT = {"src/git/runner.cpp"}
MAKES_REPOSITORY = {"src/cli/open_git.hpp", "src/cli/verb_supervise.cpp", "src/app/task_sight.cpp", "src/git/discover.cpp"}


def unsettled_git():
    for file in sorted(p for p in ROOT.glob("src/**/*") if p.suffix in {".hpp", ".cpp"}):
        name = str(file.relative_to(ROOT))
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if re.search(r'[{,=]\s*"git"|^\s*"git",|_back\("git"', line) and name not in STARTS_GIT:
                yield f"{name}:{number}: only git/runner.cpp starts git"
            made = re.search(r"\bRepository \w+\s*[({;]|\b(make_\w+<(git::)?Repository>|git::Repository\s*[({])", line)
            if made and name not in MAKES_REPOSITORY and not re.search(r"Repository (operator|discover|locate)", line):
                yield f"{name}:{number}: a verb gets its repository from cli/open_git.hpp"
    for name, settled in (("src/cli/open_git.cpp", "use_frozen("), ("src/cli/verb_supervise.cpp", "freeze("), ("src/app/task_sight.cpp", "use_plain(")):
        if settled not in (ROOT / name).read_text():
            yield f"{name}: a repository whose configuration is not settled"


def main():
    problems = list(unsettled_git())
    for folder, allowed in MAY.items():
        for file in sorted(p for p in (ROOT / folder).glob("*") if p.suffix in {".hpp", ".cpp"}):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                ours = re.match(r'#include "([^"]+)"', line)
                if ours and not any(ours[1] == a or ours[1].startswith(a + "/") for a in allowed):
                    problems.append(f"{file.relative_to(ROOT)}:{number}: {folder} must not include {ours[1]}")
                foreign = re.match(r"#include <([^>]+)>", line)
                for pattern, folders in FOREIGN.items():
                    if foreign and re.match(pattern, foreign[1]) and folder not in folders:
                        problems.append(f"{file.relative_to(ROOT)}:{number}: {foreign[1]} does not belong in {folder}")
    for file in sorted(ROOT.glob("src/**/*.cpp")):
        text = file.read_text()
        for found in re.finditer(r"co_await\b(?:(?!co_return)[^;{}])*\w\{", text):
            number = text.count("\n", 0, found.start()) + 1
            problems.append(f"{file.relative_to(ROOT)}:{number}: a braced temporary in a co_await expression")
    print("\n".join(problems) or "layers: every include goes down")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
