"""Clusters: who is wrong in the same way, from real notebooks to the page of the class."""

import json
import sqlite3
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.batch.grade import Task, grade_submission
from grader.batch.gradebook import Gradebook
from grader.reporting import FORMATS
from grader.reporting.clusters import Cluster, ClusterTally, Who
from grader.reporting.html import pages
from grader.reporting.html.class_view import MOST_CLUSTERS, MOST_NAMES
from grader.reporting.json import read
from grader.reporting.terminal import print_class
from grader.results import Diagnosis, QuestionResult, SubmissionResult
from grader.submission import SubmissionFile
from tests.batch.classes import NAME, small
from tests.batch.gradings import graded, run_of
from tests.conftest import notebook_json, question
from tests.hostile.harness import CANARY, DOUBLE, TOTAL
from tests.notebooks import PREDICT, PROPAGATE, solution
from tests.reporting.test_reports import EVIL, checked, class_page, results

# The same mistake in two ways: the cost is that of log base 10.
LOG_10 = PROPAGATE.replace("np.log(", "np.log10(")
LOG_10_LOOPED = """
def propagate(w, b, X, Y):
    # base 10 is what my calculator has
    m = X.shape[1]
    total = 0.0
    A = sigmoid(w.T @ X + b)
    for i in range(m):
        y, a = Y[0, i], A[0, i]
        total += y * np.log(a) / np.log(10) + (1 - y) * np.log(1 - a) / np.log(10)
    grads = {"dw": X @ (A - Y).T / m, "db": (A - Y).sum() / m}
    return grads, -total / m
"""
LOG_2 = PROPAGATE.replace("np.log(", "np.log2(")
RAISES = PREDICT.replace("return", "A = A.reshape(3, -1)\n    return")
RAISES_TOO = """
def predict(w, b, X):
    probabilities = sigmoid(w.T.dot(X) + b)
    three_rows = np.reshape(probabilities, (3, -1))
    return three_rows > 0.5
"""


MISCONCEPTION = """

from grader import misconception


@misconception(total, hint="The sum is over all elements, not over the extremes.")
def extremes(x):
    return float(x.max() - x.min() ** 2 / 4)
"""
# Far enough from a sum that no cause is found, whatever the version of NumPy.
EXTREMES = "def total(x):\n    return float(x.max() - 0.25 * x.min() ** 2)"


def wrong(
    student: str = "ann",
    behaviour: str = "b1",
    *causes: str,
    suspects: tuple[str, ...] = (),
    snippet: str = "def f(): ...",
) -> SubmissionResult:
    """Return a submission with one right question, and one wrong one named `f`."""
    found = tuple(Diagnosis(cause, cause, ("f",)) for cause in causes)
    right = QuestionResult("g", "G", "passed", 1.0, 1.0, "", ())
    failed = QuestionResult(
        "f", "F", "failed", 0.0, 1.0, f"`{student}` is off.", (), found, (), behaviour, snippet
    )
    failed = replace(failed, suspects=suspects)
    return SubmissionResult(student, "x", "graded", 1.0, 2.0, (failed, right))


def clusters_of(*submissions: SubmissionResult) -> list[Cluster]:
    """Return the clusters of a class."""
    tally = ClusterTally()
    for each in submissions:
        tally.add(each)
    return tally.clusters()


def names_of(cluster: Cluster) -> list[str]:
    """Return who is in a cluster."""
    return [who.student for who in cluster.students]


def test_who_inherits_an_error_has_not_made_the_mistake() -> None:
    """Where another student's function does the same by a fault of its own."""
    inherits = wrong("bob", suspects=("h",))
    inherits = replace(
        inherits, questions=(replace(inherits.questions[0], status="passed", inherits=("h",)),)
    )
    own, other = clusters_of(wrong("ann", "b1", "transpose"), inherits)
    assert (own.kind, names_of(own)) == ("explained", ["ann"])
    assert (other.kind, names_of(other)) == ("following", ["bob"])


# ---------------------------------------------------------------- from notebooks


@pytest.fixture(scope="module")
def classroom(task: Task, tmp_path_factory: pytest.TempPathFactory) -> list[SubmissionResult]:
    """Return the results of seven students: two share a mistake in a cost, two an exception."""
    cells = {
        "ann": solution(propagate=LOG_10),
        "bob": solution(propagate=LOG_10_LOOPED, predict=RAISES),
        "cleo": solution(propagate=LOG_2),
        "dan": solution(predict=RAISES_TOO),
        "eve": solution(),
        "finn": solution(predict=""),
        "gia": solution(
            predict="def predict(w, b, X):\n    Y_prediction = None\n    return Y_prediction",
            propagate="def propagate(w, b, X, Y):\n    return {'dw': None, 'db': None}, None",
        ),
    }
    folder, found = tmp_path_factory.mktemp("class"), []
    for name, given in cells.items():
        path = folder / f"{name}.ipynb"
        path.write_text(notebook_json(*given))
        found.append(grade_submission(task, SubmissionFile(name, path)))
    return found


def test_equal_wrong_behaviour_is_one_cluster(classroom: list[SubmissionResult]) -> None:
    """However it is written; what is right, missing or not filled in has no behaviour."""
    propagate = {r.student: question(r, "propagate") for r in classroom}
    assert propagate["ann"].behaviour == propagate["bob"].behaviour != ""
    assert propagate["cleo"].behaviour not in ("", propagate["ann"].behaviour)
    predict = {r.student: question(r, "predict") for r in classroom}
    assert predict["bob"].behaviour == predict["dan"].behaviour != ""
    others = (propagate["dan"], propagate["eve"], predict["ann"], predict["finn"])
    for other in (*others, propagate["gia"], predict["gia"]):
        assert (other.behaviour, other.snippet) == ("", "")
    assert predict["finn"].status == "missing"
    found = clusters_of(*classroom)
    assert not any(question.diagnoses for r in classroom for question in r.questions)
    assert [(c.question, names_of(c)) for c in found if c.kind == "unexplained"] == [
        ("propagate", ["ann", "bob"]),
        ("predict", ["bob", "dan"]),
    ]
    assert [(c.question, names_of(c)) for c in found if c.kind == "single"] == [
        ("propagate", ["cleo"])
    ]


def test_what_follows_from_something_else_is_told_apart(classroom: list[SubmissionResult]) -> None:
    """`optimize` is right but for `propagate`: it is no misunderstanding of its own."""
    suspects = {(r.student, q.name): q.suspects for r in classroom for q in r.questions}
    assert suspects["ann", "optimize"] == ("propagate",)
    assert suspects["bob", "model"] == ("predict", "propagate")
    assert suspects["eve", "model"] == suspects["ann", "propagate"] == ()
    following = {c.question for c in clusters_of(*classroom) if c.kind == "following"}
    assert following == {"optimize", "model"}


def test_the_page_of_a_real_class(classroom: list[SubmissionResult], tmp_path: Path) -> None:
    """The mistake that two share comes first, with the shorter way to write it, folded up."""
    page = class_page(results(*classroom))
    assert [cluster.question for cluster in page.unexplained.shown] == ["propagate", "predict"]
    assert page.unexplained.shown[0].count == "2 students"
    assert page.unexplained.shown[0].seen.startswith(
        "1 of 3 outputs is wrong: <code>cost</code>. In visible case 1: <code>cost</code> is "
    )
    assert page.unexplained.shown[0].example.student == "bob"
    assert page.unexplained.shown[0].code == LOG_10_LOOPED.strip()
    index, *_ = pages.write(results(*classroom), tmp_path)
    checked(index)
    html = index.read_text()
    assert "# base 10 is what my calculator has" in html
    assert html.index("cause unknown") < html.index("ways of their own")
    assert "@misconception" in html


def test_the_fields_are_in_every_form(classroom: list[SubmissionResult], tmp_path: Path) -> None:
    """`results.json` and the gradebook give back what was found."""
    (path,) = FORMATS["json"](results(*classroom), tmp_path)
    assert read(path) == results(*classroom)
    with Gradebook.open(str(tmp_path / "book.sqlite")) as book:
        run = run_of(book, *(replace(graded(r.student), result=r) for r in classroom))
        found = [replace(result, path="") for result in book.results(run)]
    assert found == [replace(result, path="") for result in classroom]


def test_one_misconception_gives_all_of_a_cluster_its_hint(tmp_path: Path) -> None:
    """What the page of the class says: write it, grade again."""
    given = small(tmp_path)
    sorted_first = (
        "def total(x):\n    s = sorted(x.ravel())\n    return float(s[-1] - (0.5 * s[0]) ** 2)"
    )
    for name, total in {"ann": EXTREMES, "bob": sorted_first, "cleo": TOTAL}.items():
        given.write(name, DOUBLE, total, CANARY)
    assert given.grade() == 0
    (cluster,) = clusters_of(*given.results())
    assert (cluster.kind, names_of(cluster)) == ("unexplained", ["ann", "bob"])
    assert cluster.snippet == EXTREMES
    with (given.course / "assignments" / NAME / "assignment.py").open("a") as assignment:
        assignment.write(MISCONCEPTION)
    assert given.grade() == 0
    (cluster,) = clusters_of(*given.results())
    assert (cluster.kind, names_of(cluster)) == ("explained", ["ann", "bob"])
    assert cluster.causes == ("The sum is over all elements, not over the extremes.",)


# ---------------------------------------------------------------- clusters


def test_a_known_cause_is_one_cluster_whatever_it_shows_in() -> None:
    """Two behaviours with the same hint are joined; the cause of one is the cause of all alike."""
    (found,) = clusters_of(
        wrong("ann", "b1", "Average."),
        wrong("bob", "b2", "Average."),
        wrong("cleo", "b1"),
    )
    assert (found.kind, found.causes) == ("explained", ("Average.",))
    assert sorted(names_of(found)) == ["ann", "bob", "cleo"]


def test_results_from_before_there_were_behaviours() -> None:
    """Their causes are counted as they were; what has none is not listed."""
    old = [wrong("ann", "", "One.", "Two."), wrong("bob", "", "Two."), wrong("cleo", "")]
    found = clusters_of(*(replace(each) for each in old))
    assert [(each.causes, names_of(each)) for each in found] == [
        (("Two.",), ["ann", "bob"]),
        (("One.",), ["ann"]),
    ]


def test_old_results_can_be_read(tmp_path: Path) -> None:
    """A file without the fields is as good as one in which they are empty."""
    (path,) = FORMATS["json"](results(wrong("ann", "", "One.", snippet="")), tmp_path)
    text = path.read_text()
    for line in ('"behaviour": ""', '"snippet": ""', '"suspects": []'):
        assert text.count(line) == 2
    bare = text.replace('"calls": [],', '"calls": []')
    for line in ('"behaviour": "",', '"snippet": "",', '"suspects": []'):
        bare = bare.replace(line, "")
    path.write_text(bare)
    assert read(path) == results(wrong("ann", "", "One.", snippet=""))


def test_old_gradings_can_be_read(tmp_path: Path) -> None:
    """A gradebook holds results from before the fields were there; nothing else is lost of them."""
    path = tmp_path / "book.sqlite"
    result = wrong("ann", "b1", "One.", suspects=("g",))
    with Gradebook.open(str(path)) as book:
        run = run_of(book, replace(graded("ann"), result=result))
    with sqlite3.connect(path) as connection:
        (packed,) = connection.execute("SELECT result FROM gradings").fetchone()
        content = json.loads(zlib.decompress(packed))
        for question in content["questions"]:
            for field in ("behaviour", "snippet", "suspects"):
                del question[field]
        old = zlib.compress(json.dumps(content).encode())
        connection.execute("UPDATE gradings SET result = ?", (old,))
    connection.close()
    with Gradebook.open(str(path)) as book:
        (found,) = book.results(run)
    bare = tuple(
        replace(question, behaviour="", snippet="", suspects=()) for question in result.questions
    )
    assert found.questions == bare
    assert [cluster.causes for cluster in clusters_of(found)] == [("One.",)]


def test_who_has_all_else_right_shows_that_the_mistake_is_here() -> None:
    """The same behaviour without a suspect is no consequence; the clearest example is taken."""
    ann = wrong("ann", suspects=("g",), snippet="x")
    bob, cleo = wrong("bob", snippet="longer code"), wrong("cleo", snippet="shorter")
    (found,) = clusters_of(ann, bob, cleo)
    assert (found.kind, found.suspects) == ("unexplained", ())
    assert (found.example, found.snippet) == (Who("cleo"), "shorter")
    assert found.seen == "`cleo` is off."
    (following,) = clusters_of(ann, wrong("dan", suspects=("h",)))
    assert (following.kind, following.suspects) == ("following", ("g", "h"))


def test_the_largest_come_first() -> None:
    """Then in the order of the questions."""
    found = clusters_of(
        *(wrong(f"a{n}", "b1") for n in range(2)),
        *(wrong(f"b{n}", "b2") for n in range(3)),
        wrong("c", "b3"),
    )
    assert [(each.kind, len(each.students)) for each in found] == [
        ("unexplained", 3),
        ("unexplained", 2),
        ("single", 1),
    ]


# ---------------------------------------------------------------- the page, the terminal


def test_single_students_are_one_line_a_question() -> None:
    """Fifty boxes for fifty mistakes would hide those that are shared."""
    page = class_page(results(*(wrong(f"s{n}", f"b{n}") for n in range(50))))
    (line,) = page.single
    assert (line.question, line.count) == ("f", "50 students")
    assert not page.unexplained.shown
    assert not page.explained.shown
    assert len(line.names.shown) == MOST_NAMES
    assert line.names.rest == f"and {50 - MOST_NAMES} more"
    assert len(line.names.shown + line.names.folded) == 50


def test_one_name_is_not_folded_away() -> None:
    """It would take as much room as the line that folds it."""
    page = class_page(results(*(wrong(f"s{n}") for n in range(MOST_NAMES + 1))))
    assert page.unexplained.shown[0].names.folded == ()
    assert len(page.unexplained.shown[0].names.shown) == MOST_NAMES + 1


def test_many_clusters_are_folded_away(tmp_path: Path) -> None:
    """The largest are seen at once."""
    sizes = [n // 2 for n in range(4, 4 + MOST_CLUSTERS + 5)]
    students = [wrong(f"s{b}_{n}", f"b{b}") for b, size in enumerate(sizes) for n in range(size)]
    found = class_page(results(*students)).unexplained
    assert (len(found.shown), found.rest) == (MOST_CLUSTERS, "and 5 more")
    shown = [int(cluster.count.split()[0]) for cluster in (*found.shown, *found.folded)]
    assert shown == sorted(sizes, reverse=True)
    index, *_ = pages.write(results(*students), tmp_path)
    assert checked(index).targets.count("students/s0_0.html") == 2  # there, and in the table


def test_code_of_students_stays_text(tmp_path: Path) -> None:
    """It is shown as it is written, and run by nobody."""
    evil = [wrong(name, EVIL, snippet=f"{EVIL}\n\treturn '</code></pre>'") for name in ("a", EVIL)]
    index, *_ = pages.write(results(*evil), tmp_path)
    assert not {"script", "b"} & set(checked(index).elements)
    assert "&lt;/code&gt;&lt;/pre&gt;" in index.read_text()


def test_a_class_of_thousands_is_counted_in_little_memory() -> None:
    """One example a cluster: three thousand students with the longest code share five mistakes."""
    tally = ClusterTally()
    tracemalloc.start()
    try:
        for number in range(3_000):
            tally.add(wrong(f"s{number}", f"b{number % 5}", snippet=f"{number:04}" * 1_000))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(len(cluster.students) for cluster in tally.clusters()) == 3_000
    assert held < 2_000_000


@pytest.mark.parametrize(("sharing", "told"), [(1, False), (2, True)])
def test_the_terminal_names_the_largest_without_a_cause(sharing: int, told: bool) -> None:  # noqa: FBT001
    """In one line, and only if there is one."""
    students = [wrong(f"s{n}") for n in range(sharing)]
    known = [wrong(f"k{n}", "b2", "Average.") for n in range(5)]
    console = Console(width=200, record=True, force_terminal=False)
    with console.capture() as capture:
        print_class(console, results(*students, *known))
    said = [line for line in capture.get().splitlines() if "no known cause" in line]
    assert [line[:48] for line in said] == [
        "2 students are wrong on f in the same way, and n"
    ] * told
