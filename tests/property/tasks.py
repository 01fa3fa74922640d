"""Random tasks: what each agent does in its worktree, as a list of operations that agent.py carries out."""
import kinds as all_kinds
import material


class Task:
    def __init__(self, id, repository, dice, kinds):
        self.id = id
        self.dice = dice.sub(id)
        self.repository = repository
        self.reports = kinds.of(id, "reports")
        self.kinds = {kind for kind in all_kinds.TASK if kinds.of(id, kind)}
        self.depends = []
        # A later attempt does the same with other texts, so that what each one left can be told apart.
        self.attempts = [self.operations(attempt) for attempt in (1, 2)]

    @property
    def gates(self):
        """Where the agent waits until it is let go."""
        return ["half"] if "slow" in self.kinds else []

    def text(self):
        """The task in the task file."""
        lines = [f"- [ ] {self.id}: work of {self.id}"]
        if self.depends:
            lines.append(f"  Depends: {', '.join(self.depends)}")
        if self.reports:
            lines.append("  Agent: reports")
        lines += ["  ```sh", f'  exec python3 "$LEDGER/agent.py" {self.id}', "  ```", ""]
        return "\n".join(lines) + "\n"

    def operations(self, attempt):
        dice = self.dice.sub(f"attempt {attempt}")
        first, second = [], []
        for kind in sorted(self.kinds):
            method = getattr(self, f"do_{kind}", None)
            if method:
                ops = method(dice.sub(kind), f"{self.id}.{attempt}") or []
                # Some before it waits, some after it.
                (first if dice.sub(f"when {kind}").chance(0.6) else second).append(ops)
        dice.shuffle(first)
        dice.shuffle(second)
        own = {"do": "write", "path": f"{self.id.lower()}.txt", "text": dice.text(f"{self.id}.{attempt}")}
        ops = [own] + [op for part in first for op in part]
        ops += [{"do": "gate", "name": gate} for gate in self.gates]
        ops += [op for part in second for op in part]
        ops += self.ending(dice, attempt)
        return ops

    def ending(self, dice, attempt):
        ops = []
        must_commit = self.reports or "commits" in self.kinds
        if "own_branch" in self.kinds:
            ops.append({"do": "git", "args": ["switch", "-q", "-c", f"own/{self.id}.{attempt}"]})
            must_commit = must_commit or dice.chance(0.5)
        elif "own_detached" in self.kinds:
            ops.append({"do": "git", "args": ["switch", "-q", "--detach"]})
            must_commit = True
        if must_commit:
            ops.append({"do": "git", "args": ["add", "--sparse", "-A"]})
            ops.append({"do": "git", "args": ["commit", "-q", "-m", f"{self.id} says so"]})
            if "commits" in self.kinds and not self.reports:
                ops.append({"do": "write", "path": f"{self.id.lower()}-later.txt", "text": dice.text("later")})
        if self.reports:
            ops.append({"do": "report"})
        if "fails" in self.kinds or ("fails_once" in self.kinds and attempt == 1):
            ops.append({"do": "fail", "code": 3})
        return ops

    def pick(self, dice):
        """A tracked file, mostly one that no other task takes."""
        tracked = [path for path in self.repository.tracked if not path.startswith("folder/")]
        own = [path for index, path in enumerate(tracked) if index % 5 == int(self.id[1:]) % 5]
        return dice.choice(own if own and dice.chance(0.9) else tracked)

    def do_changes(self, dice, who):
        return [{"do": "write", "path": self.pick(dice), "text": dice.text(who)} for _ in range(dice.randint(1, 3))]

    def do_deletes(self, dice, who):
        return [{"do": "delete", "path": self.pick(dice)}]

    def do_renames(self, dice, who):
        return [{"do": "rename", "path": self.pick(dice), "to": f"moved/{self.id} to here.txt"}]

    def do_file_to_folder(self, dice, who):
        path = self.pick(dice)
        return [{"do": "delete", "path": path},
                {"do": "write", "path": f"{path}/inside.txt", "text": dice.text(who)}]

    def do_folder_to_file(self, dice, who):
        return [{"do": "delete", "path": "folder"}, {"do": "write", "path": "folder", "text": dice.text(who)}]

    def do_odd_work(self, dice, who):
        ops = [{"do": "write", "path": f"odd/{self.id}/{name}", "text": dice.text(who)}
               for name in dice.some(material.ODD_NAMES, 3)]
        ops.append({"do": "link", "path": f"odd/{self.id}-link", "target": f"../nowhere/{who}"})
        ops.append({"do": "write", "path": f"odd/{self.id}.sh", "text": dice.text(who), "mode": 0o755})
        return ops

    def do_writes_ignored(self, dice, who):
        if not self.repository.rules:
            return []
        _, _, files = dice.choice(self.repository.rules)
        return [{"do": "write", "path": dice.choice(files), "text": dice.text(who)},
                {"do": "write", "path": f"{self.id}/{files[0]}", "text": dice.text(who)}]

    def do_writes_cache(self, dice, who):
        return [{"do": "write", "path": f"src/__pycache__/{self.id}.pyc", "text": dice.text(who)}]

    def rule(self, dice):
        return dice.choice(self.repository.rules) if self.repository.rules else None

    def do_adds_ignored(self, dice, who):
        rule = self.rule(dice)
        if not rule or rule[1] in ("exclude", "global"):
            return []
        return [{"do": "drop_line", "path": rule[1], "line": rule[0]},
                {"do": "write", "path": rule[2][0], "text": dice.text(who)}]

    def do_forces_ignored(self, dice, who):
        rule = self.rule(dice)
        if not rule:
            return []
        return [{"do": "write", "path": rule[2][-1], "text": dice.text(who)},
                {"do": "git", "args": ["add", "--sparse", "-f", "--", rule[2][-1]]}]

    def do_ignored_folder_as_file(self, dice, who):
        names = [name for name in ("build", "dist", "data") if any(name in rule[0] for rule in self.repository.rules)]
        if not names:
            return []
        name = dice.choice(names)
        return [{"do": "write", "path": name, "text": dice.text(who)}, {"do": "git", "args": ["add", "--sparse", "-f", name]}]

    def do_takes_our_names(self, dice, who):
        name = dice.choice([".worktrees", ".tmux-orch"])
        path = name if dice.chance(0.5) else f"{name}/T1/{self.id}.txt"
        return [{"do": "write", "path": path, "text": dice.text(who)}, {"do": "git", "args": ["add", "--sparse", "-f", path]}]

    def do_makes_repository(self, dice, who):
        names = ["made", f"made-{self.id}/deep", *(["dist/made"] if self.repository.has_rule("dist") else [])]
        return [{"do": "repository", "path": dice.choice(names), "commit": dice.chance(0.6),
                 "files": {"made.c": dice.text(who), "more.c": dice.text(who)}}]

    def do_submodule_commit(self, dice, who):
        if not self.repository.submodule:
            return []
        return [{"do": "submodule", "path": self.repository.submodule, "branch": dice.choice(["", "work"]),
                 "text": dice.text(who), "loose": dice.text(who) if dice.chance(0.3) else ""}]

    def do_hidden_edit(self, dice, who):
        return [{"do": "hide", "path": self.pick(dice), "text": dice.text(who),
                 "flag": dice.choice(["--assume-unchanged", "--skip-worktree"])}]

    def do_read_only_folder(self, dice, who):
        return [{"do": "write", "path": f"locked/{self.id}/file.txt", "text": dice.text(who)},
                {"do": "mode", "path": f"locked/{self.id}", "mode": 0o555}]

    def do_refused_names(self, dice, who):
        return [{"do": "write", "path": dice.choice(["git~1", ".Git/x.txt", "sub/.GIT"]), "text": dice.text(who)}]

    def do_ticks_itself(self, dice, who):
        return [{"do": "tick", "path": "tasks.md", "task": self.id}]


def ids(dice):
    return [f"T{number}" for number in range(1, dice.sub("number").randint(3, 5) + 1)]


def make(repository, dice, kinds):
    """Three to five tasks; some wait for others."""
    tasks = [Task(id, repository, dice, kinds) for id in ids(dice)]
    for number, task in enumerate(tasks):
        depends = task.dice.sub("depends")
        if number and depends.chance(0.25):
            task.depends = [f"T{depends.randint(1, number)}"]
    return tasks
