"""Faults that somebody else's operators make: `python -m tests.benchmarks.causes.faults`.

The right functions of the corpus are changed by the operators of mutmut, a library for mutation
testing (`pip install mutmut==3.8.1`; it knows nothing of NumPy or of courses): one change of each,
and two in different lines, drawn by a fixed seed. The line is right if it is a changed one. A claim
is right if its kind is one of those that the table below allows for the operators' changes; known
mistakes of an assignment are listed for a reader.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from grader.judging.catalogue import WORDS, WORDS_OF_OWN_LINES
from grader.results import QuestionResult
from tests.benchmarks.causes.corpus import Entry, bench, entries

SEED = 3
# For what a change takes or puts, the kinds of causes that say so.
ALLOWED: dict[str, str] = {
    "number": """
        constant fixed_number fixed_size fixed_size_at_sight wrong_axis_of_shape wrong_axis
        wrong_count range_start range_end number_of_layers other_element other_layer
        half_missing exponent threshold other_scale unscaled sizes_swapped flat_array
        comparison_strict constant_factor other_shape fixed_layer axis_missing keepdims_missing
        complement_missing square_missing factor_extra term_extra brackets statement_missing
        statement_extra ones_for_zeros twice half not_as_many sum_missing
    """,
    "sum": """
        added_not_subtracted subtracted_not_added difference_reversed sign_missing sign_extra
        sign_in_argument term_missing term_extra brackets complement_missing complement_extra
        not_added_up added_to_the_old other_update opposite_sign range_end range_start
        other_layer text_and_number twice half
    """,
    "product": """
        divided_not_multiplied multiplied_not_divided division_reversed factor_missing
        factor_extra divisor_missing divisor_extra not_averaged averaged_twice averaged_extra
        multiplied_by_count brackets entrywise_product matrix_product constant_factor
        other_update times_size divided_by_size exponent half_missing floor_division
        average_misplaced
    """,
    "power": """
        exponent square_missing doubled_not_squared factor_missing factor_extra
    """,
    "comparison": """
        comparison_inverted comparison_strict threshold comparison_missing branches_swapped
        range_end range_start always_one_branch
    """,
    "text": """
        other_key spelling missing_key key_missing unset_name fixed_layer_key order_of_values
        always_one_branch branches_swapped other_activation statement_missing
    """,
    "argument": """
        argument_missing arguments_missing argument_extra nothing_there keepdims_missing
        keepdims_extra axis_missing axis_extra wrong_axis other_function too_many_given
        call_extra factor_missing term_missing activation_missing fixed_number constant
        neighbour order_of_values value_missing range_start range_end integers number_wanted
        whole_container sum_then_square shape_as_tuple other_shape product_swapped unused_value
        unused_parameter result_not_kept sizes_as_tuple flat_array statement_extra
    """,
    "nothing": """
        nothing_there result_not_kept statement_missing unused_value unused_parameter
        statement_extra whole_container another_value_returned
    """,
    "flag": """
        keepdims_missing keepdims_extra constant always_one_branch comparison_inverted
    """,
}


@dataclass(frozen=True)
class Fault:
    """A function with changes: what they are called in the table, by line."""

    entry: Entry
    kinds: dict[int, str]


def faults() -> Iterator[Fault]:
    """Yield a function with one change, and one with two, of each right function."""
    draw = random.Random(SEED)  # noqa: S311 - nothing secret
    for entry in entries("right"):
        single = [each for each in _changes(entry.source) if each[1]]
        draw.shuffle(single)
        if single:
            code, kinds = single[0]
            yield Fault(replace(entry, name=f"{entry.name}-1", source=code), kinds)
        for code, kinds in single[1:]:
            more = [
                each for each in _changes(code) if each[1] and not each[1].keys() & kinds.keys()
            ]
            if more:
                twice, others = draw.choice(more)
                both = kinds | others
                yield Fault(replace(entry, name=f"{entry.name}-2", source=twice), both)
                break


def _changes(source: str) -> Iterator[tuple[str, dict[int, str]]]:
    """Yield what mutmut's operators make of a function, and what was changed, in which line."""
    import libcst  # noqa: PLC0415 - asked for by name, see main
    from mutmut.mutation.mutators import mutation_operators  # noqa: PLC0415

    module = libcst.parse_module(source)
    for node in _walk(module):
        for kind_of_node, operator in mutation_operators:
            for mutated in operator(node) if isinstance(node, kind_of_node) else ():
                made: str = getattr(module.deep_replace(node, mutated), "code", "")
                lines = _changed_lines(source, made)
                if len(lines) == 1:
                    text = module.code_for_node(node)
                    operator_name = type(getattr(node, "operator", node)).__name__
                    kind = _kind(operator_name, text)
                    yield made, {lines[0]: kind} if kind else {}


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _changed_lines(before: str, after: str) -> list[int]:
    """Return the lines that differ; none if there are more or fewer."""
    one, other = before.split("\n"), after.split("\n")
    if len(one) != len(other):
        return []
    return [n for n, pair in enumerate(zip(one, other, strict=True), 1) if len({*pair}) > 1]


def _kind(node: str, text: str) -> str:
    """Return what a change is called in the table, nothing if it is none of a mistake's."""
    names = {
        "Integer": "number", "Float": "number", "Add": "sum", "Subtract": "sum",
        "AddAssign": "sum", "SubtractAssign": "sum", "Minus": "sum", "Multiply": "product",
        "Divide": "product", "FloorDivide": "product", "MultiplyAssign": "product",
        "DivideAssign": "product", "MatrixMultiply": "product", "Power": "power",
        "SimpleString": "text", "Call": "argument", "Assign": "nothing", "AugAssign": "sum",
        "AnnAssign": "nothing", "Name": "flag", "UnaryOperation": "sum", "Arg": "argument",
    }  # fmt: skip
    if node in (
        "LessThan",
        "LessThanEqual",
        "GreaterThan",
        "GreaterThanEqual",
        "Equal",
        "NotEqual",
    ):
        return "comparison"
    return "" if text.startswith(("print", '"""')) else names.get(node, "")


def _judge(fault: Fault, result: QuestionResult) -> tuple[str, str]:
    """Return what the line is and what the cause is: right, wrong or silent."""
    lines = [each.place.line for each in result.diagnoses if each.place and each.place.line]
    if not lines and result.location and result.location.place.line:
        lines = [result.location.place.line]
    line = "silent" if not lines else "right" if lines[0] in fault.kinds else "wrong"
    if not result.diagnoses:
        return line, "silent"
    kinds = {kind for each in result.diagnoses for kind in each.cause.split("+")}
    if kinds - WORDS.keys() - WORDS_OF_OWN_LINES.keys():
        return line, "authored"  # in words of the assignment: for a reader to say
    allowed = {cause for kind in fault.kinds.values() for cause in ALLOWED[kind].split()}
    parts = [set(each.cause.split("+")) for each in result.diagnoses]
    return line, "right" if all(part & allowed for part in parts) else "wrong"


def measure(chosen: Iterable[Fault]) -> Iterator[tuple[Fault, QuestionResult]]:
    """Grade the functions, one assignment after another."""
    every = list(chosen)
    for assignment in sorted({each.entry.assignment for each in every}):
        with bench(assignment) as opened:
            for each in every:
                if each.entry.assignment == assignment:
                    yield each, opened.grade(each.entry.function, each.entry.source)


def main() -> int:
    """Measure, print a table, and list every wrong claim and every miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    try:
        made = list(faults())
    except ImportError:
        print("mutmut is not installed: pip install mutmut==3.8.1", file=sys.stderr)
        return 2
    lines: dict[str, Counter[str]] = {"1": Counter(), "2": Counter()}
    causes: dict[str, Counter[str]] = {"1": Counter(), "2": Counter()}
    for fault, result in measure(made):
        order = fault.entry.name[-1]
        if result.status == "passed":
            lines[order]["as right"] += 1
            continue
        line, cause = _judge(fault, result)
        lines[order][line] += 1
        causes[order][cause] += 1
        if line != "right" or cause in ("wrong", "authored"):
            _tell(fault, result, line, cause)
    for order, name in (("1", "one fault"), ("2", "two faults")):
        print(f"{name}: {_counts(lines[order], 'line')}; {_counts(causes[order], 'cause')}")
    return 0


def _tell(fault: Fault, result: QuestionResult, line: str, cause: str) -> None:
    print(f"{fault.entry.name}: line {line}, cause {cause}")
    for number, kind in fault.kinds.items():
        print(
            f"    changed ({kind}), {number}: {fault.entry.source.splitlines()[number - 1].strip()}"
        )
    for each in result.diagnoses:
        place = each.place.line if each.place else None
        print(f"    claim, {place}: {each.message}")
    if result.location:
        print(f"    location: {result.location.place.line} {result.location.message}")


def _counts(counted: Counter[str], what: str) -> str:
    known = sum(counted[key] for key in ("right", "wrong", "silent", "authored"))
    shares = [f"{key} {counted[key]} ({counted[key] / max(1, known):.0%})"
              for key in ("right", "wrong", "silent")]  # fmt: skip
    extra = f", not told from right {counted['as right']}" if counted["as right"] else ""
    extra += f", in the assignment's own words {counted['authored']}" if counted["authored"] else ""
    return f"{what} {', '.join(shares)} of {known}{extra}"


if __name__ == "__main__":
    sys.exit(main())
