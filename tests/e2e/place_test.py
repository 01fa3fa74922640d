"""Where a run is started from, and with what around it: environment, descriptors, tmux servers."""
import os
import subprocess

from lab import equal, says, script, test

STATE_OF_A_GIT = {
    "GIT_PREFIX": "sub/",
    "GIT_AUTHOR_NAME": "of a rebase",
    "GIT_AUTHOR_EMAIL": "rebase@localhost",
    "GIT_AUTHOR_DATE": "@0 +0000",
    "GIT_EDITOR": ":",
    "GIT_REFLOG_ACTION": "rebase",
    "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
}


def variables(text):
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


@test
def nothing_of_the_git_that_calls_up_reaches_set_up_commands_tests_or_agents(lab):
    lab.config(
        '[worktree_setup]\nrun = [["sh", "-c", "env > $LEDGER/setup; git switch -q -c from-setup; git switch -q -"]]\n'
        '[[merge.test]]\ncommand = ["sh", "-c", "env > $LEDGER/tests"]\n'
    )
    lab.tasks(script("env > $LEDGER/agent", "echo x > x.txt", "git add x.txt && git commit -qm mine"))
    lab.commit()
    settings = {"GIT_SSH_COMMAND": "ssh -x", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "my.own",
                "GIT_CONFIG_VALUE_0": "kept"}
    where = {"GIT_DIR": str(lab.repo / ".git"), "GIT_WORK_TREE": str(lab.repo),
             "GIT_INDEX_FILE": str(lab.repo / ".git/index")}
    lab.up(env={**STATE_OF_A_GIT, **where, **settings}).ended_with(0)
    equal(lab.git("branch", "--show-current").strip(), "main", "the branch of the checkout")
    for program in ("setup", "tests", "agent"):
        found = variables((lab.ledger / program).read_text())
        equal(sorted(set(found) & (set(STATE_OF_A_GIT) | set(where))), [], f"what reached the {program}")
        equal({name: found.get(name) for name in settings if name != "GIT_CONFIG_COUNT"},
              {name: value for name, value in settings.items() if name != "GIT_CONFIG_COUNT"}, program)
    authors = lab.git("log", "--format=%an", "main").split("\n")
    assert "of a rebase" not in authors, authors


@test
def a_hook_that_starts_a_run_gets_one_of_its_own_repository(lab):
    lab.tasks(script("echo x > x.txt"))
    hook = lab.repo / ".git/hooks/post-commit"
    hook.write_text(f"#!/bin/sh\nrm -f .git/hooks/post-commit\n"
                    f"'{lab.binary}' up tasks.md -S '{lab.socket}' -d >$LEDGER/said 2>&1 </dev/null\n")
    hook.chmod(0o755)
    lab.commit("the commit whose hook starts it")
    says((lab.ledger / "said").read_text(), "started")
    lab.until_landed("T1")
    lab.until_over()


@test
def an_identity_that_only_the_environment_has_is_the_one_of_all_commits(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    lab.tasks(script("echo x > x.txt; git add x.txt; git commit -qm mine"))
    mine = {"GIT_COMMITTER_NAME": "A User", "GIT_COMMITTER_EMAIL": "a@user", "GIT_AUTHOR_NAME": "A User"}
    ran = lab.up(env=mine).ended_with(0)
    assert "no identity" not in ran.text, ran.text
    equal(set(lab.git("log", "--format=%an <%ae> %cn", "-2").splitlines()), {"A User <a@user> A User"}, "authors")


@test
def without_any_identity_an_agent_can_commit(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    lab.tasks(script("echo x > x.txt; git add x.txt; git commit -qm mine"))
    lab.up().ended_with(0).says("git has no identity here")
    equal(lab.landed(), ["T1"])


@test
def git_dir_for_files_that_lie_beside_no_git_folder_is_told_not_to_count(lab):
    files = lab.folder / "files"
    files.mkdir()
    dotfiles = {"GIT_DIR": str(lab.repo / ".git"), "GIT_WORK_TREE": str(files)}
    lab.up(cwd=files, env=dotfiles).ended_with(1).says("is not in a git repository", "GIT_DIR", "git clone")


@test
def every_verb_works_with_its_standard_streams_closed(lab):
    lab.tasks(script("echo x > x.txt"))

    def closed(redirections, *words):
        command = f'exec "$0" "$@" {redirections}'
        return subprocess.run(["sh", "-c", command, lab.binary, *words], cwd=lab.repo, env=lab.env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=40).returncode

    all_three = "<&- >&- 2>&-"
    equal(closed("<&-", "plan", "tasks.md"), 0, "plan <&-")
    equal(closed(all_three, "plan", "tasks.md"), 0, "plan")
    equal(closed(all_three, "up", "tasks.md", "-S", lab.socket, "-d"), 0, "up -d")
    lab.until_landed("T1")
    lab.until_over()
    for words in (["status"], ["events"], ["logs", "T1"], ["report"], ["doctor"], ["down"]):
        equal(closed(all_three, *words), 0, words)
    equal(lab.git("status", "--porcelain"), "?? tasks.md\n", "changes in the repository")
