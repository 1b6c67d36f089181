"""Two small functions, and a variable that tells whether an attack took effect."""

from grader import Case, Limits, question
from reference import tiny as ref

limits = Limits(
    cell_seconds=5,
    call_seconds=4,
    notebook_seconds=60,
    memory_gb=0.5,
    disk_mb=20,
    output_mb=1,
    processes=16,
)


@question(ref.double, points=4, returns=("y",))
def double(rng):
    """Twice the array."""
    for n, m in [(2, 3), (4, 2)]:
        yield Case(x=rng.standard_normal((n, m)))


@question(ref.total, points=4, returns=("s",))
def total(rng):
    """The sum of the array."""
    for n, m in [(2, 3), (3, 5)]:
        yield Case(x=rng.standard_normal((n, m)))


@question(points=2)
def canary():
    """Whether what the notebook tries took effect in its own process."""
    return True
