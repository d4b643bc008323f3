"""Mail that holds several things: each on lines of its own, with its own link.

A line that is nothing but ``→ Label: /path`` is such a link: whole in text, a link by its label in HTML. Paths lead
only into this application, so that nobody's words can lead anywhere else.
"""

from __future__ import annotations

import re

LINK = re.compile(r"→ (?P<label>[^\n]+): (?P<path>/(?!/)[^\s]*)")


UNDERLINE = "-"


def heading(words: str) -> str:
    """A heading of its own paragraph, underlined in text."""
    return f"{words}\n{UNDERLINE * len(words)}"


def heading_in(paragraph: str) -> str | None:
    """The words of a paragraph that is a heading."""
    words, _, line = paragraph.partition("\n")
    return words if len(line) > 1 and set(line) == {UNDERLINE} else None


def block(what: str, why: str, *, label: str = "", path: str = "") -> str:
    """One thing: what, why, and where to settle it."""
    lines = [" ".join(what.split()), " ".join(why.split()), f"→ {label}: {path}" if path else ""]
    return "\n".join(line for line in lines if line)


def link_in(line: str) -> tuple[str, str] | None:
    """(label, path) of a line that is a link."""
    found = LINK.fullmatch(line)
    return (found["label"], found["path"]) if found else None


def with_addresses(body: str, base_url: str) -> str:
    """The text with whole addresses in place of paths."""
    found = ((line, link_in(line)) for line in body.split("\n"))
    return "\n".join(f"→ {link[0]}: {base_url}{link[1]}" if link else line for line, link in found)
