"""To be written."""

from __future__ import annotations

from tests.hostile.harness import Hostile

CASES: list[Hostile] = []
