"""The table of kinds: everything unusual that a case may have, and how often.

A case has each kind by dice of its own, so that taking one away (--without) leaves the rest of the case as it
was. `task` kinds are thrown for each task, `case` kinds once.
"""

CASE = {
    # The repository.
    "ignored": 0.8,  # files and folders that git ignores, by rules of every place
    "global_ignore": 0.3,  # a rule in the user's global ignore file
    "untracked": 0.6,
    "odd_names": 0.5,  # spaces, unicode, a newline, a leading dash ...
    "links": 0.5,  # to files, to folders, to nothing, to outside
    "executables": 0.5,
    "empty_files": 0.4,
    "submodule": 0.3,
    "nested": 0.25,  # repositories of the user's below the checkout
    "crlf": 0.25,  # text with CRLF that an attribute calls text
    "eol_attribute": 0.25,
    "union": 0.2,  # merge=union
    "stamp_filter": 0.2,  # clean and smudge
    "grow_filter": 0.15,  # a filter that is not idempotent
    "ignored_link": 0.2,  # an ignored folder that is a link to another place, with the user's data there
    "linked_worktree": 0.3,  # a worktree of the user's, with files of its own
    "in_linked_worktree": 0.12,  # `up` is called there
    "bare": 0.06,  # all of the user's checkouts are worktrees of a bare repository
    "branches": 0.6,
    "detached": 0.12,  # HEAD is on no branch, --base names one
    "git_folder_elsewhere": 0.12,
    "sha256": 0.1,
    "sparse": 0.15,  # worktrees have one folder
    "setup_copy": 0.25,
    "setup_link": 0.3,
    "edits": 0.6,  # uncommitted, in tracked files
    "staged": 0.4,
    "stash": 0.3,
    "squash": 0.2,
    "follow_end": 0.15,
    "tests": 0.3,  # a command of [[merge.test]]
    "users_server": 0.15,  # the tmux server runs already, with settings
    # The task file.
    "task_file_tracked": 0.5,
    "task_file_edited": 0.3,
    # What the user does meanwhile.
    "user_edits": 0.8,
    "user_commits": 0.5,
    "user_switches": 0.4,
    "user_stashes": 0.4,
    "user_verbs": 0.6,
    "user_adds_task": 0.3,
    "user_edits_worktree": 0.5,
    "down_and_up": 0.3,
    "kill_and_up": 0.4,
    "user_collects_garbage": 0.15,
}

TASK = {
    "changes": 0.7,
    "deletes": 0.3,
    "renames": 0.3,
    "file_to_folder": 0.2,
    "folder_to_file": 0.2,
    "odd_work": 0.3,
    "writes_ignored": 0.35,
    "writes_cache": 0.2,  # what may go with the worktree
    "adds_ignored": 0.2,  # takes a rule away, and adds what it ignored in the user's checkout
    "forces_ignored": 0.15,  # `git add -f`
    "ignored_folder_as_file": 0.12,
    "takes_our_names": 0.08,  # a file called .worktrees or .tmux-orch
    "makes_repository": 0.15,
    "submodule_commit": 0.4,
    "hidden_edit": 0.12,  # assume-unchanged, skip-worktree
    "read_only_folder": 0.15,
    "refused_names": 0.08,
    "ticks_itself": 0.15,
    "commits": 0.4,
    "own_branch": 0.1,
    "own_detached": 0.08,
    "reports": 0.25,  # an agent that says `tmux-orch done`
    "fails_once": 0.2,
    "fails": 0.1,
    "slow": 0.7,  # waits in the middle until it is let go
}


class Kinds:
    def __init__(self, dice, without=()):
        self.dice = dice
        self.without = set(without)
        unknown = self.without - set(CASE) - set(TASK)
        if unknown:
            raise SystemExit(f"there is no kind {', '.join(sorted(unknown))}; kinds.py has them")

    def has(self, kind):
        """Has this case the kind?"""
        return kind not in self.without and self.dice.sub(f"kind/{kind}").chance(CASE[kind])

    def of(self, task, kind):
        """Has this task the kind?"""
        return kind not in self.without and self.dice.sub(f"kind/{task}/{kind}").chance(TASK[kind])

    def here(self):
        return [kind for kind in CASE if self.has(kind)]
