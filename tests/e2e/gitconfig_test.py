"""What an agent puts into .git/config is run by no verb: while its run goes on, once it is over, and when its records are gone."""
import shutil

from lab import equal, says, script, test

# Leaves a proof unless it runs below an agent, whose own matter that is.
EVIL = '#!/bin/sh\n[ -n "$TMUX_ORCH_ATTEMPT" ] || echo "$@" >> %s/executed\ncat\n'
KEYS = (
    "filter.x.clean", "filter.x.smudge", "diff.x.textconv", "diff.external", "core.fsmonitor", "core.pager", "pager.diff",
    "merge.x.driver", "gpg.program", "core.sshCommand", "core.alternateRefsCommand", "alias.diff", "credential.helper",
)
WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"


def attack(lab, keys=KEYS):
    """The lines with which an agent names a program of its own wherever git takes one."""
    evil = lab.folder / "evil"
    evil.write_text(EVIL % lab.folder)
    evil.chmod(0o755)
    hooks = "$(git rev-parse --git-common-dir)/hooks"
    names = ("post-index-change", "reference-transaction", "post-checkout", "pre-commit")
    return [
        *[f"git config {key} '{evil} {key}'" for key in keys],
        *[f"cp {evil} {hooks}/{name}" for name in names],
        f"git config core.hooksPath {hooks}",
        "echo '* filter=x diff=x merge=x' > $(git rev-parse --git-common-dir)/info/attributes",
    ]


def nothing_was_executed(lab):
    proof = lab.folder / "executed"
    equal(proof.read_text() if proof.exists() else "", "", "executed outside of the agents")


def look_at_everything(lab, *verbs):
    for verb in (["status"], ["doctor"], ["gc", "--dry-run"], ["gc"], ["rescue", "list"], *verbs):
        lab.run(*verb)
        nothing_was_executed(lab)


@test
def verbs_run_nothing_that_an_agent_of_the_run_named(lab):
    lab.limits("attempts = 1")
    lab.tasks(
        script(*attack(lab), "echo half > half.txt; echo more >> README; exit 1"),
        script(WAIT, "echo b > b.txt", id="T2"),
        script("while ! test -e $LEDGER/never; do sleep 0.05; done", id="T3"),
    )
    lab.commit()
    lab.begin("--wait-user", "forever")
    lab.until_state("T1", "failed")
    lab.until(lambda: lab.rescues(), "a rescue")
    name = lab.rescues()[0].removeprefix("refs/orch/rescue/")
    # What git reads again instead of trusting the index.
    lab.write("README", "a repository\n")
    look_at_everything(lab, ["diff", "T1"], ["rescue", "show", name], ["rescue", "restore", name, "--to", "half"])
    says(lab.run("rescue", "show", name, check=0).text, "+half", "+more")
    equal(lab.show("half:half.txt"), "half\n")
    lab.run("retry", "T1", check=0)
    (lab.ledger / "go").write_text("go")
    lab.until_state("T2", "merged")
    lab.run("merge", "T2")
    lab.run("plan", "tasks.md")
    lab.run("down", check=0)
    nothing_was_executed(lab)
    look_at_everything(lab, ["rescue", "show", name])
    lab.begin("--wait-user", "0s")
    lab.run("abort", "T3", check=0)
    lab.until_over()
    nothing_was_executed(lab)
    look_at_everything(lab, ["rescue", "show", name], ["diff", "T2"], ["rescue", "drop", name])
    lab.up("--wait-user", "0s")
    nothing_was_executed(lab)


@test
def a_pager_on_a_terminal_is_not_the_agents(lab):
    lab.limits("attempts = 1")
    lab.tasks(script(*attack(lab, ["core.pager", "pager.diff"]), "echo half > half.txt; exit 1"))
    lab.up("--wait-user", "0s")
    name = lab.rescues()[0].removeprefix("refs/orch/rescue/")
    for verb in (["rescue", "show", name], ["diff", "T1"]):
        lab.terminal(lab.binary, *verb, env={"PAGER": "cat"}).until("ended with")
        nothing_was_executed(lab)


@test
def verbs_run_nothing_that_an_agent_named_once_its_run_is_over(lab):
    lab.write(".gitignore", "*.bin\n")
    lab.tasks(script(*attack(lab), "echo x > x.txt; echo y > left.bin"))
    lab.commit()
    lab.up().ended_with(0)
    nothing_was_executed(lab)
    (lab.repo / "README").touch()
    look_at_everything(lab, ["diff", "T1"], ["rescue", "show", "T1-1"], ["rescue", "restore", "T1-1", "--to", "there"], ["report"])


@test
def a_lost_run_is_cleared_without_running_what_its_agents_named(lab):
    lab.tasks(script(*attack(lab), "echo work > work.txt; echo more >> README", "echo $$ > $LEDGER/T1", WAIT))
    lab.commit()
    for verb, kept in ((["up", "tasks.md", "-d", "-S", lab.socket], 1), (["down"], 2)):
        lab.begin("--wait-user", "forever")
        lab.until_file("T1")
        lab.until_state("T1", "running")
        lab.kill_supervisor()
        shutil.rmtree(lab.repo / ".tmux-orch")
        (lab.repo / "README").touch()
        lab.run("doctor")
        lab.run("plan", "tasks.md")
        nothing_was_executed(lab)
        said = lab.run(*verb)
        nothing_was_executed(lab)
        said.says("records", "refs/orch/rescue")
        equal(lab.rescued("work.txt"), ["work\n"] * kept, "the work")
        # Whose words these are only the user can say: the next run would go by them.
        if verb[0] == "up":
            said.says("core.pager", "nothing was started", "git config --local --list").ended_with(1)
        for key in (*KEYS, "core.hooksPath"):
            lab.git("config", "--unset", key)
        (lab.repo / ".git/info/attributes").unlink()
        (lab.ledger / "T1").unlink(missing_ok=True)


@test
def it_is_said_that_gits_configuration_was_changed(lab):
    lab.git("config", "core.pager", "cat")
    lab.tasks(script("git config core.pager less; git config branch.x.remote origin; git config filter.x.clean cat; echo x > x.txt"),
              script("echo y > y.txt", id="T2", fields=["Depends: T1"]), script(WAIT, id="T3"))
    lab.commit()
    lab.begin("--wait-user", "forever")
    lab.until_landed("T1", "T2")
    changed = "git's configuration was changed since the run began (core.pager, filter.x.clean): what it says counts from the next run on"
    says(lab.run("status", check=0).text, changed)
    equal([fact[1] for fact in lab.facts("task.left") if changed in fact[2]], ["T1"], "said once")
    (lab.ledger / "go").write_text("go")
    lab.until_over()
    says(lab.up().text, changed)
    assert "git's configuration" not in lab.up().text, "a new run began with it"


@test
def a_run_whose_frozen_configuration_was_removed_goes_on_without_programs(lab):
    lab.tasks(script(*attack(lab), "echo work > work.txt", "echo $$ > $LEDGER/T1", WAIT, "echo x > x.txt"))
    lab.commit()
    lab.begin("--wait-user", "forever")
    lab.until_file("T1")
    lab.until_state("T1", "running")
    lab.kill_supervisor()
    for folder in (lab.repo / ".tmux-orch/runs").glob("*/git"):
        shutil.rmtree(folder)
    (lab.repo / "README").touch()
    look_at_everything(lab, ["diff", "T1"])
    lab.begin("--wait-user", "forever")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")
    nothing_was_executed(lab)
    equal(lab.read("x.txt"), "x\n")


@test
def a_task_file_in_a_submodule_is_read_without_its_programs(lab):
    library = lab.folder / "library"
    library.mkdir()
    lab.git("init", "-q", "-b", "main", cwd=library)
    (library / "tasks.md").write_text(
        script("cd $(git rev-parse --git-common-dir)/modules/sub", f"git config filter.x.clean '{lab.folder}/evil clean'",
               "mkdir -p info; echo '* filter=x' > info/attributes", "cd -; echo x > x.txt", "echo $$ > $LEDGER/T1", WAIT))
    attack(lab)
    lab.git("add", "-A", cwd=library)
    lab.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-qm", "one", cwd=library)
    lab.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(library), "sub")
    lab.commit("with a submodule")
    lab.up("-d", "--wait-user", "forever", "--no-write-back", file="sub/tasks.md", check=0)
    lab.until_file("T1")
    (lab.repo / "sub/tasks.md").touch()
    lab.run("plan", "sub/tasks.md")
    (lab.ledger / "go").write_text("go")
    lab.until_landed("T1")
    lab.until_over()
    nothing_was_executed(lab)


@test
def a_commit_in_a_submodule_is_saved_without_its_programs(lab):
    lab.add_submodule()
    attack(lab)
    evil = lab.folder / "evil"
    lab.tasks(script(
        "git -c protocol.file.allow=always submodule update --init -q; cd sub; echo y >> f",
        "git -c user.name=s -c user.email=s@s commit -qam work",
        "from=$(git rev-parse --absolute-git-dir); cd $(git -C .. rev-parse --path-format=absolute --git-common-dir)/modules/sub",
        f"git config remote.$from.uploadpack '{evil} uploadpack'", f"git config core.alternateRefsCommand '{evil} alternates'",
        "git init -q --bare $LEDGER/other; echo $LEDGER/other/objects > objects/info/alternates",
        "git config url.ext::x.insteadOf nowhere"))
    lab.up().ended_with(0)
    nothing_was_executed(lab)
    lab.git("cat-file", "-e", lab.git("rev-parse", "main:sub").strip(), cwd=lab.repo / "sub")
