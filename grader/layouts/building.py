"""From what a student handed in to a submission: which notebook is graded, what lies beside it.

Nothing is guessed: where it cannot be known which notebook is meant, the submission says so.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from grader.errors import SubmissionError, UnreachableError
from grader.layouts.archives import inner_files
from grader.layouts.files import File, Parts, Unreachable, one_line, student_name
from grader.layouts.layout import NOTEBOOK, HandIn, is_archive, is_notebook, listed
from grader.submission import Submission

MAX_FILES = 200
MAX_FILES_BYTES = 20 * 2**20
MAX_PART = 255  # bytes of the name of a file or a folder: more, no disk takes
MAX_ARCHIVES = 5  # that are looked into for one student

_Choice = tuple[HandIn, File]


def submissions(hand_ins: Iterable[HandIn], assignment: str) -> list[Submission]:
    """Return one submission for each student, by name."""
    students: dict[str, list[HandIn]] = {}
    for hand_in in hand_ins:
        name = student_name(hand_in.student) or hand_in.where
        students.setdefault(name, []).append(hand_in)
    for name in list(students):
        if _several_people(students[name]):
            _set_apart(name, students)
    return [_submission(name, students[name], assignment) for name in sorted(students)]


def _several_people(hand_ins: Sequence[HandIn]) -> bool:
    """Say whether names that come out as one are those of several people.

    At different paths, letters and accents may be put together differently: systems do so. Two
    entries of one folder are two people.
    """
    beside: defaultdict[Path, set[str]] = defaultdict(set)
    for each in hand_ins:
        beside[each.origin].add(each.student)
    one = {unicodedata.normalize("NFC", each.student) for each in hand_ins}
    return len(one) > 1 or any(len(names) > 1 for names in beside.values())


def _set_apart(name: str, students: dict[str, list[HandIn]]) -> None:
    """Leave a name to whoever has just that one, and let the others show how they are written.

    So what somebody else has handed in under a name that looks the same is not taken for theirs.
    """
    people: defaultdict[str, list[HandIn]] = defaultdict(list)
    for hand_in in students.pop(name):
        people[hand_in.student].append(hand_in)
    plain = (name, unicodedata.normalize("NFD", name))  # some systems take all letters apart
    owner = next((own for own in plain if own in people), None)
    for own, hand_ins in people.items():
        if own == owner:
            students[name] = hand_ins
            continue
        shown = f"{name} ({own!a})"
        while shown in students:
            shown += "'"
        said = f"the name is written {own!a}, and there are others that look like it"
        students[shown] = [
            replace(each, warning="; ".join(filter(None, (each.warning, said))))
            for each in hand_ins
        ]


def _submission(student: str, hand_ins: list[HandIn], assignment: str) -> Submission:
    notebooks = _notebooks(hand_ins)
    notes: list[str] = []
    if not notebooks:
        try:
            hand_ins, notes = _looked_into(hand_ins)
        except UnreachableError as error:
            return _unreachable(student, hand_ins[0], str(error))
        notebooks = _notebooks(hand_ins)
    chosen = _chosen(notebooks, assignment)
    if chosen is None:
        problem = _several(notebooks, assignment) if notebooks else _none(hand_ins, notes)
        return _without_notebook(student, hand_ins[0], hand_ins[0].where, problem)
    hand_in, notebook = chosen
    if notebook.problem:
        problem = f"{one_line(notebook.name)}: {notebook.problem}"
        return _without_notebook(student, hand_in, notebook.where, problem)
    files, left_out = _beside(notebook, [h for h in hand_ins if h.origin == hand_in.origin])
    told = [*(each.warning for each in hand_ins), *notes, left_out]
    warning = "; ".join(dict.fromkeys(filter(None, told)))
    return Submission(
        student, notebook.where, notebook, files, warning, hand_in.handed_in, late=hand_in.late
    )


def _without_notebook(student: str, hand_in: HandIn, where: str, problem: str) -> Submission:
    return Submission(
        student,
        where,
        None,
        warning=hand_in.warning,
        handed_in=hand_in.handed_in,
        problem=problem,
        late=hand_in.late,
    )


def _unreachable(student: str, hand_in: HandIn, reason: str) -> Submission:
    """Return a submission of which reading says that it cannot be reached now."""
    content = Unreachable(reason, hand_in.where)
    notebook = File(NOTEBOOK, 0, hand_in.where, content)
    return Submission(
        student, hand_in.where, notebook, handed_in=hand_in.handed_in, late=hand_in.late
    )


def _notebooks(hand_ins: Sequence[HandIn]) -> list[_Choice]:
    """Return the notebooks, each once: a path may have been given twice, or a download made."""
    found = {
        file.content.identity: (hand_in, file)
        for hand_in in reversed(hand_ins)
        for file in reversed(hand_in.files)
        if is_notebook(file)
    }
    return list(reversed(found.values()))


def _chosen(notebooks: list[_Choice], assignment: str) -> _Choice | None:
    wanted = _plain(f"{assignment}{NOTEBOOK}")
    alike = [choice for choice in notebooks if _plain(choice[1].parts[-1]) == wanted]
    for choices in (notebooks, alike):
        if len(choices) == 1:
            return choices[0]
    return None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _looked_into(hand_ins: Sequence[HandIn]) -> tuple[list[HandIn], list[str]]:
    """Return the hand-ins with what is in their archives in the archives' place, and notes.

    Raises UnreachableError: what is in such an archive cannot be known now.
    """
    opened, notes = [], []
    for hand_in in hand_ins:
        files: list[File] = []
        for number, file in enumerate(sorted(hand_in.files, key=is_archive, reverse=True)):
            if not is_archive(file) or number >= MAX_ARCHIVES:
                files.append(file)
                continue
            try:
                inside, note = inner_files(file)
                files += inside
                notes.append(note)
            except UnreachableError as error:
                raise UnreachableError(f"{one_line(file.name)}: {error}") from error
            except SubmissionError as error:
                files.append(file)
                notes.append(f"{one_line(file.name)}: {error}")
        opened.append(replace(hand_in, files=tuple(files)))
    return opened, [note for note in notes if note]


def _beside(notebook: File, hand_ins: Sequence[HandIn]) -> tuple[tuple[File, ...], str]:
    """Return what lies beside a notebook, named as it sees them, and a warning, or ""."""
    files = [file for hand_in in hand_ins for file in hand_in.files]
    others = [file for file in files if file.content.identity != notebook.content.identity]
    usable, problems = _placed(_seen_from(notebook.parts[:-1], others))
    size = sum(file.size for file in usable)
    if len(usable) > MAX_FILES or size > MAX_FILES_BYTES:
        return (), (
            f"{len(usable)} files of {size / 2**20:.0f} MB lie beside the notebook and are left "
            f"out: at most {MAX_FILES} files and {MAX_FILES_BYTES // 2**20} MB are taken along"
        )
    return usable, listed(problems, "; ")


def _seen_from(folder: Parts, files: Iterable[File]) -> list[tuple[str, File]]:
    """Return the files with their names in the notebook's folder, and then those elsewhere.

    The notebook is run at the top, wherever it lay; so what it calls `helper.py` has to lie there.
    """
    below, elsewhere = [], []
    for file in files:
        if file.parts[: len(folder)] == folder:
            below.append(("/".join(file.parts[len(folder) :]), file))
        else:
            elsewhere.append((file.name, file))
    return below + elsewhere


def _placed(named: Iterable[tuple[str, File]]) -> tuple[tuple[File, ...], list[str]]:
    """Return the files that can lie in one folder by their names, and why others cannot."""
    placed: dict[str, File] = {}
    folders: set[str] = set()
    problems: list[str] = []
    for name, file in named:
        if name in placed and placed[name].content.identity == file.content.identity:
            continue  # a download was given twice
        parts = name.split("/")
        above = ["/".join(parts[:end]) for end in range(1, len(parts))]
        if problem := file.problem or _no_place(name, above, placed, folders):
            problems.append(f"{one_line(file.name)} is left out: {problem}")
            continue
        placed[name] = replace(file, name=name)
        folders.update(above)
    return tuple(placed.values()), problems


def _no_place(
    name: str, above: Sequence[str], placed: Mapping[str, File], folders: Set[str]
) -> str:
    """Say why no file of that name can be put beside the others, or ""."""
    if any(len(part.encode("utf-8", "surrogateescape")) > MAX_PART for part in name.split("/")):
        return f"a part of its name is longer than {MAX_PART} bytes"
    if name in folders:
        return f"files lie below {one_line(name)} already"
    taken = next((each for each in (*above, name) if each in placed), None)
    return f"{one_line(taken)} lies there already" if taken else ""


def _several(notebooks: Sequence[_Choice], assignment: str) -> str:
    names = [file.name for _, file in notebooks]
    apart = len({hand_in.where for hand_in, _ in notebooks}) > 1 or len(set(names)) < len(names)
    told = listed([file.where if apart else one_line(file.name) for _, file in notebooks], ", ")
    advice = dict.fromkeys(hand_in.advice for hand_in, _ in notebooks if hand_in.advice)
    problem = (
        f"{len(notebooks)} notebooks were handed in, and which one counts cannot be known: {told}; "
        f"expected one, or one that is named {assignment}{NOTEBOOK}"
    )
    return "; ".join([problem, *advice])


def _none(hand_ins: Sequence[HandIn], notes: Sequence[str]) -> str:
    names = [one_line(file.name) for hand_in in hand_ins for file in hand_in.files]
    found = listed(names, ", ") or "nothing"
    return "; ".join([f"no notebook (*{NOTEBOOK}) was handed in; found: {found}", *notes])
