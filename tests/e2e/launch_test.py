"""What an agent is started with: its environment, its prompt, what it may run."""
from lab import equal, says, script, test

# Its last two words are the name of a file of its own and its prompt.
READER = r'''
[agents.reader]
command = ["sh", "$PROGRAM", "{allow}", "{attempt_folder}/files/rules"]
done = "exit"
commit = true
allow = ["ls *", "git add *", "pwd"]
allow_format = "prefix {quoted}"
allow_exact = "exact {command}"
files = { rules = "rules = [\n  {allow},\n]\n" }
[[merge.test]]
command = ["test", "-d", "."]
'''
PROGRAM = 'set -eu\nfor word; do rules=${last-}; last=$word; echo "$word" >> "$LEDGER/words"; done\n' \
    'cp "$rules" "$LEDGER/rules"\necho x > "$(basename "$PWD").txt"\n'


@test
def an_agent_that_hides_the_users_configuration_commits_as_the_user(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    settings = lab.home / "gitconfig"
    settings.write_text("[user]\n\tname = Ada\n\temail = ada@localhost\n")
    lab.tasks(script(
        "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1",
        "echo x > x.txt; git add x.txt; git commit -qm hidden",
    ))
    lab.up(env={"GIT_CONFIG_GLOBAL": str(settings)}).ended_with(0)
    equal(lab.git("log", "--format=%an <%ae>", "--grep=hidden", "main").split("\n")[0], "Ada <ada@localhost>")


@test
def an_agent_is_told_its_files_its_needs_and_its_tests_and_what_it_may_run(lab):
    program = lab.folder / "program"
    program.write_text(PROGRAM)
    lab.config(READER.replace("$PROGRAM", str(program)))
    lab.tasks(
        "- [ ] T1: one\n  Agent: reader\n",
        "- [ ] T2: two\n  Agent: reader\n  Depends: T1\n  Files: create T2.txt, README\n",
    )
    lab.up().ended_with(0)
    worktree = lab.repo / ".worktrees/T2"
    says((lab.ledger / "words").read_text(), f'prefix "ls"\nprefix "git add"\nprefix "git -C {worktree} add"\nexact pwd\n')
    says((lab.ledger / "rules").read_text(), 'rules = [\n  prefix "ls",\n', '  prefix "test -d .",\n]\n')
    kept = list((lab.repo / ".tmux-orch/runs").glob("*/attempts/T2.1/prompt.txt"))
    equal(len(kept), 1, "prompts of T2")
    says(kept[0].read_text(), "Task T2: two\n", "Files: create T2.txt; change README", "already: T1.", "must pass: `test -d .`")
    says((lab.ledger / "words").read_text(), kept[0].read_text())
