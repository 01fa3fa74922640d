"""Makes a random repository of a user's, with everything in and around it that must not be lost."""
import os

import material

CONFIG = """
agent = "sh"
workers = 3
[limits]
attempts = 2
retry_delay = "50ms"
stop_grace = "1s"
[agents.reports]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "report"
failed_start = "0s"
"""

# What git ignores in the user's checkout: the rule, the file that has it, the files that it hits.
IGNORED = [
    (".env", ".gitignore", [".env"]),
    ("build/", ".gitignore", ["build/out.o", "build/deep/part.o"]),
    ("*.log", ".gitignore", ["run.log", "docs/old.log"]),
    ("dist", ".gitignore", ["dist/app.js", "dist/map/app.map"]),
    ("/data", ".gitignore", ["data/rows.csv"]),
    ("local.*", "sub/.gitignore", ["sub/local.cfg"]),
    ("notes.private", "exclude", ["notes.private"]),
]
GLOBAL = ("*.bin", "global", ["model.bin", "src/weights.bin"])
SETUP_COPY, SETUP_LINK = ".settings", "node_modules"


class Repository:
    """What a case knows of its repository: lists of names, by what they are."""

    def __init__(self, place, dice, kinds):
        self.place, self.dice, self.kinds = place, dice, kinds
        self.tracked = []
        self.untracked = []
        self.ignored = []
        self.rules = []  # those of IGNORED that this one has
        self.caches = [SETUP_LINK]
        self.submodule = ""
        self.other_branches = []
        self.task_file_tracked = kinds.has("task_file_tracked")

    def git(self, *args, **more):
        return self.place.git(*args, **more)

    def write(self, path, text, mode=None):
        file = self.place.repo / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "w", newline="") as out:
            out.write(text)
        if mode:
            file.chmod(mode)

    def track(self, path, text, mode=None):
        self.write(path, text, mode)
        self.tracked.append(path)

    def begin(self):
        """The files, of which the tasks are made."""
        self.initialise()
        self.place_config()
        self.add_tracked()
        self.add_attributes()
        self.add_rules()
        if self.kinds.has("submodule"):
            self.add_submodule()

    def finish(self, tasks):
        """All the rest; `tasks` is the text of the task file."""
        if self.task_file_tracked:
            self.write("tasks.md", tasks)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "start")
        if not self.task_file_tracked:
            self.write("tasks.md", tasks)
        self.add_crlf()
        self.add_branches()
        self.add_ignored()
        self.add_worktree()
        self.add_changes()
        if self.kinds.has("detached"):
            self.git("checkout", "-q", "--detach")

    def initialise(self):
        first, repo = self.place.first, self.place.repo
        bare, linked = self.kinds.has("bare"), self.kinds.has("in_linked_worktree")
        args = ["init", "-q", "-b", "trunk"]
        if self.kinds.has("sha256"):
            args += ["--object-format=sha256"]
        if bare:
            args += ["--bare"]
        elif self.kinds.has("git_folder_elsewhere"):
            args += ["--separate-git-dir", str(self.place.folder / "git folder")]
        if not bare and not linked:
            first = repo
        self.git(*args, str(first), cwd=self.place.folder)
        self.git("config", "user.name", "property", cwd=first)
        self.git("config", "user.email", "property@localhost", cwd=first)
        # A commit that needs no checkout.
        tree = self.git("hash-object", "-t", "tree", "-w", "/dev/null", cwd=first).strip()
        self.git("update-ref", "refs/heads/trunk", self.git("commit-tree", "-m", "begin", tree, cwd=first).strip(),
                 cwd=first)
        if first == repo:
            self.git("switch", "-q", "-c", "main")
        else:
            repo.rmdir()
            self.git("worktree", "add", "-q", "-b", "main", str(repo), "trunk", cwd=first)

    def place_config(self):
        lines = [CONFIG]
        if self.kinds.has("setup_copy") or self.kinds.has("setup_link"):
            lines.append("[worktree_setup]\n")
        if self.kinds.has("setup_copy"):
            lines.append(f'copy = ["{SETUP_COPY}"]\n')
        if self.kinds.has("setup_link"):
            lines.append(f'link = ["{SETUP_LINK}"]\n')
        if self.kinds.has("sparse"):
            lines.append('[worktrees]\nsparse = ["folder"]\n')
        lines.append("[merge]\n")
        if self.kinds.has("squash"):
            lines.append('strategy = "squash"\n')
        if self.kinds.has("follow_end"):
            lines.append('follow = "end"\n')
        if self.kinds.has("tests"):
            lines.append('[[merge.test]]\ncommand = ["git", "ls-files", "--error-unmatch", "tmux-orch.toml"]\n')
        self.write("tmux-orch.toml", "".join(lines))

    def add_tracked(self):
        dice = self.dice.sub("tracked")
        names = list(material.PLAIN_NAMES)
        if self.kinds.has("odd_names"):
            names += dice.sample(material.ODD_NAMES, 4)
        for name in names:
            folder = dice.choice(material.FOLDERS)
            self.track(os.path.join(folder, name), dice.text("old"))
        self.track("folder/one.txt", dice.text("old"))
        self.track("folder/two.txt", dice.text("old"))
        if self.kinds.has("executables"):
            self.track("run.sh", "#!/bin/sh\n" + dice.text("# old"), 0o755)
        if self.kinds.has("empty_files"):
            self.track("src/empty", "")
        if self.kinds.has("links"):
            for name, target in (("to-file", self.tracked[0]), ("to-folder", "folder"), ("to-nothing", "gone/x"),
                                 ("to-outside", "/etc/hostname")):
                (self.place.repo / name).symlink_to(target)

    def add_attributes(self):
        dice = self.dice.sub("attributes")
        lines = []
        if self.kinds.has("eol_attribute"):
            lines.append("*.md text eol=crlf")
            lines.append("*.py -text")
        if self.kinds.has("union"):
            lines.append("CHANGES merge=union")
            self.track("CHANGES", dice.text("change", 3))
        for name, (clean, smudge) in material.FILTERS.items():
            if not self.kinds.has(f"{name}_filter"):
                continue
            self.git("config", "--global", f"filter.{name}.clean", clean)
            self.git("config", "--global", f"filter.{name}.smudge", smudge)
            lines.append(f"*.{name} filter={name}")
            self.track(f"src/a.{name}", "@stamp@\n" + dice.text("filtered"))
        if lines:
            self.write(".gitattributes", "\n".join(lines) + "\n")

    def add_rules(self):
        dice = self.dice.sub("rules")
        if self.kinds.has("ignored"):
            self.rules = [rule for rule in IGNORED if dice.chance(0.7)]
        by_file = {".gitignore": [f"/{SETUP_COPY}", f"{SETUP_LINK}/", "__pycache__/", "!keep.log"]}
        for rule, where, _ in self.rules:
            by_file.setdefault(where, []).insert(0, rule)
        if self.kinds.has("global_ignore"):
            self.rules.append(GLOBAL)
            rules = self.place.home / "ignore"
            rules.write_text(GLOBAL[0] + "\n")
            self.git("config", "--global", "core.excludesFile", str(rules))
        for where, rules in by_file.items():
            text = "\n".join(rules) + "\n"
            if where == "exclude":
                info = self.place.repo / self.git("rev-parse", "--git-path", "info/exclude").strip()
                info.parent.mkdir(exist_ok=True)
                info.write_text(text)
            else:
                self.write(where, text)
        if dice.chance(0.5):
            self.track("keep.log", dice.text("kept"))

    def add_submodule(self):
        library = self.place.folder / "library"
        library.mkdir()
        kind = ["--object-format=sha256"] if self.kinds.has("sha256") else []
        self.git("init", "-q", "-b", "main", *kind, cwd=library)
        (library / "lib.c").write_text(self.dice.sub("library").text("library"))
        self.git("add", "-A", cwd=library)
        self.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-q", "-m", "library", cwd=library)
        self.git("config", "--global", "protocol.file.allow", "always")
        self.git("config", "--global", "user.name", "property")
        self.git("config", "--global", "user.email", "property@localhost")
        self.submodule = "vendor"
        self.git("submodule", "--quiet", "add", str(library), self.submodule)

    def add_crlf(self):
        """Text with CRLF in the index that an attribute, added later, calls text: modified as soon as it
        is checked out."""
        if not self.kinds.has("crlf"):
            return
        self.track("old.bat", material.crlf(self.dice.sub("crlf").text("batch", 4)))
        self.git("add", "old.bat")
        self.git("commit", "-q", "-m", "a file with CRLF")
        with open(self.place.repo / ".gitattributes", "a") as attributes:
            attributes.write("*.bat text\n")
        self.git("add", ".gitattributes")
        self.git("commit", "-q", "-m", "which is text")

    def add_branches(self):
        if not self.kinds.has("branches"):
            return
        dice = self.dice.sub("branches")
        self.git("tag", "v1")
        for name in ("feature/x", "topic"):
            self.git("switch", "-q", "-c", name)
            self.write(f"on-{name.replace('/', '-')}.txt", dice.text("branch"))
            self.git("add", f"on-{name.replace('/', '-')}.txt")
            self.git("commit", "-q", "-m", name)
            self.git("switch", "-q", "main")
            self.other_branches.append(name)
        self.git("tag", "-a", "-m", "annotated", "v2", "topic")

    def add_ignored(self):
        dice = self.dice.sub("ignored")
        if self.kinds.has("ignored_link") and self.has_rule("/data"):
            outside = self.place.folder / "outside"
            outside.mkdir()
            (outside / "other.csv").write_text(dice.text("outside"))
            (self.place.repo / "data").symlink_to(outside)
        for _, _, files in self.rules:
            for path in files:
                self.write(path, dice.text("ignored"))
                self.ignored.append(path)
        if self.kinds.has("untracked"):
            for name in dice.some(["scratch.txt", "todo later.txt", "src/new.c", "-v", "tmp/x/y.txt"], 4):
                self.write(name, dice.text("untracked"))
                self.untracked.append(name)
        self.write(SETUP_COPY, dice.text("settings"))
        self.write(f"{SETUP_LINK}/module/index.js", dice.text("module"))
        if self.kinds.has("nested"):
            names = ["own-repo", "deep/own-repo", *(["dist/own-repo"] if self.has_rule("dist") else [])]
            for name in dice.some(names, 2):
                self.make_nested(name, dice)

    def has_rule(self, rule):
        return any(rule == known for known, _, _ in self.rules)

    def make_nested(self, name, dice):
        folder = self.place.repo / name
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", cwd=folder)
        self.write(f"{name}/code.c", dice.text("nested"))
        self.git("add", "-A", cwd=folder)
        self.git("-c", "user.name=n", "-c", "user.email=n@n", "commit", "-q", "-m", "nested", cwd=folder)
        self.write(f"{name}/more.c", dice.text("nested and not committed"))

    def add_worktree(self):
        if not self.kinds.has("linked_worktree"):
            return
        dice = self.dice.sub("worktree")
        side = self.place.folder / "side"
        self.git("worktree", "add", "-q", "-b", "side", str(side))
        (side / "mine.txt").write_text(dice.text("side"))
        (side / self.tracked[1]).write_text(dice.text("side edit"))
        (side / "run.log").write_text(dice.text("side log"))

    def add_changes(self):
        dice = self.dice.sub("changes")
        if self.kinds.has("stash"):
            self.write(self.tracked[2], dice.text("stashed"))
            self.git("stash", "push", "-q", "-m", "for later")
        if self.kinds.has("staged"):
            self.write(self.tracked[3], dice.text("staged"))
            self.git("add", "--", self.tracked[3])
            if dice.chance(0.5):
                self.write(self.tracked[3], dice.text("changed after it was staged"))
            self.write("staged-new.txt", dice.text("staged"))
            self.git("add", "staged-new.txt")
        if self.kinds.has("edits"):
            for path in dice.some(self.tracked[:8], 3):
                self.write(path, dice.text("edited"))
        if self.kinds.has("task_file_edited") and self.task_file_tracked:
            with open(self.place.repo / "tasks.md", "a") as file:
                file.write("\nA remark of the user's that is not committed.\n")
