"""What an agent puts into .git/config is run by no verb: while its run goes on, once it is over, and when its records are gone."""
from lab import equal, script, test

# Leaves a proof unless it runs below an agent, whose own matter that is.
EVIL = '#!/bin/sh\n[ -n "$TMUX_ORCH_ATTEMPT" ] || echo "$@" >> %s/executed\ncat\n'
KEYS = (
    "filter.x.clean", "filter.x.smudge", "diff.x.textconv", "diff.external", "core.fsmonitor", "core.pager", "pager.diff",
    "merge.x.driver", "gpg.program", "core.sshCommand", "core.alternateRefsCommand", "alias.diff", "credential.helper",
)


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


@test
def a_commit_in_a_submodule_is_saved_without_its_programs(lab):
    library = lab.folder / "library"
    library.mkdir()
    lab.git("init", "-q", "-b", "main", cwd=library)
    (library / "f").write_text("x\n")
    lab.git("add", "-A", cwd=library)
    lab.git("-c", "user.name=l", "-c", "user.email=l@l", "commit", "-qm", "one", cwd=library)
    allow = ("-c", "protocol.file.allow=always")
    lab.git(*allow, "submodule", "-q", "add", str(library), "sub")
    lab.commit("with a submodule")
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
