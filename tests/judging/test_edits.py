"""What is changed in a student's line, and what is not."""

import ast

import pytest

from grader.judging.lines import Function
from grader.judging.repairs.edits import Edit, edits
from grader.judging.repairs.kinds import Kinds
from grader.results import Source

KINDS = Kinds(frozenset({"n", "m"}), frozenset({"A", "Z"}), frozenset({"given", "cache"}))


def made(line: str, *above: str, keys: tuple[str, ...] = ()) -> list[Edit]:
    """Return the changes of the last line of a function's body."""
    body = "".join(f"    {each}\n" for each in (*above, line))
    function = Function.of(Source(code=f"def f(A, Z, n, m, given):\n{body}", name="f"))
    assert function is not None
    return list(edits(function, function.lines[-1], keys, ("other",), KINDS))


def last(edit: Edit) -> str:
    """Return the changed line, as Python writes it."""
    return ast.unparse(ast.parse(edit.source).body[0]).split("\n")[-1].strip()


@pytest.mark.parametrize(
    ("line", "cause", "due"),
    [
        ("a = g(A, kind='relu')", "other_key", "a = g(A, kind='sigmoid')"),
        ("a = g(A, rate=n)", "neighbour", "a = g(A, rate=m)"),
        ("b = np.zeros(n)", "flat_array", "b = np.zeros((n, 1))"),
        ("b = np.zeros((n,))", "flat_array", "b = np.zeros((n, 1))"),
        ("b = np.random.randn(n)", "flat_array", "b = np.random.randn(n, 1)"),
        ("b = np.zeros((n, n))", "size_for_one", "b = np.zeros((n, 1))"),
        ("b = np.random.rand(n, 1)", "fixed_size", "b = np.random.rand(n, A.shape[1])"),
        ("b = np.zeros(n, m)", "shape_as_tuple", "b = np.zeros((n, m))"),
        ("d = A * Z", "value_for_derivative", "d = A * (Z > 0)"),
        ("d = np.multiply(A, relu(Z))", "value_for_derivative", "d = np.multiply(A, relu(Z) > 0)"),
        ("d = {'a': A, 'z': Z}", "order_of_values", "d = {'a': Z, 'z': A}"),
        ("A =- n * Z", "not_added_up", "A -= n * Z"),
        ("return (A, n, m, given)", "element_missing", "return (A, Z, n, m, given)"),
        ("a = n > 1 and m > 2", "condition_extra", "a = m > 2"),
        ("a = n > 1 or 'relu'", "always_true", "a = n > 1"),
        ("a = given['W']", "neighbour", "a = cache['W']"),
    ],
)
def test_a_slip_is_taken_back(line: str, cause: str, due: str) -> None:
    """Under its own name."""
    found = made(line, "cache = {}", "cache['W'] = Z", keys=("sigmoid",))
    assert due in [last(each) for each in found if each.cause == cause]


@pytest.mark.parametrize(
    ("line", "never"),
    [
        ("a = given['W' + str(n)]", "given['W'.T + str(n)]"),
        ("a = given['W' + str(n)]", "given[np.exp('W' + str(n))]"),
        ("a = given['W']", "A['W']"),
        ("a = given[f'W{n}']", "A[f'W{n}']"),
        ("a = given[f'W{n}']", "given[f'W{n}' + 1]"),
        ("a = other(A)", "Z(A)"),
        ("a = A * m", "A * m / Z"),
        ("a = 1 / m * A", "A.shape[1] / m * A"),
        ("a = np.sum(A, axis=0)", "np.sum(A, axis=Z.shape[0])"),
        ("a = given['W' + str(n)]", "given['W' - str(n)]"),
        ("a = {'A': A}", "{'A': Z}"),
    ],
)
def test_what_makes_no_sense_is_not_tried(line: str, never: str) -> None:
    """A text is no array, an array no dictionary and no function, and nobody divides by a table."""
    assert f"a = {never}" not in [last(each) for each in made(line)]


def test_of_a_key_that_stands_twice_no_values_change_places() -> None:
    """It is the key that is wrong."""
    found = [each.cause for each in made("d = {'a': A, 'z': n, 'a': Z}")]
    assert "order_of_values" not in found


def test_a_number_that_is_no_size_stays() -> None:
    """Only a size may stand where there is only one."""
    assert "size_for_one" not in [each.cause for each in made("a = A * n")]


def test_what_was_never_used_is_tried_first() -> None:
    """An argument that nothing reads is likely to be what is missing."""
    first = [last(each) for each in made("a = A * 0.5", "b = Z[given] / n") if each.rank <= 2]
    assert "a = A * m" in first
    assert "a = A * n" not in first


def test_a_step_is_not_made_to_bind_itself() -> None:
    """That is a step left out, and told as such."""
    found = {last(each): each.cause for each in made("A = np.exp(A)")}
    assert found["A = Z"] == "other_value"
    assert found["A = A"] != "other_value"


def test_of_what_is_very_long_little_is_tried() -> None:
    """The time for it is the grader's own."""
    wide = f"a = ({', '.join('A' for _ in range(40))})"
    assert "order_of_values" not in {each.cause for each in made(wide)}
    assert len(made(f"a = {' + '.join('A * 2' for _ in range(400))}")) < 100


def test_a_number_beyond_all_bounds_is_no_trouble() -> None:
    """It is no float."""
    assert made(f"a = A * 1{'0' * 400}")


def test_the_parts_of_a_comprehension_are_changed() -> None:
    """Where it begins and ends, and under which condition."""
    found = {last(each) for each in made("a = [A[i] for i in range(n, n + 2) if i > m]")}
    assert "a = [A[i] for i in range(n + 1, n + 2) if i > m]" in found
    assert "a = [A[i] for i in range(n, n + 2) if i < m]" in found


@pytest.mark.parametrize("indent", ["    ", "\t", "  "])
def test_steps_are_moved_whatever_indents_them(indent: str) -> None:
    """Versions that are no Python are not tried."""
    rows = ["def f(A, Z, n, m, given):", "-a = 0", "-for i in range(n):", "--a += A[i]",
            "--b = a * Z", "-return b"]  # fmt: skip
    code = "\n".join(row.replace("-", indent) for row in rows)
    function = Function.of(Source(code=code, name="f"))
    assert function is not None
    for line, cause in ((function.lines[-2], "inside_the_loop"), (function.lines[0], "before_the")):
        moved = [each for each in edits(function, line) if each.cause.startswith(cause)]
        assert moved
        for each in moved:
            compile(each.source, "version", "exec")


def test_neighbours_in_a_row_stay() -> None:
    """What else stands in the row would be lost."""
    code = "def f(x):\n    a = x / 2; b = a + 1\n    return b"
    function = Function.of(Source(code=code, name="f"))
    assert function is not None
    assert not [each for each in edits(function, function.lines[0]) if "b = a" not in each.source]


def test_a_step_outside_of_all_loops_is_in_none() -> None:
    """An `if` is a block of another kind."""
    code = "def f(A, n):\n    if n > 2:\n        A = A * 2\n        B = A\n    return B"
    function = Function.of(Source(code=code, name="f"))
    assert function is not None
    causes = {each.cause for line in function.lines for each in edits(function, line)}
    assert "wrong_block" in causes
    assert not {cause for cause in causes if cause.endswith("the_loop")}


def test_what_is_read_is_not_added_up() -> None:
    """A step that starts from the old value does so already."""
    assert "not_added_up" not in {each.cause for each in made("A = A + Z / n")}


def test_a_number_has_no_derivative() -> None:
    """It is a factor too many, and no activation."""
    assert "value_for_derivative" not in {each.cause for each in made("a = Z * n")}


def test_a_step_is_moved_behind_those_that_finish_what_it_reads() -> None:
    """It was done too early."""
    rows = ["def f(A, Z, n):", "    b = A * 2", "    A = A * Z", "    A = A / n", "    return b"]
    function = Function.of(Source(code="\n".join(rows), name="f"))
    assert function is not None
    moved = [e.source.split("\n") for e in edits(function, function.lines[0]) if e.rank == 2
             and e.cause == "order_of_steps"]  # fmt: skip
    assert [rows[0], rows[2], rows[3], rows[1], rows[4]] in moved


def test_where_a_value_is_stored_is_told_as_such() -> None:
    """It is not taken from there."""
    found = {
        each.cause for each in made("given['W' + str(n)] = A") if "'W' + str(n + 1)" in last(each)
    }
    assert found == {"stored_layer"}
    assert "stored_key" in {each.cause for each in made("given['W'] = A", keys=("w",))}
