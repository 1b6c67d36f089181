"""Moodle: the download of all submissions of an assignment, in folders or without.

A student's folder is called `<Full Name>_<id>_assignsubmission_<plugin>`, in versions before 4 with
one more underscore at its end; without folders this is what a file's name begins with. The plugin
is `file`, or `onlinetext` for what was written into the page. Where names are hidden, the name is
the word for "participant"; of a team it is the team's, without an id where there is no team.

Source: moodle/moodle, mod/assign/classes/downloader.php (get_student_prefix,
load_submissionplugin_filelist), formerly mod/assign/locallib.php (download_submissions).
"""

from __future__ import annotations

import re
from itertools import chain

from grader.layouts.files import Listing, Parts
from grader.layouts.layout import Layout, Locate, Place

_NAME = re.compile(
    r"(?P<prefix>(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z0-9]+)(?:_(?P<file>.*))?"
)


def locate(parts: Parts) -> Place | None:
    """Say whose a file or folder is, by the first name that tells it."""
    for depth, part in enumerate(parts):
        if match := _NAME.fullmatch(part):
            student = f"{match['name']} ({match['id']})" if match["id"] else match["name"]
            inside = tuple(filter(None, (match["file"], *parts[depth + 1 :])))
            folder = part if not match["file"] else f"{match['prefix']}_"
            return Place(student, "/".join((*parts[:depth], folder)), "/".join(inside))
    return None


def _locator(listing: Listing) -> Locate:
    """Look at the name of the folder that was given, too: it may be a student's."""
    own = listing.above[-1:]
    if not own or not _NAME.fullmatch(own[0]):
        return locate

    def locate_below(parts: Parts) -> Place | None:
        place = locate(tuple(chain(own, parts)))
        return Place(place.student, "", place.name) if place else None

    return locate_below


LAYOUT = Layout(
    "moodle", "folders or files named <Full Name>_<id>_assignsubmission_file_...", _locator
)
