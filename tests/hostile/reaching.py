"""Reaching for the answers."""

from __future__ import annotations

from tests.hostile.harness import CANARY, DOUBLE, TOTAL, Hostile

CASES = [
    Hostile(
        (1,),
        "walks-the-frames",
        (
            """
            import sys
            found = []
            def double(x):
                frame = sys._getframe()
                while frame is not None:
                    for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
                        if getattr(value, "__name__", "") in ("reference", "tiny", "expected"):
                            return value.double(x)
                    frame = frame.f_back
                return x
            """,
            TOTAL,
            CANARY,
        ),
        {"double": "failed", "total": "passed", "canary": "passed"},
    ),
]
