"""Can each check fail? One plain case is played, then one loss after the other is planted and taken back."""
import contextlib
import json
import time

import case as cases
import lab
import oracle

# What is in the case: all that is needed to lose something of each kind.
CASE = {"ignored", "untracked", "stash", "branches", "nested"}
TASK = {"slow", "commits", "odd_work"}
FAILING = "T2"


class Plain(cases.Case):
    def __init__(self, binary):
        super().__init__(binary, "self-test")
        self.kinds.has = lambda kind: kind in CASE
        self.kinds.of = lambda task, kind: kind in TASK or task == FAILING and kind == "fails"

    def play(self):
        problems = super().play()
        # Something that is in the index alone.
        self.staged = self.lab.write("staged.txt", "only ever staged\n")
        self.lab.git("add", "staged.txt")
        self.mine.look("staged")
        self.staged.unlink()
        self.mine.look("deleted", {(self.lab.repo.name, "staged.txt")})
        self.mine.staged.update(self.index_entry("staged.txt"))
        self.mine.look_at_refs()
        return problems

    def answer(self, dice):
        """Nobody does: a task that has failed is needed as it is."""

    def index_entry(self, name):
        words = self.lab.git("ls-files", "-s", "--", name).split()
        return {(self.lab.repo.name, name, words[1]): "staged"}


# Losses: each is planted, looked for, and taken back. The name begins with the check that has to find it.


@contextlib.contextmanager
def text_of(file, text):
    before = file.read_bytes()
    file.unlink()
    if text is not None:
        file.write_text(text)
    yield
    file.write_bytes(before)


@contextlib.contextmanager
def ref_at(case, ref, commit):
    before = case.lab.git("rev-parse", ref).strip()
    case.lab.git("update-ref", *([ref, commit] if commit else ["-d", ref]))
    yield
    case.lab.git("update-ref", ref, before)


def agents_files_rescue_deleted(case):
    stack = contextlib.ExitStack()
    refs = case.lab.rescues()
    assert refs, "the case has no rescue"
    for ref in refs:
        stack.enter_context(ref_at(case, ref, ""))
    return stack


def agents_files_commit_of_nested_lost(case):
    record = next((case.lab.ledger / "records").glob("T1.*"))
    end = json.loads(record.read_text())
    end["nested"].append(["vendor", "0123456789" * 4])
    return text_of(record, json.dumps(end))


def users_files_ignored_deleted(case):
    return text_of(case.lab.repo / case.repository.ignored[0], None)


def users_files_ignored_overwritten(case):
    return text_of(case.lab.repo / case.repository.ignored[-1], "another text\n")


def users_files_untracked_overwritten(case):
    return text_of(case.lab.repo / case.repository.untracked[0], "another text\n")


@contextlib.contextmanager
def users_files_staged_lost(case):
    case.lab.git("rm", "--cached", "-q", "staged.txt")
    yield
    case.lab.write("staged.txt", "only ever staged\n")
    case.lab.git("add", "staged.txt")
    (case.lab.repo / "staged.txt").unlink()


def users_files_nested_commit_lost(case):
    nested = next(case.lab.repo.rglob("own-repo/.git/HEAD")).parent
    head = case.lab.git("rev-parse", "HEAD", cwd=nested.parent).strip()
    packed = nested / "objects" / head[:2] / head[2:]
    packed.chmod(0o644)
    return text_of(packed, None)


def users_refs_and_settings_tag_deleted(case):
    return ref_at(case, "refs/tags/v1", "")


def users_refs_and_settings_branch_moved(case):
    return ref_at(case, "refs/heads/topic", case.lab.git("rev-parse", "main").strip())


@contextlib.contextmanager
def users_refs_and_settings_stash_dropped(case):
    stashed = case.lab.git("rev-parse", "refs/stash").strip()
    case.lab.git("stash", "drop", "-q")
    yield
    case.lab.git("stash", "store", "-m", "for later", stashed)


@contextlib.contextmanager
def users_refs_and_settings_head_moved(case):
    case.lab.git("symbolic-ref", "HEAD", "refs/heads/topic")
    yield
    case.lab.git("symbolic-ref", "HEAD", "refs/heads/main")


@contextlib.contextmanager
def users_refs_and_settings_git_configured(case):
    case.lab.git("config", "gc.auto", "0")
    yield
    case.lab.git("config", "--unset", "gc.auto")


def merged_is_merged_base_reset(case):
    first = case.lab.git("rev-list", "--max-parents=0", "main").strip()
    return ref_at(case, "refs/heads/main", first)


def merged_is_merged_ticked_only(case):
    file = case.lab.repo / "tasks.md"
    return text_of(file, file.read_text().replace(f"- [ ] {FAILING}", f"- [x] {FAILING}"))


@contextlib.contextmanager
def merged_is_merged_ended_with_0(case):
    case.code, before = 0, case.code
    yield
    case.code = before


def attempts_are_counted_started_twice(case):
    file = case.lab.ledger / "starts/T1"
    return text_of(file, file.read_text() * 2)


def attempts_are_counted_one_too_many(case):
    file = case.lab.ledger / "starts/T1"
    return text_of(file, file.read_text() + "another\n")


@contextlib.contextmanager
def each_up_went_on_error(case):
    case.codes.append(1)
    case.ups.append("an error")
    yield
    case.codes.pop()
    case.ups.pop()


PLANTS = [value for name, value in list(globals().items()) if name.startswith(tuple(c.__name__ for c in oracle.CHECKS))]


def look(case):
    case.mine.losses = []
    case.mine.compare_refs("planted")
    return oracle.problems(case)


def run(binary):
    start = time.monotonic()
    failed = 0
    case = Plain(binary)
    try:
        problems = case.play() or look(case)
        if problems:
            raise lab.Failed("something is lost where nothing was planted:\n" + case.describe(problems))
        for plant in PLANTS:
            with plant(case):
                found = [problem for problem in look(case) if plant.__name__.startswith(problem.split(":")[0])]
            again = look(case)
            good = bool(found) and not again
            failed += not good
            print(f"{plant.__name__.replace('_', ' ')}: {found[0].split(': ', 1)[1] if found else 'NOT FOUND'}")
            for problem in again:
                print(f"  still there: {problem}")
    finally:
        case.clean()
    print(f"{time.monotonic() - start:.0f} s")
    print(f"{len(PLANTS) - failed} passed, {failed} failed")
    return 1 if failed else 0
