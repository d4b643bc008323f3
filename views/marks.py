"""Minutes as they are read: Markdown, with the four marks of quick capture shown as icons and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Flask, render_template
from markupsafe import Markup

from crm.services.capture.found import FoundAction, FoundDecision, FoundPraise, FoundRequest, Line
from crm.services.capture.reading import read
from crm.services.request_kinds import IN_A_LINE
from views.filters import markdown

#: What stands before the words of an action, and of praise. Which line is which, the reader of quick capture says.
BOX, PLUS = re.compile(r"[^\[［]*[\[［][^\]］]*[\]］]\s*"), re.compile(r"[^+＋]*[+＋]\s*")
#: A day for the reader to count from. It only finds the marks here: what is said of days is shown as it was typed.
ANY_DAY = date(2000, 1, 1)


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
    """Each line, read as a mark where the reader of quick capture sees one."""
    for line in read(text, people=(), on=ANY_DAY).lines:
        yield _marked(line) or line.raw


def _marked(line: Line) -> Marked | None:
    match line:
        case FoundAction():
            icon, kind = ("check-square", "Action, done") if line.done else ("square", "Action")
            return Marked(icon, kind, _inline(BOX.sub("", line.raw, count=1)))
        case FoundRequest():
            return Marked("signpost-split", IN_A_LINE[line.word], _inline(line.title), line.need)
        case FoundDecision():
            return Marked("flag", "Decision", _inline(line.text))
        case FoundPraise():
            return Marked("hand-thumbs-up", "Praise", _inline(PLUS.sub("", line.raw, count=1)))
        case _:
            return None


def _inline(text: str) -> Markup:
    """Emphasis and links within one line; the paragraph around it is taken off."""
    return Markup(re.sub(r"^<p>(.*)</p>\s*$", r"\1", str(markdown(text)), flags=re.DOTALL))  # noqa: S704 - sanitised
