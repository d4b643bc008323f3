"""Minutes as they are read: Markdown, with the four marks of quick capture shown as icons and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import Flask, render_template
from markupsafe import Markup

from views.filters import markdown

FENCE = re.compile(r"\s{0,3}(```|~~~)")
ACTION = re.compile(r"\s*[-*+] \[(?P<tick>[ xX])\]\s+(?P<text>.+)")
REQUEST = re.compile(r"!\s+(?P<text>.+?)(?:\s+--\s+(?:need:\s*)?(?P<more>.*))?$")
DECISION = re.compile(r">\s*decision:\s*(?P<text>.+)", re.IGNORECASE)
PRAISE = re.compile(r"\+\s+(?P<who>[^:]{1,80}):\s+(?P<text>.+)")


@dataclass(frozen=True)
class Marked:
    """One line with a mark: what it is, and its words without the mark."""

    icon: str
    kind: str
    text: Markup
    more: str = ""


def init_app(app: Flask) -> None:
    app.jinja_env.filters["minutes"] = minutes
    app.jinja_env.filters["unmarked"] = unmarked


def minutes(text: str | None) -> Markup:
    """Minutes as HTML, safe whatever they hold."""
    pieces = groupby(_lines(text or ""), key=lambda piece: isinstance(piece, Marked))
    return Markup("").join(_shown(list(lines), is_marked=is_marked) for is_marked, lines in pieces)


def unmarked(text: str | None) -> str:
    """The words alone, for a line in a list."""
    words = (piece.text.striptags() if isinstance(piece, Marked) else piece for piece in _lines(text or ""))
    return markdown("\n".join(words)).striptags()


def _shown(pieces: list[Marked | str], *, is_marked: bool) -> Markup:
    if is_marked:
        return Markup(render_template("minutes/_marked.html", lines=pieces))  # noqa: S704 - our own template
    return markdown("\n".join(str(piece) for piece in pieces))


def _lines(text: str) -> Iterator[Marked | str]:
    """Each line, read as a mark where it is one. What stands in a block of code is only text."""
    in_code = False
    for line in text.split("\n"):
        in_code ^= bool(FENCE.match(line))
        yield line if in_code else _marked(line) or line


def _marked(line: str) -> Marked | None:
    if found := ACTION.fullmatch(line):
        done = found["tick"] != " "
        return Marked(
            "check-square" if done else "square", "Action, done" if done else "Action", _inline(found["text"])
        )
    if found := REQUEST.fullmatch(line):
        return Marked("signpost-split", "Request", _inline(found["text"]), found["more"] or "")
    if found := DECISION.fullmatch(line):
        return Marked("flag", "Decision", _inline(found["text"]))
    if found := PRAISE.fullmatch(line):
        who = found["who"].removeprefix("@")
        return Marked("hand-thumbs-up", "Praise", Markup("<strong>{}</strong>: {}").format(who, _inline(found["text"])))
    return None


def _inline(text: str) -> Markup:
    """Emphasis and links within one line; the paragraph around it is taken off."""
    return Markup(re.sub(r"^<p>(.*)</p>\s*$", r"\1", str(markdown(text)), flags=re.DOTALL))  # noqa: S704 - sanitised
