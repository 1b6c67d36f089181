"""Stand-ins for the checks that notebooks call: the grader checks, and nothing is checked here."""


def checked_by_the_grader(item):
    """Return a check of a graded item, which says who will check it."""
    return _saying(f"{item}: the grader will check it.")


def not_graded(item):
    """Return a check of something that is not graded, which says so."""
    return _saying(f"{item}: this is not graded.")


def _saying(line):
    def check(*_):
        print(line)  # noqa: T201 - the student is to see it

    return check
