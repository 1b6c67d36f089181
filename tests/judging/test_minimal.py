"""Of several changes, those without which it does not go."""

from hypothesis import given
from hypothesis import strategies as st

from grader.judging.repairs.minimal import together, with_fewer

ORIGINAL = ["a", "b", "c", "d"]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("wxyz")), max_size=4))
def test_every_smaller_set_of_changes_is_made_once(changes: list[tuple[int, str]]) -> None:
    """Those with the fewest first; of one line, all changes or none."""
    texts = ["\n".join(ORIGINAL)]
    for at, new in changes:
        lines = texts[-1].split("\n")
        lines[at] = new * (len(texts) + 1)  # never what stood there before
        texts.append("\n".join(lines))
    found = list(with_fewer(texts))
    touched = len({at for at, _ in changes})
    assert len(found) == max(0, 2**touched - 2)
    assert [len(kept) for kept, _ in found] == sorted(len(kept) for kept, _ in found) or touched > 1
    for kept, text in found:
        lines = text.split("\n")
        for at in range(len(ORIGINAL)):
            of_line = [number for number, (where, _) in enumerate(changes) if where == at]
            assert set(of_line) <= kept or not set(of_line) & kept
            expected = texts[-1].split("\n")[at] if set(of_line) & kept else ORIGINAL[at]
            assert lines[at] == expected


def test_changes_that_add_lines_stay_together() -> None:
    """What comes after them stands elsewhere."""
    assert list(with_fewer(["a\nb", "a\nnew\nb", "a\nnew\nc"])) == []


def test_changes_of_different_lines_go_together() -> None:
    """Those of the same line do not, nor those that add one."""
    assert together("a\nb\nc", "x\nb\nc", "a\nb\ny") == "x\nb\ny"
    assert together("a\nb\nc", "x\nb\nc", "y\nb\nc") is None
    assert together("a\nb\nc", "a\nnew\nb\nc", "a\nb\ny") is None
