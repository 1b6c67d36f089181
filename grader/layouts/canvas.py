"""Canvas: the download of all submissions of an assignment, where every file lies flat.

A file is called `<name>[_LATE]_<user id>_<file id>_<its own name>`, an anonymous student's
`[LATE_]anon_<anonymous id>_<file id>_...`; what was written into the page ends in `_text.html`, a
link in `_link.html`, both without a file id. In a name there is never `_<digits>_`.

Source: instructure/canvas-lms, lib/content_zipper.rb (get_filename, add_upload_submission,
sanitize_user_name).
"""

from __future__ import annotations

import re

from grader.layouts.files import Listing, Parts
from grader.layouts.layout import Layout, Locate, Place

# Ids do not begin with 0, and a name is not all digits: dates in names of files are no ids.
_NAME = re.compile(
    r"(?P<prefix>(?P<late_anonymous>LATE_)?(?P<anonymous>anon_[A-Za-z0-9]+)"
    r"|(?P<name>(?!\d+_).*?)_(?P<late>LATE_)?(?P<user>[1-9]\d*))_"
    r"(?:[1-9]\d*_(?P<file>.+)|(?P<page>text|link)\.html)"
)


def locate(parts: Parts) -> Place | None:
    """Say whose a file is, by its name alone, in whatever folder it lies."""
    match = _NAME.fullmatch(parts[-1]) if parts else None
    if not match:
        return None
    student = match["anonymous"] or f"{match['name']} ({match['user']})"
    own = match["file"] or f"{match['page']}.html"
    late = bool(match["late"] or match["late_anonymous"])
    return Place(student, "/".join((*parts[:-1], f"{match['prefix']}_")), own, late=late)


def _locator(listing: Listing) -> Locate:
    del listing
    return locate


LAYOUT = Layout("canvas", "files named <name>_<user id>_<file id>_<file>.ipynb", _locator)
