"""Texts that would do harm if anything executed or interpreted them: shown as they are, and nothing else."""
import json
import pathlib

from lab import NO_ROUNDS, equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"


def poison(lab):
    """A text with everything in it that a shell, tmux or a terminal could take for more than text."""
    probe = f"touch {lab.folder}/pwned"
    return f"a;{probe}; #({probe}) $({probe}) `{probe}` 'q' \"d\" #[fg=red] #{{pane_id}} %% \\ | & > x é ✔ ~ {{1,2}} 🦀"


def untouched(lab):
    found = [str(file) for file in lab.folder.rglob("*pwned*")]
    equal(found, [], "something was executed")


@test
def titles_and_reports_are_shown_and_never_executed(lab):
    text = poison(lab)
    notify = lab.ledger / "text"
    notify.write_text(text)
    lab.tasks(
        script('tmux-orch notify "$(cat $LEDGER/text)"', 'tmux-orch progress 0.5 "$(cat $LEDGER/text)"',
               "echo said > $LEDGER/said", WAIT, "echo x > x.txt", title=text),
        script('tmux-orch blocked "$(cat $LEDGER/text)"', WAIT, id="T2", title=text, fields=["Agent: reports"]),
        script("exit 3", id="T3", title="-rf " + text),
    )
    says(lab.run("plan", "tasks.md", check=0).out, text[:60])
    equal(json.loads(lab.run("plan", "--json").out)["tasks"][0]["title"], text, "plan --json")
    lab.run("plan", "--dot", check=0)
    lab.begin("--wait-user", "forever")
    lab.until_file("said")
    lab.until_state("T2", "blocked")
    lab.until_state("T3", "failed")
    lab.until(lambda: lab.facts("task.notified"), "the note")
    task = lab.task("T1")
    equal((task["title"], task["note"]), (text, text), "status --json")
    equal(lab.task("T2")["why"], text, "why of T2")
    says(lab.run("status", env={"COLUMNS": "400"}).out, text[:40])
    says(lab.run("events").out, text)
    assert (("task.notified", "T1", "says to you (m1): " + text)) in lab.facts(), lab.facts()
    run = lab.status()["run"]
    progress = lab.repo / f".tmux-orch/runs/{run}/progress.txt"
    lab.until(lambda: progress.exists() and text[:60] in progress.read_text(), "progress.txt")
    terminal = lab.terminal(lab.binary, "attach", columns=220)
    screen = terminal.until("T1 started", "blocked")
    says(screen, text[:60], what="window 0")
    terminal.keys("C-o")
    terminal.until("Abort...")
    terminal.keys("n")
    terminal.until_not("Abort...")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")
    says(lab.git("log", "-1", "--format=%s", "main"), text[:40])
    untouched(lab)


@test
def tasks_without_ids_get_safe_names(lab):
    text = poison(lab)
    lab.limits("attempts = 1")
    lab.config("\n[agents.any]\ncommand = [\"sh\", \"-c\", \"cat > p.txt; cp p.txt $LEDGER/prompt; mv p.txt $(pwd | tr -dc a-z0-9).txt\"]\nprompt = \"stdin\"\ndone = \"exit\"\ncommit = true\n")
    lab.tasks(
        f"- [ ] {text}\n", "- [ ] -rf ..\n", "- [ ] ../../../etc/passwd\n", "- [ ] 🦀🦀🦀\n", "- [ ] " + "long " * 60 + "\n",
        "- [ ] HEAD\n", "- [ ] @{-1}\n", "- [ ] .lock\n", "- [ ] a..b.lock\n",
    )
    lab.up("--agent", "any", "--workers", "9").ended_with(0)
    state = lab.status()
    equal({task["state"] for task in state["tasks"]}, {"merged"}, "states")
    equal(lab.read("tasks.md").count("[x]"), 9, "ticks")
    says((lab.ledger / "prompt").read_text(), "orch/")
    outside = [file.name for file in lab.folder.iterdir()]
    equal(sorted(set(outside) - {"repo", "home", "ledger", "tmux"}), [], "files outside of the repository")
    untouched(lab)


@test
def names_of_branches_folders_and_windows_are_made_safe(lab):
    lab.config('', base="branch = \"feature/{slug}/{id}-{attempt}\"\nworktree = \".worktrees/{num} {id}\"\n" + lab.read("tmux-orch.toml"))
    lab.tasks(
        script("echo 1 > 1.txt", WAIT, id="#auth", title="a title: with #(touch pwned)"),
        script("echo 2 > 2.txt", WAIT, id="API-7", title="x" * 300),
    )
    lab.begin()
    for id in ("auth", "API-7"):
        lab.until_state(id, "running")
    lab.until(lambda: "auth|auth|auth" in lab.windows("#{window_name}|#{@orch_task}|#{@orch_name}"), "the window's names")
    branches = lab.git("for-each-ref", "--format=%(refname)", "refs/heads/feature")
    says(branches, "refs/heads/feature/a-title-with-touch-pwned", "API-7-1")
    lab.run("hold", "auth", check=0).says("auth is held")
    lab.run("release", "AUTH", check=0)
    terminal = lab.terminal(lab.binary, "attach", "auth")
    terminal.until(":auth >")
    (lab.ledger / "go").write_text("go")
    lab.until_over()
    equal(sorted(lab.landed()), ["API-7", "auth"], "landed")
    untouched(lab)


@test
def files_with_hostile_names_land_and_are_named_in_one_line(lab):
    names = ["new\nline", "tab\there", "-rf", "--help", "qu'o\"te", "$(touch pwned)", "#(touch pwned)", "a;touch pwned",
             "`touch pwned`", "emoji 🦀", " lead", "trail ", "back\\slash", "n" * 200, ":(top)x", "*", "\x1b]0;x\x07"]
    maker = lab.ledger / "make.py"
    maker.write_text(f"import pathlib\nfor name in {names!r}:\n    pathlib.Path('odd', name).parent.mkdir(exist_ok=True)\n    pathlib.Path('odd', name).write_text('x')\n")
    lab.tasks(
        script("python3 $LEDGER/make.py"),
        script("python3 $LEDGER/make.py", "git add -N .", "tmux-orch done > $LEDGER/refused 2>&1 || true", "sleep 0.2; exit 3",
               id="T2", fields=["Agent: reports", "Depends: T1"]),
    )
    lab.limits("attempts = 1")
    lab.up().ended_with(3)
    equal(sorted(file.name for file in (lab.repo / "odd").iterdir()), sorted(names), "files")
    equal(lab.git("status", "--porcelain", "odd"), "", "the checkout")
    # A conflict and uncommitted files are told in one line, without control characters.
    for place in (lab.run("status").out, lab.run("events").out):
        assert all(line.isprintable() for line in place.splitlines()), place
    wrong = [file for file in lab.folder.rglob("pwned")]
    equal(wrong, [], "something was executed")


@test
def a_conflict_in_a_file_with_a_hostile_name_is_named_in_one_line(lab):
    name = "new\nline\x1b[31m $(touch pwned)"
    (lab.repo / name).write_text("line\n")
    lab.config(NO_ROUNDS)
    lab.commit()
    lab.write("../ledger/set.py", f"import sys, pathlib\npathlib.Path({name!r}).write_text(sys.argv[1])\n")
    lab.tasks(
        script("python3 $LEDGER/set.py one"),
        script("while ! git log main --format=%s | grep -q T1; do sleep 0.05; done", "python3 $LEDGER/set.py two", id="T2"),
    )
    ended = lab.up().ended_with(4)
    ended.says("T2 conflicts with main in", "$(touch pwned)")
    assert "\x1b" not in ended.text, ended.text
    assert all(line.isprintable() for line in ended.out.splitlines()), ended.out
    equal((lab.repo / name).read_text(), "one")
    untouched_name = [file for file in lab.folder.rglob("pwned")]
    equal(untouched_name, [], "something was executed")


@test
def what_an_agent_prints_reaches_the_user_escaped(lab):
    lab.tasks(
        script(
            r"printf 'plain\n\033]52;c;cHduZWQ=\007clip\n\033]2;#(touch pwned)\007title\n\033kname\033\\\\window\n\033[31mred\033[0m\n\033P+q544e\033\\\\dcs\n'",
            r"printf '\351broken utf8\n\302\233 8-bit csi\n'",
            "echo x > x.txt; echo printed > $LEDGER/printed", WAIT,
        )
    )
    lab.begin()
    lab.until_file("printed")
    lab.until_state("T1", "running")
    logs = lab.run("logs", "T1", check=0).out
    says(logs, "plain\n", "clip", "title", "red")
    bad = [character for character in logs if (ord(character) < 32 and character != "\n") or 0x7F <= ord(character) < 0xA0]
    equal(bad, [], f"control characters in {logs!r}")
    equal(lab.tmux("list-buffers", check=False), "", "buffers of the run's server")
    lab.until(lambda: "T1 T1" in lab.windows("#{window_name} #{@orch_name}"), "its window has its name")
    terminal = lab.terminal(lab.binary, "attach", "T1")
    terminal.until("plain", "red", "1:T1 >")
    equal(terminal.tmux("list-buffers"), "", "buffers of the user's own")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")
    equal([str(file) for file in lab.folder.rglob("pwned")], [], "something was executed")


@test
def a_repository_in_a_folder_with_a_hostile_name_works_with_menu_and_all(lab):
    folder = lab.folder / "re po;$(touch pwned)#(touch pwned)#{session_name}'\"`é"
    lab.repo.rename(folder)
    lab.repo = folder
    lab.tasks(script("echo I am T1", "echo $$ > $LEDGER/T1", "echo x > x.txt", WAIT), script("echo y > y.txt", id="T2"))
    terminal = lab.terminal(lab.binary, "up", "tasks.md", "-S", lab.socket)
    terminal.until("T1 started", "T2 merged", "1:T1 >")
    terminal.keys("C-o")
    terminal.until("Abort...")
    terminal.keys("n")
    terminal.until("I am T1")
    terminal.keys("C-o")
    terminal.until("Hold")
    terminal.keys("h")
    # The message closes a menu that is open.
    terminal.until("T1 is held")
    terminal.keys("C-o")
    terminal.until("Abort...")
    terminal.keys("a")
    terminal.until("abort T1?")
    terminal.keys("y")
    lab.until_state("T1", "aborted")
    lab.run("down")
    equal(lab.landed(), ["T2"], "landed")
    wrong = [file for file in lab.folder.rglob("pwned")] + [file for file in pathlib.Path("/").glob("pwned")]
    equal(wrong, [], "something was executed")


def acts_on_a_terminal(text):
    """The characters of a text that a terminal obeys, or that turn or hide what follows."""
    hidden = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029, 0x200B, 0x200E, 0x200F, 0xFEFF]
    return [c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or ord(c) in hidden]


@test
def nothing_that_is_printed_acts_on_the_terminal(lab):
    text = "a \x1b[31m \u009b31m \u202e \u2066 \u2028 \x7f \u200b b"
    (lab.ledger / "text").write_text(text)
    lab.tasks(
        script('tmux-orch notify "$(cat $LEDGER/text)"', "tmux-orch whoami --json > $LEDGER/whoami", "echo x > x.txt", title=text)
    )
    lab.up().ended_with(0)
    for words in (["plan", "--json"], ["status", "--json"], ["report", "--json"], ["events", "--json"], ["doctor", "--json"]):
        out = lab.run(*words).out
        equal(acts_on_a_terminal(out), [], f"{words}")
        # The values are the same as ever.
        if words[0] in ("plan", "status"):
            equal(json.loads(out)["tasks"][0]["title"], text, f"{words}")
    equal(acts_on_a_terminal((lab.ledger / "whoami").read_text()), [], "whoami --json")
    poison = "x\x1b]0;t\x07\u009b31m\u202e\x1b[31m"
    wrong = [
        ["-C", f"/no{poison}", "status"], ["-C", f"/no{poison}", "doctor"], ["status", f"--{poison}"], [poison], ["--help", poison],
        ["up", f"{poison}.md"], ["plan", f"{poison}.md"], ["plan", "--format", poison], ["plan", "--unit", poison],
        ["plan", "--base", poison, "--explain", poison], ["plan", "--only", poison], ["abort", poison], ["logs", poison],
        ["logs", "T1", "--attempt", poison], ["attach", poison], ["attach", "--window", poison], ["diff", poison],
        ["init", "-o", f"/no/{poison}"], ["init", "--from", poison], ["up", "-S", f"/no/{poison}/s"], ["plan", "--dot"],
        ["up", "--base", poison], ["up", "--agent", poison], ["up", "--wait-user", poison], ["done", "-m", poison],
    ]
    for words in wrong:
        ran = lab.run(*words)
        equal(acts_on_a_terminal(ran.text), [], f"{words}: {ran.text!r}")
    folder = lab.folder / poison
    folder.mkdir()
    ran = lab.run("status", cwd=folder)
    equal(acts_on_a_terminal(ran.text), [], ran.text)
