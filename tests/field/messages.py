"""messages: twenty texts sent to an agent at work, of one line, of 41 lines and of 20 KB.

Each has to stand in the model's last request exactly once, whole, and in the order in which it was sent.
"""
import json
import sys
import time

import field

HEAD = ("CLI", "sent", "exactly once", "in order", "whole", "time")
COUNT = 20
LIMIT = 300


def text_of(number):
    """A text that says where it begins and ends, and what the model is to say to it."""
    if number % 5 == 3:
        body = "\n".join(f"line {line} of text {number:02}, which is one of many: äöü ✓" for line in range(39))
    elif number % 10 == 7:
        body = "\n".join(f"{number:02}.{line:03} " + "x" * 88 for line in range(200))
    else:
        body = "please go on with $HOME, `this` and \\ that"
    return f"TEXT-{number:02}-BEGIN {body} [[say understood]] TEXT-{number:02}-END"


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


def last_conversation(dump):
    """All texts of the request that has most of ours: some are made of a part of what was said."""
    lines = dump.read_text(errors="replace").splitlines()
    fullest = max(lines, key=lambda line: line.count("-BEGIN"), default="{}")
    return list(strings_in(json.loads(fullest).get("body", {})))


def judge(texts, odd=None):
    """How many texts stand there exactly once, whether in order, and how many whole."""
    odd = [] if odd is None else odd
    conversation = "\n".join(texts)
    places = [conversation.find(f"TEXT-{number:02}-BEGIN") for number in range(COUNT)]
    once = sum(conversation.count(f"TEXT-{number:02}-{end}") == 1
               for number in range(COUNT) for end in ("BEGIN", "END")) // 2
    whole = sum(text_of(number) in conversation for number in range(COUNT))
    for number in range(COUNT):
        counts = [conversation.count(f"TEXT-{number:02}-{end}") for end in ("BEGIN", "END")]
        if counts != [1, 1] or text_of(number) not in conversation:
            odd.append((number, *counts, text_of(number) in conversation))
    return once, places == sorted(places) and -1 not in places, whole


def run(cli, binary, folder, port):
    lab = field.FieldLab(binary, folder, cli, workers=1, port=port)
    try:
        dump = lab.serve_model(port)
        lab.config("")
        lab.tasks("- [ ] T1: listen\n\n  [[say ready]]\n")
        lab.commit()
        start = time.monotonic()
        lab.begin("--wait-user", "10m")
        # From when its start is confirmed it can be told something.
        lab.until(lambda: "last_output_s" in lab.task("T1") and lab.task("T1").get("agent_turn"), "T1 has an agent", 60)
        for number in range(COUNT):
            lab.run("send", "T1", input=text_of(number), check=0)
        end = start + LIMIT
        # Of messages that are over only the last are kept; the events have all.
        while time.monotonic() < end and sum(fact[0] == "task.told" for fact in field.facts(lab)) < COUNT:
            time.sleep(0.5)
        deadline = time.monotonic() + 20
        while judge(last_conversation(dump))[0] < COUNT and time.monotonic() < deadline:
            time.sleep(0.5)
        odd = []
        once, ordered, whole = judge(last_conversation(dump), odd)
        good = once == COUNT and ordered and whole == COUNT
        if not good:
            print(f"{cli}: (text, begins, ends, whole): {odd}\n{lab.screens()}\n{lab.describe()}", file=sys.stderr)
        return [cli, str(COUNT), f"{once} of {COUNT}", "yes" if ordered else "no", f"{whole} of {COUNT}",
                f"{time.monotonic() - start:.0f} s"], good
    finally:
        lab.clean()
