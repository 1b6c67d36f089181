"""How often line and cause of a wrong answer are found: `python -m tests.benchmarks.causes`.

Every function of the corpus is graded in a notebook whose other functions are right. A line is
found if it is one of those marked in the function. Whether a claimed cause is one of the faults is
for a reader to say: `verdicts.json` keeps what was said of every claim (by its words); claims that
nobody has read yet are listed as such.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.results import QuestionResult
from tests.benchmarks.causes.corpus import HERE, Entry, bench, entries

VERDICTS = HERE / "verdicts.json"


@dataclass(frozen=True)
class Outcome:
    """What was found of one function; `lines` are those that were named, the first one first.

    `seconds` is the time that looking for the cause took.
    """

    entry: Entry
    status: str
    lines: tuple[int, ...]
    claims: tuple[str, ...]
    seconds: float

    @property
    def line(self) -> str:
        """Whether the line that is named first is one of the faults' lines."""
        if not self.lines:
            return "silent"
        return "right" if self.lines[0] in self.entry.faults else "wrong"

    def cause(self, verdicts: dict[str, dict[str, str]]) -> str:
        """Return what was said of the claims: one that is wrong spoils the others."""
        if not self.claims:
            return "silent"
        said = [verdicts.get(self.entry.name, {}).get(claim, "unread") for claim in self.claims]
        return next((each for each in ("unread", "wrong") if each in said), "right")


def measure(chosen: Iterable[Entry]) -> Iterator[Outcome]:
    """Grade the functions, one assignment after another."""
    every = list(chosen)
    for assignment in sorted({entry.assignment for entry in every}):
        with bench(assignment) as opened:
            for entry in every:
                if entry.assignment == assignment:
                    timed = opened.timed(entry.function, entry.source)
                    named = {each.name: each for each in timed.result.questions}
                    yield outcome(entry, named[entry.function], timed.stages.get("causes", 0.0))


def outcome(entry: Entry, result: QuestionResult, seconds: float) -> Outcome:
    """Return what the result says of a function."""
    lines = [each.place.line for each in result.diagnoses if each.place and each.place.line]
    if not lines and result.location and result.location.place.line:
        lines = [result.location.place.line]
    claims = tuple(each.message for each in result.diagnoses)
    return Outcome(entry, result.status, tuple(lines), claims, seconds)


def main() -> None:
    """Measure, print a table, and list every wrong claim and every miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = ["wrong", "later", "fresh", "last", "blind", "right"]
    parser.add_argument("--kind", choices=kinds, default="wrong")
    parser.add_argument("--half", choices=["open", "sealed", "both"], default="both")
    parser.add_argument("--details", type=Path, help="a file for every outcome, as JSON lines")
    options = parser.parse_args()
    halves = {"open": (False,), "sealed": (True,), "both": (False, True)}[options.half]
    chosen = [entry for entry in entries(options.kind) if entry.sealed in halves]
    found = []
    for each in measure(chosen):
        found.append(each)
        print(f"{len(found)}/{len(chosen)} {each.entry.name}", file=sys.stderr)
    if options.details:
        lines = [json.dumps(_plain(each), ensure_ascii=False) for each in found]
        options.details.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = _report_right if options.kind == "right" else _report_wrong
    report(found)


def _plain(each: Outcome) -> dict[str, object]:
    return {
        "name": each.entry.name,
        "sealed": each.entry.sealed,
        "status": each.status,
        "lines": each.lines,
        "claims": each.claims,
        "faults": each.entry.faults,
        "seconds": round(each.seconds, 2),
    }


def _report_right(found: list[Outcome]) -> None:
    wrong = [each for each in found if each.status != "passed" or each.claims]
    print(f"{len(found)} right functions, {len(wrong)} with a fault or a diagnosis")
    for each in wrong:
        print(f"  {each.entry.name}: {each.status}; {' / '.join(each.claims) or 'no cause'}")


def _report_wrong(found: list[Outcome]) -> None:
    said = json.loads(VERDICTS.read_text(encoding="utf-8")) if VERDICTS.exists() else {}
    print(f"{'':22}{'':5}  line: right wrong silent  cause: right wrong silent unread")
    groups: dict[str, list[Outcome]] = {}
    for each in found:
        half = "sealed" if each.entry.sealed else "open"
        for name in (f"{each.entry.assignment}, {half}", f"all, {half}"):
            groups.setdefault(name, []).append(each)
    for name in sorted(groups, key=lambda name: (name.startswith("all"), name)):
        lines = Counter(each.line for each in groups[name])
        causes = Counter(each.cause(said) for each in groups[name])
        numbers = [lines[key] for key in ("right", "wrong", "silent")]
        numbers += [causes[key] for key in ("right", "wrong", "silent", "unread")]
        print(f"{name:30}{len(groups[name]):5}" + "".join(f"{number:7}" for number in numbers))
    seconds = [each.seconds for each in found]
    print(f"looking for a cause: median {statistics.median(seconds):.2f} s, "
          f"mean {statistics.mean(seconds):.2f} s")  # fmt: skip
    for each in found:
        cause = each.cause(said)
        if each.line != "right" or cause != "right":
            faults = "; ".join(f"{n}: {words}" for n, words in each.entry.faults.items())
            print(f"{each.entry.name}: line {each.line} {list(each.lines)}, cause {cause}")
            print(f"    faults: {faults}")
            for claim in each.claims:
                verdict = said.get(each.entry.name, {}).get(claim, "unread")
                print(f"    claim ({verdict}): {claim}")


if __name__ == "__main__":
    main()
