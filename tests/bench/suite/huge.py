"""A repository of 200,000 files, as `large` measures it; only where it is asked for, as it takes gigabytes of memory."""
from suite import large

SIZES = (200_000,)
QUICK = (5_000,)
ROUNDS = 1


def one_round(binary, found, quick):
    large.one_round(binary, found, False, QUICK if quick else SIZES)
