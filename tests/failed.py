#!/usr/bin/env python3
"""The end of what each failed test printed, from meson's log: a log of CI may be cut at its begin.

usage: failed.py LOG
"""
import json
import sys

MOST_LINES = 25
MOST_COLUMNS = 160
GOOD = {"OK", "SKIP", "EXPECTEDFAIL"}


def end_of(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return [line[:MOST_COLUMNS] for line in lines[-MOST_LINES:]]


def main(path):
    with open(path, encoding="utf-8") as log:
        for test in map(json.loads, log):
            if test["result"] in GOOD:
                continue
            print(f"== {test['name']}: {test['result']}")
            for stream in ("stdout", "stderr"):
                print("\n".join(end_of(test.get(stream, ""))))


main(sys.argv[1])
