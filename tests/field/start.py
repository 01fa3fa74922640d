"""start: a folder that is not trusted, a user who is not signed in, and a program that is missing.

Without a terminal nothing may be started then: status 4, and a command to run.
"""
import sys

import field

HEAD = ("CLI", "not trusted", "not signed in", "not installed")
# These ask nobody whether a folder is trusted; and of these it cannot be told whether anybody is signed in.
NO_TRUST = ("opencode", "qwen", "pi")
UNKNOWN = ("opencode", "pi")


def outcome(cli, binary, folder, port, **how):
    """The status of `up`, and what it has started."""
    missing = how.pop("missing", False)
    lab = field.FieldLab(binary, folder, cli, workers=1, port=port, **how)
    try:
        if missing:
            lab.env["PATH"] = ":".join(part for part in lab.env["PATH"].split(":") if part != str(folder / "bin"))
        lab.config("")
        lab.tasks("- [ ] T1: try\n\n  [[say ready]]\n")
        lab.commit()
        ran = lab.up("-d")
        windows = [name for name in lab.tmux("list-windows", "-a", "-F", "#{window_name}", check=False).split()
                   if name.startswith("T1")]
        if ran.code not in (1, 4):
            print(f"{cli} {how}: {ran.code}\n{ran.text}", file=sys.stderr)
        return ran.code, len(windows), ran.text
    finally:
        lab.clean()


def run(cli, binary, folder, port):
    verdicts, good = [], True
    for how, needed in (({"trusted": False}, cli not in NO_TRUST), ({"signed_in": False}, cli not in UNKNOWN), ({"missing": True}, True)):
        code, windows, text = outcome(cli, binary, folder, port, **how)
        stopped = code != 0 and windows == 0 and cli in text
        good &= stopped or not needed
        verdicts.append(f"status {code}" if stopped else "starts")
    return [cli, *verdicts], good
