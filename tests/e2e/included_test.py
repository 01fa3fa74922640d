"""`.worktreeinclude`: ignored files of the checkout that every worktree gets a copy of."""
from lab import equal, script, test


def included(lab):
    lab.write(".gitignore", ".env\nlocal/\n*.key\n")
    lab.write(".worktreeinclude", ".env\nlocal/*.json\n!local/not.json\nunknown.txt\n")
    lab.write("local/a.json", "{}\n")
    lab.write("local/not.json", "{}\n")
    lab.write("local/note.txt", "n\n")
    lab.write("secret.key", "k\n")
    lab.write(".env", "one\n")


@test
def ignored_files_that_are_named_are_in_every_worktree(lab):
    included(lab)
    lab.config("[worktree_setup]\nrun = [[\"sh\", \"-c\", \"cat .env >> $LEDGER/set-up\"]]\n")
    look = "ls -A . local > seen.txt; cat .env > env.txt"
    lab.tasks(
        script(look, f"echo two > {lab.repo}/.env", "echo mine >> .env", "rm local/a.json"),
        script("while ! test -d ../.pool/orch-1; do sleep 0.05; done", "echo b > b.txt", id="T2",
               fields=["Depends: T1"]),
        script(look, id="T3", fields=["Depends: T2"]),
    )
    lab.commit()
    lab.write("unknown.txt", "not ignored\n")
    lab.up().ended_with(0)
    equal(lab.show("main:env.txt"), "two\n", "what the third task found, in a worktree of the first")
    seen = lab.show("main:seen.txt").split()
    equal([name for name in ("a.json", "not.json", "note.txt", "secret.key", "unknown.txt") if name in seen],
          ["a.json"], "what there was")
    equal(lab.read("../ledger/set-up").split(), ["one", "two", "two"], "what the set-up saw")
    equal(lab.rescues(), [], "unchanged copies are nobody's work")
    equal(lab.read(".env"), "two\n", "the file of the user")


@test
def a_copy_is_never_written_through_a_link_of_the_repository(lab):
    included(lab)
    outside = lab.folder / "outside"
    outside.mkdir()
    lab.tasks(script("echo a > a.txt"))
    # On the branch the folder is a link; in the checkout it is a folder with ignored files.
    lab.write(".gitignore", ".env\nlocal/*\n")
    lab.commit()
    (lab.folder / "target").write_text(str(outside))
    blob = lab.git("hash-object", "-w", str(lab.folder / "target")).strip()
    lab.git("update-index", "--add", "--cacheinfo", f"120000,{blob},local")
    lab.git("commit", "-qm", "a link in the place of a folder")
    lab.begin()
    lab.until_over()
    equal(sorted(path.name for path in outside.iterdir()), [], "what came through the link")
