"""Mail that holds several things: each on lines of its own, with its own link.

A line that is nothing but ``→ Label: /path`` becomes a link where the mail is composed; in text it reads the same, with
the whole address.
"""

from __future__ import annotations

import re

#: The label and the path of a line that is a link.
LINK = re.compile(r"^→ (?P<label>[^\n]+): (?P<path>/(?!/)[^\s]*)$", re.MULTILINE)


def one_line(text: str) -> str:
    return " ".join(text.split())


def block(what: str, why: str, *, label: str = "", path: str = "") -> str:
    """One thing: what, why, and where to settle it."""
    lines = [one_line(what), one_line(why), f"→ {label}: {path}" if path else ""]
    return "\n".join(line for line in lines if line)


def with_addresses(body: str, base_url: str) -> str:
    """The text with whole addresses in place of paths."""
    return LINK.sub(lambda found: f"→ {found['label']}: {base_url}{found['path']}", body)
