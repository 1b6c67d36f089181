"""What is kept from an earlier run holds only for the same grader."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.digests import source_digest

PACKAGE = Path(grader.__file__).parent

# Prints the name of the file of evidence, and the digest of an environment.
KEYS = """
from pathlib import Path
from grader.batch.work import environment
from grader.judging import evidence
from grader.judging.expected import AnswerKey
from grader.spec import Assignment

course = Path("course")
evidence.ask_reference = lambda *_: {}
key = AnswerKey(Assignment("means", "Means", ()), ())
evidence.with_evidence(key, course, b"s", Path("cache"))
print(sorted(each.name for each in Path("cache").iterdir()), environment("A").code)
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the grader's source."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(PACKAGE, folder / "grader", ignore=ignored))


@pytest.mark.parametrize(
    "name",
    [
        *("spec.py", "errors.py", "results.py", "cli.py", "verify.py"),
        *("judging/trees.py", "judging/causes.py", "judging/catalogue.py"),
        "reporting/results.schema.json",
    ],
)
def test_every_file_of_the_grader_counts(copied: Path, name: str) -> None:
    """A changed file of code or data, a new one, and another name; not what Python compiles."""
    uncached = source_digest.__wrapped__
    before = uncached(copied)
    assert before == uncached(copied) == source_digest()
    file = copied / name
    whole = file.read_bytes()
    file.write_bytes(whole + b"\n")
    changed = uncached(copied)
    file.rename(file.with_name("renamed"))
    renamed = uncached(copied)
    file.with_name("renamed").rename(file)
    file.write_bytes(whole)
    assert len({before, changed, renamed}) == 3
    (copied / "__pycache__").mkdir(exist_ok=True)
    (copied / "__pycache__" / "spec.pyc").write_bytes(b"")
    assert uncached(copied) == before


def test_evidence_and_results_are_kept_under_it(copied: Path, tmp_path: Path) -> None:
    """A change of a module that neither names makes both anew."""

    def keys() -> list[str]:
        environment = os.environ | {"PYTHONPATH": str(copied.parent)}
        command = [sys.executable, "-c", KEYS]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        return done.stdout.decode().rsplit(maxsplit=1)

    first = keys()
    assert first == keys()
    catalogue = copied / "judging" / "catalogue.py"
    catalogue.write_text(catalogue.read_text() + "\n# Another word.\n")
    for before, after in zip(first, keys(), strict=True):
        assert before != after
