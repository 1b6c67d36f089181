"""What comes over the grader's own channel to cost the grader memory or time."""

from __future__ import annotations

from tests.hostile.breaking import ALL_PASS, SHARED, only_double
from tests.hostile.harness import CANARY, TOTAL, Hostile

SECONDS = 60.0  # that each may take, on a busy machine; most of it is the start of kernels
FORGED = """
from grader import wire
def extension(code, *flat):
    return wire._ExtType(code, wire._packb(list(flat), use_bin_type=True))
"""


def large(name: str, value: str, says: str = "", status: str = "failed") -> Hostile:
    """Return a notebook whose `double` returns something large; `canary` says that it was made."""
    function = f"def double(x):\n    value = {value}\n    canary[...] = True\n    return value"
    cells = (SHARED, function, TOTAL)
    return Hostile(
        (77,), name, cells, only_double(status), (says,) if says else (), seconds=SECONDS
    )


CASES = [
    large(
        "sixty-million-entries",
        "np.zeros(60_000_000, np.int8)",
        "yours is an array of shape (60000000,)",
    ),
    large(
        "sixty-million-in-a-dictionary",
        "{'y': np.zeros(60_000_000, np.int8)}",
        "a dictionary with the keys 'y'",
    ),
    large("sixty-arrays", "tuple(np.zeros(10**6, np.int8) for _ in range(60))"),
    large("more-than-fits", "np.zeros(10**8, np.int8)", "could not be read", "errored"),
    large("no-entries-in-a-huge-shape", "np.zeros((0, 2**40))", f"shape (0, {2**40})"),
    large("numbers-in-a-list", "[0.5] * 190_000", "a list of length 190000, far larger"),
    large("empty-dictionaries", "[{}] * 190_000", "a list of length 190000, far larger"),
    large("text-of-astral-characters", "'\\N{PILE OF POO}' * 3_000_000", "not be read", "errored"),
    large("long-keys-of-many-values", "{'k' * 20_000: [[n] for n in range(15_000)]}"),
    Hostile(
        (77,),
        "a-variable-of-sixty-million-entries",
        (SHARED, "canary = np.zeros(60_000_000, np.int8)", "double = len", TOTAL),
        {"canary": "failed", "total": "passed"},
        seconds=SECONDS,
    ),
    Hostile(
        (78,),
        "text-in-nested-lists",
        (
            SHARED,
            """
            def double(x):
                value = "x" * 30_000_000
                for _ in range(22):
                    value = [value]
                canary[...] = True
                return value
            """,
            TOTAL,
        ),
        only_double("failed", "errored"),
        seconds=SECONDS,
    ),
    Hostile(
        (78,),
        "forged-text-in-nested-lists",
        (
            SHARED,
            FORGED,
            """
            def double(x):
                value = extension(wire._LIST, "x" * 30_000_000)
                for _ in range(22):
                    value = extension(wire._LIST, value)
                wire._Encoder._numpy = lambda self, given: value
                canary[...] = True
                return x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
        seconds=SECONDS,
    ),
    Hostile(
        (79,),
        "arrays-that-share-their-data",
        (
            SHARED,
            """
            from grader import wire
            put = wire._Encoder._put
            def double(x):
                wire._Encoder._put = lambda self, array: 0 if self.size else put(self, array)
                canary[...] = True
                return [np.zeros(2_500_000)] * 100
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
        seconds=SECONDS,
    ),
    Hostile(
        (79,),
        "steps-that-share-their-data",
        (
            SHARED,
            """
            import sys
            from grader import wire
            put = wire._Encoder._put
            def double(x):
                frame = sys._getframe()
                while frame is not None and "tracer" not in frame.f_locals:
                    frame = frame.f_back
                large = np.random.default_rng(0).random(2_500_000)
                frame.f_locals["seen"]["steps"] = [[3, "y", large] for _ in range(12)]
                wire._Encoder._put = lambda self, array: 0 if self.size else put(self, array)
                canary[...] = True
                return 3.0 * x
            """,
            TOTAL,
        ),
        only_double("failed", "errored"),
        seconds=SECONDS,
    ),
    Hostile(
        (79,),
        "more-steps-than-are-traced",
        (
            SHARED,
            """
            import sys
            def double(x):
                frame = sys._getframe()
                while frame is not None and "tracer" not in frame.f_locals:
                    frame = frame.f_back
                large = np.random.default_rng(0).random(20_000)
                frame.f_locals["seen"]["steps"] = [[3, "y" * 10**5, large] for _ in range(300)]
                canary[...] = True
                return 3.0 * x
            """,
            TOTAL,
        ),
        only_double("failed", "errored"),
        seconds=SECONDS,
    ),
    Hostile(
        (81,),
        "keys-of-equal-hash",
        (
            SHARED,
            FORGED,
            """
            def double(x):
                numbers = [5 + k * (2**61 - 1) for k in range(40_000)]
                flat = [
                    part
                    for each in numbers
                    for part in (each if each < 2**63 else wire._ExtType(6, b"%x" % each), 0)
                ]
                value = extension(wire._DICT, *flat)
                wire._Encoder._numpy = lambda self, given: value
                canary[...] = hash(numbers[-1]) == 5
                return x
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
        seconds=SECONDS,
    ),
    Hostile(
        (81,),
        "more-odd-keys-than-are-read",
        (
            SHARED,
            """
            def double(x):
                canary[...] = True
                return {(0.5, n): n for n in range(60_000)}
            """,
            TOTAL,
        ),
        only_double("errored"),
        says=("could not be read",),
        seconds=SECONDS,
    ),
    Hostile(
        (81,),
        "honest-keys",
        # What students do return: words, whole numbers and pairs of them as keys.
        (
            """
            import numpy as np
            def double(x):
                words = {f"word {n}": n for n in range(3_000)}
                numbers = {n: n for n in range(3_000)}
                pairs = {(n, "up"): 0.5 for n in range(3_000)}
                return 2.0 * x if len({**words, **numbers, **pairs}) == 9_000 else None
            """,
            TOTAL,
            CANARY,
        ),
        ALL_PASS,
    ),
]
