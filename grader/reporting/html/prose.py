"""Messages as HTML."""

from __future__ import annotations

import re

from markupsafe import Markup, escape


def prose(text: str) -> Markup:
    """Escape a message, and set what stands between backticks as code."""
    parts = re.split(r"`([^`\n]+)`", text)
    marked = (
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part)
        for i, part in enumerate(parts)
    )
    return Markup().join(marked)
