"""Made-up classes of any size: seeded variants of an assignment's sample notebooks."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "assignments" / "logistic_regression" / "samples"
SLOW = ("farid",)  # loops until it is stopped: one in a class is enough
BROKEN = ("jonas",)  # no JSON
REMARKS = (
    "# TODO: check the shapes",
    "# see the lecture on broadcasting",
    "print('so far so good')",
    "import math",
    "x = [number**2 for number in range(1000)]",
    "# this took me all night",
)


def write_class(folder: Path, students: int, seed: int = 0, slow: int = 0) -> None:
    """Write so many notebooks, of which `slow` ones loop until they are stopped.

    No two are alike: each is a sample with remarks in and between its cells. The same seed gives
    the same class, and a larger class begins as a smaller one.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    folder.mkdir(parents=True, exist_ok=True)
    plain = [p for p in sorted(SAMPLES.glob("*.ipynb")) if p.stem not in SLOW + BROKEN]
    for number in range(students):
        source = SAMPLES / f"{SLOW[0]}.ipynb" if number < slow else rng.choice(plain)
        notebook = _variant(json.loads(source.read_text()), rng, number)
        (folder / f"student_{number:05}.ipynb").write_text(json.dumps(notebook))


def _variant(notebook: dict[str, Any], rng: random.Random, number: int) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [_cell(f"# student {number}")]
    for cell in notebook["cells"]:
        if rng.random() < 0.2:
            cells.append(_cell(rng.choice(REMARKS)))
        cells.append(cell)
    return notebook | {"cells": cells}


def _cell(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
